from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.privacy import Door, clean
from bot.yamlfile import DataFileError, read_yaml

DATA = Path(__file__).resolve().parents[3] / "data" / "privacy"
KEEP = read_yaml(DATA / "keep.yml").data
Mask = Callable[[str], str]

PROFESSIONALS = [
    "Ik kom twee keer per week bij mevrouw voor wondzorg. Haar man is er altijd bij en geeft antwoord "
    "voor haar. Vorige week had ze een blauwe plek op haar bovenarm, ze zei dat ze gevallen was. Ik heb "
    "er een naar gevoel bij.",
    "Patiënte vertelde net uit zichzelf dat haar vriend gisteravond haar keel heeft dichtgeknepen. Ze "
    "durft niet naar huis.",
    "Een leerling van acht zegt dat papa mama weer geslagen heeft, net als vorige maand.",
    "Sinds de scheiding staat haar ex elke dag voor de deur en stuurt hij tientallen appjes.",
    "Ze heeft geen eigen pinpas en moet voor alles toestemming vragen, ik vertrouw het niet.",
    "Ze is bang dat haar broers erachter komen dat ze een vriend heeft; haar oom heeft gezegd dat ze dan "
    "niet veilig is.",
    "weet niet, gewoon een raar gevoel bij dat stel",
    "mijn man slaat mij",
    "ik heb mijn vriendin geslagen en schaam me kapot",
    "ik zit nu met allebei aan tafel en hij doet heel raar",
    "wat is het weer morgen",
    "schrijf een gedicht",
]


@pytest.mark.parametrize("text", PROFESSIONALS)
def test_plain_stories_pass_untouched(mask: Mask, text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    "group", ["organisations", "danger", "roles", "professions", "field", "provinces", "countries"]
)
def test_words_to_keep_are_kept_in_every_way_of_writing(mask: Mask, group: str) -> None:
    lost = [
        sentence
        for term in KEEP[group]
        for sentence in (
            f"ik denk aan {term} en verder niets",
            f"{term.capitalize()} is wat ik bedoel",
            f"GEEN {term.upper()} HIER",
        )
        if mask(sentence) != clean(sentence)
    ]
    assert lost == []


def test_helplines_keep_their_numbers(mask: Mask) -> None:
    lost = [number for number in KEEP["telephones"] if mask(f"bel {number} nu") != f"bel {number} nu"]
    assert lost == []


@settings(max_examples=60)
@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=200))
def test_whatever_is_typed_comes_out_clean(door: Door, text: str) -> None:
    door.forget("hypothese")
    masked = door.pseudonymise("hypothese", text).text
    assert clean(masked) == masked


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1",
        "A.",
        "a@",
        "www.",
        "Van ",
        "1 ",
        "geboren op ",
        "De Aaaa ",
        "a-",
        'school "',
        "A ",
        "aa bb ",
        "a_",
        "reed aa bb ",
        "bij hotel ",
        "Aa, ",
    ],
)
def test_long_and_odd_messages_take_no_more_than_a_moment(door: Door, piece: str) -> None:
    text = (piece * 4000)[:4000]
    begin = time.process_time()
    door.pseudonymise("lang", text)
    door.forget("lang")
    assert time.process_time() - begin < 1.5


@pytest.mark.parametrize(
    "cue", ["insta", "dossiernummer", "geboren", "bsn", "kenteken", "tel", "rekening", "pc", "adres is"]
)
def test_a_cue_before_nothing_takes_no_more_than_a_moment(door: Door, cue: str) -> None:
    begin = time.process_time()
    door.pseudonymise("leeg", cue + " " * 3900 + ":")
    door.forget("leeg")
    assert time.process_time() - begin < 1.5


def test_many_threads_at_once_keep_conversations_apart(door: Door) -> None:
    def talk(number: int) -> list[str]:
        key = f"draad-{number}"
        said = [door.pseudonymise(key, text).text for text in ("Fatima belde", "Ahmed belde", "Fatima huilde")]
        door.forget(key)
        return said

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(talk, range(40)))
    assert results == [["[persoon 1] belde", "[persoon 2] belde", "[persoon 1] huilde"]] * 40


def test_a_mistake_in_a_list_is_told_with_its_line(tmp_path: Path, cache_dir: Path) -> None:
    for file in DATA.glob("*.yml"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "places.yml").write_text(
        "belgium: [Gent]\nabroad: Parijs\ndistricts: [Peel]\ninstitutions: [AMC]\n"
        "towns: [zwolle]\ntowns_of_several: [den haag]\n",
        encoding="utf-8",
    )
    with pytest.raises(DataFileError, match=r"places\.yml:2: abroad"):
        Door(cache_dir, tmp_path)
