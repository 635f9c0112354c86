"""Measures the door on marked sentences: what leaks, and what is left out without need.
Run as `python -m bot.privacy.measure tests/eval/dev/privacy.yml var/cache/deduce`."""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bot.privacy.door import Door
from bot.yamlfile import read_yaml

_MARK = re.compile(r"«([^:»]+):([^»]*)»")
_PIECE = re.compile(r"[^\W\d_]{2,}|\d+")
_PLACEHOLDER = re.compile(r"\[[a-zë-]+(?: \d+)?\]")
STRUCTURED = frozenset({"bsn", "telefoon", "e-mail", "postcode", "rekening"})
GROUPS = ("gestructureerd", "naam", "klein", "plaats", "overig")


@dataclass(frozen=True)
class Sentence:
    """A sentence as typed, its secrets as (kind, text), and its words that must stay."""

    text: str
    secrets: tuple[tuple[str, str], ...]
    rest: tuple[str, ...]


@dataclass
class Figures:
    """Counts over a set of sentences, and what went wrong, for who improves the door."""

    items: Counter[str] = field(default_factory=Counter)
    leaks: Counter[str] = field(default_factory=Counter)
    sentences: int = 0
    needless: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def leaked(self, group: str) -> float:
        """Return the share of items of a group that leaked."""
        return self.leaks[group] / self.items[group] if self.items[group] else 0.0

    @property
    def masked_needlessly(self) -> float:
        """Return the share of sentences in which something was left out that should stay."""
        return self.needless / self.sentences if self.sentences else 0.0

    @property
    def p95(self) -> float:
        """Return the 95th percentile of the time for one message, in milliseconds."""
        return statistics.quantiles(self.seconds, n=20)[-1] * 1000 if len(self.seconds) > 1 else 0.0


def read_sentences(path: Path) -> list[Sentence]:
    """Read marked sentences: `«naam:Fatima» is bang`. Raises DataFileError."""
    data = read_yaml(path).data
    return [parse(line) for key in ("with_personal_data", "without_personal_data") for line in data[key]]


def parse(line: str) -> Sentence:
    """Take the marks out of one sentence."""
    rest = _MARK.sub(" ", line)
    return Sentence(
        _MARK.sub(r"\2", line), tuple(_MARK.findall(line)), tuple(_PIECE.findall(_PLACEHOLDER.sub(" ", rest)))
    )


def measure(door: Door, sentences: Iterable[Sentence]) -> Figures:
    """Run each sentence through the door as a conversation of its own."""
    figures = Figures()
    for number, sentence in enumerate(sentences):
        begin = time.perf_counter()
        masked = door.pseudonymise(f"measure-{number}", sentence.text).text
        figures.seconds.append(time.perf_counter() - begin)
        door.forget(f"measure-{number}")
        _count(figures, sentence, masked)
    return figures


def _count(figures: Figures, sentence: Sentence, masked: str) -> None:
    """A secret leaks when more of its words are left than the rest of the sentence accounts for."""
    left = Counter(_PIECE.findall(_PLACEHOLDER.sub(" ", masked)))
    stays = Counter(sentence.rest)
    figures.sentences += 1
    for kind, secret in sentence.secrets:
        group = _group(kind)
        figures.items[group] += 1
        leak = [
            piece
            for piece in _PIECE.findall(secret)
            if left[piece] > stays[piece] and piece not in {"van", "de", "der", "en"}
        ]
        if leak:
            figures.leaks[group] += 1
            figures.wrong.append(f"LEK {kind} {leak}: {masked}")
    lost = stays - left
    if lost:
        figures.needless += 1
        figures.wrong.append(f"NODELOOS {sorted(lost)}: {sentence.text} -> {masked}")


def _group(kind: str) -> str:
    if kind in STRUCTURED:
        return "gestructureerd"
    return kind if kind in GROUPS else "overig"


def report(figures: Figures) -> str:
    """Return the figures as text, with every mistake."""
    lines = [
        f"{group}: {figures.leaks[group]} van {figures.items[group]} gelekt ({figures.leaked(group):.1%})"
        for group in GROUPS
    ]
    lines.append(f"nodeloos: {figures.needless} van {figures.sentences} zinnen ({figures.masked_needlessly:.1%})")
    lines.append(f"p95: {figures.p95:.1f} ms")
    return "\n".join(figures.wrong + lines)


if __name__ == "__main__":
    print(report(measure(Door(Path(sys.argv[2])), read_sentences(Path(sys.argv[1])))))
