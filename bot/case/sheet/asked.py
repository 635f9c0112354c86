"""What was asked in the weighing, for the case sheet: what is known of it, and what is still open."""

from __future__ import annotations

from bot.advice import GROUPS
from bot.analysis import answer_of
from bot.case.danger import ANSWERED
from bot.case.facts import PART_OF
from bot.case.record import UNKNOWN, Entry
from bot.case.sheet.records import Section, Table, Work, plain
from bot.case.telling import GAPS_SHOWN
from bot.case.weighing import PREFIX


def answers(work: Work) -> Section:
    """What was answered in the weighing: each question once, with its last answer, and nothing that is not known.

    That of danger is another question for each of the words that it was about.
    """
    last = {(entry.question, entry.about): entry for entry in work.case.entries if _is_answer(entry, work)}
    rows = [(_asked(entry, work), _answer(entry, work), work.text.row("no_source")) for entry in last.values()]
    once = list(dict.fromkeys(rows))
    return Section(work.text.title, table=Table(work.text.columns, once) if once else None)


def _asked(entry: Entry, work: Work) -> str:
    """Return the question, with the words that it was about: only those that stand in the sheet as a fact."""
    if not entry.about:
        return plain(entry.asked)
    kinds = {line.kind for line in work.case.lines if line.quote in entry.about or entry.about in line.quote}
    told = "observation" in kinds and "interpretation" not in kinds
    words = work.own.quoted(entry.about) if told else ""
    return work.text.row("danger", words=words) if words else work.text.row("danger_hidden")


def _is_answer(entry: Entry, work: Work) -> bool:
    name = entry.question.removeprefix(PREFIX)
    asked = entry.question == ANSWERED or (name != entry.question and name not in work.texts.not_listed)
    return asked and entry.answer not in ("", UNKNOWN) and bool(_answer(entry, work))


def _answer(entry: Entry, work: Work) -> str:
    """Return the answers by their titles; of what was typed only whether it was yes or no."""
    tables = work.tools.tables
    row = next((row for row in tables.questions if PREFIX + row.id == entry.question), None)
    titles = {choice.title for choice in (row.choices if row else tables.texts["danger"].answers)}
    if entry.answer in titles or titles.issuperset(entry.answer.split("; ")):
        return entry.answer
    said = answer_of(entry.answer)
    return work.text.row(said) if said in ("yes", "no") else ""


def still_open(work: Work) -> Section:
    """What was asked and is not known, and the danger facts that were never asked about."""
    answered = {entry.question for entry in work.case.entries if entry.answer not in ("", UNKNOWN)}
    unknown = {
        entry.question: plain(entry.asked)
        for entry in work.case.entries
        if entry.answer == UNKNOWN and entry.question not in answered and _is_open(entry.question, work)
    }
    asked = {fact for row in work.tools.tables.questions if PREFIX + row.id in unknown for fact in row.facts}
    gaps = [fact for fact in work.told["ask_next"] if fact in GROUPS["danger"] and fact not in asked][:GAPS_SHOWN]
    rows = list(unknown.values())
    if gaps:
        rows.append(work.row("gaps", facts=", ".join(work.tools.tables.facts[fact].label for fact in gaps)))
    return Section(work.text.title, bullets=rows or [work.row("none")])


def _is_open(question: str, work: Work) -> bool:
    name = question.removeprefix(PREFIX)
    return question in PART_OF or question == ANSWERED or (name != question and name not in work.texts.not_listed)
