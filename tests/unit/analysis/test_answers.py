from __future__ import annotations

import pytest

from bot.analysis import answer_of


@pytest.mark.parametrize(
    "text",
    [
        "ja, ze is bang dat ze het niet overleeft",
        "ja, hij heeft haar keel dichtgeknepen, niet lang geleden",
        "ja hij heeft haar geslagen, ze is niet naar de dokter geweest",
        "ja, ze is thuis niet veilig",
        "ja, de familie is niet blij met haar vriend",
        "ja, hij heeft een mes en ik weet niet wat ik moet doen",
        "ja maar niet altijd",
        "ja, ze durft niet meer naar huis",
        "jazeker, ze mag nooit alleen weg",
        "klopt, hij laat haar niet gaan",
        "zeker, ze heeft geen eigen geld",
        "jep, en ze wil geen politie erbij",
        "inderdaad ze wist niet waar ze heen moest",
        "ja en niet zo zuinig ook",
        "jaaaa, ik kon er niet bij",
        "JA!! hij wil haar niet laten gaan",
        "amai ja, dat kan zo niet verder",
    ],
)
def test_an_answer_that_opens_with_yes_is_never_no(text: str) -> None:
    assert answer_of(text) == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "hij doet de deur niet open als ik kom",
        "hij is niet te stoppen en hij heeft een mes",
        "hij is niet te stoppen",
        "ze is niet veilig",
        "het is niet pluis daar",
        "niet te stoppen die man, en hij heeft een mes",
        "geen moment alleen te spreken, hij is er altijd bij",
        "ik weet niet wat ik moet doen, hij heeft een mes",
        "hij weet niet dat ze weg wil",
        "ze kan geen kant op, hij heeft haar telefoon",
        "ze zegt dat alles goed gaat, ik geloof het niet",
        "neemt de telefoon niet op als ik bel",
        "nee maar hij dreigt er wel mee",
        "nee. Maar hij dreigt er wel mee",
        "nee niet nu maar hij heeft wel een mes",
        "nee, hij heeft een mes",
        "nee, ze is bang",
        "nee, niet altijd",
        "nee hij slaat haar niet, hij knijpt haar",
        "nee, behalve die ene keer",
        "jaloers is hij ook",
        "jammer genoeg zag ik haar niet",
        "waarom vraag je dat?",
        "wat bedoel je?",
        "kan ik je terugbellen",
    ],
)
def test_a_story_is_no_answer(text: str) -> None:
    assert answer_of(text) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("jawel", "yes"), ("ja ja", "yes"), ("jazeker wel", "yes"), ("waarschijnlijk wel", "yes"), ("bah ja", "yes"),
        ("ik denk van wel", "yes"), ("voor zover ik weet wel", "yes"), ("mja, ik denk van wel", "yes"),
        ("nou, ja", "yes"), ("soms, als hij gedronken heeft", "yes"), ("idd", "yes"), ("ja, 2 keer zelfs", "yes"),
        ("nee hoor", "no"), ("bah nee", "no"), ("nee gelukkig niet", "no"), ("ik denk het niet", "no"),
        ("welnee", "no"), ("neeee", "no"), ("zeker niet", "no"), ("klopt niet", "no"), ("dat klopt niet", "no"),
        ("helaas niet", "no"), ("absoluut niet, daar is geen sprake van", "no"), ("nee zulle", "no"),
        ("nee, hij heeft haar nooit geslagen of bedreigd", "no"), ("nee, geen mes en geen pistool", "no"),
        ("nee, er was geen wapen bij", "no"), ("nee nu niet", "no"), ("nee, op dit moment niet", "no"),
        ("nee laat maar, dat hoeft van mij niet", "no"), ("nee daar is ze niet bang voor", "no"),
        ("nee, ze woont nu bij haar zus", "no"), ("ze is niet zwanger", "no"), ("is niet gebeurd", "no"),
        ("gn idee", "unknown"), ("kweenie", "unknown"), ("weet ik nie", "unknown"), ("niet dat ik weet", "unknown"),
        ("voor zover ik weet niet", "unknown"), ("misschien", "unknown"), ("waarschijnlijk niet", "unknown"),
        ("misschien wel, misschien niet", "unknown"), ("ja geen idee", "unknown"), ("ja dat weet ik niet", "unknown"),
        ("nee, dat weet ik niet", "unknown"), ("nee geen idee, nooit over gehad", "unknown"),
        ("k weet 't niet", "unknown"),
        ("weet ik niet, ik zie haar morgen pas", "unknown"), ("ik zou het echt niet weten", "unknown"),
        ("ik weet niet of hij ooit haar keel heeft dichtgeknepen", "unknown"), ("mss", "unknown"), ("tja", "unknown"),
    ],
)  # fmt: skip
def test_as_people_type_it(text: str, answer: str) -> None:
    assert answer_of(text) == answer


@pytest.mark.parametrize(
    "text",
    [
        "ja",
        "Ja hoor",
        "jazeker",
        "ja, vaak zelfs",
        "soms",
        "soms wel",
        "ik denk het wel",
        "klopt",
        "jep",
        "JA!",
        "helaas wel",
        "ik vrees van wel",
        "ja dat klopt",
        "af en toe",
        "volgens mij wel",
        "ja ze is zwanger",
        "joa",
        "één keer",
        "wel eens",
    ],
)
def test_yes(text: str) -> None:
    assert answer_of(text) == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "nee",
        "nee joh",
        "Nee hoor, gelukkig niet",
        "neen",
        "nope",
        "nooit",
        "ik denk het niet",
        "volgens mij niet",
        "nog niet",
        "nee, nog nooit",
        "helemaal niet",
        "ik denk van niet",
        "dat is niet zo",
        "niet",
        "geen kinderen",
    ],
)
def test_no(text: str) -> None:
    assert answer_of(text) == "no"


@pytest.mark.parametrize(
    "text",
    [
        "weet ik niet",
        "nee niet dat ik weet",
        "niet dat ik weet",
        "geen idee",
        "ik zou het niet weten",
        "dat weet ik nog niet",
        "misschien",
        "?",
        "geen flauw idee",
        "kan ik niet inschatten",
        "onduidelijk",
        "voor zover ik weet niet",
        "kweet nie",
        "zou kunnen",
    ],
)
def test_unknown(text: str) -> None:
    assert answer_of(text) == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "niet meer",
        "nee, maar wel geduwd",
        "nee alleen vroeger wel",
        "ja en nee",
        "ja, maar nee",
        "ja, maar niet meer",
        "nee, niet meer",
        "nee, vroeger wel",
        "vroeger wel",
        "",
        "   ",
        "ze woont in een flat",
        "waarom vraag je dat",
        "😀",
    ],
)
def test_neither(text: str) -> None:
    assert answer_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Nee, ik denk niet dat het vandaag misgaat. Maar ik weet het niet zeker.",
        "nee, al twijfel ik",
        "Nee volgens mij niet, maar helemaal zeker ben ik niet helemaal zeker",
    ],
)
def test_a_no_in_doubt_is_no_no(text: str) -> None:
    assert answer_of(text) != "no"
