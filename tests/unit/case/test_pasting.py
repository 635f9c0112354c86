"""Going on from a sheet that she pastes: nothing counts before she said that it is right; danger goes before all."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.case import END, Case, Entry, Given, Tools, asks_for_sheet, is_pasted, take
from bot.case.danger import ANSWERED, LABEL
from bot.case.pasting import MOST_PARTS
from bot.case.speech import DONT_KNOW
from tests.unit.case.pastes import pasted
from tests.unit.case.player import Answer, Player, Press
from tests.unit.case.sheets import VERSIONS
from tests.unit.case.test_pasted import whole

ANSWERS: Mapping[str, Answer] = {
    "plakken.klopt": Press("Ja, dit klopt"),
    "na_gesprek": Press("Ja"),
    "feiten.na_gesprek": "Ze zei dat hij haar elke avond belt.",
    "feiten.sindsdien": "weet ik niet",
    "besluit.keuze": Press("report"),
    "besluit.datum": "morgen",
    "opzet.gewenst": "nee",
    "afronding.oordeel": "ja",
}


@pytest.fixture
def text(tools: Tools) -> str:
    return pasted(whole(tools), tools, "dossier")


@pytest.fixture
def read_player(player: Player, text: str) -> Player:
    """The sheet was pasted as her first words."""
    assert player.paste(text)
    return player


@pytest.mark.parametrize("way", ["markdown", "word"])
@pytest.mark.parametrize("version", VERSIONS)
def test_from_a_pasted_sheet_to_a_new_advice(player: Player, version: str, way: str) -> None:
    assert player.paste(pasted(whole(player.tools), player.tools, version, way))
    player.play(ANSWERS)
    assert player.phase == END
    assert sum("**Advies:" in said for said in player.said) == 1
    assert player.case.facts["strangulation"] == "yes"
    assert player.case.facts["talked_with_client"] == "yes"
    assert player.outcome == "acute_contact"
    asked = set(player.asked)
    assert {"feiten.na_gesprek", "feiten.sindsdien", "weging.gevaar"} <= asked
    assert not {"kennismaking.beroep", "gevoel.over_wie", "weging.keel", "weging.eer"} & asked


def test_nothing_counts_before_she_said_that_it_is_right(read_player: Player) -> None:
    case = read_player.case
    assert not case.facts
    assert not case.lines
    assert not case.hints
    assert set(case.fields) == {"paste"}
    assert read_player.question.id == "plakken.klopt"


def test_what_was_read_is_shown_in_short(read_player: Player) -> None:
    shown = read_player.replies.render(read_player.question.say).text
    for part in (
        "dinsdag 4 maart 2025", "“hij duwde haar” (wanneer: “vorige week”; zelf gezien of gehoord)",
        "keel dichtgeknepen", "gedaan zijn: 1, 2, 3", "Nog kijken en noteren", "dinsdag 11 maart 2025",
        "ik weeg opnieuw", "Klopt dit?",
    ):  # fmt: skip
        assert part in shown, part
    assert "kon ik niet lezen" not in shown


def test_lines_that_could_not_be_read_are_named_and_become_story(player: Player, text: str) -> None:
    assert player.paste(text + "\nGisteren stond hij bij de school.\nIk weet niet wat ik moet doen.")
    assert "Deze regels kon ik niet lezen: 2" in player.replies.render(player.question.say).text
    player.press("Ja, dit klopt")
    assert any("bij de school" in line.quote for line in player.case.lines)


def test_no_lets_the_sheet_go(read_player: Player) -> None:
    read_player.press("Nee, opnieuw")
    assert not read_player.case.lines
    assert read_player.question.id == "kennismaking.beroep"


def test_in_parts_cut_anywhere(player: Player, text: str) -> None:
    at = text.index("## Interpretaties")
    assert player.paste(text[:at])
    player.press("Nog een deel")
    assert player.question.id == "plakken.deel"
    assert player.paste(text[at:])
    together = player.replies.render(player.question.say).text
    alone = Player(player.tools, player.replies)
    assert alone.paste(text)
    assert together == alone.replies.render(alone.question.say).text


def test_a_part_that_is_cut_within_a_row_is_put_together(player: Player, text: str) -> None:
    at = text.index("duwde haar") + len("duwde ")
    assert player.paste(text[:at].strip())
    assert player.paste(text[at:].strip())
    assert "“hij duwde haar”" in player.replies.render(player.question.say).text


def test_there_is_an_end_to_the_parts(player: Player, text: str) -> None:
    for _ in range(MOST_PARTS):
        assert player.paste(text)
    assert not player.paste(text)
    assert "Nog een deel plakken" not in [choice.title for choice in player.question.choices]


def test_undo_takes_all_that_followed_from_the_yes(read_player: Player) -> None:
    before = read_player.case
    read_player.press("Ja, dit klopt")
    assert read_player.case.facts["strangulation"] == "yes"
    read_player.undo()
    assert read_player.case == before
    read_player.undo()
    assert read_player.case == Case()


def test_what_she_said_was_right_is_not_asked_again_apart_from_what_came_with_it(read_player: Player) -> None:
    """Else all that stands in the sheet counts twice, or counts although she then says that it is wrong."""
    read_player.press("Ja, dit klopt")
    read_player.press("Nee, nog niet")
    offered = {read_player.case.entries[at].question for at in read_player.case.correctable}
    assert "plakken.klopt" not in offered
    assert {"weging.keel", "kennismaking.beroep", "na_gesprek"} <= offered


def test_what_she_types_beside_the_yes_is_kept_and_shown(read_player: Player) -> None:
    read_player.say("Ja, klopt, en gisteren heeft hij haar telefoon afgepakt.")
    assert any("telefoon afgepakt" in line.quote for line in read_player.case.lines)
    assert read_player.case.facts["strangulation"] == "yes"
    assert "fact_list" not in read_player.case.fields


@pytest.mark.parametrize(
    "said", ["ja, maar hij woont er niet meer", "klopt, alleen was het in maart", "ja, behalve de datum"]
)
def test_she_hears_that_what_she_adds_is_kept_beside_the_sheet(read_player: Player, said: str) -> None:
    read_player.say(said)
    assert said in read_player.said[-1].replace("\\", "")
    assert any(word in line.quote for line in read_player.case.lines for word in ("woont er", "in maart", "de datum"))
    assert "fact_list" not in read_player.case.fields
    read_player.undo()
    assert read_player.question.id == "plakken.klopt"


def test_an_answer_in_the_sheet_that_her_words_speak_against_is_asked_again(read_player: Player) -> None:
    assert read_player.case.facts.get("honour", "unknown") == "unknown"
    read_player.say("ja, maar de familie zegt dat zij de eer heeft geschonden")
    assert "honour" in read_player.case.hints
    assert read_player.case.facts["honour"] == "unknown"


def test_a_no_that_tells_what_is_wrong_does_not_throw_the_sheet_away(read_player: Player) -> None:
    read_player.say("Nee, de datum klopt niet, het was in maart.")
    assert read_player.question.id == "plakken.klopt"
    assert any("in maart" in line.quote for line in read_player.case.lines)


def test_what_she_types_beside_the_talk_is_kept_and_shown(read_player: Player) -> None:
    read_player.press("Ja, dit klopt")
    read_player.say("Ja, en ze vertelde dat hij haar volgt naar haar werk.")
    assert read_player.question.id == "feiten.na_gesprek"
    assert any("volgt naar haar werk" in line.quote for line in read_player.case.lines)
    assert "fact_list" not in read_player.case.fields


def test_saying_anew_whether_there_was_a_talk_keeps_no_answer_that_it_may_change(read_player: Player) -> None:
    read_player.press("Ja, dit klopt")
    read_player.press("Nee, nog niet")
    told = Entry(question="weging.apart", facts={"heard_apart": "yes", "victim_with_you": "yes"})
    read_player.case = read_player.case.add(told, told.model_copy(update={"facts": {"heard_apart": "no"}}))
    at = next(at for at, entry in enumerate(read_player.case.entries) if entry.question == "na_gesprek")
    read_player.case = read_player.case.reopen(at)
    read_player.press("Ja")
    assert read_player.case.facts["heard_apart"] != "yes"
    assert read_player.case.facts["victim_with_you"] == "no"


def test_a_no_that_a_talk_can_change_is_asked_again_and_others_count(read_player: Player) -> None:
    read_player.press("Ja, dit klopt")
    assert read_player.question.id == "na_gesprek"
    read_player.press("Nee, nog niet")
    assert read_player.question.id == "feiten.sindsdien"
    assert read_player.case.facts["honour"] == "no"
    assert read_player.case.facts["strangulation"] == "yes"
    assert read_player.case.facts.get("danger_now", "unknown") == "unknown"


def test_who_said_that_she_comes_from_the_talk_is_not_asked_whether_there_was_one(player: Player, text: str) -> None:
    player.case = asks_for_sheet(player.case, talked=True)
    assert player.question.id == "plakken.deel"
    assert player.paste(text)
    player.press("Ja, dit klopt")
    assert player.question.id == "feiten.na_gesprek"


# -- danger -----------------------------------------------------------------------------------------------------------

KNIFE = ("weapon", "hij heeft nu een mes bij zich")


def with_knife(text: str) -> str:
    return text.replace("“hij duwde haar”", "“hij heeft nu een mes bij zich”")


def test_danger_in_it_is_asked_about_first_and_once(player: Player, text: str) -> None:
    assert player.paste(with_knife(text), KNIFE, ("threat_to_kill", "zij schrok van de bel"))
    assert player.question.id == "gevaar.antwoord"
    assert not player.case.facts
    assert not player.case.lines
    player.press("Nee, dit is")
    assert player.question.id == "plakken.klopt"
    assert player.paste("## Besluit\n\n- Besluit: Nog kijken en noteren", ("weapon", "hij had toen een mes"))
    assert player.question.id == "plakken.klopt"


def test_the_danger_question_quotes_her_words_and_not_the_table(player: Player, text: str) -> None:
    row = "| “hij heeft nu een mes bij zich” | “vorige week” | zelf gezien of gehoord |"
    assert player.paste(with_knife(text), ("weapon", row))
    shown = player.replies.render(player.question.say).text
    assert "‘hij heeft nu een mes bij zich’" in shown
    assert "|" not in shown


def test_a_sheet_that_was_not_right_can_be_pasted_anew_after_the_danger_question(player: Player, text: str) -> None:
    assert player.paste(with_knife(text), KNIFE)
    player.press("Nee, dit is")
    player.press("Nee, opnieuw")
    assert player.paste(text)
    player.press("Ja, dit klopt")
    assert not [line for line in player.case.lines if "mes" in line.quote]


def test_danger_of_now_in_a_later_part_is_asked_about(player: Player, text: str) -> None:
    assert player.paste(with_knife(text), KNIFE)
    player.press("Nee, dit is")
    assert player.paste("## Besluit\n\nhij staat nu voor de deur", ("violence_now", "hij staat nu voor de deur"))
    assert player.question.id == "gevaar.antwoord"


def test_sentences_of_pluis_itself_are_no_danger(player: Player, text: str) -> None:
    ours = [
        ("strangulation", "Is er ooit een keel dichtgeknepen, of op een andere manier de adem afgesneden?"),
        ("strangulation", "keel dichtgeknepen"),
        ("weapon", "Wat is er nu nodig voor de veiligheid"),
    ]
    assert player.paste(text, *ours)
    assert player.question.id == "plakken.klopt"


def test_one_word_of_hers_is_hers_though_pluis_says_it_too(player: Player, text: str) -> None:
    told = text.replace("“hij duwde haar”", "“zij zat opgesloten in de schuur”")
    assert player.paste(told, ("locked_in", "opgesloten"))
    assert player.question.id == "gevaar.antwoord"


def test_danger_without_any_words_is_asked_about(player: Player, text: str) -> None:
    assert player.paste(text, ("unknown", "…"))
    assert player.question.id == "gevaar.antwoord"


def test_the_danger_answer_of_a_sheet_can_be_corrected(read_player: Player) -> None:
    over = read_player.tools.tables.texts["danger"].choices[2]
    answer = Entry(question=ANSWERED, asked=LABEL, answer=over.title, facts=dict(over.facts))
    read_player.case = Case().add(answer, Entry(question="begin")).reopen(0)
    assert f"‘{LABEL} {over.title}’" in read_player.question.say.text


def test_an_answer_that_says_danger_is_asked_about(player: Player) -> None:
    row = player.tools.tables.questions[0]
    text = f"## Antwoorden op vragen over de veiligheid\n\n| {row.text} | {row.choices[0].title} | bron nog invullen |"
    assert player.paste(text)
    assert player.question.id == "gevaar.antwoord"


def test_danger_that_she_confirms_now_stands_whatever_the_sheet_says(player: Player, text: str) -> None:
    assert player.paste(with_knife(text), KNIFE)
    player.press("Ja, nu")
    assert "112" in player.said[-1]
    player.press("Ja, dit klopt")
    player.press("Ja")
    assert player.case.facts["danger_now"] == "yes"
    assert player.outcome == "call_112"


# -- what is no sheet -------------------------------------------------------------------------------------------------


def test_a_story_is_no_sheet(tools: Tools) -> None:
    story = "Feiten: hij sloeg haar. Ik maak me zorgen om de kinderen. Moet ik melden bij Veilig Thuis?"
    assert not is_pasted(Case(), story, tools)


def test_in_the_middle_of_a_case_a_sheet_is_no_way_to_begin(player: Player, text: str) -> None:
    player.begin("Hij duwde haar vorige week van de trap.")
    before = player.case
    assert player.paste(text)
    assert player.case == before


@pytest.mark.parametrize("answer", ["zonder", "nee", "weet ik niet"])
def test_who_has_no_sheet_tells_it_here(player: Player, answer: str) -> None:
    player.case = asks_for_sheet(player.case, talked=False)
    if answer == "zonder":
        player.press(answer)
    else:
        player.say(answer)
    assert player.question.id == "kennismaking.beroep"


def test_what_is_no_sheet_where_one_was_asked_for_is_story(player: Player) -> None:
    player.case = asks_for_sheet(player.case, talked=False)
    player.say("Hij duwde haar vorige week van de trap.")
    assert any("van de trap" in line.quote for line in player.case.lines)
    assert player.question.id == "kennismaking.beroep"


def test_every_question_takes_not_knowing_for_an_answer(read_player: Player) -> None:
    step = take(read_player.case, "plakken", DONT_KNOW, 0, read_player.tools)
    assert step.case.fields.get("paste") is None
    assert not step.case.lines


def test_words_that_are_no_answer_are_kept(read_player: Player) -> None:
    step = take(read_player.case, "plakken", Given("die datum was eigenlijk in mei"), 0, read_player.tools)
    assert any("in mei" in line.quote for line in step.case.lines)
    assert step.case.fields["paste"] == "read"
