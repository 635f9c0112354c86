"""Approved proposals add up to files that are right; one that does not fit is told, and holds up no other."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.knowledge import check as check_knowledge
from bot.teaching import Export, Failed, Kind, ProposalRow, TeachingError, check, export, write_files, write_patch
from bot.teaching.content import Content

from . import DAY, LAWS, NEW, TEXTS, TOPIC, WORDS, A, B, sentence, texts, write_data, wrong

UNFIT: Mapping[str, tuple[Kind, Content, str]] = {
    "related": (Kind.TOPIC, TOPIC | {"related": "huisverbod\nweg"}, "Verwante onderwerpen: ‘weg’ bestaat niet."),
    "written otherwise": (Kind.TOPIC, TOPIC | {"related": "Huis verbod"}, "Verwante onderwerpen: "),
    "words": (
        Kind.TOPIC,
        TOPIC | {"short": "woord " * 81},
        "Antwoord, in ten hoogste 80 woorden: 81 woorden, ten hoogste 80.",
    ),
    "questions": (Kind.TOPIC, TOPIC | {"questions": "a\nb\nc"}, "Zo wordt het gevraagd: "),
    "source": (Kind.TOPIC, TOPIC | {"source": "weg"}, "ron"),
    "section": (Kind.TOPIC, TOPIC | {"section": "Weg"}, "‘Weg’ is geen kop van boek-2020"),
    "better": (Kind.WRONG, wrong("huisverbod", "woord " * 81), "Zo is het antwoord beter: 81 woorden, ten hoogste 80."),
    "topic": (Kind.WRONG, wrong("weg", "Beter."), "Het onderwerp ‘weg’ bestaat niet meer."),
    "asked topic": (Kind.SENTENCE, sentence("Wat?", "topic:weg"), "Het onderwerp ‘weg’ bestaat niet meer."),
    "meaning": (Kind.SENTENCE, sentence("Wat?", "intent:weg"), "Kies wat de vrager ermee bedoelt."),
}
FIT: Mapping[str, tuple[Kind, Content]] = {
    "topic": (Kind.TOPIC, TOPIC),
    "first topic": (Kind.TOPIC, TOPIC | {"title": "Judo en tassen", "related": "judoles"}),
    "intent": (Kind.SENTENCE, sentence("Waar kan ik heen?", "intent:help")),
    "asked topic": (Kind.SENTENCE, sentence("En dan?", "topic:huisverbod")),
    "better": (Kind.WRONG, wrong("huisverbod", "Elf dagen.")),
    "due": (Kind.WRONG, wrong("huisverbod")),
    "better law": (Kind.WRONG, wrong("wet_op_lantaarns", "Licht mag aan.")),
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_data(tmp_path / "data")


def exported(data: Path, *proposals: tuple[Kind, Content], day: date = DAY) -> Export:
    """Export proposals that are called by their place."""
    rows = [ProposalRow(id=str(at), kind=kind.value, content=dict(said)) for at, (kind, said) in enumerate(proposals)]
    return export(data, rows, day)


# -- what fits, and what does not --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FIT)
def test_what_fits_is_exported_and_right_and_nothing_is_written_before_that_is_asked(data: Path, name: str) -> None:
    before = texts(data)
    check(data, *FIT[name], DAY)
    made = exported(data, FIT[name])
    assert (made.done, made.failed, len(made.files)) == (("0",), (), 1)
    assert texts(data) == before
    write_files(data, made)
    assert texts(data) == before | dict(made.files)
    assert check_knowledge(data) == []


@pytest.mark.parametrize("name", UNFIT)
def test_what_does_not_fit_is_told_in_the_words_of_the_form_and_holds_up_no_other(data: Path, name: str) -> None:
    kind, content, told = UNFIT[name]
    one, other = (Kind.WRONG, wrong("kinderen", "Beter.")), FIT["asked topic"]
    with pytest.raises(TeachingError) as refused:
        check(data, kind, content, DAY)
    made = exported(data, one, (kind, content), other)
    assert made.files == exported(data, one, other).files
    assert made.done == ("0", "2")
    [failed] = made.failed
    assert (failed.id, failed.why) == ("1", str(refused.value))
    assert told in failed.why
    assert failed.why[0].isupper() or failed.why[0] == "‘"
    assert failed.why.endswith(".")
    assert not failed.why.endswith("..")


@pytest.mark.parametrize("name", UNFIT)
def test_who_judges_is_told_of_no_file_and_no_field_of_one(data: Path, name: str) -> None:
    kind, content, _ = UNFIT[name]
    with pytest.raises(TeachingError) as refused:
        check(data, kind, content, DAY)
    for word in (".yml", "/", "pluis-", "^[", "short", "questions", "related", "topics", "sources", "section"):
        assert word not in str(refused.value).casefold()


def test_a_file_that_one_would_have_begun_is_not_there_for_the_next(data: Path) -> None:
    unfit = (Kind.TOPIC, TOPIC | {"related": "judoles", "source": "weg"})
    assert exported(data, unfit) == Export({}, (), exported(data, unfit).failed)
    made = exported(data, unfit, (Kind.TOPIC, TOPIC | {"related": "judoles", "title": "Een ander"}))
    assert made.files[NEW].count("  - id:") == 1
    assert "Een ander" in made.files[NEW]


def test_proposals_on_one_file_add_up_in_their_order(data: Path) -> None:
    made = exported(
        data,
        (Kind.SENTENCE, sentence("Een?", "topic:huisverbod")),
        (Kind.TOPIC, TOPIC),
        (Kind.SENTENCE, sentence("Twee?", "topic:huisverbod")),
        (Kind.SENTENCE, sentence("En ik?", "topic:een_vluchttas")),
        (Kind.WRONG, wrong("huisverbod", "Elf dagen.")),
        (Kind.WRONG, wrong("huisverbod", "Twaalf dagen.")),
        (Kind.SENTENCE, sentence("ja graag", "intent:stop")),
    )
    assert (made.done, set(made.files)) == (tuple("012346"), {A, WORDS})
    assert made.failed == (Failed("5", "Een ander voorstel geeft dit onderwerp al een beter antwoord."),)
    text = made.files[A]
    places = [text.index(f'"{word}"') for word in ("Elf dagen.", "Een?", "Twee?", "Een vluchttas", "En ik?")]
    assert places == sorted(places)
    assert "Twaalf dagen." not in text
    write_files(data, made)
    assert check_knowledge(data) == []


def test_a_topic_is_there_for_those_after_it_and_not_for_those_before(data: Path) -> None:
    after = (Kind.TOPIC, TOPIC | {"title": "Na de tas", "related": "een_vluchttas"})
    assert exported(data, (Kind.TOPIC, TOPIC), after).done == ("0", "1")
    made = exported(data, after, (Kind.TOPIC, TOPIC))
    assert (made.done, [one.id for one in made.failed]) == (("1",), ["0"])


def test_of_two_topics_with_one_title_the_second_does_not_count_as_done(data: Path) -> None:
    made = exported(data, (Kind.TOPIC, TOPIC), (Kind.TOPIC, TOPIC | {"short": "Heel iets anders."}))
    assert (made.done, [one.id for one in made.failed]) == (("0",), ["1"])


def test_of_two_meanings_of_one_sentence_the_second_does_not_count_as_done(data: Path) -> None:
    made = exported(
        data, (Kind.SENTENCE, sentence("Wat?", "intent:stop")), (Kind.SENTENCE, sentence("Wat?", "intent:groet"))
    )
    assert (made.done, [one.id for one in made.failed]) == (("0",), ["1"])


def test_files_that_were_wrong_already_are_told_and_left(data: Path) -> None:
    (data / LAWS).write_text(TEXTS[LAWS].replace("[huisverbod]", "[weg]"), encoding="utf-8")
    made = exported(data, *FIT.values())
    assert (dict(made.files), made.done) == ({}, ())
    assert all("‘weg’ bestaat niet" in one.why for one in made.failed)
    assert len(made.failed) == len(FIT)


# -- once --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FIT)
@pytest.mark.parametrize("days", [0, 1])
def test_what_was_written_counts_as_done_and_changes_nothing_again(data: Path, name: str, days: int) -> None:
    write_files(data, exported(data, FIT[name]))
    before = texts(data)
    again = exported(data, FIT[name], day=DAY + timedelta(days))
    assert (again.done, again.failed) == (("0",), ())
    write_files(data, again)
    assert texts(data) == before


def test_the_rest_is_done_when_an_export_goes_on(data: Path) -> None:
    first, last = FIT["topic"], FIT["better law"]
    write_files(data, exported(data, first))
    made = exported(data, first, last)
    assert (made.done, set(made.files)) == (("0", "1"), {LAWS})


# -- writing -----------------------------------------------------------------------------------------------------------


def test_a_file_is_written_whole_or_not_at_all(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = exported(data, FIT["topic"], FIT["intent"])
    written = Path.write_text

    def stopped(path: Path, text: str, encoding: str) -> int:
        written(path, text[:40], encoding)
        raise OSError

    monkeypatch.setattr(Path, "write_text", stopped)
    with pytest.raises(OSError):  # noqa: PT011
        write_files(data, made)
    assert {(data / path).read_text("utf-8") for path in made.files} == {TEXTS[A], TEXTS[WORDS]}


@pytest.mark.parametrize("end", ["\n", ""], ids=["ended", "not ended"])
@pytest.mark.parametrize("names", [[name] for name in FIT] + [list(FIT)], ids=lambda names: "+".join(names))
def test_a_patch_comes_to_the_same_as_the_files(tmp_path: Path, data: Path, names: list[str], end: str) -> None:
    for path in (A, B, LAWS, WORDS):
        (data / path).write_text((data / path).read_text("utf-8").rstrip("\n") + end, encoding="utf-8")
    made, before = exported(data, *(FIT[name] for name in names)), texts(data)
    assert made.failed == ()
    write_patch(data, made, patch := tmp_path / "voorstellen.patch")
    assert texts(data) == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [patch.name]
    old = re.findall(r"^--- (\S+)$", patch.read_text("utf-8"), re.MULTILINE)
    assert old == ["/dev/null" if path == NEW else f"a/data/{path}" for path in made.files]
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    done = subprocess.run(["git", "apply", patch], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert texts(data) == before | dict(made.files)
