"""Coming back after the talk, with the case still kept: two questions, then what may have changed is asked anew."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.advice import FACTS, GROUPS
from bot.case import AFTER_TALK, END, SAID, SINCE, Case, Entry, Tools, advice_request, after_talk, told
from bot.case.advising import is_advised
from bot.case.record import UNKNOWN
from tests.unit.case.player import Answer, Player, Press, Tick

STORY = "Haar man geeft steeds antwoord voor haar en vorige week had ze een blauwe plek op haar arm."
ANSWERS: Mapping[str, Answer] = {
    "kennismaking.beroep": "wijkteam",
    "gevoel.over_wie": "mijn cliënte",
    "feiten.meer_signalen": Tick(("Geen van deze",)),
    "weging.gevaar": Press("Nee, daar"),
    "weging.keel": "nee",
    "weging.bang": "nee",
    "weging.controle": Press("Ieder beslist"),
    "weging.eer": "nee",
    "weging.lichamelijk": Press("Ja, zonder"),
    "besluit.keuze": Press("consult"),
    "besluit.datum": "morgen",
    "opzet.gewenst": "nee",
    "afronding.oordeel": "ja",
}


@pytest.fixture
def done(player: Player) -> Player:
    """A conversation that came to its end."""
    player.begin(STORY)
    player.play(ANSWERS)
    assert player.phase == END
    player.asked.clear()
    return player


def back(player: Player) -> None:
    player.case = after_talk(player.case, player.tools, Entry(question=AFTER_TALK, asked="Terug na het gesprek"))


def test_two_short_questions_come_first_one_at_a_time(done: Player) -> None:
    back(done)
    assert done.question.id == "feiten.na_gesprek"
    done.say("Ze zei: ‘ik ben bang dat hij me iets doet’.")
    assert done.question.id == "feiten.sindsdien"
    done.say("Hij belt haar nu elke dag op haar werk.")
    assert done.question.id not in ("feiten.na_gesprek", "feiten.sindsdien")
    quotes = [line.quote for line in done.case.lines]
    assert any("bang dat hij me iets doet" in quote for quote in quotes)
    assert any("belt haar nu elke dag" in quote for quote in quotes)


def test_what_someone_said_of_a_feeling_is_no_feeling_of_the_user(done: Player) -> None:
    back(done)
    done.say("‘Ik durf niet meer naar huis’, zei ze. Ik voel me er rot bij.")
    kinds = {line.quote: line.kind for line in done.case.lines}
    assert next(kind for quote, kind in kinds.items() if "niet meer naar huis" in quote) == "observation"
    assert next(kind for quote, kind in kinds.items() if "rot bij" in quote) == "feeling"


SAID_BY_HER = [
    ("ze zei ik durf niet weg, hij heeft de sleutels en de kinderen waren erbij", 3),
    ("ze vertelde dat hij de sleutels heeft en dat ze niet zomaar de deur uit kan", 2),
    ("Ze zei: ik durf niet weg, hij heeft de sleutels. De kinderen waren erbij.", 3),
    ("ze zei ik schaam me zo, ik slaap niet meer en ik ben doodmoe", 2),
    ("ze vertelde: ik voel me opgesloten en hij dreigt met de kinderen", 2),
    ("ze zei ik weet niet wat ik moet, hij pakt mijn geld af en ik mag niet bellen", 3),
    ("de kinderen waren erbij, ze zei ik durf niet weg en hij heeft de sleutels", 3),
]


@pytest.mark.parametrize(("text", "count"), SAID_BY_HER)
@pytest.mark.parametrize("question", ["feiten.na_gesprek", "feiten.sindsdien", "begin"])
def test_all_that_someone_said_in_her_own_words_is_a_fact(tools: Tools, text: str, count: int, question: str) -> None:
    lines = told(Case(), question, text, tools).lines
    assert [line.kind for line in lines] == ["observation"] * count


def test_what_follows_on_passed_on_words_is_known_from_the_same_person(tools: Tools) -> None:
    text = "mw vertelde dat hij de sleutels heeft en dat ze niet zomaar de deur uit kan"
    assert [line.parts.get("source") for line in told(Case(), "begin", text, tools).lines] == ["client", "client"]


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("ze zei ik durf niet weg. ik voel me daar rot bij", "ik voel me daar rot bij"),
        ("ze zei ik durf niet weg, ik schrok ervan", "ik schrok ervan"),
        ("ze zei niets, ik voel me onzeker", "ik voel me onzeker"),
        ("ze vertelde dat hij haar sloeg, ik ben er kapot van", "ik ben er kapot van"),
        ("ik heb haar verteld dat ik me zorgen maak", "ik heb haar verteld dat ik me zorgen maak"),
    ],
)
def test_what_the_user_feels_herself_beside_it_stays_apart(tools: Tools, text: str, own: str) -> None:
    kinds = {line.quote: line.kind for line in told(Case(), "feiten.na_gesprek", text, tools).lines}
    assert kinds[own] == "feeling"


def test_what_was_answered_is_not_asked_again_but_what_may_have_changed_is(done: Player) -> None:
    before = set(done.case.asked)
    may_change = {f"weging.{row.id}" for row in done.tools.tables.questions if row.may_change}
    back(done)
    done.play({**ANSWERS, "feiten.na_gesprek": "weet ik niet", "feiten.sindsdien": "weet ik niet"})
    asked = set(done.asked)
    answered = {entry.question for entry in done.case.entries if entry.answer != UNKNOWN and entry.question in before}
    again = {name for name in asked & answered if name.startswith("weging.")}
    assert "weging.gevaar" in asked
    assert "weging.bang" in asked
    assert again <= may_change
    assert "weging.keel" not in asked
    assert not {name for name in asked if name.startswith(("kennismaking", "gevoel.", "feiten.lijst"))}
    assert {"besluit.keuze", "besluit.datum", "opzet.gewenst"} <= asked
    assert "afronding.oordeel" not in asked
    assert sum("**Advies:" in text for text in done.said) == 2


def test_the_fact_list_is_shown_again_when_it_holds_more(done: Player) -> None:
    back(done)
    done.play({**ANSWERS, "feiten.na_gesprek": "Ze zei dat hij haar opbelt.", "feiten.sindsdien": "weet ik niet"})
    assert "feiten.lijst" in done.asked


def test_undo_takes_the_coming_back_alone(done: Player) -> None:
    before = done.case
    back(done)
    assert not is_advised(done.case)
    done.undo()
    assert done.case == before


def test_danger_of_now_is_asked_again_and_other_danger_stays(tools: Tools) -> None:
    facts = {"danger_now": "yes", "danger_coming_days": "yes", "fear": "yes", "stalking": "no", "strangulation": "no"}
    case = after_talk(Case().add(Entry(question="x", facts=facts)), tools, Entry(question=AFTER_TALK))
    assert case.facts["danger_now"] == "unknown"
    assert case.facts["danger_coming_days"] == "yes"
    assert case.facts["fear"] == "yes"
    assert case.facts["stalking"] == "unknown"
    assert case.facts["strangulation"] == "no"
    assert case.facts["talked_with_client"] == "yes"


def test_what_she_wants_herself_stands_until_it_is_answered_anew(player: Player) -> None:
    player.begin(STORY)
    player.play({**ANSWERS, "weging.wil_zelf": Press("Wil het niet")}, until="besluit")
    if "weging.wil_zelf" not in player.asked:
        facts = {"victim_agrees": "no", "decides_freely": "yes"}
        player.case = player.case.add(Entry(question="weging.wil_zelf", asked="x", answer="x", facts=facts))
    back(player)
    assert player.case.facts["victim_agrees"] == "no"
    assert "victim_agrees" in player.case.assumed
    assert player.case.facts["decides_freely"] == "unknown"
    agrees = {**ANSWERS, "weging.wil_zelf": Press("Vindt het goed")}
    player.play({**agrees, "feiten.na_gesprek": "weet ik niet", "feiten.sindsdien": "weet ik niet"})
    assert player.case.facts["victim_agrees"] == "yes"


STEP_TWO = [
    ("wijkteam", {"consulted": "yes", "asked_veilig_thuis": "no"}),
    ("wijkteam", {"consulted": "no", "asked_veilig_thuis": "yes"}),
    ("wijkteam", {"expert_consulted": "yes"}),
    ("huisarts", {"consulted": "yes", "asked_veilig_thuis": "yes"}),
]


@pytest.mark.parametrize(("profession", "facts"), STEP_TWO)
def test_whoever_consulted_before_the_talk_has_done_step_two(
    tools: Tools, profession: str, facts: dict[str, str]
) -> None:
    who = Entry(question="x", fields={"profession": profession}, facts={"signals": "yes", **facts})
    case = after_talk(Case().add(who), tools, Entry(question=AFTER_TALK))
    assert tools.tables.decide(advice_request(case)).meldcode[1] == "done"
    assert {fact for fact, value in facts.items() if value == "no"} <= case.assumed


@pytest.mark.parametrize(
    ("answer", "asked"), [("weet ik niet", "yes"), (Tick(("Een collega",)), "yes"), (Tick(("Nog niemand",)), "no")]
)
def test_with_whom_she_consulted_is_asked_again_and_stands_until_she_says_otherwise(
    done: Player, answer: Answer, asked: str
) -> None:
    consulted = {"consulted": "yes", "asked_veilig_thuis": "yes", "expert_consulted": "no", "coercive_control": "yes"}
    done.case = done.case.add(Entry(question="weging.overleg", asked="x", answer="x", facts=consulted))
    back(done)
    done.play({**ANSWERS, "feiten.na_gesprek": "weet ik niet", "feiten.sindsdien": "weet ik niet"}, "weging.overleg")
    done.answer(answer)
    assert done.case.facts["asked_veilig_thuis"] == asked
    assert (done.tools.tables.decide(advice_request(done.case)).meldcode[1] == "done") is (asked == "yes")


values = st.fixed_dictionaries({fact: st.sampled_from(["yes", "no", "unknown"]) for fact in FACTS})


@settings(max_examples=150)
@given(facts=values, talked=st.booleans())
def test_coming_back_never_makes_it_milder(tools: Tools, facts: dict[str, str], talked: bool) -> None:
    """But for danger at this moment, which is asked first of all."""
    case = Case().add(Entry(question="x", facts=facts | {"danger_now": "no"}))
    after = after_talk(case, tools, Entry(question=AFTER_TALK), talked=talked, asks=SAID if talked else SINCE)
    before, now = (tools.tables.decide(advice_request(one)) for one in (case, after))
    assert now.level <= before.level
    told = {fact for fact in GROUPS["danger"] if facts[fact] == "yes" and fact != "danger_now"}
    assert all(after.facts[fact] == "yes" for fact in told)
    assert {row.id for row in before.cautions} <= {row.id for row in now.cautions}
