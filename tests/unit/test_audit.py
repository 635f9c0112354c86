"""The audit: what is known has to be accepted with a reason and a day, and silence is never read as good news."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.settings import ROOT
from tools import audit
from tools.locks import DEVELOPMENT, INSTALLED, read_lock

TODAY = date(2027, 1, 1)
LOCKS = {
    "requirements.lock": ["flask==3.0", "idna==3.6"],
    "requirements-dev.lock": ["flask==3.0", "idna==3.6"],
    "engine/requirements.lock": ["idna==2.0", "rasa==3.6.21"],
    "engine/requirements-dev.lock": ["idna==2.0", "rasa==3.6.21"],
    "uv-requirements.lock": ["uv==1.0"],
}
ENTRY = {
    "ids": ["CVE-2027-1"], "package": "idna", "affects": "<3", "where": "engine", "review_by": TODAY,
    "why": "Van buiten bereikt niets dit pakket.",
}  # fmt: skip


class Service:
    """An advisory service as OSV's, on this machine."""

    def __init__(self) -> None:
        self.status, self.asked = 200, list[str]()
        self.known: dict[str, list[dict[str, Any]]] = {}
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                pinned = f"{query['package']['name']}=={query['version']}"
                service.asked.append(pinned)
                body = json.dumps({"vulns": service.known.get(pinned, [])}).encode()
                self.send_response(service.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)

    def knows(self, pinned: str, *names: str) -> None:
        """Have an advisory on a package."""
        package = {"package": {"name": pinned.partition("==")[0], "ecosystem": "PyPI"}, "ranges": []}
        told = {"id": names[0], "aliases": list(names[1:]), "summary": "", "affected": [package]}
        self.known.setdefault(pinned, []).append(told)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Service]:
    """Run an advisory service that pip-audit asks."""
    made = Service()
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    monkeypatch.setenv("PIP_AUDIT_VULNERABILITY_SERVICE", "osv")
    monkeypatch.setenv("PIP_AUDIT_OSV_URL", f"http://127.0.0.1:{made.server.server_port}/v1/query")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(audit, "AT_ONCE", 2)
    monkeypatch.setattr(audit, "WITHIN", 60.0)
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project with small locks, and nothing accepted."""
    root = tmp_path / "project"
    for folder in ("engine", "tools", "reports"):
        (root / folder).mkdir(parents=True)
    for name, pinned in LOCKS.items():
        lines = [f"{one} \\\n    --hash=sha256:{'a' * 64}\n    # via pluis\n" for one in pinned]
        (root / name).write_text("".join(lines), encoding="utf-8")
    accept(root)
    return root


def accept(root: Path, *entries: dict[str, Any]) -> None:
    """Write what is accepted."""
    rows = [{**entry, "review_by": str(entry["review_by"])} for entry in entries]
    told = json.dumps({"accepted": rows}, indent=1)
    for row in rows:
        told = told.replace(f'"{row["review_by"]}"', row["review_by"])
    (root / audit.ACCEPTED).write_text(told, encoding="utf-8")


def run(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Audit a project; return the exit code and what was printed."""
    code = audit.main(list(arguments), root, TODAY)
    return code, capsys.readouterr().out


def test_all_that_is_locked_is_asked_once_and_what_is_known_stops(
    project: Path, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(project, capsys) == (0, "niet nagevraagd: npm (webchat.lock)\n")
    assert sorted(service.asked) == ["flask==3.0", "idna==2.0", "idna==3.6", "rasa==3.6.21", "uv==1.0"]
    service.knows("idna==2.0", "GHSA-aaaa-bbbb-cccc", "CVE-2027-1")
    code, said = run(project, capsys)
    assert code == 1
    assert "idna==2.0 (engine): CVE-2027-1, GHSA-aaaa-bbbb-cccc staat niet in tools/audit.yml" in said
    accept(project, ENTRY)  # under its other name
    assert run(project, capsys)[0] == 0


def test_what_is_accepted_in_the_engine_is_not_accepted_in_the_web(
    project: Path, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    accept(project, ENTRY | {"affects": "<4"})
    service.knows("idna==2.0", "CVE-2027-1")
    assert run(project, capsys)[0] == 0
    service.knows("idna==3.6", "CVE-2027-1")
    code, said = run(project, capsys)
    assert (code, "idna==3.6 (pluis)" in said, "idna==2.0" in said) == (1, True, False)


def test_another_advisory_on_an_accepted_package_stops(
    project: Path, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    accept(project, ENTRY)
    service.knows("idna==2.0", "CVE-2027-2")
    assert run(project, capsys)[0] == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"review_by": TODAY - timedelta(days=1)}, "opnieuw bekeken"),
        ({"review_by": TODAY + timedelta(days=400)}, "meer dan een jaar"),
        ({"review_by": "morgen"}, "review_by"),
        ({"package": "django"}, "haal dit weg"), ({"affects": "<1"}, "haal dit weg"),
        ({"where": "pluis"}, "haal dit weg"), ({"affects": "oud"}, "reeks versies"),
        ({"where": "overal"}, "where"), ({"ids": []}, "ids"),
        ({"ids": ["iets"]}, "ids"), ({"why": "daarom"}, "why"),
    ],
)  # fmt: skip
def test_an_entry_that_is_wrong_or_past_its_day_stops_also_where_nobody_answers(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, Any],
    reason: str,
) -> None:
    monkeypatch.setattr(audit, "_pip_audit", lambda pinned: {})
    accept(project, ENTRY)
    assert run(project, capsys)[0] == 0
    accept(project, ENTRY | change)
    code, said = run(project, capsys)
    assert code == 1
    assert reason in said
    assert f"{audit.ACCEPTED}:" in said


def test_where_nobody_answers_that_is_told_and_the_answer_that_was_kept_counts(
    project: Path, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    service.knows("idna==2.0", "CVE-2027-1")
    accept(project, ENTRY)
    assert run(project, capsys, "--keep")[0] == 0
    service.status = 503
    code, said = run(project, capsys)
    assert code == 0
    assert "niet nagevraagd: 5 pakketten" in said
    assert "de stand van 2027-01-01 telt, daarin ontbreken er 0" in said
    accept(project)
    assert run(project, capsys)[0] == 1
    accept(project, ENTRY)
    lock = project / "requirements.lock"
    lock.write_text(lock.read_text("utf-8").replace("flask==3.0", "flask==4.0"), encoding="utf-8")
    assert "daarin ontbreken er 1" in run(project, capsys)[1]
    assert audit.main(["--keep"], project, TODAY) == 3
    assert "2027-01-01" in (project / audit.KEPT).read_text("utf-8")


def test_a_first_time_without_an_answer_says_that_nothing_is_known(
    project: Path, service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    service.server.shutdown()
    service.server.server_close()
    code, said = run(project, capsys)
    assert (code, "5 van 5 pakketten" in said) == (0, True)
    skipped = {"dependencies": [{"name": "flask", "skip_reason": "Dependency not found on PyPI"}], "fixes": []}
    assert audit.read_answer(skipped) == {}  # pip-audit calls that “no known vulnerabilities”
    monkeypatch.setattr(audit, "_pip_audit", lambda pinned: audit.read_answer(skipped))
    with pytest.raises(audit.SilentError):
        audit.ask(["flask==3.0"])


def test_a_package_that_the_service_skips_is_told(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_pip_audit", lambda pinned: {one: [] for one in pinned if one != "uv==1.0"})
    assert run(project, capsys) == (0, "niet nagevraagd: 1 van 5 pakketten (zoals uv==1.0) en npm (webchat.lock)\n")


def test_the_projects_own_list_is_about_what_is_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "LONGEST", timedelta(days=3_000_000))  # the days are for `make check`
    pins = [pin for lock in (*INSTALLED, *DEVELOPMENT) for pin in read_lock(lock)]
    entries = audit.read_accepted(ROOT / audit.ACCEPTED, pins, date.min)
    assert entries
    assert {entry.where for entry in entries} == {"engine"}  # what faces a network is up to date
