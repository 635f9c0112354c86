from __future__ import annotations

from pathlib import Path

import pytest

from bot.privacy import Door, Masked
from bot.privacy.measure import GROUPS, measure, parse, read_sentences, report

DEVELOPMENT = Path(__file__).resolve().parents[2] / "eval" / "dev" / "privacy.yml"
HARD = DEVELOPMENT.with_name("privacy_hard.yml")
ALLOWED = {"gestructureerd": 0.005, "naam": 0.02, "klein": 0.10, "plaats": 0.05, "overig": 0.05}


class Untouched(Door):
    """A door that lets everything through."""

    def __init__(self) -> None:
        pass

    def pseudonymise(self, conversation_id: str, text: str, start_number: int = 1) -> Masked:
        return Masked(text, ())

    def forget(self, conversation_id: str) -> None:
        pass


class Shut(Untouched):
    """A door that lets nothing through."""

    def pseudonymise(self, conversation_id: str, text: str, start_number: int = 1) -> Masked:
        return Masked("[persoon 1]", ())


def test_leaks_and_needless_masking_are_counted() -> None:
    sentences = [parse("«naam:Fatima» belt «telefoon:06-12345678»"), parse("niets aan de hand")]
    through, shut = measure(Untouched(), sentences), measure(Shut(), sentences)
    assert (through.leaked("naam"), through.leaked("gestructureerd"), through.masked_needlessly) == (1, 1, 0)
    assert (shut.leaked("naam"), shut.leaked("gestructureerd"), shut.masked_needlessly) == (0, 0, 1)
    assert "LEK naam ['Fatima']" in report(through)


def test_a_word_that_stays_elsewhere_does_not_hide_a_leak() -> None:
    assert measure(Untouched(), [parse("een roos voor «klein:roos»")]).leaked("klein") == 1


def test_the_development_set_is_large_and_balanced() -> None:
    sentences = read_sentences(DEVELOPMENT)
    private = [sentence for sentence in sentences if sentence.secrets]
    assert len(sentences) >= 160
    assert 0.4 <= len(private) / len(sentences) <= 0.6
    assert len({sentence.text for sentence in sentences}) == len(sentences)


def test_the_door_keeps_its_promise_on_the_development_set(door: Door) -> None:
    figures = measure(door, read_sentences(DEVELOPMENT))
    assert {group: figures.leaked(group) for group in GROUPS if figures.leaked(group) > ALLOWED[group]} == {}, report(
        figures
    )
    assert figures.masked_needlessly <= 0.04, report(figures)


def test_the_door_is_no_worse_than_it_was_on_what_is_hard(door: Door) -> None:
    figures = measure(door, read_sentences(HARD))
    worst = {"gestructureerd": 0.06, "naam": 0.19, "klein": 0.26, "plaats": 0.05, "overig": 0.36}
    assert {group: figures.leaked(group) for group in GROUPS if figures.leaked(group) > worst[group]} == {}
    assert figures.masked_needlessly <= 0.11


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_is_in_the_development_set(group: str, door: Door) -> None:
    assert measure(Untouched(), read_sentences(DEVELOPMENT)).items[group] >= 10
