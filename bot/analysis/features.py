"""Lexical features of a clause beside its vector: which cue groups stand in it, and a few plain counts.
The cue groups are data (`words.yml`), so editors can improve them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from spacy.tokens import Span

from bot.analysis.labels import CUE, SAID
from bot.analysis.pipeline import FOUND
from bot.encoder import Vectors

_SAID_BY = ("client", "other", "self")
_FIRST = frozenset({"ik", "me", "mij", "mijn", "m'n", "we", "wij", "ons"})
_READ_INTO = frozenset({"feeling", "interpretation"})  # cues by which 'ik zag' tells more than what was seen
_OTHERS = frozenset({"ze", "zij", "hij", "haar", "hem", "mevrouw", "meneer", "mw", "mw.", "dhr", "dhr.", "[cliënt]"})


def labels_in(clause: Span, prefix: str) -> dict[str, list[Span]]:
    """Return the found spans that lie wholly in the clause and whose label begins with `prefix`, by rest of label."""
    found: dict[str, list[Span]] = {}
    for span in clause.doc.spans[FOUND]:
        if span.label_.startswith(prefix) and clause.start <= span.start and span.end <= clause.end:
            found.setdefault(span.label_[len(prefix) :], []).append(span)
    return found


def features(clauses: Sequence[Span], cues: Sequence[str]) -> Vectors:
    """Return one row of lexical features per clause."""
    rows = []
    for clause in clauses:
        found, said = labels_in(clause, CUE), labels_in(clause, SAID)
        words = [token.lower_ for token in clause]
        rows.append(
            [float(cue in found) for cue in cues]
            + [float(name in said) for name in _SAID_BY]
            + [
                float(any(word in _FIRST for word in words)),
                float(any(word in _OTHERS for word in words)),
                float(bool(words) and words[0] == "ik"),
                float("senses" in found and not _READ_INTO.intersection(found)),
                float(any(token.like_num for token in clause)),
                min(len(words), 25) / 25,
            ]
        )
    return np.array(rows, dtype=np.float32).reshape(len(clauses), len(cues) + len(_SAID_BY) + 6)
