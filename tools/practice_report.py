"""Measures how practice dialogues understand typed lines (tests/eval/practice.yml): is the option found that is meant,
are lines that mean none left alone, and which techniques are heard? Prints a table, and writes reports/practice.json.

`--dev` takes the development split, from which the thresholds were chosen, shows what went wrong, and fits the curve of
how sure it is; of the sealed set only counts are shown."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from bot.encoder import E5Encoder
from bot.practice import (
    Dialogue,
    Ending,
    Heard,
    Listener,
    Option,
    Position,
    after,
    load_dialogues,
    open_options,
    position,
    said,
)
from bot.settings import ROOT, get_settings
from tools.scoring import resampled, share
from tools.stamp import stamp

SEALED, DEV = ROOT / "tests" / "eval" / "practice.yml", ROOT / "tests" / "eval" / "dev" / "practice.yml"
NONE = "none"
GOAL_OPTION, GOAL_TECHNIQUE = 0.85, 0.80
WALKS = 400


@dataclass(frozen=True)
class Judged:
    """A line, what was understood of it, the options that were open, and what the client said before it."""

    row: Mapping[str, Any]
    heard: Heard
    options: tuple[Option, ...]
    after: str

    @property
    def fits(self) -> bool:
        """Whether the line means one of the options."""
        return bool(self.row["option"] != NONE)

    @property
    def right(self) -> bool:
        """Whether the likeliest option is the one that is meant."""
        return self.heard.options[0] == self.row["option"]


def main(arguments: Sequence[str]) -> int:
    """Measure; 0 also when a goal is missed, which the table says."""
    dev = "--dev" in arguments
    settings = get_settings()
    dialogues = load_dialogues(settings.data)
    listener = Listener(settings.data, E5Encoder(), settings.var / "cache")
    rows = yaml.safe_load((DEV if dev else SEALED).read_text(encoding="utf-8"))["lines"]
    met = {name: _met(dialogue) for name, dialogue in dialogues.items()}
    judged = [_judge(row, met[row["dialogue"]][row["scene"]], listener) for row in rows]
    report = _report(judged, listener.model.names)
    print(_table(report, dev))
    if dev:
        _show(judged, listener)
    else:
        path = ROOT / "reports" / "practice.json"
        path.write_text(json.dumps(stamp() | report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def _judge(row: Mapping[str, Any], met: Sequence[Position], listener: Listener) -> Judged:
    fits = (here for here in met if row["option"] in (NONE, *(option.id for option in open_options(here))))
    if (here := next(fits, None)) is None:
        raise SystemExit(f"{row['dialogue']}, {row['scene']}: {row['option']} is hier nooit te kiezen")
    options, before = open_options(here), said(here.place.says, here.values)
    return Judged(row, listener.hear(options, row["text"], before), options, before)


def _met(dialogue: Dialogue) -> Mapping[str, Sequence[Position]]:
    """Return positions by scene as walks at random meet them, the same each time."""
    chance, met = Random(1), dict[str, list[Position]]()
    for _ in range(WALKS):
        here = position(dialogue)
        while not isinstance(here.place, Ending):
            met.setdefault(here.place.id, []).append(here)
            here = after(dialogue, here, chance.choice(open_options(here)))
    return met


def _report(judged: Sequence[Judged], names: Sequence[str]) -> dict[str, Any]:
    fits, none = [one for one in judged if one.fits], [one for one in judged if not one.fits]
    return {
        "lines": len(judged),
        "option": {
            "likeliest_right": share([one.right for one in fits]),
            "taken_right": share([one.right and bool(one.heard.option) for one in fits]),
            "taken_wrong": share([not one.right and bool(one.heard.option) for one in fits]),
            "asked_with_it": share([one.row["option"] in one.heard.offered for one in fits]),
            "none_taken": share([bool(one.heard.option) for one in none]),
            "none_asked": share([bool(one.heard.offered) for one in none]),
        },
        "technique": {
            "macro_f1": _macro(judged, names),
            "macro_f1_of_lines_that_fit_none": _macro(none, names),
            "f1": {name: round(_f1(judged, name), 3) for name in names},
        },
    }


def _macro(judged: Sequence[Judged], names: Sequence[str]) -> dict[str, Any]:
    truth = [[name in one.row["tags"] for name in names] for one in judged]
    found = [[name in one.heard.techniques for name in names] for one in judged]
    return resampled(
        lambda a, b: float(f1_score(a.astype(bool), b.astype(bool), average="macro", zero_division=0.0)), truth, found
    )


def _f1(judged: Sequence[Judged], name: str) -> float:
    truth = [name in one.row["tags"] for one in judged]
    return float(f1_score(truth, [name in one.heard.techniques for one in judged], zero_division=0.0))


def _table(report: Mapping[str, Any], dev: bool) -> str:
    option, technique = report["option"], report["technique"]
    rows = [
        ("juiste antwoord het waarschijnlijkst", option["likeliest_right"], f"doel {GOAL_OPTION}"),
        ("  meteen genomen", option["taken_right"], ""),
        ("  een verkeerd genomen", option["taken_wrong"], ""),
        ("  erom gevraagd", option["asked_with_it"], ""),
        ("past bij geen: toch een genomen", option["none_taken"], ""),
        ("  gevraagd of het er een is", option["none_asked"], ""),
        ("technieken, macro-F1", technique["macro_f1"], f"doel {GOAL_TECHNIQUE}"),
        ("  van zinnen die bij geen passen", technique["macro_f1_of_lines_that_fit_none"], ""),
    ]
    lines = [f"oefenen, {report['lines']} getypte zinnen{' (ontwikkeling)' if dev else ''}"]
    lines += [
        f"  {name:<38} {'{value:.3f} ({low:.3f}–{high:.3f})'.format_map(row)}  {goal}" for name, row, goal in rows
    ]
    return "\n".join((*lines, "  " + ", ".join(f"{name} {value:.2f}" for name, value in technique["f1"].items())))


def _show(judged: Sequence[Judged], listener: Listener) -> None:
    """Show what went wrong, and fit the curve: how sure it is by how alike, and whether both do the same."""
    for one in judged:
        said = one.heard.option or f"{one.heard.options[0]}?"
        if said != one.row["option"] and not (one.row["option"] == NONE and not one.heard.option):
            print(f"  {one.row['option']} → {said} ({one.heard.certainty:.2f}): {one.row['text']}")
    inputs = [listener.clues(one.options, one.row["text"], one.after) for one in judged]
    curve = LogisticRegression(C=100.0).fit(np.array(inputs), [one.right for one in judged])
    print(f"  kromme: {np.round(curve.coef_[0], 1)} {np.round(curve.intercept_, 1)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
