"""Finds street addresses by their form: a street name with its number, or a street name with a capital."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.privacy.spans import Span
from bot.privacy.view import View
from bot.privacy.words import Words, in_dictionary, is_dutch

_CAPITAL = r"[A-ZÀ-Þ][\w'.-]*"
_OF_STREETS = "lange|korte|nieuwe|oude|grote|kleine|hoge|lage"  # in small letters: “lange nieuwstraat 4”
_LEAD = rf"(?:(?:{_CAPITAL}|[1-9]e|{_OF_STREETS})\s+(?:(?:van|der|den|de|het|ten|ter)\s+){{0,2}}){{0,3}}"
_PREPOSITIONS = (
    "op ",
    "Op ",
    "aan ",
    "adres ",
    "adres: ",
    "adres is ",
    "op de ",
    "Op de ",
    "Aan de ",
    "aan de ",
    "op het ",
    "aan het ",
    "woont ",
)
# Before a street in small letters: “vanuit de merellaan”.
_BEFORE_SMALL = (
    "op de", "in de", "om de", "aan de", "bij de", "vanuit de", "op het", "in het", "aan het", "op 't", "op t", "in t",
)  # fmt: skip
_MOORING = re.compile(r"\bligplaats\s+(?:is\s+)?\d{1,4}\b", re.IGNORECASE)
_POST_BOX = re.compile(r"\bpostbus\s+\d{1,5}\b", re.IGNORECASE)


class Addresses:
    """Finds addresses in a text."""

    def __init__(self, words: Words) -> None:
        cues = words.cues
        ends, ends_alone = _any(cues["street_ends_numbered"]), _any(cues["street_ends"])
        addition = (
            r"(?:\s?[a-zA-Z](?!\w)|-\d{1,3}(?!\d)|[\s-]?(?:hs|huis|bis|boven|zwart|rood)(?!\w)"
            r"|[\s-]?(?:I{1,3}|IV)(?!\w))?"
            r"(?:,?\s(?:bus|bte)\s?\d[\d.]*(?!\w))?"
        )
        no_count = rf"(?!\d|[:.,]\d|\s*[%€]|\s*(?:{_any(cues['counted'])})(?!\w))"
        number = rf"\s+(?:nr\.?\s*|nummer\s+)?\d{{1,4}}{addition}{no_count}"
        before = "|".join(rf"(?<=\b{lead})" for lead in _PREPOSITIONS)
        small_before = "|".join(rf"(?<=\b{lead} )" for lead in _BEFORE_SMALL)
        self._not_streets = cues["not_streets"]
        self._numbered = (
            re.compile(rf"(?<![\w-]){_LEAD}[^\W\d_][\w'-]*(?:{ends}){number}"),  # Kerkstraat 12, kerkstraat 12b
            re.compile(rf"(?:{before}){_LEAD}{_CAPITAL}{number}"),  # aan de Oude Gracht 15
        )
        self._named = re.compile(
            rf"(?<![\w-]){_LEAD}[A-ZÀ-Þ][\w'-]{{2,}}(?:{ends_alone})(?![\w-])"
            rf"|(?:{small_before})[a-zà-ÿ]{{2,}}(?:{ends_alone})(?![\w-])"
            rf"|(?<![\w-])(?:Laan|Plein|Weg|Straat|Kade)\s+(?:van|der|den|de)\s+(?:(?:de|der|den)\s+)?{_CAPITAL}"
        )

    def find(self, view: View) -> list[Span]:
        """Return all addresses in the text."""
        return [Span(*place, "adres") for place in self._places(view)]

    def _places(self, view: View) -> Iterator[tuple[int, int]]:
        for pattern in self._numbered:
            for match in pattern.finditer(view.plain):
                street = re.split(r"\s+\d", match.group())[0]
                if street.split()[-1].lower() not in self._not_streets and not view.keeps(*match.span()):
                    yield match.span()
        for match in self._named.finditer(view.plain):
            word = match.group().split()[-1].lower()
            only_opens = view.opens_at(match.start()) and is_dutch(word)
            only_opens = only_opens or (match.group().islower() and in_dictionary(word))
            if word not in self._not_streets and not only_opens and not view.keeps(*match.span()):
                yield match.span()
        for pattern in (_POST_BOX, _MOORING):
            yield from (match.span() for match in pattern.finditer(view.plain))


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
