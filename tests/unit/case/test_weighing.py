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


@pytest.mark.parametrize(
    ("name", "text", "intent"),
    [
        ("gevaar", "nee, hij zit vast", "ontkennen"),
        ("alleen", "nee, haar zus ziet ze", "ontkennen"),
        ("keel", "ja vorig jaar", "bevestigen"),
        ("kinderen", "nee, volwassen en uit huis", "ontkennen"),
    ],
)
def test_more_than_yes_or_no_is_kept_in_her_own_words(tools: Tools, name: str, text: str, intent: str) -> None:
    case, _ = asked(tools, name)
    step = take(case, "weging", Given(text, intent=intent), 0, tools)
    assert step.case.entries[-1].answer == text


@pytest.mark.parametrize(
    ("name", "text", "title"), [("gevaar", "nee", "Nee, daar wijst niets op"), ("keel", "nee", "Nee")]
)
def test_a_bare_answer_is_called_by_its_title(tools: Tools, name: str, text: str, title: str) -> None:
    case, _ = asked(tools, name)
    assert take(case, "weging", Given(text, intent="ontkennen"), 0, tools).case.entries[-1].answer == title


def test_of_grown_children_a_pregnancy_is_asked_once_more(tools: Tools) -> None:
    case, _ = asked(tools, "kinderen")
    after = take(case, "weging", Given("nee, volwassen en uit huis", intent="ontkennen"), 0, tools).case
    assert after.facts == {"children": "no"}
    question = PHASES["weging"].next_question(after, tools)
    assert question is not None
    titles = [choice.title for choice in question.choices]
    assert question.id == "weging.kinderen"
    assert {"Nog niet, wel een zwangerschap", "Nee, alleen volwassen kinderen", "Nee"} <= set(titles)
    assert not [title for title in titles if title.startswith("Ja")]
    plain = take(case, "weging", Given("nee", intent="ontkennen"), 0, tools).case
    assert plain.facts == {"children": "no", "pregnant": "no"}


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


@pytest.mark.parametrize(
    ("said", "titles"),
    [
        ("nee", ["Nee, daar wijst niets op"]),
        ("nee, nu niet", ["Ja, in de komende uren of dagen", "Nee, daar wijst niets op"]),
        ("nee, ik denk het niet", ["Ja, in de komende uren of dagen", "Nee, daar wijst niets op"]),
        ("niet nu, maar het kan de komende dagen weer gebeuren", ["Ja, in de komende uren of dagen"]),
        ("nee maar vanavond wel", ["Ja, in de komende uren of dagen"]),
    ],
)
def test_a_no_about_now_says_nothing_of_the_days_to_come(tools: Tools, said: str, titles: list[str]) -> None:
    case, _ = asked(tools, "gevaar")
    step = take(case, "weging", Given(said, intent="ontkennen"), 0, tools)
    question = PHASES["weging"].next_question(step.case, tools)
    assert question is not None
    left = [choice.title for choice in question.choices if choice.title[:2] in ("Ja", "Ne")]
    assert step.case.facts.get("danger_now") == "no"
    if len(titles) > 1:
        assert question.id == "weging.gevaar"
        assert left == titles
    else:
        assert step.case.entries[-1].answer in (*titles, said)
        assert step.case.facts["danger_coming_days"] == ("yes" if titles[0].startswith("Ja") else "no")


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


@pytest.mark.parametrize(
    ("name", "ticks", "stands", "facts"),
    [
        ("ernstig", "Gedreigd iemand te doden;Geen van deze", "Gedreigd iemand te doden",
         {"threat_to_kill": "yes", "weapon": "no"}),
        ("overleg", "Veilig Thuis;Nog niemand", "Nog niemand", {"asked_veilig_thuis": "no"}),
    ],
)  # fmt: skip
def test_ticks_that_contradict_each_other_are_named_and_the_safest_counts(
    tools: Tools, name: str, ticks: str, stands: str, facts: dict[str, str]
) -> None:
    case, question = asked(tools, name)
    chosen = [next(c.value for c in question.choices if c.title.startswith(title)) for title in ticks.split(";")]
    step = take(case, "weging", Given(choice=",".join(chosen)), 0, tools)
    said = step.says[0]
    assert said.response == "weging_tegenspraak"
    assert said.values == {"geldt": stands, "vervalt": next(title for title in ticks.split(";") if title != stands)}
    assert step.case.facts.items() >= facts.items()


def test_ticks_that_agree_are_not_called_a_contradiction(tools: Tools) -> None:
    case, question = asked(tools, "ernstig")
    step = take(case, "weging", Given(choice=",".join(choice.value for choice in question.choices[:3])), 0, tools)
    assert not any(say.response for say in step.says)


def test_a_false_alarm_does_not_crowd_out_the_question_what_she_saw(player: Player) -> None:
    story = "Een stel gaat uit elkaar. Ik zag dat zij schrikt als hij beweegt."
    player.begin(story, danger=[("suicide", "Een stel gaat uit elkaar")])
    player.press("Nee, dit is")
    player.play({"kennismaking.beroep": "amw", "gevoel.over_wie": Press("Allebei")}, until="besluit")
    assert "weging.signalen" in player.asked


def test_every_question_can_be_asked_why(tools: Tools) -> None:
    for row in tools.tables.questions:
        _, question = asked(tools, row.id)
        assert question.why
        assert "waarom_vraag" in [choice.intent for choice in question.choices], row.id
