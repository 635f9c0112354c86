"""Lemmas: the dictionary form of a Dutch word."""

from __future__ import annotations

from functools import lru_cache

import simplemma


@lru_cache(maxsize=20_000)
def lemma_of(word: str) -> str:
    """Return the lower-case lemma of one word."""
    return str(simplemma.lemmatize(word.lower(), lang="nl")).lower()
