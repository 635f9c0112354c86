"""What Pluis never says (`never_said.yml`) is said nowhere in the tree, and the finder of texts looks everywhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from bot.settings import ROOT
from bot.yamlfile import read_yaml
from tests.unit.said import CODE, UNSAID, UNSAID_KEYS, Said, said_in, sentences

ASKED_FOR = (  # the list of the design, in its order, and what its cautions add
    "plicht", "veilig", "valt_mee", "loos_alarm", "dader", "intieme_terreur", "weggaan", "aanspreken", "waarom",
    "anoniem", "familie", "schuilplek", "bewijs", "meekijken", "onveilig_contact", "cijfer", "wederzijds", "lof",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """Something that is never said."""

    id: str
    never: str
    patterns: Sequence[str]
    caught: Sequence[str]
    fine: Sequence[str]
    exceptions: Sequence[dict[str, str]] = ()
    not_in: Sequence[dict[str, str]] = ()
    found: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "found", re.compile("|".join(self.patterns), re.IGNORECASE))

    def says(self, text: str) -> bool:
        """Whether a text says it, in any of its sentences."""
        return any(self.found.search(sentence) for sentence in sentences(text))

    def faults(self, texts: Sequence[Said]) -> list[Said]:
        """Return the sentences that say it and are no exception."""
        allowed = {row["sentence"] for row in self.exceptions}
        return [
            said
            for said in texts
            if self.found.search(said.sentence)
            and said.sentence not in allowed
            and not any(fnmatch(said.place, row["path"]) for row in self.not_in)
        ]


def read_rows() -> list[Row]:
    """Read the list."""
    rows: list[dict[str, Any]] = read_yaml(Path(__file__).with_name("never_said.yml")).data["rows"]
    return [Row(**row) for row in rows]


ROWS = read_rows()


@pytest.fixture(scope="module")
def texts() -> list[Said]:
    """Every sentence of the tree."""
    return list(said_in(ROOT))


def test_every_row_of_the_list_is_there() -> None:
    assert tuple(row.id for row in ROWS) == ASKED_FOR


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_it_is_said_nowhere(row: Row, texts: list[Said]) -> None:
    faults = row.faults(texts)
    assert not faults, f"‘{row.never}’ mag niet gezegd worden:\n" + "\n".join(map(str, faults))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_each_pattern_finds_something_and_nothing_that_may_be_said(row: Row) -> None:
    assert [text for text in row.caught if not row.says(text)] == []
    assert [text for text in row.fine if row.says(text)] == []
    for pattern in row.patterns:
        assert any(re.search(pattern, sentence, re.IGNORECASE) for text in row.caught for sentence in sentences(text))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_an_exception_has_a_reason_and_is_still_needed(row: Row, texts: list[Said]) -> None:
    said = {text.sentence for text in texts if row.found.search(text.sentence)}
    for exception in row.exceptions:
        assert exception["sentence"] in said, f"niet meer nodig: {exception['sentence']}"
        assert len(exception["why"]) > 20
    assert all(len(place["why"]) > 10 for place in row.not_in)


# -- the finder of texts ----------------------------------------------------------------------------------------------

PLANTED = "Het was loos alarm."
SEEN = {
    "data/advice/texts.yml": "texts:\n  - {id: a, text: 'Zeg het. Het was loos alarm. Bel.'}\n",
    "data/advice/levels.yml": "table:\n  - steps:\n      - {text: 'Het was **loos alarm**.', when: always}\n",
    "data/replies/nieuw.yml": "replies:\n  a:\n    choices:\n      - {title: Het was loos alarm.}\n",
    "data/case/sheet.yml": 'sections:\n  a:\n    rows:\n      b: "Bel. Het was loos alarm. {fill}"\n',
    "data/knowledge/topics/a.yml": "topics:\n  - more: |-\n      - een\n      - Het was\n        loos alarm.\n",
    "data/knowledge/forms.yml": "forms:\n  - {id: a, description: Het was loos alarm.}\n",
    "data/een_nieuwe_map/diep/a.yaml": "- - - Het was loos alarm.\n",
    "data/een_nieuwe_map/a.md": "# Kop\n\nHet was\nloos alarm.\n",
    "data/een_nieuwe_map/a.json": '{"text": "Het was loos alarm."}',
    "domain.yml": "responses:\n  utter_a:\n    - text: Het was loos alarm.\n",
    "bot/web/templates/a.html": "<p>Het was <b>loos</b> <a href='#'>alarm</a>.</p>",
    "bot/desk/templates/b.html": "<img alt='Het was loos alarm.'>",
    "bot/web/templates/c.html": "{% if x %}<p>{{ y }}. Het was\n  loos alarm.</p>{% endif %}",
    "bot/web/templates/d.html": "<script>tell('Het was loos alarm.')</script>",
    "bot/web/static/a.js": "tell('Het was ' +\n  'loos alarm.');",
    "bot/web/static/b.js": "tell(`Het was loos alarm.`);",
    "bot/web/static/a.css": 'p::after { content: "Het was loos alarm."; }',
    "bot/web/static/a.svg": "<svg><title>Het was loos alarm.</title></svg>",
    "bot/case/a.py": 'TITLE = "Het was loos alarm."\n',
    "bot/case/b.py": 'def f(x):\n    """Say."""\n    return f"{x}. Het was " + "loos " "alarm."\n',
    "bot/channels/c.py": 'A = {"x": ("Het was loos alarm.",)}\n',
    "actions/d.py": 'turn.say(Choice("Het was loos alarm."))\n',
    "engine/e.py": 'raise SystemExit("Het was loos alarm.")\n',
}
NOT_SEEN = {
    **{f"data/{name}" if "." in name else f"data/{name}/a.yml": "- Het was loos alarm.\n" for name in UNSAID},
    **{f"data/{folder}/a.yml": f"a:\n  - {key}: [Het was loos alarm.]\n" for folder, key in UNSAID_KEYS},
    "data/advice/schema/a.json": '{"title": "Het was loos alarm."}',
    "data/advice/sources.yml": "a:\n  sources:\n    - {id: a, section: Het was loos alarm.}\n",
    "bot/case/f.py": '"""Het was loos alarm."""\n\n\ndef f():\n    """Het was loos alarm."""  # loos alarm\n',
    "engine/tests/a.py": 'A = "Het was loos alarm."\n',
    "tests/a.py": 'A = "Het was loos alarm."\n',
}


def plant(root: Path, place: str, content: str) -> list[str]:
    """Make a tree with one file; return the sentences of it that are found."""
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return [said.sentence for said in said_in(root) if said.place == place]


@pytest.mark.parametrize("place", SEEN)
def test_a_sentence_is_seen_in_every_kind_of_place(tmp_path: Path, place: str) -> None:
    [row] = [row for row in ROWS if row.id == "loos_alarm"]
    assert any(row.found.search(sentence) for sentence in plant(tmp_path, place, SEEN[place]))


@pytest.mark.parametrize("place", NOT_SEEN)
def test_what_nobody_reads_is_left_out(tmp_path: Path, place: str) -> None:
    assert not any("alarm" in sentence for sentence in plant(tmp_path, place, NOT_SEEN[place]))


def test_what_is_no_text_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "beeld.png").write_bytes(b"\x89PNG\r\n\xff\xfe")
    assert list(said_in(tmp_path)) == []


def test_every_file_that_can_hold_a_text_is_read(texts: list[Said]) -> None:
    read = {said.place for said in texts}
    under_data = {path.relative_to(ROOT).as_posix() for path in (ROOT / "data").rglob("*.yml")}
    left_out = {place for place in under_data - read if not any(place.startswith(f"data/{name}") for name in UNSAID)}
    assert left_out == set()
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "bot" / "web").rglob("*.html")} <= read
    assert {"bot/case/decision.py", "bot/web/problems.py", "actions/words.py", "bot/web/static/words.js"} <= read
    assert {place.split("/")[0] for place in read} == {*CODE, "data", "domain.yml"}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Een. Twee? ‘Drie!’ Vier", ["Een.", "Twee?", "Drie!", "Vier"]),
        ("Kop:\n\n- een\n- **twee**\n1. drie", ["Kop:", "een", "twee", "drie"]),
        ("Bel [112](tel:112) met {haar_bez} {zij}: {citaat}.", ["Bel 112 met haar zij: …."]),
        ("Een regel\ndie doorloopt, en\nverder.\nNog een.", ["Een regel die doorloopt, en verder.", "Nog een."]),
    ],
)
def test_a_text_is_split_in_sentences(text: str, parts: list[str]) -> None:
    assert list(sentences(text)) == parts
