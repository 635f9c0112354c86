"""Dialogues: every version stays, nobody overwrites another, and only what can be played is played."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, inspect

from bot.logs import PlaceFormatter
from bot.studio import (
    SHIPPED,
    BadTextError,
    NotInPlayError,
    Ref,
    ShippedError,
    StaleError,
    State,
    UnknownVersionError,
    UnplayableError,
)
from tests.unit.practice import DATA, script

from .conftest import ANNA, BRAM, Studio, at_once, text

HIS = Ref("haar_man_antwoordt", SHIPPED)


def test_what_comes_with_pluis_is_listed_and_read_but_never_changed(studio: Studio) -> None:
    listed = {one.id: one for one in studio.store.all()}
    assert set(listed) == {path.stem for path in (DATA / "practice").glob("*.yml")}
    assert (listed[HIS.dialogue].title, listed[HIS.dialogue].state) == ("Haar man antwoordt voor haar", State.SHIPPED)
    assert studio.store.text(HIS) == (DATA / "practice" / "haar_man_antwoordt.yml").read_text(encoding="utf-8")
    for change in (lambda: studio.store.save(ANNA, HIS, "x"), lambda: studio.store.publish(ANNA, HIS)):
        with pytest.raises(ShippedError, match="Maak een kopie"):
            change()


@pytest.mark.parametrize("ref", [Ref("nergens", 0), Ref("../staff/roles", 0), Ref("nergens", 1), Ref("aan_de_deur", 9)])
def test_what_is_not_there_is_unknown(studio: Studio, ref: Ref) -> None:
    studio.store.create(ANNA, "Aan de deur", text())
    for ask in (studio.store.text, studio.store.dialogue, studio.store.play):
        with pytest.raises(UnknownVersionError):
            ask(ref)
    for change in (partial(studio.store.save, ANNA, ref, "x"), partial(studio.store.publish, ANNA, ref)):
        with pytest.raises(UnknownVersionError):
            change()
    assert [version.ref.number for version in studio.store.versions("aan_de_deur")] == [1]


@pytest.mark.parametrize(("dialogue", "number"), [("a\0b", 0), ("aan_de_deur", 10**10), ("aan_de_deur", -1)])
def test_what_can_be_no_version_is_unknown_before_a_database_is_asked(dialogue: str, number: int) -> None:
    with pytest.raises(UnknownVersionError):
        Ref(dialogue, number)


def test_an_id_is_made_of_the_title_and_is_nobody_elses(studio: Studio) -> None:
    titles = ["Eén béétje anders!", "Eén béétje anders!", "Haar man antwoordt", "112", "Een heel lange titel " * 3]
    made = [studio.store.create(ANNA, title, "").dialogue for title in titles]
    assert made == [
        "een_beetje_anders", "een_beetje_anders_2", "haar_man_antwoordt_2", "gesprek_112",
        "een_heel_lange_titel_een_heel_lange",
    ]  # fmt: skip


def test_a_copy_has_the_text_of_the_other_with_its_own_title(studio: Studio) -> None:
    copy = studio.store.create(BRAM, "Haar zus: antwoordt", studio.store.text(HIS), "kopie")
    (change,) = studio.store.difference(HIS, copy)
    at = studio.store.text(HIS).splitlines().index("title: Haar man antwoordt voor haar") + 1
    assert [(line.kind, line.text, line.old, line.new) for line in change if line.kind != " "] == [
        ("-", "title: Haar man antwoordt voor haar", at, None),
        ("+", 'title: "Haar zus: antwoordt"', None, at),
    ]
    assert [(line.old, line.new) for line in change if line.kind == " "] == [
        (at + n, at + n) for n in (-3, -2, -1, 1, 2, 3)
    ]
    assert studio.store.dialogue(copy).title == "Haar zus: antwoordt"
    (version,) = studio.store.versions(copy.dialogue)
    assert (version.author, version.note, version.at, version.in_play) == ("b2", "kopie", studio.clock.now, False)


def test_a_title_of_more_lines_is_left_alone(studio: Studio) -> None:
    folded = text().replace("title: Aan de deur", "title:\n  Aan de\n  deur")
    copy = studio.store.create(ANNA, "Bij de poort", folded)
    assert studio.store.text(copy) == folded


def test_every_save_is_a_version_and_no_draft_is_too_wrong_to_keep(studio: Studio) -> None:
    first = studio.store.create(ANNA, "Aan de deur", "title [")
    second = studio.store.save(BRAM, first, "title: Bij de poort\nscenes: nog niets", "poort")
    third = studio.store.save(ANNA, second, "\t: {")
    assert [version.ref for version in studio.store.versions("aan_de_deur")] == [third, second, first]
    assert studio.store.text(first) == "title ["
    (listed,) = [one for one in studio.store.all() if one.state is not State.SHIPPED]
    assert (listed.id, listed.title, listed.state, listed.latest) == ("aan_de_deur", "Bij de poort", State.DRAFT, 3)


@pytest.mark.parametrize("wrong", ["x" * 500_001, "é" * 250_001, "a\0b", "a\ud800b"])
def test_what_cannot_be_kept_is_refused_with_what_to_do(studio: Studio, wrong: str) -> None:
    first = studio.store.create(ANNA, "Aan de deur", "x" * 500_000)
    for change in (partial(studio.store.create, ANNA, "Nog een"), partial(studio.store.save, ANNA, first)):
        with pytest.raises(BadTextError, match=r"Haal het weg|Maak er twee"):
            change(wrong)
    assert len(studio.store.versions("aan_de_deur")) == 1


@pytest.mark.parametrize("title", ["", " x ", "y" * 81, "twee\x07tekens"])
def test_a_title_has_to_do(studio: Studio, title: str) -> None:
    with pytest.raises(BadTextError, match="titel"):
        studio.store.create(ANNA, title, "")


def test_who_opened_an_older_version_overwrites_nothing_and_has_both_texts(studio: Studio) -> None:
    opened = studio.store.create(ANNA, "Aan de deur", "een")
    studio.store.save(BRAM, opened, "van Bram")
    with pytest.raises(StaleError, match="niets overschreven") as stale:
        studio.store.save(ANNA, opened, "van Anna")
    assert (stale.value.mine, stale.value.theirs, stale.value.number) == ("van Anna", "van Bram", 2)
    assert studio.store.text(Ref("aan_de_deur", 2)) == "van Bram"
    assert studio.store.save(ANNA, Ref("aan_de_deur", 2), "samen").number == 3


def test_the_same_save_sent_twice_is_one_version(studio: Studio) -> None:
    opened = studio.store.create(ANNA, "Aan de deur", "een")
    assert studio.store.save(ANNA, opened, "twee") == studio.store.save(ANNA, opened, "twee")
    assert len(studio.store.versions("aan_de_deur")) == 2


def test_of_trainers_who_save_at_the_same_moment_one_is_first(studio: Studio) -> None:
    opened = studio.store.create(ANNA, "Aan de deur", "een")
    for at in range(1, 6):
        here = Ref(opened.dialogue, at)
        texts = [f"{at} van {who}" for who in range(8)]
        found = at_once(*(partial(studio.store.save, ANNA, here, one) for one in texts))
        saved = [one for one in found if isinstance(one, Ref)]
        stale = [one for one in found if isinstance(one, StaleError)]
        assert (len(saved), len(stale)) == (1, 7)
        kept = studio.store.text(saved[0])
        assert kept == texts[found.index(saved[0])]
        assert {one.theirs for one in stale} == {kept}
        assert sorted([kept, *(one.mine for one in stale)]) == texts


def test_dialogues_of_one_title_at_the_same_moment_all_get_an_id(studio: Studio) -> None:
    made = at_once(*(partial(studio.store.create, ANNA, "Aan de deur", f"{n}") for n in range(6)))
    assert len({ref.dialogue for ref in made}) == 6
    assert sorted(studio.store.text(ref) for ref in made) == [*"012345"]


def test_the_example_can_be_played_as_it_is(studio: Studio) -> None:
    ref = studio.store.create(ANNA, "Van mij", studio.store.example())
    assert (studio.store.faults(ref), studio.store.dialogue(ref).title) == ((), "Van mij")
    written = (DATA / "practice" / "example" / "post.yml").read_text(encoding="utf-8")
    assert studio.store.example() == written.partition("\n")[2]  # without the line for other editors


def test_what_keeps_a_version_from_being_published_can_be_asked(studio: Studio) -> None:
    ref = studio.store.create(ANNA, "Aan de deur", text(title="Aan de deur", begin="nergens"))
    (fault,) = studio.store.faults(ref)
    assert (fault.line, fault.text.split(";")[0]) == (26, "er is geen scène nergens")
    assert studio.store.faults(HIS) == ()
    with pytest.raises(UnknownVersionError):
        studio.store.faults(Ref("nergens", 1))


# -- in and out of play ------------------------------------------------------------------------------------------------


def test_trainees_choose_what_is_published_and_not_what_is_written_on(studio: Studio) -> None:
    first = studio.written()
    second = studio.store.save(ANNA, first, text(about="Nu anders geschreven."))
    assert first in studio.store.playable().dialogues
    with pytest.raises(NotInPlayError):
        studio.store.play(second)
    studio.store.publish(BRAM, second)
    own = {ref: found.about for ref, found in studio.store.playable().dialogues.items() if ref.number != SHIPPED}
    assert own == {second: "Nu anders geschreven."}
    assert studio.store.play(first).about != studio.store.play(second).about
    assert studio.store.playable().left_out == {}


def test_what_can_be_chosen_is_found_by_its_id_and_told_apart(studio: Studio) -> None:
    for title in ("De trap", "aan de deur"):
        studio.store.publish(ANNA, studio.store.create(ANNA, title, text()))
    studio.store.create(ANNA, "Nog niet af", text())
    playable = studio.store.playable()
    assert [one.title for one in playable.own()] == ["aan de deur", "De trap"]
    assert [one.id for one in playable.shipped()] == sorted(path.stem for path in (DATA / "practice").glob("*.yml"))
    assert playable.find("de_trap") is playable.dialogues[Ref("de_trap", 1)]
    assert playable.find(HIS.dialogue) is playable.dialogues[HIS]
    assert playable.find("nog_niet_af") is playable.find("nergens") is None


def test_to_ask_what_can_be_chosen_reads_no_text_twice(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    refs = [studio.store.create(ANNA, f"Gesprek {at}", text()) for at in range(20)]
    for ref in refs:
        studio.store.publish(ANNA, ref)
    studio.store.playable()
    asked: list[str] = []
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: pytest.fail("een bestand is opnieuw gelezen"))
    event.listen(studio.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert {one.id for one in studio.store.playable().own()} == {ref.dialogue for ref in refs}
    assert len(asked) == 1, asked


def test_what_is_withdrawn_is_played_by_nobody_until_that_version_is_published_again(studio: Studio) -> None:
    first = studio.written()
    second = studio.store.save(ANNA, first, text())
    studio.store.publish(ANNA, second)
    studio.store.withdraw(ANNA, first.dialogue)
    studio.store.publish(ANNA, second)
    assert studio.store.play(second).title == "Aan de deur"
    with pytest.raises(NotInPlayError):
        studio.store.play(first)
    studio.store.withdraw(BRAM, first.dialogue)
    assert [one.state for one in studio.store.all()].count(State.PUBLISHED) == 0
    studio.store.withdraw(BRAM, first.dialogue)  # is out of play already
    with pytest.raises(UnknownVersionError):
        studio.store.withdraw(BRAM, "nergens")
    assert studio.logged() == [
        "practice_published a1 practice aan_de_deur/1",
        "practice_published a1 practice aan_de_deur/2",
        "practice_withdrawn a1 practice aan_de_deur",
        "practice_published a1 practice aan_de_deur/2",
        "practice_withdrawn b2 practice aan_de_deur",
    ]


@pytest.mark.parametrize(
    ("wrong", "line", "reason"),
    [
        ("title: [", 2, "YAML"),
        (text(begin="nergens"), 26, "er is geen scène nergens"),
        (text(title="(nog schrijven) de titel"), 1, "nog niet geschreven"),
        (text(reactions={"toveren": "Ik weet het niet."}), 0, "er is geen techniek toveren"),
    ],
)
def test_what_cannot_be_played_is_not_published(studio: Studio, wrong: str, line: int, reason: str) -> None:
    ref = studio.store.save(ANNA, studio.store.create(ANNA, "Aan de deur", ""), wrong)
    with pytest.raises(UnplayableError, match=reason) as unplayable:
        studio.store.publish(ANNA, ref)
    assert unplayable.value.faults[0].line == (line or len(wrong.splitlines()))
    assert (studio.store.versions(ref.dialogue)[0].in_play, studio.logged()) == (False, [])


def test_what_is_not_known_any_more_is_left_out_and_named_and_breaks_nothing(studio: Studio) -> None:
    ref = studio.written(
        goals=[*script()["goals"][:1], script()["goals"][1] | {"sources": [{"id": "weg", "section": "1"}]}]
    )
    fine = studio.store.create(ANNA, "Ook aan de deur", text())
    studio.store.publish(ANNA, fine)
    later = studio.with_faults(lambda source, section: "deze bron is er niet meer" if source == "weg" else None)
    found = later.playable()
    assert found.find(ref.dialogue) is None
    assert [ref for ref in found.dialogues if ref.number] == [fine]
    assert {ref: [fault.text for fault in faults] for ref, faults in found.left_out.items()} == {
        ref: ["deze bron is er niet meer"]
    }
    with pytest.raises(UnplayableError, match="deze bron is er niet meer"):
        later.play(ref)
    assert later.dialogue(ref).title == "Aan de deur"  # what was shared of it can still be told
    assert {one.id: one.state for one in later.all()}[ref.dialogue] is State.PUBLISHED


def test_what_is_left_out_is_in_the_log_once_without_a_word_of_it(
    studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    first = studio.written()
    later = studio.with_faults(lambda source, section: "er is geen Kwartelkoning")
    for _ in range(3):
        later.playable()
    own = [record for record in caplog.records if "aan_de_deur" in str(record.__dict__)]
    assert [(record.name, record.levelname, record.__dict__["dialogue"]) for record in own] == [
        ("pluis.studio", "WARNING", "aan_de_deur/1")
    ]
    (line,) = map(json.loads, map(PlaceFormatter("web").format, own))
    assert line["event"] == "a dialogue in play cannot be played"
    assert line["dialogue"] == str(first)
    assert "Kwartelkoning" not in str([record.__dict__ for record in caplog.records])


def test_the_tables_are_those_of_the_migrations(studio: Studio, tmp_path: Path) -> None:
    from bot.database import Base

    made = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    Base.metadata.create_all(made)
    for table in ("studio_dialogues", "studio_versions", "studio_groups", "studio_tries"):
        migrated, modelled = (
            [(column["name"], column["nullable"]) for column in inspect(engine).get_columns(table)]
            for engine in (studio.engine, made)
        )
        assert migrated == modelled
    made.dispose()
