"""Takes a pasted sheet over into the case, once she said that it is right: as the answers that it was made from.

What is known already never grows milder by it: where two answers differ, what keeps people safest stands.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.case.danger import ANSWERED, NOT_KNOWN, answered
from bot.case.decision import CHOICE, DATE, HELP, REASON
from bot.case.facts import MISSING
from bot.case.intake import ABOUT, BEGIN, THREAT, profession_entry
from bot.case.pasted.records import Pasted, ReadFact
from bot.case.pasted.telling import asked
from bot.case.record import Case, Entry, Line
from bot.case.story import ADDED, told
from bot.case.tools import Tools, advice_request
from bot.case.weighing import PREFIX, answered_before

KNOWN = {  # which question of the weighing the sentences of the sheet answer
    "kinderen": ("children", "pregnant"),
    "kinderen_merken": ("child_witness", "children_safe"),
    "overleg": ("consulted", "asked_veilig_thuis", "expert_consulted"),
    "contact": ("talked_with_client",),
}


def taken_over(case: Case, found: Pasted, tools: Tools) -> Case:
    """Return the case with all that was read; every entry follows the answer that the sheet is right."""
    before, told_here = len(case.entries), bool(case.lines)
    case = case.add(*_who(case, found, tools))
    case = _facts(case, found, tools)
    case = _answers(case, found, tools)
    case = case.add(*_decided(found))
    if found.steps.get(1) == "done" and tools.tables.decide(advice_request(case)).meldcode[0] != "done":
        case = case.add(Entry(question=f"{PREFIX}signalen", facts={"signals": "yes"}, silent=True))
    if found.unread:
        case = case.add(told(case, ADDED, "\n".join(found.unread), tools))
    right = {} if found.unread or told_here else {"fact_list": "klopt"}
    case = case.add(Entry(question=ADDED, fields={"pasted": "yes", **right}, silent=True))
    entries = (entry.model_copy(update={"follows": True}) for entry in case.entries[before:])
    return Case(entries=[*case.entries[:before], *entries])


def _who(case: Case, found: Pasted, tools: Tools) -> list[Entry]:
    """Who writes, and about whom, as far as she did not say so herself."""
    entries = []
    if found.profession and "profession" not in case.fields:
        entries.append(profession_entry(found.profession, tools))
    row = next((row for row in tools.about if row.id == found.client_role), None)
    if row and "client_role" not in case.fields:
        fields = {"client_role": row.id, **({"minor": "yes"} if row.minor else {})}
        asked_as, facts = "Om wie je je zorgen maakt", dict(row.facts)
        about = Entry(question=ABOUT, asked=asked_as, answer=row.title, facts=facts, fields=fields)
        entries += [about, Entry(question=THREAT, silent=True)]
    return entries


def _facts(case: Case, found: Pasted, tools: Tools) -> Case:
    """The facts as lines, word for word; a signal that was asked about stays one, a time belongs to none of them."""
    signals = {signal.label: signal.id for signal in tools.signals.values()}
    seen = [fact for fact in found.facts if fact.label not in signals]
    texts = tools.sheet.pasted
    case = _told(case, BEGIN, texts["facts_told"], "observation", [_line(fact) for fact in seen], tools)
    for fact in found.facts:
        if signal := signals.get(fact.label):
            parts = {"label": fact.label, **_parts(fact)}
            [line_id] = case.new_line_ids(1)
            line = Line(id=line_id, kind="signal", quote=fact.words, parts=parts, signal=signal)
            question = f"feiten.gezien:{signal}"
            case = case.add(
                Entry(question=question, asked=fact.label, answer=fact.words, lines=[line], facts={"signals": "yes"})
            )
    for part, words in found.times:
        question, label = MISSING[part]
        [line_id] = case.new_line_ids(1)
        line = Line(id=line_id, kind="observation", quote=words, parts={part: words})
        case = case.add(Entry(question=question, asked=label, answer=words, lines=[line]))
    thoughts: list[tuple[str, dict[str, str]]] = [(words, {}) for words in found.interpretations]
    return _told(case, ADDED, texts["thoughts_told"], "interpretation", thoughts, tools)


def _told(
    case: Case, question: str, asked_as: str, kind: str, rows: Sequence[tuple[str, dict[str, str]]], tools: Tools
) -> Case:
    """Add a piece of story of which the lines are known; what its words point to is heard as always."""
    if not rows:
        return case
    entry = told(case, question, "\n".join(words for words, _ in rows), tools, asked=asked_as)
    lines = [
        Line.model_validate({"id": line_id, "kind": kind, "quote": words, "parts": parts})
        for line_id, (words, parts) in zip(case.new_line_ids(len(rows)), rows, strict=True)
    ]
    return case.add(entry.model_copy(update={"lines": lines}))


def _line(fact: ReadFact) -> tuple[str, dict[str, str]]:
    return (f"{fact.label}: {fact.words}" if fact.label else fact.words), _parts(fact)


def _parts(fact: ReadFact) -> dict[str, str]:
    return {name: value for name, value in (("when", fact.when), ("source", fact.source)) if value}


def _answers(case: Case, found: Pasted, tools: Tools) -> Case:
    """The answers of the weighing, given anew in their order; then what the sentences of the sheet say."""
    danger = [choice.title for choice in tools.tables.texts["danger"].answers]
    for answer in found.answers:
        if answer.question != ANSWERED:
            case = _replayed(case, answered_before(case, answer.question, answer.titles, tools))
        elif answer.titles[0] in danger:
            entry = answered(case, danger.index(answer.titles[0]), tools, about=answer.about)
            case = case.add(_careful(case, entry, tools))
    for name, facts in KNOWN.items():
        known = {fact: found.known[fact] for fact in facts if fact in found.known}
        if known:
            said = "; ".join(f"{tools.tables.facts[fact].label}: {'ja' if value == 'yes' else 'nee'}"
                             for fact, value in known.items())  # fmt: skip
            question = PREFIX + name
            entry = Entry(question=question, asked=asked(question, tools), answer=said, facts=known)
            case = case.add(_careful(case, entry, tools))
    if found.danger_unknown and ANSWERED not in [answer.question for answer in found.answers]:
        case = case.add(answered(case, NOT_KNOWN, tools))
    return case


def _replayed(before: Case, after: Case) -> Case:
    """Keep what an answer settled; that it left something to be narrowed down is asked again when it matters."""
    new = (entry.model_copy(update={"fields": {}}) for entry in after.entries[len(before.entries) :])
    return before.add(*new)


def _careful(case: Case, entry: Entry, tools: Tools) -> Entry:
    """Return the entry with, of what is known otherwise already, the value that keeps people safest."""
    known = case.facts
    facts = {
        fact: tools.tables.facts[fact].safest if known.get(fact, "unknown") not in ("unknown", value) else value
        for fact, value in entry.facts.items()
    }
    return entry.model_copy(update={"facts": facts})


def _decided(found: Pasted) -> list[Entry]:
    """The decision with its reason, who arranges help, and the day for looking again; she decides anew after the new
    advice."""
    entries = []
    if found.decided:
        fields = {"decision": found.decision, "reason": found.reason}
        entries.append(Entry(question=CHOICE, asked="Wat je gaat doen", answer=found.decided, fields=fields))
    rows = (
        (REASON, "Je reden", "reason", found.reason),
        (HELP, "Wie hulp regelt", "help", found.help),
        (DATE, "Opnieuw kijken", "review", found.review),
    )
    told = (Entry(question=name, asked=label, answer=said, fields={field: said}) for name, label, field, said in rows)
    return [*entries, *(entry for entry in told if entry.answer)]
