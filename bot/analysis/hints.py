"""Finds the facts of the advice tables that a text points to, with the words that point there.
Wide on purpose: a hint only makes Pluis ask; it never fills in an answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from spacy.tokens import Doc, Span

from bot.analysis.features import labels_in
from bot.analysis.labels import CONTEXT, FACT, WIDE
from bot.analysis.pipeline import CLAUSES, FOUND
from bot.analysis.recognise import is_negated
from bot.analysis.records import ContextHit, FactHint
from bot.analysis.resources import FactClues
from bot.encoder import Vectors

BY_MEANING = 0.62
PATTERN_SCORE = 0.9  # words that name the fact; what is only like it, or may mean something else, stays below
UNSURE = PATTERN_SCORE - 0.01


class HintFinder:
    """Points to facts by word patterns and by likeness to example sentences."""

    def __init__(self, facts: Sequence[FactClues], vectors: Vectors) -> None:
        self._negatable = {clues.id: clues.negatable for clues in facts}
        self._order = {clues.id: index for index, clues in enumerate(facts)}
        self._owners = [clues.id for clues in facts for _ in clues.examples]
        self._vectors = vectors

    def hints(self, doc: Doc, vectors: Vectors) -> list[FactHint]:
        """Return one hint per fact, strongest quote first, in the order of `facts.yml`."""
        best: dict[str, FactHint] = {}
        for hint in (*self._by_pattern(doc), *self._by_meaning(doc, vectors)):
            if hint.fact not in best or hint.score > best[hint.fact].score:
                best[hint.fact] = hint
        return sorted(best.values(), key=lambda hint: self._order[hint.fact])

    def _by_pattern(self, doc: Doc) -> list[FactHint]:
        clauses = doc.spans[CLAUSES]
        found = []
        for span in doc.spans[FOUND]:
            wide = span.label_.startswith(WIDE)
            if not wide and not span.label_.startswith(FACT):
                continue
            fact = span.label_.removeprefix(WIDE).removeprefix(FACT)
            touched = [clause for clause in clauses if clause.start < span.end and span.start < clause.end]
            if not touched or (self._negatable[fact] and is_negated(span, touched[0])):
                continue
            quote = doc[touched[0].start : touched[-1].end].text
            found.append(FactHint(fact, quote, UNSURE if wide else PATTERN_SCORE))
        return found

    def _by_meaning(self, doc: Doc, vectors: Vectors) -> list[FactHint]:
        clauses: Sequence[Span] = doc.spans[CLAUSES]
        if not len(clauses) or not self._owners:
            return []
        likeness = vectors @ self._vectors.T
        return [
            FactHint(self._owners[column], clauses[row].text, min(float(likeness[row, column]), UNSURE))
            for row, column in zip(*np.nonzero(likeness >= BY_MEANING), strict=True)
        ]


def contexts_in(clauses: Sequence[Span]) -> tuple[ContextHit, ...]:
    """Return the contexts that clauses name outright, each with the first clause that does; what is denied is not."""
    found: dict[str, ContextHit] = {}
    for clause in clauses:
        for name, spans in labels_in(clause, CONTEXT).items():
            if any(not is_negated(span, clause, after=2) for span in spans):
                found.setdefault(name, ContextHit(name, clause.text))
    return tuple(found.values())
