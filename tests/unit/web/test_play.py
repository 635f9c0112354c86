"""`/studio/play`: a dialogue is played by typing and pressing, the page keeps the play, and nothing stays here."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import inspect, text

from bot.practice import Dialogue, Move, Scene, Session, kept, load_dialogues, open_options, position, walks
from bot.settings import ROOT
from tests.unit.channels.fakes import FakeEngine
from tests.unit.practice import script
from tests.unit.studio.conftest import ANNA
from tests.unit.studio.conftest import text as written

from .conftest import Site, running
from .test_library import plain

SHIPPED = load_dialogues(ROOT / "data")
MAN = SHIPPED["haar_man_antwoordt"]
ADDRESS = f"/studio/play/{MAN.id}"
BEGIN = open_options(position(MAN))
WALK = min(walks(MAN), key=len)  # scene and option, to an ending


def words_of(scene: str, option: str) -> str:
    """How an option can sound."""
    place = MAN.places[scene]
    assert isinstance(place, Scene)
    return next(each.examples[0] for each in place.options if each.id == option)


WALK_WORDS = [words_of(scene, option) for scene, option in WALK]
DANGER = "En toen pakte hij een mes, zei je dat?"


async def step(site: Site, session: Any = None, **told: Any) -> httpx.Response:
    """Take a step, as the page does."""
    return await site.http.post(ADDRESS, json={"session": session, **told})


async def shown(site: Site, session: Any = None, **told: Any) -> dict[str, Any]:
    """Take a step that is taken."""
    answer = await step(site, session, **told)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def after(*options: str) -> dict[str, Any]:
    """Return a play in which these were chosen."""
    return kept(Session(MAN.id, tuple(Move(option) for option in options)))


def row(option: str = "", words: str = "", **changes: Any) -> dict[str, Any]:
    """Return a move as a page might send it."""
    return {"option": option, "words": words, "techniques": [], "certainty": 1.0, **changes}


def a_play(*moves: Any, **changes: Any) -> dict[str, Any]:
    """Return a play as a page might send it."""
    return {"dialogue": MAN.id, "moves": moves, "asked": None, "offered": [], **changes}


# -- the pages ---------------------------------------------------------------------------------------------------------


async def test_every_dialogue_is_in_the_list_with_who_you_are_and_how_long_it_takes(site: Site) -> None:
    html = (await site.http.get("/studio/play")).text
    assert re.findall(r'href="/studio/play/(\w+)"', html) == list(SHIPPED)
    for dialogue in SHIPPED.values():
        for told in (dialogue.title, dialogue.about, f"Je bent {dialogue.you}", f"{dialogue.minutes} minuten"):
            assert told in plain(html)
    assert 'href="/studio/play"' in (await site.http.get("/")).text


@pytest.mark.parametrize("dialogue", SHIPPED.values(), ids=lambda each: each.id)
async def test_a_page_tells_the_situation_and_what_to_do_without_a_script(site: Site, dialogue: Dialogue) -> None:
    html = (await site.http.get(f"/studio/play/{dialogue.id}")).text
    assert all(told in plain(html) for told in (dialogue.title, dialogue.situation, f"Je bent {dialogue.you}"))
    told = html.split("<noscript>")[1].split("</noscript>")[0]
    assert "pluis practice play" in told
    assert 'href="/"' in told
    for hidden in (dialogue.client.hides, dialogue.client.fears):
        assert hidden not in plain(html)


async def test_the_pages_run_only_what_is_ours(site: Site) -> None:
    for path in ("/studio/play", ADDRESS):
        answer = await site.http.get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "nonce" not in policy
        assert not re.search(r"<style|\son\w+=|\sstyle=|<script(?! type=\"module\" src=\"/static/)", answer.text)
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("id", ["bestaat_niet", "%00", "<script>", "x" * 3000])
async def test_what_is_not_there_is_told(site: Site, id: str) -> None:
    page = await site.http.get(f"/studio/play/{id}", headers={"Accept": "text/html"})
    assert (page.status_code, "Dit adres bestaat niet" in page.text) == (404, True)
    assert (await site.http.post(f"/studio/play/{id}", json={})).json()["type"] == "urn:pluis:problem:not-found"


# -- of trainers -------------------------------------------------------------------------------------------------------


async def test_what_trainers_publish_is_there_at_once_and_what_they_withdraw_no_more(site: Site) -> None:
    http, store = site.http, site.app.state.services.studio.store
    ref = store.create(ANNA, "Aan de deur", written())
    door, listed = "/studio/play/aan_de_deur", '<h3><a href="/studio/play/aan_de_deur">Aan de deur</a></h3>'
    assert listed not in (await http.get("/studio/play")).text
    assert (await http.get(door)).status_code == 404
    store.publish(ANNA, ref)
    page = (await http.get("/studio/play")).text
    assert page.index("<h2>Van jullie trainers</h2>") < page.index(listed) < page.index("<h2>Van Pluis</h2>")
    assert "Je komt voor een wond" in (await http.get(door)).text
    played = await http.post(door, json={"do": "choose", "option": "naar_keuken"})
    assert played.json()["landed"] == "Zo landde naar_keuken bij haar."
    store.withdraw(ANNA, ref.dialogue)
    for do in ("show", "choose"):
        gone = await http.post(door, json={"session": played.json()["session"], "do": do, "option": "afspraak"})
        assert (gone.status_code, "is er niet meer" in gone.json()["detail"]) == (404, True)
    page = (await http.get("/studio/play")).text
    assert listed not in page
    assert "Van jullie trainers" not in page


async def test_of_a_new_version_what_fits_goes_on_and_what_does_not_is_told(site: Site) -> None:
    http, store = site.http, site.app.state.services.studio.store
    first = store.create(ANNA, "Aan de deur", written())
    store.publish(ANNA, first)
    begun = kept(Session("aan_de_deur", (Move("naar_keuken"), Move("slaap"))))
    here, kitchen, *endings = script()["scenes"]
    less = kitchen | {"says": "Rustig hier.", "options": kitchen["options"][::2]}
    second = store.save(ANNA, first, written(scenes=[here, less, *endings]))
    asked = {"session": begun, "do": "choose", "option": "afspraak"}
    assert (await http.post("/studio/play/aan_de_deur", json=asked)).json()["report"]
    store.publish(ANNA, second)
    now = (await http.post("/studio/play/aan_de_deur", json=asked)).json()
    assert "intussen veranderd" in now["told"]
    assert (now["says"], now["report"], len(now["session"]["moves"])) == ("Rustig hier.", "", 1)


# -- playing -----------------------------------------------------------------------------------------------------------


async def test_a_whole_dialogue_is_played_to_its_report(site: Site) -> None:
    now = await shown(site)
    assert (now["session"], now["words"], now["options"]) == (after(), "", [])
    for at, ((_, option), example) in enumerate(zip(WALK, WALK_WORDS, strict=True)):
        if at % 2:
            now = await shown(site, now["session"], do="say", words=example)
            assert (now["sure"], now["understood"]) == ("vrij zeker", example)
        else:
            now = await shown(site, now["session"], do="options")
            assert {"id": option, "text": example} in now["options"]
            now = await shown(site, now["session"], do="choose", option=option)
            assert now["understood"] == now["sure"] == ""
        assert now["words"] == example
        assert now["landed"]
    assert "<h3>Wat je oefende</h3>" in now["report"]
    assert "<em>Bron: " in now["report"]
    assert now["file"].startswith(f"# Oefengesprek: {MAN.title}\n")
    again = await shown(site, now["session"], do="again")
    assert (again["session"], again["report"]) == (after(), "")


async def test_words_of_which_it_is_not_sure_are_asked_about_and_stay_hers(site: Site) -> None:
    asked = await shown(site, do="say", words="misschien zoiets")
    assert (len(asked["session"]["moves"]), asked["options"][-1]["text"]) == (0, "Geen van deze")
    assert "Ik weet niet zeker" in asked["asks"]
    meant = await shown(site, asked["session"], do="choose", option=asked["options"][0]["id"])
    assert (meant["words"], meant["sure"]) == ("misschien zoiets", "vrij zeker")  # she said so herself
    none = await shown(site, asked["session"], do="none")
    assert (none["words"], none["understood"], none["session"]["moves"][0]["option"]) == ("misschien zoiets", "", "")
    assert (await shown(site, asked["session"], do="back"))["session"] == after()
    other = await shown(site, asked["session"], do="say", words=BEGIN[0].examples[0])
    assert other["session"]["moves"][0]["option"] == BEGIN[0].id


async def test_a_hint_and_a_step_back_and_options_after_two_lines_that_fit_none(site: Site) -> None:
    assert (await shown(site, do="hint"))["told"].startswith("Een tip: ")
    once = await shown(site, do="say", words="hm")
    assert once["options"] == []
    twice = await shown(site, once["session"], do="say", words="tja")
    assert {each["id"] for each in twice["options"]} == {option.id for option in BEGIN}
    assert (await shown(site, twice["session"], do="back"))["session"] == once["session"]


async def test_of_a_script_that_was_changed_what_still_fits_goes_on(site: Site) -> None:
    gone = a_play(row(BEGIN[0].id), row("is_weg"), row(BEGIN[0].id))
    for told in ({"do": "show"}, {"do": "say", "words": "hallo"}, {"do": "choose", "option": BEGIN[0].id}):
        now = await shown(site, gone, **told)
        assert now["session"] == after(BEGIN[0].id)
        assert "intussen veranderd" in now["told"]
    assert "intussen veranderd" in (await shown(site, do="choose", option="is_weg"))["told"]


# -- what is not to be trusted -----------------------------------------------------------------------------------------

NONSENSE: dict[str, Any] = {
    "another dialogue": kept(Session("zelf_te_ver")),
    "no dialogue": {"moves": []},
    "no moves": a_play() | {"moves": 4},
    "a move": a_play({"option": ["x"]}),
    "too long": a_play(*[row("x")] * 501),
    "how sure": a_play(row("x", certainty=-1)),
    "how sure it asks": a_play(asked=row("x", certainty=7)),
    "nothing": {},
}


@pytest.mark.parametrize("session", NONSENSE.values(), ids=NONSENSE.keys())
async def test_a_play_that_makes_no_sense_is_refused_with_a_remedy(site: Site, session: Any) -> None:
    answer = await step(site, session)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:pluis:problem:invalid-input")
    assert "Kies Opnieuw" in answer.json()["detail"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_a_number_that_is_none_is_refused(site: Site, number: str) -> None:
    body = json.dumps({"session": a_play(row("x", "x", certainty=4321)), "do": "show"}).replace("4321", number)
    answer = await site.http.post(ADDRESS, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}


async def test_bodies_and_texts_have_their_limits(site: Site) -> None:
    kinds = {
        "empty-text": await step(site, do="say", words=" ?! "),
        "text-too-long": await step(site, do="say", words="a" * 4001),
        "body-too-large": await step(site, a_play(row("x", "a" * 70_000))),
        "invalid-input": await step(site, do="cheat"),
        "bad-json": await site.http.post(ADDRESS, content="{", headers={"Content-Type": "application/json"}),
    }
    assert {name: answer.json()["type"] for name, answer in kinds.items()} == {
        name: f"urn:pluis:problem:{name}" for name in kinds
    }
    assert (await step(site, do="say", words="a" * 4000)).status_code == 200


async def test_whatever_a_page_sends_comes_back_as_text(site: Site) -> None:
    bad = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) **x**"
    *rest, last = [Move(option, bad) for _, option in WALK]
    ended = await shown(site, kept(Session(MAN.id, (*rest, last))))
    assert ended["words"] == bad
    assert "<img" not in ended["report"]
    assert "<a" not in ended["report"]
    odd = await shown(site, a_play(row(), row("", "x", techniques=["bestaat_niet"])))
    assert odd["session"] == after()


# -- the door and the net ----------------------------------------------------------------------------------------------


async def test_names_are_left_out_before_anything_else_reads_them(site: Site) -> None:
    now = await shown(site, do="say", words="Hoe gaat het met Fatima?")
    assert now["words"] == "Hoe gaat het met [persoon 1]?"
    assert "Fatima" not in json.dumps(now)
    assert site.door.known == {}


async def test_words_that_point_at_danger_are_asked_about_and_played_only_as_practice(site: Site) -> None:
    asked = await shown(site, after(BEGIN[0].id), do="say", words=DANGER)
    assert asked["session"] == after(BEGIN[0].id)
    assert "Is dit oefening of echt? Je schreef “een mes”" in plain(asked["danger"])
    assert 'href="tel:112"' in asked["danger"]
    played = await shown(site, asked["session"], do="say", words=DANGER, practice=True)
    assert (played["danger"], played["words"], len(played["session"]["moves"])) == ("", DANGER, 2)


async def test_without_the_net_nothing_typed_is_played_but_what_is_pressed_is(site: Site) -> None:
    site.engine.down = True
    answer = await step(site, do="say", words="Dag meneer.")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:pluis:problem:part-unavailable")
    assert "Wat je typte staat er nog" in answer.json()["detail"]
    assert (await shown(site, do="choose", option=BEGIN[0].id))["session"] == after(BEGIN[0].id)


async def test_who_floods_is_refused_and_that_is_by_address(tmp_path: Path) -> None:
    async with running(tmp_path, FakeEngine(), messages_per_minute=180) as site:
        answers = [(await step(site)).status_code for _ in range(181)]
        assert (answers.count(200), answers[-1]) == (180, 429)
        assert "Je bericht is niet verstuurd" in (await step(site)).json()["detail"]
        assert (await site.http.get(ADDRESS)).status_code == 200


async def test_anyone_may_play(tmp_path: Path) -> None:
    async with running(tmp_path, FakeEngine(), client="192.0.2.7") as site:
        assert (await step(site)).status_code == 200


async def test_nothing_of_a_play_is_kept_or_logged(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    def rows() -> dict[str, int]:
        with site.app.state.services.parts.sessions() as session:
            tables = inspect(session.get_bind()).get_table_names()
            return {name: session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in tables}

    before = rows()
    for words in ("kwartelkoning zingt", DANGER, "misschien kwartelkoning"):
        await step(site, do="say", words=words)
    site.engine.down = True
    await step(site, do="say", words="kwartelkoning")
    assert rows() == before
    told = " ".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "/studio/play/{dialogue_id}" in told
    assert not re.search("kwartelkoning|mes, zei|zingt", told)


def test_web_starts_without_what_practice_learns_with() -> None:
    slow = {"sklearn", "bot.practice.model", "bot.web.playing"}
    loaded = f"import sys, bot.web.app, bot.web.wiring; print({slow} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize("path", ["upload", "groep/upload", "groep/x/upload"])
async def test_no_name_of_a_dialogue_lets_a_body_without_end_through(site: Site, path: str) -> None:
    answer = await site.http.post(f"/studio/play/{path}", content=b"x" * 100_000)
    assert answer.status_code == 413
