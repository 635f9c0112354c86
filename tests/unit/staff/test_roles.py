"""Roles are data: what is wrong in the file is told with its line, and what a role gives is what the file says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.checks import check_data
from bot.settings import ROOT
from bot.staff import PERMISSIONS, Role, Roles, UnknownRoleError, load_roles
from bot.yamlfile import DataFileError


def test_the_roles_are_those_of_the_file() -> None:
    roles = load_roles(ROOT / "data")
    assert [role.id for role in roles] == [
        "helpdesk", "aandachtsfunctionaris", "supervisor", "trainer", "editor", "operator",
    ]  # fmt: skip
    assert frozenset[str]().union(*(role.may for role in roles)) == PERMISSIONS
    assert roles.giving("audit.read") == ["Beheerder"]


@pytest.mark.parametrize(
    ("has", "title"),
    [
        (["helpdesk"], "Helpdesk"),
        (["helpdesk", "aandachtsfunctionaris"], "Aandachtsfunctionaris"),
        (["aandachtsfunctionaris", "supervisor"], "Leidinggevende van de helpdesk"),
        (["operator", "trainer"], "Trainer"),
        (["helpdesk", "verdwenen"], "Helpdesk"),
        (["verdwenen"], ""),
        ([], ""),
    ],
)
def test_users_see_the_title_of_the_weightiest_role(has: list[str], title: str) -> None:
    staff = load_roles(ROOT / "data").staff("a1", "Fatima J.", has)
    assert staff.title == title
    assert "Fatima" not in staff.title


def test_permissions_of_several_roles_add_up_and_others_are_not_there() -> None:
    staff = load_roles(ROOT / "data").staff("a1", "Fatima J.", ["trainer", "editor"])
    assert {one for one in PERMISSIONS if staff.may(one)} == {"practice.write", "proposal.review"}


def test_roles_are_put_in_order_and_an_unknown_one_is_told_with_those_there_are() -> None:
    roles = Roles([Role("a", "Aa", frozenset()), Role("b", "Bb", frozenset())])
    assert roles.check(["b", "a", "b"]) == ("a", "b")
    for wrong in (["a", "c"], []):
        with pytest.raises(UnknownRoleError, match="a, b"):
            roles.check(wrong)


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("[audit.read]", "[audit.reed]", 14, "wat ‘audit.reed’ mag, weet ik niet; bedoel je audit.read?"),
        ("[audit.read]", "[xxxxxxxxxxxxx]", 14, "kies uit: audit.read, overview.read"),
        ("id: editor", "id: trainer", 13, "de rol trainer staat er twee keer"),
        ("[proposal.review]", "[]", 13, "de lijst telt 0 rijen"),
        ("title: Redacteur", "titel: Redacteur", 13, "onbekend: titel"),
        ("id: editor", "id: Editor", 13, "heeft niet de vorm"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, reason: str) -> None:
    shutil.copytree(ROOT / "data" / "staff", tmp_path / "staff")
    path = tmp_path / "staff" / "roles.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataFileError) as wrong:
        load_roles(tmp_path)
    assert (wrong.value.path, wrong.value.line) == (path, line)
    assert reason in wrong.value.reason


def test_the_check_of_all_content_looks_at_roles_too() -> None:
    assert "medewerkers: rollen en wat zij mogen: goed" in list(check_data(ROOT / "data"))
