"""Tells the sentences that Pluis itself puts into a sheet from what its writer said: a plan that speaks of weapons
is no danger. In doubt the words are hers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.advice import PLAN_PARTS, fill
from bot.case.pasted.records import Pasted
from bot.case.record import Case, Entry, Line
from bot.case.sheet.records import plain
from bot.case.tools import Tools, folded

_CUT = re.compile(r"[|\t\n.:;?!,()“”‘’\"]+|\ben\b")
_CELLS = re.compile(r"[|\t\n]+")
SHORT = 2  # fewer words than these are no sentence of hers, when there are more pieces


def is_of_pluis(quote: str, found: Pasted, tools: Tools) -> bool:
    """Whether each piece of these words stands in a sentence of ours, and none of it in words of her own."""
    hers = f" {' '.join(map(folded, _hers(found)))} "
    ours = [f" {text} " for text in _ours(found, tools)]
    pieces = [f" {folded(piece)} " for piece in _CUT.split(quote) if folded(piece)]
    if any(piece in hers for piece in pieces if len(pieces) == 1 or len(piece.split()) >= SHORT):
        return False
    return bool(pieces) and all(any(piece in text for text in ours) for piece in pieces)


def words_of(quote: str, found: Pasted) -> str:
    """Return her own words in a piece of a sheet, without the cells beside them; else the piece itself."""
    spoken = f" {folded(quote)} "
    named = [words for words in _hers(found) if len(words.split()) >= SHORT and f" {folded(words)} " in spoken]
    return max(named, key=len, default=" ".join(_CELLS.sub(" ", quote).split()))


def _hers(found: Pasted) -> Iterator[str]:
    yield from (words for fact in found.facts for words in (fact.words, fact.when))
    yield from (words for _, words in found.times)
    yield from (answer.about for answer in found.answers)
    yield from found.interpretations
    yield from (found.decided, found.reason, found.help, *found.unread)


def _ours(found: Pasted, tools: Tools) -> Iterator[str]:
    """Every sentence that a sheet can hold, with the words for people that this one uses."""
    lines = [Line(id="r1", kind="observation", quote=fact.words) for fact in found.facts]
    words = tools.words(Case(entries=[Entry(question="x", lines=lines)]))
    for text in _texts(tools):
        for said in {fill(text, words), fill(text, tools.tables.words)}:
            yield folded(plain(said))


def _texts(tools: Tools) -> Iterator[str]:
    tables, sheet = tools.tables, tools.sheet
    for row in tables.questions:
        yield row.text
        yield from (choice.title for choice in row.choices)
    yield from (choice.title for choice in tables.texts["danger"].answers)
    for section in sheet.sections.values():
        yield from (section.title, section.text, section.none, *section.columns)
        yield from (piece for text in section.rows.values() for piece in re.split(r"\{\w+\}", text))
    yield from (row.text for row in sheet.questions)
    for level in (*tables.levels, tables.level_fallback):
        yield from (line.text for line in level.text)
    for setup in tables.plans:
        yield from tables.plan_heads(setup).values()
        yield from (line.text for part in PLAN_PARTS for line in tables.plan_lines(setup, part))
    yield from (text for way in tables.methods for text in (way.label, way.text))
    yield from (text for labels in tools.labels.values() for text in labels.values())
    yield from (tables.texts[name].text for name in ("case_sheet_first_line", "unsigned"))
    yield from (fact.label for fact in tables.facts.values())
    yield from (signal.label for signal in tools.signals.values())
