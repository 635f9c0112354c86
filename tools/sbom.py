"""`make sbom`: everything that Pluis installs, as CycloneDX, in `var/sbom.cdx.json`.

It follows from the locks alone: the same locks give the same file, to the byte. It names no addresses, as the locks
do not. What lies inside a package, such as the chat client's own dependencies, is not in the locks, and not in here.
"""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import tomllib

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.locks import INSTALLED, Pin, read_lock, read_webchat  # noqa: E402

TARGET = ROOT / "var" / "sbom.cdx.json"
PROJECTS = {"pluis": "pyproject.toml", "pluis-engine": "engine/pyproject.toml"}
ALGORITHMS = {"sha256": "SHA-256", "sha512": "SHA-512"}


def main() -> int:
    """Write the file and say where."""
    made = make_sbom(ROOT)
    TARGET.parent.mkdir(mode=0o700, exist_ok=True)
    TARGET.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(made['components'])} onderdelen staan in {TARGET.relative_to(ROOT)}")
    return 0


def make_sbom(root: Path) -> dict[str, Any]:
    """Return the bill of materials of the locks under `root`, in the shape of CycloneDX 1.6."""
    pins = [*(pin for lock in INSTALLED for pin in read_lock(lock, root)), *read_webchat(root)]
    projects = {name: _project(root / path) for name, path in PROJECTS.items()}
    parts = [_component(url, list(same)) for url, same in groupby(sorted(pins, key=_url), _url)]
    wants = _wants(pins)
    made = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": projects["pluis"]},
        "components": [projects["pluis-engine"], *parts],
        "dependencies": [{"ref": ref, "dependsOn": sorted(wants[ref])} for ref in sorted(wants)],
    }
    return made | {"serialNumber": uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(made)).urn}


def _project(path: Path) -> dict[str, Any]:
    told = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    own = {key: told[key] for key in ("name", "version", "description")}
    return own | {"type": "application", "bom-ref": told["name"], "licenses": [{"license": {"id": "EUPL-1.2"}}]}


def _url(pin: Pin) -> str:
    return f"pkg:{pin.kind}/{pin.name}@{pin.version}"


def _component(url: str, same: list[Pin]) -> dict[str, Any]:
    """Make the component of a package that stands in one lock or more; the hashes are those of all its files."""
    files = sorted({digest for pin in same for digest in pin.hashes})
    told = [{"name": "pluis:lock", "value": pin.lock} for pin in same]
    told += [{"name": "pluis:only-if", "value": f"{pin.lock}: {pin.marker}"} for pin in same if pin.marker]
    return {
        "type": "library",
        "bom-ref": url,
        "name": same[0].name,
        "version": same[0].version,
        "purl": url,
        "scope": "optional" if all(pin.marker for pin in same) else "required",
        "externalReferences": [
            {
                "type": "distribution",
                "url": url,
                "hashes": [{"alg": ALGORITHMS[algorithm], "content": digest} for algorithm, digest in files],
            }
        ],
        "properties": told,
    }


def _wants(pins: Iterable[Pin]) -> dict[str, set[str]]:
    """Return what wants what: within each lock, and what each project names itself."""
    there: dict[tuple[str, str], set[str]] = {}
    for pin in pins:
        there.setdefault((pin.lock, pin.name), set()).add(_url(pin))
    wants: dict[str, set[str]] = {_url(pin): set() for pin in pins} | {"pluis": {"pluis-engine"}, "pluis-engine": set()}
    for pin in pins:
        for name in pin.wanted_by or ("pluis",):
            for parent in {name} if name in PROJECTS else there[pin.lock, name]:
                wants[parent].add(_url(pin))
    return wants


if __name__ == "__main__":
    sys.exit(main())
