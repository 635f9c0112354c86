"""When no talk can be held now, nothing in the advice sends the professional into one: no step, caution or check,
and no step of the meldcode. The plan for the talk itself says what to do instead."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.advice import FACTS, AdviceRequest, Tables
from tests.unit.advice.conftest import requests

PEOPLE = {"zij": "ZIJ", "haar": "HAAR", "haar_bez": "DIENS", "hij": "HIJ", "hem": "HEM", "zijn": "ZIJNE"}
# To speak with the people concerned: a verb and one of them in one sentence.
SPEAK = r"\b(bespreek|spreek|spreken|praat|vraag|vertel|zeg|luister|luisteren|stel|zoek|onderzoek)\b|laat.*onderzoeken"
WHOM = r"\b(HAAR|ZIJ|HEM|HIJ|hen|ouder|ouders|kind|jongere|ieder|beiden|je cliënt|je zorg|mag melden|open vragen)\b"
# Unless the sentence asks someone else, says not to, waits for them to begin, or is about whoever is still there.
ALLOWED = (
    r"\bVeilig Thuis\b|\bdeskundige\b|\bin je overleg\b|\bcollega\b|\bmeldkamer\b",
    r"\bniet\b|\bgeen\b|\bniets\b|\bnooit\b|\bzo min mogelijk\b",
    r"\bBegint\b",
)
SENTENCE = re.compile(r"(?<=[.?!])\s+")
PART = re.compile(r",?\s+en\s+")
STILL_THERE = "nog bij je?"
ABOUT_TALKING = (
    "Vraag Veilig Thuis of, wanneer", "Vraag Veilig Thuis wie", "Vraag eerst aan", "Praat ", "Bespreek eerst",
    "Bespreek je zorg", "Zoek een",
)  # fmt: skip
FORCED = (
    {"danger_now": "yes"},
    {"honour": "yes", "expert_consulted": "no"},
    {"coercive_control": "yes", "asked_veilig_thuis": "no", "expert_consulted": "unknown"},
    {"sexual_violence": "yes", "asked_veilig_thuis": "unknown", "expert_consulted": "no"},
    {"talk_raises_danger": "yes"},
    {"own_safety_threatened": "yes"},
)
no_talk = st.builds(
    lambda request, forced: request.with_facts({**forced, "victim_with_you": "no"}), requests, st.sampled_from(FORCED)
)


def sends_into_a_talk(text: str) -> list[str]:
    """Return the parts of sentences that send someone into a talk with the people concerned."""
    before, still_there, after = text.partition(STILL_THERE)
    sentences = SENTENCE.split(before) + (SENTENCE.split(after)[2:] if still_there else [])
    return [
        part
        for sentence in sentences
        for part in PART.split(sentence)
        if re.search(SPEAK, part, re.IGNORECASE)
        and re.search(WHOM, part)
        and not any(re.search(pattern, part) for pattern in ALLOWED)
    ]


def told_beside_the_plan(tables: Tables, request: AdviceRequest) -> list[str]:
    told: dict[str, Any] = tables.advise(request).as_dict(PEOPLE)
    assert told["conversation"]["setup"] == "no_talk_now"
    rows = [row["text"] for part in ("cautions", "meldcode", "checks", "duty", "reasons") for row in told[part]]
    return [*told["next_steps"], *rows, *told["person"]["reasons"]]


@settings(max_examples=300)
@given(request=no_talk)
def test_without_a_talk_nothing_sends_anyone_into_one(tables: Tables, request: AdviceRequest) -> None:
    sent = [found for text in told_beside_the_plan(tables, request) for found in sends_into_a_talk(text)]
    assert not sent


@pytest.mark.parametrize("role", ["victim", "perpetrator", "child"])
@pytest.mark.parametrize("forced", FORCED, ids=lambda forced: next(iter(forced)))
def test_no_single_fact_beside_it_brings_a_talk_back(tables: Tables, role: str, forced: dict[str, str]) -> None:
    for fact in FACTS:
        case = {"signals": "yes", fact: "yes", **forced, "victim_with_you": "no"}
        if fact in ("asked_veilig_thuis", "expert_consulted") and fact not in forced:
            continue
        request = AdviceRequest("wijkteam", role, case=case)
        sent = [found for text in told_beside_the_plan(tables, request) for found in sends_into_a_talk(text)]
        assert not sent, fact


def test_every_line_that_starts_a_talk_waits_for_the_setup(tables: Tables) -> None:
    lines = [line for row in (*tables.levels, tables.level_fallback) for line in row.steps]
    lines += [line for row in tables.cautions for line in row.text]
    lines += [line for step in tables.meldcode for texts in step.texts.values() for line in texts]
    marked = [(line, re.sub(r"\{(\w+)\}", lambda name: PEOPLE.get(name[1], ""), line.text)) for line in lines]
    starting = [(line.when.names(), text) for line, text in marked if sends_into_a_talk(text)]
    assert len(starting) >= 10
    assert not [text for names, text in starting if "setup" not in names]


@pytest.mark.parametrize(
    "sentence",
    [
        "Zoek een gewoon moment om HAAR alleen te spreken.",
        "Bespreek eerst met HAAR dat je wilt melden en waarom.",
        "Bespreek je zorg met de ouder of ouders, tenzij dat gevaar geeft.",
        "Vraag HAAR hoe en wanneer contact veilig is, en houd je daaraan.",
        "Afhankelijk van zorg: spreek HAAR op een moment dat HIJ weg is.",
        "Stel open vragen en ga niet uithoren.",
        "Toestemming: bespreek je zorg en vraag of je mag melden, als dat veilig kan.",
        "Is wie het vertelde nog bij je? Blijf luisteren. Is die persoon al weg? Vraag HAAR hoe het gaat.",
        "Beiden gebruiken geweld: vraag ieder apart wie bang is voor wie.",
        "Vertel HAAR wat je doet.",
        "Luister naar wat HAAR tegenhoudt.",
    ],
)
def test_the_check_on_talks_can_fail(sentence: str) -> None:
    assert sends_into_a_talk(sentence)


@pytest.mark.parametrize(
    ("role", "case", "step"),
    [
        ("perpetrator", {"stalking": "yes"}, "Vraag Veilig Thuis of, wanneer en door wie ZIJ hiervan hoort."),
        ("perpetrator", {"signals": "yes"}, "Vraag Veilig Thuis of, wanneer en door wie ZIJ hiervan hoort."),
        ("victim", {"coercive_control": "yes", "help_refused": "yes"}, "Praat hier nu niet met HAAR over."),
        ("victim", {"fear": "yes", "help_refused": "yes", "signals": "yes"}, "Vraag eerst aan Veilig Thuis hoe"),
        ("victim", {"stalking": "yes"}, "Vraag eerst aan Veilig Thuis hoe"),
        ("victim", {"signals": "yes", "talk_raises_danger": "yes"}, "Praat nog niet met HAAR over je zorg."),
        ("victim", {"repeated": "yes"}, "Bespreek eerst met HAAR dat je wilt melden"),
        ("victim", {"signals": "yes"}, "Zoek een gewoon moment om HAAR alleen te spreken."),
        ("child", {"children_safe": "no"}, "Vraag Veilig Thuis wie met welke ouder praat, en wanneer."),
        ("child", {"repeated": "yes"}, "Vraag Veilig Thuis wie met welke ouder praat, en wanneer."),
        ("victim", {"children_safe": "no"}, "Bespreek je zorg met de ouder of ouders"),
    ],
)
def test_what_is_said_about_talking_fits_who_the_client_is_and_what_is_known(
    tables: Tables, role: str, case: dict[str, str], step: str
) -> None:
    steps = tables.advise(AdviceRequest("wijkteam", role, case=case)).as_dict(PEOPLE)["next_steps"]
    [about_talking] = [text for text in steps if text.startswith(ABOUT_TALKING)]
    assert about_talking.startswith(step)


def test_of_a_minor_the_parents_hear_nothing_first(tables: Tables) -> None:
    told = tables.advise(AdviceRequest("onderwijs", "victim", "yes", {"children_safe": "no"})).as_dict(PEOPLE)
    assert not [text for text in told["next_steps"] if text.startswith("Bespreek je zorg met de ouder")]
