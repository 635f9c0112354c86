"""Reads which of the offered answers a user means: from a button or a card, or typed
("de tweede", "1 en 3", "geen", a title, "weet ik niet")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.analysis import answer_of
from bot.case.speech import Choice, Given, Question
from bot.case.tools import folded

NONE = "geen"
TELLING = 5  # an answer of so many words tells something beside it
SHORT = 6  # more words than these tell something, whatever they begin with
NEGATIONS = frozenset({"niet", "geen", "nooit", "nee", "niemand", "zonder", "nie"})
_ALL = frozenset({"ja", "allemaal", "alles", "alle", "klopt", "allebei", "alle drie", "dat klopt", "ja allemaal"})
_NO = frozenset({"nee", "geen", "niets", "geen van deze", "geen van die", "niks", "nee geen", "geen enkele", "niemand"})
_ALL_AT_MOST = 3  # "ja" to a long list does not say which
BUTS = frozenset({"maar", "alleen", "behalve", "tenzij", "uitgezonderd"})  # after these a “ja” tells more
_NUMBERS = re.compile(
    r"\s*(?:nummers? |opties? )?\s*(\d{1,2}(?:(?:\s*,\s*|\s+en\s+|\s+)\d{1,2}\b)*)(?!\d)", re.IGNORECASE
)
_JOINS = re.compile(
    r"\s*(?:(?:klopt|kloppen|wel|zeker|ja)\b\s*)?(?:[,.;:–-]\s*|\b(?:en|maar|ook|plus|verder)\b\s*)+(?!\d)",
    re.IGNORECASE,
)
_COUNTED = (  # how a word begins after a number that is no choice: “2 keer”, “3 januari”, “1 of 2”
    "keer", "week", "weken", "dag", "maand", "jaar", "jaren", "uur", "uren", "minu", "kind", "x", "of", "janu", "febr",
    "maart", "apri", "mei", "juni", "juli", "augu", "sept", "okto", "nove", "dece",
)  # fmt: skip
_ORDINALS = ("eerste", "tweede", "derde", "vierde", "vijfde", "zesde", "zevende", "achtste", "negende", "tiende")
_ORDINAL = re.compile(
    r"(?:doe |kies |ik kies |ik neem )?(?:maar )?(?:de |het |optie |nummer |nr |keuze |antwoord )*"
    rf"(?P<at>\d{{1,2}}|{'|'.join(_ORDINALS)}|laatste|onderste|bovenste)"
    r"(?: (?:optie|keuze|antwoord|dan|maar|graag))*"
)


def words_in(given: Given) -> int:
    """How many words were typed."""
    return len(given.text.split())


def is_unknown(given: Given) -> bool:
    """Whether the answer is “weet ik niet” and no more than that."""
    if given.choice is not None:
        return given.choice == NONE
    return words_in(given) <= SHORT and (given.intent == "weet_niet" or answer_of(given.text) == "unknown")


def is_nothing(given: Given) -> bool:
    """Whether the answer is “niets”, “nee” or “weet ik niet”, and no more than that."""
    if is_unknown(given) or folded(given.text) in _NO:
        return True
    return given.choice is None and words_in(given) <= SHORT and says(given) == "no"


def says(given: Given) -> str | None:
    """Return yes, no or unknown when the answer says so; None when it does not."""
    spoken = answer_of(given.text) if given.text else None
    by_intent = {"bevestigen": "yes", "ontkennen": "no", "weet_niet": "unknown"}
    return spoken or (by_intent.get(given.intent) if words_in(given) <= SHORT else None)


def as_choice(given: Given, question: Question) -> Given | None:
    """Return the answer with the choice that it names by title or by number; None when it is no choice of now."""
    choices = [choice for choice in question.choices if choice.intent == "keuze"]
    values = [choice.value for choice in choices]
    if given.choice is not None:
        chosen = [value for value in given.choice.split(",") if value] if question.tick else [given.choice]
        return given if set(chosen) <= question.pressable and (chosen or question.tick) else None
    if question.tick:
        return given
    spoken = folded(given.text)
    named = [choice.value for choice in choices if folded(choice.title) == spoken]
    if not named and len(choices) > 1:
        at = title_meant(spoken, [folded(choice.title) for choice in choices])
        named = [] if at is None else [values[at]]
    return Given(given.text, named[0], given.intent) if named else given


def names_choice(given: Given, question: Question) -> bool:
    """Whether typed words name one of the answers that were offered, whatever else they may mean."""
    answer = as_choice(given, question)
    return bool(given.text) and answer is not None and answer.choice is not None


def title_meant(spoken: str, titles: Sequence[str]) -> int | None:
    """Return which of the titles is meant: by its place, or as the only one that holds all telling words of a few
    (“weghalen”, “overleggen met een collega”). Both sides folded."""
    at = ordinal(spoken, len(titles))
    words = spoken.split()
    telling = {word for word in words if len(word) > 3}
    if at is not None or not telling or len(words) > SHORT or NEGATIONS & set(words) or "weet" in telling:
        return at
    named = [index for index, title in enumerate(titles) if telling <= set(title.split())]
    return named[0] if len(named) == 1 else None


def ordinal(spoken: str, count: int) -> int | None:
    """Return the place (from 0) that words such as “de tweede”, “optie 2” or “2” name; None for other words."""
    found = _ORDINAL.fullmatch(spoken)
    if not found:
        return None
    word = found["at"]
    if word.isdigit():
        at = int(word) - 1
    elif word in _ORDINALS:
        at = _ORDINALS.index(word)
    else:
        at = 0 if word == "bovenste" else count - 1
    return at if 0 <= at < count else None


def tells_more(given: Given) -> bool:
    """Whether typed words say more than the answer with which they begin (“klopt, behalve de datum”)."""
    words = folded(given.text).split()
    return given.choice is None and (len(words) >= TELLING or (len(words) > 2 and bool(BUTS & set(words))))


def beside(given: Given) -> str:
    """Return what was typed beside the answer: all that follows on numbers, else the whole when it tells more."""
    if given.choice is not None:
        return ""
    _, more = _numbers_and_more(given.text)
    return more or (given.text if words_in(given) >= TELLING else "")


def _numbers_and_more(text: str) -> tuple[str, str]:
    """Part the numbers with which an answer begins from the words after it (“1 2 en hij controleert haar telefoon”).

    Empty when it tells how many or when (“2 keer”), or takes the numbers back (“1 en 2 niet”).
    """
    found = _NUMBERS.match(text)
    if not found:
        return "", ""
    joined = _JOINS.match(text, found.end())
    more = text[joined.end() if joined else found.end() :].strip()
    words = folded(more).split()
    one = len(re.findall(r"\d+", found[1])) == 1
    if not words or (one and not joined) or words[0].startswith(_COUNTED) or NEGATIONS & set(words[:3]):
        return "", ""
    return found[1], more


def ticked(given: Given, choices: Sequence[Choice]) -> list[str] | None:
    """Return the values that were ticked, an empty list for none; None when the answer does not say."""
    values = [choice.value for choice in choices if choice.value != NONE and choice.intent == "keuze"]
    if given.choice is not None:
        chosen = given.choice.split(",")
        return [value for value in values if value in chosen]
    spoken = folded(given.text)
    if spoken.removeprefix("nee ") in _NO or is_unknown(given) or _denies_all(given, choices):
        return []
    if spoken in _ALL or (given.intent == "bevestigen" and words_in(given) <= SHORT):
        return values if len(values) <= _ALL_AT_MOST else None
    numbers, _ = _numbers_and_more(given.text)
    return _numbered(folded(numbers) or spoken, values) or _named(spoken, choices)


def _denies_all(given: Given, choices: Sequence[Choice]) -> bool:
    """Whether a short “nee” leaves nothing out: “nee, alleen opgesloten” names what happened."""
    words = set(folded(given.text).split())
    if given.intent != "ontkennen" or words_in(given) > SHORT or answer_of(given.text) != "no" or BUTS & words:
        return False
    return not any(_names(words, choice) for choice in choices if choice.value != NONE)


def _numbered(spoken: str, values: Sequence[str]) -> list[str] | None:
    """Read “1 en 3”, “de tweede”; a number that is not in the list is no answer."""
    at = ordinal(spoken, len(values))
    if at is not None:
        return [values[at]]
    if not re.fullmatch(r"(?:nummers? |optie |opties )?\d{1,2}(?:(?: en)? \d{1,2})*", spoken):
        return None
    numbers = [int(number) for number in re.findall(r"\d{1,2}", spoken)]
    return [values[number - 1] for number in numbers] if all(1 <= n <= len(values) for n in numbers) else None


def _named(spoken: str, choices: Sequence[Choice]) -> list[str] | None:
    """Read which titles the words name; what is denied is not named."""
    exact = [choice.value for choice in choices if folded(choice.title) == spoken]
    words = set(spoken.split())
    if exact or words & NEGATIONS or len(words) > 2 * SHORT:
        return exact or None
    return [choice.value for choice in choices if _names(words, choice)] or None


def _names(words: set[str], choice: Choice) -> bool:
    """Whether the words name most of the telling words of a choice."""
    telling = {word for word in folded(choice.title.split(" (“")[0]).split() if len(word) > 3}
    return bool(telling) and len(telling & words) >= max(1, (len(telling) + 1) // 2)
