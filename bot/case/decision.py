"""Phase 4 after the advice: the user's own choice, with a reason when it is milder, who arranges help (step 5 of the
meldcode has two questions), and a date for looking again."""

from __future__ import annotations

from bot.case.choosing import NEGATIONS, NONE, is_unknown, says
from bot.case.opening import opened
from bot.case.record import ADVISED, AFTER_TALK, UNKNOWN, Case, Entry
from bot.case.speech import Choice, Given, Question, Reaction, Say
from bot.case.story import ADDED, told, with_more
from bot.case.tools import OWN, OwnDecision, Tools, advice_request, folded
from bot.helpdesk import Ground

CHOICE, REASON, DISCUSS, DATE = "besluit.keuze", "besluit.reden", "besluit.bespreken", "besluit.datum"
HELP = "besluit.hulp"
ACUTE, REPORT, ASK_ADVICE, CONSULT = 2, 4, 5, 6  # levels of the advice
ASKS_HELP = (REPORT, ASK_ADVICE, CONSULT)  # at a heavier level she calls first; at a milder one there is nothing yet
VEILIG_THUIS, CALLS, LATER = {"thuis", "vt"}, {"bel", "bellen", "gebeld"}, {"morgen", "overmorgen", "week", "later"}
HEAVY = 7  # rules 1 to 7: a milder choice offers a person, once
ORGANISE = "organise_help"  # the decision that is about help itself
TALK = "talk"  # of the level of consulting, but not what is advised there: first with someone else
AFTER_CHOICE = {  # what she must know before she calls
    "report": ("after_report", "anonymity"),
    "acute_contact": ("anonymity",),
    "ask_advice": ("anonymity", "hours"),
}
DATES = ("Vandaag nog", "Morgen", "Over een week", "Over twee weken")
WORDS = (("112", 1), ("melding", 4), ("melden", 4), ("advies", 5), ("collega", 6), ("afwachten", 7))
FOLLOWS = ("volg het advies", "volgen het advies", "advies volgen", "advies opvolgen", "zoals geadviseerd")
ELSEWHERE = {"leidinggevende", "manager", "teamleider", "aandachtsfunctionaris", "collega", "team", "politie"}


class DecisionPhase:
    """Phase 4 of the conversation; the bot does not argue."""

    name = "besluit"

    def next_question(self, case: Case, tools: Tools) -> Question | None:
        """Ask the choice, then the reason when it is milder, then (once) for a person, then a date.

        Who does not know what to do is asked for no reason, but offered a person.
        """
        asked = case.asked_since(ADVISED)
        if CHOICE not in asked:
            fitting = [row for row in tools.decisions if not row.only or case.is_yes(row.only)]
            advised = tools.tables.decide(advice_request(case)).level
            fitting.sort(key=lambda row: row.level != advised)  # what was advised first, the rest in its order
            choices = tuple(Choice(row.title, row.id) for row in fitting)
            if AFTER_TALK in case.asked:
                choices += (Choice("Verder met veiligheid", intent="checklist"),)
            return Question(CHOICE, Say("vraag_besluit", choices=choices), "Wat je gaat doen")
        undecided = "decision" not in case.fields
        if undecided and DISCUSS not in case.asked:
            return _discuss()
        if not undecided and _milder(case, tools):
            if REASON not in asked:
                return Question(REASON, Say("vraag_reden"), "Je reden", open=True)
            if DISCUSS not in case.asked and _heavy(case, tools):
                return _discuss()
        if HELP not in asked and _help_matters(case, tools):
            choices = (*(Choice(title, name) for name, title in tools.help), Choice(UNKNOWN, NONE))
            return Question(HELP, Say("vraag_hulp", choices=choices), "Wie hulp regelt")
        if DATE not in asked:
            choices = tuple(Choice(title, title) for title in DATES)
            return Question(DATE, Say("vraag_datum", choices=choices), "Opnieuw kijken")
        return None

    def answer(self, case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
        """Record the user's own decision, reason and date; none of them is judged."""
        if question.id == CHOICE:
            return _decided(case, question, given, tools)
        if question.id == DISCUSS:
            return _discussed(case, question, given, tools)
        if question.id == HELP:
            return Reaction(case.add(_help(question, given)))
        answer = UNKNOWN if is_unknown(given) else given.choice or given.text
        name = "review" if question.id == DATE else "reason"
        fields = {name: "" if answer == UNKNOWN else answer}
        return Reaction(case.add(Entry(question=question.id, asked=question.label, answer=answer, fields=fields)))


def _help_matters(case: Case, tools: Tools) -> bool:
    """Whether to ask who arranges help: not who decided just that, nor who does not know what to do."""
    decided = case.fields.get("decision")
    return decided not in (None, ORGANISE) and tools.tables.decide(advice_request(case)).level in ASKS_HELP


def _help(question: Question, given: Given) -> Entry:
    """Take who arranges help; typed, in her own words."""
    titles = {choice.value: choice.title for choice in question.choices}
    answer = UNKNOWN if is_unknown(given) else titles.get(given.choice or "", given.text)
    fields = {"help": "" if answer == UNKNOWN else answer}
    return Entry(question=HELP, asked=question.label, answer=answer, fields=fields)


def _discuss() -> Question:
    choices = (Choice("Ja, wie kan ik bellen?", "ja"), Choice("Nee, dank je", "nee"))
    return Question(DISCUSS, Say("vraag_bespreken", choices=choices), "Eerst met iemand bespreken")


def _discussed(case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
    """Offer a person when that is wanted; what was typed beside the answer is kept."""
    said = {"ja": "yes", "nee": "no"}.get(given.choice or "") or says(given)
    if said is None and not is_unknown(given):
        return Reaction(case, understood=False)
    answer = Entry(question=DISCUSS, asked=question.label, answer="Ja" if said == "yes" else "Nee")
    entry = with_more(answer, case, given, tools)
    noted = (Say("genoteerd"),) if entry.lines else ()
    offer = (Say(text=tools.tables.text("person_offered")),) if said == "yes" else ()
    after = case.add(entry)
    if said == "yes" and tools.desk:
        after = opened(after, Ground.ADVISED)
    return Reaction(after, (*noted, *offer))


def _decided(case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
    """Take the choice; what was typed stays in the user's own words, beside the choice that it comes nearest to."""
    row = next((row for row in tools.decisions if row.id == given.choice), None) or _nearest(given, case, tools)
    story = told(case, ADDED, given.text, tools) if given.text and row is None else None
    if story and story.hints and "ik" not in folded(given.text).split()[:1]:
        return Reaction(case.add(story), (Say("genoteerd"),))  # no decision, but more of what she saw
    answer = given.text or (row.title if row else "")
    fields = {"decision": row.id if row else OWN, "reason": ""}
    if is_unknown(given):
        answer, fields["decision"] = UNKNOWN, ""
    entry = Entry(question=CHOICE, asked=question.label, answer=answer, fields=fields)
    if answer == UNKNOWN:
        return Reaction(case.add(entry))
    urgent = tools.tables.decide(advice_request(case)).level < ASK_ADVICE  # then it does not wait for office hours
    wanted = [name for name in AFTER_CHOICE.get(fields["decision"], ()) if not (urgent and name == "hours")]
    texts = [tools.tables.text(name) for name in wanted]
    return Reaction(case.add(entry), (Say("besluit_dank"), *(Say(text=text) for text in texts)))


def _nearest(given: Given, case: Case, tools: Tools) -> OwnDecision | None:
    """Return the decision that typed words come nearest to; reporting to a manager is no report to Veilig Thuis."""
    spoken = folded(given.text)
    words = set(spoken.split())
    if NEGATIONS & words:
        return None
    level = next((level for word, level in WORDS if word in spoken), None)
    if any(phrase in spoken for phrase in FOLLOWS):
        level = tools.tables.decide(advice_request(case)).level
    elif CALLS & words and VEILIG_THUIS & words:
        level = ASK_ADVICE if LATER & words else ACUTE
    elif level == REPORT and ELSEWHERE & words and not VEILIG_THUIS & words:
        level = CONSULT
    return next((row for row in tools.decisions if row.level == level), None)


def _milder(case: Case, tools: Tools) -> bool:
    """Whether the choice is milder than the advice, or talks before consulting; an own wording needs a reason too."""
    chosen = next((row for row in tools.decisions if row.id == case.fields.get("decision")), None)
    advised = tools.tables.decide(advice_request(case))
    if chosen and chosen.level == REPORT and advised.report == "necessary":
        return False  # whoever reports speaks with Veilig Thuis
    return chosen is None or chosen.level > advised.level or (chosen.id == TALK and advised.level == CONSULT)


def chose_milder(case: Case, tools: Tools) -> bool:
    """Whether she decided on less than the advice where that is grave: a person is to look along."""
    return "decision" in case.fields and _heavy(case, tools) and _milder(case, tools)


def _heavy(case: Case, tools: Tools) -> bool:
    return tools.tables.decide(advice_request(case)).rule.nr <= HEAVY
