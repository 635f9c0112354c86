"""The studio's pages around the editor: who may, what stands where, and that nothing that was typed is lost."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from bot.practice import UNFINISHED, Remark
from bot.staff import By, Staff
from bot.studio import SHIPPED, Ref, Store
from bot.web.studio import dialogues
from tests.unit.studio.conftest import ANNA, text
from tests.unit.studio.test_uploads import BOMB, STORY

from .desks import HTMX, ORIGIN, PASSWORD, STAFF, Browser, Desk, running_desk

HIS = "haar_man_antwoordt"
PAGE = {"Accept": "text/html"}
HTML = "<img src=x onerror=alert(1)>"
TAGS = re.compile(r"<[^>]+>")


class Studio:
    """A site with trainers, and one of them signed in."""

    def __init__(self, desk: Desk, browser: Browser, staff: Staff) -> None:
        self.desk, self.http, self.csrf, self.staff = desk, browser.http, browser.csrf, staff
        self.store: Store = desk.services.studio.store

    async def get(self, path: str = "", **more: Any) -> httpx.Response:
        return await self.http.get(f"/studio{path}", headers=PAGE, **more)

    async def post(self, path: str, htmx: bool = True, file: tuple[str, bytes] | None = None, **form: str) -> Any:
        """Send a form, as HTMX does or as a browser without script."""
        headers = ORIGIN | (HTMX if htmx else PAGE)
        # a browser also sends the field of a file that was not chosen
        files = {"bestand": file or ("", b"")} if path == "/gesprekken" else None
        return await self.http.post(
            f"/studio{path}", data={"csrf": self.csrf, **form}, files=files, headers=headers
        )  # fmt: skip

    def written(self, title: str = "Aan de deur", **changes: Any) -> Ref:
        """Write a dialogue that is not published."""
        return self.store.create(self.staff, title, text(title=title, **changes))

    def own(self) -> list[str]:
        """The ids of what trainers wrote."""
        return [one.id for one in self.store.all() if one.latest != SHIPPED]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with running_desk(tmp_path) as made:
        made.services.staff.accounts.add("gina", "Gina", ("helpdesk", "trainer"), PASSWORD, By("cli"))
        yield made


@pytest.fixture
async def studio(desk: Desk) -> Studio:
    return await opened(desk, "fien")


async def opened(desk: Desk, name: str) -> Studio:
    account = next(one for one in desk.services.staff.accounts.all() if one.username == name)
    staff = desk.services.staff.roles.staff(account.id, account.name, account.role_ids)
    return Studio(desk, await desk.signed_in(name), staff)


def seen(html: str) -> str:
    """What stands on a page, in one line."""
    return " ".join(unescape(TAGS.sub(" ", html)).split())


def links(html: str) -> list[str]:
    return [unescape(address) for address in re.findall(r'<a [^>]*href="([^"]+)"', html)]


def _routes() -> list[tuple[str, str]]:
    routes = [route for route in dialogues.router.routes if isinstance(route, APIRoute)]
    return [(method, route.path) for route in routes for method in sorted(route.methods or ())]


def filled(path: str, dialogue: str, number: int = 1) -> str:
    return path.replace("{dialogue}", dialogue).replace("{number:int}", str(number))


# -- who may -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path"), _routes())
async def test_only_trainers_see_and_do_anything(desk: Desk, studio: Studio, method: str, path: str) -> None:
    ref = studio.written()
    address = filled(path, ref.dialogue)
    answer = await desk.browser().request(method, address, headers=ORIGIN | {"Accept": "application/json"})
    assert answer.status_code in ({303, 401} if method == "GET" else {401})
    for name in STAFF.keys() - {"fien"}:
        other = await desk.signed_in(name)
        answer = await other.http.request(method, address, data={"csrf": other.csrf}, headers=ORIGIN | HTMX)
        assert answer.status_code == 403, name
        assert "Dit mag wel met de rol: Trainer." in answer.text
    assert (studio.own(), studio.store.versions(ref.dialogue)[0].in_play) == ([ref.dialogue], False)


async def test_who_has_two_roles_has_the_pages_of_both(desk: Desk) -> None:
    gina = await opened(desk, "gina")
    assert {"/desk", "/studio", "/studio/groepen"} <= {*links((await gina.get()).text)}
    fien = await opened(desk, "fien")
    page = await fien.get()
    assert "/desk" not in links(page.text)
    assert re.search(r'href="/studio" aria-current="page"', page.text)
    assert (await fien.http.get("/desk", headers=PAGE)).headers["location"] == "/studio"


@pytest.mark.parametrize("path", ["/gesprekken", "/gesprekken/aan_de_deur/1/publiceren", "/gesprekken/x/terugtrekken"])
@pytest.mark.parametrize("htmx", [True, False])
async def test_no_form_counts_without_its_token(studio: Studio, path: str, htmx: bool) -> None:
    ref = studio.written()
    for csrf in ("", "x" * 43):
        answer = await studio.post(path, htmx, csrf=csrf, titel="Nog een", van="voorbeeld")
        assert answer.status_code == 403
        assert "verlopen of komt niet van Pluis" in answer.text
    assert (studio.own(), studio.store.versions(ref.dialogue)[0].in_play) == ([ref.dialogue], False)


async def test_what_is_not_there_is_not_found(studio: Studio) -> None:
    studio.written()
    for method, path in _routes():
        for dialogue, number in (("nergens", 1), ("a%00b", 1), ("%2e%2e", 0), ("x" * 3000, 1)):
            if "{dialogue}" in path:
                assert await status(studio, method, filled(path, dialogue, number)) == 404, (path, dialogue)
        for number in (9, 10**30):
            asked = filled(path, "aan_de_deur", number) + (f"?van=1&naar={number}" if "verschil" in path else "")
            if str(number) in asked:
                assert await status(studio, method, asked) == 404, asked
    assert studio.desk.events("aan_de_deur/9") == []


async def status(studio: Studio, method: str, address: str) -> int:
    path = address.removeprefix("/studio")
    answer: httpx.Response = await (studio.get(path) if method == "GET" else studio.post(path))
    return answer.status_code


# -- all, and a new one ------------------------------------------------------------------------------------------------


async def test_who_begins_is_told_how(studio: Studio) -> None:
    page = await studio.get()
    assert "Er zijn nog geen eigen gesprekken. Maak er hierboven een." in seen(page.text)
    assert re.search(r'<details class="new" id="nieuw" open>', page.text)
    assert "Haar man antwoordt voor haar" in seen(page.text)
    assert {f"/studio/play/{HIS}", f"/studio/gesprekken/{HIS}", f"/studio/gesprekken/{HIS}/0"} <= {*links(page.text)}
    assert f"/studio?gesprek={HIS}&versie=0#nieuw" in links(page.text)
    studio.written()
    assert re.search(r'<details class="new" id="nieuw">', (await studio.get()).text)


async def test_each_dialogue_tells_how_it_stands_and_what_can_be_done(studio: Studio) -> None:
    draft, published, newer = (studio.written(title) for title in ("Alleen concept", "Gepubliceerd", "Nieuwer"))
    for ref in (published, newer):
        studio.store.publish(studio.staff, ref)
    studio.store.save(studio.staff, newer, text(title="Nieuwer", minutes=9))
    html = (await studio.get()).text
    items = {item.split("</a>")[0].split(">")[-1]: item for item in html.split('<h3 class="utrecht-heading-4">')[1:]}
    base, play = "/studio/gesprekken", "/studio/play"
    for title, told, has, not_has in (
        ("Alleen concept", "Concept Deelnemers zien dit niet.", f"{base}/{draft.dialogue}/1", f"{play}/"),
        ("Gepubliceerd", "Deelnemers spelen versie 1. S", f"{play}/{published.dialogue}", "/verschil"),
        ("Nieuwer", "versie 1. De nieuwste is versie 2.", f"{base}/{newer.dialogue}/verschil?van=1&naar=2", "?van=2"),
    ):
        assert told in seen(items[title])
        assert has in links(items[title])
        latest = 2 if title == "Nieuwer" else 1
        assert f"/studio?gesprek={title.lower().replace(' ', '_')}&versie={latest}#nieuw" in links(items[title])
        assert not any(not_has in link for link in links(items[title])), title
    assert html.index("Alleen concept") < html.index("Gesprekken van Pluis") < html.index("Hij ging zelf te ver</a>")


async def test_what_cannot_be_played_any_more_is_told_with_why(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = studio.written()
    studio.store.publish(studio.staff, ref)
    own = studio.store._read  # of what is known of sources nothing changes while a site runs

    def read(asked: Ref) -> Any:
        dialogue, faults = own(asked)
        return dialogue, (Remark(12, f"deze bron is er niet meer {HTML}", True),) if asked.dialogue in (
            ref.dialogue,
            HIS,
        ) else faults

    monkeypatch.setattr(studio.store, "_read", read)
    for path in ("", f"/gesprekken/{ref.dialogue}"):
        html = (await studio.get(path)).text
        assert "Deelnemers kunnen dit nu niet spelen." in seen(html)
        assert f"Regel 12 : deze bron is er niet meer {HTML}" in seen(html.replace(HTML, ""))
        assert HTML not in html
        assert f"/studio/gesprekken/{ref.dialogue}/1?regel=12" in links(html)
        assert f"/studio/play/{ref.dialogue}" not in links(html)
    shipped = (await studio.get(f"/gesprekken/{HIS}")).text
    assert "De beheerder moet dit veranderen:" in shipped
    assert not {f"/studio/play/{HIS}", f"/studio/groepen?gesprek={HIS}&versie=0"} & {*links(shipped)}


NEW = [
    ({"titel": "Een voorbeeld", "van": "voorbeeld"}, None, "Een voorbeeld"),
    ({"titel": "Een kopie", "van": "kopie", "kopie": f"{HIS}/0"}, None, "Een kopie"),
    ({"titel": "Een bestand", "van": "bestand"}, ("deur.yml", text().encode()), "Een bestand"),
    ({"titel": " ", "van": "bestand"}, ("deur.yml", text().encode()), "Aan de deur"),
    ({"titel": "", "van": "bestand"}, ("verhaal.twee", STORY.encode()), "Aan de balie"),
]  # fmt: skip


@pytest.mark.parametrize("htmx", [True, False])
async def test_a_new_dialogue_begins_from_an_example_another_or_a_file(studio: Studio, htmx: bool) -> None:
    for form, file, title in NEW:
        answer = await studio.post("/gesprekken", htmx, file, notitie="eerste opzet", **form)
        (made,) = (one for one in studio.store.all() if one.title == title)
        there = answer.headers["hx-redirect" if htmx else "location"]
        assert (answer.status_code, there) == (204 if htmx else 303, f"/studio/gesprekken/{made.id}")
        (version,) = studio.store.versions(made.id)
        assert (version.author, version.note) == (studio.staff.id, "eerste opzet")
        page = await studio.get(f"/gesprekken/{made.id}")
        assert title in seen(page.text)
        assert ("kunt publiceren" in page.text) == (title == "Aan de balie")
    assert len(studio.own()) == len(NEW)


async def test_a_story_from_twine_says_what_was_left_out_and_what_has_yet_to_be_written(studio: Studio) -> None:
    await studio.post("/gesprekken", file=("verhaal.twee", STORY.encode()), van="bestand")
    page = await studio.get("/gesprekken/aan_de_balie")
    assert "verhaal.twee, regel 5: Start: niet begrepen en weggelaten: <<set $x to 1>>" in seen(page.text)
    lines = studio.store.text(Ref("aan_de_balie", 1)).splitlines()
    at = [number for number, line in enumerate(lines, 1) if UNFINISHED in line and not line.startswith("#")]
    pointed = [int(n) for n in re.findall(r"/studio/gesprekken/aan_de_balie/1\?regel=(\d+)", page.text)]
    assert set(at) <= {*pointed, *(number + 1 for number in pointed)}  # a folded text stands under its name
    assert f"En nog {len(pointed) - 10} plekken" in seen(page.text)
    assert "Publiceer versie 1" not in page.text


WRONG = [
    ({"titel": "x"}, None, "Geef de titel 3 tot 80 tekens; nu zijn het er 1."),
    ({"notitie": "n" * 201}, None, "Geef de notitie hooguit 200 tekens"),
    ({"van": "niets"}, None, "Kies waarmee je begint"),
    ({"van": "kopie"}, None, "bestaat niet"),
    ({"van": "kopie", "kopie": "nergens/0"}, None, "bestaat niet"),
    ({"van": "kopie", "kopie": f"{HIS}/{10**8}"}, None, "bestaat niet"),
    ({"van": "kopie", "kopie": f"{HIS}/{'9' * 5000}"}, None, "bestaat niet"),
    ({"van": "kopie", "kopie": "a\0b/0"}, None, "bestaat niet"),
    ({"van": "bestand"}, None, "Kies een bestand dat eindigt op .yml"),
    ({"van": "bestand"}, ("deur.yml", b"title: een\nabout: caf\xe9"), "regel 2 niet: geen UTF-8"),
    ({"van": "bestand"}, ("deur.yml", BOMB.encode()), "regel 5 niet: te veel herhaald"),
    ({"van": "bestand"}, ("deur.yml", b"<!doctype html>"), "regel 1 niet: dit is een webpagina"),
    ({"van": "bestand"}, ("deur.yml", b"title: een\n# " + b"x" * 600_000), "De tekst is te groot: 600 kB"),
    ({"van": "bestand"}, ("deur.twee", b":: Start\n[[Ga->Weg]]\n"), "regel 2 niet: Start: er is geen passage ‘Weg’"),
    ({"van": "bestand", "titel": ""}, ("deur.yml", b"about: x\n"), "Geef de titel 3 tot 80 tekens"),
]  # fmt: skip


async def test_what_does_not_do_is_told_and_the_form_keeps_what_was_typed(studio: Studio) -> None:
    for form, file, told in WRONG:
        given = {"titel": f"Mijn {HTML}", "notitie": f"Let op {HTML}", "van": "voorbeeld"} | form
        piece = await studio.post("/gesprekken", True, file, **given)
        assert (piece.status_code, told in seen(piece.text)) == (422, True), form
        assert "<form" not in piece.text  # it goes above the form, which stays as it is

        page = await studio.post("/gesprekken", False, file, **given)
        assert page.status_code == 422
        assert re.search(rf'role="alert" id="nieuw-fout">.*{re.escape(told)}', unescape(page.text)), form
        assert HTML not in page.text
        for name in ("titel", "notitie"):
            (value,) = re.findall(rf'name="{name}" value="([^"]*)"', page.text)
            assert unescape(value) == given[name]
        chosen = re.findall(r'value="(\w+)" checked', page.text)
        assert chosen == [name for name in [given["van"]] if name != "niets"]
    assert studio.own() == []


async def test_too_large_a_file_is_told_in_words_however_it_was_sent(studio: Studio) -> None:
    large = ("deur.yml", b"x" * 1_100_000)
    for htmx in (True, False):
        answer = await studio.post("/gesprekken", htmx, large, titel="Groot", van="bestand")
        assert (answer.status_code, answer.headers["content-type"]) == (413, "text/html; charset=utf-8")
        assert "Dit verzoek is te groot Er past 1024 KiB in. Maak het kleiner." in seen(answer.text)
    assert studio.own() == []


async def test_a_version_that_is_to_be_copied_is_chosen_already(studio: Studio) -> None:
    ref = studio.written()
    studio.store.save(studio.staff, ref, text(title="Aan de deur", minutes=9))
    for version, label in ((1, "Aan de deur, versie 1"), (2, "Aan de deur")):
        html = (await studio.get("", params={"gesprek": ref.dialogue, "versie": version})).text
        assert re.findall(r'<option value="([^"]+)" selected>([^<]+)', html) == [(f"{ref.dialogue}/{version}", label)]
        assert 'id="nieuw" open' in html
        assert re.search(r'value="kopie" checked', html)
    await studio.post("/gesprekken", titel="Kopie", van="kopie", kopie=f"{ref.dialogue}/1")
    assert studio.store.text(Ref("kopie", 1)) == studio.store.text(ref).replace('"Aan de deur"', '"Kopie"')
    unknown = await studio.get("", params={"gesprek": HTML, "versie": "0"})
    assert (unknown.status_code, HTML in unknown.text, "selected" in unknown.text) == (200, False, False)


# -- one ---------------------------------------------------------------------------------------------------------------


async def test_versions_tell_who_when_and_why_and_what_can_be_done_with_each(desk: Desk, studio: Studio) -> None:
    gina = await opened(desk, "gina")
    first = studio.store.create(studio.staff, "Aan de deur", text(), f"eerste {HTML}")
    second = studio.store.save(gina.staff, first, text(minutes=9), "langer")
    gone = Staff("weg", "Weg", "Trainer", ("trainer",), frozenset({"practice.write"}))
    third = studio.store.save(gone, second, text(minutes=10))
    studio.store.publish(studio.staff, first)
    studio.store.publish(studio.staff, second)
    html = (await studio.get(f"/gesprekken/{first.dialogue}")).text
    assert HTML not in html
    _, *items = html.split('<li id="versie-')
    assert [item[0] for item in items] == ["3", "2", "1"]
    for item, told in zip(
        items,
        ["Versie 3 Nieuwste Door iemand die hier niet meer werkt", "Versie 2 Gepubliceerd Door Gina,",
         "Versie 1 Eerder gepubliceerd Door Fien,"],
        strict=True,
    ):  # fmt: skip
        assert told in seen(item)
    base, groups = f"/studio/gesprekken/{first.dialogue}", f"/studio/groepen?gesprek={first.dialogue}"
    assert links(items[0])[:4] == [
        f"{base}/3", f"{base}/verschil?van=2&naar=3", f"/studio?gesprek={first.dialogue}&versie=3#nieuw",
        f"{base}/3.yml",
    ]  # fmt: skip
    assert f"{groups}&versie=3" not in html.replace("&amp;", "&")
    assert [f"{groups}&versie={n}" in links(items[3 - n]) for n in (1, 2)] == [True, True]
    assert re.findall(r'action="[^"]+/(\d+)/publiceren"', html) == ["3", "1"]
    assert f"/studio/play/{first.dialogue}" in links(html)
    assert third.number == 3


async def test_of_many_versions_the_older_ones_unfold(studio: Studio) -> None:
    ref = studio.written()
    for number in range(12):
        ref = studio.store.save(studio.staff, ref, text(minutes=6 + number))
    html = (await studio.get(f"/gesprekken/{ref.dialogue}")).text
    shown, older = html.split('<details id="d-ouder">')
    assert [re.findall(r'id="versie-(\d+)"', part) for part in (shown, older)] == [
        [str(n) for n in range(13, 3, -1)], ["3", "2", "1"],
    ]  # fmt: skip
    assert "Oudere versies (3)" in seen(older)


async def test_what_comes_with_pluis_is_played_read_copied_given_and_saved_but_not_changed(studio: Studio) -> None:
    html = (await studio.get(f"/gesprekken/{HIS}")).text
    base = f"/studio/gesprekken/{HIS}"
    assert {
        f"/studio/play/{HIS}", f"{base}/0", f"/studio?gesprek={HIS}&versie=0#nieuw",
        f"/studio/groepen?gesprek={HIS}&versie=0", f"{base}/0.yml",
    } <= {*links(html)}  # fmt: skip
    assert re.findall(r'<form[^>]* action="([^"]+)"', html) == ["/afmelden"]
    answer = await studio.post(f"/gesprekken/{HIS}/0/publiceren")
    assert answer.status_code == 409
    assert "Maak een kopie om het te veranderen." in answer.text
    assert (await studio.post(f"/gesprekken/{HIS}/terugtrekken")).status_code == 404
    assert (await studio.get(f"/gesprekken/{HIS}/verschil")).status_code == 404


@pytest.mark.parametrize("htmx", [True, False])
async def test_a_version_is_published_and_withdrawn(studio: Studio, htmx: bool) -> None:
    ref = studio.written()
    base = f"/gesprekken/{ref.dialogue}"
    for path, published in ((f"{base}/1/publiceren", 1), (f"{base}/terugtrekken", None), (f"{base}/1/publiceren", 1)):
        answer = await studio.post(path, htmx)
        there = answer.headers["hx-redirect" if htmx else "location"]
        assert (answer.status_code, there) == (204 if htmx else 303, f"/studio{base}")
        assert {one.id: one.published for one in studio.store.all()}[ref.dialogue] == published
    assert studio.desk.events(str(ref)) == ["practice_published"] * 2
    assert studio.desk.events(ref.dialogue) == ["practice_withdrawn"]


async def test_what_cannot_be_played_is_not_published_and_its_faults_lead_to_their_lines(studio: Studio) -> None:
    wrong = studio.store.create(studio.staff, "Aan de deur", text(begin="nergens", title=f"(nog schrijven) {HTML}"))
    base = f"/gesprekken/{wrong.dialogue}"
    before = (await studio.get(base)).text
    assert "Dit moet anders voordat je versie 1 kunt publiceren" in seen(before)
    assert 'publiceren"' not in before
    studio.store.save(studio.staff, wrong, text())
    for htmx in (True, False):
        answer = await studio.post(f"{base}/1/publiceren", htmx)
        assert answer.status_code == 422
        assert "Versie 1 kan zo niet worden gespeeld, en is niet gepubliceerd. Verander eerst dit:" in seen(answer.text)
        assert "er is geen scène nergens" in seen(answer.text)
        assert [link for link in links(answer.text) if "regel=" in link] == [f"/studio{base}/1?regel=26"]
        assert ("<html" in answer.text) != htmx
        assert HTML not in answer.text
    assert studio.desk.events(str(wrong)) == []


async def test_before_it_is_withdrawn_it_is_told_what_that_does_to_groups(studio: Studio) -> None:
    ref = studio.written()
    draft = (await studio.get(f"/gesprekken/{ref.dialogue}")).text
    assert "Terugtrekken" not in draft
    studio.store.publish(studio.staff, ref)
    base, groups = f"/gesprekken/{ref.dialogue}", studio.desk.services.studio.groups
    assert "Er is geen open groep die met dit gesprek oefent." in seen((await studio.get(base)).text)
    first = groups.give(studio.staff, ref, f"dinsdag {HTML}")
    html = (await studio.get(base)).text
    assert "Deze groep kan er dan niet meer mee oefenen." in seen(html)
    assert f"dinsdag {HTML} (tot en met " in unescape(html)
    assert HTML not in html
    groups.give(studio.staff, ref, "woensdag")
    groups.give(studio.staff, Ref(HIS, SHIPPED), "heel iets anders")
    groups.close(ANNA, first.id)
    html = seen((await studio.get(base)).text)
    assert "Deze groep kan" in html
    assert ("woensdag" in html, "dinsdag" in html, "heel iets anders" in html) == (True, False, False)


async def test_a_version_is_a_file_to_keep(studio: Studio) -> None:
    ref = studio.written()
    for number, name, dialogue in ((1, f"{ref.dialogue}-versie-1.yml", ref.dialogue), (0, f"{HIS}.yml", HIS)):
        answer = await studio.get(f"/gesprekken/{dialogue}/{number}.yml")
        assert answer.text == studio.store.text(Ref(dialogue, number))
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["content-type"] == "application/yaml; charset=utf-8"
        assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == ("nosniff", "no-store")


# -- a difference ------------------------------------------------------------------------------------------------------


async def test_how_two_versions_differ_is_told_in_signs_and_words(studio: Studio) -> None:
    first = studio.store.create(studio.staff, "Aan de deur", f"about: Een eerste gesprek, {HTML}\nyou: arts\n")
    second = studio.store.save(studio.staff, first, "about: Nu anders geschreven.\nyou: arts\n", "anders")
    studio.store.save(studio.staff, second, "about: Nu anders geschreven.\nyou: arts\nminutes: 9\n")
    base = f"/gesprekken/{first.dialogue}/verschil"
    html = (await studio.get(f"{base}?van=1&naar=2")).text
    assert HTML not in html
    assert re.findall(r"<del>(.*?)</del>.*?<ins>(.*?)</ins>", html, re.DOTALL) == [
        ("about: Een eerste gesprek, &lt;img src=x onerror=alert(1)&gt;", "about: Nu anders geschreven."),
    ]  # fmt: skip
    told = seen(html)
    assert "1 regel erbij (+), 1 regel weg (−)." in told
    assert "1 − weg about: Een eerste" in told
    assert "1 + erbij about: Nu anders geschreven. 2 2 you: arts" in told
    assert f"/studio/gesprekken/{first.dialogue}/2?regel=1" in links(html)
    assert re.findall(r'<option value="(\d)" selected>Versie (\d), [^<]+uur(?:: anders)?<', html) == [
        ("1", "1"),
        ("2", "2"),
    ]
    last = seen((await studio.get(base)).text)
    assert "Wat er veranderde van versie 2 naar versie 3" in last
    assert "minutes: 9" in last
    back = seen((await studio.get(f"{base}?van=3&naar=2")).text)
    assert "− weg minutes: 9" in back


async def test_where_nothing_differs_that_is_told(studio: Studio) -> None:
    first = studio.written()
    base = f"/gesprekken/{first.dialogue}/verschil"
    assert "Er is nog maar één versie." in (await studio.get(base)).text
    studio.store.save(studio.staff, first, studio.store.text(first), "zelfde")
    for query in ("", "?van=2&naar=2"):
        assert "Deze versies zijn gelijk." in (await studio.get(base + query)).text
    assert (await studio.get(f"{base}?van=x")).status_code == 422
    assert (await studio.get(f"{base}?van=0&naar=1")).status_code == 404


async def test_where_lines_only_went_it_points_at_what_stands_there_now(studio: Studio) -> None:
    ref = studio.store.create(studio.staff, "Aan de deur", "een: 1\ntwee: 2\ndrie: 3\nvier: 4\n")
    base = f"/gesprekken/{ref.dialogue}"
    for left, line in (("een: 1\ndrie: 3\nvier: 4\n", 2), ("een: 1\ndrie: 3\n", 2), ("", 1)):
        ref = studio.store.save(studio.staff, ref, left)
        assert f"/studio{base}/{ref.number}?regel={line}" in links((await studio.get(f"{base}/verschil")).text)
