"""`/uitleg` and `pluis advice table` show the same rules; bad input to them and a broken table are told by name."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.advice import load_tables
from bot.knowledge import load_sources
from bot.settings import ROOT
from bot.web.explanation import explain_tables, marked
from bot.web.wiring import _advise

from .conftest import Site

DATA = ROOT / "data"
JSON = {"Content-Type": "application/json"}
UNKNOWN_SOURCE = ("{id: pf-2c,", "{id: pf-99z,")


def pluis(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def spoil(data: Path, old: str = "outcome: honour_expert", new: str = "outcome: honour_exprt") -> tuple[Path, int]:
    """Break a table; return the file and the line."""
    path = data / "advice" / "levels.yml"
    text = path.read_text(encoding="utf-8")
    place = text.index(old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path, text[:place].count("\n") + 1


async def test_the_page_shows_every_rule_and_source_and_that_none_is_signed(site: Site) -> None:
    answer = await site.http.get("/uitleg")
    assert answer.status_code == 200
    html = answer.text
    tables, plain = load_tables(DATA), unescape(re.sub(r"<[^>]+>", "", html))
    for prefix, rows in (("niveau", tables.levels), ("let-op", tables.cautions), ("gesprek", tables.setups)):
        for row in rows:
            assert f'id="{prefix}-{row.id}"' in html
            assert f'href="#{prefix}-{row.id}"' in html
            assert f"<code>{row.id}</code>" in html
    sources = {source.id: source for source in load_sources(DATA)}
    for each in tables.rows:
        assert all(f"{sources[cited.id].title}" in plain and cited.section in plain for cited in each.sources)
    assert plain.count("nog niet ondertekend") == len(tables.reviews) + 1
    assert tables.version in plain
    assert "Hoe komt Pluis tot dit advies?" in plain
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(re.findall(r'id="([^"]+)"', html))


async def test_the_page_runs_nothing_and_is_linked_from_the_conversation(site: Site) -> None:
    answer = await site.http.get("/uitleg")
    policy = answer.headers["content-security-policy"]
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    assert not re.search(r"<script|<style|\son\w+=|\sstyle=", answer.text)
    assert len(re.findall(r"<h1", answer.text)) == 1
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', answer.text):
        assert (await site.http.get(address)).status_code == 200
    assert 'href="/uitleg"' in (await site.http.get("/")).text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a **en** b", "a <b>en</b> b"),
        ("Bel [112](tel:112).", 'Bel <a href="tel:112">112</a>.'),
        ("[x](javascript:alert(1)) <img>", "[x](javascript:alert(1)) &lt;img&gt;"),
        ("[a\" <b>](#x)", '<a href="#x">a&#34; &lt;b&gt;</a>'),
        ("Kop:\n\n- een\n- twee", "<p>Kop:</p><ul><li>een</li><li>twee</li></ul>"),
        ("Kop:\n- een\n- twee\nDan dit.", "<p>Kop:</p><ul><li>een</li><li>twee</li></ul><p>Dan dit.</p>"),
        ("- alleen dit", "<ul><li>alleen dit</li></ul>"),
        ("Bel (0800-2000).", 'Bel (<a href="tel:08002000">0800-2000</a>).'),
        ("Bel **(088) 234 24 50**", 'Bel <b><a href="tel:0882342450">(088) 234 24 50</a></b>'),
        ("Zie https://a.nl/b?c=1&d.", 'Zie <a href="https://a.nl/b?c=1&amp;d">https://a.nl/b?c=1&amp;d</a>.'),
        ("javascript:alert(1) en 112 mensen", 'javascript:alert(1) en <a href="tel:112">112</a> mensen'),
        (" \n", ""),
    ],
)  # fmt: skip
def test_only_links_bold_and_lists_become_html(text: str, html: str) -> None:
    assert str(marked(text)) == html


def test_the_command_prints_markdown_or_html_or_writes_both(own_data: Path, tmp_path: Path) -> None:
    printed = pluis("advice", "table")
    assert printed.exit_code == 0
    assert printed.stdout.startswith("# Hoe komt Pluis tot dit advies?")
    html = pluis("advice", "table", "--format", "html").stdout
    assert html.startswith("<!doctype html>")
    assert "--utrecht-document-background-color:" in html
    assert not re.search(r'(?:src|href)="/', html)
    out = tmp_path / "een" / "map"
    told = pluis("advice", "table", "--out", str(out))
    assert told.output.split() == ["pluis:", str(out / "uitleg.md"), "pluis:", str(out / "uitleg.html")]
    assert (out / "uitleg.md").read_text(encoding="utf-8") == printed.stdout
    assert (out / "uitleg.html").read_text(encoding="utf-8") == html
    assert pluis("advice", "table", "--format", "markdown", "--out", str(tmp_path / "md")).exit_code == 0
    assert [path.name for path in (tmp_path / "md").iterdir()] == ["uitleg.md"]


def test_a_wrong_format_is_wrong_usage_and_a_place_that_cannot_be_written_is_told(own_data: Path) -> None:
    assert pluis("advice", "table", "--format", "pdf").exit_code == 2
    assert pluis("advice").exit_code == 2
    refused = pluis("advice", "table", "--out", str(own_data / "advice" / "levels.yml"))
    assert refused.exit_code == 3
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", [("advice", "table"), ("check",), ("advise", "geen.yml")])
def test_every_command_tells_a_broken_table_with_file_and_line(own_data: Path, command: tuple[str, ...]) -> None:
    path, line = spoil(own_data)
    told = pluis(*command)
    assert told.exit_code == 1
    assert told.stderr.startswith(f"pluis: {path}:{line}: ")
    assert len(told.stderr.splitlines()) == 1


def test_the_explanation_names_a_source_that_is_not_known(own_data: Path) -> None:
    path, line = spoil(own_data, *UNKNOWN_SOURCE)
    told = pluis("advice", "table")
    assert told.exit_code == 1
    assert told.stderr.startswith(f"pluis: {path}:{line}: bron ‘pf-99z’ staat niet in sources.yml")


@pytest.mark.parametrize(
    ("process", "fault"), [("bot.web", ()), ("bot.web", UNKNOWN_SOURCE), ("actions.serve", ())]
)  # fmt: skip
def test_no_server_starts_on_a_broken_table(
    own_data: Path, tmp_path: Path, process: str, fault: tuple[str, ...]
) -> None:
    path, line = spoil(own_data, *fault)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PLUIS_SECRET": "s" * 32, "PLUIS_ENGINE_TOKEN": "e" * 32}
    ended = subprocess.run(
        [sys.executable, "-m", process], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 1, ended.stderr
    [told] = [text for text in ended.stderr.splitlines() if str(path) in text]
    assert told.startswith(f"pluis: {path}:{line}: ")
    assert "Traceback" not in ended.stderr


CONTRADICTION = b'{"case": {"danger_now": "yes", "signals": "yes", "danger_now": "no"}}'


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (CONTRADICTION, "danger_now staat er twee keer"),
        (b'{"case": {"weapon": "yes", "weapon": "yes"}}', "weapon staat er twee keer"),
        (b'{"case": {"signals": "yes"}, "case": {}}', "case staat er twee keer"),
        (b'{"profession": "arts", "case": {}, "profession": "ggz"}', "profession staat er twee keer"),
    ],
)
async def test_a_name_that_stands_twice_is_refused_by_name(site: Site, body: bytes, named: str) -> None:
    refused = await site.http.post("/api/advice", content=body, headers=JSON)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert named in refused.json()["detail"]


BAD: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"case": {"gevaar": "yes", "wapen": "no"}}, ("onbekend feit gevaar", "onbekend feit wapen")),
    ({"case": {"danger_now": "ja"}}, ("case.danger_now: 'ja' kan niet", "yes, no of unknown")),
    (
        {"case": {"danger_now": True, "weapon": ["yes"]}},
        ("case.danger_now: True kan niet", "case.weapon: ['yes'] kan niet"),
    ),
    ({"case": {"danger_now": None}}, ("case.danger_now: None kan niet",)),
    ({"case": [], "profession": "arts"}, ("case: dit is geen object",)),
    ({"case": {}, "profession": "dokter"}, ("profession: onbekende waarde",)),
    ({"case": {}, "client_role": {"a": 1}}, ("client_role: onbekende waarde",)),
    ({"case": {}, "beroep": "arts"}, ("beroep: onbekend veld beroep",)),
]


@pytest.mark.parametrize(("body", "named"), BAD)
async def test_what_does_not_fit_is_named_over_http_and_in_a_file(
    site: Site, own_data: Path, tmp_path: Path, body: dict[str, Any], named: tuple[str, ...]
) -> None:
    tables = load_tables(own_data)
    parts = site.app.state.services.parts
    object.__setattr__(parts, "advise", lambda given: _advise(tables, given))
    refused = await site.http.post("/api/advice", json=body)
    assert refused.status_code == 422
    assert all(part in refused.json()["detail"] for part in named)
    path = tmp_path / "casus.yml"
    path.write_text(json.dumps(body), encoding="utf-8")
    told = pluis("advise", str(path))
    assert told.exit_code == 1
    assert all(part in told.stderr for part in named)
    assert all(line.startswith(f"pluis: {path}:1: ") for line in told.stderr.splitlines())


def test_every_fault_in_a_file_is_told_with_its_line(own_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "casus.yml"
    path.write_text("profession: bakker\ncase:\n  fear: yes\n  gevaar: yes\n  weapon: ja\n", encoding="utf-8")
    told = pluis("advise", str(path))
    assert told.exit_code == 1
    for line, reason in ((1, "profession: "), (4, "case.gevaar: "), (5, "case.weapon: ")):
        assert f"pluis: {path}:{line}: {reason}" in told.stderr


def test_a_fact_that_stands_twice_in_a_file_is_told_with_its_line(own_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "casus.yml"
    path.write_text("profession: arts\ncase:\n  danger_now: yes\n  signals: yes\n  danger_now: no\n", encoding="utf-8")
    told = pluis("advise", str(path))
    assert told.exit_code == 1
    assert told.stderr == f"pluis: {path}:5: danger_now staat er twee keer; kies er een\n"


def test_the_explanation_uses_the_names_of_the_conversation() -> None:
    page = explain_tables(DATA)
    told = " ".join(line.text for detail in page.sections[0].rules[1].details for line in detail.lines)
    assert "Bel vandaag nog Veilig Thuis" in told
    assert "Melden is hier de professionele norm." in told
