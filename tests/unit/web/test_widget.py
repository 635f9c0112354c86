"""What other sites get: the script, its headers, and who may have the chat page in a frame."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bot.settings import ROOT
from tests.unit.channels.fakes import FakeEngine

from .conftest import QUICK, Site, running

HOST = "https://intranet.voorbeeld.nl"
OTHER = "https://www.voorbeeld.nl"


def ancestors(policy: str) -> str:
    """Return who may have a page in a frame."""
    (found,) = [rule for rule in policy.split("; ") if rule.startswith("frame-ancestors ")]
    return found.removeprefix("frame-ancestors ")


async def test_the_script_is_the_only_thing_that_other_sites_may_load(site: Site) -> None:
    script = await site.http.get("/widget.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    for path in ("/", "/static/app.js", "/static/pluis.css", "/uitleg", "/kennis", "/nergens"):
        assert (await site.http.get(path)).headers["cross-origin-resource-policy"] == "same-origin"
    for path in ("/static/widget.js", "/static/widget.css"):
        assert (await site.http.get(path)).status_code == 404


async def test_the_script_is_kept_for_a_short_while_and_then_asked_about(site: Site) -> None:
    script = await site.http.get("/widget.js")
    assert script.headers["cache-control"] == "public, max-age=300"
    tag = script.headers["etag"]
    for asked in (tag, f"W/{tag}", f'"iets", {tag}'):
        same = await site.http.get("/widget.js", headers={"If-None-Match": asked})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
        assert same.headers["cache-control"] == script.headers["cache-control"]
        assert same.headers["cross-origin-resource-policy"] == "cross-origin"
    assert (await site.http.get("/widget.js", headers={"If-None-Match": '"anders"'})).status_code == 200


async def test_the_script_changes_with_the_settings(tmp_path: Path) -> None:
    tags = set()
    changed: tuple[dict[str, Any], ...] = ({}, {"embed_origins": HOST}, {"quick_exit_url": "https://elders.nl/"})
    for number, changes in enumerate(changed):
        (root := tmp_path / str(number)).mkdir()
        async with running(root, FakeEngine(), QUICK, **changes) as site:
            script = await site.http.get("/widget.js")
        tags.add(script.headers["etag"])
        assert all(value in script.text for value in changes.values())
    assert len(tags) == 3


async def test_the_script_asks_nothing_of_a_strict_policy_and_nothing_of_another_host(site: Site) -> None:
    script = (await site.http.get("/widget.js")).text
    for refused in (
        "innerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "'style'",
        "<style",
        "@import",
        "url(",
    ):
        assert refused not in script
    for kept in ("localStorage", "cookie", "indexedDB", "caches"):
        assert kept not in script
    addresses = {part.split("'")[0].split('"')[0] for part in script.split("https://")[1:]}
    assert addresses == {"www.buienradar.nl/"}


async def test_only_the_chat_page_may_be_in_a_frame_and_only_of_whom_is_named(tmp_path: Path) -> None:
    async with running(tmp_path, FakeEngine(), embed_origins=f"{HOST}, {OTHER}") as site:
        page = await site.http.get("/")
        assert ancestors(page.headers["content-security-policy"]) == f"'self' {HOST} {OTHER}"
        assert "x-frame-options" not in page.headers
        for path in ("/uitleg", "/kennis", "/cijfers"):
            assert ancestors((await site.http.get(path)).headers["content-security-policy"]) == "'self'"
        assert ancestors((await site.http.get("/widget.js")).headers["content-security-policy"]) == "'none'"


async def test_without_the_setting_no_other_site_may(site: Site) -> None:
    policy = (await site.http.get("/", params={"host": HOST})).headers["content-security-policy"]
    assert ancestors(policy) == "'self'"


@pytest.mark.parametrize(
    ("host", "framed"),
    [(HOST, True), ("http://127.0.0.1:8000", True), (OTHER, False), (f"{HOST}.kwaad.nl", False), ("", False)],
)
async def test_the_page_speaks_with_a_host_that_is_named_and_with_no_other(
    tmp_path: Path, host: str, framed: bool
) -> None:
    async with running(tmp_path, FakeEngine(), embed_origins=HOST) as site:
        page = (await site.http.get("/", params={"host": host})).text
    assert (f'data-host="{host}"' in page) is (framed or not host)
    assert ('<body class="framed">' in page) is framed
    assert page.count('id="wipe"') == 1


async def test_the_page_knows_its_own_address_however_that_was_written(tmp_path: Path) -> None:
    async with running(tmp_path, FakeEngine(), public_url="https://Pluis.example:443/", embed_origins=HOST) as site:
        page = await site.http.get("/", params={"host": "https://pluis.example"})
    policy = page.headers["content-security-policy"]
    assert 'data-host="https://pluis.example"' in page.text
    assert "connect-src 'self' ws://pluis.example wss://pluis.example;" in policy
    assert ancestors(policy) == f"'self' {HOST}"


async def test_a_start_that_is_not_in_the_list_is_not_taken(site: Site) -> None:
    known = (await site.http.get("/?start=vraag")).text
    assert 'data-start="Ik heb een vraag" data-starts=""' in known
    unknown = (await site.http.get("/", params={"start": '"><script>'})).text
    assert 'data-start="" data-starts="onderbuikgevoel, ' in unknown
    assert "<script>" not in unknown
    assert 'data-start="" data-starts=""' in (await site.http.get("/")).text


async def test_a_shared_machine_is_told_to_the_page(site: Site) -> None:
    for query, shared in (("", False), ("?shared", True), ("?shared=", True), ("?shared=nee", True)):
        assert (" data-shared>" in (await site.http.get(f"/{query}")).text) is shared


async def test_what_an_editor_may_write_is_told(site: Site) -> None:
    told = (ROOT / "docs" / "insluiten.md").read_text(encoding="utf-8")
    starts = site.app.state.services.parts.starts
    assert dict(re.findall(r"^\| `([a-z_]+)` \| (.+?) \|$", told, re.MULTILINE)) == starts
    script = (await site.http.get("/widget.js")).text
    read = set(re.findall(r"dataset\.(\w+)|option\('(\w+)'|'(\w+)' in script\.dataset", script))
    options = {f"data-{name}" for names in read for name in names if name}
    assert options == set(re.findall(r"^\| `(data-\w+)", told, re.MULTILINE))
