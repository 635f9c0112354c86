"""Who is who in a story: the user's own words when that is clear, and no word at all when it is not."""

from __future__ import annotations

import pytest

from bot.analysis import Pronouns, pronouns

SHE, HE, NEUTRAL = "zij", "hij", None
FORMS = {SHE: ("zij", "haar", "haar"), HE: ("hij", "hem", "zijn"), NEUTRAL: (None, None, None)}


def words(worry: str | None, other: str | None) -> Pronouns:
    """The pronouns for the person of worry and for the other."""
    return Pronouns(*FORMS[worry], *FORMS[other])


@pytest.mark.parametrize(
    ("text", "worry", "other"),
    [
        ("Ik kom bij mevrouw. Haar man is er altijd bij.", SHE, HE),
        ("Meneer zit onder de krassen, zijn vrouw slaat hem.", HE, SHE),
        ("Hij slaat zijn vrouw", SHE, HE),
        ("een leerling zegt dat papa mama weer geslagen heeft", SHE, HE),
        ("mama heeft papa geslagen", HE, SHE),
        ("mevrouw wordt geslagen door haar man", SHE, HE),
        ("Sinds de scheiding staat haar ex elke dag voor de deur en stuurt hij appjes", SHE, HE),
        ("Patiënte vertelde dat haar vriend haar keel heeft dichtgeknepen. Ze durft niet naar huis", SHE, HE),
        ("Meneer doet altijd het woord, mevrouw zegt niets en ze had een blauwe plek", SHE, HE),
        ("Mevrouw doet altijd het woord, meneer zegt niets en hij had een blauwe plek", HE, SHE),
        ("Mijn cliënt is een man van 80, zijn vrouw snauwt steeds tegen hem. Ik zag krassen op zijn arm", HE, SHE),
        ("Mijn cliënt slaat zijn vrouw", SHE, HE),
        ("Mijn cliënt is een man. Hij bedreigt haar met een mes.", SHE, HE),
        ("cliënt wordt door zijn vrouw geslagen", HE, SHE),
        ("[cliënt] had een blauwe plek. Haar man geeft steeds antwoord.", SHE, HE),
        ("Zij is bang voor hem", SHE, HE),
        ("hij is doodsbang voor zijn vrouw", HE, SHE),
        ("Hij maakt haar bang", SHE, HE),
        ("zij snauwt hem af waar ik bij ben", HE, SHE),
        ("mevrouw werd uitgescholden door meneer in de wachtkamer", SHE, HE),
        ("Hij pakte zijn jas en sloeg haar", SHE, HE),
        ("Een man die zijn vrouw controleert, zij heeft geen eigen geld", SHE, HE),
        ("ik zag haar met een gebroken pols, haar ex wil haar niet met rust laten en hij appt", SHE, HE),
        ("Hij huilde en zei dat zijn vriendin hem krabt", HE, SHE),
        ("Haar man is jaloers. Ze mag nergens heen.", SHE, HE),
        ("Zijn vrouw is dwingend, hij mag nergens heen", HE, SHE),
        ("mw. komt binnen en heeft een blauw oog, dhr. blijft in de auto", SHE, HE),
        ("patiënt geeft geen antwoord, zijn vrouw doet het woord", HE, SHE),
        ("Mevrouw slaat haar ogen neer als haar man praat", SHE, HE),
        ("ze sloeg terug toen hij haar duwde", SHE, HE),
        ("hij dreigt haar te vermoorden", SHE, HE),
        ("een vrouw die bang is voor haar man", SHE, HE),
        ("zij gilt hij slaat haar", SHE, HE),
    ],
)
def test_the_users_own_words(text: str, worry: str | None, other: str | None) -> None:
    assert pronouns(text) == words(worry, other)


@pytest.mark.parametrize(
    ("text", "worry"),
    [
        ("haar vriendin controleert haar telefoon", SHE),
        ("zijn vriend heeft hem geslagen", HE),
        ("Hij is door zijn man geschopt, hij had een gebroken rib", HE),
        ("Haar vrouw schreeuwt tegen haar, ze is bang", SHE),
        ("Mijn cliënte durft niet naar huis", SHE),
        ("meneer heeft een blauw oog", HE),
        ("haar broers mogen niet weten dat ze een vriend heeft", SHE),
        ("Ze is geslagen door haar broer", SHE),
        ("ze durft niet te zeggen wie het deed, haar zoon was erbij", SHE),
    ],
)
def test_the_other_stays_the_other(text: str, worry: str | None) -> None:
    assert pronouns(text) == words(worry, NEUTRAL)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gewoon een raar gevoel bij dat stel",
        "Een cliënt durft niets te zeggen",
        "cliënt had een blauwe plek",
        "[persoon 1] slaat [persoon 2]",
        "[cliënt] durft niets te zeggen als [persoon 1] erbij is",
        "degene die ik begeleid is bang, diens partner bepaalt alles",
        "hen durft niet naar huis, hun partner controleert alles",
        "ze slaan elkaar over en weer",
        "hij slaat haar en zij krabt hem",
        "hij had een blauw oog en zij is bang voor hem",
        "ze zijn allebei bang",
        "papa en mama slaan elkaar",
        "Zij krabt hem. Hij duwde haar tegen de kast.",
        "hun zoon had een blauwe plek",
        "haar zoontje is bang",
        "mijn man slaat mij",
        "ik ben bang dat het misgaat",
        "Hij is agressief, hij had een bult op zijn hoofd",
        "er wordt daar geslagen",
        "meneer reageert kort, ik vertrouw het niet",
        "Meneer bepaalt alles, zijn vrouw mag niets",
        "Hij laat zijn vrouw nooit alleen",
        "Meneer doet het woord voor zijn vrouw",
        "Mevrouw bepaalt alles, haar man zegt niets",
        "Hij praat hard, zijn vrouw is erg stil",
        "hij is bang dat ze weggaat",
        "Haar man had een gebroken hand, hij slaat tegen de muur",
        "ze dreigt hem te verlaten",
        "Ze woont samen met haar vriendin, die is jaloers en controleert haar telefoon",
    ],
)
def test_what_is_not_clear_has_no_word(text: str) -> None:
    assert pronouns(text) == Pronouns()


@pytest.mark.parametrize("text", ["hij is agressief", "ik ben bang voor hem", "Meneer is jaloers en dominant"])
def test_only_the_other_is_clear(text: str) -> None:
    assert pronouns(text) == words(NEUTRAL, HE)


def test_the_wrong_person_is_never_warned_of() -> None:
    """Of every story about a hurt man the words for the person of worry are his, or neutral."""
    hurt = [
        "krassen op zijn arm",
        "een blauwe plek op zijn hals",
        "hij had een gebroken vinger",
        "hij is bang voor haar",
    ]
    around = [
        "{}",
        "Ik kom bij een echtpaar. {}",
        "Mevrouw doet het woord. {}",
        "{}, zij zei niets",
        "Mijn cliënt is stil. {}",
    ]
    for story in (frame.format(words) for words in hurt for frame in around):
        assert pronouns(story).zij in ("hij", None), story
        assert pronouns(story).hij in ("zij", None), story
