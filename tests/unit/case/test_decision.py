"""Step 5 of the meldcode asks two things: what she decides, and whether help is possible too."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.case import Case, Entry, Given, Tools, open_question, take
from bot.case.advising import advised
from bot.case.decision import HELP
from bot.case.record import UNKNOWN, Line
from tests.unit.case.player import Player, Press
from tests.unit.case.sheets import known, part, text_of


def decided(decision: str, **facts: str) -> Case:
    """A case in which she was advised and chose."""
    entry = Entry(question="besluit.keuze", asked="Wat je gaat doen", answer="x", fields={"decision": decision})
    return advised(known(**facts)).add(entry)


def asks_help(case: Case, tools: Tools) -> bool:
    """Whether the question about help comes next, past what is asked only of a milder choice."""
    for _ in range(3):
        question = open_question(case, tools)
        if question is None or question.id == "besluit.datum":
            return False
        if question.id == HELP:
            return True
        case = case.add(Entry(question=question.id, asked=question.label, answer="nee"))
    return False


@pytest.mark.parametrize(
    ("decision", "facts", "asked"),
    [
        ("report", {"repeated": "yes"}, True),
        ("ask_advice", {"fear": "yes"}, True),
        ("consult", {"signals": "yes"}, True),
        ("observe", {"fear": "yes"}, True),
        ("organise_help", {"fear": "yes"}, False),  # she said so already
        ("acute_contact", {"weapon": "yes"}, False),  # she calls first
        ("honour_expert", {"honour": "yes"}, False),  # nothing without the expert
        ("observe", {"signals": "no"}, False),  # there is nothing to help with yet
        ("", {"fear": "yes"}, False),  # who does not know what to do is offered a person
    ],
)
def test_who_arranges_help_is_asked_where_it_matters(
    tools: Tools, decision: str, facts: Mapping[str, str], asked: bool
) -> None:
    assert asks_help(decided(decision, **facts), tools) is asked


@pytest.mark.parametrize(
    ("decision", "facts", "asked"),
    [
        ("talk", {"signals": "yes"}, True),  # consulting was advised, not talking
        ("talk", {"signals": "yes", "talk_raises_danger": "yes"}, True),
        ("talk", {"signals": "no"}, False),
        ("consult", {"signals": "yes"}, False),
        ("organise_help", {"signals": "yes"}, False),
        ("acute_contact", {"signals": "yes"}, False),  # more than was advised needs no reason
    ],
)
def test_a_reason_is_asked_of_who_talks_before_consulting(
    tools: Tools, decision: str, facts: Mapping[str, str], asked: bool
) -> None:
    question = open_question(decided(decision, **facts), tools)
    assert question is not None
    assert (question.id == "besluit.reden") is asked


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (Press("organise"), "Hulp, en wie die regelt: Wij regelen hulp"),
        ("de huisarts verwijst naar het wijkteam", "Hulp, en wie die regelt: “de huisarts verwijst naar het wijkteam”"),
        ("weet ik niet", "Hulp, en wie die regelt: (nog in te vullen)"),
    ],
)
def test_both_decisions_stand_in_the_summary(player: Player, answer: Press | str, line: str) -> None:
    player.case = decided("report", repeated="yes")
    player.answer(answer)
    assert player.question.id == "besluit.datum"
    assert line in part(text_of(player.case, player.tools, "dossier"), "Besluit")
    for_advice = f"{line.split(':')[0]}: (nog in te vullen)" if "“" in line else line  # her words are for her own file
    assert for_advice in part(text_of(player.case, player.tools, "advies"), "Besluit")


def test_it_is_asked_again_only_after_a_new_advice(tools: Tools) -> None:
    case = decided("report", repeated="yes").add(Entry(question=HELP, asked="Wie hulp regelt", answer=UNKNOWN))
    assert not asks_help(case, tools)
    again = advised(case.add(Entry(question="weging.bang", facts={"fear": "yes"})))
    assert asks_help(again.add(Entry(question="besluit.keuze", fields={"decision": "report"})), tools)


@pytest.mark.parametrize(("text", "offered"), [("ja, want hij staat steeds bij haar werk", True),
                                               ("nee, ik heb haar zus al gesproken gisteren", False)])  # fmt: skip
def test_what_is_typed_beside_yes_or_no_to_a_person_is_kept(player: Player, text: str, offered: bool) -> None:
    player.case = decided("", fear="yes")
    assert player.question.id == "besluit.bespreken"
    player.say(text)
    assert player.question.id != "besluit.bespreken"
    assert "Dat schrijf ik erbij." in player.said
    assert (player.tools.tables.text("person_offered") in player.said) is offered
    assert any(line.quote in text for line in player.case.lines[1:])


def test_words_that_are_neither_are_no_refusal_of_a_person(player: Player) -> None:
    player.case = decided("", fear="yes")
    player.say("wie zou dat dan zijn bijvoorbeeld")
    assert player.question.id == "besluit.bespreken"


@pytest.mark.parametrize(("facts", "waits"), [({"weapon": "yes"}, False), ({"fear": "yes"}, True)])
def test_what_cannot_wait_is_not_told_to_wait_for_office_hours(
    tools: Tools, facts: Mapping[str, str], waits: bool
) -> None:
    case = advised(known(**facts))
    given = Given(choice="ask_advice")
    said = "\n".join(say.text for say in take(case, "besluit", given, 0, tools).says)
    assert ("volgende werkdag" in said) is waits


def test_a_feeling_in_a_decision_is_left_out_where_it_can_be_seen(tools: Tools) -> None:
    words = "volgende week, want ik ben bang de band te verliezen, en dan bel ik Veilig Thuis"
    feeling = Line(id="r9", kind="feeling", quote="ik ben bang de band te verliezen")
    case = advised(known(fear="yes").add(Entry(question="aanvulling", answer=words, lines=[feeling])))
    chosen = Entry(question="besluit.keuze", asked="Wat je gaat doen", answer=words, fields={"decision": "own"})
    assert "“volgende week … en dan bel ik Veilig Thuis”" in part(
        text_of(case.add(chosen), tools, "dossier"), "Besluit"
    )
