"""What staff propose from a closed question, what an editor does with it, and what each of them sees of that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from bot.channels import say
from bot.channels import teaching as judging
from bot.knowledge import KnowledgeError
from bot.staff import By, Staff
from bot.teaching import Kind, ProposalRow, State, proposals
from bot.web import create_app
from bot.web.desk.teaching import LABELS, NOT_RIGHT, STATES
from bot.web.places import places_of
from tests.unit.channels.desks import staff
from tests.unit.channels.fakes import FakeEngine

from .conftest import QUICK, content, make_parts, make_settings
from .desks import ORIGIN, PASSWORD, Browser, Desk, csrf_of, quick_passwords, running_desk

NEAR, TOLD, ANOTHER = "meldcode", "openingszin", "vertrekplan"
HEADING = "Kan Pluis hiervan leren?"
MARKUP = "\"><img src=x onerror=alert(1)> </textarea><script>alert(1)</script> 'dag'"
TOPIC = {
    "title": "Wie belt er mee met Veilig Thuis",
    "short": "Bel samen met een collega. Een van jullie praat, de ander schrijft mee.",
    "questions": "Wie belt er mee",
}
SENTENCE = {"text": "Wie zit er naast me als ik bel", "means": f"topic:{NEAR}"}
WRONG = {"topic": TOLD, "what": "Dit is ouder dan de wet."}
REVIEWED = TOPIC | {
    "questions": "Wie belt er mee\nMag een collega meeluisteren als ik bel\nBellen we samen met Veilig Thuis\n"
                 "Wie schrijft er mee tijdens het bellen",
    "related": NEAR, "source": "pluis-redactie", "section": "hele aantekening",
}  # fmt: skip


class Seen(HTMLParser):
    """A page as a browser has it: its tags, its words, and of each form the values and what its choices offer."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags = list[tuple[str, dict[str, str | None]]]()
        self.texts = list[str]()
        self.forms = dict[str, dict[str, str]]()
        self.offers = dict[str, dict[str, list[str]]]()  # form.field → group → values
        self._form, self._field, self._group = dict[str, str](), "", ""
        self._name, self._text = "", ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        self.tags.append((tag, has))
        if tag == "form":
            self._name = str(has.get("id") or has.get("action"))
            self._form = self.forms.setdefault(self._name, {})
        elif tag == "input":
            self._form[str(has.get("name"))] = has.get("value") or ""
        elif tag in ("select", "textarea"):
            self._field, self._text = str(has.get("name")), ""
            self._form[self._field] = ""
        elif tag == "optgroup":
            self._group = str(has.get("label"))
        elif tag == "option" and has.get("value"):
            self.offers.setdefault(f"{self._name}.{self._field}", {}).setdefault(self._group, []).append(
                str(has["value"])
            )
            if "selected" in has:
                self._form[self._field] = str(has["value"])

    def handle_data(self, data: str) -> None:
        self._text += data
        if data.strip():
            self.texts.append(" ".join(data.split()))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._form[self._field] = self._text

    def links(self) -> dict[str, str | None]:
        """The addresses that the page leads to, with whether that is where it is."""
        return {str(has.get("href")): has.get("aria-current") for tag, has in self.tags if tag == "a"}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Run a site with a helpdesk."""
    async with running_desk(tmp_path) as made:
        yield made


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a proposal fits in the files is not looked at: that takes seconds."""
    monkeypatch.setattr(judging, "check", lambda *_: None)


async def see(browser: Browser, path: str) -> Seen:
    """Open a page."""
    answer = await browser.get(path)
    assert answer.status_code == 200, answer.text
    return Seen(answer.text)


def kept(desk: Desk) -> list[ProposalRow]:
    """Every proposal, the oldest first."""
    with desk.services.parts.sessions() as session:
        return list(session.scalars(select(ProposalRow).order_by(ProposalRow.created_at)))


def proposed(desk: Desk, conversation: str, kind: Kind, values: Mapping[str, str], **changes: Any) -> str:
    """Keep a proposal of Anna as it stands in the database after some time."""
    given = {"related": "", "source": "", "section": "", "better": ""} | dict(values)
    author = next(account.id for account in desk.services.staff.accounts.all() if account.name == "Anna")
    with desk.services.parts.sessions() as session, session.begin():
        number = len(session.scalars(select(ProposalRow.id)).all())
        now = desk.services.chat.store.clock() - 1000 + number
        made = proposals.add(
            session, kind, given, conversation=conversation, author=author, key=f"key-{number}", now=now
        )
        assert made is not None
        if changes:
            session.execute(update(ProposalRow).where(ProposalRow.id == made).values(**changes))
    return made


def state(desk: Desk, proposal: str) -> str:
    return next(row.state for row in kept(desk) if row.id == proposal)


# -- proposing ---------------------------------------------------------------------------------------------------------


async def test_the_forms_stand_filled_in_with_what_is_known(desk: Desk) -> None:
    anna, carla = await desk.signed_in("anna"), await desk.signed_in("carla")
    question, conversation = await desk.ask(asks="Wat zegt de  meldcode\nover <b>bellen</b>?")
    topics = {topic.id: topic for topic in content()}
    for number, topic in enumerate((topics[ANOTHER], topics[TOLD])):
        desk.services.chat.store.say_once(conversation, say(f"**{topic.title}**\n\n{topic.short}"), f"told-{number}")
    mentioned = {"type": "message", "from": {"id": "u", "role": "user"}, "text": f"**{topics[NEAR].title}**"}
    desk.services.chat.store.hear(conversation, mentioned, key=None)
    await anna.post(f"/vragen/{question}/neem")
    for number, text in enumerate(("Ik lees mee", "Overleg met een collega.\n\nDaarna bel je samen.")):
        await anna.post(f"/vragen/{question}/antwoord", tekst=text, sleutel=f"antwoord-{number}")
    assert HEADING not in (await see(anna, f"/vragen/{question}")).texts
    await anna.post(f"/vragen/{question}/sluit", categorie="beantwoord", terug="1", samenvatting="Zij belt zelf.")

    seen = await see(anna, f"/vragen/{question}")
    assert HEADING in seen.texts
    forms = {kind: {**seen.forms[f"leer-{kind}-form"]} for kind in Kind}
    for form in forms.values():
        assert form.pop("csrf") == anna.csrf
        form.pop("sleutel")
    asked = "Wat zegt de meldcode over <b>bellen</b>?"
    assert forms == {
        Kind.TOPIC: {"title": asked, "short": "Overleg met een collega.\n\nDaarna bel je samen.", "questions": asked},
        Kind.SENTENCE: {"text": asked, "means": f"topic:{NEAR}"},
        Kind.WRONG: {"topic": TOLD, "what": NOT_RIGHT, "better": ""},
    }
    means, about = seen.offers["leer-sentence-form.means"], seen.offers["leer-wrong-form.topic"]
    assert means["Vraagt naar dit onderwerp"] == [f"topic:{name}" for name in (ANOTHER, TOLD, NEAR)]
    assert "intent:mens_spreken" in means["Doet of wil iets anders"]
    others = means["Vraagt naar een ander onderwerp"]
    assert len(others) > 100
    assert not {f"topic:{name}" for name in (ANOTHER, TOLD, NEAR)} & set(others)
    assert about["In dit gesprek verteld"] == [ANOTHER, TOLD]
    assert len(about["Alle onderwerpen"]) == len(topics) - 2

    other = await see(carla, f"/vragen/{question}")  # she may read it, and may not propose
    assert HEADING not in other.texts
    assert not any(name.startswith("leer-") for name in other.forms)


async def test_a_form_counts_once_and_what_became_of_it_stands_beneath(desk: Desk) -> None:
    anna, bea = await desk.signed_in("anna"), await desk.signed_in("bea")
    question, _ = await desk.closed(anna)
    address = f"/vragen/{question}/leer/sentence"
    for _ in range(2):
        sent = await anna.post(address, sleutel="eenmaal-1", **SENTENCE)
        assert (sent.status_code, sent.headers["hx-redirect"]) == (204, f"/desk/vragen/{question}")
    (row,) = kept(desk)
    assert (row.kind, row.content) == ("sentence", SENTENCE)
    assert desk.events(row.id) == ["proposal_written"]
    await bea.post(f"/vragen/{question}/leer/wrong", sleutel="eenmaal-2", **WRONG)
    plain = {"csrf": anna.csrf, "sleutel": "eenmaal-3", **TOPIC}
    went = await anna.http.post(f"/desk/vragen/{question}/leer/topic", data=plain, headers=ORIGIN)
    assert (went.status_code, went.headers["location"]) == (303, f"/desk/vragen/{question}")
    assert [one.kind for one in kept(desk)] == ["sentence", "wrong", "topic"]

    ends: Mapping[State, Mapping[str, Any]] = {
        State.OPEN: {}, State.APPROVED: {}, State.EXPORTED: {}, State.REJECTED: {"why": "Staat er <i>al</i>."},
    }  # fmt: skip
    for end, values in ends.items():
        with desk.services.parts.sessions() as session, session.begin():
            judged = update(ProposalRow).where(ProposalRow.id == row.id)
            session.execute(judged.values(state=end.value, **values))
        told = [text for text in (await see(anna, f"/vragen/{question}")).texts if text.startswith("Voorgesteld:")]
        why = " Reden: Staat er <i>al</i>." if values else ""
        assert told == [
            f"Voorgesteld: zin die Pluis moet begrijpen. {STATES[end][:1].upper()}{STATES[end][1:]}.{why}",
            "Voorgesteld: een antwoord van Pluis klopt niet. Wacht op een redacteur.",
            "Voorgesteld: nieuw onderwerp. Wacht op een redacteur.",
        ]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Kind.SENTENCE, SENTENCE | {"means": "Jan de Vries, Kerkstraat 4"}),
        (Kind.SENTENCE, SENTENCE | {"means": "intent:bevestigen"}),
        (Kind.WRONG, WRONG | {"topic": "Jan de Vries"}),
    ],
)
async def test_what_was_not_offered_is_no_choice(desk: Desk, kind: Kind, values: dict[str, str]) -> None:
    anna = await desk.signed_in("anna")
    question, _ = await desk.closed(anna)
    answer = await anna.post(f"/vragen/{question}/leer/{kind}", sleutel="eenmaal-9", **values)
    assert (answer.status_code, "Kies iets uit de lijst." in answer.text) == (422, True)
    with desk.services.parts.sessions() as session:
        assert session.scalars(select(ProposalRow)).all() == []


async def test_a_form_that_is_sent_at_the_same_moment_counts_once_too(desk: Desk) -> None:
    anna = await desk.signed_in("anna")
    question, _ = await desk.closed(anna)
    address = f"/vragen/{question}/leer/sentence"
    sent = await asyncio.gather(*(anna.post(address, sleutel="eenmaal-1", **SENTENCE) for _ in range(5)))
    assert {answer.status_code for answer in sent} == {204}
    assert len(kept(desk)) == 1


async def test_what_the_door_takes_out_is_shown_and_nothing_is_kept_until_it_is_sent_so(desk: Desk) -> None:
    anna = await desk.signed_in("anna")
    question, _ = await desk.closed(anna)
    address = f"/vragen/{question}/leer/topic"
    form = TOPIC | {"title": "Als Jan belt", "short": "Vraag Fatima mee."}
    shown = await anna.post(address, sleutel="deur-1111", **form)
    seen = Seen(shown.text)
    assert shown.status_code == 200
    assert {"Titel: Als [persoon 1] belt", "Antwoord, in ten hoogste 80 woorden: Vraag [persoon 2] mee."} <= {
        *seen.texts
    }
    assert "Jan" not in shown.text
    assert [has for tag, has in seen.tags if tag == "button"] == [
        {
            "class": "utrecht-button utrecht-button--primary-action",
            "form": "leer-topic-form",
            "name": "zeker",
            "value": "1",
        }
    ]
    assert kept(desk) == []
    assert (await anna.post(address, sleutel="deur-1111", zeker="1", **form)).status_code == 204
    (row,) = kept(desk)
    assert (row.content["title"], row.content["short"]) == ("Als [persoon 1] belt", "Vraag [persoon 2] mee.")


async def test_what_cannot_be_proposed_is_told_by_the_name_of_its_field(desk: Desk) -> None:
    anna, bea = await desk.signed_in("anna"), await desk.signed_in("bea")
    question, _ = await desk.closed(anna)
    faults: Sequence[tuple[Kind, dict[str, str], dict[str, str], str]] = (
        (Kind.TOPIC, TOPIC, {"title": ""}, "Vul ‘Titel’ nog in."),
        (Kind.TOPIC, TOPIC, {"title": "x" * 101}, "‘Titel’ is te lang: 101 tekens, en er passen er 100 in."),
        (Kind.TOPIC, TOPIC, {"short": " \n "}, "Vul ‘Antwoord, in ten hoogste 80 woorden’ nog in."),
        (Kind.TOPIC, TOPIC, {"questions": ""}, "Vul ‘Zo wordt het gevraagd’ nog in."),
        (Kind.SENTENCE, SENTENCE, {"text": "x" * 501}, "‘Zin’ is te lang: 501 tekens, en er passen er 500 in."),
        (Kind.SENTENCE, SENTENCE, {"means": ""}, "Vul ‘Wat de vrager daarmee bedoelt’ nog in."),
        (Kind.WRONG, WRONG, {"topic": ""}, "Vul ‘Onderwerp’ nog in."),
        (
            Kind.WRONG,
            WRONG,
            {"what": "x" * 1001},
            "‘Wat er niet klopt’ is te lang: 1001 tekens, en er passen er 1000 in.",
        ),
        (Kind.WRONG, WRONG, {"better": "x" * 901}, "‘Zo is het antwoord beter’ is te lang: 901 tekens"),
    )
    for kind, form, change, told in faults:
        answer = await anna.post(f"/vragen/{question}/leer/{kind}", sleutel="fout-1111", **form | change)
        assert answer.status_code == 422, told
        assert told in " ".join(Seen(answer.text).texts)
        assert "Traceback" not in answer.text
    assert (await anna.post(f"/vragen/{question}/leer/poem", sleutel="fout-1111", **TOPIC)).status_code == 422

    still, _ = await desk.ask()
    early = await anna.post(f"/vragen/{still}/leer/topic", sleutel="fout-1111", **TOPIC)
    assert early.status_code == 409
    assert "Sluit de vraag eerst af" in early.text

    urgent, _ = await desk.closed(bea, **{"class": "S"})
    assert (await anna.get(f"/vragen/{urgent}")).status_code == 404
    assert (await anna.post(f"/vragen/{urgent}/leer/topic", sleutel="fout-1111", **TOPIC)).status_code == 404
    assert kept(desk) == []
    assert (await bea.post(f"/vragen/{urgent}/leer/topic", sleutel="goed-1111", **TOPIC)).status_code == 204
    assert len(kept(desk)) == 1


async def test_without_the_knowledge_there_is_nothing_to_fill_in_with(tmp_path: Path) -> None:
    def out(*_: Any) -> Any:
        raise KnowledgeError("out")

    gone = False
    async with running_desk(tmp_path, search=out, topics=lambda: out() if gone else content()) as desk:
        anna = await desk.signed_in("anna")
        question, _ = await desk.closed(anna, asks="Wat zegt de meldcode?")
        seen = await see(anna, f"/vragen/{question}")
        assert seen.forms["leer-sentence-form"]["means"] == ""
        assert seen.forms["leer-sentence-form"]["text"] == "Wat zegt de meldcode?"
        gone = True
        answer = await anna.get(f"/vragen/{question}")
        assert answer.status_code == 200  # the question can still be read
        assert "Wat zegt de meldcode?" in answer.text
        assert "leer-sentence-form" not in answer.text


# -- judging -----------------------------------------------------------------------------------------------------------


async def test_an_editor_is_led_to_the_proposals(desk: Desk) -> None:
    desk.services.staff.accounts.add("gina", "Gina", ("helpdesk", "supervisor", "editor"), PASSWORD, By("cli"))
    http = desk.browser()
    asked = await http.get("/desk", headers={"Accept": "text/html"}, follow_redirects=True)
    assert asked.url.path == "/aanmelden"
    form = {"csrf": csrf_of(asked.text), "username": "dirk", "password": PASSWORD, "next": "/desk"}
    answer = await http.post("/aanmelden", data=form, headers=ORIGIN, follow_redirects=True)
    assert (answer.status_code, answer.url.path) == (200, "/desk/voorstellen")
    assert {"Er zijn geen voorstellen.", "Kies een voorstel", "Dirk"} <= {*Seen(answer.text).texts}

    gina, anna = await desk.signed_in("gina"), await desk.signed_in("anna")
    places = ["/desk", "/desk/voorstellen", "/desk/overzicht"]
    for path in places:
        links = (await see(gina, path.removeprefix("/desk"))).links()
        assert {name: links[name] for name in places} == {name: "page" if name == path else None for name in places}
    for html, other in ((answer.text, "/desk/overzicht"), ((await anna.get("")).text, "/desk/voorstellen")):
        links = Seen(html).links()
        assert other not in links
        assert "/desk" not in links  # who has one page needs no way to it


@pytest.mark.parametrize(
    ("role", "places"),
    [
        ("helpdesk", ["/desk"]),
        ("aandachtsfunctionaris", ["/desk"]),
        ("supervisor", ["/desk", "/desk/overzicht"]),
        ("editor", ["/desk/voorstellen"]),
        ("trainer", ["/studio", "/studio/groepen"]),
        ("operator", []),
    ],
)
def test_each_role_has_its_pages(role: str, places: list[str]) -> None:
    who: Staff = staff("x", role)
    assert [path for path, _ in places_of(who)] == places


async def test_the_proposals_stand_in_groups_and_one_that_is_opened_is_recorded(desk: Desk) -> None:
    dirk = await desk.signed_in("dirk")
    _, conversation = await desk.ask()
    judged: Mapping[str, Any] = {"reviewer": "gone"}
    first = proposed(desk, conversation, Kind.TOPIC, TOPIC)
    wrong = proposed(desk, conversation, Kind.WRONG, WRONG)
    second = proposed(desk, conversation, Kind.SENTENCE, SENTENCE)
    ready = proposed(desk, conversation, Kind.SENTENCE, SENTENCE, state="approved", **judged)
    refused = proposed(desk, conversation, Kind.TOPIC, TOPIC, state="rejected", why="Staat er al.", **judged)
    done = proposed(desk, conversation, Kind.TOPIC, TOPIC, state="exported", **judged)

    answer = await dirk.get("/voorstellen")
    seen = Seen(answer.text)
    titles = ["Te beoordelen", "Goedgekeurd, nog niet in de bestanden", "Afgehandeld"]
    assert [text for text in seen.texts if text in titles] == titles
    rows = [link.rsplit("/", 1)[1] for link in seen.links() if link.startswith("/desk/voorstellen/")]
    assert rows == [first, wrong, second, ready, done, refused]
    assert [text for text in seen.texts if text.startswith("(")] == ["(3)", "(1)", "(2)"]
    assert sum(text.endswith(", Anna") for text in seen.texts) == 6
    assert all(desk.events(proposal) == [] for proposal in rows)

    topic = await see(dirk, f"/voorstellen/{first}")
    assert desk.events(first) == ["proposal_read"]
    assert topic.links()[f"/desk/voorstellen/{first}"] == "page"
    assert {name: topic.forms["voorstelform"][name] for name in (*TOPIC, "related", "source", "section")} == {
        **TOPIC, "related": "", "source": "", "section": "",
    }  # fmt: skip
    assert "pluis-redactie" in topic.offers["voorstelform.source"]["Bronnen"]
    sentence = await see(dirk, f"/voorstellen/{second}")
    assert {name: sentence.forms["voorstelform"][name] for name in SENTENCE} == SENTENCE
    assert sentence.offers["voorstelform.means"]["Vraagt naar dit onderwerp"] == [f"topic:{NEAR}"]
    assert (await see(dirk, f"/voorstellen/{wrong}")).forms["voorstelform"]["topic"] == TOLD

    for proposal, words, form in (
        (ready, "Goedgekeurd. Voorgesteld door Anna", f"/desk/voorstellen/{ready}/terug"),
        (refused, "Staat er al.", None),
        (done, "Staat in de bestanden van Pluis. Voorgesteld door Anna", None),
    ):
        page = await see(dirk, f"/voorstellen/{proposal}")
        assert any(words in text for text in page.texts)
        assert any("Beoordeeld door een collega." in text for text in page.texts)
        assert [name for name in page.forms if name != "/afmelden"] == ([form] if form else [])


async def test_html_in_any_field_stays_text_on_every_page(desk: Desk) -> None:
    anna, dirk = await desk.signed_in("anna"), await desk.signed_in("dirk")
    question, conversation = await desk.closed(anna, MARKUP, asks=MARKUP)
    fields: Mapping[Kind, Mapping[str, str]] = {
        Kind.TOPIC: dict.fromkeys(("title", "short", "questions", "related", "source", "section"), MARKUP),
        Kind.SENTENCE: {"text": MARKUP, "means": MARKUP},
        Kind.WRONG: {"topic": MARKUP, "what": MARKUP, "better": MARKUP},
    }
    made = [
        proposed(desk, conversation, kind, values, state=end.value, why=MARKUP)
        for kind, values in fields.items()
        for end in State
    ]
    for path in (f"/vragen/{question}", "/voorstellen", *(f"/voorstellen/{proposal}" for proposal in made)):
        seen = await see(dirk if path.startswith("/voorstellen") else anna, path)
        sources = [has.get("src") for tag, has in seen.tags if tag in ("img", "script")]
        assert all(source and source.startswith("/") for source in sources), path
        assert not any(name.startswith("on") for _, has in seen.tags for name in has), path
        assert any("<img src=x" in text for text in seen.texts), path
    opened = await see(dirk, f"/voorstellen/{made[0]}")
    assert {opened.forms["voorstelform"][name] for name in ("title", "short", "questions", "section")} == {MARKUP}
    shown = await anna.post(f"/vragen/{question}/leer/topic", **TOPIC | {"title": f"Jan {MARKUP}"})
    assert "[persoon 1]" in shown.text
    assert {tag for tag, _ in Seen(shown.text).tags} == {"div", "p", "strong", "blockquote", "button"}


async def test_an_editor_completes_a_proposal_that_fits_in_the_files_and_takes_it_back(desk: Desk) -> None:
    dirk = await desk.signed_in("dirk")
    _, conversation = await desk.ask()
    proposal = proposed(desk, conversation, Kind.TOPIC, TOPIC)
    unfinished = await dirk.post(f"/voorstellen/{proposal}/goed", **REVIEWED | {"source": ""})
    assert unfinished.status_code == 422
    assert "Vul ‘Bron’ nog in." in unfinished.text
    for change, told in (
        ({"questions": "Wie belt er mee"}, "Zo wordt het gevraagd: de lijst telt 1 rijen; ten minste 4."),
        ({"related": f"{NEAR}\nbestaat_niet"}, "Verwante onderwerpen: ‘bestaat_niet’ bestaat niet."),
        ({"title": "Meldcode"}, "Er is al een onderwerp ‘meldcode’. Kies een andere titel."),
    ):
        unfit = await dirk.post(f"/voorstellen/{proposal}/goed", **REVIEWED | change)
        assert (unfit.status_code, Seen(unfit.text).texts) == (422, ["De invoer klopt niet", told])
    assert state(desk, proposal) == "open"

    good = await dirk.post(f"/voorstellen/{proposal}/goed", **REVIEWED | {"title": "Wie er meebelt met Veilig Thuis"})
    assert (good.status_code, good.headers.get("hx-redirect")) == (204, "/desk/voorstellen"), good.text
    (row,) = kept(desk)
    assert (row.state, row.content) == ("approved", {**REVIEWED, "title": "Wie er meebelt met Veilig Thuis"})
    assert row.reviewer in {account.id for account in desk.services.staff.accounts.all() if account.name == "Dirk"}

    back = await dirk.post(f"/voorstellen/{proposal}/terug")
    assert (back.status_code, back.headers["hx-redirect"]) == (204, f"/desk/voorstellen/{proposal}")
    (row,) = kept(desk)
    assert (row.state, row.reviewer, row.content["title"]) == ("open", None, "Wie er meebelt met Veilig Thuis")
    assert desk.events(proposal) == ["proposal_reviewed", "proposal_reviewed"]


@pytest.mark.usefixtures("unchecked")
async def test_of_two_editors_the_second_is_told_and_changes_nothing(desk: Desk) -> None:
    desk.services.staff.accounts.add("hans", "Hans", ("editor",), PASSWORD, By("cli"))
    dirk, hans = await desk.signed_in("dirk"), await desk.signed_in("hans")
    _, conversation = await desk.ask()
    deeds = {"goed": dict(SENTENCE), "af": {"reden": "Nee"}, "terug": dict[str, str]()}
    for number, (first, allowed_after) in enumerate((("goed", {"terug"}), ("af", set[str]()))):
        for second in deeds.keys() - allowed_after:
            proposal = proposed(desk, conversation, Kind.SENTENCE, SENTENCE)
            assert (await dirk.post(f"/voorstellen/{proposal}/{first}", **deeds[first])).status_code == 204
            before = next(row for row in kept(desk) if row.id == proposal)
            late = await hans.post(f"/voorstellen/{proposal}/{second}", **deeds[second])
            assert late.status_code == 409, (number, second)
            assert "Dit voorstel is intussen veranderd" in late.text
            after = next(row for row in kept(desk) if row.id == proposal)
            assert (after.state, after.reviewer, after.why) == (before.state, before.reviewer, before.why)
            assert desk.events(proposal) == ["proposal_reviewed"]


@pytest.mark.usefixtures("unchecked")
async def test_an_editor_rejects_with_a_reason_and_lets_no_name_through(desk: Desk) -> None:
    dirk = await desk.signed_in("dirk")
    _, conversation = await desk.ask()
    proposal = proposed(desk, conversation, Kind.TOPIC, TOPIC)
    for reason in ("", "  \n"):
        answer = await dirk.post(f"/voorstellen/{proposal}/af", reden=reason)
        assert (answer.status_code, "Schrijf eerst iets." in answer.text) == (422, True)
    assert state(desk, proposal) == "open"
    named = REVIEWED | {"section": "Hoofdstuk van Jan"}
    shown = await dirk.post(f"/voorstellen/{proposal}/goed", **named)
    assert shown.status_code == 200
    assert "Waar in de bron: Hoofdstuk van [persoon 1]" in Seen(shown.text).texts
    assert 'form="voorstelform" name="zeker" value="1"' in shown.text
    assert state(desk, proposal) == "open"
    person = await dirk.post(f"/voorstellen/{proposal}/goed", **REVIEWED | {"short": "Vraag [persoon 3] mee."})
    assert person.status_code == 422
    assert "Antwoord, in ten hoogste 80 woorden: haal [persoon 3] eruit" in person.text
    assert (await dirk.post(f"/voorstellen/{proposal}/goed", zeker="1", **named)).status_code == 204
    assert kept(desk)[0].content["section"] == "Hoofdstuk van [persoon 1]"

    other = proposed(desk, conversation, Kind.SENTENCE, SENTENCE)
    answer = await dirk.post(f"/voorstellen/{other}/af", reden="Jan vroeg dit al.")
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/desk/voorstellen")
    row = next(row for row in kept(desk) if row.id == other)
    assert (row.state, row.why) == ("rejected", "[persoon 1] vroeg dit al.")
    assert desk.events(other) == ["proposal_reviewed"]


async def test_a_proposal_that_is_not_there_is_not_found(desk: Desk) -> None:
    dirk = await desk.signed_in("dirk")
    for proposal in ("0" * 16, "x", "a" * 300):
        for answer in (
            await dirk.get(f"/voorstellen/{proposal}"),
            await dirk.post(f"/voorstellen/{proposal}/goed", **SENTENCE),
            await dirk.post(f"/voorstellen/{proposal}/af", reden="Nee"),
            await dirk.post(f"/voorstellen/{proposal}/terug"),
        ):
            assert answer.status_code == 404
            assert "Dit voorstel bestaat niet" in answer.text
    assert desk.events("0" * 16) == []


async def test_where_there_is_no_desk_there_are_no_proposals(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    with quick_passwords():
        app = create_app(settings, make_parts(settings, FakeEngine()), QUICK)
    async with app.router.lifespan_context(app):
        accounts = app.state.services.staff.accounts
        accounts.add("dirk", "Dirk", ("editor", "supervisor"), PASSWORD, By("cli"))
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            form = {"csrf": csrf_of((await http.get("/aanmelden")).text), "username": "dirk", "password": PASSWORD}
            await http.post("/aanmelden", data=form, headers=ORIGIN)
            for path in ("/desk/voorstellen", "/desk/voorstellen/x", "/desk/overzicht", "/desk/overzicht.csv"):
                answer = await http.get(path)
                assert answer.status_code == 404, path
                assert "Er is hier geen helpdesk." in answer.json()["detail"]


# -- what one closed oneself -------------------------------------------------------------------------------------------


async def test_the_five_questions_that_someone_closed_last_stay_within_reach(desk: Desk) -> None:
    anna, bea = await desk.signed_in("anna"), await desk.signed_in("bea")
    assert "Door jou afgesloten" not in (await anna.get("")).text
    closed = [(await desk.closed(anna, asks=f"Vraag {number}"))[0] for number in range(6)]
    hers, _ = await desk.closed(bea, asks="Van Bea")
    with desk.services.parts.sessions() as session, session.begin():
        for number, question in enumerate((*closed, hers)):
            row = desk.row(question)
            row.closed_at, row.promised_at = 1000.0 + number, 10.0  # long past, and nobody answered
            session.merge(row)
    for path in ("", f"/rij?vraag={closed[5]}"):
        seen = await see(anna, path)
        shown = [link.rsplit("/", 1)[1] for link in seen.links() if link.startswith("/desk/vragen/")]
        assert shown == closed[:0:-1], path
        at = seen.texts.index("Door jou afgesloten")
        assert seen.texts[at + 1] == "(5)"
        assert [text for text in seen.texts[at:] if text.startswith("Vraag ")] == [
            f"Vraag {n}" for n in range(5, 0, -1)
        ]
        assert seen.texts.count("afgesloten") == 5
        assert {"Er staan geen vragen open.", "0 wachten"} <= {*seen.texts}
        assert not any("te laat" in text for text in seen.texts)
        assert not any("late" in str(has.get("class")).split() for _, has in seen.tags)
    waiting, _ = await desk.ask(asks="Nog open")
    seen = await see(anna, "")
    assert [text for text in seen.texts if text in ("Wacht", "Door jou afgesloten")] == ["Wacht", "Door jou afgesloten"]
    assert f"/desk/vragen/{waiting}" in seen.links()
    assert f"/desk/vragen/{hers}" not in seen.links()


def test_every_kind_and_state_has_words() -> None:
    assert set(LABELS) == set(Kind)
    assert set(STATES) == set(State)
