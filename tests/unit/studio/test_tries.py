"""Tries: a finished play is shared without a word of what was typed, and nothing says whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.practice import Move, ScriptChangedError
from bot.studio import (
    BadTokenError,
    Group,
    NotOpenError,
    TooLongError,
    TooManyError,
    UnfinishedError,
    new_token,
)
from bot.studio.models import TryRow

from .conftest import ANNA, Studio, at_once

WELL = [Move("naar_keuken"), Move("hoe_gaat_het"), Move("slaap"), Move("afspraak")]
SECRET = "Mevrouw Jansen uit Zwolle"


def given(studio: Studio) -> Group:
    """Return a group that can practise."""
    return studio.groups.give(ANNA, studio.written(), "Dinsdag")


def rows(studio: Studio) -> Sequence[TryRow]:
    """Return what is kept."""
    with studio.sessions() as session:
        return session.scalars(select(TryRow)).all()


def test_what_is_kept_is_what_was_done_and_not_a_word_of_what_was_typed(studio: Studio, tmp_path: Path) -> None:
    group, token, key = given(studio), new_token(), new_token()
    moves = [
        Move("naar_keuken", SECRET, ("open_vraag",), 0.81),
        Move("", SECRET, ("open_vraag", SECRET, "oordeel", "open_vraag"), 0.2),
        Move("hoe_gaat_het"),
        Move("afspraak", certainty=0.5),
    ]
    assert studio.tries.share(group.code, moves, token, key) == 1
    (row,) = rows(studio)
    assert row.moves == [
        {"scene": "deur", "option": "naar_keuken"},
        {"scene": "keuken", "techniques": ["open_vraag", "oordeel"]},
        {"scene": "keuken", "option": "hoe_gaat_het"},
        {"scene": "keuken", "option": "afspraak"},
    ]
    assert (row.ending, row.goals, row.number) == ("klaar", {"apart": [2, 2], "open": [1, 3]}, 1)
    assert str(row.day) == "2027-01-15"
    with studio.sessions() as session:
        kept = " ".join(map(str, session.execute(text("SELECT * FROM studio_tries")).one()))
    for secret in ("Jansen", token, key):
        assert secret not in kept
    (found,) = studio.tries.of(group.id)
    bare = (Move("naar_keuken"), Move("", techniques=("open_vraag", "oordeel")), *moves[2:3], Move("afspraak"))
    assert (found.moves, found.goals, found.ending) == (bare, {"apart": (2, 2), "open": (1, 3)}, "klaar")


def test_tries_of_one_trainee_are_hers_in_a_group_and_in_no_other(studio: Studio) -> None:
    group, other, hers, his = given(studio), given(studio), new_token(), new_token()
    for token, number in ((hers, 1), (his, 1), (hers, 2)):
        assert studio.tries.share(group.code, WELL, token, new_token()) == number
    assert studio.tries.share(other.code, WELL, hers, new_token()) == 1
    tries = studio.tries.of(group.id)
    assert sorted(one.number for one in tries) == [1, 1, 2]
    assert len({one.trainee for one in tries}) == 2
    assert {one.trainee for one in tries}.isdisjoint(one.trainee for one in studio.tries.of(other.id))


def test_what_was_shared_is_counted_by_group(studio: Studio) -> None:
    group, other, empty, token = given(studio), given(studio), given(studio), new_token()
    for code, hers in ((group.code, token), (group.code, token), (group.code, new_token()), (other.code, token)):
        studio.tries.share(code, WELL, hers, new_token())
    assert studio.tries.counts() == {group.id: 3, other.id: 1}
    assert empty.id not in studio.tries.counts()


@pytest.mark.parametrize(
    "moves",
    [
        [Move("afspraak")],
        [Move("nooit", SECRET)],
        [Move("", SECRET, (SECRET,)), *WELL],
        [Move("", SECRET), *WELL],
        [*WELL, Move("afspraak")],
    ],
)
def test_moves_that_do_not_fit_are_refused_and_their_words_are_not_told(studio: Studio, moves: list[Move]) -> None:
    group = given(studio)
    with pytest.raises(ScriptChangedError) as refused:
        studio.tries.share(group.code, moves, new_token(), new_token())
    assert (rows(studio), SECRET in str(refused.value)) == ([], False)


def test_only_a_finished_play_of_some_length_is_shared(studio: Studio) -> None:
    group = given(studio)
    for moves, error in ((WELL[:-1], UnfinishedError), ([], UnfinishedError), ([*WELL] * 200, TooLongError)):
        with pytest.raises(error):
            studio.tries.share(group.code, moves, new_token(), new_token())
    assert rows(studio) == []


@pytest.mark.parametrize("wrong", ["", "anna@ziekenhuis.nl", "a" * 21, "a" * 23, "a" * 21 + "é"])
def test_a_token_is_one_that_was_made_here(studio: Studio, wrong: str) -> None:
    group = given(studio)
    for pair in ((wrong, new_token()), (new_token(), wrong)):
        with pytest.raises(BadTokenError):
            studio.tries.share(group.code, WELL, *pair)


def test_with_a_code_that_is_closed_nothing_is_shared(studio: Studio) -> None:
    group = given(studio)
    studio.groups.close(ANNA, group.id)
    for code in (group.code, "ZZZZZZZZ"):
        with pytest.raises(NotOpenError):
            studio.tries.share(code, WELL, new_token(), new_token())


def test_what_was_played_is_shared_also_when_it_was_taken_out_of_play_meanwhile(studio: Studio) -> None:
    group = given(studio)
    studio.store.withdraw(ANNA, group.ref.dialogue)
    assert studio.tries.share(group.code, WELL, new_token(), new_token()) == 1


def test_a_play_that_is_sent_twice_is_one_try(studio: Studio) -> None:
    group, token, key = given(studio), new_token(), new_token()
    assert studio.tries.share(group.code, WELL, token, key) == studio.tries.share(group.code, WELL, token, key) == 1
    assert studio.tries.share(group.code, WELL, new_token(), key) == 1  # another's play
    assert len(rows(studio)) == 2


def test_of_plays_shared_at_the_same_moment_each_has_its_number_and_there_are_never_more_than_20(
    studio: Studio,
) -> None:
    group, token = given(studio), new_token()
    share = partial(studio.tries.share, group.code, WELL)
    found = at_once(*(partial(share, token, new_token()) for _ in range(8)))
    assert sorted(found) == [1, 2, 3, 4, 5, 6, 7, 8]
    for number in range(9, 17):
        assert share(token, new_token()) == number
    found = at_once(*(partial(share, token, new_token()) for _ in range(8)))
    assert sorted(one for one in found if isinstance(one, int)) == [17, 18, 19, 20]
    assert sum(isinstance(one, TooManyError) for one in found) == 4
    assert sorted(one.number for one in studio.tries.of(group.id)) == list(range(1, 21))
    assert share(new_token(), new_token()) == 1


def test_one_play_that_is_sent_by_many_at_once_is_one_try(studio: Studio) -> None:
    group, token, key = given(studio), new_token(), new_token()
    found = at_once(*(partial(studio.tries.share, group.code, WELL, token, key) for _ in range(8)))
    assert (set(found), len(rows(studio))) == ({1}, 1)


def test_sharing_while_the_group_is_closed_is_done_or_refused_and_nothing_between(studio: Studio) -> None:
    group = given(studio)
    shares = [partial(studio.tries.share, group.code, WELL, new_token(), new_token()) for _ in range(6)]
    *found, closed = at_once(*shares, partial(studio.groups.close, ANNA, group.id))
    assert closed is None
    assert all(one == 1 or isinstance(one, NotOpenError) for one in found)
    assert len(rows(studio)) == found.count(1)
