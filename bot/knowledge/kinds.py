"""Makes topics of rows of other kinds, in the words of `kinds.yml`: an intervention, a figure, a law, an organisation
and a family profile can then be found, cited, kept and shown in the one way that topics are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.yamlfile import Loaded

TOPICS, GROUPS, FACTORS = "topics", "groups", "factors"
_NAME = re.compile(r"\{(\w+)\}")
_CARRIED = ("id", "sources", "related", "review", "for", "questions", "doubt")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """How one kind of row is told: templates with the names of its fields; a line with an empty field falls away.

    Topics that are written out, and the groups of factors, have a heading and no templates.
    """

    key: str
    label: str
    title: str
    short: tuple[str, ...]
    more: tuple[str, ...]

    @property
    def told(self) -> bool:
        """Whether its rows are made into topics with templates."""
        return bool(self.short)

    def fields(self) -> Iterator[str]:
        """Yield the names of the fields that it is told with."""
        for template in (self.title, *self.short, *self.more):
            yield from _NAME.findall(template)

    def as_topic(self, row: Row) -> Row:
        """Return the row as a row of a topic file."""
        short = " ".join(_lines(self.short, row))
        more = "\n\n".join(_lines(self.more, row))
        carried = {name: row.get(name) for name in _CARRIED}
        return {**carried, "title": _filled(self.title, row), "short": short, "more": more}


@dataclass(frozen=True)
class Shelf:
    """The rows of one file that become topics: where they stand, each as a row of a topic file, and where it cites."""

    loaded: Loaded
    key: str
    rows: tuple[Row, ...]
    cites: str

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        return iter(enumerate(self.rows))


def kinds_of(loaded: Loaded) -> tuple[Kind, ...]:
    """Return the kinds that `kinds.yml` describes, in its order."""
    return tuple(
        Kind(row["key"], row["label"], row.get("title", ""), tuple(row.get("short", ())), tuple(row.get("more", ())))
        for row in loaded.data["kinds"]
    )


def topic_shelf(loaded: Loaded) -> Shelf:
    """Put a file of topics that are written out on its shelf."""
    return Shelf(loaded, TOPICS, tuple(loaded.data[TOPICS]), TOPICS)


def shelf_of(kind: Kind, loaded: Loaded) -> Shelf:
    """Put a file of one kind on its shelf."""
    return Shelf(loaded, kind.key, tuple(kind.as_topic(row) for row in loaded.data[kind.key]), kind.key)


def factor_shelf(loaded: Loaded) -> Shelf:
    """Make one topic of each group of factors: those of its kind on its levels, with the sources of them all."""
    return Shelf(loaded, GROUPS, tuple(_group(row, loaded.data[FACTORS]) for row in loaded.data[GROUPS]), FACTORS)


def _group(row: Row, factors: Sequence[Row]) -> Row:
    members = [factor for factor in factors if factor["kind"] == row["kind"] and factor["level"] in row["levels"]]
    links = [link for factor in members for link in factor["sources"]]
    more = "\n".join(f"- **{_upper(factor['label'])}.** {factor['text']}" for factor in members)
    sources = [link for place, link in enumerate(links) if link not in links[:place]]
    return {**row, "short": row["intro"], "more": more, "sources": sources}


def _lines(templates: Sequence[str], row: Row) -> list[str]:
    return [_upper(line) for template in templates if (line := _filled(template, row))]


def _filled(template: str, row: Row) -> str:
    """Fill a template; empty when a field that it names is empty."""
    values = {name: _told(row.get(name)) for name in _NAME.findall(template)}
    return template.format_map(values) if all(values.values()) else ""


def _told(value: Any) -> str:
    """Write a value inside a sentence: a list as points, a text without its last full stop."""
    if isinstance(value, list):
        return "".join(f"\n- {item}" for item in value)
    return str(value or "").strip().removesuffix(".")


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
