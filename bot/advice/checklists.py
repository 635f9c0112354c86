"""The checklists: lists that are walked one item at a time, as editors wrote them in `data/advice/checklists.yml`.
What is answered to them is no fact: it changes no advice."""

from __future__ import annotations

from collections.abc import Iterator

from bot.advice.conditions import View
from bot.advice.decision import holds
from bot.advice.reading import Table
from bot.advice.records import Checklist, ChecklistItem, Line


def items_for(checklist: Checklist, view: View) -> tuple[ChecklistItem, ...]:
    """Return the items that make sense in a case; one of which that cannot be told does."""
    return tuple(item for item in checklist.items if holds(item.when, view) is not False)


def lines_for(lines: tuple[Line, ...], view: View) -> Iterator[str]:
    """Yield the lines that hold for a case; one that cannot be evaluated is left out."""
    yield from (line.text for line in lines if holds(line.when, view))


def read_checklists(table: Table) -> tuple[Checklist, ...]:
    """Read all lists. Raises DataFileError for an item that stands there twice, or that names nobody to go to."""
    return tuple(_checklist(table, "checklists", index) for index in range(table.length("checklists")))


def _checklist(table: Table, key: str, index: int) -> Checklist:
    row = table.at(key, index)
    items = tuple(_item(table, key, index, "items", number) for number in range(table.length(key, index, "items")))
    for number, item in enumerate(items):
        if item.id in [other.id for other in items[:number]]:
            raise table.loaded.error(f"id {item.id} staat er twee keer", key, index, "items", number, "id")
        if item.with_whom[-1].when.names():
            last = ("with", len(item.with_whom) - 1)
            raise table.loaded.error("de laatste zin van with geldt altijd", key, index, "items", number, *last)
    return Checklist(
        id=row["id"],
        label=row["label"],
        words=tuple(row["words"]),
        answers=row["answers"],
        intro=table.lines(key, index, "intro"),
        close=table.lines(key, index, "close"),
        items=items,
        review=table.review(key, index),
    )


def _item(table: Table, *keys: str | int) -> ChecklistItem:
    row = table.at(*keys)
    return ChecklistItem(
        id=row["id"],
        label=row["label"],
        text=table.lines(*keys, "text"),
        why=row["why"],
        doubt=row.get("doubt", ""),
        with_whom=table.lines(*keys, "with"),
        when=table.condition(*keys, "when"),
        sources=table.sources(*keys),
    )
