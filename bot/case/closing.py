"""Phases 5 and 6: the plan for the talk when it is wanted, and how it was."""

from __future__ import annotations

from bot.case.choosing import says
from bot.case.record import ADVISED, Case, Entry
from bot.case.speech import Choice, Given, Question, Reaction, Say
from bot.case.telling import plan_messages
from bot.case.tools import Tools

PLAN, SHOWN = "opzet.gewenst", "opzet.getoond"
VERDICT = "afronding.oordeel"


def plan_shown(case: Case) -> Case:
    """Note that the plan was asked for by name, so that the summary holds it; it is still offered after the advice."""
    return case.add(Entry(question=SHOWN, fields={"plan": "yes"}, silent=True))


class TalkPlan:
    """Phase 5: the setup of the talk."""

    name = "opzet"

    def next_question(self, case: Case, tools: Tools) -> Question | None:
        """Offer the plan, once for each advice."""
        if PLAN in case.asked_since(ADVISED):
            return None
        choices = (Choice("Ja, graag", "ja"), Choice("Nu niet", "nee"))
        return Question(PLAN, Say("vraag_opzet", choices=choices), "Hulp bij het gesprek")

    def answer(self, case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
        """Show the plan when it is wanted."""
        wanted = given.choice == "ja" or (given.choice is None and says(given) == "yes")
        if not wanted and given.choice is None and says(given) is None:
            return Reaction(case, understood=False)
        entry = Entry(
            question=PLAN,
            asked=question.label,
            answer="Ja" if wanted else "Nee",
            fields={"plan": "yes" if wanted else ""},
        )
        after = case.add(entry)
        return Reaction(after, plan_messages(after, tools) if wanted else ())


class Closing:
    """Phase 6: how it was; the ways on come after it."""

    name = "afronding"

    def next_question(self, case: Case, tools: Tools) -> Question | None:
        """Ask once how it was."""
        if VERDICT in case.asked:
            return None
        choices = (Choice("Ja", "ja"), Choice("Een beetje", "beetje"), Choice("Nee", "nee"))
        return Question(VERDICT, Say("vraag_oordeel", choices=choices), "Of je er iets aan had")

    def answer(self, case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
        """Take any answer."""
        titles = {choice.value: choice.title for choice in question.choices}
        answer = titles.get(given.choice or "", given.text)
        return Reaction(case.add(Entry(question=VERDICT, asked=question.label, answer=answer)))
