"""The meldcode per profession: whose law it is, the five steps with where they stand, and the extra checks."""

from __future__ import annotations

from typing import Any

import pytest

from bot.advice import PROFESSIONS, AdviceRequest, Tables

# The six sectors of the law (health care, education, child care, social support, youth care, justice); of the police
# no source was seen that says whether it holds, and physicians follow the code of their own association.
DUTY = {
    "huisarts": "knmg", "arts": "knmg", "verpleging": "meldcode", "ggz": "meldcode", "onderwijs": "meldcode",
    "kinderopvang": "meldcode", "maatschappelijk_werk": "meldcode", "wijkteam": "meldcode", "jeugdhulp": "meldcode",
    "justitie": "meldcode", "politie": "police", "schuldhulp": "outside", "vrijwilliger": "outside",
    "anders": "outside",
}  # fmt: skip


def told(tables: Tables, profession: str, **case: str) -> dict[str, Any]:
    """The advice for a professional."""
    return tables.advise(AdviceRequest(profession, "victim", "no", case)).as_dict()


def step(answer: dict[str, Any], number: int) -> tuple[str, str]:
    """The status and the text of a step."""
    row = answer["meldcode"][number - 1]
    assert row["step"] == number
    return row["status"], row["text"]


@pytest.mark.parametrize("profession", PROFESSIONS)
def test_everyone_hears_whether_the_law_holds_and_sees_five_steps(tables: Tables, profession: str) -> None:
    answer = told(tables, profession, signals="yes")
    assert [row["id"] for row in answer["duty"]] == [DUTY[profession]]
    assert [row["step"] for row in answer["meldcode"]] == [1, 2, 3, 4, 5]
    assert [row["status"] for row in answer["meldcode"]] == ["done", "now", "todo", "todo", "todo"]
    assert "child_check" in [row["id"] for row in answer["checks"]]


@pytest.mark.parametrize("profession", PROFESSIONS)
def test_only_physicians_have_the_check_for_informal_care_of_themselves(tables: Tables, profession: str) -> None:
    def has(**case: str) -> bool:
        return "informal_care_check" in [row["id"] for row in told(tables, profession, signals="yes", **case)["checks"]]

    assert has() is (profession in ("huisarts", "arts"))
    assert has(care_dependent="yes")
    assert has(informal_care="yes")


@pytest.mark.parametrize(
    ("profession", "said"),
    [
        ("huisarts", "als arts overleg je met een collega én vraag je Veilig Thuis om advies"),
        ("onderwijs", "een collega of de aandachtsfunctionaris"),
        ("vrijwilliger", "wie jou bij je vrijwilligerswerk begeleidt"),
    ],
)
def test_step_two_says_with_whom(tables: Tables, profession: str, said: str) -> None:
    assert said in step(told(tables, profession, signals="yes"), 2)[1]


def test_a_physician_has_consulted_only_when_veilig_thuis_advised_too(tables: Tables) -> None:
    assert step(told(tables, "arts", signals="yes", consulted="yes"), 2)[0] == "now"
    assert step(told(tables, "arts", signals="yes", consulted="yes", asked_veilig_thuis="yes"), 2)[0] == "done"
    assert step(told(tables, "wijkteam", signals="yes", consulted="yes"), 2)[0] == "done"


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ({"weapon": "yes"}, "acute onveiligheid"),
        ({"honour": "yes"}, "samen met de deskundige"),
        ({"repeated": "yes"}, "structureel"),
        ({"signals": "yes", "help_refused": "yes"}, "ook met de hulp die is aangeboden of geprobeerd"),
        ({"children": "yes", "children_safe": "no"}, "wegen zwaar"),
    ],
)
def test_step_four_says_what_kind_of_danger_it_is(tables: Tables, case: dict[str, str], said: str) -> None:
    status, text = step(told(tables, "wijkteam", **case), 4)
    assert status == "now"
    assert said in text


@pytest.mark.parametrize("case", [{"signals": "yes"}, {"repeated": "yes"}])
def test_step_four_names_the_questions_about_help(tables: Tables, case: dict[str, str]) -> None:
    assert "kun je hulp bieden of regelen, nemen betrokkenen die aan, en wordt het er op tijd veilig van?" in (
        step(told(tables, "wijkteam", **case), 4)[1].casefold()
    )


def test_step_five_has_two_questions_and_the_police_report_in_their_own_way(tables: Tables) -> None:
    for case in ({"signals": "yes"}, {"weapon": "yes"}):
        text = step(told(tables, "wijkteam", **case), 5)[1]
        assert "melden nodig" in text
        assert "hulp (ook) mogelijk" in text
        assert "zorgmelding" not in text
        assert "zorgmelding" in step(told(tables, "politie", **case), 5)[1]


def test_after_the_talk_the_weighing_is_next_and_at_a_report_the_decision(tables: Tables) -> None:
    talked = {"consulted": "yes", "talked_with_client": "yes"}
    for profession in ("verpleging", "arts"):
        more = {"asked_veilig_thuis": "yes"} if profession == "arts" else {}
        for case in ({"signals": "yes"}, {"fear": "yes"}):
            answer = told(tables, profession, **case, **talked, **more)
            assert [row["status"] for row in answer["meldcode"]] == ["done", "done", "done", "now", "todo"]
            assert "kun je hulp bieden of regelen" in step(answer, 4)[1].casefold()
    answer = told(tables, "verpleging", repeated="yes", **talked)
    assert [row["status"] for row in answer["meldcode"]] == ["done", "done", "done", "now", "now"]
    assert "acute" not in step(answer, 5)[1]


@pytest.mark.parametrize("case", [{"pregnant": "yes"}, {"child_witness": "yes"}, {"child_told": "yes"}])
def test_the_kindcheck_stays_for_a_child_on_the_way_or_elsewhere(tables: Tables, case: dict[str, str]) -> None:
    answer = told(tables, "verpleging", signals="yes", children="no", **case)
    assert "child_check" in [row["id"] for row in answer["checks"]]
    assert "child_check" not in [
        row["id"] for row in told(tables, "verpleging", signals="yes", children="no")["checks"]
    ]


def test_with_honour_nobody_else_is_spoken_to_after_the_advice_either(tables: Tables) -> None:
    answer = told(tables, "verpleging", honour="yes", expert_consulted="yes", asked_veilig_thuis="yes")
    assert answer["conversation"]["setup"] == "victim_only"
    assert "met niemand anders" in step(answer, 3)[1]
    assert "Met anderen pas" not in step(answer, 3)[1]


def test_everyone_can_tell_whether_the_law_holds(tables: Tables) -> None:
    duty = {profession: told(tables, profession)["duty"][0]["text"] for profession in PROFESSIONS}
    assert "geldt ook voor jouw sector" in duty["huisarts"]
    assert "geen arts, zoals een praktijkondersteuner" in duty["huisarts"]
    sectors = (
        "gezondheidszorg", "onderwijs", "kinderopvang", "maatschappelijke ondersteuning", "jeugdhulp", "justitie"
    )  # fmt: skip
    assert not [sector for sector in sectors if sector not in duty["anders"]]
