"""Turns a decision into what is told: reasons, cautions, next steps, the steps of the meldcode and the plan
for the talk, in the form of `POST /api/advice`. Every sentence stands in `data/advice/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.advice.conditions import View
from bot.advice.decision import Decision, holds
from bot.advice.patterns import fitting
from bot.advice.records import PLAN_PARTS, LevelRule, Line, Noted, SourceRef, TableData
from bot.advice.wording import fill, listed


@dataclass(frozen=True)
class Advice:
    """A decision, the tables that it came from, and the facts worth asking next."""

    tables: TableData
    decision: Decision
    ask_next: tuple[str, ...]

    @property
    def outcome(self) -> str:
        """Return the outcome, such as `report`."""
        return self.decision.outcome

    @property
    def level(self) -> int:
        """Return the rank of the outcome: 1 is the heaviest."""
        return self.decision.level

    @property
    def setup(self) -> str:
        """Return the setup of the talk, such as `apart_first`."""
        return self.decision.setup

    def as_dict(self, words: Mapping[str, str] | None = None, told: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the contract of `POST /api/advice`, with `words` before those of the tables.

        `told` holds her own words by the form, signal or context that they point to, for the patterns.
        """
        decision, tables = self.decision, self.tables
        said = {
            "outcome": decision.outcome,
            "level": decision.level,
            "tables_version": tables.version,
            "signed": tables.signed,
            "notice": "" if tables.signed else tables.texts["unsigned"].text,
            "decisions": {"report": decision.report, "help": decision.help},
            "reasons": [self._reason(rule) for rule in decision.matched],
            "cautions": [
                {"id": row.id, "text": " ".join(_said(row.text, decision.view)), "sources": _sources(row.sources)}
                for row in decision.cautions
            ],
            "next_steps": _said(decision.rule.steps, decision.view),
            "meldcode": self._meldcode(),
            "duty": [_noted(duty) for duty in tables.duties if holds(duty.when, decision.view)],
            "checks": [_noted(check) for check in decision.checks],
            "patterns": self._patterns(told or {}),
            "person": self._person(),
            "conversation": self._conversation(),
            "ask_next": list(self.ask_next),
        }
        filled = _filled(said, {**tables.words, **(words or {})})
        assert isinstance(filled, dict)
        return filled

    def _reason(self, rule: LevelRule) -> dict[str, Any]:
        """Why a row holds, with the facts that it rests on; {feiten} in its text names them."""
        facts = self.decision.facts_behind(rule)
        text = " ".join(_said(rule.text, self.decision.view))
        named = fill(text, {"feiten": listed([self.tables.facts[fact].label for fact in facts])})
        return {"rule": rule.id, "text": named, "facts": facts, "sources": _sources(rule.sources)}

    def _meldcode(self) -> list[dict[str, Any]]:
        return [
            {"step": step.step, "status": status, "text": " ".join(_said(step.texts[status], self.decision.view))}
            for step, status in zip(self.tables.meldcode, self.decision.meldcode, strict=True)
        ]

    def _patterns(self, told: Mapping[str, str]) -> list[dict[str, Any]]:
        """What the story may fit: never a label, and nothing follows from it."""
        return [
            {
                "id": fit.pattern.id,
                "kind": fit.pattern.kind,
                "label": fit.pattern.label,
                "for": list(fit.reasons),
                "against": list(fit.against),
                "quote": fit.quote,
                "text": fit.text(self.tables.pattern_says),
                "sources": _sources(fit.pattern.sources),
            }
            for fit in fitting(self.tables, self.decision, told)
        ]

    def _person(self) -> dict[str, Any]:
        """Whether a person is to be offered, and why."""
        reasons = [row for row in self.tables.person if holds(row.when, self.decision.view) is not False]
        return {"offer": bool(reasons), "reasons": [row.text for row in reasons]}

    def _conversation(self) -> dict[str, Any]:
        """The plan that fits: of each part the first lines that hold, as many as there is room for."""
        decision, tables = self.decision, self.tables
        parts: dict[str, Any] = {
            part: _said(tables.plan_lines(decision.setup, part), decision.view)[:most]
            for part, most in PLAN_PARTS.items()
        }
        methods = [row for row in tables.methods if holds(row.when, decision.view)][: PLAN_PARTS["methods"]]
        return {
            "setup": decision.setup,
            "label": tables.plans[decision.setup].label,
            "reasons": [
                {"rule": row.id, "text": row.text, "sources": _sources(row.sources)} for row in decision.setup_rules
            ],
            **parts,
            "opening": parts["opening"][0],
            "methods": [{"label": method.label, **_noted(method)} for method in methods],
            "stop": parts["stop"][0],
        }


def _said(lines: Iterable[Line], view: View) -> list[str]:
    """Return the lines whose condition holds."""
    return [line.text for line in lines if holds(line.when, view)]


def _sources(sources: Iterable[SourceRef]) -> list[dict[str, str]]:
    return [source.as_dict() for source in sources]


def _noted(noted: Noted) -> dict[str, Any]:
    return {"id": noted.id, "text": noted.text, "sources": _sources(noted.sources)}


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    """Fill the placeholders in every text of a nested structure; a line of which nothing is left goes."""
    if isinstance(value, str):
        return fill(value, words)
    if isinstance(value, dict):
        return {key: _filled(item, words) for key, item in value.items()}
    if isinstance(value, list):
        return [filled for item in value if (filled := _filled(item, words)) != ""]
    return value
