"""What the locks hold: every package of each environment, with its hashes and what wanted it, and the chat client."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass, field
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
INSTALLED = ("requirements.lock", "engine/requirements.lock", "uv-requirements.lock")
DEVELOPMENT = ("requirements-dev.lock", "engine/requirements-dev.lock")
WEBCHAT = "webchat.lock"

_BLOCK = re.compile(r"^(?=[A-Za-z0-9])", re.MULTILINE)
_HASH = re.compile(r"--hash=(\w+):([0-9a-f]+)")
_VIA = re.compile(r"^ +# +(?:via +)?(?!via$)([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)


@dataclass(frozen=True)
class Pin:
    """One line of a lock."""

    kind: str  # as in a package URL: pypi or npm
    name: str
    version: str
    lock: str
    marker: str = ""
    hashes: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # algorithm and hexadecimal digest of each file
    wanted_by: tuple[str, ...] = ()

    @property
    def pinned(self) -> str:
        """The package as a requirement."""
        return f"{self.name}=={self.version}"


def read_lock(lock: str, root: Path = ROOT) -> list[Pin]:
    """Read one lock of Python packages."""
    found = []
    for block in _BLOCK.split((root / lock).read_text(encoding="utf-8")):
        if not block[:1].isalnum():
            continue  # what stands before the first package
        wanted = Requirement(re.split(r"\\?\n", block, maxsplit=1)[0])
        version = re.fullmatch(r"==([^,*]+)", str(wanted.specifier))
        if version is None or not _HASH.search(block):
            raise ValueError(f"{lock}: {wanted.name} staat niet vast")
        found.append(
            Pin(
                "pypi", canonicalize_name(wanted.name), version[1], lock, str(wanted.marker or ""),
                tuple(_HASH.findall(block)), tuple(canonicalize_name(name) for name in _VIA.findall(block)),
            )
        )  # fmt: skip
    return found


def read_webchat(root: Path = ROOT) -> list[Pin]:
    """Read the packages of the chat client."""
    lines = (line.split() for line in (root / WEBCHAT).read_text(encoding="utf-8").splitlines())
    told = [fields for fields in lines if fields and not fields[0].startswith("#")]
    return [Pin("npm", name, version, WEBCHAT, "", (_digest(sri),), ("pluis",)) for name, version, sri, _ in told]


def _digest(integrity: str) -> tuple[str, str]:
    algorithm, _, digest = integrity.partition("-")
    return algorithm, b64decode(digest).hex()
