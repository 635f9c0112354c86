"""What trainers publish is practised in the conversation at once, and what they withdraw no more: also in mid-play."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actions import base
from actions.practice import MORE, OFFERED, Playing
from actions.wiring import Services
from bot.audit import Audit
from bot.case import Trigger
from bot.channels import render
from bot.channels.teams import teams_forms
from bot.database import make_engine, session_factory
from bot.practice import Move, Session
from bot.studio import Playable, Ref, Store
from tests.databases import KINDS, fresh
from tests.unit.practice import option, script
from tests.unit.studio.conftest import ANNA, text

from .conftest import DATA, SHIPPED, Done
from .test_practice import FORM, HIM, play, session_of

DOOR = "aan_de_deur"
BEGIN = f'/oefenen{{"keuze": "{DOOR}"}}'
WORDS = "hij heeft een mes"
TEAMS_TAKES = 20_000  # characters of a message


@pytest.fixture(params=KINDS)
def store(
    request: pytest.FixtureRequest, tmp_path: Path, services: Services, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """The dialogues of a database, as the actions find them."""
    engine = make_engine(fresh(request, tmp_path))
    sessions = session_factory(engine)
    made = Store(sessions, Audit(sessions), DATA, lambda source, section: "weg" if source == "weg" else None)
    monkeypatch.setattr(base, "services", lambda: replace(services, playable=made.playable))
    yield made
    engine.dispose()


def published(store: Store, title: str = "Aan de deur", **changes: Any) -> Ref:
    ref = store.create(ANNA, title, text(**changes))
    store.publish(ANNA, ref)
    return ref


def slot(*moves: str, words: str = "") -> dict[str, Any]:
    """What is played at the door, with words that may be real."""
    triggers = (Trigger("weapon", words),) if words else ()
    return {"oefening": Playing(Session(DOOR, tuple(map(Move, moves))), words, triggers).to_slot()}


def offered(run: Any, choice: str | None = None, slots: Any = None) -> Done:
    done: Done = run("action_oefenen", intent="oefenen", choice=choice, form=FORM, slots=slots or {})
    return done


def test_what_is_published_is_offered_and_played_and_what_is_withdrawn_no_more(run: Any, store: Store) -> None:
    assert "Van jullie trainers" not in offered(run).text
    published(store)
    done = offered(run)
    assert done.text.index("**Van jullie trainers**\n\n- **Aan de deur** (5 minuten). Een eerste gesprek") < (
        done.text.index(f"**Van Pluis**\n\n- **{SHIPPED.shipped()[0].title}**")
    )
    assert (done.payloads[0], len(done.payloads)) == (BEGIN, 11)
    begun = offered(run, DOOR)
    assert "Je komt voor een wond" in begun.text
    said = play(run, "", "optie:naar_keuken", slots={"oefening": begun.slots["oefening"]})
    assert "Zo landde naar_keuken bij haar." in said.text
    assert session_of(said) == Session(DOOR, (Move("naar_keuken"),))
    store.withdraw(ANNA, DOOR)
    assert BEGIN not in offered(run).payloads


def test_what_is_withdrawn_in_mid_play_is_told_and_goes_on_when_it_is_there_again(run: Any, store: Store) -> None:
    ref = published(store)
    store.withdraw(ANNA, DOOR)
    for done in (
        play(run, "", "optie:hoe_gaat_het", slots=slot("naar_keuken")),
        play(run, "tip", slots=slot("naar_keuken")),
        run("validate_oefen_form", form=FORM, slots=slot("naar_keuken"), ran=["action_oefenen"]),
    ):
        assert done.text == "Dit oefengesprek is er niet meer. Typ *oefenen* om een ander te kiezen."
        assert (done.left_form, done.next, done.slots["requested_slot"]) == (True, "action_listen", None)
        assert session_of(done).moves == (Move("naar_keuken"),)
    begun = run("validate_oefen_form", slots=slot("naar_keuken"), ran=["action_oefenen"])  # the form is not there yet
    assert (begun.slots["requested_slot"], begun.next) == (None, "action_listen")
    for choice in (":verder", ":opnieuw"):
        assert offered(run, choice, slot("naar_keuken")).next == FORM  # which tells it
    assert "Welk gesprek" in offered(run, None, slot("naar_keuken")).text
    store.publish(ANNA, ref)
    assert "Ga je daarmee verder" in offered(run, None, slot("naar_keuken")).text


def test_one_that_was_withdrawn_since_it_was_offered_is_told(run: Any, store: Store) -> None:
    done = offered(run, DOOR)
    assert "is er niet meer" in done.text
    assert (done.left_form, done.next) == (True, "")


@pytest.mark.parametrize(("choice", "follows"), [("echt", "gevaar_form"), ("oefening", "action_listen")])
def test_words_that_may_be_real_are_asked_about_also_when_the_dialogue_is_gone(
    run: Any, store: Store, choice: str, follows: str
) -> None:
    waiting = slot("naar_keuken", words=WORDS)
    assert "oefening of echt" in run("validate_oefen_form", slots=waiting, ran=["action_gevaar"]).text
    done = play(run, "", choice, slots=waiting)
    assert (done.next, done.left_form) == (follows, True)
    assert ("is er niet meer" in done.text) == (choice == "oefening")
    playing = Playing.from_slot(done.slots["oefening"])
    assert playing is not None
    assert (playing.words, playing.session.moves) == ("", (Move("naar_keuken"),))


def test_of_a_new_version_what_fits_goes_on_and_what_does_not_is_told(run: Any, store: Store) -> None:
    first = published(store)
    door, kitchen, *endings = script()["scenes"]
    calm = kitchen | {"says": "Rustig hier."}
    second = store.save(ANNA, first, text(scenes=[door, calm, *endings]))
    assert "Het gaat wel." in play(run, "", "optie:naar_keuken", slots=slot()).text  # not published yet
    store.publish(ANNA, second)
    same = play(run, "herhaal", slots=slot("naar_keuken"))
    assert "> Rustig hier." in same.text
    assert "veranderd" not in same.text
    other = door | {"options": [option("bel_aan", "keuken", goals={"apart": 2}), *door["options"][1:]]}
    store.publish(ANNA, store.save(ANNA, second, text(scenes=[other, calm, *endings])))
    for done in (
        play(run, "herhaal", slots=slot("naar_keuken", "slaap")),
        play(run, "", "optie:afspraak", slots=slot("naar_keuken", "slaap")),
        run("validate_oefen_form", slots=slot("naar_keuken", "slaap"), ran=["action_oefenen"]),
    ):
        assert "intussen veranderd" in done.text
        assert "> Kom binnen." in done.text
        assert session_of(done) == Session(DOOR)


def test_what_cannot_be_played_any_more_is_not_offered(run: Any, store: Store) -> None:
    (goal, *goals) = script()["goals"]
    ref = store.create(ANNA, "Aan de deur", text(goals=[goal | {"sources": [{"id": "weg", "section": "1"}]}, *goals]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_sound", lambda ref: None)  # when it was published the source was there
        store.publish(ANNA, ref)
    assert BEGIN not in offered(run).payloads
    assert "is er niet meer" in offered(run, DOOR).text


# -- many of them ------------------------------------------------------------------------------------------------------


@pytest.fixture
def many(services: Services, monkeypatch: pytest.MonkeyPatch) -> Playable:
    """Ten that come with Pluis and twenty of trainers, with words as long as they can be."""
    own = {
        Ref(f"eigen_{at:02}", 1): replace(HIM, id=f"eigen_{at:02}", title=f"{at:02} " + "w" * 77, about="a " * 149)
        for at in range(20)
    }
    made = Playable({**SHIPPED.dialogues, **own})
    monkeypatch.setattr(base, "services", lambda: replace(services, playable=lambda: made))
    return made


def test_many_are_offered_so_many_at_a_time_and_round_again(run: Any, many: Playable) -> None:
    names = [one.id for one in (*many.own(), *many.shipped())]
    pages = [offered(run), offered(run, f"{MORE}{OFFERED}"), offered(run, f"{MORE}{2 * OFFERED}")]
    told = [[*map(chosen, done.payloads)] for done in pages]
    assert told == [
        [*names[:15], ":meer:15"],
        [*names[15:], ":meer:30"],
        [*names[:15], ":meer:15"],
    ]
    assert "Van Pluis" not in pages[0].text
    assert pages[1].text.index("**Van jullie trainers**") < pages[1].text.index("**Van Pluis**")
    assert "Er zijn 30 gesprekken." in pages[1].text
    assert all(done.left_form for done in pages)


def chosen(payload: str) -> str:
    value: str = json.loads(payload.removeprefix("/oefenen"))["keuze"]
    return value


def test_more_can_be_asked_for_in_the_middle_of_a_dialogue_and_after_it_got_shorter(run: Any, many: Playable) -> None:
    assert "Welk gesprek" in offered(run, f"{MORE}15", slot("naar_keuken")).text
    assert "**Van jullie trainers**\n\n- **00 w" in offered(run, f"{MORE}999").text


def test_what_is_offered_at_once_fits_in_teams(run: Any, many: Playable) -> None:
    messages = [
        {key: value for key, value in message.items() if key in ("text", "buttons") and value}
        for message in offered(run).messages
    ]
    forms = [form for activity in render(messages, lambda *_: "").activities for form in teams_forms(activity)]
    assert max(len(json.dumps(form, ensure_ascii=False)) for form in forms) < TEAMS_TAKES / 2
    (card,) = (form for form in forms if form.get("attachments"))
    assert len(card["attachments"][0]["content"]["body"]) == 2 * (OFFERED + 1)  # each title above its button


def test_marks_in_a_title_or_about_are_shown_as_they_stand(
    run: Any, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = Playable({Ref(HIM.id, 1): replace(HIM, title="Wat *nu*?", about="[klik](https://x.nl)")})
    monkeypatch.setattr(base, "services", lambda: replace(services, playable=lambda: odd))
    assert r"- **Wat \*nu\*?** (15 minuten). \[klik\](https://x.nl)" in offered(run).text
    assert r"**Wat \*nu\*?**" in offered(run, HIM.id).text
