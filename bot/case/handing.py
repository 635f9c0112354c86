"""Handing a question to the helpdesk: what she asks, that she called where there is danger, and that she agrees.
Danger never waits in a queue: the desk comes beside the call, never in place of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.case.choosing import is_unknown, says
from bot.case.danger import ANSWERED, ASKED
from bot.case.decision import chose_milder
from bot.case.opening import BEGIN, CALL, GROUND, OPEN, STATE, WORDS
from bot.case.record import Case, Entry
from bot.case.speech import Choice, Given, Question, Reaction, Say
from bot.case.story import FORM, SIGNAL, told
from bot.case.tools import Tools, advice_request
from bot.helpdesk import DeskRules, Situation, Triage

ASKS, CALLED, AGREES = "helpdesk.vraag", "helpdesk.gebeld", "helpdesk.akkoord"
BACK = "helpdesk.antwoord"
CLASS, SENT = "desk_class", "sent"
YES, NO, NOW = "ja", "nee", "bel"
NET = "desk_net"  # how sure the safety net was at most of danger in what she told
POINTS_AT = ("honour", "coercive_control", "stalking", "separation")  # forms that are facts of the same name
PHASES = ("kennismaking", "gevoel", "feiten", "weging", "besluit", "opzet", "afronding")
QUOTES = 12  # lines of the story that are handed over beside the facts


class Handing:
    """The steps before a question goes to the helpdesk."""

    name = "helpdesk"

    def next_question(self, case: Case, tools: Tools) -> Question | None:
        """Ask what she wants to ask, then whether she called, then whether it may be sent on."""
        if tools.desk is None or case.fields.get(STATE) != OPEN:
            return None
        if WORDS not in case.fields:
            return Question(ASKS, Say("helpdesk_vraag", choices=(_stop(),)), "Vraag aan de helpdesk", open=True)
        decided = triage_of(case, tools.desk, tools)
        urgent = tools.desk.triage.named(decided.class_id).urgent
        if urgent and CALL not in case.fields:
            choices = (Choice("Ja, ik heb gebeld", YES), Choice("Ik bel nu", NOW), _stop())
            return Question(CALLED, Say("helpdesk_gebeld", choices=choices), "Gebeld")
        values = {"klasse": decided.class_id, "wie": "een aandachtsfunctionaris" if urgent else "een medewerker"}
        ways = (Choice("Ja, stuur door", YES), _stop())
        return Question(AGREES, Say("helpdesk_akkoord", values=values, choices=ways), "Vraag doorsturen")

    def answer(self, case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
        """Take one step; whoever does not know, or wants to stop, sends nothing."""
        said = {YES: "yes", NOW: "now", NO: "no"}.get(given.choice or "") or says(given)
        if (said == "no" and question.id != CALLED) or given.choice == NO or is_unknown(given):
            return Reaction(_stopped(case), (Say("helpdesk_niet_gestuurd"),))
        if question.id == ASKS:
            return Reaction(asked(case, given.text, tools))
        if question.id == CALLED and said in ("now", "no"):
            return Reaction(case, (Say("helpdesk_bel_eerst"),))
        if said != "yes":
            return Reaction(case, understood=False)
        if question.id == CALLED:
            return Reaction(case.add(Entry(question=CALLED, fields={CALL: "yes"}, silent=True)))
        return _sent(case, tools)


def asked(case: Case, words: str, tools: Tools) -> Case:
    """Take what she wants to ask; what it tells of the people counts for how soon, and is no story."""
    entry = told(case, ASKS, words, tools)
    return case.add(entry.model_copy(update={"lines": [], "fields": {WORDS: words}, "silent": True}))


def is_sent(case: Case) -> bool:
    """Whether a question of hers is with the helpdesk."""
    return case.fields.get(STATE) == SENT


def is_opened(case: Case) -> bool:
    """Whether a question of hers is with the helpdesk, or on its way there."""
    return case.fields.get(STATE) in (OPEN, SENT)


def taken_back(case: Case) -> Case:
    """Note that her question was withdrawn."""
    return _stopped(case)


def came_back(case: Case, summary: str) -> Case:
    """Take that a person answered, with what was found: it stands in the overview and in the summary."""
    entry = Entry(question=BACK, asked="De helpdesk", answer=summary, fields={STATE: "", WORDS: ""}, silent=not summary)
    return case.add(entry)


def graver(case: Case, tools: Tools) -> tuple[Case, Say | None]:
    """When what she told since weighs more than what her question was sent with, let the helpdesk know."""
    if tools.desk is None or not is_sent(case):
        return case, None
    decided = triage_of(case, tools.desk, tools)
    if tools.desk.triage.heaviest(decided.class_id, case.fields[CLASS]) == case.fields[CLASS]:
        return case, None
    custom = {"kind": "handover", "raise": True, "class": decided.class_id, "reasons": list(decided.reasons)}
    return case.add(Entry(question=BEGIN, fields={CLASS: decided.class_id}, silent=True)), Say(custom=custom)


def with_net(case: Case, score: float) -> Case:
    """Note how sure the safety net is of danger in what she told, 0 to 1."""
    if f"{score:.2f}" == case.fields.get(NET):
        return case
    return case.add(Entry(question=BEGIN, fields={NET: f"{score:.2f}"}, silent=True))


def triage_of(case: Case, desk: DeskRules, tools: Tools) -> Triage:
    """Return how soon this case needs a person."""
    return desk.decide(situation(case, tools))


def situation(case: Case, tools: Tools) -> Situation:
    """Return what the triage looks at."""
    more = set[str]()
    if ASKED in case.asked and ANSWERED not in case.asked_since(ASKED):
        more.add("danger_open")
    if chose_milder(case, tools):
        more.add("milder")
    if case.lines_of("feeling"):
        more.add("upset")
    if any(value == "yes" for value in case.facts.values()):
        more.add("concrete")
    heard = {name for name in case.hints if not name.startswith(SIGNAL)}
    heard |= {name for name in POINTS_AT if FORM + name in case.points}
    said = [entry.answer for entry in case.entries if entry.answer and (entry.lines or entry.question == ASKS)]
    net = float(case.fields.get(NET, "0"))
    return Situation(
        advice_request(case), "\n".join(said), net, frozenset(heard & set(tools.tables.facts)), frozenset(more)
    )


def _stop() -> Choice:
    return Choice("Toch niet", NO)


def _stopped(case: Case) -> Case:
    return case.add(Entry(question=BEGIN, fields={STATE: "", WORDS: "", CALL: ""}, silent=True))


def _sent(case: Case, tools: Tools) -> Reaction:
    assert tools.desk is not None
    decided = triage_of(case, tools.desk, tools)
    custom: Mapping[str, Any] = {
        "kind": "handover",
        "class": decided.class_id,
        "reasons": list(decided.reasons),
        "ground": case.fields[GROUND],
        "asks": case.fields[WORDS],
        "facts": _facts(case, tools),
        "phase": _phase(case),
        "profession": case.fields.get("profession", ""),
    }
    fields = {STATE: SENT, CLASS: decided.class_id}
    return Reaction(case.add(Entry(question=AGREES, fields=fields, silent=True)), (Say(custom=custom),))


def _facts(case: Case, tools: Tools) -> list[str]:
    labels = tools.tables.facts
    known = [f"{labels[name].label}: ja" for name, value in case.facts.items() if value == "yes" and name in labels]
    return known + [f"‘{line.quote}’" for line in case.lines_of("observation", "interpretation")[:QUOTES]]


def _phase(case: Case) -> str:
    """The phase in which something was answered last; empty before the first."""
    names = [entry.question.partition(".")[0] for entry in case.entries if not entry.silent]
    return next((name for name in reversed(names) if name in PHASES), "")
