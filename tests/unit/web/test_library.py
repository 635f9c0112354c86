"""`/kennis`: every topic can be found, read and followed to its source; no question breaks it or is kept."""

from __future__ import annotations

import dataclasses
import io
import logging
import re
import threading
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge import Citation, KnowledgeError, Topic
from bot.logs import PlaceFormatter
from bot.web.library import MAX_QUERY, shelves
from tests.unit.channels.fakes import FakeEngine

from .conftest import Site, content, running

OTHERS = {
    "a policy that lets run": "<script>alert(1)</script>",
    "an attribute": '" autofocus onfocus="alert(1)',
    "SQL": "'; DROP TABLE knowledge_topic; --",
    "FTS": 'NEAR("mes" "keel", 5) AND title:* OR "',
    "a template": "{{ 7 * 7 }}{% raw %}",
    "control": "mel\x00d\x1bco\u202ede\u200b\r\n\t",
    "signs": "?!*;\"'",
    "Arabic": "ما هو العنف المنزلي",
    "Turkish": "Ev içi şiddeti nereye bildirebilirim",
    "emoji": "👩‍👧 🙈",
    "format": "%s %d {0} %00",
}


def plain(html: str) -> str:
    """Return what is read of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def topic(id: str, title: str, kind: str = "topics", **changes: Any) -> Topic:
    """Make a topic."""
    cited = Citation("boek", "Een boek", "Hoofdstuk 1", 2020, "https://example.org/boek")
    made = Topic(id, kind, title, "Kort.", None, None, (cited,), (), ("alle",), date(2100, 5, 22), ("vraag",))
    return dataclasses.replace(made, **changes)


@pytest.fixture
def holding(site: Site) -> Any:
    """Return what puts other knowledge, and another search, behind the site."""
    services = site.app.state.services

    def hold(*topics: Topic, **changes: Any) -> None:
        found = [{"topic": topic.id} for topic in topics]
        changed = {"topics": lambda: topics, "search": lambda query, limit: found[:limit], **changes}
        parts = dataclasses.replace(services.parts, **changed)
        site.app.state.services = dataclasses.replace(services, parts=parts)

    return hold


async def test_what_finds_nothing_is_counted_and_its_text_is_not_kept(site: Site) -> None:
    for query in ("kwartelkoning", "meldcode", " "):
        await site.http.get("/kennis", params={"q": query})
    assert site.unanswered == [("kwartelkoning", False)]


async def test_every_topic_stands_once_in_the_list_under_its_kind(site: Site) -> None:
    answer = await site.http.get("/kennis")
    assert answer.status_code == 200
    browse = answer.text.split('<div class="rules browse', 1)[1]
    linked = re.findall(r'href="/kennis/([^"]+)"', browse)
    assert sorted(linked) == sorted(topic.id for topic in content())
    sections = re.findall(r'<h2 id="soort-(\w+)">', browse)
    assert set(sections) == {topic.kind for topic in content()}
    assert sections[0] == "topics"
    assert set(re.findall(r'href="#([^"]+)"', answer.text)) <= set(re.findall(r'id="([^"]+)"', answer.text))


async def test_every_topic_has_a_page_with_all_that_is_known_about_it(site: Site) -> None:
    titles = {topic.id: topic.title for topic in content()}
    chosen = [
        *content()[::40],
        max(content(), key=lambda topic: len(topic.sources)),
        next(topic for topic in content() if topic.doubt and topic.more),
    ]
    for each in chosen:
        answer = await site.http.get(f"/kennis/{each.id}")
        assert answer.status_code == 200
        told = plain(answer.text)
        assert told.count(each.title) >= 2
        for cited in each.sources:
            assert cited.title in told
            assert cited.section in told
            assert not cited.url or f'href="{cited.url}"' in unescape(answer.text)
        for other in each.related:
            assert f'href="/kennis/{other}"' in answer.text
            assert titles[other] in told
        assert ("hier is twijfel" in told) == bool(each.doubt)
        assert f"http://127.0.0.1:8000/kennis/{each.id}" in told
        assert len(re.findall("<h1", answer.text)) == 1


async def test_a_question_gets_the_topics_that_fit_best_first(site: Site, holding: Any) -> None:
    more = (Citation("gids", "De gids", "Deel 2", None, None), Citation("boek", "Een boek", "Hoofdstuk 3", 2020, None))
    last = topic("a_laatste", "Aan het eind", sources=(*topic("x", "x").sources, *more))
    holding(topic("z_eerste", "Zeker deze", short="Bel **nu** 0800-2000."), last)
    answer = await site.http.get("/kennis", params={"q": "wat nu?"})
    found, browse = answer.text.split('<div class="rules browse', 1)
    assert re.findall(r'href="/kennis/(\w+)"', found) == ["z_eerste", "a_laatste"]
    assert re.findall(r'href="/kennis/(\w+)"', browse) == ["a_laatste", "z_eerste"]
    assert 'Bel <b>nu</b> <a href="tel:08002000">0800-2000</a>.' in found
    assert "Bron: Een boek (2020), Hoofdstuk 1 " in plain(found)
    assert "Bron: Een boek (2020), Hoofdstuk 1, en 1 andere bron" in plain(found)
    assert 'href="https://example.org/boek"' in found
    assert "<title>2 onderwerpen gevonden | Kennis | Pluis</title>" in answer.text
    assert 'value="wat nu?"' in found


async def test_what_is_not_known_is_told_with_where_to_go(site: Site) -> None:
    answer = await site.http.get("/kennis", params={"q": "hoe bak ik een taart"})
    assert answer.status_code == 200
    found = answer.text.split('<section class="found"', 1)[1].split("</section>", 1)[0]
    assert "Niets gevonden" in found
    assert "Dat weet ik niet" in found
    assert 'href="tel:08002000"' in found
    assert 'href="/"' in found
    assert "/kennis/" not in found


@pytest.mark.parametrize("path", ["/kennis", "/kennis?q=", "/kennis?q=%20%00%0a"])
async def test_without_a_question_nothing_is_searched(site: Site, holding: Any, path: str) -> None:
    def search(query: str, limit: int) -> list[dict[str, Any]]:
        raise AssertionError(query)

    holding(topic("een", "Een"), search=search)
    answer = await site.http.get(path)
    assert answer.status_code == 200
    assert "gevonden</h2>" not in answer.text


@pytest.mark.parametrize("length", [MAX_QUERY, MAX_QUERY + 1, 10_000])
async def test_a_long_question_is_cut_and_that_is_told(site: Site, holding: Any, length: int) -> None:
    asked: list[str] = []

    def search(query: str, limit: int) -> list[dict[str, Any]]:
        asked.append(query)
        return []

    holding(topic("een", "Een"), search=search)
    answer = await site.http.get("/kennis", params={"q": "é" * length})
    assert answer.status_code == 200
    assert asked == ["é" * MAX_QUERY]
    assert (f"langer dan {MAX_QUERY} tekens" in answer.text) == (length > MAX_QUERY)


@pytest.mark.parametrize("query", OTHERS.values(), ids=OTHERS.keys())
async def test_whatever_is_asked_is_text_and_nothing_else(site: Site, query: str) -> None:
    answer = await site.http.get("/kennis", params={"q": query})
    assert answer.status_code == 200
    shown = re.search(r'<input type="search"[^>]* value="([^"]*)"', answer.text)
    assert shown
    if query not in (OTHERS["control"], OTHERS["emoji"]):
        assert unescape(shown[1]) == query
    assert not re.search(r"<script|autofocus(?!&)[^&]*=\"|[\x00-\x08\x0b-\x1f\u202e\u200b]", answer.text)
    assert "49" not in shown[1]


async def test_a_text_of_the_content_is_text_too(site: Site, holding: Any) -> None:
    bad = "<img src=x onerror=alert(1)>"
    wrong = Citation("x", bad, bad, 2020, 'https://example.org/"><script>')
    holding(topic("een", bad, short=bad, more=bad, doubt=bad, sources=(wrong,)))
    for path in ("/kennis?q=x", "/kennis/een"):
        html = (await site.http.get(path)).text
        assert "&lt;img" in html
        assert "<img src=x" not in html
        assert "<script" not in html


@pytest.mark.parametrize("id", ["bestaat_niet", "%00", "..%5c", "x" * 5000, "<script>", "Meldcode", "%ff"])
async def test_an_unknown_topic_is_told_with_ways_back(site: Site, id: str) -> None:
    answer = await site.http.get(f"/kennis/{id}")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "Dit onderwerp staat er niet" in answer.text
    assert {"/kennis", "/"} <= set(re.findall(r'href="([^"]+)"', answer.text))
    assert "<script" not in answer.text


async def test_a_topic_past_its_review_says_so(site: Site, holding: Any) -> None:
    holding(topic("oud", "Oud", review=date(2020, 5, 1)), topic("nieuw", "Nieuw"))
    assert "Dit had vóór 1 mei 2020 opnieuw nagekeken moeten zijn" in plain((await site.http.get("/kennis/oud")).text)
    fresh = plain((await site.http.get("/kennis/nieuw")).text)
    assert "Wordt vóór 22 mei 2100 opnieuw nagekeken" in fresh
    assert "nagekeken moeten zijn" not in fresh


async def test_knowledge_that_cannot_be_had_is_told_with_whom_to_call(site: Site, holding: Any) -> None:
    def out(*_: object) -> Any:
        raise KnowledgeError("no knowledge")

    holding(topics=out, search=out)
    for path in ("/kennis", "/kennis?q=meldcode", "/kennis/meldcode"):
        answer = await site.http.get(path)
        assert answer.status_code == 503
        assert 'href="tel:08002000"' in answer.text
        assert "even buiten werking" in answer.text
    answer = await site.http.get("/api/knowledge/search?q=meldcode")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:pluis:problem:part-unavailable")


async def test_the_pages_run_nothing_send_only_here_and_are_linked_from_the_conversation(site: Site) -> None:
    for path in ("/kennis", "/kennis?q=meldcode", "/kennis/meldcode", "/kennis/bestaat_niet"):
        answer = await site.http.get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "form-action 'self'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(r"<script|<style|\son\w+=|\sstyle=", answer.text)
        assert len(re.findall(r"<main|<h1", answer.text)) == 2
        for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', answer.text):
            assert (await site.http.get(address)).status_code == 200
    assert 'href="/kennis"' in (await site.http.get("/")).text
    assert "form-action 'none'" in (await site.http.get("/uitleg")).headers["content-security-policy"]


async def test_the_search_does_not_hold_up_other_requests(site: Site, holding: Any) -> None:
    threads: list[str] = []

    def search(query: str, limit: int) -> list[dict[str, Any]]:
        threads.append(threading.current_thread().name)
        return []

    def topics() -> tuple[Topic, ...]:
        threads.append(threading.current_thread().name)
        return ()

    holding(search=search, topics=topics)
    assert (await site.http.get("/kennis?q=meldcode")).status_code == 200
    assert len(threads) == 2
    assert threading.current_thread().name not in threads


async def test_no_word_of_a_question_is_in_any_log(tmp_path: Path) -> None:
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(PlaceFormatter("web"))
    root = logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    # the client of this test writes the addresses that it asks for; the server does not
    client = logging.getLogger("httpx")
    quiet, client.disabled = client.disabled, True
    try:
        async with running(tmp_path, FakeEngine()) as site:
            await site.http.get("/kennis?q=zonderlinge+blauwe+plek")
            await site.http.get("/kennis", params={"q": "zonderlinge " * 100})
            await site.http.get("/kennis/zonderlinge")
            services = site.app.state.services
            broken = dataclasses.replace(services.parts, search=None)
            site.app.state.services = dataclasses.replace(services, parts=broken)
            assert (await site.http.get("/kennis?q=zonderlinge")).status_code == 500  # a fault of ours
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        client.disabled = quiet
    assert '"route": "/kennis' in lines.getvalue()
    assert "zonderlinge" not in lines.getvalue()


def test_titles_are_ordered_as_people_look_them_up() -> None:
    titles = ["Zorg", "‘Eer’ als reden", "Één kind", "112 bellen", "(Ex-)partner", "eigen rol"]
    made = shelves([topic(title, title) for title in titles], {"topics": "Uitleg"})
    assert [(letter, [each.title for each in part]) for letter, part in made[0].parts] == [
        ("0-9", ["112 bellen"]),
        ("E", ["Één kind", "‘Eer’ als reden", "eigen rol", "(Ex-)partner"]),
        ("Z", ["Zorg"]),
    ]


def test_a_kind_without_a_heading_is_not_lost() -> None:
    rows = [topic("a", "Een", "figures"), topic("b", "Twee", "nieuw"), topic("c", "Drie", "groups")]
    made = shelves(rows, {"topics": "Uitleg", "figures": "Cijfers", "laws": "Wetten", "groups": "Kans"})
    assert [(shelf.title, shelf.size) for shelf in made] == [("Uitleg", 1), ("Cijfers", 1), ("Kans", 1)]
