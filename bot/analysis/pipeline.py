"""Our Dutch spaCy pipeline on `blank("nl")`: the field's abbreviations, role placeholders, sentences, clauses,
lemmas and word patterns. No trained Dutch model is needed, so nothing is downloaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span, Token
from spacy.util import filter_spans

from bot.analysis.lemmas import lemma_of
from bot.analysis.patterns import Compiled, prefix_of

CLAUSES = "clauses"
FOUND = "found"
_PLACEHOLDER = r"\[[^\[\]\n]{1,30}\]"
_SENTENCE_END = re.compile(r"^(?:[.!?]+|…|\.{2,})$")
_CLOSERS = frozenset("\"'”’)»")


@dataclass(frozen=True)
class ClauseWords:
    """The words by which clauses are split; see `data/analysis/words.yml`."""

    abbreviations: tuple[str, ...]
    coordinators: frozenset[str]
    joiners: frozenset[str]
    subordinators: frozenset[str]
    subjects: frozenset[str]
    finite: frozenset[str]
    not_finite: frozenset[str]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> ClauseWords:
        """Read the lists from the content of `words.yml`."""
        return cls(
            abbreviations=tuple(data["abbreviations"]),
            **{
                name: frozenset(data[name])
                for name in ("coordinators", "joiners", "subordinators", "subjects", "finite", "not_finite")
            },
        )

    def as_config(self) -> dict[str, list[str]]:
        """Return the lists as spaCy wants them in a component's configuration."""
        return {name: sorted(value) for name, value in vars(self).items()}


def make_pipeline(words: ClauseWords, compiled: Compiled) -> Language:
    """Build the pipeline; a parsed text has `doc.spans["clauses"]` and the labelled `doc.spans["found"]`."""
    nlp = spacy.blank("nl")
    _teach_tokenizer(nlp, words.abbreviations)
    nlp.add_pipe("pluis_sentences")
    nlp.add_pipe("pluis_lemmas", config={"prefixes": sorted(compiled.prefixes)})
    ruler: Any = nlp.add_pipe("span_ruler", config={"spans_key": FOUND, "validate": False})
    ruler.add_patterns(list(compiled.patterns))
    nlp.add_pipe("pluis_clauses", config={"words": words.as_config()})
    return nlp


def _teach_tokenizer(nlp: Language, abbreviations: Iterable[str]) -> None:
    tokenizer: Any = nlp.tokenizer
    for word in abbreviations:
        for form in {word, word.capitalize(), word.upper()}:
            tokenizer.add_special_case(form, [{"ORTH": form}])
    old = tokenizer.token_match
    placeholder = re.compile(rf"{_PLACEHOLDER}$")

    def token_match(text: str) -> Any:
        return placeholder.match(text) or (old(text) if old else None)

    tokenizer.token_match = token_match


@Language.component("pluis_sentences")
def mark_sentences(doc: Doc) -> Doc:
    """Join placeholders to one token, then start a sentence after an end mark or a line end."""
    found = re.finditer(_PLACEHOLDER, doc.text)
    spans = [doc.char_span(match.start(), match.end(), alignment_mode="expand") for match in found]
    with doc.retokenize() as retokenizer:
        for span in filter_spans([span for span in spans if span is not None and len(span) > 1]):
            retokenizer.merge(span)  # two that share a token ("[persoon 1]/[persoon 2]") cannot both be merged
    starts = True
    for index, token in enumerate(doc):
        ends_here = _ends_sentence(token) or "\n" in token.text
        trailing = token.text in _CLOSERS and index > 0 and _ends_sentence(doc[index - 1])
        token.is_sent_start = (starts and not (_ends_sentence(token) or token.is_space or trailing)) or index == 0
        starts = (starts and (token.is_space or trailing or _ends_sentence(token))) or ends_here
    return doc


def _ends_sentence(token: Token) -> bool:
    return bool(_SENTENCE_END.match(token.text))


class _Lemmas:
    """Sets LEMMA by simplemma, and NORM to the word beginning that a pattern asks for."""

    def __init__(self, prefixes: frozenset[str]) -> None:
        self._prefixes = prefixes

    def __call__(self, doc: Doc) -> Doc:
        for token in doc:
            token.lemma_ = lemma_of(token.text)
            prefix = prefix_of(token.lower_, self._prefixes)
            token.norm_ = f"{prefix}*" if prefix else token.lower_
        return doc


class _Clauses:
    """Splits sentences at conjunctions and at commas that are followed by a verb of their own."""

    def __init__(self, words: ClauseWords) -> None:
        self._words = words

    def __call__(self, doc: Doc) -> Doc:
        clauses: list[Span] = []
        for sentence in doc.sents:
            cuts = [sentence.start]
            for index in range(sentence.start + 1, sentence.end):
                if self._cuts_before(doc, cuts[-1], index, sentence.end):
                    cuts.append(index)
            for start, end in zip(cuts, [*cuts[1:], sentence.end], strict=True):
                clause = self._trimmed(doc, start, end)
                if clause is not None:
                    clauses.append(clause)
        doc.spans[CLAUSES] = clauses
        return doc

    def is_finite(self, token: Token) -> bool:
        """Guess whether a word is a finite verb: by list, or by a form that differs from its infinitive."""
        word = token.lower_
        if word in self._words.finite:
            return True
        if word in self._words.not_finite or not token.is_alpha or word.startswith("ge"):
            return False
        return word != token.lemma_ and token.lemma_.endswith("en") and not word.endswith(("en", "end", "ende"))

    def _cuts_before(self, doc: Doc, start: int, index: int, end: int) -> bool:
        token, words = doc[index], self._words
        if token.text == ";":
            return True
        left, right = doc[start:index], doc[index + 1 : end]
        if not self._has_verb(left):
            return False
        if token.lower_ in words.coordinators:
            return self._has_verb(right)
        if token.lower_ in words.subordinators:
            return index > start + 1 and self._has_verb(right)
        if token.lower_ in words.joiners:
            return self._opens_clause(doc, index + 1, end)
        if token.text in {",", ":"} and index + 1 < end:
            follows = doc[index + 1].lower_
            if token.text == ":" or follows in words.coordinators | words.subordinators | words.joiners:
                return False
            fronted = doc[start].lower_ in words.subordinators | {"als", "wanneer"} and start == doc[start].sent.start
            return not fronted and self._opens_clause(doc, index + 1, end) and not self._is_relative(doc[index + 1])
        return False

    def _has_verb(self, tokens: Span) -> bool:
        return any(self.is_finite(token) for token in tokens)

    def _opens_clause(self, doc: Doc, start: int, end: int) -> bool:
        """See whether a clause of its own begins: a verb first, or a subject with a verb after it."""
        near = [token for token in doc[start : min(end, start + 5)] if not token.is_punct]
        if not near:
            return False
        if any(self.is_finite(token) for token in near[:4]):
            return True
        return near[0].lower_ in self._words.subjects and self._has_verb(doc[start:end])

    @staticmethod
    def _is_relative(token: Token) -> bool:
        return token.lower_ in {"die", "wat", "waar", "dat"}

    def _trimmed(self, doc: Doc, start: int, end: int) -> Span | None:
        drop = self._words.coordinators | self._words.joiners
        while start < end and (doc[start].is_punct or doc[start].is_space or (doc[start].lower_ in drop)):
            if doc[start].text.startswith("["):
                break
            start += 1
        while end > start and (doc[end - 1].is_space or doc[end - 1].text in {".", ",", ";", "-", "…", ":"}):
            end -= 1
        has_word = any(token.is_alpha or token.like_num or token.text.startswith("[") for token in doc[start:end])
        return doc[start:end] if has_word else None


@Language.factory("pluis_lemmas", default_config={"prefixes": []})
def _make_lemmas(nlp: Language, name: str, prefixes: list[str]) -> _Lemmas:
    return _Lemmas(frozenset(prefixes))


@Language.factory("pluis_clauses", default_config={"words": {}})
def _make_clauses(nlp: Language, name: str, words: dict[str, list[str]]) -> _Clauses:
    return _Clauses(ClauseWords.from_data(words))
