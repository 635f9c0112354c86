"""The editor of a dialogue: what it shows, keeps and never overwrites, what it says of a text, and how that plays."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.practice import Ending
from bot.studio import SHIPPED
from bot.web import webchat
from tests.unit.practice import script
from tests.unit.studio.conftest import ANNA, text

from .desks import ORIGIN, Browser, Desk, quick_passwords, running_desk
from .test_play import DANGER, MAN

FORM = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}
POLICY = "content-security-policy"


class Studio:
    """A site, a trainer's browser, and a dialogue that another trainer made."""

    def __init__(self, desk: Desk, browser: Browser) -> None:
        self.desk, self.browser, self.store = desk, browser, desk.services.studio.store
        self.ref = self.store.create(ANNA, "Een nieuw gesprek", text())
        self.address = f"/studio/gesprekken/{self.ref.dialogue}"

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.browser.http.get(path, headers={"Accept": "text/html", **headers})

    async def send(self, path: str, body: Any) -> httpx.Response:
        headers = ORIGIN | {"X-CSRF-Token": self.browser.csrf}
        return await self.browser.http.post(f"{self.address}/{path}", json=body, headers=headers)

    async def save(self, number: int, words: str, accept: dict[str, str], note: str = "") -> httpx.Response:
        form = {"csrf": self.browser.csrf, "tekst": words, "notitie": note}
        return await self.browser.http.post(f"{self.address}/{number}/bewaar", data=form, headers=ORIGIN | accept)

    def newest(self) -> tuple[int, str]:
        latest = self.store.versions(self.ref.dialogue)[0].ref
        return latest.number, self.store.text(latest)


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    with quick_passwords():
        async with running_desk(tmp_path) as desk:
            yield Studio(desk, await desk.signed_in("fien"))


# -- the page ----------------------------------------------------------------------------------------------------------


async def test_the_newest_version_is_there_to_write_on(studio: Studio) -> None:
    answer = await studio.get(f"{studio.address}/1")
    page = answer.text
    assert "data-writes" in page
    assert 'id="bewaar"' in page
    assert "Een nieuw gesprek" in page
    assert "readonly" not in page


async def test_what_the_page_runs_is_let_through_by_its_policy_and_no_more(studio: Studio) -> None:
    answer = await studio.get(f"{studio.address}/1")
    policy, again = answer.headers[POLICY], (await studio.get(f"{studio.address}/1")).headers[POLICY]
    nonces = set(re.findall(r"'nonce-([^']+)'", policy))
    assert len(nonces) == 1
    assert set(re.findall(r'nonce="([^"]+)"', answer.text)) == nonces
    assert nonces.isdisjoint(re.findall(r"'nonce-([^']+)'", again))
    assert "unsafe" not in policy
    assert not re.search(r"\son\w+=|\sstyle=", answer.text)


async def test_every_module_that_a_module_imports_is_in_the_import_map(studio: Studio) -> None:
    page = (await studio.get(f"{studio.address}/1")).text
    found = re.search(r'<script type="importmap"[^>]*>(.*?)</script>', page)
    assert found
    imports = json.loads(found[1])["imports"]
    kept = {package.kept for package in webchat.locked()}
    ours = Path(webchat.__file__).parent / "static"
    wanted = {name for path in (ours / "editor.js", ours / "complete.js", ours / "map.js")
              for name in re.findall(r"from '([^']+)'", path.read_text(encoding="utf-8"))}  # fmt: skip
    assert wanted <= set(imports)
    for name in wanted:
        address = imports[name]
        if name.startswith("pluis/"):
            assert (await studio.get(address)).status_code == 200
        else:
            assert address.rsplit("/", 1)[-1] in kept


async def test_a_shipped_dialogue_and_an_older_version_are_there_to_read(studio: Studio) -> None:
    shipped = (await studio.get(f"/studio/gesprekken/{MAN.id}/{SHIPPED}")).text
    assert "data-writes" not in shipped
    assert 'id="bewaar"' not in shipped
    assert "hoort bij Pluis" in shipped
    studio.store.save(ANNA, studio.ref, text(minutes=9))
    older = (await studio.get(f"{studio.address}/1")).text
    assert "data-writes" not in older
    assert f'href="{studio.address}/2"' in older


async def test_markup_in_a_dialogue_stays_text(studio: Studio) -> None:
    bad = "</textarea><script>alert(1)</script>"
    studio.store.save(ANNA, studio.ref, text(about=f"Een gesprek {bad} om te oefenen"))
    page = (await studio.get(f"{studio.address}/2")).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("path", ["/studio/gesprekken/er_is_er_geen/1", "/studio/gesprekken/een_nieuw_gesprek/9"])
async def test_what_is_not_there_is_told(studio: Studio, path: str) -> None:
    answer = await studio.get(path)
    assert answer.status_code == 404
    assert "Kies er een uit de lijst" in answer.text


# -- saving ------------------------------------------------------------------------------------------------------------


async def test_saving_makes_the_next_version_and_the_same_twice_is_one(studio: Studio) -> None:
    for _ in range(2):
        answer = await studio.save(1, text(minutes=7).replace("\n", "\r\n"), JSON, "korter")
        assert answer.json() == {"number": 2}
    assert studio.newest() == (2, text(minutes=7))
    assert [row.note for row in studio.store.versions(studio.ref.dialogue)] == ["korter", ""]


async def test_without_a_script_saving_goes_on_to_the_new_version(studio: Studio) -> None:
    answer = await studio.save(1, text(minutes=7), FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{studio.address}/2")


async def test_of_two_who_write_nothing_is_overwritten_and_the_second_sees_both(studio: Studio) -> None:
    theirs, mine = text(minutes=7), text(minutes=8)
    studio.store.save(ANNA, studio.ref, theirs)
    answer = await studio.save(1, mine, JSON)
    assert answer.status_code == 409
    assert (answer.json()["theirs"], answer.json()["number"]) == (theirs, 2)
    assert "niets overschreven" in answer.json()["detail"]
    page = (await studio.save(1, mine, FORM, "mijn notitie")).text
    assert "minutes: 7" in page
    assert "minutes: 8" in page
    assert 'value="mijn notitie"' in page
    assert f'action="{studio.address}/2/bewaar"' in page
    assert studio.newest() == (2, theirs)
    assert (await studio.save(2, mine, JSON)).json() == {"number": 3}
    assert studio.newest() == (3, mine)


async def test_a_text_that_is_wrong_is_kept_too(studio: Studio) -> None:
    assert (await studio.save(1, "title: [", JSON)).json() == {"number": 2}
    assert studio.newest() == (2, "title: [")


async def test_what_cannot_be_kept_is_told(studio: Studio) -> None:
    shipped = f"/studio/gesprekken/{MAN.id}/{SHIPPED}/bewaar"
    form = {"csrf": studio.browser.csrf, "tekst": text()}
    answer = await studio.browser.http.post(shipped, data=form, headers=ORIGIN | JSON)
    assert (answer.status_code, "Maak een kopie" in answer.json()["detail"]) == (409, True)
    for words, status, told in (
        ("x" * 500_001, 422, "te groot"), ("a\0b", 422, "leeg teken"), ("x" * 1_100_000, 413, ""),
    ):  # fmt: skip
        answer = await studio.save(1, words, JSON)
        assert (answer.status_code, told in answer.json().get("detail", "")) == (status, True)
    assert studio.newest()[0] == 1


# -- what is said of a text --------------------------------------------------------------------------------------------


async def test_a_text_is_examined_as_it_is_written(studio: Studio) -> None:
    found = (await studio.send("nakijken", {"text": text()})).json()
    dialogue = studio.store.dialogue(studio.ref)
    spots = {spot["id"]: spot for spot in found["map"]["spots"]}
    assert list(spots) == list(dialogue.places)
    lines = text().splitlines()
    for name, spot in spots.items():
        place = dialogue.places[name]
        assert f"id: {name}" in lines[spot["line"] - 1]
        assert spot["kind"] == (place.kind if isinstance(place, Ending) else "scene")
        options = () if isinstance(place, Ending) else place.options
        assert [(row["option"], row["to"]) for row in spot["exits"]] == [(one.id, one.to) for one in options]
    assert found["map"]["begin"] == dialogue.begin
    assert found["map"]["state"] == dialogue.state
    assert found["map"]["best"]["points"] >= found["map"]["worst"]["points"]
    assert studio.newest()[0] == 1


@pytest.mark.parametrize(
    ("words", "line"),
    [("title: x\n  about: [", 2), ("a: 1\nb: !!python/none 1\n", 2), (text(begin="nergens"), None), ("", 1)],
)
async def test_a_text_that_cannot_be_read_has_one_remark_and_no_map(
    studio: Studio, words: str, line: int | None
) -> None:
    found = (await studio.send("nakijken", {"text": words})).json()
    assert found["map"] is None
    (remark,) = found["remarks"]
    assert remark["grave"]
    assert remark["line"] == (line or words[: words.index("begin:")].count("\n") + 1)


async def test_an_unknown_source_is_told_at_its_line(studio: Studio) -> None:
    goals = script()["goals"]
    goals[0]["sources"] = [{"id": "verzonnen", "section": "iets"}]
    words = text(goals=goals)
    found = (await studio.send("nakijken", {"text": words})).json()
    (told,) = [remark for remark in found["remarks"] if "verzonnen" in remark["text"]]
    assert "id: verzonnen" in words.splitlines()[told["line"] - 1]


# -- playing -----------------------------------------------------------------------------------------------------------


async def test_a_draft_is_played_from_any_scene_with_any_values(studio: Studio) -> None:
    dialogue = studio.store.dialogue(studio.ref)
    for scene in dialogue.scenes:
        shown = (await studio.send("spelen", {"text": text(), "begin": scene.id})).json()
        assert shown["says"] in [line.text for line in scene.says]
    last = dialogue.scenes[-1]
    step = {"text": text(), "begin": last.id, "do": "choose", "option": last.options[0].id}
    shown = (await studio.send("spelen", step | {"session": {"dialogue": dialogue.id}})).json()
    assert shown["session"]["moves"][0]["option"] == last.options[0].id


async def test_the_values_that_a_play_begins_with_count(studio: Studio) -> None:
    scenes = script()["scenes"]
    scenes[0]["says"] = [{"when": {"vertrouwen": ">= 8"}, "text": "Ik vertel het je."}, {"text": "Nee."}]
    for value, says in ((8, "Ik vertel het je."), (1, "Nee.")):
        step = {"text": text(scenes=scenes), "values": {"vertrouwen": value, "bestaat_niet": 3}}
        assert (await studio.send("spelen", step)).json()["says"] == says


async def test_a_play_goes_on_when_the_text_changes(studio: Studio) -> None:
    scene = studio.store.dialogue(studio.ref).scenes[0]
    step = {"text": text(), "session": {"dialogue": studio.ref.dialogue}, "do": "choose", "option": scene.options[0].id}
    kept = (await studio.send("spelen", step)).json()["session"]
    scenes = script()["scenes"]
    scenes[0]["options"][0]["id"] = "heet_nu_anders"
    shown = (await studio.send("spelen", {"text": text(scenes=scenes), "session": kept})).json()
    assert shown["session"]["moves"] == []
    assert "veranderd" in shown["told"]


async def test_of_danger_in_a_draft_too_it_is_asked_whether_it_is_real(studio: Studio) -> None:
    step = {"text": text(), "session": {"dialogue": studio.ref.dialogue}, "do": "say", "words": DANGER}
    shown = (await studio.send("spelen", step)).json()
    assert "oefening" in shown["danger"].lower()
    assert (shown["says"], shown["session"]) == ("", step["session"])
    shown = (await studio.send("spelen", step | {"text": "title: ["})).json()  # also where nothing can be played
    assert "oefening" in shown["danger"].lower()


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ({"text": "title: ["}, "Regel 2"),
        ({"text": text(), "begin": "nergens"}, "nergens"),
        ({"text": text(), "values": {"vertrouwen": 11}}, "values"),
        ({"begin": "x"}, "text"),
    ],
)
async def test_a_draft_that_cannot_be_played_says_why(studio: Studio, step: dict[str, Any], told: str) -> None:
    answer = await studio.send("spelen", step)
    assert answer.status_code == 422
    assert told in answer.json()["detail"]


async def test_the_page_to_play_on_is_for_in_the_editor(studio: Studio) -> None:
    answer = await studio.get(f"{studio.address}/spelen")
    assert "data-draft" in answer.text
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


# -- who may -----------------------------------------------------------------------------------------------------------


async def test_only_trainers_see_and_change(studio: Studio) -> None:
    ways = [("GET", "/1"), ("GET", "/spelen"), ("POST", "/1/bewaar"), ("POST", "/nakijken"), ("POST", "/spelen")]
    nobody, other = studio.desk.browser(), await studio.desk.signed_in("anna")
    for method, path in ways:
        body: dict[str, Any] = {} if method == "GET" else {"json": {"text": text()}}
        answer = await nobody.request(method, studio.address + path, headers=ORIGIN, **body)
        assert answer.status_code == 401
        headers = ORIGIN | {"X-CSRF-Token": other.csrf}
        assert (await other.http.request(method, studio.address + path, headers=headers, **body)).status_code == 403
        if method == "POST":
            answer = await studio.browser.http.request(method, studio.address + path, headers=ORIGIN, **body)
            assert answer.json()["type"].endswith("forged")
    assert studio.newest()[0] == 1
