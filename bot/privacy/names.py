"""Finds names of people: joins words into whole names, and tells whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from bot.privacy.lists import Annotation, Lists
from bot.privacy.name_lists import NameLists
from bot.privacy.name_words import NameWords
from bot.privacy.spans import Span
from bot.privacy.surroundings import Surroundings
from bot.privacy.view import View, Word
from bot.privacy.words import Words, is_nearly_dutch

_INITIALS = re.compile(r"(?<![\w.])[A-Z](?:[a-z]?\.\s?(?:(?:van|de|der|den|el|al)\s)*[A-Z])*\.?(?![\w'-])")
_FULL_INITIALS = re.compile(r"[A-Z]\.\s?(?:(?:van|de|der|den|el|al)\s)+[A-Z]\.?")
_ABBREVIATION = re.compile(r"[A-Z]\.[A-Z]\.(?:[A-Z]\.)+")
_LEADING_INITIALS = re.compile(r"(?<![\w.])[A-Z]\.?(?:[A-Z]\.)*\s?(?:[A-Z]\.\s?)*$")
_WORD_BEFORE = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)(?:\.?\s+|:\s*)$")
_JOIN = re.compile(r"\s{1,2}|\s?-\s?")
_CLIENT = r"(?:cli[ëe]nte?|cl\.?|pati[ëe]nte?|pt\.?)"
_CLIENT_BEFORE = re.compile(
    rf"(?<![\w-]){_CLIENT}(?:,?\s+|:\s*|\s*\(|\s+(?:is|heet|noem ik)\s+"
    r"|,?\s+(?:mevrouw|mevr|mw|meneer|dhr|mvr)\.?\s+)[\"']?$",
    re.IGNORECASE,
)
_CLIENT_AFTER = re.compile(
    rf"(?:\s+(?:is|was|=)\s+(?:hier\s+)?(?:de|mijn|onze|m'n)\s+|\s*[(,=]\s*(?:de\s+|mijn\s+|onze\s+)?){_CLIENT}(?!\w)",
    re.IGNORECASE,
)


class Names:
    """Finds people's names in a text."""

    def __init__(self, words: Words, lists: Lists) -> None:
        self._cues, self._small = words.cues, words.small
        self._known = NameLists(words, lists)
        self._around = Surroundings(words, self._known)
        self._words = NameWords(words, self._known, self._around)

    def find(self, view: View, annotations: list[Annotation], known: Set[str] = frozenset()) -> list[Span]:
        """Return the names in the text, each with the gender of its title and whether it is the client's;
        `known` are folded names met earlier in the conversation."""
        seeds = self._words.names(view, annotations, known)
        spans = [self._whole(view, first, last) for first, last in self._runs(view, seeds)]
        return spans + list(self._initials(view, spans))

    def _runs(self, view: View, seeds: list[bool]) -> Iterator[tuple[int, int]]:
        """Join words of one name: "fatima el amrani", "J.P. van der Berg", "De Vries"."""
        i = 0
        while i < len(seeds):
            if not seeds[i]:
                i += 1
                continue
            last = self._to_right(view, seeds, i)
            yield self._to_left(view, i), last
            i = last + 1

    def _to_right(self, view: View, seeds: list[bool], i: int) -> int:
        words = view.words
        while i + 1 < len(words):
            k = i + 1
            while k + 1 < len(words) and words[k].folded in self._cues["infixes"] and words[k].before == " ":
                k += 1
            if not _JOIN.fullmatch(words[k].before) or not (seeds[k] or self._is_tail(words[i], words[k], k > i + 1)):
                break
            if k > i + 1 and not self._is_surname_after_infix(words[i], words[i + 1], words[k]):
                break
            i = k
        return i

    def _is_surname_after_infix(self, first: Word, infix: Word, word: Word) -> bool:
        """ "Fatima van Ahmed", "Fatima in Tilburg" and "fatima de jongste" are no single names."""
        if infix.text in self._cues["small_infixes"]:
            return self._known.in_sur(word) and not self._known.in_given(word)
        return (
            self._known.is_in(word, self._known.after_infix)
            or (word.capital and first.capital and not self._known.in_given(word))
            or self._is_particle(infix)
        )

    def _is_tail(self, first: Word, word: Word, after_infix: bool) -> bool:
        """A surname after a first name may be an ordinary word: "Jan Bakker", "jan de vries"."""
        if word.kept == "hard" or word.opens or word.folded in self._small:
            return False
        if word.capital:
            return first.capital and (not word.kept or self._known.listed(word))
        if first.capital or word.kept:
            return False
        return (
            self._known.is_in(word, self._known.after_infix)
            if after_infix
            else not self._known.is_plain(word)
            and (self._known.in_sur(word) or (len(word.folded) > 4 and not is_nearly_dutch(word.folded)))
        )

    def _to_left(self, view: View, i: int) -> int:
        """Take in "De" of "De Vries" and "el" of "el Amrani"; "van" before a bare name is just "of"."""
        k = i
        while k > 0 and self._known.is_infix(view.words[k - 1]) and view.words[k].before in {" ", "-", "", " '"}:
            k -= 1
        if self._around.after_two_infixes(view, i) or self._around.after_capital_infix(view, i):
            return k
        before = view.words[k - 1] if k else None
        titled = before is not None and (
            before.text.casefold() in self._cues["titles"] or (len(before.text) == 1 and before.text.isupper())
        )
        while k < i:
            word = view.words[k]
            is_capital = word.text[0].isupper() and self._known.in_sur(view.words[i])
            is_small = word.text in self._cues["small_infixes"] and not view.words[i].capital  # “of da kobe belt”
            if titled or is_capital or (self._is_particle(word) and not is_small):
                break
            k += 1
        return k

    def _whole(self, view: View, first: int, last: int) -> Span:
        words = view.words
        start = words[first].start
        initials = _LEADING_INITIALS.search(view.plain, max(0, start - 20), start)
        if initials and ("." in initials.group() or words[first].capital):
            start = initials.start()
        end = words[last].end - self._known.without_s(words[last])
        return Span(start, end, "persoon", self._gender(view, start), _is_client(view, start, end))

    def _gender(self, view: View, start: int) -> str:
        before = re.search(r"([^\W\d_]+)\.?\s+$", view.plain[max(0, start - 20) : start])
        title = before.group(1).casefold() if before else ""
        if title in self._cues["titles_female"]:
            return "f"
        return "m" if title in self._cues["titles_male"] else ""

    def _initials(self, view: View, names: list[Span]) -> Iterator[Span]:
        """Initials that stand for a person."""
        for match in _INITIALS.finditer(view.plain):
            start, end = match.span()
            taken = any(span.start < end and start < span.end for span in names)
            if not taken and self._mean_a_person(view.plain, match):
                yield Span(start, end, "persoon", self._gender(view, start), _is_client(view, start, end))

    def _mean_a_person(self, text: str, match: re.Match[str]) -> bool:
        """After a title or a role, or before something that people do; "M. el B." always, "A.B.C." never."""
        if _ABBREVIATION.fullmatch(match.group()):
            return False
        before = _WORD_BEFORE.search(text[: match.start()])
        cue = before.group(1).casefold() if before else ""
        if any(cue in self._cues[kind] for kind in ("titles", "clients", "kin", "called")):
            return True
        after = re.match(r"\s+([^\W\d_]+)", text[match.end() :])
        acts = after is not None and after.group(1).casefold() in self._cues["person_verbs"]
        return (acts and match.group().endswith(".")) or bool(_FULL_INITIALS.fullmatch(match.group()))

    def _is_particle(self, word: Word) -> bool:
        """ "el" belongs to the name that follows; "ben" and "al" do only with a capital."""
        return word.folded in self._cues["particles"] and (word.capital or word.folded not in self._small)


def _is_client(view: View, start: int, end: int) -> bool:
    """ "mijn cliënt Fatima", "Fatima is de cliënt", "de cliënt heet Fatima"."""
    before, after = view.plain[max(0, start - 45) : start], view.plain[end : end + 45]
    return bool(_CLIENT_BEFORE.search(before) or _CLIENT_AFTER.match(after))
