"""What holds in every phase: no question for ever, undo is exact, and what changes is weighed again."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.case import (
    ADVICE,
    END,
    PHASES,
    Case,
    Entry,
    Given,
    Replies,
    Tools,
    advice_request,
    advised,
    current_phase,
    take,
    told,
)
from bot.case.advising import is_advised
from bot.case.flow import GO_ON
from bot.case.record import AFTER_TALK, ENOUGH
from bot.case.speech import DONT_KNOW
from bot.case.story import ADDED
from bot.case.weighing import AFTER_ENOUGH
from tests.unit.case.player import Answer, Player, Press

STORY = "Haar man geeft steeds antwoord voor haar en vorige week had ze een blauwe plek op haar arm."
DONE: Mapping[str, Answer] = {
    "kennismaking.beroep": "huisarts",
    "gevoel.over_wie": "mijn patiënte",
    "besluit.keuze": Press("consult"),
    "besluit.datum": "morgen",
    "opzet.gewenst": "ja",
    "afronding.oordeel": "ja",
}
few = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def advised_player(player: Player) -> Player:
    """After the advice, before the own decision."""
    player.begin(STORY)
    player.play(DONE, until="besluit")
    return player


def test_three_misses_go_on_and_two_offer_a_person(player: Player) -> None:
    player.begin(STORY)
    player.play(DONE, until="weging")
    question = player.question.id
    for miss in (1, 2):
        player.say("blauw")
        assert player.misses == miss
        assert player.question.id == question
    assert "ik wil een mens spreken" in player.said[-1]
    player.say("blauw")
    assert player.misses == 0
    assert question in player.case.asked
    assert player.question.id != question


def test_an_answer_that_is_understood_starts_the_count_again(player: Player) -> None:
    player.begin(STORY)
    player.play(DONE, until="weging")
    player.say("blauw")
    player.say("weet ik niet")
    assert player.misses == 0


def test_a_profession_said_at_another_question_is_taken_and_no_miss(player: Player) -> None:
    player.begin(STORY)
    player.danger("hij heeft een mes", ("weapon", "hij heeft een mes"))
    asked = player.question.id
    player.say("ben wijkverpleegkundige")
    assert (player.question.id, player.misses) == (asked, 0)
    assert player.case.fields["profession"] == "verpleging"


@pytest.mark.parametrize(
    "text",
    [
        "in de vrouwenopvang",
        "zijn huisarts",
        "bij de huisarts",
        "mijn huisarts",
        "nu bij de huisarts",
        "ben bij de huisarts",
        "zelf bij de politie",
        "nu politie",
        "de politie",
        "politie",
        "de school",
    ],
)
def test_where_or_whose_is_no_profession(player: Player, text: str) -> None:
    player.begin(STORY)
    player.danger("hij heeft een mes", ("weapon", "hij heeft een mes"))
    player.say(text)
    assert "profession" not in player.case.fields


def test_every_question_takes_not_knowing_for_an_answer(player: Player) -> None:
    """A whole conversation of “weet ik niet” ends, and asks nothing twice."""
    player.begin("", intent="onderbuikgevoel")
    for _ in range(40):
        if player.phase == END:
            break
        player.say("weet ik niet")
    assert player.phase == END
    assert len(player.asked) == len(set(player.asked))


@pytest.mark.parametrize("phase", list(PHASES))
def test_no_phase_takes_an_empty_answer_for_one(player: Player, phase: str) -> None:
    player.begin(STORY)
    step = take(player.case, phase, Given(), 0, player.tools)
    assert len(step.case.entries) == 1


# -- the advice -------------------------------------------------------------------------------------------------------


def test_new_facts_after_the_advice_lead_to_a_new_one(advised_player: Player) -> None:
    advised_player.press("consult")
    case = advised_player.case
    assert current_phase(case, advised_player.tools) in ("besluit", "opzet")
    changed = case.add(Entry(question="bedreigd", facts={"own_safety_threatened": "yes"}, silent=True))
    assert not is_advised(changed)
    assert current_phase(changed, advised_player.tools) in ("weging", ADVICE)


def test_told_again_the_advice_asks_nothing_again(advised_player: Player) -> None:
    advised_player.press("consult")
    assert advised(advised_player.case) == advised_player.case


def test_enough_is_enough_at_any_moment(player: Player) -> None:
    player.begin(STORY)
    player.case = player.case.add(Entry(question=ENOUGH, fields={"enough": "yes"}, silent=True))
    for _ in range(AFTER_ENOUGH + 1):
        if current_phase(player.case, player.tools) != ADVICE:
            assert player.case.hints, "na genoeg alleen nog waar haar eigen woorden op wijzen"
            player.case = take(player.case, "weging", DONT_KNOW, 0, player.tools).case
    assert current_phase(player.case, player.tools) == ADVICE


def test_back_after_the_advice_takes_back_the_last_answer_and_the_advice(advised_player: Player) -> None:
    last = advised_player.asked[-1]
    advised_player.undo()
    assert advised_player.question.id == last
    assert last not in advised_player.case.asked


def test_correcting_asks_that_question_and_then_weighs_again(advised_player: Player) -> None:
    index = next(at for at, entry in enumerate(advised_player.case.entries) if entry.question == "weging.keel")
    advised_player.case = advised_player.case.reopen(index)
    assert advised_player.question.id == "weging.keel"
    advised_player.say("ja")
    advised_player.play({}, until="besluit")
    assert advised_player.outcome == "acute_contact"
    assert sum("**Advies:" in text for text in advised_player.said) == 2


def test_correcting_an_answer_to_what_it_was_does_not_tell_the_advice_again(advised_player: Player) -> None:
    index = next(at for at, entry in enumerate(advised_player.case.entries) if entry.question == "weging.keel")
    advised_player.case = advised_player.case.reopen(index)
    advised_player.say("weet ik niet")
    advised_player.play({}, until="besluit")
    assert sum("**Advies:" in text for text in advised_player.said) == 1


def test_after_the_talk_it_is_asked_what_it_brought(advised_player: Player) -> None:
    fields = {"advised": "", "enough": "", "fact_list": "", "talk": "open"}
    note = Entry(question=AFTER_TALK, facts={"talked_with_client": "yes"}, fields=fields, silent=True)
    advised_player.case = advised_player.case.add(note)
    assert advised_player.question.id == "feiten.na_gesprek"
    advised_player.say("Ze zei dat hij haar vorige week heeft geslagen.")
    assert advised_player.question.id != "feiten.na_gesprek"
    advised_player.play(DONE)
    assert sum("**Advies:" in text for text in advised_player.said) == 2
    assert advised_player.asked.count("afronding.oordeel") == 1


def test_a_milder_choice_asks_for_a_reason_and_offers_a_person_once(player: Player) -> None:
    throat = "hij heeft haar keel dichtgeknepen"
    player.begin(throat, danger=[("strangulation", throat)])
    player.press("Nee, dit is")
    player.play({**DONE, "besluit.keuze": Press("observe")}, until="besluit.reden")
    player.say("ik wil eerst mijn collega spreken")
    assert player.question.id == "besluit.bespreken"
    player.say("ja")
    assert "0800-2000" in player.said[-1]
    assert player.case.fields["reason"] == "ik wil eerst mijn collega spreken"
    player.play(DONE)
    assert player.phase == END


def test_not_reporting_is_not_reporting(advised_player: Player) -> None:
    advised_player.say("ik ga dit niet melden")
    assert advised_player.case.fields["decision"] == "own"
    assert any(entry.answer == "ik ga dit niet melden" for entry in advised_player.case.entries)


# -- whatever is answered ---------------------------------------------------------------------------------------------

typed = st.sampled_from(
    ["ja", "nee", "weet ik niet", "2", "de eerste", "geen", "klopt", "blauw", "", "🙂", "<b>x</b>", "vandaag",
     "hij sloeg haar vorige week", "Ik denk dat hij haar niet vertrouwt en ik voel me er rot bij.", "weet het nog niet"]
)  # fmt: skip
intents = st.sampled_from(["vertellen", "bevestigen", "ontkennen", "weet_niet", "keuze", "nlu_fallback", "bedanken"])


def answers(draw: st.DrawFn, player: Player) -> Given:
    """Any answer: a button, a list, typed words under any intent, or a button of another moment."""
    values = [choice.value for choice in player.question.choices if choice.intent == "keuze"]
    kind = draw(st.sampled_from(["press", "type", "type", "stale"] if values else ["type", "stale"]))
    if kind == "press":
        chosen = draw(st.lists(st.sampled_from(values), min_size=1, max_size=3 if player.question.tick else 1))
        return Given(choice=",".join(chosen))
    return Given(choice="van eerder") if kind == "stale" else Given(draw(typed), intent=draw(intents))


def play_randomly(player: Player, data: st.DataObject, turns: int = 120) -> None:
    """Answer whatever comes until the end, and hold what must always hold."""
    put: dict[str, int] = {}
    for _ in range(turns):
        if player.phase == END:
            return
        question, before, silent = player.question, player.case, player.case.undo()[0]
        put[question.id] = put.get(question.id, 0) + 1
        assert put[question.id] <= 5 * GO_ON, f"{question.id} komt steeds terug"
        given_now = data.draw(st.composite(lambda draw: answers(draw, player))())
        player._give(given_now)
        answered = player.case.entries[len(before.entries) :]
        if sum(not entry.silent for entry in answered) == 1 and not answered[0].silent:
            assert player.case.undo()[0] == before
        elif not answered:
            assert player.case.undo()[0] == silent
        assert Case.from_slot(player.case.to_slot()) == player.case
    raise AssertionError(f"na {turns} antwoorden nog niet klaar: {player.asked[-10:]}")


@few
@given(data=st.data())
def test_every_conversation_ends_and_each_answer_can_be_taken_back(
    tools: Tools, replies: Replies, data: st.DataObject
) -> None:
    player = Player(tools, replies)
    if data.draw(st.booleans()):
        player.begin("Hij sloeg haar.", danger=[("violence_now", "Hij sloeg haar.")])
    else:
        player.begin(data.draw(typed), intent="onderbuikgevoel")
    play_randomly(player, data)
    assert not [text for text in player.said if "{" in text or "None" in text]


# -- what she tells or corrects later ---------------------------------------------------------------------------------


def test_correcting_after_enough_asks_that_question_and_no_other(player: Player) -> None:
    player.begin(STORY)
    player.play(DONE, until="weging.keel")
    player.say("ja")
    player.case = player.case.add(Entry(question=ENOUGH, fields={"enough": "yes"}, silent=True))
    player._advise()
    assert player.outcome == "acute_contact"
    at = next(at for at, entry in enumerate(player.case.entries) if entry.question == "weging.keel")
    player.case = player.case.reopen(at)
    assert player.question.id == "weging.keel"
    player.say("ja")
    assert player.outcome == "acute_contact"
    assert player.phase == "besluit"


def test_what_is_told_after_the_advice_is_weighed(advised_player: Player) -> None:
    advised_player.play(DONE)
    assert advised_player.phase == END
    case, tools = advised_player.case, advised_player.tools
    advised_player.case = case.add(told(case, ADDED, "Gisteren zag ik dat hij haar sloeg.", tools))
    assert advised_player.phase == "weging"
    assert advised_player.question.id == "weging.lichamelijk"
    advised_player.press("Ja, zonder")
    advised_player.play(DONE)
    assert sum("**Advies:" in text for text in advised_player.said) == 2


def test_a_story_at_the_choice_is_no_decision(advised_player: Player) -> None:
    advised_player.say("ze is trouwens ook zwanger en hij heeft haar vorige week geduwd")
    assert "decision" not in advised_player.case.fields
    assert advised_player.phase == "weging"


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("ik volg het advies", "consult"),
        ("ik ga het eerst melden bij mijn leidinggevende", "consult"),
        ("ik ga melden bij veilig thuis", "report"),
    ],
)
def test_typed_decisions(advised_player: Player, text: str, decision: str) -> None:
    wanted = decision if text != "ik volg het advies" else advised_player.outcome.removesuffix("_now")
    advised_player.say(text)
    assert advised_player.case.fields["decision"] == wanted


def test_choosing_to_report_tells_what_follows(advised_player: Player) -> None:
    advised_player.press("report")
    said = "\n".join(advised_player.said)
    assert advised_player.tools.tables.text("after_report") in said
    assert advised_player.tools.tables.text("anonymity") in said


def test_who_does_not_know_what_to_do_is_offered_a_person_and_asked_for_no_reason(advised_player: Player) -> None:
    advised_player.say("weet ik niet")
    assert advised_player.question.id == "besluit.bespreken"
    advised_player.say("nee")
    assert advised_player.question.id == "besluit.datum"


@pytest.mark.parametrize(
    ("text", "decision"),
    [("samen met de ib'er veilig thuis bellen", "acute_contact"), ("ga morgen vt bellen", "ask_advice")],
)
def test_calling_veilig_thuis_is_heard(advised_player: Player, text: str, decision: str) -> None:
    advised_player.say(text)
    assert advised_player.case.fields["decision"] == decision


def test_reporting_where_that_is_the_norm_is_no_milder_choice(player: Player) -> None:
    throat = "hij heeft haar keel dichtgeknepen"
    player.begin(throat, danger=[("strangulation", throat)])
    player.press("Nee, dit is")
    player.play({**DONE, "besluit.keuze": Press("report")}, until="besluit.datum")
    assert "besluit.reden" not in player.asked


def test_what_was_advised_stands_first_among_the_choices(advised_player: Player) -> None:
    levels = {row.id: row.level for row in advised_player.tools.decisions}
    offered = [choice.value for choice in advised_player.question.choices]
    advised_level = advised_player.tools.tables.decide(advice_request(advised_player.case)).level
    assert levels[offered[0]] == advised_level
    assert "honour_expert" not in offered


def test_the_expert_on_honour_is_offered_where_honour_counts(advised_player: Player) -> None:
    advised_player.case = advised_player.case.add(Entry(question="eer", facts={"honour": "yes"}, silent=True))
    advised_player._advise()
    advised_player.play({}, until="besluit")
    assert "honour_expert" in [choice.value for choice in advised_player.question.choices]


def test_not_knowing_is_no_reason_to_advise_again(advised_player: Player) -> None:
    case = advised_player.case
    assert is_advised(case)
    assert is_advised(
        case.add(Entry(question="weging.bang", asked="Bang?", answer="Weet ik niet", facts={"fear": "unknown"}))
    )
    assert not is_advised(case.add(Entry(question="weging.bang", asked="Bang?", answer="Ja", facts={"fear": "yes"})))
