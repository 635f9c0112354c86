"""Phase 5: where talking must wait there is no plan for a talk, but a gate; who has consulted sees what holds then,
and nothing else is told or asked again."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings

from bot.advice import GROUPS, AdviceRequest
from bot.case import Entry, Given, Tools, plan_shown
from bot.case.advising import is_advised
from bot.case.speech import Choice, Question, Say
from bot.case.talk import ALLOWED, EXPERT, NOT_YET, VEILIG_THUIS, _facts
from tests.unit.advice.conftest import requests
from tests.unit.case.player import Answer, Player, Press
from tests.unit.case.sheets import seen

GATE = "opzet.overlegd"
TITLE = "**Eerst overleggen, nog niet praten**"
ANSWERS: Mapping[str, Answer] = {
    "besluit.keuze": Press("ask_advice"),
    "besluit.reden": "zo doen we dat",
    "besluit.bespreken": "nee",
    "besluit.datum": "morgen",
    "opzet.gewenst": Press("Ja"),
}
CONTROL = {"coercive_control": "yes", "victim_with_you": "no"}


def at_the_gate(
    player: Player, facts: Mapping[str, str], role: str = "victim", profession: str = "wijkteam", until: str = GATE
) -> Player:
    """After the advice and her decision, when she has asked for help with the talk."""
    fields = {"profession": profession, "client_role": role, "enough": "yes"}
    known = {"danger_now": "no", "children": "no", "signals": "yes", **facts}
    player.case = player.case.add(seen("hij hield haar tas vast"), Entry(question="x", facts=known, fields=fields))
    player._advise()
    player.play(ANSWERS, until=until)
    return player


def titles(player: Player) -> list[str]:
    """The answers that are offered."""
    return [choice.title for choice in player.question.choices]


def advices(player: Player) -> int:
    """How often the advice was told."""
    return sum("**Advies:" in text for text in player.said)


# -- the gate ---------------------------------------------------------------------------------------------------------


def test_the_gate_tells_whom_to_call_what_to_ask_and_what_meanwhile(player: Player) -> None:
    at_the_gate(player, CONTROL)
    gate, practice = player.said[-2:]
    assert "Twee keer bellen" in practice
    assert gate.startswith(TITLE)
    for part in ("Bron: ", "**Bel eerst**", "0800-2000", "**Wat je daar vraagt**", "**Intussen**", "gewone contact"):
        assert part in gate
    assert "Gespreksopzet:" not in gate
    assert player.question.id == GATE
    assert player.outcome == "ask_advice_now"


def test_having_consulted_opens_the_plan_and_nothing_is_told_or_asked_again(player: Player) -> None:
    at_the_gate(player, CONTROL)
    asked, level = list(player.asked), player.outcome
    player.press("Ja, met Veilig Thuis")
    assert player.case.facts[VEILIG_THUIS] == "yes"
    assert player.setup == "victim_first"
    assert any("**Gespreksopzet: eerst degene" in text for text in player.said)
    assert (advices(player), player.outcome) == (1, level)
    assert is_advised(player.case)
    assert player.asked == [*asked, GATE]
    assert player.phase == "afronding"


def test_the_steps_of_the_meldcode_follow(player: Player) -> None:
    at_the_gate(player, CONTROL)
    player.press("Ja, met Veilig Thuis")
    [told] = [text for text in player.said if text.startswith("**De meldcode**") and "1." not in text]
    assert "2. ✓ gedaan: Overleg" in told
    assert "3. → nu: Gesprek" in told


def test_a_physician_still_owes_the_colleague(player: Player) -> None:
    at_the_gate(player, CONTROL, profession="huisarts")
    player.press("Ja, met Veilig Thuis")
    assert player.setup == "victim_first"
    assert not [text for text in player.said if text.startswith("**De meldcode**\n\n2.")]


def test_not_yet_asks_no_more_and_tells_how_to_come_back(player: Player) -> None:
    at_the_gate(player, CONTROL)
    before = player.case.facts
    player.press("Nog niet")
    assert player.case.facts == before
    assert "gespreksopzet" in player.said[-1]
    assert player.phase == "afronding"
    player.case = plan_shown(player.case)  # she comes back and asks for it by name
    assert player.question.id == GATE
    player.press("Ja, met Veilig Thuis")
    assert player.setup == "victim_first"
    assert advices(player) == 1


def test_a_plan_that_is_not_wanted_brings_no_gate(player: Player) -> None:
    at_the_gate(player, CONTROL)
    player.undo()
    player.press("Nu niet")
    assert player.phase == "afronding"


@pytest.mark.parametrize(
    "answer", ["ja graag, hij wacht haar steeds op bij haar werk", "nee, hij wacht haar steeds op"]
)
def test_what_is_typed_beside_yes_or_no_to_the_plan_is_kept_and_weighed(player: Player, answer: str) -> None:
    at_the_gate(player, {"victim_with_you": "no"}, until="opzet.gewenst")
    player.say(answer)
    assert any("wacht haar steeds op" in line.quote for line in player.case.lines)
    assert "Dat schrijf ik erbij." in player.said
    assert "stalking" in player.case.hints


def test_back_takes_it_back(player: Player) -> None:
    at_the_gate(player, CONTROL)
    before = player.case
    player.press("Ja, met Veilig Thuis")
    player.undo()
    assert player.case == before
    assert (player.question.id, player.setup) == (GATE, "no_talk_now")
    assert is_advised(player.case)


def test_correcting_it_asks_it_again(player: Player) -> None:
    at_the_gate(player, CONTROL)
    player.press("Ja, met Veilig Thuis")
    at = next(at for at, entry in enumerate(player.case.entries) if entry.question == GATE)
    player.case = player.case.reopen(at)
    assert player.question.id == GATE
    player.press("Nog niet")
    assert player.setup == "no_talk_now"
    assert advices(player) == 1


def test_what_changes_afterwards_is_weighed_and_may_close_the_gate(player: Player) -> None:
    at_the_gate(player, CONTROL)
    player.press("Ja, met Veilig Thuis")
    player.case = player.case.add(Entry(question="y", facts={"talk_raises_danger": "yes"}, silent=True))
    player._advise()
    player.play(ANSWERS, until="afronding")
    assert advices(player) == 2
    assert player.setup == "no_talk_now"
    assert any(said.startswith(TITLE) for said in player.said[-3:])


# -- whom -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "facts", "offered", "setup"),
    [
        ("victim", CONTROL, ["Ja, met Veilig Thuis", "Ja, met een deskundige"], "victim_first"),
        ("victim", {"honour": "yes", "victim_with_you": "no"}, ["Ja, met de deskundige over eer"], "victim_only"),
        ("perpetrator", {"stalking": "yes"}, ["Ja, met Veilig Thuis"], "perpetrator_only"),
        ("child", {"sexual_violence": "yes"}, ["Ja, met Veilig Thuis", "Ja, met een deskundige"], "child_first"),
    ],
)
def test_only_who_brings_a_talk_nearer_is_offered(
    player: Player, role: str, facts: Mapping[str, str], offered: list[str], setup: str
) -> None:
    at_the_gate(player, facts, role)
    assert titles(player) == [*offered, "Nog niet"]
    for title in offered:
        other = Player(player.tools, player.replies, player.case)
        other.press(title)
        assert other.setup == setup


def test_two_consultations_come_one_after_the_other(player: Player) -> None:
    at_the_gate(player, {"honour": "yes", "victim_with_you": "no"}, "perpetrator")
    assert titles(player) == ["Ja, met Veilig Thuis", "Ja, met de deskundige over eer", "Nog niet"]
    player.press("Ja, met de deskundige over eer")
    assert "**Ook na dit overleg: nog niet praten**" in player.said[-1]
    assert "degene van wie het gevaar kan komen" in player.said[-1]
    assert titles(player) == ["Ja, met Veilig Thuis", "Nog niet"]
    player.press("Ja, met Veilig Thuis")
    assert player.setup == "victim_only"
    assert advices(player) == 1


def test_where_no_consultation_opens_it_that_is_said_with_the_reason(player: Player) -> None:
    at_the_gate(player, {"own_safety_threatened": "yes"})
    assert titles(player) == ["Ja, met Veilig Thuis", "Nog niet"]
    player.press("Ja, met Veilig Thuis")
    assert player.setup == "no_talk_now"
    still, changed = player.said[-2:]
    assert "Een gesprek kan het gevaarlijker maken" in still
    assert "Bron: " in still
    assert "verbeteren" in changed
    assert player.phase == "afronding"


def test_who_consulted_before_is_not_asked_again(player: Player) -> None:
    player = at_the_gate(player, {"own_safety_threatened": "yes"})
    known = Entry(question="z", facts={VEILIG_THUIS: "yes"})
    player.case = player.case.add(known)
    player._advise()
    player.play(ANSWERS, until="afronding")
    assert GATE not in player.asked


# -- what was advised of a talk ----------------------------------------------------------------------------------------


@pytest.fixture
def advised_on_talking(player: Player) -> Player:
    """She feared that talking is unsafe, and has consulted since."""
    at_the_gate(player, {"talk_raises_danger": "yes"})
    player.press("Ja, met Veilig Thuis")
    assert player.question.id == ALLOWED
    assert "nog niet praten" not in player.said[-1]
    return player


def test_whoever_advised_her_may_take_her_fear_away(advised_on_talking: Player) -> None:
    player, shut = advised_on_talking, advised_on_talking.case
    player.press("Ja, een gesprek kan")
    assert player.case.facts["talk_raises_danger"] == "no"
    assert player.setup != "no_talk_now"
    assert any(said.startswith("**Gespreksopzet") for said in player.said)
    assert advices(player) == 1
    assert is_advised(player.case)
    assert player.case.undo()[0] == shut


def test_not_yet_leaves_it_shut_and_is_not_asked_again(advised_on_talking: Player) -> None:
    advised_on_talking.press("Nee, nog niet")
    assert advised_on_talking.setup == "no_talk_now"
    assert advised_on_talking.phase == "afronding"


@pytest.mark.parametrize("text", ["ze zeiden van alles", "ja maar alleen met haar, op vrijdag"])
def test_only_a_plain_answer_counts(advised_on_talking: Player, text: str) -> None:
    advised_on_talking.say(text)
    assert advised_on_talking.question.id == ALLOWED
    assert advised_on_talking.case.is_yes("talk_raises_danger")


def test_it_is_asked_of_who_consulted_before_the_gate_too(player: Player) -> None:
    at_the_gate(player, {"talk_raises_danger": "yes", VEILIG_THUIS: "yes"}, until=ALLOWED)
    assert player.question.id == ALLOWED


@settings(max_examples=60)
@given(request=requests)
def test_that_talking_can_now_be_safe_never_changes_the_level(tools: Tools, request: AdviceRequest) -> None:
    before, after = (tools.tables.decide(request.with_facts({"talk_raises_danger": value})) for value in ("yes", "no"))
    assert (before.outcome, before.report) == (after.outcome, after.report)


def test_in_danger_now_it_is_112_and_no_question(player: Player) -> None:
    player.case = player.case.add(Entry(question="x", facts={"danger_now": "yes", "coercive_control": "yes"}))
    player._advise()
    player.play(ANSWERS, until="afronding")
    assert player.said[-1].startswith("**Eerst [112](tel:112), nog niet praten**")
    assert "Wat je daar vraagt" not in player.said[-1]
    assert GATE not in player.asked


@settings(max_examples=60)
@given(request=requests)
def test_having_consulted_never_changes_the_advice(tools: Tools, request: AdviceRequest) -> None:
    assert {VEILIG_THUIS, EXPERT} <= set(GROUPS["process"])
    before = tools.tables.decide(request)
    for fact in (VEILIG_THUIS, EXPERT):
        after = tools.tables.decide(request.with_facts({fact: "yes"}))
        assert (after.outcome, after.rule, after.report, after.help) == (
            before.outcome, before.rule, before.report, before.help
        )  # fmt: skip
        assert after.cautions == before.cautions


# -- typed answers ----------------------------------------------------------------------------------------------------

BOTH, ONE = (VEILIG_THUIS, EXPERT), (VEILIG_THUIS,)
AGAIN = None  # it does not say: asked again


@pytest.mark.parametrize(
    ("text", "offered", "facts"),
    [
        ("ja", ONE, ONE),
        ("ja", BOTH, AGAIN),
        ("ja met vt", BOTH, ONE),
        ("ik heb vanmorgen met Veilig Thuis gebeld", BOTH, ONE),
        ("met een deskundige gesproken", BOTH, (EXPERT,)),
        ("veilig thuis en de deskundige allebei gesproken", BOTH, BOTH),
        ("nog niet", BOTH, ()),
        ("nog niet met veilig thuis", BOTH, ()),
        ("nee", BOTH, ()),
        ("weet ik niet", BOTH, ()),
        ("ik ga morgen veilig thuis bellen", BOTH, ()),
        ("straks bel ik veilig thuis", ONE, ()),
        ("ik heb gebeld maar veilig thuis belt mij terug", BOTH, AGAIN),
        ("Veilig Thuis gesproken, de deskundige niet", BOTH, AGAIN),
        ("met mijn leidinggevende", BOTH, AGAIN),
        ("overlegd met mijn collega", ONE, AGAIN),
        ("ja met mijn collega", ONE, AGAIN),
        ("ik heb haar thuis gesproken", ONE, AGAIN),
        ("ja gebeld", ONE, ONE),
        ("ja, ik ga zo bellen", ONE, ()),
        ("ja met veiligthuis", BOTH, ONE),
    ],
)
def test_typed_answers(text: str, offered: tuple[str, ...], facts: tuple[str, ...] | None) -> None:
    question = Question(GATE, Say(choices=(*(Choice(name, name) for name in offered), NOT_YET)), "Overlegd")
    said = _facts(question, Given(text, intent="weet_niet" if text.startswith("weet") else ""))
    assert said == (None if facts is None else dict.fromkeys(facts, "yes"))


def test_what_does_not_say_is_asked_again_and_never_opens_the_gate(player: Player) -> None:
    at_the_gate(player, CONTROL)
    player.say("mijn leidinggevende", intent="vertellen")
    assert player.question.id == GATE
    assert player.setup == "no_talk_now"


def test_that_she_called_is_no_fact_about_the_case(player: Player) -> None:
    at_the_gate(player, CONTROL)
    lines = player.case.lines
    player.say("Ja, ik heb vanmorgen met Veilig Thuis gebeld.")
    assert player.setup == "victim_first"
    assert player.case.lines == lines


def test_what_she_tells_beside_it_is_weighed(player: Player) -> None:
    at_the_gate(player, CONTROL)
    player.say("Ik heb Veilig Thuis gebeld. Gisteren zag ik dat hij haar sloeg.")
    assert player.case.facts[VEILIG_THUIS] == "yes"
    assert "physical_violence" in player.case.hints
    assert player.phase == "weging"
