"""What staff do beside answering: notes, handing on, putting back, classes; what time brings; the record of it all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from bot.audit import AuditError, verify
from bot.channels import sentences
from bot.channels.activities import with_links_to_call
from bot.helpdesk import DeskError, LateError, UnknownQuestionError
from bot.helpdesk.models import CLAIMED, WAITING

from .desks import ANNA, BRAM, CARLA, MINUTE, SILENT, Place, at_once, kinds, staff

DORA = staff("d4", "supervisor")
ALONE = with_links_to_call(sentences.LEFT_ALONE)
PASSED_ON = sentences.PASSED_ON.format(title="Helpdesk")


# -- notes -------------------------------------------------------------------------------------------------------------


def test_a_note_is_for_colleagues_and_written_once(place: Place) -> None:
    question = place.claimed()
    before = place.said()
    at_once(*[partial(place.desk.note, question, ANNA, "Fatima belt terug.", "k1")] * 6)
    place.desk.note(question, BRAM, "Ik ken dit gezin.", "k2")  # whoever may read it
    first, second = place.notes(question)
    assert (first.text, first.author, first.at) == ("[persoon 1] belt terug.", ANNA.id, place.clock.now)
    assert (second.text, second.author) == ("Ik ken dit gezin.", BRAM.id)
    assert place.said() == before
    assert "Fatima" not in str(place.everything())
    assert [deed[:2] for deed in place.deeds()][1:] == [("note_written", ANNA.id), ("note_written", BRAM.id)]


def test_a_note_of_nothing_is_refused(place: Place) -> None:
    with pytest.raises(UnknownQuestionError):
        place.desk.note("unknown", ANNA, "Let op.", "k1")


# -- handing on --------------------------------------------------------------------------------------------------------


def test_a_colleague_who_was_asked_takes_a_question_over(place: Place) -> None:
    question = place.claimed()
    place.desk.offer(question, ANNA, BRAM.id)
    assert (place.row(question).owner, place.row(question).offered_to) == (ANNA.id, BRAM.id)
    place.clock.passes(MINUTE)
    place.desk.accept(question, BRAM)
    row = place.row(question)
    assert (row.owner, row.offered_to, row.claimed_at) == (BRAM.id, None, place.clock.now)
    assert place.said()[-1] == PASSED_ON
    with pytest.raises(LateError):
        place.desk.answer(question, ANNA, "Dag.", "k1")
    place.desk.answer(question, BRAM, "Dag.", "k1")


def test_who_was_not_asked_takes_nothing_over(place: Place) -> None:
    question = place.claimed()
    for who in (ANNA, BRAM):
        with pytest.raises(LateError):
            place.desk.accept(question, who)
    place.desk.offer(question, ANNA, BRAM.id)
    with pytest.raises(LateError):
        place.desk.accept(question, CARLA)
    with pytest.raises(LateError):
        place.desk.refuse(question, CARLA)
    with pytest.raises(LateError):
        place.desk.offer(question, BRAM, CARLA.id)
    assert place.row(question).owner == ANNA.id
    assert PASSED_ON not in place.said()


def test_a_colleague_who_was_asked_may_say_no(place: Place) -> None:
    question = place.claimed()
    place.desk.offer(question, ANNA, BRAM.id)
    before = place.said()
    place.desk.refuse(question, BRAM)
    assert (place.row(question).owner, place.row(question).offered_to) == (ANNA.id, None)
    assert place.said() == before
    with pytest.raises(LateError):
        place.desk.accept(question, BRAM)
    place.desk.answer(question, ANNA, "Dag.", "k1")


def test_of_accepting_and_going_on_with_it_at_once_one_comes_first(place: Place) -> None:
    for number in range(6):
        question = place.claimed(f"c{number}")
        place.desk.offer(question, ANNA, BRAM.id)
        accepted, closed = at_once(
            partial(place.desk.accept, question, BRAM), partial(place.desk.close, question, ANNA, "vraag")
        )
        assert isinstance(accepted, LateError) != isinstance(closed, LateError)


# -- putting back ------------------------------------------------------------------------------------------------------


def test_a_question_that_is_put_back_waits_again_and_pluis_is_there(place: Place) -> None:
    question = place.claimed()
    place.desk.offer(question, ANNA, BRAM.id)
    place.desk.release(question, ANNA)
    row = place.row(question)
    assert (row.state, row.owner, row.offered_to, row.claimed_at, row.staff_at) == (WAITING, None, None, None, None)
    assert place.said()[-1] == ALONE
    assert place.waiting() == ["/herhaal"]  # it goes on where it was; her question is still with the helpdesk
    place.hear("en nu")
    assert place.waiting() == ["/herhaal", "en nu"]
    place.desk.claim(question, BRAM)
    assert place.waiting() == []
    assert place.said().count(ALONE) == 1
    place.desk.release(question, BRAM)
    assert place.said().count(ALONE) == 2  # it is told each time


def test_who_has_not_the_question_puts_nothing_back_unless_she_may_do_so_with_anyones(place: Place) -> None:
    question = place.claimed()
    with pytest.raises(LateError):
        place.desk.release(question, DORA)
    assert place.row(question).state == CLAIMED
    place.desk.release(question, DORA, anyones=True)
    assert place.row(question).state == WAITING
    with pytest.raises(LateError):
        place.desk.release(question, DORA, anyones=True)
    assert place.said().count(ALONE) == 1


# -- what time brings --------------------------------------------------------------------------------------------------


def test_an_owner_who_does_nothing_loses_the_question(place: Place) -> None:
    question = place.claimed()
    place.clock.passes(SILENT)
    place.desk.look()
    assert place.row(question).state == CLAIMED
    place.clock.passes(1)
    place.desk.look()
    assert (place.row(question).state, place.row(question).owner) == (WAITING, None)
    assert place.said()[-1] == ALONE
    assert place.waiting() == ["/herhaal"]
    place.desk.look()
    assert place.said().count(ALONE) == 1
    assert sum("de medewerker deed niets" in row for row in place.everything()["audit_entries"]) == 1
    with pytest.raises(LateError, match="staat in de rij"):
        place.desk.answer(question, ANNA, "Toch nog.", "k1")


DOES: dict[str, Callable[[Place, str], Any]] = {
    "types": lambda place, question: place.desk.types(question, ANNA),
    "answers": lambda place, question: place.desk.answer(question, ANNA, "Dag.", "k1"),
    "writes a note": lambda place, question: place.desk.note(question, ANNA, "Let op.", "k1"),
}


def test_an_owner_who_did_something_keeps_the_question(place: Place) -> None:
    for number, (name, deed) in enumerate(DOES.items()):
        question = place.claimed(f"c{number}")
        place.clock.passes(SILENT - 1)
        deed(place, question)
        place.clock.passes(SILENT)
        place.desk.look()
        assert place.row(question).state == CLAIMED, name
        place.hear("ben je er nog", f"c{number}")
        place.clock.passes(1)
        place.desk.look()
        assert place.row(question).state == WAITING, name


def test_an_owner_to_whom_the_user_says_nothing_more_keeps_the_question(place: Place) -> None:
    question = place.claimed()
    place.desk.answer(question, ANNA, "Wat zag je?", "k1")
    place.clock.passes(20 * SILENT)
    place.desk.look()
    assert place.row(question).state == CLAIMED
    place.hear("een blauwe plek")
    place.clock.passes(1)
    place.desk.look()  # she hears it now, after hours
    assert place.row(question).state == WAITING


def test_many_who_look_at_once_put_a_question_back_once(place: Place) -> None:
    question = place.claimed()
    place.clock.passes(SILENT + 1)
    assert kinds(at_once(*[place.desk.look] * 8)) == {"NoneType": 8}
    assert place.row(question).state == WAITING
    assert place.said().count(ALONE) == 1
    assert place.waiting() == ["/herhaal"]


def test_of_an_answer_and_a_look_at_once_one_comes_first(place: Place) -> None:
    for number in range(8):
        name = f"c{number}"
        question = place.claimed(name)
        place.clock.passes(SILENT + 1)
        answered, looked = at_once(partial(place.desk.answer, question, ANNA, "Dag.", f"k{number}"), place.desk.look)
        assert looked is None
        if answered is None:
            assert place.row(question).state == CLAIMED
            assert ALONE not in place.said(name)
            place.desk.close(question, ANNA, "vraag")  # so that the next look has nothing to do with it
        else:
            assert isinstance(answered, LateError)
            assert "**Helpdesk**\n\nDag." not in place.said(name)
            place.store.wipe(name)


def test_a_question_that_is_wiped_while_the_desk_looks_is_no_trouble(place: Place) -> None:
    for number in range(4):
        place.claimed(f"c{number}")
    place.clock.passes(SILENT + 1)
    results = at_once(place.desk.look, *(partial(place.store.wipe, f"c{number}") for number in range(4)))
    assert results == [None, True, True, True, True]


def test_what_is_late_is_told_a_supervisor_once(place: Place) -> None:
    late, calm = place.ask("c1", "S"), place.ask("c2", "U")
    place.clock.passes(15 * MINUTE)
    place.desk.look()
    assert place.row(late).late_at is None
    place.clock.passes(1)
    changes = place.version()
    at_once(*[place.desk.look] * 6)
    first = place.clock.now
    place.clock.passes(MINUTE)
    place.desk.look()
    assert (place.row(late).late_at, place.row(calm).late_at) == (first, None)
    assert [place.said(name).count(with_links_to_call(sentences.LATE)) for name in ("c1", "c2")] == [1, 0]
    assert place.version() > changes  # pages hear of it
    quiet = place.version()
    place.desk.look()
    assert place.version() == quiet


def test_what_was_answered_in_time_is_never_late(place: Place) -> None:
    question = place.claimed(class_id="S")
    place.desk.answer(question, ANNA, "Dag.", "k1")
    place.clock.passes(60 * MINUTE)
    place.desk.look()
    assert place.row(question).late_at is None


# -- classes -----------------------------------------------------------------------------------------------------------


def test_the_heaviest_class_is_made_lighter_by_two_people(place: Place) -> None:
    question = place.ask(class_id="S")
    assert not place.desk.lower(question, CARLA, "P2", "Fatima is bij haar moeder")
    row = place.row(question)
    assert (row.class_id, row.lower_to, row.lower_by) == ("S", "P2", CARLA.id)
    assert row.lower_why == "[persoon 1] is bij haar moeder"
    with pytest.raises(DeskError, match="Jij vroeg hierom"):
        place.desk.agree_lower(question, CARLA, "P2")
    assert place.row(question).class_id == "S"
    with pytest.raises(LateError, match="intussen iets anders"):
        place.desk.agree_lower(question, DORA, "U")
    assert place.row(question).class_id == "S"
    place.desk.agree_lower(question, DORA, "P2")
    row = place.row(question)
    assert (row.class_id, row.rank, row.lower_to, row.lower_by, row.lower_why) == ("P2", 2, None, None, None)
    assert row.reasons == ["[persoon 1] is bij haar moeder", "Uit elkaar gaan"]
    assert place.deeds() == [
        ("class_change_asked", CARLA.id, "c1", "S → P2"), ("class_change_approved", DORA.id, "c1", "S → P2"),
    ]  # fmt: skip


def test_a_second_person_may_keep_the_class(place: Place) -> None:
    question = place.ask(class_id="S")
    place.desk.lower(question, CARLA, "P1", "Rustig")
    place.desk.keep_class(question, DORA)
    assert (place.row(question).class_id, place.row(question).lower_to) == ("S", None)
    for deed in (lambda one, who: place.desk.agree_lower(one, who, "P1"), place.desk.keep_class):
        with pytest.raises(LateError, match="Niemand vraagt meer om een lichtere klasse"):
            deed(question, DORA)
    assert place.row(question).class_id == "S"


def test_one_who_agrees_and_one_who_does_not_at_once_do_not_both_have_it(place: Place) -> None:
    for number in range(6):
        question = place.ask(f"c{number}", "S")
        place.desk.lower(question, CARLA, "P1", "Rustig")
        results = at_once(
            partial(place.desk.agree_lower, question, DORA, "P1"), partial(place.desk.keep_class, question, BRAM)
        )
        assert kinds(results) == {"LateError": 1, "NoneType": 1}
        assert place.row(question).class_id == ("P1" if results[0] is None else "S")


def test_any_other_class_is_made_lighter_by_one_with_a_reason(place: Place) -> None:
    question = place.ask(class_id="P1")
    promised = place.row(question).promised_at
    assert place.desk.lower(question, CARLA, "U", "Alleen een vraag over de wet")
    row = place.row(question)
    assert (row.class_id, row.rank, row.reasons[0]) == ("U", 3, "Alleen een vraag over de wet")
    assert row.promised_at == promised  # she was told that
    assert place.deeds() == [("class_changed", CARLA.id, "c1", "P1 → U")]


@pytest.mark.parametrize("class_id", ["S", "P1", "X", ""])
def test_what_is_no_lighter_class_is_refused(class_id: str, place: Place) -> None:
    question = place.ask(class_id="P1")
    with pytest.raises(DeskError, match=r"Dat is geen lichtere klasse|Deze klasse bestaat niet"):
        place.desk.lower(question, CARLA, class_id, "Rustig")
    assert place.row(question).class_id == "P1"
    assert place.deeds() == []


def test_anyone_makes_a_question_heavier_with_a_reason(place: Place) -> None:
    question = place.ask(class_id="P2")
    place.desk.raise_by(question, ANNA, "S", "Jan heeft een mes")
    row = place.row(question)
    assert (row.class_id, row.rank) == ("S", 0)
    assert row.reasons == ["[persoon 1] heeft een mes", "Uit elkaar gaan"]
    assert row.promised_at == place.clock.now + 15 * MINUTE
    assert place.deeds() == [("class_changed", ANNA.id, "c1", "P2 → S")]


@pytest.mark.parametrize("class_id", ["P1", "P2", "U", "X", ""])
def test_what_is_no_heavier_class_is_refused(class_id: str, place: Place) -> None:
    question = place.ask(class_id="P1")
    with pytest.raises(DeskError, match=r"heeft die klasse al, of een zwaardere|Deze klasse bestaat niet"):
        place.desk.raise_by(question, ANNA, class_id, "Gevaar")
    assert place.row(question).class_id == "P1"
    assert place.deeds() == []


def test_of_a_closed_question_the_class_stays(place: Place) -> None:
    question = place.claimed(class_id="P1")
    place.desk.close(question, ANNA, "vraag")
    before = place.everything()
    for deed in (
        lambda: place.desk.lower(question, CARLA, "P2", "Rustig"),
        lambda: place.desk.raise_by(question, ANNA, "S", "Gevaar"),
        lambda: place.desk.agree_lower(question, DORA, "P1"),
    ):
        with pytest.raises(LateError):
            deed()
    assert place.everything() == before


def test_danger_that_is_heard_after_that_makes_it_as_heavy_again(place: Place) -> None:
    question = place.ask(class_id="S")
    place.desk.lower(question, CARLA, "P1", "Rustig")
    place.desk.agree_lower(question, DORA, "P1")
    assert place.desk.raise_class("c1", "S", [sentences.NET_HEARD])
    row = place.row(question)
    assert (row.class_id, row.reasons) == ("S", [sentences.NET_HEARD, "Rustig", "Uit elkaar gaan"])


# -- the record --------------------------------------------------------------------------------------------------------

Deed = Callable[[Place, str], Any]
WORK = "behandelt de vraag"


def fresh(_place: Place, _question: str) -> None:
    pass


def taken(place: Place, question: str) -> None:
    place.desk.claim(question, ANNA)


def offered(place: Place, question: str) -> None:
    place.desk.claim(question, ANNA)
    place.desk.offer(question, ANNA, BRAM.id)


def grave(place: Place, _question: str) -> None:
    place.desk.raise_class("c1", "S", ["Gevaar"])


def lowering(place: Place, question: str) -> None:
    grave(place, question)
    place.desk.lower(question, CARLA, "P1", "Rustig")


DEEDS: list[tuple[str, Deed, Deed, str, str]] = [  # what is recorded, what comes before, the deed, who does it, why
    ("question_read", fresh, lambda place, one: place.desk.read(one, BRAM), "b2", WORK),
    ("question_claimed", fresh, lambda place, one: place.desk.claim(one, ANNA), "a1", WORK),
    ("question_answered", taken, lambda place, one: place.desk.answer(one, ANNA, "Dag.", "k1"), "a1", WORK),
    ("note_written", fresh, lambda place, one: place.desk.note(one, BRAM, "Let op.", "k1"), "b2", WORK),
    ("transfer_offered", taken, lambda place, one: place.desk.offer(one, ANNA, "b2"), "a1", "b2"),
    ("transferred", offered, lambda place, one: place.desk.accept(one, BRAM), "b2", WORK),
    ("transfer_refused", offered, lambda place, one: place.desk.refuse(one, BRAM), "b2", WORK),
    ("released", taken, lambda place, one: place.desk.release(one, ANNA), "a1", WORK),
    ("released", taken, lambda place, one: place.desk.release(one, DORA, anyones=True), "d4", WORK),
    ("closed", taken, lambda place, one: place.desk.close(one, ANNA, "vraag"), "a1", "vraag"),
    ("handed_back", taken, lambda place, one: place.desk.hand_back(one, ANNA, "vraag", "Klaar."), "a1", "vraag"),
    ("class_changed", fresh, lambda place, one: place.desk.lower(one, CARLA, "P2", "Rustig"), "c3", "P1 → P2"),
    ("class_changed", fresh, lambda place, one: place.desk.raise_by(one, ANNA, "S", "Gevaar"), "a1", "P1 → S"),
    ("class_change_asked", grave, lambda place, one: place.desk.lower(one, CARLA, "P2", "Rustig"), "c3", "S → P2"),
    ("class_change_approved", lowering, lambda place, one: place.desk.agree_lower(one, DORA, "P1"), "d4", "S → P1"),
    ("class_change_refused", lowering, lambda place, one: place.desk.keep_class(one, DORA), "d4", WORK),
]


@pytest.mark.parametrize("number", range(len(DEEDS)), ids=lambda number: f"{number}-{DEEDS[number][0]}")
def test_a_deed_and_its_record_stand_or_fall_together(number: int, place: Place) -> None:
    event, come_before, deed, who, why = DEEDS[number]
    question = place.ask()
    come_before(place, question)
    before, news, heard = place.everything(), len(place.news), list[None]()
    place.desk.watch(lambda: heard.append(None))
    place.audit.broken = True
    with pytest.raises(AuditError):
        deed(place, question)
    assert place.everything() == before
    assert (len(place.news), heard) == (news, [])  # nor does anyone hear of it
    place.audit.broken = False
    known = len(place.deeds())
    deed(place, question)
    assert place.deeds()[known:] == [(event, who, "c1", why)]


def test_what_fails_in_the_middle_is_not_recorded(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    question = place.ask()
    before = place.everything()
    monkeypatch.setattr(place.store, "silence", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        place.desk.claim(question, ANNA)
    assert place.everything() == before


def test_the_record_holds_roles_and_no_word_of_what_was_said(place: Place) -> None:
    question = place.claimed(by=CARLA)
    place.desk.answer(question, CARLA, "Bel paraplubak.", "k1")
    place.desk.note(question, CARLA, "wasknijper", "k2")
    place.desk.lower(question, CARLA, "P2", "knikkerzak")
    place.desk.hand_back(question, CARLA, "vraag", "tuinhek")
    log = str(place.everything()["audit_entries"])
    assert "aandachtsfunctionaris" in log
    for word in ("paraplubak", "wasknijper", "knikkerzak", "tuinhek", "Naam", "Wat nu?"):
        assert word not in log
    assert verify(place.sessions).fault is None


def test_what_is_read_of_a_question_that_is_gone_is_not_recorded(place: Place) -> None:
    question = place.ask()
    place.store.wipe("c1")
    with pytest.raises(UnknownQuestionError):
        place.desk.read(question, ANNA)
    assert place.deeds() == []
