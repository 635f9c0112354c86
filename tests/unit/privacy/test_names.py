from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.privacy import Door
from bot.privacy.lists import load_lists
from bot.privacy.words import fold
from bot.settings import ROOT
from bot.yamlfile import read_yaml

Mask = Callable[[str], str]


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        ("mevr. De Vries belde", "mevr. [persoon 1] belde"),
        ("dhr. J.P. van der Berg belde", "dhr. [persoon 1] belde"),
        ("een raar gevoel bij mw vd berg", "een raar gevoel bij mw [persoon 1]"),
        ("ik sprak de man vd mw", "ik sprak de man vd mw"),
        ("ze heet fatima", "ze heet [persoon 1]"),
        ("haar naam is roos", "haar naam is [persoon 1]"),
        ("Ayşe en Małgorzata zijn bang", "[persoon 1] en [persoon 2] zijn bang"),
        ("Tigist vertelde dat hij sloeg", "[persoon 1] vertelde dat hij sloeg"),
        ("ik sprak Oluwadamilola gisteren", "ik sprak [persoon 1] gisteren"),
        ("fatima el amrani is bang", "[persoon 1] is bang"),
        ("Ahmeds vrouw en Fatima's man", "[persoon 1]s vrouw en [persoon 2]'s man"),
        ("mevrouw bakker is bang", "mevrouw [persoon 1] is bang"),
        ("cliënt F. is bang", "cliënt [cliënt] is bang"),
        ("ik ben Fatima", "ik ben [persoon 1]"),
        ("de vrouw van Ahmed", "de vrouw van [persoon 1]"),
        ("cliente heet nasrin", "cliente heet [cliënt]"),
        ("MOHAMED SLAAT HAAR", "[persoon 1] SLAAT HAAR"),
    ],
)
def test_names_are_left_out(mask: Mask, typed: str, masked: str) -> None:
    assert mask(typed) == masked


@pytest.mark.parametrize(
    "text",
    [
        "er stond een roos op tafel",
        "de markt was dicht",
        "Wil je dat ik bel?",
        "Mei was zwaar en april ook",
        "het is niet pluis, Pluis",
        "een jonge vrouw, de jongste dochter",
        "haar man is kok en zijn broer bakker",
        "Papa slaat mama, zegt oma",
        "Zijn ex en haar man kennen elkaar",
        "mevrouw vertelt dat meneer drinkt",
        "de Turkse man en de Syrische vrouw",
        "dat heet gaslighting",
        "hoef je geen naam te noemen. Hij hoort het toch",
        "Thuiszorgcollega wil niet meer naar binnen",
        "[persoon 3] slaat [cliënt] in [plaats]",
    ],
)
def test_words_that_look_like_names_stay(mask: Mask, text: str) -> None:
    assert mask(text) == text


def test_the_same_word_is_a_name_or_not_by_its_sentence(mask: Mask) -> None:
    assert mask("Roos durft niets te zeggen") == "[persoon 1] durft niets te zeggen"
    assert mask("Rozen kreeg ze, en een roos") == "Rozen kreeg ze, en een roos"


@pytest.mark.parametrize("text", ["Hij heeft sinds twee jaar Alzheimer", "Parkinson zegt ze", "het zijn Hollanders"])
def test_a_disease_or_a_people_is_no_name(mask: Mask, text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        ("ik ga bij tsegay langs", "ik ga bij [persoon 1] langs"),
        ("een vrouw, nasrin, durft niet", "een vrouw, [persoon 1], durft niet"),
        ("Prins heet hij echt", "[persoon 1] heet hij echt"),
        ("Storm en Anouk zitten naast elkaar", "[persoon 1] en [persoon 2] zitten naast elkaar"),
        ("Zand (man, 52) zegt niets", "[persoon 1] (man, 52) zegt niets"),
        ("Wang zegt dat ze overdrijft", "[persoon 1] zegt dat ze overdrijft"),
    ],
)
def test_a_name_is_known_by_where_it_stands(mask: Mask, typed: str, masked: str) -> None:
    assert mask(typed) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Zij is 34 jaar en bang",
        "Het is 12 uur",
        "Dat is 3 keer gebeurd",
        "Wie is 18?",
        "met vreind van haar",
        "hij is met ducttape bezig",
        "Welke Jeugdwet geldt?",
        "Ggz of verslavingszorg",
    ],
)
def test_a_typing_error_or_a_term_is_no_name(mask: Mask, text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Sertraline 50 mg gestart, Ritalin gestopt.",
        "Valt onder de Wvggz of de Wzd?",
        "ChatGPT zei iets anders dan de meldcode.",
        "Zij heeft Hashimoto en hij Gilles de la Tourette.",
        "Valentijnsdag liep uit op ruzie.",
    ],
)
def test_a_medicine_a_law_a_brand_and_a_day_stay(mask: Mask, text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        ("Mw. Annelies Post is drie keer gevallen.", "Mw. [persoon 1] is drie keer gevallen."),
        ("Geldt het huisverbod voor W. Zomer nog?", "Geldt het huisverbod voor [persoon 1] nog?"),
        ("Peters moeder weet van niets.", "[persoon 1] moeder weet van niets."),
        ("zij woont op de lange nieuwstraat 4", "zij woont op de [adres]"),
        ("jongen van obs de wegwijzer in de gang", "jongen van obs de [instelling] in de gang"),
        ("alimentatie op nl91 abna 0417 1643 00 graag", "alimentatie op [rekening] graag"),
    ],
)
def test_what_leaked_goes(mask: Mask, typed: str, masked: str) -> None:
    assert mask(typed) == masked


@pytest.mark.parametrize("kind", ["medicines", "brands", "laws", "holidays"])
def test_what_always_stays_is_nobodys_name(cache_dir: Path, door: Door, kind: str) -> None:
    lists = load_lists(cache_dir)
    kept = {fold(word) for word in read_yaml(ROOT / "data" / "privacy" / "keep.yml").data[kind]}
    assert kept & (lists.first_names | lists.surnames | lists.infix_surnames) == set()


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        ("Is Van Loon de wijkagent nog?", "Is [persoon 1] de wijkagent nog?"),
        ("weet jij of van der berg al gebeld heeft", "weet jij of [persoon 1] al gebeld heeft"),
        ("als mark thuiskomt wordt ze stil", "als [persoon 1] thuiskomt wordt ze stil"),
        ("ik zat met roos in de kantine", "ik zat met [persoon 1] in de kantine"),
        ("ze zei dat roos vandaag huilde", "ze zei dat [persoon 1] vandaag huilde"),
        ("ik heb mo gesproken", "ik heb [persoon 1] gesproken"),
        ("kan ik ewelina anoniem melden", "kan ik [persoon 1] anoniem melden"),
    ],
)
def test_a_name_in_small_letters_goes_though_it_is_a_word(mask: Mask, typed: str, masked: str) -> None:
    assert mask(typed) == masked


@pytest.mark.parametrize(
    "text",
    [
        "ze kreeg een roos van hem, met de roos in haar hand",
        "Kan de SARA mee in het dossier?",
        "de wond zit op dr wang",
        "zij heeft geen familie in het land",
        "die pan was van den olie",
        "sins vorige week is hij weer terug",
        "gozha darabha abadan",
        "na wurging kan iemand dagen later nog overlijden",
    ],
)
def test_what_was_left_out_without_need_stays(mask: Mask, text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        ("Ik belde met huisarts Kaas over haar", "Ik belde met huisarts [persoon 1] over haar"),
        (
            "meneer Frans dreigt, haar dochter India zag het",
            "meneer [persoon 1] dreigt, haar dochter [persoon 2] zag het",
        ),
        ("Ze heet Sara en zijn zoon Sam", "Ze heet [persoon 1] en zijn zoon [persoon 2]"),
        ("mevr kaas durft niet open te doen", "mevr [persoon 1] durft niet open te doen"),
        ("hij heet daar kev_snapt020", "hij heet daar [account]"),
        ("op snap is zij stille.waterss nu", "op snap is zij [account] nu"),
        ("ze werkt in kapsalon yvanna om de hoek", "ze werkt in kapsalon [instelling] om de hoek"),
        ("hij stond in de flat aan de merellaan", "hij stond in de flat aan de [adres]"),
        ("het adres is Kerkstraat 4 bus 12 daar", "het adres is [adres] daar"),
        ("zij wonen in 9810 nazareth", "zij wonen in [postcode] [plaats]"),
        ("verdachte is van 22-6-'87 en bekend", "verdachte is van [datum] en bekend"),
        ("hij reed weg in de zl td 41", "hij reed weg in de [kenteken]"),
    ],
)
def test_what_a_hard_set_taught(mask: Mask, typed: str, masked: str) -> None:
    assert mask(typed) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Het is code Rood volgens het rapport",
        "in het buurthuis de moeder gesproken",
        "Heb je een Braille-folder over geweld?",
        "NovoRapid en Nexium uit de koelkast",
        "ParnasSys en Zivver, daar staat het in",
        "op snap zet ze alles",
        "de auto reed in de 4 weken elke dag langs",
        "dat was in 2019 in Noord-Brabant",
        "hij heeft haar in hotel misbruikt, ze is uit flat gesprongen",
        "Hij zei Steek je neer",
        "mw nat was van de benzine en mevr koud is",
        "op snap stuurde hij ik_maak_je_dood, en naakt.jpg",
        "hij reed haar aan, RR HR 120 en pt vt 112 gebeld",
        "het letsel is van 4 mei 2018 en de SEH, 2019-05-12",
        "laatste klap was 3 dagen geleden",
        "Bloeddruk is 80 en stabiel",
        "ze heeft in hotel geslapen en bij restaurant gegeten",
        "hij beld nu elke dag naar het wijkteam",
    ],
)
def test_what_a_hard_set_taught_to_leave(mask: Mask, text: str) -> None:
    assert mask(text) == text
