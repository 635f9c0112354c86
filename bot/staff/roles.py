"""Roles, and what each may do, as `data/staff/roles.yml` says; which permissions there are is code, for routes ask for
them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from bot.staff.errors import UnknownRoleError
from bot.yamlfile import read_yaml, validate

PERMISSIONS: Final = frozenset(
    {
        "audit.read", "overview.read", "practice.write", "proposal.review", "proposal.write", "question.lower",
        "question.read", "question.read_urgent", "question.reassign", "question.work",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Role:
    """One role: what users see of who has it, and what it may do."""

    id: str
    title: str
    may: frozenset[str]


@dataclass(frozen=True)
class Staff:
    """Someone who is signed in. The name is for colleagues only; users see the title."""

    id: str
    name: str
    title: str
    roles: tuple[str, ...]
    permissions: frozenset[str]

    def may(self, permission: str) -> bool:
        """Tell whether one of the roles gives a permission."""
        return permission in self.permissions


class Roles:
    """All roles there are, in the order of the file."""

    def __init__(self, roles: Iterable[Role]) -> None:
        self._roles: Mapping[str, Role] = {role.id: role for role in roles}

    def __iter__(self) -> Iterator[Role]:
        return iter(self._roles.values())

    def check(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the names in the order of the file, each once. Raises UnknownRoleError, which says which there are."""
        wanted = set(names)
        for name in sorted(wanted - set(self._roles)):
            raise UnknownRoleError(f"de rol ‘{name}’ is er niet; kies uit: {', '.join(self._roles)}")
        if not wanted:
            raise UnknownRoleError(f"geef ten minste één rol: {', '.join(self._roles)}")
        return tuple(name for name in self._roles if name in wanted)

    def staff(self, account: str, name: str, roles: Iterable[str]) -> Staff:
        """Make the staff member that an account is now; a role that is no longer in the file gives nothing."""
        has = [self._roles[role] for role in roles if role in self._roles]
        order = list(self._roles)
        weightiest = min(has, key=lambda role: (-len(role.may), order.index(role.id)), default=None)
        may = frozenset[str]().union(*(role.may for role in has))
        return Staff(account, name, weightiest.title if weightiest else "", tuple(role.id for role in has), may)

    def giving(self, permission: str) -> list[str]:
        """Return the titles of the roles that give a permission."""
        return [role.title for role in self if permission in role.may]


def load_roles(data: Path) -> Roles:
    """Read the roles. Raises DataFileError with file and line."""
    folder = data / "staff"
    loaded = read_yaml(folder / "roles.yml")
    validate(loaded, json.loads((folder / "schema" / "roles.json").read_text(encoding="utf-8")))
    roles: dict[str, Role] = {}
    for index, row in enumerate(loaded.data["roles"]):
        if row["id"] in roles:
            raise loaded.error(f"de rol {row['id']} staat er twee keer; haal er een weg", "roles", index, "id")
        for place, permission in enumerate(row["may"]):
            if permission not in PERMISSIONS:
                raise loaded.error(_unknown(permission), "roles", index, "may", place)
        roles[row["id"]] = Role(row["id"], row["title"], frozenset(row["may"]))
    return Roles(roles.values())


def _unknown(permission: str) -> str:
    known = sorted(PERMISSIONS)
    near = get_close_matches(permission, known, 1)
    hint = f"bedoel je {near[0]}?" if near else f"kies uit: {', '.join(known)}"
    return f"wat ‘{permission}’ mag, weet ik niet; {hint}"
