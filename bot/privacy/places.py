"""Finds places smaller than a province, and schools and other institutions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.privacy.lists import Annotation, Lists
from bot.privacy.spans import Span
from bot.privacy.view import View, Word
from bot.privacy.words import Words, in_dictionary, is_dutch, is_nearly_dutch

_GAP = r"[^\S\r\n]+"  # a name does not run on into the next line
_PROPER = r"[A-ZÀ-Þ][\w'.&-]+"
_LINKING = rf"(?:(?:van|de|der|den|het|en|&|aan|op|in|voor){_GAP}){{0,2}}"
_QUOTED = r"[\"'“‘][^\"'”’\n]{2,40}[\"'”’]"
_NAME = rf"(?:{_QUOTED}|(?:(?:[Dd]e|[Hh]et|'t|In|Op){_GAP}(?:de{_GAP})?)?{_PROPER}(?:{_GAP}{_LINKING}{_PROPER}){{0,4}})"
_BARE = re.compile(rf"(?<=\w )(?:De|Het|'t|Ons|Onze|Sint|St\.?){_GAP}{_PROPER}(?:{_GAP}{_PROPER})?")
_SMALL_COLLEGE = re.compile(
    rf"(?<!\w)([a-zà-ÿ][\w-]{{3,}}){_GAP}(?:college|lyceum|gymnasium|ziekenhuis|gasthuis)(?!\w)"
)
_TOWN = r"[A-ZÀ-Þ][\w'-]+"
_AFTER_POSTCODE = re.compile(
    rf"(?<!\d)([1-9]\d{{3}}\s?(?:[A-Z]{{2}}|[a-z]{{2}})),?{_GAP}({_TOWN}(?:{_GAP}(?:aan|op|bij|den|de|van|en){_GAP}(?:den?{_GAP})?{_TOWN})?)"
)
_DIGITS_BEFORE = re.compile(r"(?<![\d.,€-])(?!19|20[0-3])([1-9]\d{3})\s$")  # a Belgian postcode, no year
_SAINT = re.compile(r"(?<!\w)(?:[Ss]int|St)[-. ]\s?$")
_TITLE_BEFORE = re.compile(r"([^\W\d_]+)\.?\s+$")


class Places:
    """Finds places and institutions in a text."""

    def __init__(self, words: Words, lists: Lists) -> None:
        self._words, cues = words, words.cues
        self._names = lists.first_names | words.extra
        self._surnames = lists.surnames | words.surnames
        self._places = (lists.places | words.places) - words.hard
        self._towns = words.towns
        self._several = re.compile(rf"(?<![\w-])(?:{_any(words.towns_of_several)})(?![\w-])", re.IGNORECASE)
        self._after_kind = re.compile(
            rf"(?<!\w)(?i:{_any(cues['institutions'])}){_GAP}(?:genaamd{_GAP}|heet{_GAP})?({_NAME}(?:{_GAP}['’]\d\d(?!\d))?)"
        )
        self._bare_kind = re.compile(
            r"(?<!\bde )(?<!\bhet )(?<!\been )(?<!\bt )(?<!\w)(?:(?P<before>bij|in|op|van|voor|naar|uit|via|vanuit|aan)"
            rf"{_GAP})?(?P<kind>{_any(cues['bare_kinds'])}){_GAP}(?P<article>(?:de|het|'t|t){_GAP})?(?-i:(?=[a-zà-ÿ]))",
            re.IGNORECASE,
        )
        ends = _any(word.upper() if len(word) < 4 else word.title() for word in cues["institution_ends"])
        self._before_kind = re.compile(
            rf"(?<!\w){_PROPER}{_GAP}(?:(?:(?:van|de|der|den){_GAP})?{_PROPER}{_GAP}){{0,3}}(?:{ends})(?!\w)"
            rf"|(?<!\w)[A-ZÀ-Þ][a-zà-ÿ]{{2,}}(?:{_any(cues['institution_suffixes'])})(?!\w)"
        )

    def find(self, view: View, annotations: list[Annotation]) -> list[Span]:
        """Return all places and institutions in the text."""
        found = [Span(*span, "instelling") for span in self._institutions(view) if not view.keeps(*span)]
        found += [Span(*span, "instelling") for span in self._hospitals(view, annotations) if not view.keeps(*span)]
        found = [replace(span, start=_with_saint(view, span.start)) for span in found]
        cities = list(self._cities(view, annotations))
        digits = [_DIGITS_BEFORE.search(view.plain, max(0, start - 6), start) for start, _end in cities]
        found += [Span(*match.span(1), "postcode") for match in digits if match]
        return found + [Span(*span, "plaats") for span in cities]

    def _institutions(self, view: View) -> Iterator[tuple[int, int]]:
        for match in self._after_kind.finditer(view.plain):
            shouted = match.group(1).isupper() and all(is_dutch(word) for word in match.group(1).lower().split())
            if not shouted:
                yield match.span(1)
        for match in self._before_kind.finditer(view.plain):
            if not (view.opens_at(match.start()) and is_dutch(match.group().lower())):
                yield match.span()
        for word in view.words:
            if word.text in self._words.institutions:
                yield word.start, word.end
        yield from self._small_names(view)
        yield from (match.span(1) for match in _SMALL_COLLEGE.finditer(view.plain) if not in_dictionary(match[1]))
        for match in _BARE.finditer(view.plain):
            name = view.word_at(match.end() - 1)
            if name and self._is_bare_name(name) and not self._after_title(view, match.start()):
                yield match.span()

    def _small_names(self, view: View) -> Iterator[tuple[int, int]]:
        """ "obs de wegwijzer", "bij kapsalon yvanna": after a kind with no "de" or "een" before it comes its name; an
        ordinary word only behind a school, for "uit flat gesprongen" must stay."""
        for match in self._bare_kind.finditer(view.plain):
            if not (match["article"] or match["before"]):
                continue
            name = [word for word in view.words if word.start >= match.end()][:2]
            is_school = match["kind"].casefold() in self._words.cues["bare_schools"] and match["article"]
            taken = [self._may_be_of_name(word) and (is_school or not self._is_plain(word)) for word in name]
            if taken and taken[0]:
                goes_on = match["article"] and all(taken) and name[-1].before == " "
                yield name[0].start, (name[-1] if goes_on else name[0]).end

    @staticmethod
    def _is_plain(word: Word) -> bool:
        return is_dutch(word.folded) or is_dutch(word.text.lower()) or is_nearly_dutch(word.folded)

    def _may_be_of_name(self, word: Word) -> bool:
        acts = word.folded in self._words.cues["person_verbs"] or word.folded in self._words.cues["infixes"]
        return not (word.kept or word.folded in self._words.small or acts)

    def _is_bare_name(self, name: Word) -> bool:
        """ "op De Klimop" is a school, "bij De Vries" are people."""
        return not name.kept and is_dutch(name.folded) and name.folded not in self._surnames

    def _after_title(self, view: View, start: int) -> bool:
        before = _TITLE_BEFORE.search(view.plain[max(0, start - 20) : start])
        return bool(before and before.group(1).casefold() in self._words.cues["titles"])

    def _hospitals(self, view: View, annotations: list[Annotation]) -> Iterator[tuple[int, int]]:
        for found in annotations:
            name = view.text[found.start : found.end]
            if found.tag == "ziekenhuis" and name[0].isupper() and name.lower() != "ziekenhuis":
                yield found.start, found.end

    def _cities(self, view: View, annotations: list[Annotation]) -> Iterator[tuple[int, int]]:
        for found in annotations:
            if found.tag == "locatie" and self._is_city(view, found.start, found.end):
                yield found.start, found.end
        yield from (match.span() for match in self._several.finditer(view.plain))
        for match in _AFTER_POSTCODE.finditer(view.plain):
            if not match[1][-2:].islower() or match[1][-2:] not in self._words.cues["letter_pairs"]:  # “2019 in Gent”
                yield match.span(2)
        for i, word in enumerate(view.words):
            before = self._before(view, i)
            if word.kept == "hard" or before in self._words.cues["province_before"]:
                continue
            if (
                word.capital
                and not word.opens
                and before in {"in", "te", "uit", "vanuit"}
                and word.folded in self._places
            ):
                yield word.start, word.end
            if word.folded in self._words.small:
                continue
            if self._may_be_city(word, before) if word.capital else self._is_small_city(word, before):
                yield word.start, word.end

    def _before(self, view: View, i: int) -> str:
        """Return the word before; "van" counts as "in" when "naar" follows: "van hoogvliet naar haar broer"."""
        if _DIGITS_BEFORE.search(view.plain, max(0, view.words[i].start - 6), view.words[i].start):
            return "in"  # “9810 nazareth”
        if not i or view.words[i].before != " ":
            return ""
        before = view.words[i - 1].folded
        goes = i + 1 < len(view.words) and view.words[i + 1].text == "naar"
        return "uit" if before == "van" and goes else before

    def _may_be_city(self, word: Word, before: str) -> bool:
        """A capital word: known to be a place, or after "in" or "naar" and neither Dutch nor a first name."""
        if word.kept:
            return False
        if before in self._words.cues["place_marks"] or (
            word.folded in self._words.places and not in_dictionary(word.folded)
        ):
            return True
        if before not in self._words.cues["place_before"]:
            return False
        return word.folded not in self._names and (word.folded in self._places or not is_dutch(word.folded))

    def _is_small_city(self, word: Word, before: str) -> bool:
        """Without a capital: a place that is no word, after "in" or "naar", or anywhere when it is no compound either
        ("eindhoven" would pass for one) and no name."""
        if before != "te" and before in self._words.cues["place_before"] and word.folded in self._towns:
            return True
        if len(word.folded) < 3 or word.kept or in_dictionary(word.folded) or word.folded not in self._places:
            return False
        if before in self._words.cues["place_before"] or word.folded in self._words.places:
            return True
        return not is_dutch(word.folded) and word.folded not in self._names and word.folded not in self._surnames

    def _is_city(self, view: View, start: int, end: int) -> bool:
        first = view.word_at(start) or view.word_at(start + 1)
        if first is None or view.keeps(start, end):
            return False
        i = view.words.index(first)
        before = self._before(view, i)
        if before in self._words.cues["province_before"]:
            return False
        if before in self._words.cues["place_before"]:
            return True
        several = view.word_at(end - 1) is not first
        ordinary = is_dutch(first.folded) or first.folded in self._words.small or first.folded in self._words.ordinary
        if before in self._words.cues["titles"] or first.kept == "soft":
            return False
        return several or (not (ordinary and first.opens) and first.folded not in self._names)


def _with_saint(view: View, start: int) -> int:
    """Return where the name begins with its "Sint-"."""
    saint = _SAINT.search(view.plain, max(0, start - 6), start)
    return saint.start() if saint else start


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
