"""Reads a Dutch question as a search engine needs it: usual terms for abbreviations and other words,
typing errors mended, lemmas of the words that carry content."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import simplemma
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.knowledge.records import WordRules

MAX_CHARACTERS = 400
LEANING_LEMMAS = 3  # a question that leans says little by itself
MENDED_LENGTH = 5
MENDED_LIKENESS = 0.79

_WORD = re.compile(r"[^\W_]+")
_PLACEHOLDER = re.compile(r"\[([^\[\]\d]{1,20}?)\s*\d{0,4}\]")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")


class Words:
    """The reading of questions and topics under one set of rules; safe to use from several threads."""

    def __init__(self, rules: WordRules) -> None:
        self._rules = rules
        self._use = {_fold(written): use for written, use in rules.synonyms.items()}
        longest_first = sorted(self._use, key=len, reverse=True)
        pattern = "|".join(re.escape(written) for written in longest_first)
        self._written = re.compile(rf"(?<![\w+])(?:{pattern})(?![\w+])") if pattern else None
        self._stop = frozenset(_plain_letters(word) for word in rules.stopwords)
        self._pointers = frozenset(_plain_letters(word) for word in rules.pointers)
        self._openings = tuple(f"{_fold(opening)} " for opening in rules.openings)
        self._terms = frozenset(
            word for text in (*self._use, *self._use.values()) for word in _WORD.findall(_fold(text))
        )

    def question(self, text: str, vocabulary: frozenset[str]) -> str:
        """Return what is asked in `text`: bounded, tidy, typing errors mended to words of `vocabulary`."""
        # Cut before anything else, so that the time is bounded whatever comes in.
        return self._usual_terms(self._mend(_tidy(_question_of(text))[:MAX_CHARACTERS], vocabulary))

    def passage(self, text: str) -> str:
        """Return a text of ours as questions are read: lower case, with the usual terms."""
        return self._usual_terms(_tidy(text))

    def vocabulary(self, texts: Iterable[str]) -> frozenset[str]:
        """Return the words as written in `texts` and in the rules: what typing errors may be mended to."""
        found = {word for text in texts for word in _WORD.findall(_tidy(text))}
        return frozenset(word for word in found | self._terms if len(word) >= MENDED_LENGTH)

    def lemmas(self, text: str) -> list[str]:
        """Return the lemmas of the words that carry content, in order."""
        words = [word for word in _WORD.findall(_fold(text)) if _plain_letters(word) not in self._stop]
        lemmas = [_lemma(word) for word in words if len(word) > 1 or word.isdigit()]
        return [lemma for lemma in lemmas if lemma not in self._stop]

    def points_back(self, text: str) -> bool:
        """Tell whether a question leans on what was said before ("en wat dan?", "geldt dat ook voor kinderen?")."""
        points = not self._pointers.isdisjoint(map(_plain_letters, _WORD.findall(_fold(text))))
        leans = points or _tidy(text).startswith(self._openings)
        return leans and len(set(self.lemmas(text))) <= LEANING_LEMMAS

    def _usual_terms(self, text: str) -> str:
        return self._written.sub(lambda match: self._use[match[0]].casefold(), text) if self._written else text

    def _mend(self, text: str, vocabulary: frozenset[str]) -> str:
        return _WORD.sub(lambda match: self._mended(match[0], vocabulary), text)

    def _mended(self, word: str, vocabulary: frozenset[str]) -> str:
        if len(word) < MENDED_LENGTH or word in vocabulary or word.isdigit() or _is_dutch(word):
            return word
        best = process.extractOne(
            word, vocabulary, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=MENDED_LIKENESS
        )
        return best[0] if best else word


def _question_of(text: str) -> str:
    """Return a short text whole; of a long one the questions, else its beginning."""
    text = text[: 20 * MAX_CHARACTERS]
    if len(text) <= MAX_CHARACTERS:
        return text
    asked = [part.strip() for part in _SENTENCE.findall(text) if part.rstrip().endswith("?")]
    return " ".join(asked) or text


def _tidy(text: str) -> str:
    text = unicodedata.normalize("NFKC", _NO_TEXT.sub(" ", _UNSEEN.sub("", text)))
    return " ".join(_fold(_PLACEHOLDER.sub(r"\1", text)).split())


def _fold(text: str) -> str:
    return text.casefold().replace("’", "'")


def _plain_letters(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


@lru_cache(maxsize=20_000)
def _lemma(word: str) -> str:
    return _plain_letters(str(simplemma.lemmatize(word, lang="nl")).replace("_", "").casefold())


@lru_cache(maxsize=20_000)
def _is_dutch(word: str) -> bool:
    return bool(simplemma.is_known(word, lang="nl"))
