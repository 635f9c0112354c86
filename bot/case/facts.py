"""Phase 2: from story to facts. Interpretations get a counter-question, signals are confirmed with what was seen,
only what is missing is asked, and the fact list is the user's to correct."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.case import factlist
from bot.case.back import SAID, SINCE
from bot.case.choosing import NONE, is_nothing, ticked
from bot.case.record import AFTER_TALK, UNKNOWN, Case, Entry, Line
from bot.case.speech import Choice, Given, Question, Reaction, Say
from bot.case.story import PASSED_ON, SIGNAL, shorten, told, with_more
from bot.case.tools import Tools, folded
from bot.markdown import literal

QUESTIONS = 5  # before the fact list: who has to answer more gives up
OFFERED_AT_ONCE = 3
COUNTER_QUESTIONS = 1
FOLLOW_UPS = 1
MISSING = {
    "when": ("feiten.wanneer", "Wanneer het was"),
    "how_often": ("feiten.hoe_vaak", "Hoe vaak het voorkomt"),
    "source": ("feiten.bron", "Van wie je het weet"),
    "effect": ("feiten.effect", "Wat het effect is"),
}
TALK = {  # what is asked about the talk, with what is asked after it
    SAID: ("feiten.na_gesprek", "Wat er gezegd werd", SINCE),
    SINCE: ("feiten.sindsdien", "Wat er sindsdien veranderde", ""),
}
PART_OF = {question: part for part, (question, _) in MISSING.items()}
WAS_THERE = re.compile(
    r"\b(?:ik|wij|we) (?:was|waren|stond|zag|zagen|hoorde|hoorden)\b|\bzelf (?:gezien|gehoord|bij)\b"
)
SOURCES = {"self": "Zelf gezien of gehoord", "client": "Verteld door wie het aangaat", "other": "Van iemand anders"}


class Facts:
    """Phase 2 of the conversation."""

    name = "feiten"

    def next_question(self, case: Case, tools: Tools) -> Question | None:
        """Return the first question that still has something to add; a confirmed fact list ends the phase."""
        question = self._next(case, tools)
        return question if question and case.wants(question.id) else None

    def _next(self, case: Case, tools: Tools) -> Question | None:
        if "talk" in case.fields:
            question_id, label, _ = TALK[case.fields["talk"]]
            return _open(question_id, label)
        if not case.lines or factlist.confirmed(case):
            return None
        listing = factlist.step(case)
        finders: tuple[Callable[[Case, Tools], Question | None], ...] = (
            _counter_question,
            _recognised_signals,
            _missing_part,
            _more_signals,
            _what_was_seen,
            _other_explanation,
        )
        if listing or _asked(case) >= QUESTIONS or "pasted" in case.fields:
            finders = ()
        found = next((question for find in finders if (question := find(case, tools))), None)
        return found or factlist.question(case)

    def answer(self, case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
        """Take an answer into the case."""
        kind = question.id.split(":")[0]
        if kind in factlist.ANSWERS:
            return factlist.ANSWERS[kind](case, question, given, tools)
        if question.tick:
            return _answer_signals(case, question, given, tools)
        talked = next(({"talk": after} for question_id, _, after in TALK.values() if question_id == kind), {})
        if is_nothing(given):
            return Reaction(case.add(Entry(question=question.id, asked=question.label, answer=UNKNOWN, fields=talked)))
        if kind == "feiten.bron" and given.choice:
            answer, fields = SOURCES[given.choice], {"source": given.choice}
            return Reaction(case.add(Entry(question=question.id, asked=question.label, answer=answer, fields=fields)))
        entry = _told(case, question, given, tools)
        if talked and entry.lines:
            talked["fact_list"] = ""  # it holds more now
        return Reaction(case.add(entry.model_copy(update={"fields": talked})))


def _asked(case: Case) -> int:
    """How many questions of this phase were answered, since the talk when there was one."""
    return sum(name.startswith("feiten.") for name in case.asked_since(AFTER_TALK))


def _open(question_id: str, label: str, **values: str) -> Question:
    """Make an open question that may always be answered with “weet ik niet”."""
    name = question_id.split(":")[0].replace(".", "_")
    return Question(question_id, Say(name, values=values, choices=(Choice(UNKNOWN, NONE),)), label, open=True)


def _times(case: Case, kind: str) -> int:
    return sum(question.startswith(f"{kind}:") for question in case.asked)


def _counter_question(case: Case, _tools: Tools) -> Question | None:
    """Ask what was seen or heard behind an interpretation, in the user's own words."""
    if _times(case, "feiten.tegenvraag") >= COUNTER_QUESTIONS:
        return None
    for line in case.lines_of("interpretation"):
        question_id = f"feiten.tegenvraag:{line.id}"
        if question_id not in case.asked:
            return _open(question_id, "Wat je zag of hoorde", quote=literal(shorten(line.quote)))
    return None


def _recognised_signals(case: Case, tools: Tools) -> Question | None:
    """Name the signals that the story may hold, three at most, once; the user says which are right."""
    if "feiten.signalen" in case.asked:
        return None
    found = [(name.removeprefix(SIGNAL), quote) for name, quote in case.hints.items() if name.startswith(SIGNAL)]
    known = [(tools.signals[signal], quote) for signal, quote in found if signal in tools.signals]
    choices = tuple(Choice(f"{signal.label} (“{shorten(quote, 80)}”)", signal.id) for signal, quote in known)
    if not choices:
        return None
    say = Say("feiten_signalen", choices=(*choices[:OFFERED_AT_ONCE], Choice("Geen van deze", NONE)))
    return Question("feiten.signalen", say, "Signalen die je herkent", tick=True)


def _missing_part(case: Case, _tools: Tools) -> Question | None:
    """Ask only for what is missing of when, how often, from whom, with what effect: two things, one beside signals."""
    observations = case.lines_of("observation")
    asked = [question for question in PART_OF if question in case.asked]
    at_most = 1 if "feiten.signalen" in case.asked else 2
    if not observations or len(asked) >= at_most:
        return None
    known = {part for line in observations for part in line.parts}
    for part, (question_id, label) in MISSING.items():
        if part in known or question_id in asked:
            continue
        if part == "source":
            choices = tuple(Choice(title, value) for value, title in SOURCES.items())
            return Question(question_id, Say("feiten_bron", choices=choices), label, open=True)
        return _open(question_id, label)
    return None


def _more_signals(case: Case, tools: Tools) -> Question | None:
    """Offer the list of signals to tick, once; never after a disclosure."""
    if "feiten.meer_signalen" in case.asked or case.is_yes("disclosure") or "disclosure" in case.hints:
        return None
    role = "perpetrator" if case.fields.get("client_role") == "perpetrator" else "victim"
    have = {line.signal for line in case.lines_of("signal")} | case.offered
    rows = [signal for signal in tools.signals.values() if signal.role == role and signal.id not in have]
    choices = (*(Choice(signal.label, signal.id) for signal in rows), Choice("Geen van deze", NONE))
    return Question("feiten.meer_signalen", Say("feiten_meer_signalen", choices=choices), "Meer signalen", tick=True)


def _what_was_seen(case: Case, tools: Tools) -> Question | None:
    """Ask of a signal ticked from the list what was seen."""
    if _times(case, "feiten.gezien") >= FOLLOW_UPS:
        return None
    for line in case.lines_of("signal"):
        if not line.quote and line.signal in tools.signals:
            signal = tools.signals[line.signal]
            return _open(f"feiten.gezien:{line.signal}", signal.label, signaal=signal.label, vraag=signal.ask)
    return None


def _other_explanation(case: Case, tools: Tools) -> Question | None:
    """Ask once what else may be going on: at signals only, never after a disclosure, red flags or fear."""
    barred = ("disclosure", "fear", *tools.tables.facts_behind("red"))
    if case.is_yes(*barred) or any(fact in case.hints for fact in barred):
        return None
    if not case.is_yes("signals") or "feiten.anders" in case.asked:
        return None
    return _open("feiten.anders", "Wat er nog meer kan spelen")


def _answer_signals(case: Case, question: Question, given: Given, tools: Tools) -> Reaction:
    """Take the ticked signals; from the story each has its words, from the list not yet."""
    chosen = ticked(given, question.choices)
    if chosen is None:
        return Reaction(case, understood=False)
    titles = {choice.value: choice.title.split(" (“")[0] for choice in question.choices}
    recognised = question.id == "feiten.signalen"
    lines = [
        Line(
            id=line_id,
            kind="signal",
            quote=case.hints.get(SIGNAL + value, "") if recognised else "",
            parts={"label": titles[value]},
            signal=value,
        )
        for line_id, value in zip(case.new_line_ids(len(chosen)), chosen, strict=True)
    ]
    entry = Entry(
        question=question.id,
        asked=question.label,
        answer=", ".join(titles[value] for value in chosen) or "Geen van deze",
        lines=lines,
        facts={"signals": "yes"} if lines else {},
        offered=[choice.value for choice in question.choices if choice.value != NONE],
    )
    return Reaction(case.add(with_more(entry, case, given, tools)))


def _told(case: Case, question: Question, given: Given, tools: Tools) -> Entry:
    """Take an open answer: what is said of a signal becomes its quote, what was missing is noted with its words."""
    entry = told(case, question.id, given.text, tools, asked=question.label)
    kind, _, signal = question.id.partition(":")
    if kind == "feiten.gezien":
        return _seen(case, entry, signal)
    part = PART_OF.get(kind)
    if part is None:
        return entry
    parts = {part: _typed_source(given.text) if part == "source" else given.text}
    lines = entry.lines or [Line(id=next(iter(case.new_line_ids(1))), kind="observation", quote=given.text)]
    felt = [line for line in lines if line.kind == "feeling"] if part == "effect" and len(lines) > 1 else []
    lines = [
        line if line in felt else line.model_copy(update={"kind": "observation", "parts": parts | line.parts})
        for line in lines
    ]
    return entry.model_copy(update={"lines": lines})


def _seen(case: Case, entry: Entry, signal: str) -> Entry:
    """Give a ticked signal the words of what was seen; a feeling told beside it stays apart."""
    old = next(line for line in case.lines if line.signal == signal)
    felt = [line for line in entry.lines if line.kind == "feeling"]
    said = [line.quote for line in entry.lines if line.kind != "feeling"]
    first, *others = case.new_line_ids(len(felt) + 1)
    words = ". ".join(said) if felt and said else entry.answer
    kept = [
        line.model_copy(update={"id": line_id}) for line_id, line in zip(others, felt if said else [], strict=False)
    ]
    return entry.model_copy(
        update={"lines": [old.model_copy(update={"id": first, "quote": words}), *kept], "removed": [old.id]}
    )


def _typed_source(text: str) -> str:
    """Read from whom it is known: whoever was there says so; all else was heard of another."""
    spoken = folded(text)
    return "self" if WAS_THERE.search(spoken) and not PASSED_ON.search(spoken) else "other"
