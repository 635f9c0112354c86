"""The summary: both files can be downloaded by the links in the chat, hold what they must and nothing they must not,
and nothing of them is kept on the server."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from docx import Document

from tests.live.conversation import Player
from tests.live.site import Site
from tests.live.talk import Talk

pytestmark = pytest.mark.live

STORY = "Hij leest haar berichten mee en ze mag niet naar haar moeder. Ik slaap er slecht van."
ANSWERS = {
    "kennismaking.beroep": "wijkverpleegkundige",
    "gevoel.over_wie": {"press": "Mijn cliënt"},
    "feiten": "weet ik niet",
    "feiten.signalen": "geen",
    "feiten.meer_signalen": {"tick": ["victim.cancels"]},
    "feiten.lijst": {"press": "Klopt zo"},
    "gevaar.antwoord": "nee, dat is voorbij",
    "weging": "weet ik niet",
    "besluit.keuze": {"press": "Nog kijken"},
    "besluit.reden": "mijn collega kent het gezin goed",
    "besluit.bespreken": "nee",
    "besluit.hulp": {"press": "Nu niet"},
    "besluit.datum": "Over een week",
    "opzet.gewenst": "ja",
    "opzet.overlegd": "nog niet",
    "afronding.oordeel": "ja",
}


@pytest.fixture
def talk(pluis: Site) -> Iterator[Talk]:
    with Talk(pluis) as talk:
        talk.say(STORY)
        Player(pluis, talk).answer_on(ANSWERS, until="einde")
        talk.say("samenvatting")
        yield talk


def download(link: str) -> httpx.Response:
    """Get a file as a browser does that has no key."""
    answer = httpx.get(link, trust_env=False, timeout=30)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "attachment" in answer.headers["content-disposition"]
    return answer


def must_hold(text: str) -> None:
    """Assert what both versions hold and leave out."""
    needed = (
        "Wie kan dit lezen",
        "Verpleging",
        "leest haar berichten mee",
        "Nog kijken en noteren",
        "Volgende datum: ",
    )
    for wanted in (*needed, "Kindcheck", "meldcode", "nog in te vullen"):
        assert wanted in text, wanted
    for unwanted in ("slaap er slecht", "zegt op het laatste moment af", "red_flag", "Over een week", "None", "{"):
        assert unwanted not in text, unwanted


def words_in(word: bytes) -> str:
    """All text of a document, its tables too."""
    document = Document(io.BytesIO(word))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_all_files_hold_the_case(talk: Talk) -> None:
    links = talk.last.links
    names = [link.rsplit("/", 1)[1] for link in links]
    assert names == ["dossier.docx", "dossier.md", "advies.docx", "advies.md"]
    for name, link in zip(names, links, strict=True):
        answer = download(link)
        if name.endswith(".md"):
            assert answer.headers["content-type"].startswith("text/markdown")
            text = answer.text
            assert text.startswith("**Wie kan dit lezen?")
        else:
            text = words_in(answer.content)
            assert "**" not in text
        must_hold(text)
        reason = "mijn collega kent het gezin goed" in text  # what she thinks is for her own file alone
        assert reason is name.startswith("dossier")


def test_nothing_of_it_is_kept(pluis: Site, talk: Talk) -> None:
    before = _files(pluis)
    for link in talk.last.links:
        download(link)
    assert _files(pluis) == before


def test_a_link_that_was_changed_or_wiped_gives_nothing(pluis: Site, talk: Talk) -> None:
    link = talk.last.links[1]  # dossier.md
    changed = link.replace("/samenvatting/", "/samenvatting/x")
    assert httpx.get(changed, trust_env=False).status_code == 403
    assert httpx.get(f"{link[:-2]}pdf", trust_env=False).status_code == 404
    talk.wipe()
    assert httpx.get(link, trust_env=False).status_code in (403, 404)


def _files(site: Site) -> set[Path]:
    """Return all files of the server but what its databases and logs are made of."""
    every = (path for path in site.settings.var.rglob("*") if path.is_file())
    return {path for path in every if path.suffix != ".log" and not path.name.endswith(("-wal", "-shm", "-journal"))}
