"""What every measurement shares, in both environments: intervals, calibration, and texts typed in a hurry."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy.stats import binomtest

RESAMPLES = 1000
_BESIDE = {
    "a": "qsz", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "ko", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "xs",
}  # fmt: skip


def share(right: Sequence[bool]) -> dict[str, Any]:
    """Return the share that is right, with the ends of its 95% interval (Wilson) and how many there were."""
    count, total = int(np.sum(right)), len(right)
    if not total:
        return {"value": float("nan"), "low": 0.0, "high": 1.0, "of": 0}
    ends = binomtest(count, total).proportion_ci(0.95, method="wilson")
    return {"value": round(count / total, 3), "low": round(ends.low, 3), "high": round(ends.high, 3), "of": total}


def resampled(score: Callable[[Any, Any], float], truth: Sequence[Any], found: Sequence[Any]) -> dict[str, Any]:
    """Return `score(truth, found)` with the ends of its 95% interval (bootstrap over sentences, fixed seed)."""
    a, b = np.array(truth, dtype=object), np.array(found, dtype=object)
    rows = np.random.default_rng(1).integers(len(a), size=(RESAMPLES, len(a)))
    low, high = np.quantile([score(a[row], b[row]) for row in rows], [0.025, 0.975])
    return {"value": round(score(a, b), 3), "low": round(float(low), 3), "high": round(float(high), 3), "of": len(a)}


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Return the mean gap between confidence and accuracy over bins of confidence, weighted by their size."""
    return float(sum(size * abs(sure - true) for sure, true, size in calibration(confidences, right, bins)))


def calibration(confidences: Sequence[float], right: Any, bins: int = 10) -> list[tuple[float, float, float]]:
    """Return per filled bin: the mean confidence, the share that was right, and its share of all."""
    sure, true = np.asarray(confidences), np.asarray(right)
    bin_of = np.minimum((sure * bins).astype(int), bins - 1)
    filled = [bin_of == b for b in sorted(set(bin_of.tolist()))]
    return [(float(sure[at].mean()), float(true[at].mean()), float(at.mean())) for at in filled]


def with_typos(text: str) -> str:
    """Return the text with one typing error in about eight words of four letters or more; the same each time."""
    chance = random.Random(text)
    long = [at for at, word in enumerate(text.split()) if len(word) > 3 and word.isalpha()]
    words = text.split()
    for at in chance.sample(long, min(len(long), max(1, round(len(words) / 8)))):
        words[at] = _mistyped(words[at], chance)
    return " ".join(words)


def _mistyped(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    beside = _BESIDE.get(word[at].lower(), word[at])
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at] + word[at:],
            word[:at] + chance.choice(beside) + word[at + 1 :],
        ]
    )


def without_punctuation(text: str) -> str:
    """Return the text without marks; placeholders stay."""
    return " ".join(re.sub(r"[^\w\s\[\]'-]", " ", text).split())


HURRIES: dict[str, Callable[[str], str]] = {
    "one typo in eight words": with_typos,
    "no capitals": str.lower,
    "no punctuation": without_punctuation,
}


def shown(row: dict[str, Any]) -> str:
    """Return a share with its interval, as it stands in a table."""
    return f"{row['value']:.3f} ({row['low']:.3f}–{row['high']:.3f})"
