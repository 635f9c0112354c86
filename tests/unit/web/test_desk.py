"""The pages of the desk: who may see and do what, and that nothing typed is lost or said twice."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import func, select

from bot.audit.models import AuditRow
from bot.staff import By
from bot.web import create_app
from bot.web.desk import routers
from bot.web.desk.board import QUEUE, TALK, TYPES, Page
from bot.web.places import places_of
from bot.web.services import Services
from tests.unit.channels.fakes import FakeEngine

from .conftest import QUICK, make_parts, make_settings
from .desks import ASKED, ORIGIN, PASSWORD, STAFF, Desk, csrf_of, quick_passwords, running_desk

MAY = {
    "": "question.read", "/rij": "question.read", "/stroom": "question.read", "/vragen/{question}": "question.read",
    "/vragen/{question}/stand": "question.read", "/vragen/{question}/gesprek": "question.read",
    "/vragen/{question}/weghalen": "question.reassign", "/vragen/{question}/lichter": "question.lower",
    "/vragen/{question}/lichter/eens": "question.lower", "/vragen/{question}/lichter/oneens": "question.lower",
    "/vragen/{question}/leer/{kind}": "proposal.write", "/voorstellen": "proposal.review",
    "/voorstellen/{proposal}": "proposal.review", "/voorstellen/{proposal}/goed": "proposal.review",
    "/voorstellen/{proposal}/af": "proposal.review", "/voorstellen/{proposal}/terug": "proposal.review",
    "/overzicht": "overview.read", "/overzicht.csv": "overview.read",
}  # fmt: skip


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Run a site with a helpdesk."""
    async with running_desk(tmp_path) as made:
        yield made


def _routes() -> list[tuple[str, str, str]]:
    return [
        (method, route.path.removeprefix("/desk"), MAY.get(route.path.removeprefix("/desk"), "question.work"))
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods or ())
    ]


def filled(path: str, question: str) -> str:
    """Fill in an address."""
    return path.replace("{question}", question).replace("{proposal}", "0" * 16).replace("{kind}", "topic")


def test_all_pages_of_the_desk_are_tried() -> None:
    assert len(_routes()) > 25
    assert set(MAY) <= {path for _, path, _ in _routes()}


@pytest.mark.parametrize(("method", "path", "_permission"), _routes())
async def test_who_is_not_signed_in_sees_and_does_nothing(desk: Desk, method: str, path: str, _permission: str) -> None:
    question, conversation = await desk.ask()
    before = desk.said(conversation)
    http = desk.browser()
    address = f"/desk{filled(path, question)}"
    answer = await http.request(method, address, headers=ORIGIN | {"Accept": "application/json"})
    assert answer.status_code in ({303, 401} if method == "GET" else {401})
    assert desk.row(question).state == "waiting"
    assert desk.said(conversation) == before


@pytest.mark.parametrize(("method", "path", "permission"), _routes())
async def test_each_route_refuses_a_role_without_its_permission(
    desk: Desk, method: str, path: str, permission: str
) -> None:
    question, _ = await desk.ask()
    address = filled(path, question)
    for name, roles in STAFF.items():
        staff = desk.services.staff.roles.staff("x", name, roles)
        if staff.may(permission):
            continue
        browser = await desk.signed_in(name)
        if method == "GET":
            answer = await browser.get(address)
        else:
            answer = await browser.post(address)
        if path == "" and (places := places_of(staff)):  # the first page of all staff: it leads to their own
            assert (answer.status_code, answer.headers["location"]) == (303, places[0][0])
            continue
        assert answer.status_code == 403, (name, permission)
    assert desk.row(question).state == "waiting"


async def test_what_is_urgent_is_shown_to_who_may_see_it(desk: Desk) -> None:
    question, _ = await desk.ask(**{"class": "S"})
    anna, bea = await desk.signed_in("anna"), await desk.signed_in("bea")
    hidden = await anna.get("")
    assert "1 dringende vraag wacht op een aandachtsfunctionaris" in hidden.text
    assert question not in hidden.text
    for path in ("", "/stand", "/gesprek"):
        assert (await anna.get(f"/vragen/{question}{path}")).status_code == 404
    assert (await anna.post(f"/vragen/{question}/neem")).status_code == 404
    assert question in (await bea.get("")).text
    assert (await bea.post(f"/vragen/{question}/neem")).status_code == 204
    assert desk.row(question).owner is not None


async def test_reading_is_recorded_and_says_by_whom(desk: Desk) -> None:
    question, conversation = await desk.ask()
    anna = await desk.signed_in("anna")
    assert (await anna.get(f"/vragen/{question}")).status_code == 200
    assert desk.events(conversation) == ["question_read"]
    for path in ("/stand", "/gesprek"):  # an open page asks on
        assert (await anna.get(f"/vragen/{question}{path}")).status_code == 200
    assert desk.events(conversation) == ["question_read"]


@pytest.mark.parametrize("path", ["/stand", "/gesprek"])
async def test_a_part_is_not_read_without_a_record_either(desk: Desk, path: str) -> None:
    question, conversation = await desk.ask()
    anna, bea = await desk.signed_in("anna"), await desk.signed_in("bea")
    for browser in (anna, anna, bea):
        assert (await browser.get(f"/vragen/{question}{path}")).status_code == 200
    assert desk.events(conversation) == ["question_read", "question_read"]


async def test_the_queue_is_read_with_one_record_for_each_who_has_it_open(desk: Desk) -> None:
    question, _ = await desk.ask()
    anna, bea = await desk.signed_in("anna"), await desk.signed_in("bea")
    for path in ("/rij", f"/rij?vraag={question}", f"/vragen/{question}"):
        for browser in (anna, bea):
            assert (await browser.get(path)).status_code == 200
    assert desk.events("").count("question_listed") == 2
    await anna.get("")
    assert desk.events("").count("question_listed") == 3


async def test_who_may_not_see_it_any_more_goes_on_to_the_queue(desk: Desk) -> None:
    question, _ = await desk.ask(**{"class": "P2"})
    anna = await desk.signed_in("anna")
    answer = await anna.post(f"/vragen/{question}/zwaarder", klasse="S", reden="hij staat voor de deur")
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/desk")
    assert desk.row(question).class_id == "S"


async def test_a_summary_is_not_left_behind_by_closing(desk: Desk) -> None:
    question, conversation = await desk.ask()
    bea = await desk.signed_in("bea")
    await bea.post(f"/vragen/{question}/neem")
    form = {"categorie": "beantwoord", "samenvatting": "Bel eerst je collega."}
    answer = await bea.post(f"/vragen/{question}/sluit", **form)
    assert (answer.status_code, desk.row(question).state) == (422, "claimed")
    assert "alleen mee als je teruggeeft" in answer.text
    assert (await bea.post(f"/vragen/{question}/sluit", **form, terug="1")).status_code == 204
    assert any("Bel eerst je collega." in text for text in desk.said(conversation))


async def test_what_was_typed_comes_out_as_text(desk: Desk) -> None:
    question, _ = await desk.ask()
    anna = await desk.signed_in("anna")
    page = (await anna.get(f"/vragen/{question}")).text
    assert "&lt;b&gt;hierover&lt;/b&gt;" in page
    assert "<b>hierover" not in page
    await anna.post(f"/vragen/{question}/neem")
    await anna.post(f"/vragen/{question}/notitie", tekst="<script>alert(1)</script>", sleutel="notitie1")
    await anna.post(f"/vragen/{question}/antwoord", tekst="<img src=x onerror=alert(1)> *dag*", sleutel="antwoord1")
    page = (await anna.get(f"/vragen/{question}")).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "*dag*" in page  # no markup of hers either


async def test_an_answer_goes_once_however_often_it_is_sent(desk: Desk) -> None:
    question, conversation = await desk.ask()
    anna = await desk.signed_in("anna")
    await anna.post(f"/vragen/{question}/neem")
    sent = await asyncio.gather(
        *(anna.post(f"/vragen/{question}/antwoord", tekst="Dag, ik lees mee", sleutel="eenmaal-1") for _ in range(5))
    )
    assert {answer.status_code for answer in sent} == {204}
    assert sum("ik lees mee" in text for text in desk.said(conversation)) == 1
    assert desk.events(conversation).count("question_answered") == 1
    changed = await anna.post(f"/vragen/{question}/antwoord", tekst="Dag, ik lees nu mee", sleutel="eenmaal-1")
    assert changed.status_code == 204  # her line broke, and she wrote it anew
    assert sum("ik lees nu mee" in text for text in desk.said(conversation)) == 1


async def test_what_the_door_takes_out_is_shown_before_it_goes(desk: Desk) -> None:
    question, conversation = await desk.ask()
    anna = await desk.signed_in("anna")
    await anna.post(f"/vragen/{question}/neem")
    text = "Bel Jansen maar"
    shown = await anna.post(f"/vragen/{question}/antwoord", tekst=text, sleutel="deur-1111")
    assert shown.status_code == 200
    assert "[persoon 1]" in shown.text
    assert "Jansen" not in shown.text
    assert not any("persoon 1" in said for said in desk.said(conversation))
    assert (
        await anna.post(f"/vragen/{question}/antwoord", tekst=text, sleutel="deur-1111", zeker="1")
    ).status_code == 204
    assert any("persoon 1" in said for said in desk.said(conversation))
    assert not any("Jansen" in said for said in desk.said(conversation))
    back = {"categorie": "beantwoord", "samenvatting": text}
    shown = await anna.post(f"/vragen/{question}/sluit", terug="1", **back)
    assert shown.status_code == 200
    assert desk.row(question).state == "claimed"
    assert 'form="sluitform" name="terug" value="zeker"' in shown.text
    assert (await anna.post(f"/vragen/{question}/sluit", terug="zeker", **back)).status_code == 204
    assert desk.row(question).state == "closed"


@pytest.mark.parametrize(("text", "status"), [("", 422), ("  \n ", 422), ("woord " * 10_000, 422)])
async def test_nothing_and_too_much_are_told_in_dutch_and_nothing_is_said(desk: Desk, text: str, status: int) -> None:
    question, conversation = await desk.ask()
    anna = await desk.signed_in("anna")
    await anna.post(f"/vragen/{question}/neem")
    before = desk.said(conversation)
    for path in ("antwoord", "notitie"):
        answer = await anna.post(f"/vragen/{question}/{path}", tekst=text, sleutel="teveel-11")
        assert answer.status_code == status
        assert ("Schrijf eerst iets" in answer.text) or ("4.000" in answer.text)
    assert desk.said(conversation) == before


async def test_a_question_of_another_is_refused_clearly(desk: Desk) -> None:
    question, conversation = await desk.ask()
    bea, bram = await desk.signed_in("bea"), await desk.signed_in("bram")
    await bea.post(f"/vragen/{question}/neem")
    before = desk.said(conversation)
    for path, form in (
        ("neem", {}), ("antwoord", {"tekst": "hoi", "sleutel": "ander-111"}), ("sluit", {"categorie": "beantwoord"}),
        ("los", {}), ("overnemen", {}), ("niet-overnemen", {}),
    ):  # fmt: skip
        answer = await bram.post(f"/vragen/{question}/{path}", **form)
        assert answer.status_code == 409, path
        assert "collega heeft deze vraag" in answer.text
    assert desk.said(conversation) == before


@pytest.mark.parametrize("question", ["0" * 16, "../../etc", "x", "%00", "a" * 500])
async def test_a_forged_id_finds_nothing(desk: Desk, question: str) -> None:
    bea = await desk.signed_in("bea")
    assert (await bea.get(f"/vragen/{question}")).status_code in {400, 404}
    assert (await bea.post(f"/vragen/{question}/neem")).status_code in {400, 404}


async def test_a_closed_question_stays_closed(desk: Desk) -> None:
    question, conversation = await desk.ask()
    bea = await desk.signed_in("bea")
    await bea.post(f"/vragen/{question}/neem")
    assert (await bea.post(f"/vragen/{question}/sluit", categorie="nee")).status_code == 422
    assert (await bea.post(f"/vragen/{question}/sluit", categorie="beantwoord")).status_code == 204
    before = desk.said(conversation)
    for path, form in (
        ("neem", {}),
        ("antwoord", {"tekst": "hoi", "sleutel": "dicht-111"}),
        ("sluit", {"categorie": "beantwoord"}),
    ):
        answer = await bea.post(f"/vragen/{question}/{path}", **form)
        assert answer.status_code == 409
        assert "al afgesloten" in answer.text
    assert desk.said(conversation)[: len(before)] == before


async def test_a_question_is_transferred_when_the_colleague_takes_it(desk: Desk) -> None:
    question, conversation = await desk.ask()
    bea, bram = await desk.signed_in("bea"), await desk.signed_in("bram")
    ids = {account.name: account.id for account in desk.services.staff.accounts.all()}
    await bea.post(f"/vragen/{question}/neem")
    assert (await bea.post(f"/vragen/{question}/vraag-collega", collega=ids["Dirk"])).status_code == 422
    assert (await bea.post(f"/vragen/{question}/vraag-collega", collega=ids["Bram"])).status_code == 204
    assert "Aan jou gevraagd" in (await bram.get("")).text
    assert desk.row(question).owner == ids["Bea"]
    assert (await bram.post(f"/vragen/{question}/overnemen")).status_code == 204
    assert desk.row(question).owner == ids["Bram"]
    assert any("Een andere medewerker neemt het over" in said for said in desk.said(conversation))
    assert not any("Bram" in said or "Bea" in said for said in desk.said(conversation))


async def test_two_people_make_the_heaviest_lighter(desk: Desk) -> None:
    question, _ = await desk.ask(**{"class": "S"})
    bea, carla = await desk.signed_in("bea"), await desk.signed_in("carla")
    assert (await bea.post(f"/vragen/{question}/lichter", klasse="P2", reden="was een oefening")).status_code == 204
    assert desk.row(question).class_id == "S"
    assert (await bea.post(f"/vragen/{question}/lichter/eens", klasse="P2")).status_code == 409
    shown = (await carla.get(f"/vragen/{question}")).text
    assert "vraagt of deze vraag P2 mag worden" in shown
    assert '<input type="hidden" name="klasse" value="P2">' in shown
    assert (await carla.post(f"/vragen/{question}/lichter/eens")).status_code == 409
    assert (await carla.post(f"/vragen/{question}/lichter/eens", klasse="P2")).status_code == 204
    assert desk.row(question).class_id == "P2"
    assert desk.row(question).reasons[0] == "was een oefening"


async def test_the_first_is_the_most_urgent_and_two_who_press_get_two(desk: Desk) -> None:
    light, _ = await desk.ask(**{"class": "U"})
    heavy, _ = await desk.ask(**{"class": "S", "asks": "Nu"})
    bea, bram = await desk.signed_in("bea"), await desk.signed_in("bram")
    taken = await asyncio.gather(bea.post("/eerste"), bram.post("/eerste"))
    assert sorted(answer.headers["hx-redirect"].rsplit("/", 1)[1] for answer in taken) == sorted([light, heavy])
    assert (await bea.post("/eerste")).status_code == 409


async def test_a_form_without_the_token_of_the_sign_in_does_nothing(desk: Desk) -> None:
    question, _ = await desk.ask()
    bea = await desk.signed_in("bea")
    bea.csrf = "0" * 64
    answer = await bea.post(f"/vragen/{question}/neem")
    assert answer.status_code == 403
    assert "pluis:csrf" in answer.headers["hx-trigger"]
    assert desk.row(question).state == "waiting"


async def test_an_expired_sign_in_keeps_the_text_in_the_page(desk: Desk) -> None:
    question, _ = await desk.ask()
    bea = await desk.signed_in("bea")
    await bea.post(f"/vragen/{question}/neem")
    bea.http.cookies.clear()
    answer = await bea.post(f"/vragen/{question}/antwoord", tekst="een lang antwoord", sleutel="verlopen1")
    assert answer.status_code == 401
    assert answer.headers["hx-retarget"] == "#melding"
    assert "is niet verstuurd" in answer.text


async def test_a_code_brings_the_conversation_back_and_a_wrong_one_nothing(desk: Desk) -> None:
    conversation = "c" * 32
    desk.services.chat.store.create(conversation, "directline", "http://127.0.0.1:8000", "/groet")
    said = await asyncio.to_thread(desk.desk.hand_over, conversation, ASKED)
    found = re.search(r"\*\*([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})\*\*", said[1]["text"])
    assert found
    http = desk.browser()
    assert (await http.get("/terug")).status_code == 200
    code = found[1].lower().replace("-", " ")
    keys = (await http.post("/v3/directline/tokens/return", json={"code": code})).json()
    assert keys["conversationId"] == conversation
    refused = await http.post("/v3/directline/tokens/return", json={"code": "AAAA-BBBB-CCCC"})
    assert refused.status_code == 404
    assert "Deze code ken ik niet" in refused.json()["detail"]
    for _ in range(25):
        last = await http.post("/v3/directline/tokens/return", json={"code": "AAAA-BBBB-CCCC"})
    assert last.status_code == 429


async def test_ready_answers_and_knowledge_are_found(desk: Desk) -> None:
    bea = await desk.signed_in("bea")
    assert "Vandaag Veilig Thuis bellen" in (await bea.get("/antwoorden?zoek=veilig thuis")).text
    assert "Niets gevonden" in (await bea.get("/antwoorden?zoek=xyzzy")).text
    assert "Daar staat niets over" in (await bea.get("/kennis?zoek=xyzzy")).text


async def test_where_there_is_no_desk_there_is_no_page(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    with quick_passwords():
        app = create_app(settings, make_parts(settings, FakeEngine()), QUICK)
    async with app.router.lifespan_context(app):
        services: Services = app.state.services
        services.staff.accounts.add("bea", "Bea", ("aandachtsfunctionaris",), PASSWORD, By("cli"))
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            page = (await http.get("/aanmelden")).text
            form = {"csrf": csrf_of(page), "username": "bea", "password": PASSWORD}
            await http.post("/aanmelden", data=form, headers=ORIGIN)
            assert (await http.get("/desk")).status_code == 404
            assert (await http.get("/terug")).status_code == 404


async def test_a_page_hears_at_once_what_is_said_and_the_queue_in_calm() -> None:
    page = Page("c1")
    page.tell(QUEUE)
    assert await page.news(5) == {QUEUE}
    page.tell(QUEUE)
    page.tell(TALK)
    assert await page.news(5) == {TALK}
    loop = asyncio.get_running_loop()
    begin = loop.time()
    assert await page.news(5) == {QUEUE}
    assert 0.3 < loop.time() - begin < 2
    assert await page.news(0.01) == set()


async def test_the_board_tells_the_page_of_this_conversation(desk: Desk) -> None:
    board = desk.services.board
    assert board is not None
    question, conversation = await desk.ask()
    with board.open(conversation) as mine, board.open("other") as other:
        assert await mine.news(0) == {QUEUE}  # at once: what changed before its line was there
        await other.news(0.05)
        desk.services.chat.hub.news(conversation)
        assert TALK in await mine.news(2)
        board.types(conversation)
        assert TYPES in await mine.news(2)
        bea = await desk.signed_in("bea")
        await bea.post(f"/vragen/{question}/neem")
        heard = set[str]()
        while QUEUE not in heard:
            heard |= await asyncio.wait_for(other.news(3), 5)
        assert TALK not in heard
    assert board.pages == 0


async def test_the_audit_log_holds_every_deed_and_no_word(desk: Desk) -> None:
    question, conversation = await desk.ask()
    bea = await desk.signed_in("bea")
    await bea.get(f"/vragen/{question}")
    await bea.post(f"/vragen/{question}/neem")
    await bea.post(f"/vragen/{question}/antwoord", tekst="paraplubak", sleutel="paraplu-1")
    await bea.post(f"/vragen/{question}/notitie", tekst="paraplubak", sleutel="paraplu-2")
    await bea.post(f"/vragen/{question}/sluit", categorie="beantwoord", terug="1", samenvatting="paraplubak")
    events = ["question_read", "question_claimed", "question_answered", "note_written", "handed_back"]
    assert desk.events(conversation) == events
    with desk.services.parts.sessions() as session:
        rows = session.scalars(select(AuditRow)).all()
        assert not any("paraplu" in str(vars(row)) for row in rows)
        assert session.scalar(select(func.count()).select_from(AuditRow).where(AuditRow.account != "")) == len(rows)
