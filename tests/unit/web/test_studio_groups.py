"""Groups as a trainer sees them: she gives a dialogue, hands out a code, and reads figures without names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.audit.models import AuditRow
from bot.practice import Move
from bot.staff import By, Staff
from bot.studio import SHIPPED, Group, Ref, Studio, new_token
from bot.studio.models import TryRow, VersionRow
from bot.web.studio.reporting import DIFFICULTY, DISCRIMINATION, cells
from bot.web.studio.reporting import _words as words
from tests.unit.practice import script
from tests.unit.studio.conftest import ANNA, text
from tests.unit.studio.test_report import BEST, LATE

from .conftest import make_settings
from .desks import HTMX, ORIGIN, PASSWORD, Browser, Desk, running_desk
from .test_library import plain

HERE = "/studio/groepen"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Run a site with a second trainer."""
    async with running_desk(tmp_path) as made:
        made.services.staff.accounts.add("gijs", "Gijs", ("trainer",), PASSWORD, By("cli"))
        yield made


@pytest.fixture
async def fien(desk: Desk) -> Browser:
    """Sign a trainer in."""
    return await desk.signed_in("fien")


def studio(desk: Desk) -> Studio:
    return desk.services.studio


def trainer(desk: Desk, name: str = "Fien") -> Staff:
    """Return a trainer, as the studio knows her."""
    account = next(one for one in desk.services.staff.accounts.all() if one.name == name)
    return desk.services.staff.roles.staff(account.id, account.name, account.role_ids)


def written(desk: Desk, **changes: Any) -> Ref:
    """Write a small dialogue, and publish it."""
    ref = studio(desk).store.create(trainer(desk), "Aan de deur", text(**changes))
    studio(desk).store.publish(trainer(desk), ref)
    return ref


def given(desk: Desk, name: str = "Dinsdag", by: str = "Fien", ref: Ref | None = None) -> Group:
    """Give a dialogue to a group."""
    return studio(desk).groups.give(trainer(desk, by), ref or written(desk), name)


async def get(browser: Browser, path: str = "") -> httpx.Response:
    return await browser.http.get(f"{HERE}{path}", headers={"Accept": "text/html"})


async def send(browser: Browser, path: str = "", **form: str) -> httpx.Response:
    """Send a form as HTMX does."""
    return await browser.http.post(f"{HERE}{path}", data={"csrf": browser.csrf, **form}, headers=ORIGIN | HTMX)


def tried(desk: Desk, group: Group, *plays: Sequence[str]) -> list[str]:
    """Share plays, each of another trainee; return their tokens."""
    tokens = [new_token() for _ in plays]
    for token, options in zip(tokens, plays, strict=True):
        studio(desk).tries.share(group.code, [Move(option) for option in options], token, new_token())
    return tokens


def bars(html: str, anchor: str) -> dict[str, str]:
    """Return the rows of a chart."""
    part = html.split(f'id="{anchor}-tekst"')[1].split("</table>")[0]
    rows = re.findall(r'<th scope="row">(.*?)</th>.*?<span>(.*?)</span>', part, re.S)
    return {unescape(label): unescape(told) for label, told in rows}


def part(html: str, heading: str) -> str:
    """Return what stands beneath a heading, up to the next of its size."""
    found = re.search(rf"<h2[^>]*>{heading}</h2>(.*?)(?=<h2|</main)", unescape(html), re.S)
    return plain(found[1]) if found else ""


# -- giving ------------------------------------------------------------------------------------------------------------


async def test_a_dialogue_is_given_by_a_form_and_its_group_stands_in_the_list(desk: Desk, fien: Browser) -> None:
    ref = written(desk)
    until = studio(desk).groups.today() + timedelta(days=30)
    answer = await send(fien, gesprek=str(ref), naam=" Tweede  jaar ", tot=until.isoformat())
    [group] = studio(desk).groups.all()
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, f"{HERE}/{group.id}")
    assert (group.name, group.ref, group.until) == ("Tweede jaar", ref, until)
    row = part((await get(fien)).text, "Jouw groepen")
    for told in ("Tweede jaar", "Aan de deur, versie 1", f"Code {group.code[:4]}-{group.code[4:]}", "0 keer gedeeld"):
        assert told in row
    assert f"open tot en met {until.day} " in row
    assert desk.events(str(ref))[-1] == "practice_given"


async def test_without_a_day_a_group_is_open_for_90_days_and_without_htmx_the_page_is_opened(
    desk: Desk, fien: Browser
) -> None:
    form = {"csrf": fien.csrf, "gesprek": "haar_man_antwoordt/0", "naam": "Dinsdag"}
    answer = await fien.http.post(HERE, data=form, headers=ORIGIN)
    [group] = studio(desk).groups.all()
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}/{group.id}")
    assert group.until == studio(desk).groups.today() + timedelta(days=90)


async def test_own_groups_come_first_and_those_that_are_closed_stand_apart(desk: Desk, fien: Browser) -> None:
    ref = Ref("haar_man_antwoordt", SHIPPED)
    theirs, mine, old = given(desk, "Hun", "Gijs", ref), given(desk, "Mijn", ref=ref), given(desk, "Oud", ref=ref)
    studio(desk).groups.close(ANNA, old.id)
    html = (await get(fien)).text
    assert "Mijn" in part(html, "Jouw groepen").split("Gesloten (1)")[0]
    closed = part(html, "Jouw groepen").split("Gesloten (1)")[1]
    assert ("Oud" in closed, "gesloten" in closed, "Code" in closed) == (True, True, False)
    assert "van Gijs" in part(html, "Groepen van collega's")
    assert "versie" not in part(html, "Jouw groepen")
    order = [html.index(f"{HERE}/{group.id}") for group in (mine, old, theirs)]
    assert order == sorted(order)


async def test_of_each_group_it_is_told_how_much_was_shared(desk: Desk, fien: Browser) -> None:
    tried(desk, given(desk, "Dinsdag"), BEST, LATE, BEST)
    assert "Dinsdag Aan de deur, versie 1 3 keer gedeeld" in part((await get(fien)).text, "Jouw groepen")


async def test_where_there_are_no_groups_that_is_said(desk: Desk, fien: Browser) -> None:
    html = (await get(fien)).text
    assert part(html, "Jouw groepen") == "Er is geen groep open."
    assert "Groepen van collega's" not in plain(html)


async def test_what_is_in_play_can_be_chosen_and_nothing_else(desk: Desk, fien: Browser) -> None:
    ref = written(desk)
    store = studio(desk).store
    second = store.save(trainer(desk), ref, text(minutes=8))
    third = store.save(trainer(desk), second, text(minutes=9))
    store.publish(trainer(desk), third)
    draft = store.create(trainer(desk), "Nog niet af", text())
    gone = written(desk, about="Dit gesprek is teruggetrokken.")
    store.withdraw(trainer(desk), gone.dialogue)
    chosen = re.findall(r'<option value="([^"]+)"', (await get(fien)).text)
    assert {"haar_man_antwoordt/0", str(ref), str(third)} <= set(chosen)
    assert {str(second), str(draft), str(gone)}.isdisjoint(chosen)
    assert (await send(fien, gesprek=str(ref), naam="Dinsdag")).status_code == 204


async def test_a_version_is_chosen_beforehand_and_one_that_is_not_in_play_is_told(desk: Desk, fien: Browser) -> None:
    ref = written(desk)
    html = (await get(fien, f"?gesprek={ref.dialogue}&versie=1")).text
    assert re.findall(r'<option value="([^"]+)" selected>', html) == [str(ref)]
    assert 'class="notice"' not in html
    for query in (f"?gesprek={ref.dialogue}&versie=2", "?gesprek=<b>&versie=0"):
        html = (await get(fien, query)).text
        assert " selected>" not in html
        assert "Deze versie is niet gepubliceerd, of is teruggetrokken" in plain(html)
        assert "<b>&" not in html
    assert (await get(fien, "?gesprek=x&versie=veel")).status_code == 422
    for query in ("?gesprek=%00&versie=1", "?gesprek=x&versie=-1"):
        assert (await get(fien, query)).status_code == 404


WRONG: dict[str, tuple[dict[str, str], int, str]] = {
    "no name": ({"naam": "  "}, 422, "de naam van de groep"),
    "too long a name": ({"naam": "x" * 81}, 422, "80 tekens"),
    "a day in the past": ({"tot": "2020-01-01"}, 422, "vandaag tot over een jaar"),
    "a day too far": ({"tot": "2099-01-01"}, 422, "vandaag tot over een jaar"),
    "no day": ({"tot": "morgen"}, 422, "Kies een dag"),
    "nothing": ({"gesprek": ""}, 404, "Kies er een uit de lijst"),
    "no number": ({"gesprek": "haar_man_antwoordt/x"}, 404, "Kies er een uit de lijst"),
    "another number": ({"gesprek": "haar_man_antwoordt/²"}, 404, "Kies er een uit de lijst"),
    "too large a number": ({"gesprek": f"haar_man_antwoordt/{10**30}"}, 404, "Kies er een uit de lijst"),
    "no name of a dialogue": ({"gesprek": "\0/1"}, 404, "Kies er een uit de lijst"),
    "not there": ({"gesprek": "nergens/0"}, 404, "Kies er een uit de lijst"),
    "a draft": ({"gesprek": "nog_niet_af/1"}, 409, "niet gepubliceerd"),
}


@pytest.mark.parametrize(("changes", "status", "told"), WRONG.values(), ids=WRONG)
async def test_what_cannot_be_given_is_told_and_nothing_is_given(
    desk: Desk, fien: Browser, changes: dict[str, str], status: int, told: str
) -> None:
    studio(desk).store.create(trainer(desk), "Nog niet af", text())
    answer = await send(fien, **{"gesprek": "haar_man_antwoordt/0", "naam": "Dinsdag"} | changes)
    assert (answer.status_code, told in unescape(answer.text)) == (status, True)
    assert studio(desk).groups.all() == []


@pytest.mark.parametrize("name", ["anna", "carla", "dirk", "els"])
async def test_groups_are_for_trainers(desk: Desk, name: str) -> None:
    group = given(desk)
    other = await desk.signed_in(name)
    paths = ("", f"/{group.id}", f"/{group.id}/scenes.csv")
    answers = [await get(other, path) for path in paths]
    answers += [await send(other, gesprek=str(group.ref), naam="x"), await send(other, f"/{group.id}/sluit")]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert studio(desk).groups.all() == [group]


async def test_who_is_not_signed_in_goes_to_sign_in_and_comes_back(desk: Desk) -> None:
    async with desk.browser() as http:
        answer = await http.get(f"{HERE}?gesprek=x&versie=1", headers={"Accept": "text/html"})
        assert (answer.status_code, answer.headers["location"]) == (
            303, "/aanmelden?next=/studio/groepen%3Fgesprek%3Dx%26versie%3D1",
        )  # fmt: skip


async def test_a_form_without_its_token_changes_nothing(desk: Desk, fien: Browser) -> None:
    group = given(desk)
    for path, form in (("", {"gesprek": str(group.ref), "naam": "x"}), (f"/{group.id}/sluit", {})):
        assert (await send(fien, path, csrf="", **form)).status_code == 403
    assert studio(desk).groups.all() == [group]


# -- handing out and closing -------------------------------------------------------------------------------------------


async def test_a_group_has_a_link_and_a_code_to_hand_out(desk: Desk, fien: Browser) -> None:
    group = given(desk, '<img src=x onerror="x">')
    html = (await get(fien, f"/{group.id}")).text
    assert f'id="link">http://127.0.0.1:8000/studio/play/groep/{group.code}<' in html
    assert f'id="code">{group.code[:4]}-{group.code[4:]}<' in html
    assert "<img src=x" not in html
    assert "Aan de deur, versie 1" in plain(html)


async def test_the_link_has_the_address_under_which_users_see_pluis(tmp_path: Path) -> None:
    async with running_desk(tmp_path) as desk:
        group, browser = given(desk), await desk.signed_in("fien")
        settings = make_settings(tmp_path, public_url="https://pluis.voorbeeld.nl")
        object.__setattr__(desk.services, "settings", settings)
        browser.http.cookies = httpx.Cookies({f"__Host-{name}": value for name, value in browser.http.cookies.items()})
        html = (await get(browser, f"/{group.id}")).text
        assert f"https://pluis.voorbeeld.nl/studio/play/groep/{group.code}" in html


async def test_a_group_can_be_closed_and_is_then_closed(desk: Desk, fien: Browser) -> None:
    group = given(desk, by="Gijs")
    page = (await get(fien, f"/{group.id}")).text
    assert page.index("<summary>Nu sluiten") < page.index(f'action="{HERE}/{group.id}/sluit"')  # asked first
    assert "Van Gijs." in plain(page)
    assert (await send(fien, f"/{group.id}/sluit")).headers["hx-redirect"] == f"{HERE}/{group.id}"
    html = (await get(fien, f"/{group.id}")).text
    assert "niemand meer oefenen of delen" in plain(html)
    assert [group.code in html, "/sluit" in html] == [False, False]
    assert (await send(fien, f"/{group.id}/sluit")).status_code == 204  # a second time


async def test_a_group_that_is_not_there_is_told(desk: Desk, fien: Browser) -> None:
    for answer in (await get(fien, "/nergens"), await get(fien, "/nergens/scenes.csv"), await send(fien, "/x/sluit")):
        assert (answer.status_code, "Deze groep bestaat niet" in answer.text) == (404, True)


async def test_of_what_was_taken_out_of_play_it_is_told_that_nobody_can_practise(desk: Desk, fien: Browser) -> None:
    group = given(desk)
    notice = "Met deze code kan nu niemand oefenen"
    assert notice not in plain((await get(fien, f"/{group.id}")).text)
    studio(desk).store.withdraw(trainer(desk), group.ref.dialogue)
    assert notice in plain((await get(fien, f"/{group.id}")).text)


# -- the report --------------------------------------------------------------------------------------------------------


async def test_of_four_trainees_nothing_is_told_and_that_is_no_reading(desk: Desk, fien: Browser) -> None:
    group = given(desk)
    tried(desk, group, *[BEST] * 4)
    html = (await get(fien, f"/{group.id}")).text
    assert "pas als 5 deelnemers" in plain(html)
    assert (".csv" in html, "<table" in html) == (False, False)
    file = await get(fien, f"/{group.id}/scenes.csv")
    assert (file.status_code, "pas als 5 deelnemers" in file.text) == (409, True)
    assert desk.events(group.id) == []


async def test_a_report_tells_scenes_goals_endings_and_progress_in_plain_words(desk: Desk, fien: Browser) -> None:
    group = given(desk)
    tokens = tried(desk, group, *[BEST] * 6, *[LATE] * 5)
    for token in tokens[:6]:
        studio(desk).tries.share(group.code, [Move(option) for option in LATE], token, new_token())
    html = (await get(fien, f"/{group.id}")).text
    assert "11 deelnemers deelden 17 pogingen." in plain(html)
    # the door: 2 of 2 for six, -1 + 2 of 4 for eleven; the kitchen: 2 of 3 for six, 1 of 3 for eleven
    assert bars(html, "moeilijk") == {"deur": "51%, onderscheid 1,00", "keuken": "45%, onderscheid 1,00"}
    assert bars(html, "scene-deur") == {
        "Ik doe naar_keuken.": "17 keer, het sterkste antwoord", "Ik doe vraag_man.": "11 keer",
        "Ik doe weg.": "0 keer", "Een eigen zin die bij geen antwoord paste": "0 keer",
    }  # fmt: skip
    door = plain(html.split('id="scene-deur-tekst"')[1].split("</p>")[0])
    assert "Kom binnen." in door
    assert "Dit lukte soms: gemiddeld haalden zij 51% van de punten." in door
    assert "Wie het hier beter deed, deed het in de andere scènes ook beter (onderscheid 1,00)." in door
    assert bars(html, "leerdoelen") == {"Je spreekt haar alleen.": "51%", "Je vraagt open.": "45%"}
    assert bars(html, "eindes") == {
        "Niet af, maar de deur staat open (klaar)": "17 keer", "Gestopt, omdat het niet veilig was (weg)": "0 keer",
    }  # fmt: skip
    assert bars(html, "poging-2") == {"1e poging": "80%", "2e poging": "29%"}


async def test_what_is_not_told_of_a_scene_or_of_progress_is_said(desk: Desk, fien: Browser) -> None:
    group = given(desk)
    away = ("vraag_man", "weg")
    tried(desk, group, *[away] * 5)
    html = (await get(fien, f"/{group.id}")).text
    assert "minder dan 5 deelnemers. Daarvan staat hier niets: keuken." in plain(html)
    assert bars(html, "moeilijk") == {"deur": "0%"}
    assert bars(html, "leerdoelen") == {"Je spreekt haar alleen.": "0%", "Je vraagt open.": "te weinig deelnemers"}
    assert "is nog niet te zien" in plain(html)
    door = plain(html.split('id="scene-deur-tekst"')[1].split("</p>")[0])
    assert door.endswith("Onderscheid: nog niet te zeggen.")


@pytest.mark.parametrize(("left", "told"), [(1, "1 poging past"), (2, "2 pogingen passen")])
async def test_tries_that_do_not_fit_any_more_are_counted(desk: Desk, fien: Browser, left: int, told: str) -> None:
    group = given(desk)
    tried(desk, group, *[BEST] * 7)
    with desk.services.parts.sessions() as session, session.begin():
        for row in session.scalars(select(TryRow)).all()[:left]:
            row.moves = [{"scene": "deur", "option": "is_weg"}]
    page = plain((await get(fien, f"/{group.id}")).text)
    assert f"{7 - left} deelnemers deelden {7 - left} pogingen. Nog {told} niet meer in het gesprek" in page


async def test_where_nothing_is_to_be_earned_that_is_said(desk: Desk, fien: Browser) -> None:
    def poor(scene: dict[str, Any]) -> dict[str, Any]:
        options = [{**option, "goals": {"open": -1}} for option in scene["options"]]
        return {**scene, "options": options} if scene["id"] == "deur" else scene

    group = given(desk, ref=written(desk, goals=script()["goals"][1:], scenes=[
        poor(row) if "options" in row else row for row in script()["scenes"]
    ]))  # fmt: skip
    tried(desk, group, *[BEST] * 5)
    html = (await get(fien, f"/{group.id}")).text
    assert bars(html, "moeilijk")["deur"] == "geen punten"
    assert "Hier zijn geen punten te halen." in plain(html)
    assert "het sterkste antwoord" not in " ".join(bars(html, "scene-deur").values())


async def test_of_a_dialogue_that_cannot_be_read_any_more_the_group_is_still_there(desk: Desk, fien: Browser) -> None:
    group = given(desk)
    with desk.services.parts.sessions() as session, session.begin():
        session.get_one(VersionRow, (group.ref.dialogue, 1)).text = "title: ["
    desk.services.studio.store._read.cache_clear()  # as after a restart
    html = (await get(fien, f"/{group.id}")).text
    assert "kan zo niet worden gespeeld" in plain(html)
    assert f"{HERE}/{group.id}/sluit" in html
    assert (await get(fien, f"/{group.id}/scenes.csv")).status_code == 422


async def test_the_figures_go_into_a_file_for_each_part(desk: Desk, fien: Browser) -> None:
    group = given(desk, "Dinsdag: tweede jaar")
    tried(desk, group, *[BEST] * 5, LATE)
    tables = {}
    for name in ("scenes", "leerdoelen", "eindes", "pogingen"):
        answer = await get(fien, f"/{group.id}/{name}.csv")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["content-disposition"] == f'attachment; filename="dinsdag_tweede_jaar-{name}.csv"'
        assert answer.headers["cache-control"] == "no-store"
        assert answer.content.startswith(b"\xef\xbb\xbf")
        written_down = io.StringIO(answer.content.decode("utf-8-sig"), newline="")
        tables[name] = list(csv.reader(written_down, delimiter=";", strict=True))
    assert tables["scenes"][:2] == [
        ["scène", "wat", "keren", "moeilijkheid", "onderscheid"], ["deur", "naar_keuken", "6", "0,875", ""],
    ]  # fmt: skip
    assert tables["leerdoelen"] == [["leerdoel", "deel van de punten"], ["apart", "0,875"], ["open", "0,611"]]
    assert tables["eindes"] == [["einde", "keren"], ["klaar", "6"], ["weg", "0"]]
    assert tables["pogingen"] == [["pogingen", "deelnemers", "poging", "deel van de punten"]]
    html = (await get(fien, f"/{group.id}")).text
    assert re.findall(rf'href="{HERE}/{group.id}/(\w+)\.csv"', html) == list(tables)
    assert (await get(fien, f"/{group.id}/namen.csv")).status_code == 404


def test_no_cell_of_a_file_is_taken_for_a_formula_and_numbers_stay_numbers() -> None:
    row = ("=1+1", "+31", "-x", "@a", "\tx", "\rx", "a=1", "", None, -0.25, 0.5, 3)
    assert cells([row]) == [
        ["'=1+1", "'+31", "'-x", "'@a", "'\tx", "'\rx", "a=1", "", "", "-0,25", "0,5", "3"]
    ]  # fmt: skip


async def test_any_trainer_reads_a_report_and_each_reading_is_recorded(desk: Desk, fien: Browser) -> None:
    group = given(desk, by="Gijs")
    tried(desk, group, *[BEST] * 5)
    for path in ("", "/eindes.csv"):
        assert (await get(fien, f"/{group.id}{path}")).status_code == 200
    with desk.services.parts.sessions() as session:
        read = session.scalars(select(AuditRow).where(AuditRow.object == group.id)).all()
    assert [(row.event, row.account, row.kind) for row in read] == [
        ("overview_read", trainer(desk).id, "practice")
    ] * 2  # fmt: skip


async def test_nothing_stands_in_a_report_of_whom(desk: Desk, fien: Browser) -> None:
    group = given(desk)
    tokens = tried(desk, group, *[BEST] * 5)
    digests = [one.trainee for one in studio(desk).tries.of(group.id)]
    told = (await get(fien, f"/{group.id}")).text + (await get(fien, f"/{group.id}/scenes.csv")).text
    assert [each for each in (*tokens, *digests) if each in told] == []


@pytest.mark.parametrize(
    ("share", "begin"),
    [(1.0, "Dit lukte vaak"), (0.7, "Dit lukte vaak"), (0.69, "Dit lukte soms"), (0.3, "Dit lukte soms"),
     (0.29, "Dit was moeilijk"), (0.0, "Dit was moeilijk")],
)  # fmt: skip
def test_a_share_has_its_words(share: float, begin: str) -> None:
    assert words(DIFFICULTY, share) == begin


@pytest.mark.parametrize(
    ("correlation", "told"),
    [(1.0, "ook beter"), (0.3, "ook beter"), (0.29, "weinig"), (0.0, "weinig"), (-0.01, "minder goed"),
     (-1.0, "minder goed")],
)  # fmt: skip
def test_a_correlation_has_its_words(correlation: float, told: str) -> None:
    assert told in words(DISCRIMINATION, correlation)
