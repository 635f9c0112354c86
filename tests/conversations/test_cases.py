"""Cases from practice as whole conversations over HTTP: a professional who knows the facts of the case, and says no
more than she is asked, is given the advice and the talk that the case must come to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.advice import Decision
from bot.case import END, advice_request, open_question
from bot.settings import ROOT
from bot.yamlfile import read_yaml
from tests.live.conversation import Player, tools
from tests.live.professional import Professional
from tests.live.site import Site
from tests.live.talk import Talk

pytestmark = pytest.mark.live

FOLDER = ROOT / "tests" / "cases"
MOST_TURNS = 40
# Every outcome, and every setup that a first conversation can come to; in a second one, after the talk, the others.
WHOLE = (
    "01_trap_tegen_de_deur", "05_hese_stem_op_spreekuur", "14_pillen_achter_slot", "17_meester_papa_slaat_mama",
    "23_koffer_staat_klaar", "27_leerling_verloofd_tegen_wil", "29_jongen_straks_op_reis", "32_ex_loopt_steeds_langs",
    "36_toch_terug_tijdens_huisverbod", "45_kind_als_drukmiddel", "60_zij_vecht_terug", "64_scheiding_met_vage_zorgen",
    "68_altijd_in_pyjama", "73_alleen_een_gevoel", "80_man_zonder_bankpas",
)  # fmt: skip
SECOND = ("48_een_klap_man_wil_samen_praten", "72_paar_wil_samen_na_checks")  # together: only after a talk apart
WEIGHTY = {"honour", "control", "strangulation", "sexual_violence", "separation", "minor"}


def told(path: Path) -> tuple[str, Mapping[str, Any]]:
    """The story above a case, and the case itself."""
    return path.read_text(encoding="utf-8").splitlines()[0].lstrip("# "), read_yaml(path).data


def test_fifteen_cases_reach_every_outcome() -> None:
    cases = [told(FOLDER / f"{name}.yml")[1]["expect"] for name in WHOLE]
    assert len(WHOLE) >= 15
    assert len({case["outcome"] for case in cases}) == 7
    assert {case["setup"] for case in cases} >= {
        "no_talk_now", "victim_only", "child_first", "perpetrator_only", "victim_first", "apart", "apart_first",
    }  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_a_case_comes_to_its_advice_in_a_whole_conversation(pluis: Site, name: str) -> None:
    story, case = told(FOLDER / f"{name}.yml")
    knows = Professional(case["request"], story, tools())
    with Talk(pluis) as talk:
        player = played(pluis, talk, story, knows)
        came_to, expected = decided(player), case["expect"]
        assert (came_to.outcome, came_to.setup) == (expected["outcome"], expected["setup"]), player.where()
        if expected["outcome"] != "call_112":  # then nothing more is asked
            assert {row.id for row in came_to.cautions} >= WEIGHTY & set(expected["cautions"])
        said = "\n".join(player.texts)
        assert tools().labels["outcome"][expected["outcome"]] in said
        label = tools().tables.plans[expected["setup"]].label  # where there is danger now: “eerst 112, …”
        assert label.split(", ")[-1].casefold() in said.casefold()


@pytest.mark.parametrize("name", SECOND)
def test_talking_together_is_planned_only_after_a_talk_apart(pluis: Site, name: str) -> None:
    story, case = told(FOLDER / f"{name}.yml")
    knows = Professional(case["request"], story, tools())
    with Talk(pluis) as talk:
        player = played(pluis, talk, story, knows)
        assert decided(player).setup == "apart_first", player.where()
        player.hear(talk.say("ik heb het gesprek gehad"))
        before = len(player.texts)
        answer(player, knows)
        came_to, expected = decided(player), case["expect"]
        assert (came_to.outcome, came_to.setup) == (expected["outcome"], expected["setup"]), player.where()
        said = "\n".join(player.texts[before:])
        assert tools().tables.plans[expected["setup"]].label.casefold() in said.casefold(), player.where()


def played(pluis: Site, talk: Talk, story: str, knows: Professional) -> Player:
    """Tell the story of a case, and answer until there is nothing left to ask."""
    player = Player(pluis, talk)
    player.hear(talk.say(story))
    answer(player, knows)
    return player


def decided(player: Player) -> Decision:
    """What the tables say of the case as it stands."""
    return tools().tables.decide(advice_request(player.case))


def answer(player: Player, knows: Professional) -> None:
    """Answer what is asked until there is nothing left to ask."""
    for _turn in range(MOST_TURNS):
        question = open_question(player.case, tools())
        if question:
            player.hear(player.act(knows.answers(question)))
        elif player.phase == END:
            return
        else:
            player.hear(player.act({"press": "Ik heb 112 gebeld, ga verder"}))
    raise AssertionError(f"na {MOST_TURNS} beurten nog niet klaar: {player.phase}")
