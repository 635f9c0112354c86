"""The seven stories of professionals, answered as each of them would: outcome, setup, and not too many questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from bot.advice import OUTCOMES, SETUPS
from tests.unit.case.player import Answer, Player, Press, Tick

MOST_ANSWERS, MOST_FACTS = 18, 6  # so many only where a report is due and haste must be ruled out
AFTER: Mapping[str, Answer] = {
    "besluit.keuze": Press("ask_advice"),
    "besluit.datum": "morgen",
    "opzet.gewenst": "ja",
    "opzet.overlegd": "nog niet",
    "afronding.oordeel": "ja",
}


@dataclass(frozen=True)
class Story:
    """Who types what, how she answers, and what it must at least come to."""

    who: str
    text: str
    answers: Mapping[str, Answer]
    outcome: str
    setup: str
    danger: Sequence[tuple[str, str]] = ()
    asks: Sequence[str] = field(default_factory=list)


STORIES = [
    Story(
        "wijkverpleegkundige",
        "Ik kom twee keer per week bij mevrouw voor wondzorg. Haar man is er altijd bij en geeft antwoord voor haar. "
        "Vorige week had ze een blauwe plek op haar bovenarm, ze zei dat ze gevallen was. "
        "Ik heb er een naar gevoel bij.",
        {
            "kennismaking.beroep": "wijkverpleegkundige in de thuiszorg",
            "gevoel.over_wie": Press("Mijn cli"),
            "feiten.signalen": "1",
            "weging.gevaar": Press("Nee"),
            "weging.verteld": Press("Nee, niemand"),
            "weging.keel": "nee",
            "weging.ernstig": "geen",
            "weging.eer": "nee",
        },
        "consult",
        "apart_first",
    ),
    Story(
        "huisarts",
        "Patiënte vertelde net uit zichzelf dat haar vriend gisteravond haar keel heeft dichtgeknepen. "
        "Ze durft niet naar huis.",
        {
            "gevaar.antwoord": Press("Niet nu, wel"),
            "kennismaking.beroep": "huisarts",
            "gevoel.over_wie": "mijn patiënte",
            "weging.contact": Press("Nee, maar we zitten nu"),
            "weging.eer": "nee",
        },
        "acute_contact",
        "victim_only",
        danger=[("strangulation", "dat haar vriend gisteravond haar keel heeft dichtgeknepen")],
    ),
    Story(
        "leerkracht",
        "Een leerling van acht zegt dat papa mama weer geslagen heeft, net als vorige maand.",
        {
            "kennismaking.beroep": "ik ben leerkracht in groep 5",
            "gevoel.over_wie": Press("Mijn leerling, om wat er thuis"),
            "weging.gevaar": Press("Nee"),
            "weging.verteld": Press("Ja, uit zichzelf"),
            "weging.eer": "nee",
        },
        "report",
        "child_first",
    ),
    Story(
        "wijkteam",
        "Sinds de scheiding staat haar ex elke dag voor de deur en stuurt hij tientallen appjes.",
        {
            "kennismaking.beroep": "wijkteam",
            "gevoel.over_wie": "mijn cliënte",
            "weging.uit_elkaar": Press("Ja, en de ander weet het"),
            "weging.met_rust": Tick(("Volgen",)),
            "weging.gevaar": Press("Nee"),
        },
        "report",
        "victim_first",
        asks=["weging.controle", "weging.met_rust"],
    ),
    Story(
        "schuldhulpverlener",
        "Ze heeft geen eigen pinpas en moet voor alles toestemming vragen, ik vertrouw het niet.",
        {
            "kennismaking.beroep": "schuldhulpverlener",
            "gevoel.over_wie": "mijn cliënte",
            "weging.controle": Press("De ander bepaalt"),
            "weging.gevaar": Press("Nee"),
        },
        "ask_advice_now",
        "no_talk_now",
    ),
    Story(
        "jongerenwerker",
        "Ze is bang dat haar broers erachter komen dat ze een vriend heeft; "
        "haar oom heeft gezegd dat ze dan niet veilig is.",
        {
            "gevaar.antwoord": Press("Nee, dit is"),
            "kennismaking.beroep": "jongerenwerker",
            "gevoel.over_wie": "een meisje dat ik begeleid",
            "weging.eer": "ja",
        },
        "honour_expert",
        "victim_only",
        danger=[("threat_to_kill", "haar oom heeft gezegd dat ze dan niet veilig is")],
    ),
    Story(
        "iemand",
        "weet niet, gewoon een raar gevoel bij dat stel",
        {"kennismaking.beroep": "vrijwilliger", "gevoel.over_wie": "het stel", "weging.gevaar": Press("Nee")},
        "observe",
        "together_possible",
        asks=["gevoel.kijk_moment", "gevoel.kijk_anderen"],
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.who)
def test_a_story_comes_to_its_advice(player: Player, story: Story) -> None:
    player.begin(story.text, danger=story.danger)
    if story.danger:
        assert player.question.id == "gevaar.antwoord"
    player.play({**AFTER, **story.answers}, until="besluit")
    asked = player.asked
    assert set(story.asks) <= set(asked)
    assert len(asked) <= MOST_ANSWERS
    assert sum(name.startswith("feiten") for name in asked) <= MOST_FACTS
    assert len(set(asked)) == len(asked), "een vraag twee keer gesteld"
    assert OUTCOMES.index(player.outcome) <= OUTCOMES.index(story.outcome)
    assert SETUPS.index(player.setup) <= SETUPS.index(story.setup)
    player.play({**AFTER, **story.answers})
    told = "\n".join(player.said)
    assert told.count("**Advies:") == 1
    assert ("**Eerst overleggen, nog niet praten**" if player.setup == "no_talk_now" else "**Gespreksopzet:") in told
    assert "{" not in told


def test_the_words_for_people_are_her_own(player: Player) -> None:
    player.begin(STORIES[0].text)
    words = player.tools.words(player.case)
    assert (words["zij"], words["hij"]) == ("zij", "hij")
    other = Player(player.tools, player.replies)
    other.begin("Mijn cliënt is bang voor zijn vrouw, zij slaat hem.")
    words = other.tools.words(other.case)
    assert (words["zij"], words["hij"]) == ("hij", "zij")
