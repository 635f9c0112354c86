"""Puts words into the texts. Those for people are the user's own: {zij}, {haar}, {haar_bez} for the person about whom
there is worry, {hij}, {hem}, {zijn} for the person from whom the threat may come. Two are filled for one text at a
time: {citaat} with her own words, {feiten} with the facts behind a reason. What the organisation is to be named by
is declared in `data/advice/organisation.yml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

PLACEHOLDERS = ("zij", "haar", "haar_bez", "hij", "hem", "zijn", "citaat", "feiten")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_AFTER_A_WORD = re.compile(r"(?<=\S)[ \t]+\{(\w+)\}")
_AT_THE_START = re.compile(r"^\{(\w+)\}[ \t]*", re.MULTILINE)
_SENTENCE_STARTS = re.compile(r"(?:^(?:[-*]\s+)?|[.!?…]['’\")]?\s+|\n\s*(?:[-*]\s+)?)[\"'‘“(]?$")


def fill(text: str, words: Mapping[str, str]) -> str:
    """Fill the placeholders, with a capital where a sentence starts; one without a word stays as it is,
    and one with an empty word goes, with a blank beside it."""

    def gone(match: re.Match[str]) -> str:
        return "" if words.get(match[1]) == "" else match[0]

    def word(match: re.Match[str]) -> str:
        value = words.get(match[1])
        if value is None:
            return match[0]
        starts = _SENTENCE_STARTS.search(text[: match.start()])
        return value[:1].upper() + value[1:] if starts else value

    return _PLACEHOLDER.sub(word, _AT_THE_START.sub(gone, _AFTER_A_WORD.sub(gone, text)))


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence does: a, b en c."""
    return " en ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
