"""Groups: a code opens one version until a day; what was given is recorded, and a year after closing it is gone."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from bot.retention import forget_old
from bot.settings import Settings
from bot.studio import (
    SHIPPED,
    BadTextError,
    NotInPlayError,
    NotOpenError,
    Ref,
    UnknownGroupError,
    UnknownVersionError,
    forget_groups,
    groups,
    new_token,
)
from bot.studio.models import GroupRow, TryRow

from .conftest import ANNA, BRAM, Studio, text
from .test_tries import WELL

DAY = 86_400.0
TODAY = date(2027, 1, 15)


def test_a_version_is_given_by_a_code_that_is_easy_to_read_aloud(studio: Studio) -> None:
    ref = studio.written()
    group = studio.groups.give(ANNA, ref, "  Tweede jaar,\n dinsdag ")
    assert (group.name, group.ref, group.author) == ("Tweede jaar, dinsdag", ref, "a1")
    assert group.until == TODAY + timedelta(days=90)
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{8}", group.code)
    typed = f" {group.code[:4].lower()}-{group.code[4:]} "
    assert studio.groups.opened(typed) == group == studio.groups.find(group.id)
    studio.store.save(ANNA, ref, text(about="Nu anders geschreven."))
    studio.store.publish(ANNA, Ref(ref.dialogue, 2))
    assert studio.groups.play(group.code)[1].about == "Een eerste gesprek, om te proberen."
    assert studio.logged()[1] == f"practice_given a1 practice aan_de_deur/1 aan groep {group.id}"
    assert "dinsdag" not in " ".join(studio.logged())


def test_what_comes_with_pluis_can_be_given(studio: Studio) -> None:
    group = studio.groups.give(ANNA, Ref("haar_man_antwoordt", SHIPPED), "Dinsdag")
    assert studio.groups.play(group.code)[1].title == "Haar man antwoordt voor haar"


def test_only_what_is_in_play_is_given(studio: Studio) -> None:
    draft = studio.store.create(ANNA, "Nog niet af", text())
    with pytest.raises(NotInPlayError):
        studio.groups.give(ANNA, draft, "Dinsdag")
    with pytest.raises(UnknownVersionError):
        studio.groups.give(ANNA, Ref("nergens", 0), "Dinsdag")
    assert (studio.groups.all(), studio.logged()) == ([], [])


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b", "a\ud800b"])
def test_a_name_has_to_do(studio: Studio, name: str) -> None:
    with pytest.raises(BadTextError, match="naam van de groep"):
        studio.groups.give(ANNA, studio.written(), name)


def test_a_group_is_open_from_today_up_to_a_year(studio: Studio) -> None:
    ref = studio.written()
    for until in (TODAY - timedelta(days=1), TODAY + timedelta(days=366)):
        with pytest.raises(BadTextError, match="vandaag tot over een jaar"):
            studio.groups.give(ANNA, ref, "Dinsdag", until)
    last = studio.groups.give(ANNA, ref, "Dinsdag", TODAY)
    assert studio.groups.opened(last.code) == last
    studio.clock.passes(DAY)
    with pytest.raises(NotOpenError):
        studio.groups.opened(last.code)


def test_a_trainee_does_not_hear_whether_a_code_was_ever_there_and_a_trainer_does(studio: Studio) -> None:
    group = studio.groups.give(ANNA, studio.written(), "Dinsdag")
    studio.groups.close(ANNA, group.id)
    studio.groups.close(ANNA, group.id)  # is closed already
    heard = []
    for code in (group.code, "ZZZZZZZZ", ""):
        for ask in (studio.groups.opened, studio.groups.play):
            with pytest.raises(NotOpenError) as closed:
                ask(code)
            heard.append(str(closed.value))
    assert len(set(heard)) == 1
    found = studio.groups.by_code(group.code)
    assert (found.is_open(TODAY), found.until) == (False, TODAY - timedelta(days=1))
    for seek in (
        lambda: studio.groups.by_code("ZZZZZZZZ"),
        lambda: studio.groups.find("x"),
        lambda: studio.groups.find("0" * 16),
        lambda: studio.groups.find("\0"),
        lambda: studio.groups.close(ANNA, "x"),
    ):
        with pytest.raises(UnknownGroupError):
            seek()


def test_what_is_taken_out_of_play_opens_nothing(studio: Studio) -> None:
    group = studio.groups.give(ANNA, studio.written(), "Dinsdag")
    studio.store.withdraw(ANNA, group.ref.dialogue)
    with pytest.raises(NotOpenError):
        studio.groups.play(group.code)


def test_trainers_find_their_own_groups_and_all(studio: Studio) -> None:
    ref = studio.written()
    first = studio.groups.give(ANNA, ref, "Dinsdag")
    second = studio.groups.give(BRAM, ref, "Woensdag", TODAY)
    assert studio.groups.all() == [first, second]
    assert studio.groups.all("b2") == [second]


def test_a_code_that_is_taken_is_made_anew(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = iter(["AAAAAAAA", "AAAAAAAA", "BBBBBBBB"])
    monkeypatch.setattr(groups, "_new_code", lambda: next(codes))
    ref = studio.written()
    assert [studio.groups.give(ANNA, ref, "Dinsdag").code for _ in range(2)] == ["AAAAAAAA", "BBBBBBBB"]
    assert [row.split()[0] for row in studio.logged()] == ["practice_published", *["practice_given"] * 2]


def test_a_year_after_it_closed_a_group_is_gone_with_its_tries(studio: Studio) -> None:
    ref = studio.written()
    old, young = studio.groups.give(ANNA, ref, "Dinsdag", TODAY), studio.groups.give(ANNA, ref, "Woensdag")
    for group in (old, young):
        studio.tries.share(group.code, WELL, new_token(), new_token())
    assert forget_groups(studio.sessions, TODAY) == 0
    assert forget_groups(studio.sessions, TODAY + timedelta(days=1)) == 1
    assert studio.groups.all() == [young]
    with studio.sessions() as session:
        assert session.scalars(select(TryRow.group_id)).all() == [young.id]


def test_purging_forgets_groups_after_the_days_that_are_set(studio: Studio) -> None:
    ref = studio.written()
    names = {"gisteren": 1, "bijna": 364, "voorbij": 366}
    for name, days in names.items():
        group = studio.groups.give(ANNA, ref, name)
        with studio.sessions() as session, session.begin():
            session.get_one(GroupRow, group.id).until = date.today() - timedelta(days=days)
    forget_old(studio.sessions, 3600.0, Settings(_env_file=None))
    assert {group.name for group in studio.groups.all()} == {"gisteren", "bijna"}
    forget_old(studio.sessions, 3600.0, Settings(_env_file=None, group_days=30))
    assert {group.name for group in studio.groups.all()} == {"gisteren"}
    with studio.sessions() as session:
        assert session.scalar(select(func.count()).select_from(GroupRow)) == 1
