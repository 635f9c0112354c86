"""Danger goes before all: the message is kept, what its words say plainly is noted, and the question is put once."""

from __future__ import annotations

import pytest

from bot.advice import FACTS
from bot.case import ADVICE, AFTER_TALK, Entry, Given, Tools
from bot.case.danger import ASK_ABOUT, LANDS_ON, answer_in
from tests.unit.case.player import Answer, Player, Press

THROAT = "dat haar vriend gisteravond haar keel heeft dichtgeknepen"
STORY = f"Patiënte vertelde net uit zichzelf {THROAT}. Ze durft niet naar huis."


def test_every_trigger_lands_on_facts_that_exist() -> None:
    named = {fact for facts in (*LANDS_ON.values(), *ASK_ABOUT.values()) for fact in facts}
    assert named <= set(FACTS)


def test_in_the_first_message_it_is_asked_before_anything_else(player: Player) -> None:
    player.begin(STORY, danger=[("strangulation", THROAT)])
    assert player.question.id == "gevaar.antwoord"
    assert THROAT in player.replies.render(player.question.say).text
    assert player.case.facts == {"strangulation": "yes"}
    assert any("keel" in line.quote for line in player.case.lines)


@pytest.mark.parametrize(
    ("text", "kind", "fact", "value"),
    [
        ("Hij heeft gedreigd haar te vermoorden.", "threat_to_kill", "threat_to_kill", "yes"),
        ("Hij stond met een mes in de keuken.", "weapon", "weapon", "yes"),
        ("Hij sluit haar op in de slaapkamer.", "locked_in", "locked_in", "yes"),
    ],
)
def test_plain_words_are_facts(player: Player, text: str, kind: str, fact: str, value: str) -> None:
    player.begin(text, danger=[(kind, text)])
    assert player.case.facts[fact] == value


@pytest.mark.parametrize("kind", [*LANDS_ON, "suicide", "fled", "violence_now", "unknown"])
def test_a_guess_of_the_classifier_is_asked_about_and_no_fact(player: Player, kind: str) -> None:
    text = "Het voelde daar binnen ineens heel dreigend en stil."
    player.begin(text, danger=[(kind, text)])
    assert not player.case.facts
    assert set(LANDS_ON.get(kind, ASK_ABOUT.get(kind, ()))) <= set(player.case.hints)


def test_suicide_is_asked_of_whom(player: Player) -> None:
    text = "Hij zegt dat hij zichzelf iets aandoet als ze weggaat."
    player.begin(text, danger=[("suicide", text)])
    assert "perpetrator_suicidal" not in player.case.facts
    player.press("Nee, dit is")
    player.play({}, until="weging.zichzelf")


def test_who_names_her_work_beside_danger_is_not_asked_for_it(player: Player) -> None:
    player.begin("Ik ben kraamverzorgende. Hij greep haar bij haar keel.", danger=[("strangulation", THROAT)])
    player.press("Nee, dit is")
    assert player.case.fields["profession"] == "verpleging"
    assert "kennismaking.beroep" not in player.asked
    assert player.question.id == "gevoel.over_wie"


def test_terug_after_danger_takes_back_the_danger_and_no_more(player: Player) -> None:
    before = player.case
    player.begin("Ik ben kraamverzorgende. Hij greep haar bij haar keel.", danger=[("strangulation", THROAT)])
    player.undo()
    assert player.case == before


def test_the_same_statement_is_not_asked_again(player: Player) -> None:
    player.begin(STORY, danger=[("strangulation", THROAT)])
    player.press("Nee, dit is")
    assert not player.danger(STORY, ("strangulation", THROAT.upper() + "!"))
    assert player.danger("Hij staat nu voor de deur.", ("violence_now", "Hij staat nu voor de deur."))
    assert player.question.id == "gevaar.antwoord"


def test_words_that_interrupt_an_open_question_answer_it(player: Player) -> None:
    player.begin("", intent="onderbuikgevoel")
    player.press("Onderwijs")
    player.press("Allebei")
    assert player.question.id == "gevoel.verhaal"
    text = "Hij heeft haar gisteren met een mes bedreigd in de keuken."
    player.danger(text, ("weapon", text))
    player.press("Nee, dit is")
    assert "gevoel.verhaal" in player.case.asked
    assert player.phase == "feiten"
    assert [line.quote for line in player.case.lines].count(text.rstrip(".")) <= 1
    assert sum("mes" in line.quote for line in player.case.lines) == 1


def test_words_that_interrupt_a_choice_do_not_choose(player: Player) -> None:
    player.begin("", intent="onderbuikgevoel")
    player.danger("De politie kwam toen hij haar sloeg.", ("violence_now", "toen hij haar sloeg"))
    player.press("Nee, dit is")
    assert player.question.id == "kennismaking.beroep"


def test_the_danger_question_stays_open_until_it_is_answered(player: Player) -> None:
    player.begin(STORY, danger=[("strangulation", THROAT)])
    player.press("Niet nu")
    player.undo()
    assert player.question.id == "gevaar.antwoord"
    assert player.case.facts == {"strangulation": "yes"}
    player.undo()
    assert not player.case.entries


def test_over_does_not_take_away_another_moment(player: Player) -> None:
    player.begin(STORY, danger=[("strangulation", THROAT)])
    player.press("Niet nu, wel")
    player.danger("Hij sloeg haar.", ("violence_now", "Hij sloeg haar."))
    player.press("Nee, dit is")
    assert player.case.facts["danger_coming_days"] == "yes"


def test_danger_now_leads_to_the_advice_at_once(player: Player) -> None:
    player.begin(STORY, danger=[("strangulation", THROAT)])
    player.say("ja nu")
    assert player.outcome == "call_112"
    assert player.phase == "besluit"
    assert any("112" in text for text in player.said)


def test_three_unclear_answers_count_as_danger_in_the_coming_days(player: Player) -> None:
    player.begin(STORY, danger=[("strangulation", THROAT)])
    for _ in range(3):
        player.say("blauw")
    assert player.case.facts["danger_coming_days"] == "yes"
    assert player.phase != "gevaar"


NOW, LATER, OVER, NOT_KNOWN, NOT_NOW, NO = range(6)


@pytest.mark.parametrize(
    ("text", "intent", "at"),
    [
        ("ja", "bevestigen", NOW), ("ja nu", "bevestigen", NOW), ("ja, nu en vanavond weer", "", NOW),
        ("hij staat nu binnen", "", NOW), ("vanavond komt hij terug", "", LATER), ("ja morgen", "bevestigen", LATER),
        ("niet nu", "ontkennen", LATER), ("nee", "ontkennen", NO), ("nee dat is voorbij", "ontkennen", OVER),
        ("nee nog niet", "ontkennen", LATER), ("dat was vorig jaar, voorbij", "", OVER),
        ("weet ik niet", "weet_niet", NOT_KNOWN), ("geen idee", "weet_niet", NOT_KNOWN),
        ("het is nu voorbij", "", None), ("er is nu geen gevaar", "", NOT_NOW), ("blauw", "", None),
    ],
)  # fmt: skip
def test_typed_answers(text: str, intent: str, at: int | None) -> None:
    assert answer_in(Given(text, intent=intent)) == at


@pytest.mark.parametrize(
    "text",
    [
        "ja, ze is daar niet veilig", "ja, hij is niet weg", "ja, ze is nu niet veilig", "ja hij staat voor de deur",
        "ja, hij heeft een mes en ik weet niet wat ik moet doen", "ja! hij laat haar niet gaan",
        "jazeker, ga nu bellen",
        "hij staat nu met een mes in de gang", "hij is nu hier", "ze is nu niet veilig", "het is hier nu onveilig",
        "nu", "nu meteen", "er is acuut gevaar", "nee, hij staat nu voor de deur",
        "ja vannacht heeft hij haar geslagen",
        "hij staat nu te schreeuwen met een mes", "ja ik denk het wel", "ik denk van wel",
    ],
)  # fmt: skip
def test_danger_now_is_heard(text: str) -> None:
    assert answer_in(Given(text, intent="vertellen")) == NOW


@pytest.mark.parametrize(
    "text",
    [
        "ze is nu veilig", "ze is nu bij haar zus", "hij is nu naar zijn werk", "nu is het rustig",
        "ja, ze is nu veilig",
        "ze is nu in veiligheid", "hij is nu niet bij haar", "hij slaat haar nu niet", "ja dat was vroeger",
        "soms", "af en toe", "nee, nu is het rustig",
    ],
)  # fmt: skip
@pytest.mark.parametrize("intent", ["bevestigen", "ontkennen", "vertellen"])
def test_safe_for_the_moment_is_asked_about_again(text: str, intent: str) -> None:
    assert answer_in(Given(text, intent=intent)) is None


@pytest.mark.parametrize(
    "text",
    [
        "ze is niet veilig", "het is niet voorbij", "nee het is niet voorbij", "nee, het is nog niet voorbij",
        "nee, hij heeft een mes", "nee, ze is bang", "nee, maar hij dreigt er wel mee",
        "nee niet nu maar hij heeft wel een mes",
        "nee nog niet", "nee, morgen komt hij vrij", "gisteren heeft hij haar geslagen",
        "een uur geleden sloeg hij haar",
        "toen ik wegging sloeg hij haar", "hij staat achter de deur", "afgelopen week heeft hij haar geslagen",
        "hij slaat haar al van vroeger af aan en het gaat maar door", "nee niet altijd", "dat is nooit voorbij",
        "ze bloedt niet meer", "hij is niet te stoppen en hij heeft een mes", "niet nu", "nu niet", "geen idee",
        "vroeger dreigt hij ook al", "nee, ze woont nu bij haar zus", "ik denk het niet", "niet veilig",
    ],
)  # fmt: skip
@pytest.mark.parametrize("intent", ["bevestigen", "ontkennen", "vertellen"])
def test_danger_is_never_over_unless_she_says_so(text: str, intent: str) -> None:
    assert answer_in(Given(text, intent=intent)) != OVER


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("nee niet nu maar hij heeft wel een mes", LATER), ("ja, maar niet nu", LATER), ("ja, straks", LATER),
        ("nu niet, ze zit hier nog wel even, maar misschien vanavond", LATER), ("nee, vanavond pas", LATER),
        ("niet op dit moment, wel dit weekend", LATER), ("over een uur is hij thuis", LATER),
        ("ja, over een uur", LATER),
        ("nee hoor", NO), ("nee, op dit moment niet", NOT_NOW), ("nee nu niet", NOT_NOW), ("nee gelukkig niet", NO),
        ("nee er is geen gevaar", NO), ("nee, dit is voorbij", OVER), ("dat is jaren geleden", OVER),
        ("dat was vroeger", OVER), ("het is afgelopen", OVER), ("nee, dat is al jaren geleden", OVER),
        ("bah nee", NO),
        ("kweenie", NOT_KNOWN), ("ik weet niet of ze nu veilig is", NOT_KNOWN), ("misschien", NOT_KNOWN),
        ("het is niet voorbij", None), ("nee het is niet voorbij", None), ("ze is niet veilig", None),
    ],
)  # fmt: skip
def test_answers_as_people_type_them(text: str, at: int | None) -> None:
    assert answer_in(Given(text, intent="vertellen")) == at


@pytest.mark.parametrize(
    ("story", "said"),
    [
        ("Haar man is er altijd bij. Mevrouw had een blauwe plek.", "Is zij bij jou? Blijf samen op een plek waar hij"),
        ("Mijn cliënt is een man. Zijn vrouw snauwt tegen hem.", "Is hij bij jou? Blijf samen op een plek waar zij"),
        ("Er werd daar hard geschreeuwd.", "Is degene om wie je je zorgen maakt bij jou?"),
    ],
)
def test_who_is_who_in_what_she_must_do_now(player: Player, story: str, said: str) -> None:
    player.begin(story, danger=[("violence_now", story)])
    player.press("Ja, nu")
    assert any(said in text for text in player.said), player.said


def test_the_order_of_the_answers_is_that_of_the_text(tools: Tools) -> None:
    titles = [choice.title for choice in tools.tables.texts["danger"].choices]
    assert [title.split()[0].strip(",") for title in titles] == ["Ja", "Niet", "Nee", "Weet"]
    assert ADVICE not in titles


# -- what is not known, what is of now, and what is corrected ----------------------------------------------------------


def test_not_knowing_counts_as_danger_until_it_is_answered(player: Player) -> None:
    player.begin(STORY, danger=[("violence_now", STORY)])
    player.press("Weet ik niet")
    assert player.case.facts["danger_coming_days"] == "yes"
    player.play({"kennismaking.beroep": "huisarts", "gevoel.over_wie": "mijn patiënte"}, until="weging.gevaar")
    still, answered = Player(player.tools, player.replies, player.case), player
    still.say("weet ik niet")
    assert still.case.facts["danger_coming_days"] == "yes"
    answered.press("Nee, daar")
    assert answered.case.facts["danger_coming_days"] == "no"


def test_what_she_said_herself_is_no_assumption(player: Player) -> None:
    player.begin(STORY, danger=[("violence_now", STORY)])
    player.press("Niet nu, wel")
    player.danger("Hij sloeg haar.", ("violence_now", "Hij sloeg haar."))
    player.press("Weet ik niet")
    assert player.case.assumed == set()


@pytest.mark.parametrize(("text", "asks"), [("hij slaat haar nu", True), ("hij sloeg haar vorige week", False)])
def test_what_is_said_of_now_is_asked_each_time(player: Player, text: str, asks: bool) -> None:
    player.begin(text, danger=[("violence_now", text)])
    player.press("Nee, dit is")
    assert player.danger(text, ("violence_now", text)) is asks


def test_after_a_talk_the_same_words_are_asked_again(player: Player) -> None:
    text = "hij sloeg haar vorige week"
    player.begin(text, danger=[("violence_now", text)])
    player.press("Nee, dit is")
    player.case = player.case.add(Entry(question=AFTER_TALK, silent=True))
    assert player.danger(text, ("violence_now", text))


def test_a_danger_answer_can_be_corrected_also_when_there_were_two(player: Player) -> None:
    player.begin("Hij had een mes bij zich.", danger=[("weapon", "een mes bij zich")])
    player.press("Niet nu, wel")
    player.danger("Hij sloeg haar.", ("violence_now", "Hij sloeg haar."))
    player.press("Nee, dit is")
    first = next(at for at, entry in enumerate(player.case.entries) if entry.question == "gevaar.antwoord")
    player.case = player.case.reopen(first)
    assert player.question.id == "gevaar.antwoord"
    assert "een mes bij zich" in player.replies.render(player.question.say).text
    player.press("Niet nu, wel")
    assert player.case.facts["danger_coming_days"] == "yes"


def test_what_is_told_beside_the_answer_is_kept(player: Player) -> None:
    player.begin(STORY, danger=[("strangulation", THROAT)])
    player.say("niet nu, hij komt vrijdag terug van zijn werk")
    assert any("vrijdag" in line.quote for line in player.case.lines)


def test_facts_of_a_line_that_is_taken_away_are_not_known_any_more(player: Player) -> None:
    text = "Hij stond met een mes in de keuken."
    player.begin(text, danger=[("weapon", text)])
    player.press("Nee, dit is")
    player.play({"kennismaking.beroep": "huisarts", "gevoel.over_wie": "mijn patiënte"}, until="feiten.lijst")
    player.press("Iets weghalen")
    player.tick(*[choice.title[:20] for choice in player.question.choices if "mes" in choice.title])
    assert player.case.facts["weapon"] == "unknown"
    assert "weapon" not in player.case.hints


NOT_NOW_SAID = [
    "nee, nu geen gevaar maar dit gaat wel door",
    "nee hoor, ze zit nu bij haar zus, er is geen gevaar op dit moment",
    "nee niet nu", "nee, niet nu", "nu niet", "op dit moment niet", "nee, op dit moment niet", "nee geen direct gevaar",
    "nee, geen acuut gevaar, maar het gaat wel door", "momenteel is er geen gevaar", "nee, geen gevaar nu",
    "nee nu geen gevaar, het gaat nog wel door", "er is op dit moment geen gevaar", "nee ze is nu niet in gevaar",
    "geen direct gevaar, het blijft wel spelen",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_NOW_SAID)
@pytest.mark.parametrize("intent", ["bevestigen", "ontkennen", "vertellen"])
def test_no_danger_at_this_moment_is_heard_as_just_that(text: str, intent: str) -> None:
    assert answer_in(Given(text, intent=intent)) == NOT_NOW


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("nee nu geen gevaar maar hij heeft een mes", LATER), ("nee, nu niet, maar ze is doodsbang", LATER),
        ("nee nu geen gevaar, wel straks als ze thuiskomt", LATER), ("nee, nu nog geen gevaar", LATER),
        ("ja maar nu niet", LATER), ("ja, er is nu geen gevaar", None),
        ("nee, er is nu geen gevaar voor haar maar wel voor de kinderen", None), ("nu geen gevaar voor mij", None),
        ("er is nu geen gevaar maar hij staat voor de deur", None), ("is er nu geen gevaar?", None),
        ("het is niet zo dat er nu geen gevaar is", None), ("nee, hij staat nu voor de deur, geen gevaar nu?", None),
        ("ik weet niet of er nu geen gevaar is", NOT_KNOWN), ("nee, nu is ze niet veilig", NOW),
    ],
)  # fmt: skip
def test_not_now_with_danger_beside_it_is_never_only_that(text: str, at: int | None) -> None:
    assert answer_in(Given(text, intent="vertellen")) == at


@pytest.mark.parametrize(
    "text",
    [
        "er is nu gevaar en er is nu geen gevaar", "er is nu geen gevaar en er is nu wel gevaar", "ja en nee", "nee ja",
        "nu niet, of toch wel nu", "niet nu, jawel nu wel", "geen gevaar nu. Er is toch gevaar",
    ],
)  # fmt: skip
def test_danger_and_no_danger_in_one_answer_is_named_and_neither_counts(player: Player, text: str) -> None:
    player.begin("Hij sloeg haar.", danger=[("violence_now", "Hij sloeg haar.")])
    player.say(text)
    assert player.question.id == "gevaar.antwoord"
    assert "danger_now" not in player.case.facts
    assert any("ook dat er nu geen gevaar is" in said and "[112]" in said for said in player.said)


@pytest.mark.parametrize("text", NOT_NOW_SAID[:3])
def test_not_now_says_nothing_of_the_days_to_come_so_they_are_asked(player: Player, text: str) -> None:
    player.begin("Hij sloeg haar.", danger=[("violence_now", "Hij sloeg haar.")])
    player.say(text)
    assert player.case.facts["danger_now"] == "no"
    assert player.case.facts["danger_coming_days"] == "yes"
    assert player.case.assumed == {"danger_coming_days"}
    assert "Bel nu" not in player.said[-1]
    assert "voorbij" not in player.case.entries[-1].answer
    player.play({"kennismaking.beroep": "huisarts", "gevoel.over_wie": "mijn patiënte"}, until="weging.gevaar")
    player.press("Nee, daar")
    assert player.case.facts["danger_coming_days"] == "no"


def test_over_answers_nothing_for_another_moment_of_which_it_was_not_known(player: Player) -> None:
    player.begin("Hij sloeg haar.", danger=[("violence_now", "Hij sloeg haar.")])
    player.say("nee, nu niet")
    player.danger("Hij schold haar uit.", ("violence_now", "Hij schold haar uit."))
    player.press("Nee, dit is")
    assert player.case.assumed == {"danger_coming_days"}
    player.play({"kennismaking.beroep": "huisarts", "gevoel.over_wie": "mijn patiënte"}, until="weging.gevaar")


@pytest.mark.parametrize("said", ["nee, nu niet", "weet ik niet"])
def test_what_is_assumed_after_the_weighing_asked_it_is_asked_again(player: Player, said: str) -> None:
    told: dict[str, Answer] = {"kennismaking.beroep": "huisarts", "gevoel.over_wie": "mijn patiënte"}
    told["weging.gevaar"] = Press("Nee, daar")
    player.begin("Hij bepaalt alles. Ze had een blauwe plek.")
    player.play(told, until="besluit")
    assert player.case.facts["danger_coming_days"] == "no"
    player.danger("Hij sloeg haar.", ("violence_now", "Hij sloeg haar."))
    player.say(said)
    assert player.question.id == "weging.gevaar"
    player.say("weet ik niet")
    assert player.case.facts["danger_coming_days"] == "yes"
    assert player.question.id != "weging.gevaar"


# -- what the second question is about -------------------------------------------------------------------------------


def test_a_reassurance_is_not_quoted_as_if_it_were_the_danger(player: Player) -> None:
    player.begin(STORY, danger=[("strangulation", THROAT)])
    text = "nee hoor, ze zit nu bij haar zus"
    player.danger(text, ("violence_now", text))
    player.say(text)
    assert player.question.id == "gevaar.antwoord"
    shown = player.replies.render(player.question.say).text
    assert THROAT in shown
    assert "zus" not in shown


def test_new_danger_told_at_the_question_is_what_it_quotes(player: Player) -> None:
    player.begin(STORY, danger=[("strangulation", THROAT)])
    text = "hij had gisteren ook een mes bij zich"
    player.danger(text, ("weapon", "een mes bij zich"))
    player.say(text)
    assert "een mes bij zich" in player.replies.render(player.question.say).text


@pytest.mark.parametrize(
    "text",
    ["niet nu, hij komt vrijdag terug van zijn werk", "nee hoor, ze zit nu bij haar zus", "hij heeft een mes"],
)
def test_what_is_told_at_the_question_stands_in_the_story_once(player: Player, text: str) -> None:
    player.begin(STORY, danger=[("strangulation", THROAT)])
    before = len(player.case.lines)
    player.danger(text, ("violence_now", text))
    player.say(text)
    added = [line.quote for line in player.case.lines[before:]]
    assert added
    assert len(added) == len(set(added)), added
    assert [entry.answer for entry in player.case.entries].count(text) == 1


@pytest.mark.parametrize(
    "text",
    [
        "nee, op dit moment niet",
        "nee hoor, er is nu geen gevaar",
        "nee geen gevaar nu volgens mij",
        "nee nu nie denk ik",
    ],
)
def test_a_bare_answer_is_no_story(player: Player, text: str) -> None:
    player.begin(STORY, danger=[("strangulation", THROAT)])
    before = player.case.lines
    player.say(text)
    assert player.case.entries[-1].question == "gevaar.antwoord"
    assert player.case.lines == before


def test_her_list_of_answers_says_what_each_was_about(player: Player) -> None:
    player.begin(STORY, danger=[("strangulation", THROAT)])
    player.press("Nee, dit is")
    assert player.case.entries[-1].shown == f"‘{THROAT}’: is er nu gevaar? Nee, dit is voorbij"


# -- what is denied, and what was said already ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Gedreigd te doden en opgesloten? Dat heb ik helemaal niet gezegd.",
        "Hij heeft haar niet opgesloten en ook niet gedreigd te doden.",
        "gedreigd te vermoorden ook niet, opgesloten niet",
        "Heeft hij haar opgesloten?",
    ],
)
def test_denied_danger_is_never_a_fact(player: Player, text: str) -> None:
    player.begin(text, danger=[("threat_to_kill", text), ("locked_in", text)])
    assert "yes" not in player.case.facts.values()


def test_after_yes_now_she_is_not_asked_again(player: Player) -> None:
    player.begin(STORY, danger=[("strangulation", THROAT)])
    player.press("Ja, nu")
    assert not player.danger("112 is gebeld, zij blijft hier tot er politie is", ("violence_now", "112 is gebeld"))


def test_a_no_with_a_but_that_tells_nothing_is_asked_again() -> None:
    text = "Nee, geen direct gevaar. Maar je beantwoordde mijn vraag niet"
    assert answer_in(Given(text, intent="ontkennen")) not in (NOW, LATER)
