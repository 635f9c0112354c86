"""A practice dialogue with the code of a group: the version that was given is played, and what is shared of it has no
word that was typed."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError
from sqlalchemy import select

from bot.practice import Move, Session, kept
from bot.studio import Group, NotOpenError, new_token
from bot.studio.models import TryRow, VersionRow
from bot.web.rates import Rates
from tests.unit.studio.conftest import ANNA, text
from tests.unit.studio.test_report import BEST

from .conftest import make_settings
from .desks import Desk
from .test_library import plain
from .test_studio_groups import desk, given, studio, trainer, written

__all__ = ["desk"]  # a fixture

CLOSED = str(NotOpenError())
SECRET = "zilverplevier"
TOO_OFTEN = "urn:pluis:problem:too-often"


def play(group: Group, *options: str) -> dict[str, Any]:
    """Return a play as the page keeps it: each option said in words of her own."""
    return kept(Session(group.ref.dialogue, tuple(Move(option, SECRET) for option in options)))


async def share(http: httpx.AsyncClient, group: Group, session: Any, token: str = "", key: str = "") -> httpx.Response:
    """Share a play, as the page does."""
    body = {"session": session, "token": token or new_token(), "key": key or new_token()}
    return await http.post(f"/studio/play/groep/{group.code}/delen", json=body)


# -- playing with a code -----------------------------------------------------------------------------------------------


@pytest.fixture
async def http(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """Open the browser of a trainee."""
    async with desk.browser() as browser:
        yield browser


async def test_the_list_asks_for_a_code_and_takes_it_however_it_is_typed(desk: Desk, http: httpx.AsyncClient) -> None:
    code = given(desk).code
    page = await http.get("/studio/play")
    assert "Heb je een code van je trainer?" in plain(page.text)
    assert "form-action 'self'" in page.headers["content-security-policy"]
    for typed in (code, f" {code[:4]}-{code[4:]} ".lower(), f"{code[:3]} {code[3:]}"):
        answer = await http.get("/studio/play", params={"groep": typed})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/studio/play/groep/{code}")
        page = await http.get(f"/studio/play/groep/{typed}")
        assert (page.status_code, f'data-group="{code}"' in page.text) == (200, True)
    assert (await http.get("/studio/play?groep=%20")).status_code == 200


async def test_a_code_that_opens_nothing_is_told_at_the_field_and_stays_in_it(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    closed, gone = given(desk), given(desk, ref=written(desk, about="Een gesprek dat teruggetrokken is."))
    studio(desk).groups.close(ANNA, closed.id)
    studio(desk).store.withdraw(trainer(desk), gone.ref.dialogue)
    said = set()
    for code in ("ZZZZZZZZ", closed.code, "é", '"><b>'):
        for answer in (
            await http.get("/studio/play", params={"groep": code}),
            await http.get(f"/studio/play/groep/{code.replace('/', '')}"),
        ):
            assert answer.status_code == 404
            said.add(re.search(r'id="groep-fout">(.*?)</p>', answer.text)[1])  # type: ignore[index]
            assert 'aria-invalid="true"' in answer.text
            assert "><b>" not in answer.text
    assert said == {CLOSED}
    assert 'value="zz-9"' in (await http.get("/studio/play?groep=zz-9")).text
    assert (await http.get("/studio/play", params={"groep": "x" * 9000})).text.count("xxxxx") <= 4
    assert (await http.get(f"/studio/play/groep/{gone.code}")).status_code == 404


async def test_the_page_of_a_group_says_in_which_one_plays_and_what_is_shared(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    group = given(desk, "Dinsdag <b>")
    html = (await http.get(f"/studio/play/groep/{group.code}")).text
    assert "in de groep <b>Dinsdag &lt;b&gt;</b>." in html
    shared = ("welke antwoorden je koos", "punten per leerdoel", "niet wat je typte", "niet wie je bent", "pas als 5")
    assert [told for told in shared if told not in plain(html)] == []
    assert "practice play" not in html  # knows no groups
    alone = (await http.get("/studio/play/haar_man_antwoordt")).text
    assert ("Delen met je trainer" in alone, "data-group" in alone) == (False, False)


async def test_the_version_that_was_given_is_played_and_shared_from_its_begin_to_its_end(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    group = given(desk)
    newer = studio(desk).store.save(
        trainer(desk), group.ref, text(situation="Nu anders geschreven, om te zien welke versie zij speelt.")
    )
    studio(desk).store.publish(trainer(desk), newer)
    address = f"/studio/play/groep/{group.code.lower()}"
    assert "Je komt voor een wond en haar man doet open." in plain((await http.get(address)).text)
    now = (await http.post(address, json={})).json()
    assert now["says"] == "Kom binnen."
    for option in BEST:
        now = (await http.post(address, json={"session": now["session"], "do": "choose", "option": option})).json()
    assert "<h3>Wat je oefende</h3>" in now["report"]
    token = new_token()
    for number in (1, 2):
        answer = await share(http, group, now["session"], token)
        assert answer.json() == {"number": number, "told": f"Gedeeld. Dit was je {number}e poging in deze groep."}
    assert [one.ending for one in studio(desk).tries.of(group.id)] == ["klaar", "klaar"]


async def test_what_is_typed_in_a_group_passes_the_door_and_the_net(desk: Desk, http: httpx.AsyncClient) -> None:
    address = f"/studio/play/groep/{given(desk).code}"
    now = (await http.post(address, json={"do": "say", "words": "Hoe gaat het met Fatima?"})).json()
    assert now["words"] == "Hoe gaat het met [persoon 1]?"
    asked = (await http.post(address, json={"do": "say", "words": "Pakte hij een mes?"})).json()
    assert "oefening of echt" in plain(asked["danger"])
    unreadable = await http.post(address, json={"session": {"dialogue": "haar_man_antwoordt", "moves": []}})
    assert (unreadable.status_code, "Kies Opnieuw" in unreadable.json()["detail"]) == (422, True)


async def test_when_the_group_closes_a_step_is_refused_with_a_remedy(desk: Desk, http: httpx.AsyncClient) -> None:
    group = given(desk)
    address = f"/studio/play/groep/{group.code}"
    studio(desk).groups.close(ANNA, group.id)
    for path in (address, f"{address}/delen"):
        body = {"session": play(group, *BEST), "token": new_token(), "key": new_token()}
        answer = await http.post(path, json=body)
        assert answer.status_code == 404
        assert answer.json() | {"instance": ""} == {
            "type": "urn:pluis:problem:not-open", "title": "Deze code opent niets", "status": 404, "detail": CLOSED,
            "instance": "",
        }  # fmt: skip


async def test_what_was_played_is_shared_also_when_it_was_taken_out_of_play(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    group = given(desk)
    studio(desk).store.withdraw(trainer(desk), group.ref.dialogue)
    assert (await http.post(f"/studio/play/groep/{group.code}", json={})).status_code == 404
    assert (await share(http, group, play(group, *BEST))).json()["number"] == 1


async def test_one_play_is_one_try_and_no_word_of_it_is_kept(desk: Desk, http: httpx.AsyncClient) -> None:
    group, token, key = given(desk), new_token(), new_token()
    for _ in range(2):
        assert (await share(http, group, play(group, *BEST), token, key)).json()["number"] == 1
    with desk.services.parts.sessions() as session:
        rows = [str(vars(row)) for row in session.scalars(select(TryRow))]
    assert len(rows) == 1
    assert [each for each in (SECRET, token, key) if each in rows[0]] == []


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "not finished": ({"moves": BEST[:-1]}, 409, "nog niet klaar"),
    "not begun": ({"moves": ()}, 409, "nog niet klaar"),
    "moves of another dialogue": ({"moves": ("dag_samen", "wond")}, 409, "intussen veranderd"),
    "another dialogue": ({"dialogue": "haar_man_antwoordt"}, 422, "niet meer te lezen"),
    "no play": ({"session": {}}, 422, "niet meer te lezen"),
    "too long": ({"moves": ("vraag_man",) * 501}, 422, "te lang"),
    "a token that was made up": ({"token": "anna@ziekenhuis.nl"}, 422, "Laad de pagina opnieuw"),
    "a key that was made up": ({"key": "1"}, 422, "Laad de pagina opnieuw"),
}


@pytest.mark.parametrize(("changes", "status", "told"), REFUSED.values(), ids=REFUSED)
async def test_what_cannot_be_shared_is_told_and_nothing_is_kept(
    desk: Desk, http: httpx.AsyncClient, changes: dict[str, Any], status: int, told: str
) -> None:
    group = given(desk)
    moves = [{"option": option} for option in changes.get("moves", BEST)]
    session = changes.get("session", {"dialogue": changes.get("dialogue", group.ref.dialogue), "moves": moves})
    answer = await share(http, group, session, changes.get("token", ""), changes.get("key", ""))
    assert (answer.status_code, told in answer.json()["detail"]) == (status, True)
    assert studio(desk).tries.of(group.id) == []


async def test_the_21st_try_is_refused_and_playing_goes_on(desk: Desk, http: httpx.AsyncClient) -> None:
    group, token = given(desk), new_token()
    answers = [await share(http, group, play(group, *BEST), token) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [409]
    assert "Je deelde al 20 pogingen" in answers[-1].json()["detail"]
    assert (await http.post(f"/studio/play/groep/{group.code}", json={})).status_code == 200


@pytest.mark.parametrize("body", [{}, {"session": 4, "token": "x", "key": "x"}, {"session": {}, "token": ["x"]}])
async def test_a_body_that_makes_no_sense_is_refused(desk: Desk, http: httpx.AsyncClient, body: Any) -> None:
    assert (await http.post(f"/studio/play/groep/{given(desk).code}/delen", json=body)).status_code == 422


async def test_of_a_version_that_cannot_be_read_any_more_nothing_is_shared_and_its_faults_are_not_for_her(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    group = given(desk)
    with desk.services.parts.sessions() as session, session.begin():
        session.get_one(VersionRow, (group.ref.dialogue, 1)).text = "title: ["
    desk.services.studio.store._read.cache_clear()  # as after a restart
    answer = await share(http, group, play(group, *BEST))
    assert (answer.status_code, answer.json()["detail"]) == (404, CLOSED)


# -- limits and logs ---------------------------------------------------------------------------------------------------


def limited(desk: Desk, most: int) -> None:
    """Set the limit of groups as the settings would."""
    object.__setattr__(desk.services, "rates", Rates(make_settings(Path("/nergens"), groups_per_minute=most)))


async def test_who_tries_many_codes_is_refused_also_with_a_right_one(desk: Desk, http: httpx.AsyncClient) -> None:
    limited(desk, 30)
    group = given(desk)
    address = f"/studio/play/groep/{group.code}"
    for _ in range(40):  # right ones are not counted
        assert (await http.post(address, json={})).status_code == 200
    asked = [
        lambda at: http.get(f"/studio/play?groep=ZZZZZZZ{at}"), lambda at: http.get(f"/studio/play/groep/ZZZZZZ{at}"),
        lambda at: http.post(f"/studio/play/groep/ZZZZZZ{at}", json={}),
    ]  # fmt: skip
    wrong = [(await asked[at % 3](at)).status_code for at in range(31)]
    assert (wrong[:30], wrong[30]) == ([404] * 30, 429)
    refused = [
        await http.get(f"/studio/play?groep={group.code}"), await http.get(address), await http.post(address, json={}),
        await share(http, group, play(group, *BEST)),
    ]  # fmt: skip
    assert [(answer.status_code, answer.json()["type"]) for answer in refused] == [(429, TOO_OFTEN)] * 4
    assert "Je gesprek blijft staan" in refused[0].json()["detail"]
    assert (await http.get("/studio/play")).status_code == 200
    assert 'pluis_refused_total{limit="groups"}' in (await http.get("/metrics")).text


async def test_who_shares_very_often_is_refused_and_plays_on(desk: Desk, http: httpx.AsyncClient) -> None:
    limited(desk, 30)
    group = given(desk)
    answers = [await share(http, group, play(group, *BEST)) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert "gesprekken gedeeld" in answers[-1].json()["detail"]
    assert (await http.get(f"/studio/play/groep/{group.code}")).status_code == 200


def test_a_limit_that_would_refuse_a_class_cannot_be_set(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="groups_per_minute"):
        make_settings(tmp_path, groups_per_minute=29)


async def test_a_code_and_a_token_are_never_logged(
    desk: Desk, http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # the browser of the test
    group, token = given(desk), new_token()
    await http.get(f"/studio/play?groep={group.code}")
    await http.get(f"/studio/play/groep/{group.code}")
    await http.post(f"/studio/play/groep/{group.code}", json={})
    await share(http, group, play(group, *BEST), token)
    await share(http, group, {}, token)
    told = " ".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "/studio/play/groep/{code}/delen" in told
    assert [each for each in (group.code, token, SECRET) if each in told] == []
    assert group.code not in (await http.get("/metrics")).text


async def test_pages_for_trainees_tell_no_other_site_of_a_code(desk: Desk, http: httpx.AsyncClient) -> None:
    answer = await http.get(f"/studio/play/groep/{given(desk).code}")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
