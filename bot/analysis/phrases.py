"""Finds groups of word patterns in a short typed text. Marks count only as the ends of what is said,
so that 'nee, geen idee' and 'nee geen idee' read the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.analysis.lemmas import lemma_of
from bot.analysis.patterns import compile_patterns, prefix_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

LONGEST = 400  # characters; an answer stands at the beginning
_START, _END = "^ ", " $"
_WORD = re.compile(r"['’]?\w+(?:['’]\w+)*|[?👍👎✅✔❌🤷]")
_MARK = re.compile(r"[.,;:!…\n—–]|\s-\s")
_BUT = frozenset({"maar", "want", "wel", "alleen", "en", "toch"})
_STRETCHED = re.compile(r"(\w)\1{2,}")  # jaaaa, neeee


@dataclass(frozen=True)
class Typed:
    """The words of a typed text, in lower case, in the parts that its marks make."""

    parts: tuple[tuple[str, ...], ...]

    @classmethod
    def read(cls, text: str) -> Typed:
        """Take a text apart."""
        plain = _STRETCHED.sub(r"\1\1", text[:LONGEST].replace("’", "'").lower())
        return cls(tuple(tuple(words) for part in _MARK.split(plain) if (words := _WORD.findall(part))))

    @property
    def words(self) -> tuple[str, ...]:
        """All words in order."""
        return tuple(word for part in self.parts for word in part)

    @property
    def pieces(self) -> Iterator[Typed]:
        """The pieces between the marks, 'maar', 'wel' and the like."""
        for words in self.parts:
            cuts = [-1, *(at for at, word in enumerate(words) if word in _BUT), len(words)]
            for before, after in pairwise(cuts):
                if after - before > 1:
                    yield Typed((words[before + 1 : after],))

    @property
    def ends(self) -> frozenset[int]:
        """After how many words a part ends."""
        return frozenset(sum(len(part) for part in self.parts[: index + 1]) for index in range(len(self.parts)))


class Phrases:
    """Groups of patterns, in the notation of `patterns.py` with `^` for the start and `$` for the end of a part."""

    def __init__(
        self,
        groups: Mapping[str, Sequence[str]],
        fillers: Sequence[str] = (),
        macros: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        placed: dict[str, list[str]] = {"": list(fillers)} if fillers else {}
        for name, texts in groups.items():
            for text in texts:
                place = f"{name}|{_START if text.startswith(_START) else ''}|{_END if text.endswith(_END) else ''}"
                placed.setdefault(place, []).append(text.removeprefix(_START).removesuffix(_END))
        import spacy  # most of a second: not for who only imports this
        from spacy.matcher import Matcher

        compiled = compile_patterns(placed, macros)
        self._vocab = spacy.blank("nl").vocab
        self._matcher = Matcher(self._vocab)
        self._prefixes = compiled.prefixes
        for pattern in compiled.patterns:
            self._matcher.add(pattern["label"], [pattern["pattern"]])

    def found(self, typed: Typed) -> frozenset[str]:
        """Return the names of the groups of which a pattern stands in the text, at the place that it asks for."""
        matches = [(self._vocab.strings[key], start, end) for key, start, end in self._matcher(self._doc(typed.words))]
        first, ends = self._first(matches, len(typed.words)), typed.ends
        names = set[str]()
        for place, start, end in matches:
            name, at_start, at_end = place.split("|") if place else ("", "", "")
            if name and (not at_start or start == first) and (not at_end or end in ends):
                names.add(name)
        return frozenset(names)

    @staticmethod
    def _first(matches: Sequence[tuple[str, int, int]], count: int) -> int:
        """Return where the text begins to say something, after 'nou', 'eh', 'bah'."""
        first = 0
        for place, start, end in sorted(matches, key=lambda match: match[1:]):
            if not place and start == first and end < count:
                first = end
        return first

    def _doc(self, words: Sequence[str]) -> Doc:
        from spacy.tokens import Doc

        doc = Doc(self._vocab, words=list(words))
        for token in doc:
            token.lemma_ = lemma_of(token.text)
            prefix = prefix_of(token.lower_, self._prefixes)
            token.norm_ = f"{prefix}*" if prefix else token.lower_
        return doc
