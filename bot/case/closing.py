"""Phase 6: how it was; the ways on come after it."""

from __future__ import annotations

from bot.case.record import Case, Entry
from bot.case.speech import Choice, Given, Question, Reaction, Say
from bot.case.tools import Tools

VERDICT = "afronding.oordeel"


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
