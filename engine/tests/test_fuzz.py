"""Whatever is typed, a parse is made: nothing crashes, nothing hangs, and the verdict quotes what stands there.
`PLUIS_FUZZ=10000` (`make fuzz`) tries that many; the ordinary run tries a few hundred."""

from __future__ import annotations

import base64
import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.engine.storage.resource import Resource

from encoder import clean
from engine.danger import DangerDetector

TRIES = int(os.environ.get("PLUIS_FUZZ", "400"))
LONGEST = 4000  # letters; the channel refuses more
SECONDS = 10  # far above what the longest text takes, on a machine with other work too

words = st.sampled_from(
    [
        "hij",
        "zij",
        "slaat",
        "mes",
        "dood",
        "niet",
        "geen",
        "[persoon",
        "1]",
        "[cliënt]",
        "wurgt",
        "help",
        "he",
        "has",
        "a",
        "knife",
        "il",
        "veut",
        "la",
        "tuer",
        "112",
        "...",
        "?!",
        ";",
        ",",
        "-",
        "🔪",
        "🔫",
        "😢",
        "👍",
        "🏳️\u200d🌈",
        "ѕlaat",
        "mеs",
        "𝓱𝓲𝓳",
        "ｍｅｓ",
        "z\u200bij",
        "\u202ekeel",
        "\x00",
        "\ud83d",
        "﷽",
        "ﷺ",
        "İ",
        "ß",
        "ŉ",
        "اقتل",
        "杀",
        "हिंसा",
    ]
)
encoded = st.binary(max_size=300).map(lambda raw: base64.b64encode(raw).decode())
repeated = st.tuples(st.text(min_size=1, max_size=3), st.integers(1, LONGEST)).map(
    lambda pair: (pair[0] * pair[1])[: pair[1]]
)
short = st.one_of(
    st.text(max_size=120),
    st.lists(words, max_size=25).map(" ".join),
    st.lists(words, max_size=25).map("".join),
    encoded,
)
long = st.one_of(
    repeated,
    st.lists(st.one_of(words, st.text(max_size=8)), min_size=100, max_size=700).map(
        lambda row: " ".join(row)[:LONGEST]
    ),
)
anything = settings(
    deadline=None, derandomize="PLUIS_FUZZ" not in os.environ, suppress_health_check=list(HealthCheck), database=None
)


@pytest.fixture(scope="session")
def read(workshop, learned, config):
    detector = DangerDetector(config, None, Resource("danger"))
    detector._judge = learned[0]
    return lambda text: detector.process([workshop(text)])[0]


def holds(read, text):
    begin = time.monotonic()
    message = read(text)
    assert time.monotonic() - begin < SECONDS
    danger = message.get("danger")
    assert message.get("intent")["name"]
    assert 0 <= danger["score"] <= 1
    assert not danger["acute"] or danger["triggers"]
    assert all(trigger["quote"] in clean(text) for trigger in danger["triggers"])


@settings(anything, max_examples=TRIES)
@given(short)
def test_every_text_gets_a_parse_in_time(read, text):
    holds(read, text)


@settings(anything, max_examples=max(10, TRIES // 50))
@given(long)
def test_so_does_every_long_text(read, text):
    holds(read, text)


def test_long_text_of_one_letter_is_no_danger_and_a_picture_of_a_knife_is(learned, encoder):
    assert not learned[0].judge("a" * LONGEST, encoder.query).acute
    for text in ("🔪", "hij stuurt haar steeds 🔪🔪", "ze zei dat hij een 🔫 heeft"):
        assert learned[0].judge(text, encoder.query).acute, text


def test_danger_in_english_is_noticed(learned, encoder):
    for text in ("he has a knife and he says he will kill her", "her husband strangled her last night"):
        assert learned[0].judge(text, encoder.query).acute, text


def test_a_message_of_nothing_is_calm(learned, encoder):
    for text in ("", "\u200b\u200d", "\x00", "   ", "..."):
        assert not learned[0].judge(text, encoder.query).triggers
