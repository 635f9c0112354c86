"""Measures how clauses are sorted and which signals are recognised, on the sealed sets or on any of their shape:
`python -m tools.analysis_report [--development]`. Writes reports/analysis.json, the picture and a part of docs/nlu.md.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from sklearn.metrics import confusion_matrix, f1_score

from bot.analysis.analyser import Analyser
from bot.encoder import E5Encoder
from bot.settings import ROOT
from bot.yamlfile import read_yaml
from tools.scoring import HURRIES, resampled, shown

matplotlib.use("Agg")
from matplotlib import pyplot

SEALED, DEVELOPMENT = ROOT / "tests" / "eval", ROOT / "tests" / "eval" / "dev"
PAGE, REPORT, PICTURE = (
    ROOT / path for path in ("docs/nlu.md", "reports/analysis.json", "reports/statements-confusion.png")
)
KINDS = ("observation", "interpretation", "feeling")
_TABLE = re.compile(r"(?<=<!-- analysis -->\n).*?(?=<!-- /analysis -->)", re.DOTALL)
# The baselines: what a reader with a list of words would say.
_FEELS = re.compile(
    r"\b(ik|me|mij|m'n|mijn)\b.*\b(voel\w*|gevoel|bang|onrustig|zorgen|kriebels|buik|wakker|eng|vertrouw)\b"
)
_READS = re.compile(
    r"\b(volgens mij|ik denk|lijkt|waarschijnlijk|vast|denk ik|vermoed\w*|indruk|misschien|zal wel|is een)\b"
)

# The tables: set, what is counted, goal.
SHOWN = (
    ("statements", "macro F1", "≥ 0.87"),
    ("signals", "micro F1", "≥ 0.82"),
    ("negations", "micro F1", "–"),
    ("denials", "shown though denied", "low"),
    ("short", "micro F1", "–"),
    ("short_forms", "micro F1", "–"),
    ("short_denials", "shown though denied", "low"),
)

Rows = Sequence[tuple[str, Any]]


def kind_macro_f1(truth: Any, found: Any) -> float:
    """Return the mean F1 over the three kinds."""
    return float(f1_score(truth.tolist(), found.tolist(), labels=KINDS, average="macro", zero_division=0))


def signal_micro_f1(truth: Any, found: Any) -> float:
    """Return F1 over all signals, or forms, together; each row of both is a set."""
    right = sum(len(a & b) for a, b in zip(truth, found, strict=True))
    return 2 * right / max(1, sum(map(len, truth)) + sum(map(len, found)))


def kind_of(analyser: Analyser, text: str) -> str:
    """Return the kind of a text as a whole: that of its surest clause."""
    statements = analyser.analyse(text).statements
    return max(statements, key=lambda row: row.score).kind if statements else "observation"


def kind_by_words(text: str) -> str:
    """Return the kind by words alone."""
    plain = text.lower()
    return "feeling" if _FEELS.search(plain) else "interpretation" if _READS.search(plain) else "observation"


def signals_in(analyser: Analyser, text: str) -> frozenset[str]:
    """Return the ids of the signals that are recognised."""
    return frozenset(hit.id for hit in analyser.analyse(text).signals)


def signals_by_words(analyser: Analyser, text: str) -> frozenset[str]:
    """Return the signals whose patterns of words stand in the text."""
    return frozenset(analyser.signals_named(text))


def shown_though_denied(truth: Any, found: Any) -> float:
    """Return which part of what sentences deny, signals and forms, is shown all the same; each row of both is a set."""
    return sum(len(a & b) for a, b in zip(truth, found, strict=True)) / max(1, sum(map(len, truth)))


def measured(
    rows: Rows, score: Callable[[Any, Any], float], ways: Mapping[str, Callable[[str], Any]]
) -> dict[str, Any]:
    """Return per way the score with its interval."""
    truth = np.array([label for _, label in rows], dtype=object)
    return {
        name: resampled(score, truth, np.array([way(text) for text, _ in rows], dtype=object))
        for name, way in ways.items()
    }


def hurried(way: Callable[[str], Any]) -> dict[str, Callable[[str], Any]]:
    """Return the way on texts as typed in a hurry."""
    return {name: lambda text, hurry=hurry: way(hurry(text)) for name, hurry in HURRIES.items()}


def speed(analyser: Analyser, texts: Sequence[str]) -> dict[str, float]:
    """Return how long texts of sixty words take, in milliseconds; none of them was read before."""
    words = " ".join(texts).split()
    took = []
    for at in range(60):
        begin = time.perf_counter()
        analyser.analyse(" ".join(words[at * 60 + 7 : at * 60 + 67]))
        took.append((time.perf_counter() - begin) * 1000)
    return {"p50": round(float(np.median(took)), 1), "p95": round(float(np.quantile(took, 0.95)), 1)}


def draw(truth: Sequence[str], found: Sequence[str]) -> None:
    """Draw which kind was taken for which."""
    matrix = confusion_matrix(truth, found, labels=KINDS, normalize="true")
    figure, axes = pyplot.subplots(figsize=(5, 4.5), layout="constrained")
    axes.imshow(matrix, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(KINDS)), KINDS)
    axes.set_yticks(range(len(KINDS)), KINDS, rotation=90, va="center")
    axes.set_xlabel("taken for")
    axes.set_ylabel("is")
    for (row, column), value in np.ndenumerate(matrix):
        axes.text(column, row, f"{value:.0%}", ha="center", va="center", color="white" if value > 0.5 else "black")
    figure.savefig(PICTURE, dpi=100, metadata={"Software": None})
    pyplot.close(figure)


def read(folder: Path) -> dict[str, list[tuple[str, Any]]]:
    """Return the sets of a folder, each row a text with its label; `negations` are sentences with a negation, labelled
    with the signals that they show, `denials` the same with what they deny; `short` is how someone in a hurry types."""
    statements = read_yaml(folder / "statements.yml").data["sentences"]
    signals = read_yaml(folder / ("signals.yml" if folder == SEALED else "signals_earlier.yml")).data
    return {
        "statements": [(row["text"], row["kind"]) for row in statements],
        "signals": [(row["text"], frozenset(row["signals"])) for row in signals["sentences"]],
        "negations": [(row["text"], frozenset(row["signals"])) for row in signals["denials"]],
        "denials": [(row["text"], frozenset(row["denied"])) for row in signals["denials"] if row["denied"]],
        "short": [(row["text"], frozenset(row["signals"])) for row in signals["short"]],
        "short_forms": [(row["text"], frozenset(row["forms"])) for row in signals["short"]],
        "short_denials": [(row["text"], frozenset(row["denied"])) for row in signals["short"] if row["denied"]],
    }


def tables(report: Mapping[str, Any]) -> str:
    """Return the figures as Markdown."""
    lines = [""]
    for name, score, goal in SHOWN:
        rows = report[name]
        count = next(iter(rows.values()))["of"]
        lines += [f"| {name}, sealed ({count}) | {score} |", "| --- | --- |", f"| goal | {goal} |"]
        lines += [f"| {way} | {shown(row)} |" for way, row in rows.items()]
        lines.append("")
    took = report["ms"]
    return "\n".join([*lines, f"Sixty words take {took['p50']} ms at the median, {took['p95']} ms at p95.", "", ""])


def main(arguments: Sequence[str]) -> int:
    """Measure and write down; on the development sets the figures are only printed."""
    analyser = Analyser(ROOT / "data", E5Encoder(), ROOT / "var" / "cache" / "web")
    develops = "--development" in arguments
    sets = read(DEVELOPMENT if develops else SEALED)
    statements, signals = sets["statements"], sets["signals"]

    def by_model(text: str) -> str:
        return kind_of(analyser, text)

    def by_meaning(text: str) -> frozenset[str]:
        return signals_in(analyser, text)

    def by_words(text: str) -> frozenset[str]:
        return signals_by_words(analyser, text)

    def forms(text: str) -> frozenset[str]:
        return frozenset(hit.id for hit in analyser.analyse(text).forms)

    def either(text: str) -> frozenset[str]:
        found = analyser.analyse(text)
        return frozenset(hit.id for hit in (*found.signals, *found.forms))

    kinds = {"Pluis": by_model, "majority": lambda _: "observation", "words": kind_by_words}
    found = {"Pluis": by_meaning, "key words": by_words}
    took = speed(analyser, [text for text, _ in (*signals, *statements)])
    report = {
        "statements": measured(statements, kind_macro_f1, kinds | hurried(by_model)),
        "signals": measured(signals, signal_micro_f1, found | hurried(by_meaning)),
        "negations": measured(sets["negations"], signal_micro_f1, found),
        "denials": measured(sets["denials"], shown_though_denied, {"Pluis": either}),
        "short": measured(sets["short"], signal_micro_f1, found),
        "short_forms": measured(sets["short_forms"], signal_micro_f1, {"Pluis": forms}),
        "short_denials": measured(sets["short_denials"], shown_though_denied, {"Pluis": either}),
        "ms": took,
    }
    text = tables(report)
    print(text.replace("sealed", "development") if develops else text)
    if not develops:
        draw([kind for _, kind in statements], [by_model(sentence) for sentence, _ in statements])
        REPORT.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
        PAGE.write_text(_TABLE.sub(lambda _: text, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
