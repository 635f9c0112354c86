"""A minor who is hurt by a partner of her own: it is not taken for violence at home, and parents hear nothing first."""

from __future__ import annotations

import pytest

from bot.advice import AdviceRequest, Tables

PEOPLE = {"zij": "zij", "haar": "haar", "haar_bez": "haar", "hij": "hij", "hem": "hem", "zijn": "zijn"}
CASES = (
    {"signals": "yes"},
    {"fear": "yes", "signals": "yes"},
    {"coercive_control": "yes"},
    {"physical_violence": "yes", "repeated": "yes"},
    {"strangulation": "yes"},
    {"stalking": "yes", "separation": "yes", "asked_veilig_thuis": "yes"},
    {"talk_raises_danger": "yes", "signals": "yes"},
)
AT_HOME = ("kan van een ouder komen", "geweld thuis", "uit het gezin", "van het gezin", "in het gezin")
FIRST = "voordat Veilig Thuis heeft meegedacht"


def said(tables: Tables, role: str, case: dict[str, str]) -> list[str]:
    """Everything that the advice and the plan say."""
    told = tables.advise(AdviceRequest("onderwijs", role, "yes", case)).as_dict(PEOPLE)
    plan = [told["conversation"][part] for part in ("not_with", "place", "avoid", "children", "unsafe", "order", "who")]
    rows = [row["text"] for part in ("reasons", "cautions", "checks", "meldcode") for row in told[part]]
    return [*rows, *told["next_steps"], *(line for lines in plan for line in lines)]


@pytest.mark.parametrize("case", CASES)
def test_it_is_not_taken_for_violence_at_home(tables: Tables, case: dict[str, str]) -> None:
    texts = said(tables, "victim", case)
    assert not [text for text in texts for words in AT_HOME if words in text]
    assert not [text for text in texts if "Kinderen luisteren niet mee" in text]


@pytest.mark.parametrize("case", CASES)
def test_parents_hear_nothing_first_and_it_says_why(tables: Tables, case: dict[str, str]) -> None:
    [about] = [text for text in said(tables, "victim", case) if text.startswith("Minderjarig:") or FIRST in text][:1]
    assert FIRST in about
    assert "Je weet niet wat het losmaakt" in about


def test_nobody_around_her_and_not_the_other_hears_of_it_before_advice(tables: Tables) -> None:
    plan = tables.advise(AdviceRequest("onderwijs", "victim", "yes", {"coercive_control": "yes"})).as_dict(PEOPLE)
    [with_nobody] = plan["conversation"]["not_with"]
    assert all(words in with_nobody for words in ("niet met hem", "klasgenoten", "niet met ouders"))


def test_of_a_child_at_home_it_is_said_as_before(tables: Tables) -> None:
    assert any("Het gevaar kan van een ouder komen" in text for text in said(tables, "child", {"signals": "yes"}))


@pytest.mark.parametrize("minor", ["no", "unknown"])
def test_of_a_grown_victim_nothing_changes(tables: Tables, minor: str) -> None:
    request = AdviceRequest("wijkteam", "victim", minor, {"coercive_control": "yes"})
    plan = tables.advise(request).as_dict(PEOPLE)["conversation"]
    said = "Praat met niemand uit het gezin over deze zorgen, tenzij Veilig Thuis dat met je heeft afgesproken."
    assert plan["not_with"] == [said]
