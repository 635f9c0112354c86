"""Phase 3: typed answers to the questions of the tables; in doubt the danger stands."""

from __future__ import annotations

import pytest

from bot.advice import Question as Row
from bot.case import ENOUGH, PHASES, Case, Entry, Given, Question, Tools, take, told
from bot.case.story import ADDED
from bot.case.weighing import AFTER_ENOUGH
from tests.unit.case.player import Answer, Player, Press


def row_of(tools: Tools, name: str) -> Row:
    return next(row for row in tools.tables.questions if row.id == name)


def asked(tools: Tools, name: str) -> tuple[Case, Question]:
    """A case in which this question is asked (again)."""
    case = Case().add(Entry(question=f"weging.{name}", asked="?", answer="?")).reopen(0)
    question = PHASES["weging"].next_question(case, tools)
    assert question is not None
    assert question.id == f"weging.{name}"
    return case, question


INTENTS = {"ja": "bevestigen", "nee": "ontkennen", "weet": "weet_niet"}


@pytest.mark.parametrize(
    ("name", "text", "facts"),
    [
        ("keel", "ja", {"strangulation": "yes"}),
        ("keel", "nee", {"strangulation": "no"}),
        ("keel", "weet ik niet", {"strangulation": "unknown"}),
        ("keel", "1", {"strangulation": "yes"}),
        ("keel", "de tweede", {"strangulation": "no"}),
        ("bang", "ja", {"fear": "yes"}),
        ("bang", "nee", {"fears_for_life": "no", "fear": "no"}),
        ("lichamelijk", "ja", {"physical_violence": "yes"}),
        ("verteld", "nee", {"disclosure": "no", "told_when_asked": "no", "child_told": "no"}),
        ("vaker_erger", "ja", {"repeated": "yes"}),
        ("vaker_erger", "nee", {"repeated": "no", "escalation": "no"}),
        ("gevaar", "ja", {"danger_coming_days": "yes"}),
        ("zichzelf", "ja", {}),
        ("contact", "ja", {"talked_with_client": "yes"}),
        ("eer", "ja", {"honour": "yes"}),
    ],
)
def test_a_typed_answer_settles_what_it_says_and_no_more(
    tools: Tools, name: str, text: str, facts: dict[str, str]
) -> None:
    case, _ = asked(tools, name)
    step = take(case, "weging", Given(text, intent=INTENTS.get(text.split()[0], "vertellen")), 0, tools)
    assert step.misses == 0
    assert step.case.facts == facts


@pytest.mark.parametrize(
    ("name", "text"),
    [("controle", "ja"), ("wil_zelf", "nee"), ("ernstig", "ja"), ("keel", "9"),
     ("ernstig", "niet gedreigd iemand te doden")],
)  # fmt: skip
def test_an_answer_that_does_not_say_is_asked_again(tools: Tools, name: str, text: str) -> None:
    case, _ = asked(tools, name)
    step = take(case, "weging", Given(text, intent=INTENTS.get(text.split()[0], "vertellen")), 0, tools)
    assert step.misses == 1
    assert not step.case.facts


@pytest.mark.parametrize("text", ["nee", "geen", "geen van deze", "niets"])
def test_none_of_a_list_denies_all_of_it(tools: Tools, text: str) -> None:
    case, _ = asked(tools, "ernstig")
    step = take(case, "weging", Given(text, intent="ontkennen"), 0, tools)
    assert step.case.facts == dict.fromkeys(row_of(tools, "ernstig").facts, "no")


def test_not_knowing_a_list_denies_nothing(tools: Tools) -> None:
    case, _ = asked(tools, "ernstig")
    known = take(case, "weging", Given("weet ik niet", intent="weet_niet"), 0, tools).case
    assert "no" not in known.facts.values()
    assert "weging.ernstig" in known.asked
    empty = take(case, "weging", Given(choice=""), 0, tools).case
    assert not empty.facts


def test_a_list_adds_up(tools: Tools) -> None:
    case, _ = asked(tools, "ernstig")
    step = take(case, "weging", Given("1 en 2"), 0, tools)
    assert step.case.facts == {"weapon": "yes", "threat_to_kill": "yes"}


def test_an_answer_with_a_story_takes_both_and_undoes_both(tools: Tools) -> None:
    case, _ = asked(tools, "lichamelijk")
    given = Given("ja hij heeft haar vorige week tegen de kast geduwd", intent="vertellen")
    step = take(case, "weging", given, 0, tools)
    assert step.case.facts == {"physical_violence": "yes"}
    assert any("tegen de kast" in line.quote for line in step.case.lines)
    assert len(step.case.entries) == len(case.entries) + 1


def test_the_words_of_the_user_come_first(player: Player) -> None:
    player.begin("Ze heeft geen eigen pinpas en moet voor alles toestemming vragen, ik vertrouw het niet.")
    player.press("Schuldhulp")
    player.press("Mijn cli")
    player.play({}, until="weging.gevaar")
    player.press("Nee")
    assert player.question.id == "weging.controle"
    assert "Je schreef" in player.replies.render(player.question.say).text
    assert "pinpas" in player.replies.render(player.question.say).text


def test_without_children_no_question_about_them(player: Player) -> None:
    player.begin("Haar man bepaalt alles en ze is bang voor hem, hij heeft haar vorige week geslagen.")
    player.play({"weging.kinderen": "nee"}, until="besluit")
    assert "weging.kinderen" in player.asked
    assert "weging.kinderen_merken" not in player.asked


# -- a bare “ja” that leaves something open ---------------------------------------------------------------------------


def test_a_bare_yes_is_asked_further_among_the_answers_that_it_leaves(tools: Tools) -> None:
    case, _ = asked(tools, "bang")
    step = take(case, "weging", Given("ja", intent="bevestigen"), 0, tools)
    question = PHASES["weging"].next_question(step.case, tools)
    assert question is not None
    assert question.id == "weging.bang"
    titles = [choice.title for choice in question.choices if choice.intent == "keuze"]
    assert titles == ["Ja, bang dat iemand het niet overleeft", "Ja, bang, maar niet om iemands leven", "Weet ik niet"]
    for choice, life in ((titles[0], "yes"), (titles[1], "no"), (titles[2], "unknown")):
        value = next(row.value for row in question.choices if row.title == choice)
        after = take(step.case, "weging", Given(choice=value), 0, tools).case
        assert after.facts == {"fear": "yes", "fears_for_life": life}
    again = take(step.case, "weging", Given("ja", intent="bevestigen"), 0, tools).case
    following = PHASES["weging"].next_question(again, tools)
    assert following is None or following.id != "weging.bang"


def test_a_bare_yes_to_danger_never_says_that_it_is_now(tools: Tools) -> None:
    case, _ = asked(tools, "gevaar")
    step = take(case, "weging", Given("ja", intent="bevestigen"), 0, tools)
    assert step.case.facts == {"danger_coming_days": "yes"}
    question = PHASES["weging"].next_question(step.case, tools)
    assert question is not None
    assert question.id == "weging.gevaar"


def test_danger_now_says_112_at_once(tools: Tools) -> None:
    case, question = asked(tools, "gevaar")
    value = next(choice.value for choice in question.choices if choice.title == "Ja, nu")
    step = take(case, "weging", Given(choice=value), 0, tools)
    assert step.case.facts["danger_now"] == "yes"
    assert "112" in step.says[0].text


def test_not_knowing_twice_in_a_row_offers_a_person_once(player: Player) -> None:
    player.begin("Haar man bepaalt alles en ze is bang voor hem.")
    player.play({}, until="weging")
    before = len(player.said)
    for _ in range(4):
        if player.phase == "weging":
            player.say("weet ik niet")
    offered = [text for text in player.said[before:] if "Je kunt dit met een mens bespreken" in text]
    assert len(offered) == 1


# -- what her own words point to --------------------------------------------------------------------------------------

CALM: dict[str, Answer] = {
    "kennismaking.beroep": "wijkteam",
    "gevoel.over_wie": "mijn cliënte",
    "weging.gevaar": "nee",
    "weging.lichamelijk": "nee",
    "weging.verteld": Press("Nee, niemand"),
    "besluit.datum": "morgen",
}


def test_whoever_told_what_she_saw_is_asked_whether_it_worries_her(player: Player) -> None:
    player.begin("Bij de overdracht zag ik dat ze steeds naar de deur keek.")
    player.play({**CALM, "weging.signalen": Press("Ja, zelf")}, until="besluit")
    assert "weging.signalen" in player.asked
    assert player.outcome == "consult"


def test_advice_at_once_asks_first_what_her_words_point_to(player: Player) -> None:
    player.begin("Hij bepaalt alles wat ze doet en slaat haar regelmatig, en ze is bang voor hem.")
    player.case = player.case.add(Entry(question=ENOUGH, fields={"enough": "yes"}, silent=True))
    assert player.phase == "weging"
    for _ in range(AFTER_ENOUGH):
        player.say("ja")
        while player.phase == "weging" and "welke" in player.case.fields:
            player.say("ja")
    assert player.phase == "besluit"
    assert player.outcome != "observe"


def test_a_hint_after_a_no_is_asked_again(player: Player) -> None:
    player.begin("Bij de overdracht zag ik dat ze naar de grond keek.")
    player.play({**CALM, "weging.signalen": Press("Ja, zelf")}, until="besluit")
    assert player.case.facts["physical_violence"] == "no"
    player.case = player.case.add(told(player.case, ADDED, "Ze vertelde dat hij haar elke week slaat.", player.tools))
    assert player.case.facts["physical_violence"] == "unknown"
    assert player.phase == "weging"
    player.play({**CALM, "weging.lichamelijk": Press("Ja, zonder")}, until="besluit")
    assert player.case.facts["physical_violence"] == "yes"
    assert player.outcome != "observe"


def test_what_an_answer_leaves_open_is_asked_when_its_own_words_point_there(tools: Tools) -> None:
    case, _ = asked(tools, "lichamelijk")
    given = Given("ja, en ze moest ervoor naar het ziekenhuis", intent="vertellen")
    step = take(case, "weging", given, 0, tools)
    assert step.case.facts == {"physical_violence": "yes"}
    assert "serious_injury" in step.case.hints


def test_suicide_is_asked_of_whom_also_when_contact_today_is_needed(player: Player) -> None:
    text = "Hij zegt dat hij er een eind aan maakt als ze bij hem weggaat."
    player.begin(text, danger=[("suicide", text)])
    player.press("Niet nu, wel")
    player.play({**CALM, "weging.zichzelf": Press("Ja, degene van wie")}, until="besluit")
    assert "weging.zichzelf" in player.asked
    assert player.case.facts["perpetrator_suicidal"] == "yes"
    assert any("Zelfdoding:" in said for said in player.said)
