"""The bill of materials: a valid file of everything in the locks, the same each time."""

from __future__ import annotations

import json
import re
import shutil
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from bot.settings import ROOT
from tools.locks import INSTALLED, WEBCHAT, read_lock
from tools.sbom import PROJECTS, make_sbom


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """Make the bill of the project's own locks."""
    return make_sbom(ROOT)


def test_it_is_valid_cyclonedx(made: dict[str, Any]) -> None:
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(json.dumps(made)) is None
    assert validator.validate_str(json.dumps(made | {"components": [{"name": "x"}]})) is not None


def test_everything_that_is_installed_is_in_it_with_every_hash(made: dict[str, Any]) -> None:
    text = "".join((ROOT / lock).read_text(encoding="utf-8") for lock in INSTALLED)
    listed = {part["purl"] for part in made["components"] if "purl" in part}
    pinned = {(name.lower().replace("_", "-"), version) for name, version in re.findall(r"^(\S+)==(\S+)", text, re.M)}
    client = [line.split() for line in (ROOT / WEBCHAT).read_text("utf-8").splitlines() if line[:1] != "#"]
    assert listed == {f"pkg:pypi/{name}@{version}" for name, version in pinned} | {
        f"pkg:npm/{name}@{version}" for name, version, *_ in client
    }
    hashes = {
        (digest["alg"], digest["content"])
        for part in made["components"]
        for reference in part.get("externalReferences", ())
        for digest in reference["hashes"]
    }
    assert hashes == {("SHA-256", digest) for digest in re.findall(r"sha256:([0-9a-f]{64})", text)} | {
        ("SHA-512", b64decode(integrity.removeprefix("sha512-")).hex()) for _, _, integrity, _ in client
    }


def test_every_part_is_wanted_by_something_that_pluis_wants(made: dict[str, Any]) -> None:
    wants = {entry["ref"]: entry["dependsOn"] for entry in made["dependencies"]}
    reached, ahead = set(), ["pluis"]
    while ahead:
        if (ref := ahead.pop()) not in reached:
            reached.add(ref)
            ahead += wants[ref]
    assert reached == {part["bom-ref"] for part in made["components"]} | {"pluis"}
    assert any(ref.startswith("pkg:pypi/rasa@") for ref in wants["pluis-engine"])
    assert not any(ref.startswith("pkg:pypi/rasa@") for ref in wants["pluis"])


def test_a_package_for_another_system_is_optional(made: dict[str, Any]) -> None:
    scopes = {part["name"]: part["scope"] for part in made["components"] if "scope" in part}
    assert (scopes["pyreadline3"], scopes["rasa"]) == ("optional", "required")


def test_the_same_locks_give_the_same_file_and_other_locks_another(made: dict[str, Any], tmp_path: Path) -> None:
    assert json.dumps(make_sbom(ROOT)) == json.dumps(made)
    for name in (*INSTALLED, WEBCHAT, *PROJECTS.values()):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    assert make_sbom(tmp_path)["serialNumber"] == made["serialNumber"]
    lock = tmp_path / "uv-requirements.lock"
    lock.write_text(re.sub(r"^uv==\S+", "uv==9.9.9", lock.read_text("utf-8")), encoding="utf-8")
    assert make_sbom(tmp_path)["serialNumber"] != made["serialNumber"]


def test_no_address_is_in_it(made: dict[str, Any]) -> None:
    assert re.findall(r"https?://[^\"]+", json.dumps(made)) == [made["$schema"]]


@pytest.mark.parametrize("line", ["requests>=2", "requests==2.0", "requests==2.0,<3 \\\n    --hash=sha256:aa"])
def test_a_package_that_is_not_fixed_is_an_error(tmp_path: Path, line: str) -> None:
    (tmp_path / "x.lock").write_text(f"# gemaakt\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.lock"):
        read_lock("x.lock", tmp_path)
