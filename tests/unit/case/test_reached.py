"""What is counted of a case: each step once, an advice each time that it is told, a new case anew."""

from __future__ import annotations

from itertools import pairwise

from bot.case import AFTER_TALK, Case, Entry, Tools, advised, newly_advised, newly_reached

from .player import Player

STORY = "Haar man geeft steeds antwoord voor haar en vorige week had ze een blauwe plek op haar arm."


def told(player: Player) -> list[Case]:
    """Return the case after each turn of a conversation in which nothing is known."""
    cases = [Case()]
    player.begin(STORY)
    cases.append(player.case)
    while player.phase != "einde":
        player.say("weet ik niet")
        cases.append(player.case)
    return cases


def test_each_step_of_a_case_is_counted_once(player: Player, tools: Tools) -> None:
    pairs = list(pairwise(told(player)))
    reached = [name for before, after in pairs for name in newly_reached(before, after)]
    assert len(reached) == len(set(reached))
    assert {"case", "gevoel", "feiten", "weging", "advies"} <= set(reached)
    outcomes = [newly_advised(before, after, tools) for before, after in pairs]
    assert [outcome for outcome in outcomes if outcome] == [player.outcome]


def test_an_advice_after_a_talk_is_counted_again(player: Player, tools: Tools) -> None:
    told(player)
    after = player.case.add(Entry(question=AFTER_TALK, facts={"help_refused": "yes"}, fields={"advised": ""}))
    assert newly_advised(player.case, after, tools) is None
    assert newly_advised(after, advised(after), tools) is not None
    assert list(newly_reached(after, advised(after))) == []


def test_a_new_case_counts_anew(player: Player) -> None:
    player.begin(f"Ik ben huisarts. {STORY}")
    new = player.case.renewed()
    assert new.begun
    assert list(newly_reached(player.case, new)) == ["case", "kennismaking"]
    assert list(newly_reached(player.case, player.case.add(Entry(question="feiten.kinderen")))) == ["feiten"]
