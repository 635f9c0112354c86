"""The words that a user can say at any moment work in every phase, and the conversation goes on where it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.case import Case
from bot.yamlfile import read_yaml
from tests.live.conversation import Player, question_id
from tests.live.site import Site
from tests.live.talk import Talk

pytestmark = pytest.mark.live

WORDS: list[dict[str, str]] = read_yaml(Path(__file__).parent / "words.yml").data["words"]
STORY = "Hij bepaalt met wie ze mag praten, dat zag ik op het spreekuur."
ANSWERS: dict[str, Any] = {
    "kennismaking.beroep": "wijkverpleegkundige",
    "gevoel.over_wie": {"press": "Mijn cliënt"},
    "gevoel.verhaal": STORY,
    "feiten": "weet ik niet",
    "feiten.signalen": "geen",
    "feiten.meer_signalen": "geen",
    "feiten.lijst": {"press": "Klopt zo"},
    "weging": "weet ik niet",
    "besluit.keuze": {"press": "Vandaag Veilig Thuis"},
    "besluit.datum": "morgen",
    "opzet.gewenst": "nee",
}
PHASES = {
    "kennismaking": "kennismaking.beroep",
    "gevoel": "gevoel.over_wie",
    "feiten": "feiten.lijst",
    "weging": "weging.keel",
    "besluit": "besluit.keuze",
    "opzet": "opzet.gewenst",
    "afronding": "afronding.oordeel",
}


@pytest.mark.parametrize("phase", PHASES)
def test_every_word_works_in_every_phase(pluis: Site, phase: str) -> None:
    with Talk(pluis) as talk:
        player = Player(pluis, talk)
        talk.say(STORY)
        player.answer_on(ANSWERS, until=PHASES[phase])
        _say_all_words(player, PHASES[phase])


def test_every_word_works_at_the_danger_question(pluis: Site) -> None:
    with Talk(pluis) as talk:
        player = Player(pluis, talk)
        talk.say("Hij heeft gisteren met een mes voor haar gestaan.")
        assert question_id(player.case) == "gevaar.antwoord"
        _say_all_words(player, "gevaar.antwoord")


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words["say"])
def test_every_word_works_before_a_case_begins(pluis: Site, words: dict[str, str]) -> None:
    with Talk(pluis) as talk:
        answer = talk.say(words["say"])
        assert answer.text, "niets gezegd"
        if "Toch niet" in answer.replies:  # else what comes next is what she wants to ask the helpdesk
            talk.press("Toch niet")
        assert talk.say(STORY).text
        assert question_id(Player(pluis, talk).case) == "kennismaking.beroep"


def _told(case: Case) -> dict[str, str]:
    """What she said of herself and the case; that the plan was shown, or the way to the helpdesk, is no answer."""
    return {name: value for name, value in case.fields.items() if name != "plan" and not name.startswith("desk")}


def _say_all_words(player: Player, question: str) -> None:
    """Say them one after the other; every failure is told, not only the first."""
    wrong = []
    for words in WORDS:
        before = player.case
        answer = player.talk.say(words["say"])
        if words["text"].casefold() not in answer.text.casefold():
            wrong.append(f"“{words['say']}”: {answer.text[:200]}")
        if "back" in words and any(title.startswith(words["back"]) for title in answer.replies):
            player.talk.press(words["back"])
        after = player.case
        if question_id(after) != question or after.facts != before.facts or _told(after) != _told(before):
            wrong.append(f"“{words['say']}” → open is {question_id(after)}: {answer.text[:200]}")
            player.talk.say("terug")
    assert not wrong, "\n".join(wrong)
