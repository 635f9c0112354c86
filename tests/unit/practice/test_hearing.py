"""Hearing: which option a typed line means, how sure that is, and what is done in it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
import yaml

from bot.encoder import Vectors
from bot.practice import Heard, Listener, Option, load_techniques

from . import DATA, write_techniques

SAYS = "Het gaat wel. Hij is gewoon moe van zijn werk."
APART = Option(
    "apart", ("Mag ik u even onder vier ogen spreken?", "Ik praat graag even met u alleen."), ("apart_spreken",), "", ""
)
WOND = Option(
    "wond", ("Hoe is het met de wond op uw been?", "Vertelt u eens hoe het gaat met de wond."), ("open_vraag",), "", ""
)
WEG = Option(
    "weg", ("U moet gewoon bij hem weggaan.", "Ga toch bij die man weg."), ("advies_te_vroeg", "oordeel"), "", ""
)
OPTIONS = (APART, WOND, WEG)


# -- which option is meant ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.id)
def test_an_example_is_certain_however_it_is_written(listener: Listener, option: Option) -> None:
    for text in option.examples:
        for typed in (text, text.upper(), f"  {text.rstrip('.?')}!! "):
            heard = listener.hear(OPTIONS, typed, SAYS)
            assert (heard.option, heard.certainty, heard.offered) == (option.id, 1.0, ())


def test_an_example_is_certain_also_where_another_option_is_more_alike(listener: Listener) -> None:
    near = Option("eerste", ("Hoe gaat het nu met de wond?",), ("open_vraag",), "", "")
    meant = Option("tweede", ("Hoe gaat het met de wond nu?", "Ik bel de politie."), ("open_vraag",), "", "")
    first, second = listener.likeness((near, meant), meant.examples[0])
    assert first > second
    heard = listener.hear((near, meant), meant.examples[0])
    assert (heard.options, heard.certainty) == (("tweede", "eerste"), 1.0)


@pytest.mark.parametrize(
    ("typed", "option"),
    [
        ("kan ik u misschien heel even alleen spreken, zonder uw man erbij?", "apart"),
        ("Hoe staat het met die wond aan uw been?", "wond"),
        ("je moet echt bij hem weg gaan hoor", "weg"),
    ],
)
def test_a_paraphrase_finds_its_option(listener: Listener, typed: str, option: str) -> None:
    heard = listener.hear(OPTIONS, typed, SAYS)
    assert heard.option == heard.options[0] == option
    assert 0.65 <= heard.certainty < 1.0
    assert sorted(heard.options) == ["apart", "weg", "wond"]


@pytest.mark.parametrize(
    "typed", ["Wat een mooie tuin heeft u.", "Regent het buiten nog?", "Ik heb vanmorgen brood gehaald.", "ok"]
)
def test_what_means_something_else_is_left_alone(listener: Listener, typed: str) -> None:
    heard = listener.hear(OPTIONS, typed, SAYS)
    assert (heard.option, heard.offered) == ("", ())
    assert heard.techniques


def test_what_may_be_meant_is_offered(listener: Listener) -> None:
    heard = listener.hear(OPTIONS, "Zullen we even naar de andere kamer gaan?", SAYS)
    assert heard.option == ""
    assert heard.offered == heard.options
    assert heard.offered[0] == "apart"


@pytest.mark.parametrize(
    ("certainty", "option", "offered"),
    [
        (1.0, "a", ""), (0.65, "a", ""), (0.649, "", "abc"), (0.25, "", "abc"), (0.249, "", ""), (0.0, "", ""),
    ],
)  # fmt: skip
def test_it_is_taken_asked_or_left_by_how_sure_it_is(certainty: float, option: str, offered: str) -> None:
    heard = Heard(("a", "b", "c", "d"), certainty, ("anders",))
    assert (heard.option, heard.offered) == (option, tuple(offered))


def test_without_options_only_techniques_are_heard(listener: Listener) -> None:
    heard = listener.hear((), "Hoe ziet een gewone dag er bij u uit?")
    assert (heard.options, heard.certainty, heard.option, heard.offered) == ((), 0.0, "", ())
    assert heard.techniques == ("open_vraag",)


# -- techniques --------------------------------------------------------------------------------------------------------


def test_techniques_come_in_the_order_of_the_table(listener: Listener) -> None:
    order = list(load_techniques(DATA))
    typed = "Bent u vanavond veilig? En zijn de kinderen veilig? Het is toch echt dom van u dat u bij hem blijft."
    heard = listener.hear(OPTIONS, typed, SAYS).techniques
    assert len(heard) >= 3
    assert list(heard) == sorted(heard, key=order.index)
    assert "meer_vragen" in heard


def test_the_words_of_the_script_count_for_an_option_that_is_sure(listener: Listener) -> None:
    """A line that is heard otherwise on its own is what the script says it is."""
    typed = "Hier is een glas water."
    tagged = Option("water", (typed,), ("stilte",), "", "")
    assert "stilte" not in listener.hear((), typed).techniques
    assert "stilte" in listener.hear((tagged,), typed).techniques


def test_a_line_in_which_nothing_is_done_is_something_else(listener: Listener) -> None:
    assert listener.hear((), "Goedemorgen mevrouw.").techniques == ("anders",)


@pytest.mark.parametrize(
    "typed", ["", " ", "\n\t", "🙂", "🙂🙂🙂", "x", "x" * 1000, "ja " * 500, "\x00\x01\x1b[31m", "\ud83d", "?", "…"]
)
def test_anything_can_be_typed(listener: Listener, typed: str) -> None:
    heard = listener.hear(OPTIONS, typed, SAYS)
    assert heard.option == ""
    assert 0.0 <= heard.certainty < 0.65
    assert heard.techniques
    assert listener.hear((), typed).techniques


def test_signs_alone_are_no_example_of_other_signs(listener: Listener) -> None:
    silent = Option("zwijgen", ("…",), ("stilte",), "", "")
    assert listener.hear((silent, APART), "…").certainty == 1.0
    assert listener.hear((silent, APART), "🔪").certainty < 1.0


# -- threads -----------------------------------------------------------------------------------------------------------


def test_threads_hear_what_one_hears(listener: Listener) -> None:
    lines = [text for option in OPTIONS for text in option.examples] + ["Wat gebeurde er toen?", "Bent u veilig?"] * 5
    alone = [listener.hear(OPTIONS, line, SAYS) for line in lines]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda line: listener.hear(OPTIONS, line, SAYS), lines)) == alone


class Slow:
    """An encoder that looks at words, and that waits a little for a second one who learns at the same time."""

    name, dim = "slow", 16

    def __init__(self) -> None:
        self.learnt, self.second = 0, threading.Event()

    def query(self, texts: Sequence[str]) -> Vectors:
        if len(texts) > 50:
            self.learnt += 1
            (self.second.set if self.learnt > 1 else lambda: self.second.wait(0.3))()
        rows = [np.random.default_rng(crc32(text.encode())).normal(size=self.dim) for text in texts]
        return np.array([row / np.linalg.norm(row) for row in rows], dtype=np.float32)

    passage = query


def test_it_learns_once_at_the_first_line_also_when_many_ask_at_once(tmp_path: Path) -> None:
    encoder = Slow()
    listener = Listener(write_techniques(tmp_path), encoder)
    assert encoder.learnt == 0
    with ThreadPoolExecutor(4) as pool:
        heard = list(pool.map(lambda _: listener.hear(OPTIONS, "Mag ik u iets vragen?"), range(4)))
    assert encoder.learnt == 1
    assert len(set(heard)) == 1


def test_what_is_shipped_is_not_computed_again(tmp_path: Path) -> None:
    data, encoder = write_techniques(tmp_path), Slow()
    lines = yaml.safe_load((data / "practice" / "techniques" / "lines.yml").read_text(encoding="utf-8"))["lines"]
    assert Listener(data, encoder).ship_vectors() == len(lines)
    assert Listener(data, encoder).hear((), "Mag ik u iets vragen?").techniques
    assert encoder.learnt == 1
