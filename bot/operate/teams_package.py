"""The app package with which an organisation puts Pluis in its own Teams: a zip of what stands in `deploy/teams`,
with the organisation's settings filled in. The same settings give the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import tomllib

from bot.settings import ROOT, Settings

SOURCE = ROOT / "deploy" / "teams"
ICONS = ("color.png", "outline.png")
ACCENT = "utrecht-button-primary-action-background-color"
LONGEST_URL = 2048  # characters; Microsoft's
_HOST = re.compile(r"(?=.*[a-z])[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)  # a name, no IP address


class TeamsPackageError(Exception):
    """The package cannot be made; the message says in one Dutch line per setting what to fill in."""


def build_package(settings: Settings) -> Path:
    """Write `var/teams/pluis-teams.zip` and return its path.

    Raises TeamsPackageError, with nothing written; DataFileError when the house style is wrong.
    """
    if faults := list(_faults(settings)):
        raise TeamsPackageError("\n".join(faults))
    files = package_files(settings)
    target = settings.var / "teams" / "pluis-teams.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    with ZipFile(part, "w") as package:
        for name in sorted(files):
            entry = ZipInfo(name)  # of 1 January 1980, whenever it is made
            entry.create_system, entry.external_attr, entry.compress_type = 3, 0o644 << 16, ZIP_DEFLATED
            package.writestr(entry, files[name])
    part.replace(target)
    return target


def package_files(settings: Settings) -> dict[str, bytes]:
    """Return what goes in the package, by name: the manifest, its translations, the icons."""
    manifest = _filled(json.loads((SOURCE / "manifest.json").read_text(encoding="utf-8")), _values(settings))
    translations = [language["file"] for language in manifest["localizationInfo"]["additionalLanguages"]]
    return {
        "manifest.json": (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode(),
        **{name: (SOURCE / name).read_bytes() for name in (*translations, *ICONS)},
    }


def _values(settings: Settings) -> dict[str, str]:
    from bot.web.house import load_house  # brings the web along, which every command would wait for

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "version": project["version"],
        "app_id": settings.teams_app_id,
        "owner": settings.teams_owner.strip(),
        "privacy_url": settings.teams_privacy_url.strip(),
        "terms_url": settings.teams_terms_url.strip(),
        "public_url": settings.public_url,
        "host": urlsplit(settings.public_url).hostname or "",
        "accent": load_house(settings.house_style).hex(ACCENT),
    }


def _filled(node: Any, values: dict[str, str]) -> Any:
    """Fill in the `${names}` in every text of a structure. Raises KeyError for a name without a value."""
    match node:
        case str():
            return Template(node).substitute(values)
        case dict():
            return {key: _filled(child, values) for key, child in node.items()}
        case list():
            return [_filled(child, values) for child in node]
    return node


def _faults(settings: Settings) -> Iterator[str]:
    """Say per setting what is missing or wrong, and what to do."""
    if not settings.teams_app_id:
        yield "PLUIS_TEAMS_APP_ID ontbreekt: vul het nummer van de app-registratie in (docs/teams.md, stap 1)."
    if not settings.teams_owner.strip():
        yield "PLUIS_TEAMS_OWNER ontbreekt: vul de naam van je organisatie in, hoogstens 32 tekens."
    addresses = {
        "PUBLIC_URL": (settings.public_url, "het adres waaronder Teams Pluis bereikt"),
        "TEAMS_PRIVACY_URL": (settings.teams_privacy_url, "het adres van je privacyverklaring"),
        "TEAMS_TERMS_URL": (settings.teams_terms_url, "het adres van je gebruiksvoorwaarden"),
    }
    for name, (url, what) in addresses.items():
        if not url.strip():
            yield f"PLUIS_{name} ontbreekt: vul {what} in, met https:// ervoor."
        elif not _is_address(url.strip()):
            yield f"PLUIS_{name} kan niet in het pakket: vul {what} in, met https:// en een hele naam, zonder spaties."


def _is_address(url: str) -> bool:
    try:
        address = urlsplit(url)
        host = address.hostname or ""
    except ValueError:
        return False
    plain = len(url) <= LONGEST_URL and not re.search(r"\s", url) and "@" not in address.netloc
    return plain and address.scheme == "https" and _HOST.fullmatch(host) is not None
