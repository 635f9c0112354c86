"""Says which forms of violence and which family profiles a story may fit, with what speaks for and against each.
A pattern decides nothing and is never a label: levels, cautions and setups follow from the facts alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.advice.conditions import View
from bot.advice.decision import Decision, holds
from bot.advice.records import Line, Pattern, TableData
from bot.advice.wording import listed


@dataclass(frozen=True)
class Fit:
    """A pattern with the reasons that speak for it and against it, and her own words that point there."""

    pattern: Pattern
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    so: tuple[str, ...]
    quote: str

    def text(self, says: Mapping[str, str]) -> str:
        """Return it in sentences, with `says` for the words around the reasons."""
        quote = self.quote.strip().rstrip(".,;")
        if self.reasons:
            parts = [says["fits"].replace("{reasons}", listed(self.reasons))]
            parts += [says["also_words"].replace("{quote}", quote)] if quote else []
        else:
            parts = [says["fits_words"].replace("{quote}", quote)]
        against = says["against"].replace("{reasons}", listed(self.against))
        parts.append(against if self.against else says["against_unknown"])
        return " ".join((parts[0].replace("{label}", self.pattern.label), *parts[1:], *self.so))


def fitting(tables: TableData, decision: Decision, told: Mapping[str, str]) -> tuple[Fit, ...]:
    """Return the patterns to which the facts point, or her own words; those that another covers are left out.

    `told` holds her words by what they point to: `form:…`, `signal:…` or `context:…`.
    """
    fits = [fit for row in tables.patterns if (fit := _fit(row, decision.view, told))]
    covered = {name for fit in fits for name in fit.pattern.covers}
    return tuple(fit for fit in fits if fit.pattern.id not in covered)


def _fit(row: Pattern, view: View, told: Mapping[str, str]) -> Fit | None:
    quote = next((told[name] for name in row.told if name in told), "")
    if not quote and not holds(row.when, view):
        return None
    return Fit(row, _said(row.reasons, view), _said(row.against, view), _said(row.so, view), quote)


def _said(lines: Iterable[Line], view: View) -> tuple[str, ...]:
    return tuple(line.text for line in lines if holds(line.when, view))
