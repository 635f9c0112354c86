"""Phases 0 and 1: the profession is asked once, or not at all when it was named; nothing told is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.case import Case, Tools
from bot.case.intake import about_in, named_self, profession_in
from bot.yamlfile import read_yaml
from tests.unit.case.player import Player, Press

WITH_CHILDREN = ("Onderwijs", "Kinderopvang")  # they mostly worry about a child, so that stands first
STORY = "Haar man geeft steeds antwoord voor haar en vorige week had ze een blauwe plek op haar arm."


@pytest.mark.parametrize(
    ("text", "profession"),
    [
        ("Als wijkverpleegkundige kom ik twee keer per week bij mevrouw.", "verpleging"),
        ("Ik kom als thuiszorg bij een echtpaar", "verpleging"),
        ("ik ben huisarts en zag vandaag een patiënte", "huisarts"),
        ("Ik werk bij het wijkteam. Haar ex staat elke dag voor de deur.", "wijkteam"),
        ("ik ben jeugdwerkr, een meisje vertelt dat hij haar telefoon nakijkt", "jeugdhulp"),
        ("Als wijkverpleegkundige zie ik haar elke week", "verpleging"),
        ("cliente heeft een blauwe plek op dr kaak. ben thuiszorg", "verpleging"),
        ("hoi ben leraar grp 6 en een kindje vertelde iets", "onderwijs"),
        ("De huisarts vertelde me dat ze daar vaak komt", None),
        ("Als de politie komt maakt hij haar af.", None),
        ("Als de school belt slaat hij haar", None),
        ("Ik ben nu bij de politie met haar, hij heeft een mes", None),
        ("Ik ben bij de huisarts met haar", None),
        ("hij dreigt: ik vermoord haar als de politie komt", None),
        ("Ze werkt als verpleegkundige en durft niet naar huis", None),
        ("Ik hoorde dat ze als juf is gestopt", None),
        ("De politie was er gisteren, ik maak me zorgen", None),
    ],
)
def test_the_writer_names_her_own_work_and_no_one_elses(tools: Tools, text: str, profession: str | None) -> None:
    assert named_self(text, tools.professions) == profession


@pytest.mark.parametrize(
    ("text", "profession"),
    [
        ("poh-ggz", "huisarts"),
        ("Wijkverpleegkundige!", "verpleging"),
        ("ik doe de bso", "kinderopvang"),
        ("ik ben geen arts, ik ben verzorgende", "verpleging"),
        ("teamleider thuiszorg", "verpleging"),
        ("wijkverpleegkundge", "verpleging"),
        ("leerkrahct", "onderwijs"),
        ("banaan", None),
        *(
            (text, None)
            for text in ("ik ben geen arts", "politiek", "ik ga verzorgen", "vrijwillig", "ik wil begeleiden")
        ),
        *(
            (text, None)
            for text in ("hulpverlenen", "verpleegkunde", "in de zorg", "mijn zuster", "om haar", "helpend")
        ),
    ],
)
def test_a_profession_in_free_words(tools: Tools, text: str, profession: str | None) -> None:
    assert profession_in(text, tools.professions) == profession


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("mijn cliënte", "victim"), ("mevrouw en haar zoon", "victim"), ("een leerling van acht", "child"),
        ("de man van mijn cliënt", "perpetrator"), ("om het stel waar ik kom", "couple"), ("een collega", "other"),
        ("tja", None),
    ],
)  # fmt: skip
def test_about_whom_is_who_is_named_first(tools: Tools, text: str, role: str | None) -> None:
    assert about_in(text, tools.about) == role


def test_a_profession_named_in_the_story_is_not_asked_again(player: Player) -> None:
    player.begin("Als wijkverpleegkundige kom ik bij mevrouw. " + STORY)
    assert player.case.fields["profession"] == "verpleging"
    assert player.question.id == "gevoel.over_wie"
    assert player.case.lines


def test_a_profession_as_first_words_is_no_story(player: Player) -> None:
    player.begin("ik ben huisarts", intent="beroep_noemen")
    assert player.case.fields == {"profession": "huisarts"}
    assert not player.case.lines
    player.press("Mijn pati")
    assert player.question.id == "gevoel.verhaal"


JOBS = read_yaml(Path(__file__).with_name("jobs.yml")).data


@pytest.mark.parametrize(("profession", "text"), [(work, text) for work, texts in JOBS.items() for text in texts])
def test_every_job_of_the_field_is_known_by_its_name(player: Player, profession: str, text: str) -> None:
    player.begin("", intent="onderbuikgevoel")
    player.say(text)
    assert player.case.fields.get("profession") == profession
    player.case = Case()
    player.begin(f"Ik ben {text}. {STORY}")
    assert player.case.fields.get("profession") == profession


@pytest.mark.parametrize(
    "text",
    ["nee", "ja", "hoezo", "waarom wil je dat weten?", "ok", "hallo", "wat bedoel je", "nee hoor", "ja graag", "dank",
     "school belde dat hij haar slaat", "ze had een plek op haar rechter arm"],
)  # fmt: skip
def test_words_that_name_no_profession_are_asked_again(player: Player, text: str) -> None:
    player.begin("", intent="onderbuikgevoel")
    player.say(text, intent="ontkennen" if text.startswith("nee") else "vertellen")
    assert "profession" not in player.case.fields
    assert player.question.id == "kennismaking.beroep"
    assert player.misses == 1


@pytest.mark.parametrize("text", ["wijkverpl", "Wijkverpleegkundige!", "juf groep 6", "ib'er", "ik ben mentor"])
def test_a_profession_by_itself_begins_a_case(player: Player, text: str) -> None:
    player.begin(text, intent="vertellen")
    assert "profession" in player.case.fields
    assert not player.case.lines


def test_a_story_that_speaks_of_a_profession_is_a_story(player: Player) -> None:
    player.begin("de huisarts belde", intent="vertellen")
    assert "profession" not in player.case.fields


@pytest.mark.parametrize("text", ["weet ik niet", "ik doe iets heel anders", "bakker", "zeg ik liever niet", "Anders"])
def test_an_unknown_profession_is_another(player: Player, text: str) -> None:
    player.begin(STORY)
    player.say(text)
    assert player.case.fields["profession"] == "anders"


def test_a_story_at_the_profession_is_kept_and_no_profession(player: Player) -> None:
    player.begin("", intent="onderbuikgevoel")
    player.say("hij houdt haar pinpas bij zich")
    assert "profession" not in player.case.fields
    assert any("pinpas" in line.quote for line in player.case.lines)
    assert player.question.id == "kennismaking.beroep"


def test_a_profession_with_a_story_takes_both(player: Player) -> None:
    player.begin("", intent="onderbuikgevoel")
    player.say("Ik ben huisarts en vandaag zag ik een patiënte met blauwe plekken in haar hals die niets wilde zeggen.")
    assert player.case.fields["profession"] == "huisarts"
    assert any("blauwe plekken" in line.quote for line in player.case.lines)


def test_nothing_concrete_gets_help_to_look_twice(player: Player) -> None:
    player.begin("", intent="onderbuikgevoel")
    player.press("Vrijwilliger")
    player.press("Allebei")
    for question in ("gevoel.verhaal", "gevoel.kijk_moment", "gevoel.kijk_anderen"):
        assert player.question.id == question
        player.say("weet ik niet")
    assert player.phase == "weging"


def test_not_knowing_about_whom_goes_on(player: Player) -> None:
    player.begin(STORY)
    player.press("Onderwijs")
    player.say("weet ik niet")
    assert player.case.fields["client_role"] == "unknown"
    assert player.question.id == "gevoel.minderjarig"
    player.say("weet ik niet")
    assert player.phase == "feiten"


def test_a_story_at_about_whom_is_no_guess(player: Player) -> None:
    player.begin("", intent="beroep_noemen")
    player.press("Onderwijs")
    player.say("haar man geeft steeds antwoord voor haar en ze kijkt naar de grond")
    assert player.question.id == "gevoel.over_wie"
    assert any("antwoord voor haar" in line.quote for line in player.case.lines)
    player.say("over een leerling uit mijn klas die ik al jaren ken")
    assert player.case.fields["client_role"] == "child"


def test_a_child_is_a_minor(player: Player) -> None:
    player.begin(STORY)
    player.press("Onderwijs")
    player.answer(Press("Mijn leerling, om wat er thuis"))
    assert player.case.fields["minor"] == "yes"
    assert player.case.facts["children"] == "yes"


@pytest.mark.parametrize(
    ("profession", "client", "partner"),
    [
        ("Huisarts", "Mijn patiënt", "De partner of ex van mijn patiënt"),
        ("Onderwijs", "Mijn leerling, om een vriend(in) of ex", "De vriend(in) of ex van mijn leerling"),
        ("Kinderopvang", "Een ouder van een kind uit mijn groep", "De partner of ex van die ouder"),
        ("Politie", "De persoon met wie ik te maken heb", "De partner of ex van die persoon"),
        ("Wijkteam", "Mijn cliënt", "De partner of ex van mijn cliënt"),
    ],
)
def test_who_it_is_about_is_called_as_the_profession_does(
    player: Player, profession: str, client: str, partner: str
) -> None:
    player.begin(STORY)
    player.press(profession)
    titles = [choice.title for choice in player.question.choices]
    by_value = {choice.value: choice.title for choice in player.question.choices}
    assert (by_value["victim"], by_value["perpetrator"]) == (client, partner)
    assert titles[0] == (by_value["child"] if profession in WITH_CHILDREN else client)
    assert profession == "Wijkteam" or not any("cliënt" in title for title in titles)
    player.press(partner)
    threats = [choice.title for choice in player.question.choices]
    assert threats[1] == "Van " + partner[:1].lower() + partner[1:]
    assert profession == "Wijkteam" or not any("cliënt" in title for title in threats)


def test_a_pupil_by_name_of_the_work_is_a_child_until_said_otherwise(player: Player) -> None:
    player.begin(STORY)
    player.press("Onderwijs")
    player.say("mijn leerling")
    assert player.case.fields["client_role"] == "child"


def test_a_pupil_with_a_friend_is_asked_about_once_more(player: Player) -> None:
    player.begin(STORY)
    player.press("Onderwijs")
    player.say("mijn leerling zelf, om die vriend van 19")
    assert "client_role" not in player.case.fields
    assert player.question.id == "gevoel.over_wie"


def test_a_doubting_answer_that_tells_something_is_kept(player: Player) -> None:
    player.begin("", intent="onderbuikgevoel")
    player.press("Onderwijs")
    player.press("Allebei")
    player.say("weet niet precies maar hij trok haar zo aan haar arm mee naar buiten", intent="weet_niet")
    assert any("trok haar" in line.quote for line in player.case.lines)


@pytest.mark.parametrize(
    ("answer", "role"),
    [("Van mijn cliënt", "perpetrator"), ("Van de partner", "victim"), ("Van allebei", "couple"), ("Weet", "unknown")],
)
def test_worry_about_the_partner_of_a_client_asks_who_is_to_fear(player: Player, answer: str, role: str) -> None:
    player.begin(STORY)
    player.press("Verpleging")
    player.say("over de man van mijn cliënte")
    assert player.question.id == "gevoel.van_wie"
    player.press(answer)
    assert player.case.fields["client_role"] == role
    assert player.question.id != "gevoel.van_wie"


def test_who_works_with_perpetrators_is_asked_too(player: Player) -> None:
    player.begin("Mijn cliënt heeft zijn vriendin geslagen.")
    player.press("Justitie")
    player.press("Mijn cliënt")
    assert player.question.id == "gevoel.van_wie"


@pytest.mark.parametrize(
    ("text", "role"),
    [("Mijn cliënt!", "perpetrator"), ("haar man", "victim"), ("van zijn vriendin", "victim"), ("allebei", "couple")],
)
def test_who_is_to_fear_can_be_typed(player: Player, text: str, role: str) -> None:
    player.begin(STORY)
    player.press("Justitie")
    player.press("De partner of ex")
    player.say(text)
    assert player.case.fields["client_role"] == role


def test_a_story_that_is_corrected_is_asked_again_with_what_she_wrote(player: Player) -> None:
    player.begin(STORY)
    player.play({"kennismaking.beroep": "huisarts", "gevoel.over_wie": "mijn patiënte"}, until="feiten")
    at = next(at for at, entry in enumerate(player.case.entries) if entry.answer == STORY)
    player.case = player.case.reopen(at)
    assert STORY in player.replies.render(player.question.say).text
    player.say("Haar man gaf één keer antwoord voor haar.")
    assert any("één keer" in line.quote for line in player.case.lines)
    assert not any("blauwe plek" in line.quote for line in player.case.lines)
    assert player.case.again == ""


@pytest.mark.parametrize(("answer", "minor"), [("ja", "yes"), (Press("Nee"), "no"), ("weet ik niet", "unknown")])
def test_who_works_with_the_young_is_asked_whether_it_is_a_minor(
    player: Player, answer: str | Press, minor: str
) -> None:
    player.begin("Ik ben docent. " + STORY)
    player.press("Mijn leerling, om een vriend")
    assert player.question.id == "gevoel.minderjarig"
    player.say("banaan")
    assert player.misses == 1
    player.answer(answer)
    assert player.case.fields["minor"] == minor
    assert player.question.id != "gevoel.minderjarig"


@pytest.mark.parametrize(
    ("begin", "about"), [("Ik ben huisarts. ", "Mijn pati"), ("Ik ben docent. ", "Mijn leerling, om wat er thuis")]
)
def test_others_and_who_spoke_of_a_child_are_not(player: Player, begin: str, about: str) -> None:
    player.begin(begin + STORY)
    player.press(about)
    assert player.question.id != "gevoel.minderjarig"
