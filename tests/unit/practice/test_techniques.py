"""Techniques: what stands in their files, and how they are heard in a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.encoder import E5Encoder, Vectors
from bot.practice import Listener, load_lines, load_techniques
from bot.practice.techniques import asks_several
from bot.vectors import VectorCache
from bot.yamlfile import DataFileError

from . import DATA, LEARNT, labelled, technique, write_techniques

FOLDER = DATA / "practice" / "techniques"


# -- reading -----------------------------------------------------------------------------------------------------------


def test_the_techniques_that_come_with_it_are_twelve_and_two_that_are_not_learnt() -> None:
    found = load_techniques(DATA)
    assert len(found) == 14
    assert all(name == one.id for name, one in found.items())
    assert {name for name, one in found.items() if one.better} == {
        "oordeel", "suggestieve_vraag", "advies_te_vroeg", "sussen", "meer_vragen",
    }  # fmt: skip
    gravest = list(found)[:5]
    assert all(found[name].better for name in gravest)  # what works against weighs most


def test_the_order_of_the_file_is_what_weighs_most(tmp_path: Path) -> None:
    rows = [technique(name) for name in ("anders", "open_vraag", "meer_vragen", "oordeel")]
    assert list(load_techniques(write_techniques(tmp_path, rows))) == ["anders", "open_vraag", "meer_vragen", "oordeel"]


ALWAYS = [technique("meer_vragen"), technique("anders")]
FAULTS: dict[str, tuple[Sequence[dict[str, Any]], str, str]] = {
    "twice": (
        [technique("stilte"), *ALWAYS, technique("stilte")],
        "stilte staat er twee keer; kies een andere naam",
        "- id: stilte",
    ),
    "no meer_vragen": ([technique("stilte"), ALWAYS[1]], "meer_vragen ontbreekt; zet het erbij", "techniques:"),
    "no anders": ([technique("stilte"), ALWAYS[0]], "anders ontbreekt; zet het erbij", "techniques:"),
    "no feedback": ([*ALWAYS, {"id": "stilte", "name": "stilte", "says": "Ja."}], "‘feedback’ ontbreekt", "- id: stil"),
    "a name with a capital": ([*ALWAYS, technique("Stilte")], "techniques.2.id: ‘Stilte’", "- id: Stilte"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_the_techniques_is_told_with_its_line(tmp_path: Path, name: str) -> None:
    rows, told, stands = FAULTS[name]
    data = write_techniques(tmp_path, list(rows))
    with pytest.raises(DataFileError) as caught:
        load_techniques(data)
    assert told in caught.value.reason
    text = (data / "practice" / "techniques" / "techniques.yml").read_text(encoding="utf-8").splitlines()
    at = [number for number, line in enumerate(text, start=1) if line.lstrip().startswith(stands)]
    assert caught.value.line == at[-1]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            {"text": "Ga weg.", "tags": ["bevel"]},
            "er is geen techniek bevel om te leren; kies uit: oordeel, open_vraag",
        ),
        ({"text": "Hoe en wat?", "tags": ["meer_vragen"]}, "er is geen techniek meer_vragen om te leren"),
        ({"text": "Dag.", "tags": ["anders"]}, "er is geen techniek anders om te leren"),
        ({"text": " hoe ging  DAG 7 voor u?", "tags": []}, "dit staat er twee keer; haal er een weg"),
        ({"text": "", "tags": []}, "lines.120.text: te kort"),
    ],
)
def test_a_fault_in_the_lines_is_told_with_its_line(tmp_path: Path, row: dict[str, Any], told: str) -> None:
    data = write_techniques(tmp_path, lines=[*labelled(), row])
    with pytest.raises(DataFileError) as caught:
        load_lines(data, [*LEARNT, "meer_vragen", "anders"])
    assert told in caught.value.reason
    text = (data / "practice" / "techniques" / "lines.yml").read_text(encoding="utf-8").splitlines()
    last = max(number for number, line in enumerate(text, start=1) if line.startswith("- "))
    assert last <= caught.value.line <= len(text)


# -- what comes with it ------------------------------------------------------------------------------------------------


def test_every_technique_is_learnt_from_a_hundred_lines() -> None:
    lines = load_lines(DATA, load_techniques(DATA))
    times = Counter(name for line in lines for name in line.tags)
    assert set(times) == set(load_techniques(DATA)) - {"meer_vragen", "anders"}
    assert {name: count for name, count in times.items() if count < 100} == {}
    assert sum(not line.tags for line in lines) >= 100  # and from as many in which nothing is done


class Lacking:
    """Stands in for the encoder where nothing is to be computed: it notes what is."""

    def __init__(self, encoder: E5Encoder) -> None:
        self.name, self.dim, self.texts = encoder.name, encoder.dim, list[str]()

    def query(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return np.ones((len(texts), self.dim), dtype=np.float32)

    passage = query


def test_the_vectors_of_every_line_come_with_it(encoder: E5Encoder) -> None:
    lines = load_lines(DATA, load_techniques(DATA))
    lacking = Lacking(encoder)
    VectorCache("techniques", lacking, None, FOLDER / "vectors.npz").query(
        [text for line in lines for text in (line.text, line.after) if text]
    )
    assert not lacking.texts, "niet alle zinnen hebben hun vector; maak ze met `pluis practice vectors`"


# -- the model ---------------------------------------------------------------------------------------------------------

HEARD = [
    ("oordeel", "Dat u dat uw kinderen aandoet, dat vind ik echt onverantwoord van u.", ""),
    ("oordeel", "Wat een slappe man bent u, schaamt u zich niet?", ""),
    ("suggestieve_vraag", "Hij heeft u zeker geslagen, hè?", ""),
    ("suggestieve_vraag", "U bent toch niet bang voor hem, toch?", ""),
    ("advies_te_vroeg", "U moet echt vandaag nog bij uw zus gaan logeren.", ""),
    ("advies_te_vroeg", "Je moet gewoon een ander slot op de deur zetten.", ""),
    ("sussen", "Ach, dat valt vast allemaal wel mee.", ""),
    ("sussen", "Maak je geen zorgen, het komt heus goed.", ""),
    ("veiligheid_vragen", "Voelt u zich vanavond veilig genoeg om naar huis te gaan?", ""),
    ("veiligheid_vragen", "Heeft hij u ooit bedreigd met een wapen?", ""),
    ("samenvatten", "Als ik het goed begrijp, bent u dus bang zodra hij gedronken heeft, en slaapt u dan slecht.",
     "Als hij drinkt, word ik bang. En slapen lukt dan ook niet."),
    ("doorvragen", "U zegt dat hij dan raar doet. Wat bedoelt u met raar?", "Hij doet dan raar."),
    ("apart_spreken", "Zou ik u even zonder uw man kunnen spreken?", ""),
    ("apart_spreken", "Meneer, wilt u ons vijf minuten alleen laten?", ""),
    ("feit_benoemen", "Ik zie een blauwe plek op uw arm.", ""),
    ("stilte", "(je zegt niets en wacht af)", ""),
    ("stilte", "Neem gerust de tijd, ik wacht wel.", ""),
    ("open_vraag", "Hoe ziet een gewone dag er bij jullie uit?", ""),
    ("open_vraag", "Wat zou u zelf graag anders willen?", ""),
    ("gesloten_vraag", "Bent u getrouwd?", ""),
    ("gesloten_vraag", "Hoeveel kinderen hebt u?", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "after"), HEARD)
def test_what_is_plainly_done_is_heard(listener: Listener, name: str, text: str, after: str) -> None:
    assert name in listener.hear((), text, after).techniques


def test_each_technique_is_among_those_that_are_tried_and_is_not_heard_everywhere(listener: Listener) -> None:
    assert {name for name, _, _ in HEARD} == set(listener.model.names)
    chances = listener.model.chances("Goedemorgen mevrouw, ik ben de wijkverpleegkundige.")
    assert set(chances) == set(listener.model.names)
    assert all(0.0 <= chance < 0.4 for chance in chances.values())


def test_a_line_that_takes_up_what_was_said_is_heard_otherwise_after_it(listener: Listener) -> None:
    line, said = "Wat gebeurt er als hij gedronken heeft?", "Als hij gedronken heeft, is hij anders."
    alone, after = (listener.model.chances(line, before)["doorvragen"] for before in ("", said))
    assert after > alone
    assert listener.model.chances(said, said).keys() == listener.model.chances(said).keys()


# -- more questions than one -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Hoe gaat het? Slaapt u goed?",
        "Wat is er gebeurd? En waar was u toen?",
        "Hoe slaapt u en wat eet u?",
        "Hoe slaap je en hoe is het met de kinderen?",
        "Bent u moe en heeft u pijn?",
        "Waarmee slaat hij dan en hoe vaak gebeurt dat?",
        "Kunt u vertellen wat er gebeurde en hoe het daarna ging?",
        "Hoe gaat het thuis, of waar hebt u last van?",
        "HOE GAAT HET EN WAT WILT U?",
        "Hij zei “waar was je?” Wat deed u? En wat deed hij?",
        "“Hoe gaat het? Slaapt u wel?”",
        "wie is dat?wat doet hij?",
    ],
)
def test_more_questions_are_counted(text: str) -> None:
    assert asks_several(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hoe gaat het?",
        "Hoe gaat het??",
        "Echt waar?!?",
        "Wat zegt u? !",
        "Hoe gaat het met u en met de kinderen?",
        "Wilt u koffie of wilt u thee?",
        "Was het maandag, of is dat al langer geleden?",
        "Heeft u dat zelf opgeruimd, of heeft uw man dat gedaan?",
        "Weet u of hij thuis is, of dat hij werkt?",
        "Wat u ook zei of waar u ook stond, hoe ging het verder?",
        "Wat u ook zei en waar u ook stond, hoe ging het verder?",
        "Hebt u geld en wat kleren klaarliggen?",
        "Hij vroeg u “waar was je?”. Wat zei u toen?",
        'U zei: "moet dat nou? waarom?" Hoe ging dat verder?',
        "Ik hoor wat u zegt en wat u vraagt.",
        "Ik hoor u. Het is veel, en dat is het al lang.",
        "Hoe gaat het? Ik zag wat er was en hoe u schrok.",
    ],
)
def test_one_question_is_one(text: str) -> None:
    assert not asks_several(text)


def test_a_very_long_text_is_counted_in_little_time() -> None:
    assert not asks_several("en wat u " * 20_000)


def test_more_questions_are_heard_whatever_else_is(listener: Listener) -> None:
    assert "meer_vragen" in listener.hear((), "Hoe slaapt u en wat eet u?").techniques
    assert "meer_vragen" not in listener.hear((), "Hoe slaapt u?").techniques
