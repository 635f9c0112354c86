"""Makes records of the rows of one table file; knows where each row stands, so that a fault can name its line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.advice.conditions import Always, Condition, ConditionError, Vocabulary
from bot.advice.records import (
    PLAN_PARTS,
    Caution,
    LevelRule,
    Line,
    MeldcodeStep,
    Noted,
    Pattern,
    Plan,
    Review,
    SetupRule,
    SourceRef,
)
from bot.yamlfile import Loaded

Key = str | int


@dataclass(frozen=True)
class Table:
    """One file with the names that its conditions may use; every method takes the keys of a place in it.

    A row holds before there is a decision. What it says is chosen after that, so `spoken` may hold more names.
    """

    loaded: Loaded
    vocabulary: Vocabulary
    spoken: Vocabulary | None = None

    @property
    def data(self) -> Any:
        """Return the plain content."""
        return self.loaded.data

    def at(self, *keys: Key) -> Any:
        """Return what stands at a place, or None."""
        node = self.data
        for key in keys:
            node = node.get(key) if isinstance(node, dict) else node[key]
            if node is None:
                return None
        return node

    def length(self, *keys: Key) -> int:
        """Return the number of rows at a place."""
        return len(self.at(*keys) or [])

    def condition(self, *keys: Key) -> Condition:
        """Read the condition at a place; none means always. Raises DataFileError with its line."""
        return self._read(self.vocabulary, *keys)

    def _read(self, vocabulary: Vocabulary, *keys: Key) -> Condition:
        raw = self.at(*keys)
        if raw is None:
            return Always()
        try:
            return vocabulary.read(raw)
        except ConditionError as error:
            raise self.loaded.error(error.reason, *keys, *error.path) from error

    def lines(self, *keys: Key) -> tuple[Line, ...]:
        """Read a list of sentences, each with or without a condition; one sentence may stand without a list."""
        raw = self.at(*keys) or []
        if isinstance(raw, str):
            return (Line(raw, Always()),)
        spoken = self.spoken or self.vocabulary
        return tuple(
            Line(row, Always()) if isinstance(row, str) else Line(row["text"], self._read(spoken, *keys, index, "when"))
            for index, row in enumerate(raw)
        )

    def sources(self, *keys: Key) -> tuple[SourceRef, ...]:
        """Read the sources of the row at a place."""
        return tuple(SourceRef(row["id"], row["section"]) for row in self.at(*keys, "sources") or [])

    def review(self, *keys: Key) -> Review:
        """Read who answers for the row at a place."""
        return Review(**self.at(*keys, "review"))

    def notes(self, *keys: Key) -> tuple[Noted, ...]:
        """Read a list of texts with an id, a condition and sources."""
        return tuple(self.note(*keys, index) for index in range(self.length(*keys)))

    def note(self, *keys: Key) -> Noted:
        """Read one text with an id, a condition and sources."""
        row, when = self.at(*keys), self.condition(*keys, "when")
        return Noted(row["id"], row["label"], when, row["text"], self.sources(*keys), self.review(*keys))

    def plan(self, *keys: Key) -> Plan:
        """Read the plan at a place; what all plans share has no setup of its own."""
        row = self.at(*keys)
        parts = {part: self.lines(*keys, part) for part in PLAN_PARTS if part in row}
        return Plan(
            row.get("setup", "every"),
            row["label"],
            row.get("heads", {}),
            parts,
            self.sources(*keys),
            self.review(*keys),
        )

    def level(self, *keys: Key) -> LevelRule:
        """Read a row of the level table."""
        row = self.at(*keys)
        stricter = tuple(
            (self.condition(*keys, "stricter", index, "when"), item["outcome"])
            for index, item in enumerate(row.get("stricter", []))
        )
        return LevelRule(
            id=row["id"],
            label=row["label"],
            nr=row["nr"],
            when=self.condition(*keys, "when"),
            otherwise=row.get("otherwise", False),
            outcome=row["outcome"],
            stricter=stricter,
            report=row["report"],
            help=row["help"],
            text=self.lines(*keys, "text"),
            steps=self.lines(*keys, "steps"),
            sources=self.sources(*keys),
            review=self.review(*keys),
        )

    def cautions(self, *keys: Key) -> tuple[Caution, ...]:
        """Read the table of cautions."""
        return tuple(
            Caution(
                id=row["id"],
                label=row["label"],
                nr=row["nr"],
                when=self.condition(*keys, index, "when"),
                text=self.lines(*keys, index, "text"),
                sources=self.sources(*keys, index),
                review=self.review(*keys, index),
            )
            for index, row in enumerate(self.at(*keys))
        )

    def patterns(self, key: str) -> tuple[Pattern, ...]:
        """Read the forms of violence and the family profiles."""
        return tuple(
            Pattern(
                id=row["id"],
                kind=row["kind"],
                label=row["label"],
                covers=tuple(row.get("covers", [])),
                when=self.condition(key, index, "when"),
                told=tuple(row["told"]),
                reasons=self.lines(key, index, "for"),
                against=self.lines(key, index, "against"),
                so=self.lines(key, index, "so"),
                sources=self.sources(key, index),
                review=self.review(key, index),
            )
            for index, row in enumerate(self.at(key))
        )

    def setup(self, *keys: Key) -> SetupRule:
        """Read a row of the setup table."""
        row = self.at(*keys)
        return SetupRule(
            id=row["id"],
            label=row["label"],
            nr=row["nr"],
            when=self.condition(*keys, "when"),
            setup=row["setup"],
            text=row["text"],
            sources=self.sources(*keys),
            review=self.review(*keys),
        )

    def steps(self, key: str, statuses: tuple[str, ...]) -> tuple[MeldcodeStep, ...]:
        """Read the steps of the meldcode."""
        return tuple(
            MeldcodeStep(
                step=row["step"],
                label=row["label"],
                done=self.condition(key, index, "done_when"),
                now=self.condition(key, index, "now_when"),
                texts={status: self.lines(key, index, status) for status in statuses},
                sources=self.sources(key, index),
                review=self.review(key, index),
            )
            for index, row in enumerate(self.at(key))
        )
