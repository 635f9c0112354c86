"""A small notation for word patterns, so that editors write `keel ... dicht*` in YAML and spaCy matches it.
Everything compiles to plain LOWER, LEMMA and NORM tests: no regular expression runs per token."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

TokenTest = dict[str, Any]

# fmt: off
NEGATORS = frozenset({
    "geen", "gene", "niet", "neit", "nie", "nooit", "noit", "nimmer", "niks", "niets", "niemand", "nergens", "zonder",
    "noch", "allerminst", "geenszins", "allesbehalve",
})
# fmt: on
DENIES = "denies"  # the id of a pattern that holds a negation itself

GAP = "..."
GAP_LENGTH = 6
SENTENCE_ENDS = [".", "!", "?", "…", "...", "\n", "\n\n"]
_MOST = 3000
_WORDS = re.compile(r"[^\W\d_]+")


class PatternError(ValueError):
    """A pattern cannot be read; the message says why, in Dutch."""


@dataclass(frozen=True)
class Compiled:
    """spaCy patterns with their labels, and the word beginnings they need in NORM."""

    patterns: tuple[dict[str, Any], ...]
    prefixes: frozenset[str]


def prefix_of(word: str, prefixes: frozenset[str]) -> str | None:
    """Return the longest of `prefixes` with which `word` begins."""
    for end in range(len(word), 0, -1):
        if word[:end] in prefixes:
            return word[:end]
    return None


def compile_patterns(
    groups: Mapping[str, Iterable[str]], macros: Mapping[str, Sequence[str]] | None = None
) -> Compiled:
    """Compile {label: patterns}. Raises PatternError for an empty or too wide pattern.

    Notation: `woord` as written, `a|b` either, `=slaan` every form of it, `dreig*` every word that begins so,
    `woord?` may be absent, `...` at most six words in between, within one sentence, `<kind>` a list of words.
    """
    written = {label: [_with_macros(text.lower(), macros or {}) for text in texts] for label, texts in groups.items()}
    prefixes = frozenset(
        option[:-1]
        for texts in written.values()
        for text in texts
        for word in text.split()
        for option in word.rstrip("?").split("|")
        if option.endswith("*")
    )
    patterns = [
        {"label": label, "pattern": pattern, "id": DENIES if NEGATORS.intersection(_WORDS.findall(text)) else label}
        for label, texts in written.items()
        for text in texts
        for pattern in _expand(text, prefixes)
    ]
    return Compiled(tuple(patterns), prefixes)


def _with_macros(text: str, macros: Mapping[str, Sequence[str]]) -> str:
    for name, words in macros.items():
        text = text.replace(f"<{name}>", "|".join(words))
    if "<" in text:
        raise PatternError(f"patroon '{text}' noemt een onbekende woordenlijst")
    return text


def _expand(text: str, prefixes: frozenset[str]) -> list[list[TokenTest]]:
    words = text.split()
    if not words or words[0] == GAP or words[-1] == GAP:
        raise PatternError(f"patroon '{text}' is leeg, of begint of eindigt met ...")
    choices = [_tests(word, prefixes) for word in words]
    choices[0] = _one_by_one(choices[0])  # the first word is tried at every token: only tests that spaCy does in C
    count = 1
    for options in choices:
        count *= len(options)
    if count > _MOST:
        raise PatternError(f"patroon '{text}' is te ruim ({count} mogelijkheden)")
    found = [[test for test in row if test is not None] for row in product(*choices)]
    if any(not row for row in found):
        raise PatternError(f"patroon '{text}' kan leeg zijn")
    return found


def _tests(word: str, prefixes: frozenset[str]) -> list[TokenTest | None]:
    """Return what a token may be: one test for written forms, one for lemmas, one for beginnings."""
    if word == GAP:
        return [{"TEXT": {"NOT_IN": SENTENCE_ENDS}, "OP": f"{{0,{GAP_LENGTH}}}"}]
    optional = word.endswith("?") and word.strip("?") != ""
    word = word[:-1] if optional else word
    lemma = word.startswith("=") and len(word) > 1
    allowed: dict[str, list[str]] = {}
    for option in (word[1:] if lemma else word).split("|"):
        if not option:
            raise PatternError(f"leeg woord in '{word}'")
        if option.endswith("*"):
            longer = [f"{prefix}*" for prefix in sorted(prefixes) if prefix.startswith(option[:-1])]
            allowed.setdefault("NORM", []).extend(longer)
        else:
            allowed.setdefault("LEMMA" if lemma else "LOWER", []).append(option)
    tests: list[TokenTest | None] = [
        {attribute: values[0] if len(values) == 1 else {"IN": values}} for attribute, values in allowed.items()
    ]
    return [None, *tests] if optional else tests


def _one_by_one(tests: Iterable[TokenTest | None]) -> list[TokenTest | None]:
    single: list[TokenTest | None] = []
    for test in tests:
        if test is None:
            single.append(None)
            continue
        for attribute, value in test.items():
            values = value["IN"] if isinstance(value, dict) and "IN" in value else [value]
            single.extend({attribute: item} for item in values)
    return single
