"""Accounts: each change is recorded with it, a password is nowhere to be read, and guessing ends after five tries."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from bot.staff import (
    LOCKED,
    Account,
    AccountExistsError,
    Accounts,
    BadNameError,
    NotLocalError,
    StaffError,
    UnknownAccountError,
    UnknownRoleError,
    WeakPasswordError,
)
from bot.staff.passwords import Passwords

from .conftest import BY, PASSWORD, QUICK, Desk

ISSUER = "https://login.example"


def failures(desk: Desk, key: str = "fatima") -> int:
    return desk.accounts.find(key).failures


def test_an_account_is_kept_with_its_digest_alone(desk: Desk) -> None:
    account = desk.accounts.add("Fatima", "  Fatima   J. ", ["trainer", "helpdesk"], PASSWORD, BY)
    assert (account.username, account.name, account.role_ids) == ("fatima", "Fatima J.", ("helpdesk", "trainer"))
    assert account.password_hash is not None
    assert account.password_hash.startswith("$argon2id$")
    with desk.sessions() as session:
        kept = str(session.execute(text("SELECT * FROM staff_accounts")).all())
    assert PASSWORD not in kept
    assert desk.logged() == [
        f"account_added cli {account.id} done rollen helpdesk,trainer; opdracht van root",
    ]


@pytest.mark.parametrize(
    ("username", "name", "roles", "password", "error"),
    [
        ("fatima", "F", ["helpdesk"], PASSWORD, AccountExistsError),
        ("FATIMA", "F", ["helpdesk"], PASSWORD, AccountExistsError),
        ("j", "J", ["helpdesk"], PASSWORD, BadNameError),
        ("jan jansen", "J", ["helpdesk"], PASSWORD, BadNameError),
        ("jan\x00", "J", ["helpdesk"], PASSWORD, BadNameError),
        ("jan", "", ["helpdesk"], PASSWORD, BadNameError),
        ("jan", "J\x07", ["helpdesk"], PASSWORD, BadNameError),
        ("jan", "J" * 81, ["helpdesk"], PASSWORD, BadNameError),
        ("jan", "J", ["hulpdesk"], PASSWORD, UnknownRoleError),
        ("jan", "J", [], PASSWORD, UnknownRoleError),
        ("jan", "J", ["helpdesk"], "elf tekens.", WeakPasswordError),
        ("jan", "J", ["helpdesk"], "x" * 257, WeakPasswordError),
        ("jan.de.vries", "J", ["helpdesk"], "Jan.de.Vries", WeakPasswordError),
    ],
)  # fmt: skip
def test_an_account_that_cannot_be_is_not_added(
    desk: Desk, username: str, name: str, roles: list[str], password: str, error: type[StaffError]
) -> None:
    desk.add()
    with pytest.raises(error):
        desk.accounts.add(username, name, roles, password, BY)
    assert [one.username for one in desk.accounts.all()] == ["fatima"]
    assert len(desk.logged()) == 1


def test_the_right_password_lets_in_however_its_accents_were_typed(desk: Desk) -> None:
    added = desk.accounts.add("jan", "Jan", ["helpdesk"], "caf\u00e9 om de hoek", BY)
    found = desk.accounts.check(" JAN ", "cafe\u0301 om de hoek")
    assert found is not None
    assert found.id == added.id


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("fatima", "een heel lang wachtwoorD"), ("fatima", ""), ("niemand", PASSWORD), ("", PASSWORD),
        ("fa\x00", PASSWORD),
        ("fatima", "\ud800" * 12), ("fatima", "x" * 5000), ("' OR 1=1 --", PASSWORD),
    ],
)  # fmt: skip
def test_anything_else_does_not_and_says_no_more_than_that(
    desk: Desk, username: str, password: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk.add()
    assert desk.accounts.check(username, password) is None
    assert desk.logged()[1:] == ["sign_in_failed refused"]
    for said in (username, password):
        assert not said.strip() or said not in caplog.text + " ".join(desk.logged())


@pytest.mark.parametrize("username", ["fatima", "niemand", "geen naam!", "uitgezet", "opslot"])
def test_whatever_is_wrong_as_much_is_computed(desk: Desk, username: str) -> None:
    desk.add()
    desk.add("uitgezet")
    desk.add("opslot")
    desk.accounts.set_disabled("uitgezet", True, BY)
    for _ in range(5):
        desk.accounts.check("opslot", "mis")
    with patch.object(PasswordHasher, "verify", autospec=True, side_effect=PasswordHasher.verify) as verified:
        assert desk.accounts.check(username, "een heel lang maar ander wachtwoord") is None
    assert verified.call_count == 1


def test_a_password_that_is_too_long_is_not_hashed(desk: Desk) -> None:
    desk.add()
    with patch.object(PasswordHasher, "verify", autospec=True) as verified:
        assert desk.accounts.check("fatima", "x" * 257) is None
    verified.assert_not_called()


def test_after_five_tries_it_is_closed_for_a_quarter_of_an_hour(desk: Desk) -> None:
    desk.add()
    for _ in range(5):
        assert desk.accounts.check("fatima", "mis") is None
    assert desk.accounts.is_locked(desk.accounts.find("fatima"))
    assert desk.accounts.check("fatima", PASSWORD) is None
    desk.clock.passes(LOCKED - 1)
    assert desk.accounts.check("fatima", PASSWORD) is None  # and does not begin anew
    desk.clock.passes(1)
    assert not desk.accounts.is_locked(desk.accounts.find("fatima"))
    assert desk.accounts.check("fatima", PASSWORD) is not None
    assert failures(desk) == 0


def test_the_fifth_try_may_still_be_right_and_what_is_right_forgets_the_rest(desk: Desk) -> None:
    desk.add()
    for _ in range(3):
        for _ in range(4):
            assert desk.accounts.check("fatima", "mis") is None
        assert desk.accounts.check("fatima", PASSWORD) is not None
    assert failures(desk) == 0


def test_after_the_quarter_there_are_five_tries_again(desk: Desk) -> None:
    desk.add()
    for _ in range(5):
        desk.accounts.check("fatima", "mis")
    desk.clock.passes(LOCKED)
    for _ in range(4):
        desk.accounts.check("fatima", "mis")
    assert not desk.accounts.is_locked(desk.accounts.find("fatima"))
    desk.accounts.check("fatima", "mis")
    assert desk.accounts.check("fatima", PASSWORD) is None


def test_a_clock_that_was_put_back_locks_nobody_out_for_longer(desk: Desk) -> None:
    desk.clock.jumps(30 * 86_400)
    desk.add()
    for _ in range(5):
        desk.accounts.check("fatima", "mis")
    desk.clock.jumps(-30 * 86_400)
    assert desk.accounts.check("fatima", PASSWORD) is not None


def test_fifty_tries_at_once_count_as_fifty_and_five_are_looked_at(desk: Desk) -> None:
    desk.add()
    looked_at = list[str]()

    class Watched(Passwords):
        def matches(self, digest: str | None, password: str) -> bool:
            looked_at.extend([password] if digest else [])
            return super().matches(digest, password)

    audit, watched = desk.accounts._audit, Watched(QUICK)
    accounts = [Accounts(desk.sessions, audit, desk.roles, desk.clock, watched) for _ in range(10)]
    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(lambda n: accounts[n % 10].check("fatima", f"mis {n}"), range(50)))
    assert found == [None] * 50
    assert failures(desk) == 50
    assert len(looked_at) == 5
    assert desk.logged().count("sign_in_failed refused") == 50
    assert desk.verify().fault is None


def test_a_digest_with_older_parameters_is_made_anew(desk: Desk) -> None:
    before = desk.add().password_hash
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    renewing = Accounts(desk.sessions, desk.accounts._audit, desk.roles, desk.clock, Passwords(stronger))
    assert renewing.check("fatima", "mis") is None
    assert desk.accounts.find("fatima").password_hash == before
    assert renewing.check("fatima", PASSWORD) is not None
    after = desk.accounts.find("fatima").password_hash
    assert after is not None
    assert "m=16,t=2,p=1" in after
    assert renewing.check("fatima", PASSWORD) is not None
    assert desk.accounts.find("fatima").password_hash == after


def test_an_account_that_changes_while_its_password_is_looked_at_is_not_let_in(desk: Desk) -> None:
    desk.add()

    class Slow(Passwords):
        def renewed(self, digest: str, password: str) -> str:
            desk.accounts.set_disabled("fatima", True, BY)
            return super().renewed(digest, password)

    slow = Accounts(desk.sessions, desk.accounts._audit, desk.roles, desk.clock, Slow(QUICK))
    assert slow.check("fatima", PASSWORD) is None


def test_every_change_is_recorded_and_ends_what_was_signed_in(desk: Desk) -> None:
    account = desk.add()
    other = desk.add("jan")
    kept = desk.signins.begin(other, "wachtwoord")

    def signed_in() -> str:
        token = desk.signins.begin(account, "wachtwoord")
        assert desk.signins.find(token) is not None
        return token

    changes: list[tuple[Callable[[], object], str]] = [
        (lambda: desk.accounts.set_roles("fatima", ["supervisor"], BY), "rollen supervisor"),
        (lambda: desk.accounts.set_password(account.id, "een ander lang wachtwoord", BY), "wachtwoord"),
        (lambda: desk.accounts.set_disabled("Fatima", True, BY), "uitgezet"),
    ]
    for change, what in changes:
        token = signed_in()
        change()
        assert desk.signins.find(token) is None
        assert desk.logged()[-1] == f"account_changed cli {account.id} done {what}; opdracht van root"
    assert desk.accounts.check("fatima", "een ander lang wachtwoord") is None  # uitgezet
    desk.accounts.set_disabled("fatima", False, BY)
    assert desk.accounts.check("fatima", PASSWORD) is None
    assert desk.accounts.check("fatima", "een ander lang wachtwoord") is not None
    token = signed_in()
    desk.accounts.remove("fatima", BY)
    assert desk.signins.find(token) is None
    assert desk.logged()[-1] == f"account_removed cli {account.id} done opdracht van root"
    assert [one.username for one in desk.accounts.all()] == ["jan"]
    assert desk.signins.find(kept) is not None


def test_a_new_password_opens_what_was_closed(desk: Desk) -> None:
    desk.add()
    for _ in range(6):
        desk.accounts.check("fatima", "mis")
    desk.accounts.set_password("fatima", "een ander lang wachtwoord", BY)
    assert desk.accounts.check("fatima", "een ander lang wachtwoord") is not None


@pytest.mark.parametrize("key", ["niemand", "", "FATIMA "])
def test_what_is_not_there_cannot_be_changed(desk: Desk, key: str) -> None:
    desk.add()
    for change in (
        lambda: desk.accounts.set_roles(key, ["helpdesk"], BY),
        lambda: desk.accounts.set_password(key, PASSWORD, BY),
        lambda: desk.accounts.set_disabled(key, True, BY),
        lambda: desk.accounts.remove(key, BY),
    ):
        with pytest.raises(UnknownAccountError):
            change()
    assert len(desk.logged()) == 1


# -- the organisation's own sign-in --------------------------------------------------------------------------------


def let_through(desk: Desk, *roles: str, subject: str = "s1", name: str = "Fatima Jansen") -> Account | None:
    return desk.accounts.from_provider(ISSUER, subject, name, roles)


def test_someone_of_the_organisation_is_the_same_account_each_time_as_it_is_now(desk: Desk) -> None:
    first = let_through(desk, "helpdesk")
    assert first is not None
    second = let_through(desk, "helpdesk", name="Fatima de Vries")
    assert second is not None
    assert (second.id, second.name, second.username) == (first.id, "Fatima de Vries", None)
    other = let_through(desk, "helpdesk", subject="s2")
    elsewhere = desk.accounts.from_provider("https://elders.example", "s1", "F", ["helpdesk"])
    assert other is not None
    assert elsewhere is not None
    assert len({first.id, other.id, elsewhere.id}) == 3


def test_other_roles_there_are_other_roles_here_and_end_the_sign_ins(desk: Desk) -> None:
    account = let_through(desk, "helpdesk")
    assert account is not None
    same = desk.signins.begin(account, "organisatie")
    assert let_through(desk, "helpdesk") is not None
    assert desk.signins.find(same) is not None
    changed = let_through(desk, "supervisor", "helpdesk")
    assert changed is not None
    assert changed.role_ids == ("helpdesk", "supervisor")
    assert desk.signins.find(same) is None


def test_who_has_no_role_is_nobody_and_who_lost_it_is_out(desk: Desk) -> None:
    assert let_through(desk) is None
    assert desk.accounts.all() == []
    account = let_through(desk, "helpdesk")
    assert account is not None
    token = desk.signins.begin(account, "organisatie")
    assert let_through(desk) is None
    assert desk.signins.find(token) is None
    assert desk.accounts.find(account.id).roles == ""


def test_an_account_of_the_organisation_can_be_closed_here_but_not_given_a_password_or_roles(desk: Desk) -> None:
    account = let_through(desk, "helpdesk")
    assert account is not None
    with pytest.raises(NotLocalError):
        desk.accounts.set_password(account.id, PASSWORD, BY)
    with pytest.raises(NotLocalError):
        desk.accounts.set_roles(account.id, ["supervisor"], BY)
    desk.accounts.set_disabled(account.id, True, BY)
    assert let_through(desk, "helpdesk") is None


def test_who_signs_in_for_the_first_time_twice_at_once_is_one(desk: Desk) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: let_through(desk, "helpdesk"), range(16)))
    assert len({one.id for one in found if one is not None}) == 1
    assert None not in found
    assert len(desk.accounts.all()) == 1
