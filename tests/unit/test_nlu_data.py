"""The training sentences of data/nlu read like people write: enough of them, none twice,
no template with one word changed, and nothing that Rasa would read as markup or a command."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.yamlfile import read_yaml

NLU = Path(__file__).parents[2] / "data" / "nlu"
FILES = sorted(NLU.glob("*.yml"))
PLACEHOLDER = re.compile(r"persoon \d+|cliënt|plaats|adres|postcode|telefoon|e-mail|bsn|rekening|kenteken|datum|link"
                         r"|instelling|account")  # fmt: skip
WIDE = {"vertellen": 150, "kennisvraag": 120, "onderbuikgevoel": 60, "signalen": 60, "onthulling": 60,
        "buiten_domein": 60}  # fmt: skip


class Example(NamedTuple):
    """One training sentence and where it stands."""

    file: str
    intent: str
    text: str


def load() -> list[Example]:
    found = []
    for path in FILES:
        for block in read_yaml(path).data["nlu"]:
            for line in block["examples"].splitlines():
                assert line.startswith("- "), f"{path.name}: {block['intent']}: {line!r} is no list item"
                found.append(Example(path.name, block["intent"], line[2:].strip()))
    return found


def words(text: str) -> tuple[str, ...]:
    """Lower case, no accents, no punctuation; a sentence of only emoji stays what it is."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return tuple(re.findall(r"[^\W_]+", plain)) or (text,)


def one_word_apart(left: Sequence[str], right: Sequence[str]) -> bool:
    """Tell whether one word replaced, added or left out turns one sentence into the other.

    Very short ones are spared ("de eerste" and "de derde", "ja" and "ja hoor"): they have no template to hide.
    """
    short, long = sorted((tuple(left), tuple(right)), key=len)
    if len(short) == len(long):
        return len(short) >= 3 and sum(a != b for a, b in zip(short, long, strict=True)) <= 1
    if len(long) - len(short) != 1 or len(short) < 2:
        return False
    return any(short == long[:i] + long[i + 1 :] for i in range(len(long)))


def near_duplicates(texts: Iterable[str]) -> list[tuple[str, str]]:
    pairs = combinations([(text, words(text)) for text in texts], 2)
    return [(a, b) for (a, left), (b, right) in pairs if one_word_apart(left, right)]


def duplicates(examples: Iterable[Example]) -> list[list[Example]]:
    places: dict[tuple[str, ...], list[Example]] = defaultdict(list)
    for example in examples:
        places[words(example.text)].append(example)
    return [found for found in places.values() if len(found) > 1]


def unreadable(text: str) -> str | None:
    """Say what in a sentence Rasa would take for something else than text, if anything."""
    if re.search(r"\][({\[]", text):
        return "entity markup"
    if unicodedata.normalize("NFKC", text).startswith("/"):
        return "a command"
    if any(not PLACEHOLDER.fullmatch(inside) for inside in re.findall(r"\[([^\]]*)\]", text)):
        return "a placeholder the door never writes"
    return None


EXAMPLES = load()
BY_INTENT: dict[str, list[str]] = defaultdict(list)
for _example in EXAMPLES:
    BY_INTENT[_example.intent].append(_example.text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_holds_training_sentences_of_one_topic_and_nothing_else(path: Path) -> None:
    data = read_yaml(path).data
    assert set(data) == {"version", "nlu"}
    assert data["version"] == "3.1"
    assert all(set(block) == {"intent", "examples"} for block in data["nlu"])


def test_there_are_enough_intents_with_enough_examples() -> None:
    assert len(BY_INTENT) >= 35
    assert {intent: len(texts) for intent, texts in BY_INTENT.items() if len(texts) < 25} == {}


def test_intents_where_people_vary_most_have_most_examples() -> None:
    assert {intent: len(BY_INTENT[intent]) for intent, least in WIDE.items() if len(BY_INTENT[intent]) < least} == {}


def test_an_intent_has_one_home_and_a_plain_name() -> None:
    homes: dict[str, set[str]] = defaultdict(set)
    for example in EXAMPLES:
        homes[example.intent].add(example.file)
    assert {intent: files for intent, files in homes.items() if len(files) > 1} == {}
    assert [intent for intent in homes if not re.fullmatch(r"[a-z]+(_[a-z]+)*", intent)] == []


def test_no_sentence_stands_twice() -> None:
    assert duplicates(EXAMPLES) == []


@pytest.mark.parametrize("intent", sorted(BY_INTENT))
def test_no_two_examples_of_an_intent_differ_in_one_word(intent: str) -> None:
    assert near_duplicates(BY_INTENT[intent]) == []


def test_rasa_reads_every_sentence_as_text() -> None:
    assert [(e.intent, e.text, why) for e in EXAMPLES if (why := unreadable(e.text))] == []


def test_people_write_without_capitals_and_full_stops_too() -> None:
    texts = [example.text for example in EXAMPLES]
    assert sum(text[0].islower() for text in texts) > len(texts) / 2
    assert sum(text[0].isupper() for text in texts) > len(texts) / 10
    assert sum(text.endswith(".") for text in texts) < len(texts) / 4
    assert sum("[" in text for text in texts) >= 15


@pytest.mark.parametrize(
    ("left", "right", "near"),
    [
        ("ik wil nu advies", "Ik wil graag advies!", True),
        ("hij sloeg haar", "hij sloeg haar gisteren", True),
        ("één keer, denk ik", "een keer denk ik", True),
        ("ja", "ja hoor", False),
        ("de eerste", "de derde", False),
        ("hij sloeg haar", "zij sloeg hem", False),
    ],
)
def test_nearness_is_one_word(left: str, right: str, near: bool) -> None:
    assert bool(near_duplicates([left, right])) is near


@pytest.mark.parametrize(
    "text", ["/stop", "／stop", "[persoon 1](x) zei", "[plaats][datum]", "[cliënt]{x}", "[Jan] zei"]
)
def test_traps_are_seen(text: str) -> None:
    assert unreadable(text)


def test_a_sentence_in_two_intents_is_seen() -> None:
    assert duplicates([Example("a.yml", "groet", "Hé, hallo!"), Example("b.yml", "afscheid", "he hallo")])
