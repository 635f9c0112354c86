"""From the plan of a talk to practising it, and back: the case goes on where it was, and nothing in it changed."""

from __future__ import annotations

from typing import Any

import pytest

from actions.practice import Playing
from bot.case import Case, Entry, Given, Tools, advised, begun, current_phase, take
from bot.practice import Move, Session

MAN = "haar_man_antwoordt"
FORM = "oefen_form"
STORY = "Als wijkverpleegkundige kom ik bij mevrouw. Haar man geeft steeds antwoord voor haar."
BEGINS = f'/oefenen{{"keuze": "{MAN}"}}'
GOES_ON = ('/oefenen{"keuze": ":verder"}', "/herhaal")
ENDING = ("hem_eerst", "wat_voelt_u", "geen_kast")  # then `afronden` ends it


@pytest.fixture
def deciding(tools: Tools) -> Case:
    """After the advice: what she decides is asked."""
    case = take(begun(Case(), "vertellen", STORY, tools), "gevoel", Given("mijn cliënte"), 0, tools).case
    plain = Case(entries=[entry.model_copy(update={"hints": {}}) for entry in case.entries])
    return advised(
        plain.add(Entry(question="genoeg", facts={"isolated": "yes"}, fields={"enough": "yes"}, silent=True))
    )


@pytest.fixture
def planning(deciding: Case, tools: Tools) -> Case:
    """After her decision, heavier than the advice: the plan is offered."""
    case = deciding.add(
        Entry(question="besluit.keuze", fields={"decision": "report"}),
        Entry(question="besluit.hulp"),
        Entry(question="besluit.datum"),
    )
    assert current_phase(case, tools) == "opzet"
    return case


def shown(run: Any, case: Case, tools: Tools) -> Any:
    """The plan as it is shown at this point: as the answer of its form, or by its word."""
    phase = current_phase(case, tools)
    if phase == "opzet":
        slots = {"antwoord": "ja"}
        return run("validate_opzet_form", intent="keuze", choice="ja", form="opzet_form", case=case, slots=slots)
    return run("action_gespreksopzet", text="gespreksopzet", intent="gespreksopzet", form=f"{phase}_form", case=case)


@pytest.mark.parametrize("at", ["deciding", "planning"])
@pytest.mark.parametrize("finished", [False, True])
def test_practising_leaves_the_case_where_it_was(
    run: Any, tools: Tools, request: pytest.FixtureRequest, at: str, finished: bool
) -> None:
    plan = shown(run, request.getfixturevalue(at), tools)
    assert "**Gespreksopzet:" in plan.text
    assert plan.text.index("Na het gesprek") < plan.text.index("Je kunt dit gesprek eerst oefenen")
    assert BEGINS in plan.payloads
    case, form = plan.case, f"{current_phase(plan.case, tools)}_form"
    state: dict[str, Any] = {"case": case, "slots": {}}

    def step(name: str, **message: Any) -> Any:
        done = run(name, **state, **message)
        assert "casus" not in done.slots
        state["slots"] = {"oefening": done.slots.get("oefening", state["slots"].get("oefening"))}
        return done

    begun = step("action_oefenen", intent="oefenen", choice=MAN, form=form)
    assert (begun.left_form, begun.next) == (True, FORM)
    state["slots"]["antwoord"] = "Hoe gaat het vandaag met u?"
    step("validate_oefen_form", text=state["slots"]["antwoord"], intent="vertellen", form=FORM)
    if finished:
        state["slots"] = {"oefening": Playing(Session(MAN, tuple(map(Move, ENDING)))).to_slot()}
    state["slots"]["antwoord"] = "/keuze" if finished else "pauze"
    last = {"choice": "optie:afronden", "intent": "keuze"} if finished else {"text": "pauze", "intent": "pauze"}
    left = step("validate_oefen_form", form=FORM, **last)
    assert left.left_form
    assert set(left.payloads) >= set(GOES_ON[1:] if finished else GOES_ON)

    back = step("action_herhaal", intent="herhaal", before="pauze")
    assert back.next == form
    again = step(f"validate_{form}", intent="herhaal", ran=["action_herhaal"])
    asked = run(f"validate_{form}", intent="herhaal", ran=["action_gespreksopzet"], case=case)
    assert again.text == asked.text != ""
    assert current_phase(case, tools) == form.removesuffix("_form")


def test_where_talking_must_wait_the_calls_stand_beside_the_question(run: Any, planning: Case, tools: Tools) -> None:
    case = advised(planning.add(Entry(question="x", facts={"coercive_control": "yes", "victim_with_you": "no"})))
    case = case.add(*planning.entries[-3:])
    done = shown(run, case, tools)
    assert "Een gesprek kan nu niet. Bellen kun je wel eerst oefenen" in done.text
    assert "Heb je hierover al overlegd?" in done.text
    assert [payload for payload in done.payloads if payload.startswith("/oefenen")] == [
        '/oefenen{"keuze": "twee_keer_bellen"}'
    ]
    assert sum(payload.startswith("/keuze") for payload in done.payloads) == 3
