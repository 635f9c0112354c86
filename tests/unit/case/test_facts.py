"""Phase 2: what is asked, how often, and the fact list that is the user's to correct."""

from __future__ import annotations

import pytest

from bot.case import Given, fact_list_text, take
from tests.unit.case.player import Player, Press

STORY = (
    "Haar man is er altijd bij en geeft antwoord voor haar. Vorige week had ze een blauwe plek op haar bovenarm. "
    "Ik heb er een naar gevoel bij."
)


@pytest.fixture
def facts(player: Player) -> Player:
    """In phase 2, before its first question."""
    player.begin("Als wijkverpleegkundige kom ik bij mevrouw. " + STORY)
    player.press("Mijn cli")
    assert player.phase == "feiten"
    return player


@pytest.fixture
def at_list(facts: Player) -> Player:
    """At the fact list."""
    facts.play({}, until="feiten.lijst")
    return facts


def test_an_interpretation_is_asked_back_once(player: Player) -> None:
    player.begin("Ik denk dat hij haar klein houdt. Ik denk dat ze liegt. Hij stond gisteren bij de balie.")
    player.press("Verpleging")
    player.press("Mijn cli")
    counter = [name for name in _asked_in_facts(player) if name.startswith("feiten.tegenvraag")]
    assert len(counter) == 1


def _asked_in_facts(player: Player) -> list[str]:
    player.play({}, until="weging")
    return [name for name in player.asked if name.startswith("feiten")]


def test_the_phase_never_asks_more_than_six_questions(facts: Player) -> None:
    asked = _asked_in_facts(facts)
    assert 2 <= len(asked) <= 6
    assert asked[-1] == "feiten.lijst"
    assert len(set(asked)) == len(asked)


def test_who_has_much_to_tell_is_not_asked_everything(player: Player) -> None:
    player.begin("Als wijkverpleegkundige kom ik bij mevrouw. " + STORY + " Ik denk dat hij haar klein houdt.")
    player.press("Mijn cli")
    player.play({"feiten.signalen": "1"}, until="feiten.meer_signalen")
    player.tick(player.question.choices[0].title)
    player.play({}, until="weging")
    asked = [name.split(":")[0] for name in player.asked if name.startswith("feiten")]
    assert {"feiten.tegenvraag", "feiten.signalen", "feiten.gezien"} <= set(asked)
    assert len(asked) == 6
    assert "feiten.anders" not in asked


def test_a_recognised_signal_counts_only_when_it_is_confirmed(facts: Player) -> None:
    assert facts.question.id == "feiten.signalen"
    assert "signals" not in facts.case.facts
    facts.say("1")
    (line,) = facts.case.lines_of("signal")
    assert line.quote
    assert facts.case.facts["signals"] == "yes"


def test_a_signal_from_the_list_is_asked_what_was_seen(facts: Player) -> None:
    facts.play({}, until="feiten.meer_signalen")
    facts.tick("schrikt" if _offers(facts, "schrikt") else facts.question.choices[0].title)
    assert facts.question.id.startswith("feiten.gezien:")
    facts.say("ze keek steeds naar de deur en begon te fluisteren")
    (line,) = facts.case.lines_of("signal")
    assert line.quote == "ze keek steeds naar de deur en begon te fluisteren"


def _offers(player: Player, title: str) -> bool:
    return any(choice.title.startswith(title) for choice in player.question.choices)


def test_the_list_of_signals_is_not_put_after_a_disclosure(player: Player) -> None:
    player.begin("Ze vertelde me net uit zichzelf dat haar man haar slaat.")
    player.press("Verpleging")
    player.press("Mijn cli")
    assert not {"feiten.meer_signalen", "feiten.anders"} & set(_asked_in_facts(player))


def test_not_knowing_is_an_open_question_and_no_fact(facts: Player) -> None:
    facts.play({}, until="feiten.lijst")
    assert "feiten.bron" in facts.asked
    text = fact_list_text(facts.case)
    assert "weet ik niet" not in text.casefold()
    assert text.endswith("**Nog open**\n- Van wie je het weet")


def test_from_whom_goes_to_the_list(player: Player) -> None:
    player.begin("Sinds de scheiding staat haar ex elke dag voor de deur en stuurt hij tientallen appjes.")
    player.press("Wijkteam")
    player.press("Mijn cli")
    player.play({}, until="feiten.bron")
    player.say("de tweede")
    assert player.case.fields["source"] == "client"


@pytest.mark.parametrize(
    ("typed", "source"),
    [
        ("ik was er zelf bij", "self"),
        ("ik stond ernaast toen hij kwam", "self"),
        ("van haar zus", "other"),
        ("ik hoorde van haar zus dat ze het zelf gezien had", "other"),
        ("ze vertelde het zelf aan mij", "client"),
    ],
)
def test_a_source_that_is_typed_is_never_made_better_than_it_is(player: Player, typed: str, source: str) -> None:
    player.begin("Sinds de scheiding staat haar ex elke dag voor de deur en stuurt hij tientallen appjes.")
    player.press("Wijkteam")
    player.press("Mijn cli")
    player.play({}, until="feiten.bron")
    player.say(typed)
    found = player.case.fields.get("source") or player.case.lines[-1].parts["source"]
    assert found == source


def test_a_feeling_told_beside_what_was_seen_stays_a_feeling(player: Player) -> None:
    player.begin("Ze zegt elke week op het laatste moment af.")
    player.play({"kennismaking.beroep": "wijkteam", "gevoel.over_wie": "haar"}, until="feiten.meer_signalen")
    player.tick("draagt")
    player.say("ze droeg lange mouwen. Ik voel me machteloos")
    assert [line.quote for line in player.case.lines_of("signal")] == ["ze droeg lange mouwen"]
    assert any("machteloos" in line.quote for line in player.case.lines_of("feeling"))


# -- the fact list ----------------------------------------------------------------------------------------------------


def test_the_list_keeps_facts_readings_and_feeling_apart(at_list: Player) -> None:
    text = fact_list_text(at_list.case)
    facts, feeling = text.index("**Feiten"), text.index("**Jouw gevoel**")
    assert facts < text.index("blauwe plek") < feeling < text.index("naar gevoel")


@pytest.mark.parametrize("answer", ["klopt", "ja hoor", "weet ik niet", "de eerste", Press("Klopt zo")])
def test_the_list_is_right(at_list: Player, answer: str | Press) -> None:
    lines = at_list.case.lines
    at_list.answer(answer)
    assert at_list.phase == "weging"
    assert at_list.case.lines == lines


@pytest.mark.parametrize("answer", ["nee", "klopt niet", "weghalen", Press("Iets weghalen")])
def test_a_line_is_taken_away(at_list: Player, answer: str | Press) -> None:
    first = at_list.case.lines[0]
    at_list.answer(answer)
    assert at_list.question.id == "feiten.weghalen"
    at_list.say("1")
    assert first not in at_list.case.lines
    assert at_list.question.id == "feiten.lijst"


def test_a_line_is_taken_away_on_its_card(at_list: Player) -> None:
    first, *others = at_list.case.lines
    at_list.press(f"weg:{first.id}")
    assert at_list.case.lines == others
    assert at_list.question.id == "feiten.lijst"
    assert len(at_list.question.say.rows) == len(others)
    assert any(first.quote in entry.shown for entry in at_list.case.entries if entry.asked == "Weggehaald")
    at_list.undo()
    assert [line.id for line in at_list.case.lines] == [first.id, *(line.id for line in others)]


def test_a_line_is_changed_on_its_card(at_list: Player) -> None:
    first, *others = at_list.case.lines
    at_list.press(f"anders:{first.id}")
    assert at_list.question.id == "feiten.aanpassen"
    assert first.quote in at_list.replies.render(at_list.question.say).text.replace("\\", "")
    at_list.say("Ze had dinsdag een schram op haar wang.")
    assert at_list.question.id == "feiten.lijst"
    assert first not in at_list.case.lines
    assert [line for line in at_list.case.lines if line in others] == others
    assert any("schram" in line.quote for line in at_list.case.lines)


@pytest.mark.parametrize("answer", ["toch niet", "nee", "weet ik niet", Press("Toch niet")])
def test_a_line_that_is_not_changed_after_all_stays(at_list: Player, answer: str | Press) -> None:
    lines = at_list.case.lines
    at_list.press(f"anders:{lines[0].id}")
    at_list.answer(answer)
    assert at_list.case.lines == lines
    assert at_list.question.id == "feiten.lijst"


def test_words_in_which_nothing_is_recognised_still_stand_for_the_line(at_list: Player) -> None:
    first = at_list.case.lines[0]
    at_list.press(f"anders:{first.id}")
    at_list.say("blauw")
    assert first not in at_list.case.lines
    assert "blauw" in at_list.case.lines[-1].quote


@pytest.mark.parametrize("value", ["weg:bestaat-niet", "anders:bestaat-niet", "weg:", "feiten.aanpassen"])
def test_a_line_that_is_not_there_is_no_answer(at_list: Player, value: str) -> None:
    step = take(at_list.case, "feiten", Given(choice=value), 0, at_list.tools)
    assert step.case == at_list.case


def test_what_can_be_done_with_a_line_stands_on_its_row(at_list: Player) -> None:
    for line, row in zip(at_list.case.lines, at_list.question.say.rows, strict=True):
        wanted = ["Weghalen"] if line.kind == "signal" else ["Aanpassen", "Weghalen"]
        assert [choice.title for choice in row.choices] == wanted
        assert line.quote[:20] in row.text


def test_a_line_is_added(at_list: Player) -> None:
    at_list.press("Iets toevoegen")
    at_list.say("Gisteren zat ze te trillen in de keuken.")
    assert at_list.question.id == "feiten.lijst"
    assert any("trillen" in line.quote for line in at_list.case.lines)


@pytest.mark.parametrize("answer", ["weet ik niet", "nee", "niets", "toch niets"])
def test_nothing_to_add_adds_nothing(at_list: Player, answer: str) -> None:
    lines = at_list.case.lines
    at_list.press("Iets toevoegen")
    at_list.say(answer)
    assert at_list.case.lines == lines
    assert at_list.question.id == "feiten.lijst"


def test_a_story_at_the_list_is_added(at_list: Player) -> None:
    at_list.say("o ja hij heeft ook haar telefoon afgepakt vorige maand")
    assert any("telefoon" in line.quote for line in at_list.case.lines)
    assert at_list.question.id == "feiten.lijst"


@pytest.mark.parametrize("answer", ["klopt, alleen was het dinsdag", "ja, maar het was dinsdag"])
def test_a_yes_with_an_exception_does_not_settle_the_list(at_list: Player, answer: str) -> None:
    at_list.say(answer)
    assert any("dinsdag" in line.quote for line in at_list.case.lines)
    assert "fact_list" not in at_list.case.fields
    assert at_list.phase == "feiten"


def test_what_is_typed_beside_the_numbers_of_a_list_is_kept(facts: Player) -> None:
    facts.play({}, until="feiten.meer_signalen")
    first, second = (choice.title for choice in facts.question.choices[:2])
    before = len(facts.case.lines)
    facts.say("1 2 en hij controleert haar telefoon")
    added = facts.case.lines[before:]
    assert [line.parts.get("label") for line in added if line.kind == "signal"] == [first, second]
    assert [line.quote for line in added if line.kind != "signal"] == ["hij controleert haar telefoon"]
    assert len({line.id for line in facts.case.lines}) == len(facts.case.lines)


def test_what_is_typed_beside_the_numbers_in_the_weighing_is_kept(facts: Player) -> None:
    facts.play({}, until="weging.ernstig")
    facts.say("8 en hij controleert haar telefoon")
    assert facts.case.facts["animals_harmed"] == "yes"
    assert "hij controleert haar telefoon" in [line.quote for line in facts.case.lines]


def test_changing_the_list_for_ever_ends(at_list: Player) -> None:
    for _ in range(20):
        if at_list.phase != "feiten":
            return
        at_list.answer(Press("Iets toevoegen") if at_list.question.id == "feiten.lijst" else "nee")
    raise AssertionError("de lijst blijft terugkomen")


# -- nothing is lost --------------------------------------------------------------------------------------------------


LONG = "Vorige maand zag ik nog dat hij haar bij de deur hard aan haar mouw terugtrok toen ze met mij mee wilde lopen."


@pytest.mark.parametrize(
    "until",
    [
        "kennismaking.beroep",
        "gevoel.over_wie",
        "feiten.signalen",
        "feiten.meer_signalen",
        "feiten.lijst",
        "weging",
        "besluit",
    ],
)
def test_long_free_text_is_never_lost(player: Player, until: str) -> None:
    player.begin("Bij mevrouw thuis. " + STORY)
    player.play({"kennismaking.beroep": "huisarts", "gevoel.over_wie": "mijn cliënt"}, until=until)
    player.say(LONG)
    kept = " ".join([*(line.quote for line in player.case.lines), *(entry.answer for entry in player.case.entries)])
    assert "hard aan haar mouw terugtrok" in kept


def test_a_stale_button_is_no_answer(facts: Player) -> None:
    step = take(facts.case, "feiten", Given(choice="victim"), 0, facts.tools)
    assert step.misses == 1
    assert step.case == facts.case
