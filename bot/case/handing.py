"""Handing a question to the helpdesk: what she asks, that she called where there is danger, and that she agrees.
Danger never waits in a queue: the desk comes beside the call, never in place of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.case.choosing import NEGATIONS, SHORT, is_unknown, says, words_in
from bot.case.danger import ANSWERED, ASKED
from bot.case.decision import chose_milder
from bot.case.opening import BEGIN, CALL, DONE, GROUND, OPEN, STATE, WAITS, WORDS
from bot.case.record import Case, Entry
from bot.case.speech import Choice, Given, Question, Reaction, Say
from bot.case.story import FORM, SIGNAL, told
from bot.case.tools import Tools, advice_request, folded
from bot.helpdesk import DeskRules, Situation, Triage

NAME = "helpdesk"
ASKS, CALLED, AGREES = "helpdesk.vraag", "helpdesk.gebeld", "helpdesk.akkoord"
BACK = "helpdesk.antwoord"
LABELS = {WORDS: "Vraag aan de helpdesk", CALL: "Gebeld"}
CLASS, SENT = "desk_class", "sent"
YES, NO, NOW = "ja", "nee", "bel"
NET = "desk_net"  # how sure the safety net was at most of danger in what she told
POINTS_AT = ("honour", "coercive_control", "stalking", "separation")  # forms that are facts of the same name
PHASES = ("kennismaking", "gevoel", "feiten", "weging", "besluit", "opzet", "afronding")
QUOTES = 12  # lines of the story that are handed over beside the facts
NO_QUESTION = 4  # more words than these, or a question mark, ask something, however they begin
_STOPS = re.compile(r"toch (?:maar )?niet|laat maar|niet (?:door)?sturen|stuur (?:het |dit |hem )?(?:maar )?niets?")
_CALLS = re.compile(r"\b(?:bel|bellen)\b")
_HOLDS = NEGATIONS | {"wacht", "wachten", "eerst", "straks", "later"}  # with these a “ja” is no leave to send


class Handing:
    """The steps before a question goes to the helpdesk."""

    name = NAME

    def next_question(self, case: Case, tools: Tools) -> Question | None:
        """Ask what she wants to ask, then whether she called, then whether it may be sent on."""
        if tools.desk is None or case.fields.get(STATE) != OPEN:
            return None
        if WORDS not in case.fields:
            say = Say("helpdesk_vraag", choices=(_stop(),))
            return Question(ASKS, say, LABELS[WORDS], open=True, asks=True)
        decided = triage_of(case, tools.desk, tools)
        urgent = tools.desk.triage.named(decided.class_id).urgent
        if urgent and case.fields.get(CALL) != DONE:
            waits = case.fields.get(CALL) == WAITS
            ways = (Choice("Ja, ik heb gebeld", YES), *(() if waits else (Choice("Ik bel nu", NOW),)), _stop())
            say = Say("helpdesk_bel_eerst" if waits else "helpdesk_gebeld", choices=ways)
            return Question(CALLED, say, LABELS[CALL])
        values = {"klasse": decided.class_id, "wie": "Een aandachtsfunctionaris" if urgent else "Een medewerker"}
        ways = (Choice("Ja, stuur door", YES), _stop())
        return Question(AGREES, Say("helpdesk_akkoord", values=values, choices=ways), "Vraag doorsturen")

    def answer(self, case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
        """Take one step; whoever does not know, or wants to stop, sends nothing."""
        if _stops(question, given):
            return Reaction(_stopped(case), (Say("helpdesk_niet_gestuurd"),))
        if question.id == ASKS:
            if _is_no_question(given) and says(given) == "yes":
                return Reaction(case, (Say("helpdesk_vraag_leeg"),), understood=False)
            return Reaction(asked(case, given.text, tools))
        said = _called(given) if question.id == CALLED else _agreed(given)
        if said is None:
            return Reaction(case, understood=False)
        if question.id == AGREES:
            return _sent(case, tools)
        return Reaction(case.add(Entry(question=CALLED, fields={CALL: said}, silent=True)))


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
    found = Entry(question=BACK, asked="De helpdesk", answer=summary)
    return _stopped(case).add(*([found] if summary else []))


def step_back(case: Case) -> tuple[Case, str]:
    """Take the last step on the way to the helpdesk back; return also what that was about, empty for the way itself."""
    name = next((name for name in (CALL, WORDS) if name in case.fields), STATE)
    return case.add(Entry(question=BEGIN, fields={name: ""}, silent=True)), LABELS.get(name, "")


def carried(before: Case, after: Case) -> Case:
    """Return `after`, for which something of `before` was taken out, with her question where it was: what is with the
    helpdesk is not taken back with an answer, and what came back from there is not there again."""
    if is_sent(before) == is_sent(after):
        return after
    fields = {name: before.fields.get(name, "") for name in (STATE, GROUND, WORDS, CALL, CLASS)}
    return after.add(Entry(question=BEGIN, fields=fields, silent=True))


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
    told = f"{score:.2f}"
    known = told == case.fields.get(NET, "0.00")
    return case if known else case.add(Entry(question=BEGIN, fields={NET: told}, silent=True))


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


def _stops(question: Question, given: Given) -> bool:
    """Whether nothing is to be sent: she presses or types so, or does not know; a question can begin with “nee” too."""
    if given.choice is not None:
        return given.choice == NO
    few = words_in(given) <= SHORT
    if few and _STOPS.search(folded(given.text)):
        return True
    if question.id == ASKS:
        return _is_no_question(given) and (is_unknown(given) or says(given) == "no")
    return is_unknown(given) or (question.id == AGREES and says(given) == "no")


def _is_no_question(given: Given) -> bool:
    return words_in(given) <= NO_QUESTION and "?" not in given.text


def _called(given: Given) -> str | None:
    """Return whether she, or someone with her, called, or we wait for that; None when she does not say."""
    spoken = folded(given.text)
    words = set(spoken.split())
    if given.choice == NOW or says(given) == "no" or (_CALLS.search(spoken) and "gebeld" not in words):
        return WAITS
    has_called = "gebeld" in words and not NEGATIONS & words and "?" not in given.text
    return DONE if given.choice == YES or says(given) == "yes" or has_called else None


def _agreed(given: Given) -> str | None:
    """Return yes when she says so without anything that holds it back; None for all else."""
    words = set(folded(given.text).split())
    told = given.choice == YES or says(given) == "yes" or "stuur" in words
    return "yes" if told and not _HOLDS & words and "?" not in given.text else None


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
