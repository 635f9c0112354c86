"""Who is signed in: with a token that only the browser has, for as long as it is used, and never longer than a day."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, text

from bot.staff import MAX_SECONDS, forget_signins
from bot.staff.signins import SEEN_EVERY, csrf_token

from .conftest import BY, IDLE, Desk


def test_a_sign_in_is_of_an_account_as_it_is_now(desk: Desk) -> None:
    account = desk.add("fatima", "helpdesk", "supervisor")
    token = desk.signins.begin(account, "wachtwoord")
    found = desk.signins.find(token)
    assert found is not None
    assert found.staff == desk.roles.staff(account.id, "Fatima J.", ["helpdesk", "supervisor"])
    assert desk.logged()[1:] == [f"signed_in {account.id} {account.id} done wachtwoord"]
    with desk.sessions() as session, session.begin():
        session.execute(text("UPDATE staff_accounts SET roles = 'trainer'"))  # by whatever way
    found = desk.signins.find(token)
    assert found is not None
    assert found.staff.permissions == {"practice.write"}
    with desk.sessions() as session, session.begin():
        session.execute(text("UPDATE staff_accounts SET disabled = TRUE"))
    assert desk.signins.find(token) is None


def test_the_database_holds_no_token(desk: Desk) -> None:
    token = desk.signins.begin(desk.add(), "wachtwoord")
    with desk.sessions() as session:
        kept = str(session.execute(text("SELECT * FROM staff_signins")).all()) + " ".join(desk.logged())
    assert token not in kept
    assert csrf_token(token) not in kept
    assert len(token) == 43  # 32 bytes


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "é"])
def test_another_token_is_nobodys(desk: Desk, token: str) -> None:
    mine = desk.signins.begin(desk.add(), "wachtwoord")
    assert desk.signins.find(token) is None
    assert desk.signins.find(mine + "x") is None
    assert desk.signins.find(mine[:-1]) is None


def test_what_forms_carry_is_of_this_sign_in_alone(desk: Desk) -> None:
    account = desk.add()
    one, other = (desk.signins.begin(account, "wachtwoord") for _ in range(2))
    found = [desk.signins.find(token) for token in (one, other)]
    assert [each.csrf for each in found if each] == [csrf_token(one), csrf_token(other)]
    assert csrf_token(one) != csrf_token(other)


def test_who_does_nothing_for_half_an_hour_is_out(desk: Desk) -> None:
    token = desk.signins.begin(desk.add(), "wachtwoord")
    desk.clock.passes(IDLE)
    assert desk.signins.find(token) is not None
    desk.clock.passes(IDLE)
    assert desk.signins.find(token) is not None
    desk.clock.passes(IDLE + 1)
    assert desk.signins.find(token) is None


def test_after_a_working_day_one_signs_in_anew(desk: Desk) -> None:
    token = desk.signins.begin(desk.add(), "wachtwoord")
    for _ in range(int(MAX_SECONDS / 1000)):
        desk.clock.passes(1000)
        assert desk.signins.find(token) is not None
    desk.clock.passes(1)
    assert desk.signins.find(token) is None


def test_a_clock_that_was_put_back_makes_no_sign_in_longer(desk: Desk) -> None:
    token = desk.signins.begin(desk.add(), "wachtwoord")
    desk.clock.jumps(-IDLE - 1)
    assert desk.signins.find(token) is None


def test_being_there_is_written_once_a_minute(desk: Desk) -> None:
    token = desk.signins.begin(desk.add(), "wachtwoord")
    written = list[str]()

    @event.listens_for(desk.engine, "before_cursor_execute")
    def _watch(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        written.extend([statement] if statement.startswith("UPDATE staff_signins") else [])

    for _ in range(10):
        desk.clock.passes(SEEN_EVERY / 10)
        assert desk.signins.find(token) is not None
    assert written == []
    desk.clock.passes(1)
    for _ in range(10):
        assert desk.signins.find(token) is not None
    assert len(written) == 1
    desk.clock.passes(SEEN_EVERY + 1)
    with ThreadPoolExecutor(8) as pool:
        assert None not in list(pool.map(lambda _: desk.signins.find(token), range(16)))


def test_who_signs_out_is_out_and_the_log_says_so_once(desk: Desk) -> None:
    account = desk.add()
    token, other = (desk.signins.begin(account, "wachtwoord") for _ in range(2))
    for _ in range(2):
        desk.signins.end(token)
    desk.signins.end("niemand")
    assert desk.signins.find(token) is None
    assert desk.signins.find(other) is not None
    assert [line for line in desk.logged() if "signed_out" in line] == [
        f"signed_out {account.id} {account.id} done zelf afgemeld"
    ]


def test_who_signs_in_anew_leaves_no_other_sign_in_of_this_browser(desk: Desk) -> None:
    account = desk.add()
    before = desk.signins.begin(account, "wachtwoord")
    after = desk.signins.begin(account, "wachtwoord", before)
    assert desk.signins.find(before) is None
    assert desk.signins.find(after) is not None


def test_what_is_over_is_forgotten(desk: Desk) -> None:
    account = desk.add()
    desk.signins.begin(account, "wachtwoord")
    desk.clock.passes(IDLE)
    kept = desk.signins.begin(account, "wachtwoord")
    desk.clock.passes(1)
    forget_signins(desk.sessions, IDLE, desk.clock)
    with desk.sessions() as session:
        assert session.scalar(text("SELECT COUNT(*) FROM staff_signins")) == 1
    assert desk.signins.find(kept) is not None


def test_with_an_account_its_sign_ins_go(desk: Desk) -> None:
    desk.signins.begin(desk.add(), "wachtwoord")
    desk.accounts.remove("fatima", BY)
    with desk.sessions() as session:
        assert session.scalar(text("SELECT COUNT(*) FROM staff_signins")) == 0
