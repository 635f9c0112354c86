"""Measures the search in the knowledge on the sealed questions, beside words alone, meaning alone and a second encoder.
Prints the tables and writes reports/knowledge.json, the measured part of docs/knowledge.md and a picture of the scores.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import matplotlib

from bot.encoder import E5Encoder, UseEncoder
from bot.knowledge.base import Limits
from bot.knowledge.measure import (
    GOALS,
    INSIDE,
    OUTSIDE,
    ROOT,
    Bench,
    asked,
    best_scores,
    figures,
    ranked,
    read_questions,
)

matplotlib.use("Agg")
from matplotlib import pyplot

SETS = {
    "development": [ROOT / "tests" / "eval" / "dev" / f"knowledge_{part}.yml" for part in ("judged", "earlier")],
    "sealed": [ROOT / "tests" / "eval" / "knowledge.yml"],
}
PAGE, PICTURE = ROOT / "docs" / "knowledge.md", ROOT / "docs" / "beelden" / "kennis-scores.png"
MARKER = "<!-- measured -->"
KINDS = {"answer": "has an answer", INSIDE: "in the field, no answer here", OUTSIDE: "from elsewhere"}


def draw(scores: Mapping[str, Sequence[float]], least: float) -> None:
    """Draw per kind of question how sure the search is that it can answer, with the limit."""
    figure, axes = pyplot.subplots(len(KINDS), 1, figsize=(7, 5), sharex=True, layout="constrained")
    for axis, (kind, name) in zip(axes, KINDS.items(), strict=True):
        axis.hist(scores[kind], bins=[at / 25 for at in range(26)], color="#2f6f73")
        axis.axvline(least, color="#a33b20", linestyle="--")
        axis.set_title(f"{name} ({len(scores[kind])})", loc="left", fontsize=10)
        axis.set_ylabel("questions")
    axes[-1].set_xlabel(f"chance that the base can answer; below {least} Pluis says that it does not know")
    figure.savefig(PICTURE, dpi=110, metadata={"Software": None})
    pyplot.close(figure)


def tables(report: Mapping[str, Mapping[str, float]], ranking: Mapping[str, tuple[float, float]]) -> str:
    """Return the figures as Markdown."""
    names = [name for name in next(iter(report.values())) if not name.startswith("ms")]
    lines = [f"| figure | goal | {' | '.join(report)} |", f"| --- | --- |{' --- |' * len(report)}"]
    for name in names:
        values = (f"{row[name]:.3f}" if isinstance(row[name], float) else str(row[name]) for row in report.values())
        lines.append(f"| {name} | {GOALS.get(name, '')} | {' | '.join(values)} |")
    lines += ["", "| ranking of the sealed questions by | right first | in the first three |", "| --- | --- | --- |"]
    lines += [f"| {name} | {first:.3f} | {three:.3f} |" for name, (first, three) in ranking.items()]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Measure and write down; `--quick` leaves out the second encoder, which reads all content for minutes."""
    with tempfile.TemporaryDirectory() as folder:
        bench, encoder = Bench(Path(folder)), E5Encoder()
        sets = {name: [row for path in paths for row in read_questions(path)] for name, paths in SETS.items()}
        index, knowledge = bench.index(encoder), bench.knowledge(encoder)
        report = {name: figures(asked(knowledge, questions)) for name, questions in sets.items()}
        sealed = sets["sealed"]
        ranking = {f"{name}, E5": value for name, value in ranked(index, sealed).items()}
        if "--quick" not in arguments:
            second = ranked(bench.index(UseEncoder()), sealed)
            ranking |= {f"{name}, USE": value for name, value in second.items() if name != "words alone"}
        draw(best_scores(index, sealed), Limits().fits)
    text = tables(report, ranking)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    made = {"date": datetime.now(UTC).date().isoformat(), "commit": commit.stdout.strip(), "topics": len(index.topics)}
    (ROOT / "reports" / "knowledge.json").write_text(
        json.dumps(made | {"sets": report, "ranking": ranking}, indent=2) + "\n", encoding="utf-8"
    )
    head = PAGE.read_text(encoding="utf-8").partition(MARKER)[0]
    measured = f"{MARKER}\n\n{made['topics']} topics, {made['date']}, commit {made['commit']}.\n\n{text}\n"
    PAGE.write_text(head + measured, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
