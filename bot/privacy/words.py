"""The words the door knows: what is never left out, which names and cues there are (`data/privacy/`),
and whether a word is ordinary Dutch."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import simplemma

from bot.yamlfile import Loaded, read_yaml, validate

_SPECIAL = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th"})
_LONGEST = 45  # letters of a Dutch word; what is longer is a row of letters
_ADVERB = re.compile(
    r"(?:er|hier|daar|waar|van)(?:aan|achter|bij|binnen|boven|buiten|door|heen|in|langs|mee|na|naar|naast|om|onder|op|over|toe|tegen|tussen|uit|van|voor|waar|daar|zonder)"
)
_LIST = {"type": "array", "items": {"type": "string", "minLength": 1}}
_THINGS = ("medicines", "brands", "laws", "holidays")
_KEEP: tuple[str, ...] = (
    *("organisations", "telephones", "sites", "provinces", "countries", "peoples", "abbreviations", "professions"),
    *(*_THINGS, "field", "diseases", "danger", "roles", "calendar", "headings", "function_words", "words"),
)
# Left in even with a capital or after a title, and those of them that may be of several words.
_HARD = ("organisations", "provinces", "countries", "field", "diseases", "danger", *_THINGS)
_TERMS = ("organisations", "provinces", "countries", "field", "professions", "diseases", *_THINGS)
_NAMES: tuple[str, ...] = (
    "certain",
    "doubtful",
    "counted",
    "never",
    "surnames",
    "surnames_after_infix",
    "surnames_titled",
)
_PLACES: tuple[str, ...] = ("belgium", "abroad", "districts")
_TOWNS: tuple[str, ...] = ("towns", "towns_of_several")
_CUES: tuple[str, ...] = (
    *("titles", "titles_informal", "titles_female", "titles_male", "called", "naming", "clients", "kin"),
    *(
        "person_verbs",
        "clauses",
        "speech_verbs",
        "place_before",
        "place_marks",
        "province_before",
        "with_people",
        "to_people",
        "presented",
        "institutions",
        "bare_kinds",
        "bare_schools",
        "accounts",
        "record_numbers",
    ),
    *(
        "infixes",
        "small_infixes",
        "particles",
        "articles",
        "letter_pairs",
        "street_ends_numbered",
        "street_ends",
        "not_streets",
    ),
    *("counted", "institution_ends", "institution_suffixes"),
)


def fold(word: str) -> str:
    """Return the word as it is compared: lower case, without diacritics."""
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_SPECIAL))
    return "".join(char for char in plain if not unicodedata.combining(char))


@lru_cache(maxsize=20_000)
def is_dutch(word: str) -> bool:
    """Tell whether a lower-case word is ordinary Dutch: in the dictionary, or made of two words that are."""
    if len(word) > _LONGEST:
        return False
    if "-" in word:
        return all(is_dutch(part) for part in word.split("-") if part)
    return in_dictionary(word) or bool(_ADVERB.fullmatch(word)) or _is_participle(word) or _is_compound(word)


@lru_cache(maxsize=20_000)
def is_nearly_dutch(word: str) -> bool:
    """Tell whether one letter more, fewer or other, or two that changed places, make a lower-case word of the
    dictionary of it: then it is a typing error rather than a name."""
    if len(word) > _LONGEST:
        return True  # a row of letters
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    edits = {head + tail[1:] for head, tail in cuts if tail}
    edits |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    edits |= {head + letter + tail[skip:] for head, tail in cuts for letter in ascii_lowercase for skip in (0, 1)}
    return any(edit and in_dictionary(edit) for edit in edits)


def in_dictionary(word: str) -> bool:
    """Tell whether a lower-case word stands in the dictionary, as it is or as a form of a word."""
    return bool(simplemma.is_known(word, "nl"))


def _is_participle(word: str) -> bool:
    """Forms such as "getypt" that the dictionary lacks though it has the verb."""
    stem = re.fullmatch(r"ge([a-z]{3,})[td]", word)
    return stem is not None and (in_dictionary(stem.group(1)) or in_dictionary(stem.group(1) + "en"))


def _is_compound(word: str, parts: int = 3) -> bool:
    """Dictionaries miss most of Dutch compounds (thuis+zorg+collega); short parts would fit any name."""
    for cut in range(4, len(word) - 3):
        head, tail = word[:cut], word[cut:]
        if not in_dictionary(tail):
            continue
        heads = (head, head[:-1]) if head.endswith("s") and cut > 4 else (head,)
        if any(in_dictionary(start) or (parts > 2 and _is_compound(start, parts - 1)) for start in heads):
            return True
    return False


@dataclass(frozen=True)
class Words:
    """All word lists of `data/privacy`, folded for comparison."""

    phrases: re.Pattern[str]
    telephones: frozenset[str]
    sites: tuple[str, ...]
    hard: frozenset[str]
    danger: frozenset[str]
    abbreviations: frozenset[str]
    soft: frozenset[str]
    professions: frozenset[str]
    small: frozenset[str]
    ordinary: frozenset[str]
    certain: frozenset[str]
    doubtful: frozenset[str]
    counted: frozenset[str]
    never: frozenset[str]
    extra: frozenset[str]
    surnames: frozenset[str]
    surnames_after_infix: frozenset[str]
    surnames_titled: frozenset[str]
    places: frozenset[str]
    towns: frozenset[str]
    towns_of_several: tuple[str, ...]
    institutions: frozenset[str]
    cues: Mapping[str, frozenset[str]] = field(repr=False)

    def is_helpline(self, number: str) -> bool:
        """Tell whether a telephone number, in any notation, is one of a helpline."""
        digits = re.sub(r"\D", "", number)
        return digits in self.telephones or re.sub(r"^(00)?31", "0", digits) in self.telephones

    def is_known_site(self, link: str) -> bool:
        """Tell whether a link goes to the site of a helpline or public body, and to no person's page."""
        host = re.sub(r"^(https?://)?(www\.)?", "", link.casefold()).split("/")[0]
        return any(host == site or host.endswith(f".{site}") for site in self.sites)


def load_words(folder: Path) -> Words:
    """Read the three lists. Raises DataFileError when one is missing or wrong."""
    keep = _checked(read_yaml(folder / "keep.yml"), _KEEP)
    loaded = read_yaml(folder / "names.yml")
    names = _checked(loaded, _NAMES, {"extra": {"type": "object", "additionalProperties": _LIST}})
    places = _checked(read_yaml(folder / "places.yml"), (*_PLACES, *_TOWNS, "institutions"))
    cues = _checked(read_yaml(folder / "cues.yml"), _CUES)
    terms = [term for key in _TERMS for term in keep[key]]
    return Words(
        phrases=_phrases(term for term in terms if not term.isalpha()),
        telephones=frozenset(keep["telephones"]),
        sites=tuple(keep["sites"]),
        danger=_folded(keep, "danger"),
        hard=_folded(keep, *_HARD) | _inflected(keep["peoples"]),
        abbreviations=frozenset(form for term in keep["abbreviations"] for form in _written(term)),
        soft=_folded(keep, "professions", "roles"),
        professions=_folded(keep, "professions"),
        small=_folded(keep, "function_words", "calendar", "headings"),
        ordinary=_folded(keep, "words"),
        certain=_folded(names, "certain"),
        doubtful=_folded(names, "doubtful"),
        counted=_folded(names, "counted"),
        never=_folded(names, "never"),
        extra=frozenset(fold(name) for group in names["extra"].values() for name in group),
        surnames=_folded(names, "surnames"),
        surnames_after_infix=_folded(names, "surnames_after_infix"),
        surnames_titled=_folded(names, "surnames_titled"),
        places=_folded(places, *_PLACES),
        towns=_folded(places, "towns"),
        towns_of_several=tuple(places["towns_of_several"]),
        institutions=frozenset(places["institutions"]),
        cues={key: frozenset(term.casefold() for term in cues[key]) for key in _CUES},
    )


def _written(abbreviation: str) -> tuple[str, ...]:
    """Return the ways in which an abbreviation is written: GGZ, ggz, and Ggz at the start of a sentence."""
    opening = (abbreviation.capitalize(),) if abbreviation.isupper() and len(abbreviation) > 2 else ()
    return (abbreviation, abbreviation.upper(), abbreviation.lower(), *opening)


def _checked(loaded: Loaded, keys: tuple[str, ...], more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Check that a file holds exactly these lists."""
    properties = {key: _LIST for key in keys} | dict(more or {})
    schema = {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}
    validate(loaded, schema)
    data: dict[str, Any] = loaded.data
    return data


def _folded(data: Mapping[str, Any], *keys: str) -> frozenset[str]:
    return frozenset(fold(term) for key in keys for term in data[key])


def _inflected(peoples: list[str]) -> frozenset[str]:
    """Dutch adds -e, -en, -s to the names of peoples."""
    return frozenset(fold(people) + ending for people in peoples for ending in ("", "e", "en", "s", "er", "ers"))


def _phrases(terms: Any) -> re.Pattern[str]:
    """Match a term of more than one word, whatever the case, with any blanks or hyphens between its words."""
    longest_first = sorted(terms, key=len, reverse=True)
    parts = (r"[\s-]+".join(re.escape(word) for word in re.split(r"[\s-]+", term)) for term in longest_first)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)
