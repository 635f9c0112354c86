"""Bad input gets a clear sentence or a problem document in Dutch: never a 500, never a stuck conversation."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from markdown_it import MarkdownIt

from bot.channels import sentences
from bot.channels.activities import with_links_to_call
from tests.live.conversation import question_id
from tests.live.site import Site
from tests.live.talk import BASE, Talk

pytestmark = pytest.mark.live

HELP = "Deze woorden werken altijd"
STORY = "Hij bepaalt met wie ze mag praten, dat zag ik op het spreekuur."
LONE_SURROGATE = r'{"type": "message", "from": {"id": "jij"}, "text": "haar man \ud83d antwoordt \u0000 voor haar"}'


def alive(talk: Talk) -> None:
    """Assert that the conversation still goes on."""
    assert HELP in talk.say("help").text


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """Assert that an answer is a problem document in Dutch, and return it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["type"]
    assert body["title"]
    return body


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\t", "🙂🙂", "👩‍👧", "...", "?!", "\u200b\u200d\ufeff", "\u0000"], ids=repr
)
def test_no_words_gets_a_sentence(pluis: Site, text: str) -> None:
    with Talk(pluis) as talk:
        assert talk.say(text).text == with_links_to_call(sentences.NO_WORDS)
        alive(talk)


@pytest.mark.parametrize(
    "text",
    [
        "haar \u0000man\u0000 antwoordt voor haar",
        "h\u200ba\u200bar man ant\u00adwoordt voor haar",
        "\u202ehaar man antwoordt voor haar\u202c",
        "haar man antwoordt voor haar 🙂",
        "HAAR MAN ANTWOORDT VOOR HAAR!!!!!!!!",
    ],
    ids=ascii,
)
def test_strange_characters_do_not_hide_the_words(pluis: Site, text: str) -> None:
    with Talk(pluis) as talk:
        talk.say(text)
        quotes = " ".join(line.quote for line in pluis.case(talk.id).lines).casefold()
        assert "haar man antwoordt voor haar" in quotes
        alive(talk)


def test_a_lone_surrogate_in_json_is_read(pluis: Site) -> None:
    with Talk(pluis) as talk:
        headers = {"Authorization": f"Bearer {talk.token}", "Content-Type": "application/json"}
        path = f"{BASE}/conversations/{talk.id}/activities"
        sent = talk.http.post(path, headers=headers, content=LONE_SURROGATE)
        assert sent.status_code in (200, 400, 422), sent.text
        if sent.status_code == 200:
            talk.answer_to(int(sent.json()["id"].rsplit("|", 1)[1]))
        alive(talk)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> haar man antwoordt voor haar",
        "<img src=x onerror=alert(1)> haar man antwoordt voor haar",
        "[klik](javascript:alert(1)) haar man antwoordt voor haar",
        "![x](https://example.org/x.png) haar man antwoordt voor haar",
        "{{7*7}} ${7*7} {quote} haar man antwoordt voor haar",
        "'; DROP TABLE conversations; -- haar man antwoordt voor haar",
    ],
)
def test_markup_is_only_text(pluis: Site, text: str) -> None:
    with Talk(pluis) as talk:
        talk.say(text)
        talk.press(next(iter(talk.last.replies)))
        shown = talk.say("overzicht")
        echo = [one for one in talk.heard.values() if one["from"].get("role") == "user"]
        assert all(one["textFormat"] == "plain" for one in echo)
        for spoken in shown.texts:
            assert made_of(spoken) <= {"tel"}, spoken
        alive(talk)


def made_of(markdown: str) -> set[str]:
    """Return what a Markdown client makes of a text that is no plain text: HTML, images, and links by their scheme."""
    found = set()
    for block in MarkdownIt("commonmark").parse(markdown):
        for token in [block, *(block.children or ())]:
            if token.type.startswith(("html", "image")):
                found.add(token.type)
            if token.type == "link_open":
                found.add(str(token.attrs["href"]).split(":")[0])
    return found


def test_4000_characters_are_read_and_4001_are_not(pluis: Site) -> None:
    sentence = "Hij antwoordt voor haar en zij kijkt naar de grond. "
    longest = (sentence * 100)[:4000]
    with Talk(pluis) as talk:
        talk.say(longest)
        assert pluis.case(talk.id).lines, "er is niets van gelezen"
        path, headers = f"{BASE}/conversations/{talk.id}/activities", {"Authorization": f"Bearer {talk.token}"}
        body = {"type": "message", "from": {"id": "jij"}, "text": f"{longest}x"}
        refused = problem(talk.http.post(path, headers=headers, json=body), 413)
        assert "4.000" in json.dumps(refused, ensure_ascii=False)
        talk.until(lambda said: any(one.get("text") == with_links_to_call(sentences.TOO_LONG) for one in said))
        alive(talk)


def test_requests_that_are_none(pluis: Site) -> None:
    with Talk(pluis) as talk:
        headers = {"Authorization": f"Bearer {talk.token}", "Content-Type": "application/json"}
        path = f"{BASE}/conversations/{talk.id}/activities"
        problem(talk.http.post(path, headers=headers, content=b'{"type": "message", '), 400)
        problem(talk.http.post(path, headers=headers, content=b"\xff\xfe\x00"), 400)
        problem(talk.http.post(path, headers=headers, json=["message"]), 422)
        problem(talk.http.post(path, headers=headers, json={"type": "message", "text": {"a": 1}}), 422)
        problem(
            talk.http.post(path, headers=headers, content=b'{"type": "message", "text": "' + b"a" * 2**20 + b'"}'), 413
        )
        problem(talk.http.post(f"{BASE}/conversations/{talk.id}/upload", headers=headers, content=b"x"), 415)
        problem(
            talk.http.post(f"{BASE}/conversations/onbekend/activities", headers=headers, json={"type": "message"}), 404
        )
        problem(talk.http.get(f"{BASE}/conversations/{'0' * 32}", headers=headers), 404)
        problem(talk.http.get(path), 401)
        problem(talk.http.get(path, headers={"Authorization": "Bearer onzin"}), 403)
        problem(talk.http.get("/bestaat/niet"), 404)
        problem(talk.http.post("/api/analyse", headers=headers, content=b"{"), 400)
        problem(talk.http.post("/api/analyse", json={"text": " "}), 422)
        problem(talk.http.post("/api/advice", json={"profession": "huisarts", "case": {"bestaat_niet": "yes"}}), 422)
        alive(talk)


def test_a_card_or_reply_that_was_not_handed_out_is_refused(pluis: Site) -> None:
    with Talk(pluis) as talk, Talk(pluis) as other:
        stolen = next(iter(other.last.replies.values()))
        path, headers = f"{BASE}/conversations/{talk.id}/activities", {"Authorization": f"Bearer {talk.token}"}
        for reply in ("onbekend", "/wis_gesprek", "../../x", "", "x" * 5000, stolen):
            body = {"type": "message", "from": {"id": "jij"}, "value": {"reply": reply, "keuze": "1,2,/restart"}}
            sent = talk.http.post(path, headers=headers, json=body)
            assert sent.status_code == 200, sent.text
            assert talk.answer_to(int(sent.json()["id"].rsplit("|", 1)[1])).text == with_links_to_call(
                sentences.UNKNOWN_REPLY
            )
        alive(talk)


def test_300_messages_in_a_row_are_answered_once_each(pluis: Site) -> None:
    """All sent without waiting; each is answered, and none twice. Most hold no words, and are answered at once."""
    with Talk(pluis) as talk:
        talk.say(STORY)
        assert question_id(pluis.case(talk.id)) == "kennismaking.beroep"
        numbers = [talk.send("help" if at % 6 == 0 else "🙂") for at in range(300)]
        assert len(set(numbers)) == 300
        talk.until(lambda said: _said(said, HELP) >= 50 and _said(said, sentences.NO_WORDS) >= 250, within=240)
        kept = talk.all()
        assert (_said(kept, HELP), _said(kept, sentences.NO_WORDS)) == (50, 250)
        assert question_id(pluis.case(talk.id)) == "kennismaking.beroep"


def _said(said: list[dict[str, Any]], text: str) -> int:
    return sum(text in one.get("text", "") for one in said)
