"""The rest of the site: the API, health, the page, the summary, and what bad input gets."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.database import Base, make_engine, session_factory
from bot.knowledge import read_gaps
from bot.knowledge.gaps import record_gap
from bot.logs import PlaceFormatter
from bot.practice import Move, Session, kept
from tests.unit.channels.fakes import FakeEngine

from .conftest import Site, make_settings, running
from .serving import serving
from .talk import BASE, Talk

JSON = {"Content-Type": "application/json"}


async def test_search_answers_with_what_fits_or_nothing(site: Site) -> None:
    found = (await site.http.get("/api/knowledge/search", params={"q": "wat is de meldcode"})).json()
    assert found == {"query": "wat is de meldcode", "results": [{"topic": "meldcode", "title": "wat is de meldcode"}]}
    assert (await site.http.get("/api/knowledge/search?q=weer")).json()["results"] == []
    assert (await site.http.get("/api/knowledge/search")).json() == {"query": "", "results": []}


async def test_a_question_that_finds_nothing_is_counted_without_names(site: Site) -> None:
    for query in ("mag Fatima naar de kapper", "wat is de meldcode van Fatima", "", " "):
        await site.http.get("/api/knowledge/search", params={"q": query})
    assert site.unanswered == [("mag [persoon 1] naar de kapper", True)]
    assert site.door.known == {}


async def test_a_question_of_nobody_is_forgotten_after_the_term(tmp_path: Path) -> None:
    engine = make_engine(make_settings(tmp_path).database)
    Base.metadata.create_all(engine)
    sessions, now = session_factory(engine), datetime.now(UTC)
    for hours, words in ((1, "vers"), (3, "oud")):
        record_gap(sessions, "meldcode", words, None, now - timedelta(hours=hours))
    async with running(tmp_path, FakeEngine(), conversation_hours=2):
        async with asyncio.timeout(5):
            while len(read_gaps(sessions)[0].questions) > 1:
                await asyncio.sleep(0.02)
    engine.dispose()
    (gap,) = read_gaps(sessions)
    assert (gap.count, gap.questions) == (2, ("vers",))


async def test_analysis_is_of_the_masked_text_and_leaves_nothing_behind(site: Site) -> None:
    answer = (await site.http.post("/api/analyse", json={"text": "Fatima zag een mes"})).json()
    assert answer == {
        "text_pseudonymised": "[persoon 1] zag een mes",
        "danger": {"acute": True, "score": 0.9, "triggers": [{"kind": "weapon", "quote": "een mes"}]},
        "statements": [{"quote": "[persoon 1] zag een mes"}],
        "signals": [],
        "forms": [],
    }
    assert site.door.known == {}


async def test_advice_names_what_is_wrong_with_a_case(site: Site) -> None:
    assert (await site.http.post("/api/advice", json={"case": {}})).json() == {"outcome": "observe"}
    refused = await site.http.post("/api/advice", json={})
    assert refused.status_code == 422
    assert refused.json()["detail"] == "case ontbreekt"


async def test_the_api_is_open_on_this_machine_only(tmp_path: Path) -> None:
    async with running(tmp_path, FakeEngine(), client="10.0.0.9", api_keys="een-sleutel, twee") as site:
        assert (await site.http.get("/api/knowledge/search?q=x")).status_code == 401
        for key, status in (("twee", 200), ("een-sleutel", 200), ("drie", 401), ("", 401)):
            headers = {"Authorization": f"Bearer {key}"}
            assert (await site.http.get("/api/knowledge/search?q=x", headers=headers)).status_code == status


async def test_another_sites_name_for_this_machine_is_not_local(site: Site) -> None:
    answer = await site.http.get("/api/knowledge/search?q=x", headers={"Host": "evil.example"})
    assert answer.status_code == 401


async def test_without_configured_keys_an_empty_key_opens_nothing(tmp_path: Path) -> None:
    async with running(tmp_path, FakeEngine(), client="10.0.0.9") as site:
        answer = await site.http.get("/api/knowledge/search?q=x", headers={"Authorization": "Bearer "})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("path", "content", "status", "kind"),
    [
        ("/api/analyse", b"{", 400, "bad-json"),
        ("/api/analyse", b"\xff\xfe", 400, "bad-json"),
        ("/api/analyse", b"[" * 30_000, 400, "bad-json|bad-request"),
        ("/api/analyse", b'{"tekst": 1}', 422, "invalid-input"),
        ("/api/analyse", b'{"text": 1}', 422, "invalid-input"),
        ("/api/analyse", b'{"text": ""}', 422, "empty-text"),
        ("/api/analyse", b'{"text": "\\u0000 \\ud83d\\ude22"}', 422, "empty-text"),
        ("/api/analyse", json.dumps({"text": "a" * 4001}).encode(), 413, "text-too-long"),
        ("/api/analyse", b'{"text": "' + b"a" * 1_000_000 + b'"}', 413, "body-too-large"),
        ("/api/advice", b"[]", 422, "invalid-input"),
        ("/bestaat-niet", b"{}", 404, "not-found"),
        ("/health/live", b"{}", 405, "method-not-allowed"),
    ],
)
async def test_bad_input_gets_a_problem_document(site: Site, path: str, content: bytes, status: int, kind: str) -> None:
    answer = await site.http.post(path, content=content, headers=JSON)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert re.fullmatch(f"urn:pluis:problem:({kind})", answer.json()["type"])
    assert answer.json()["status"] == status
    assert answer.json()["instance"].endswith(answer.headers["x-request-id"])


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"null", b"[]", b'"x"', b"{}", b'{"type": 5}', b'{"type": "message", "text": {"a": 1}}',
        b'{"type": "message", "from": "x"}', b'{"type": "message", "channelData": []}', b"\x00",
        b'{"type": "message", "text": "\\ud800"}', b'{"type": "message", "value": {"reply": {"a": []}}}',
        b'{"type": "message", "text": "hoi", "channelData": {"pluisMessage": {"a": 1}, "clientActivityID": "\\ud800"}}',
        b'{"type": "message", "from": {"id": 7}, "attachments": [1], "text": "hoi"}',
        b'{"type": "message", "text": "<img src=x onerror=alert(1)> [klik](javascript:alert(1))"}',
        b'{"type": "message", "value": 1e999, "text": "hoi"}',
    ],
)  # fmt: skip
async def test_no_activity_makes_a_500_or_stops_the_conversation(site: Site, content: bytes) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    answer = await site.http.post(talk.url, content=content, headers=talk.headers | JSON)
    assert answer.status_code in {200, 400, 422}
    await talk.say("en nu gewoon")
    await talk.until_said("antwoord op: en nu gewoon")


async def test_a_body_without_a_length_is_limited_too(site: Site) -> None:
    async def chunks() -> Any:
        for _ in range(20):
            yield b"x" * 10_000

    answer = await site.http.post("/api/analyse", content=chunks(), headers=JSON)
    assert answer.status_code == 413


async def test_ready_says_which_part_is_out(site: Site) -> None:
    ready = await site.http.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["checks"] == dict.fromkeys(("database", "engine", "model", "actions"), "ok")
    site.engine.down = True
    ready = await site.http.get("/health/ready")
    assert ready.status_code == 503
    assert ready.json()["checks"] == {
        "database": "ok", "engine": "unavailable", "model": "unavailable", "actions": "unavailable",
    }  # fmt: skip
    assert (await site.http.get("/health/live")).status_code == 200


async def test_an_engine_that_is_out_gives_the_api_a_503(site: Site) -> None:
    site.engine.down = True
    answer = await site.http.post("/api/analyse", json={"text": "hallo"})
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:pluis:problem:part-unavailable"


async def test_a_fault_of_ours_is_a_problem_document_without_the_text(site: Site, caplog: Any) -> None:
    broken = site.app.state.services.chat.store

    def fail(*_: object) -> None:
        raise RuntimeError("geheime tekst")

    talk = await Talk.begin(site.http)
    broken.check = fail
    answer = await talk.post(text="hallo")
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:pluis:problem:internal"
    assert answer.json()["instance"].endswith(answer.headers["x-request-id"])
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "geheim" not in answer.text + caplog.text
    failed = next(record for record in caplog.records if record.message == "request failed")
    assert failed.error == "RuntimeError"


async def test_the_page_has_no_inline_script_and_a_strict_policy(site: Site) -> None:
    page = await site.http.get("/")
    policy = page.headers["content-security-policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce
    assert nonce[1] in page.text
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)
    assert not re.search(r"\son\w+=|style=", page.text)
    assert {"tel:112", "tel:08002000"} <= set(re.findall(r'href="(tel:\d+)"', page.text))
    assert not re.search(r"\b(u|uw)\b", re.sub(r"<[^>]+>", " ", page.text), re.IGNORECASE)
    for asset in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text):
        answer = await site.http.get(asset)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    other = (await site.http.get("/")).headers["content-security-policy"]
    assert other != policy


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/nee.js", "/webchat/x/../../pluis.db", "/webchat/x/pluis.db"]
)
async def test_no_other_file_is_served(site: Site, path: str) -> None:
    assert (await site.http.get(path)).status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/uitleg", "/kennis", "/cijfers", "/studio/play", "/health/live", "/nergens", "/openapi.json"]
)
async def test_every_answer_has_safe_headers(site: Site, path: str) -> None:
    headers = (await site.http.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-permitted-cross-domain-policies"] == "none"
    assert headers["x-dns-prefetch-control"] == "off"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert {"camera=()", "microphone=()", "geolocation=()", "browsing-topics=()"} <= set(
        headers["permissions-policy"].split(", ")
    )
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "base-uri 'none'" in policy
    assert re.search(r"frame-ancestors '(none|self)'", policy)
    assert not {"server", "x-powered-by"} & set(headers)
    assert "strict-transport-security" not in headers  # a browser ignores it without encryption


async def test_over_https_a_browser_is_told_to_stay_there(site: Site) -> None:
    for path in ("/", "/nergens"):
        answer = await site.http.get(f"https://127.0.0.1:8000{path}")
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_headers_have_a_limit_and_nobody_is_told_what_serves(tmp_path: Path) -> None:
    with serving(tmp_path) as site, httpx.Client(base_url=site.url, trust_env=False) as http:
        fine = http.get("/health/live", headers={"X-A": "a" * 30_000})
        assert (fine.status_code, "server" in fine.headers) == (200, False)
        try:
            status = http.get("/health/live", headers={"X-A": "a" * 1_000_000}).status_code
        except httpx.TransportError:
            status = 400  # cut off while sending
        assert status == 400


def _addresses(activity: dict[str, Any]) -> list[str]:
    """The addresses behind the buttons of the card with the summary."""
    body = activity["attachments"][0]["content"]["body"]
    return [action["url"] for part in body for action in part.get("actions", ())]


async def _offered(site: Site) -> tuple[Talk, list[str]]:
    """Ask for the summary of a case; return the conversation and the four addresses."""
    site.engine.answer = lambda body: [{"custom": {"kind": "summary"}}]
    site.engine.slots = {"casus": {"story": "blauwe plek"}}
    talk = await Talk.begin(site.http)
    said = await talk.until_said("samenvatting")
    return talk, _addresses(said[-1])


async def test_the_summary_is_made_in_two_versions_and_two_forms(site: Site) -> None:
    _, addresses = await _offered(site)
    assert [address.rsplit("/", 1)[1] for address in addresses] == [
        "dossier.docx",
        "dossier.md",
        "advies.docx",
        "advies.md",
    ]
    for address in addresses:
        version, form = address.rsplit("/", 1)[1].split(".")
        answer = await site.http.get(address)
        assert answer.status_code == 200
        assert f"{version}" in answer.text
        assert "blauwe plek" in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert f'filename="samenvatting-{version}.{form}"' in answer.headers["content-disposition"]


async def test_who_came_by_a_link_gets_a_page_that_says_what_is_wrong(site: Site) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for path, status, told in (
        ("/bestaat-niet", 404, "<h1>Dit adres bestaat niet</h1>"),
        ("/samenvatting/x/dossier.md", 403, "Vraag in het gesprek opnieuw om de samenvatting."),
    ):
        page = await site.http.get(path, headers=browser)
        assert page.status_code == status
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["vary"] == "Accept"
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert told in page.text
        assert path not in page.text
        assert (await site.http.get(path)).headers["content-type"] == "application/problem+json"
    posted = await site.http.post("/bestaat-niet", headers=browser)
    assert posted.headers["content-type"] == "application/problem+json"
    _, (_, markdown, *_others) = await _offered(site)
    site.engine.down = True
    out = await site.http.get(markdown, headers=browser)
    assert (out.status_code, out.headers["retry-after"]) == (503, "5")
    assert "Een deel van Pluis is even buiten werking" in out.text


async def test_the_summary_is_made_for_a_signed_address_only(site: Site) -> None:
    talk, (_, markdown, *_others) = await _offered(site)
    assert (await site.http.get(markdown.replace("/samenvatting/", "/samenvatting/x"))).status_code == 403
    assert (await site.http.get(f"/samenvatting/{talk.token}/dossier.md")).status_code == 403
    for wrong in ("dossier.pdf", "alles.md", "dossier", "md"):
        assert (await site.http.get(f"{markdown.rsplit('/', 1)[0]}/{wrong}")).status_code == 404
    site.engine.slots = {}
    assert (await site.http.get(markdown)).status_code == 404


async def test_the_report_of_a_practice_dialogue_is_made_for_a_signed_address_too(site: Site) -> None:
    _, (_, markdown, *_others) = await _offered(site)
    address = f"{markdown.rsplit('/', 1)[0]}/oefening.md"
    session = Session("haar_man_antwoordt", (Move("hem_eerst", "Meneer, hoe gaat het been?", ("open_vraag",), 0.9),))
    site.engine.slots = {"oefening": {"session": kept(session)}}
    answer = await site.http.get(address)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert 'filename="oefengesprek.md"' in answer.headers["content-disposition"]
    assert answer.text.startswith("# Oefengesprek: Haar man antwoordt voor haar")
    assert "open vraag: 1 keer" in answer.text
    for slot in (None, {}, {"session": {"dialogue": "weg"}}, {"session": 3}, "oefening"):
        site.engine.slots = {"oefening": slot}
        assert (await site.http.get(address)).status_code == 403
    assert (await site.http.get(address.replace(".md", ".docx"))).status_code == 404
    assert (await site.http.get(address.replace("/samenvatting/", "/samenvatting/x"))).status_code == 403


async def test_of_a_wiped_conversation_there_is_no_summary_even_if_the_engine_still_has_it(site: Site) -> None:
    talk, addresses = await _offered(site)
    site.engine.refuses_to_forget = [talk.id]
    assert (await site.http.delete(f"{BASE}/conversations/{talk.id}", headers=talk.headers)).is_success
    assert [(await site.http.get(address)).status_code for address in addresses] == [404] * 4


async def test_the_chat_client_is_sent_compressed_to_who_can_read_it(site: Site) -> None:
    folder = site.settings.var / "webchat"
    folder.mkdir()
    (folder / "webchat.js").write_bytes(b"// client")
    (folder / "webchat.js.gz").write_bytes(gzip.compress(b"// client"))
    for accepted, encoding in (("gzip, br", "gzip"), ("identity", None)):
        answer = await site.http.get("/webchat/x/webchat.js", headers={"Accept-Encoding": accepted})
        assert (answer.text, answer.headers.get("content-encoding")) == ("// client", encoding)
        assert answer.headers["vary"] == "Accept-Encoding"


async def test_who_asks_all_the_time_how_it_is_does_not_fill_the_log(site: Site, caplog: Any) -> None:
    caplog.set_level("INFO", logger="pluis.web")
    site.engine.down = True
    for path in ("/health/live", "/health/ready", "/nergens"):
        await site.http.get(path)
    assert [record.status for record in caplog.records if record.message == "request"] == [404]


async def test_metrics_count_without_ids(site: Site) -> None:
    talk = await Talk.begin(site.http)
    await talk.until_said("Welkom")
    text = (await site.http.get("/metrics")).text
    assert 'pluis_turns_total{outcome="answered"} 1.0' in text
    assert talk.id not in text


async def test_everything_public_is_described(site: Site) -> None:
    paths = (await site.http.get("/openapi.json")).json()["paths"]
    assert {"/api/analyse", "/api/advice", "/api/knowledge/search", f"{BASE}/conversations"} <= set(paths)


async def test_no_word_of_a_message_is_in_any_log(tmp_path: Path) -> None:
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(PlaceFormatter("web"))
    root = logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    try:
        async with running(tmp_path, FakeEngine()) as site:
            talk = await Talk.begin(site.http)
            await talk.until_said("Welkom")
            site.engine.faults = [503, 500, 422]
            await talk.say("zonderlinge blauwe plek")
            await talk.until_said("foutnummer")
            site.engine.down = True
            await talk.say("zonderlinge tweede")
            await talk.until_said("buiten werking")
            await talk.post(text="zonderlinge " * 500)
            await site.http.post(talk.url, content=b'{"zonderlinge', headers=talk.headers | JSON)
            await site.http.get("/api/knowledge/search?q=zonderlinge")
            site.app.state.services.chat.store.hear = None  # a fault of ours
            await talk.post(text="zonderlinge derde")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    written = lines.getvalue()
    assert "zonderlinge" not in written
    entries = [json.loads(line) for line in written.splitlines()]
    assert any(e.get("error") == "EngineUnavailableError" for e in entries)
    assert any(e.get("event") == "request" and e.get("conversation") == talk.id for e in entries)
