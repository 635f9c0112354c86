"""What can be done with a question, and when: each change holds only while the question is as it was thought to be."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.helpdesk import Asked, Ground, LateError, QuestionRow, UnknownQuestionError, questions
from bot.helpdesk.models import CLAIMED, CLOSED, WAITING, ChangeRow
from tests.unit.channels.desks import Place, at_once, kinds

ASKED = Asked("P1", ("Uit elkaar gaan",), Ground.ASKED, "Wat nu?", ("zwanger: ja",), "weging", "huisarts")
LATER = 99.0
Deed = Callable[[Session, str], Any]


def add(place: Place, conversation: str, rank: int = 1, promised: float = 50.0, now: float = 10.0) -> str:
    """Put a question in the queue."""
    place.begin(conversation)
    with place.sessions() as session, session.begin():
        row, new = questions.add(
            session, ASKED, conversation, "directline", rank=rank, now=now, promised_at=promised, keep_until=1000.0
        )
        row.code = f"digest {conversation}"
    assert new
    return row.id


def do(place: Place, deed: Deed, question: str) -> Any:
    """Do something in a transaction of its own."""
    with place.sessions() as session, session.begin():
        return deed(session, question)


def answers(now: float) -> Deed:
    return lambda session, one: questions.worked(session, one, "anna", now, answered=True)


STATES: dict[str, list[Deed]] = {  # how a question comes to stand
    "waits": [],
    "anna has it": [lambda session, one: questions.claim(session, one, "anna", 20.0)],
    "anna offers it to bram": [
        lambda session, one: questions.claim(session, one, "anna", 20.0),
        lambda session, one: questions.offer(session, one, "anna", "bram"),
    ],
    "closed": [
        lambda session, one: questions.claim(session, one, "anna", 20.0),
        lambda session, one: questions.close(session, one, "anna", "vraag", 30.0, 500.0),
    ],
}
ANNAS = {"anna has it", "anna offers it to bram"}
DEEDS: dict[str, tuple[Deed, set[str], dict[str, Any]]] = {  # what is done, where that can be, what it makes of it
    "claim": (
        lambda session, one: questions.claim(session, one, "bram", LATER),
        {"waits"},
        {"state": CLAIMED, "owner": "bram", "claimed_at": LATER, "staff_at": LATER, "offered_to": None},
    ),
    "release": (
        lambda session, one: questions.release(session, one, "anna"),
        ANNAS,
        {"state": WAITING, "owner": None, "claimed_at": None, "staff_at": None, "offered_to": None},
    ),
    "release of a colleague's": (lambda session, one: questions.release(session, one, "bram"), set(), {}),
    "release of anyone's": (lambda session, one: questions.release(session, one), ANNAS, {"state": WAITING}),
    "offer": (lambda session, one: questions.offer(session, one, "anna", "carla"), ANNAS, {"offered_to": "carla"}),
    "offer of a colleague's": (lambda session, one: questions.offer(session, one, "bram", "carla"), set(), {}),
    "accept": (
        lambda session, one: questions.accept(session, one, "bram", LATER),
        {"anna offers it to bram"},
        {"state": CLAIMED, "owner": "bram", "offered_to": None, "claimed_at": LATER, "staff_at": LATER},
    ),
    "accept what was offered to another": (
        lambda session, one: questions.accept(session, one, "carla", LATER),
        set(),
        {},
    ),
    "refuse": (
        lambda session, one: questions.refuse(session, one, "bram"),
        {"anna offers it to bram"},
        {"owner": "anna", "offered_to": None},
    ),
    "type": (
        lambda session, one: questions.worked(session, one, "anna", LATER),
        ANNAS,
        {"staff_at": LATER, "answered_at": None, "said_at": None},
    ),
    "answer": (
        lambda session, one: questions.worked(session, one, "anna", LATER, answered=True),
        ANNAS,
        {"staff_at": LATER, "answered_at": LATER, "said_at": LATER},
    ),
    "answer a colleague's": (
        lambda session, one: questions.worked(session, one, "bram", LATER, answered=True),
        set(),
        {},
    ),
    "close": (
        lambda session, one: questions.close(session, one, "anna", "vraag", LATER, 700.0),
        ANNAS,
        {"state": CLOSED, "open_in": None, "category": "vraag", "closed_at": LATER, "keep_until": 700.0},
    ),
    "close a colleague's": (lambda session, one: questions.close(session, one, "bram", "x", 1.0, 1.0), set(), {}),
    "ask for a lighter class": (
        lambda session, one: questions.ask_lower(session, one, "anna", "P2", "Rustig"),
        {"waits"} | ANNAS,
        {"lower_to": "P2", "lower_by": "anna", "lower_why": "Rustig", "class_id": "P1"},
    ),
    "make lighter": (
        lambda session, one: questions.lower(session, one, "P2", 2, "Rustig"),
        {"waits"} | ANNAS,
        {"class_id": "P2", "rank": 2, "reasons": ["Rustig", "Uit elkaar gaan"], "promised_at": 50.0},
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_a_change_holds_only_while_the_question_is_as_it_was_thought_to_be(state: str, place: Place) -> None:
    for number, (name, (deed, where, values)) in enumerate(DEEDS.items()):
        question = add(place, f"c{number}")
        for before in STATES[state]:
            do(place, before, question)
        was = place.row(question).__dict__.copy()
        if state in where:
            do(place, deed, question)
            row = place.row(question)
            assert {key: getattr(row, key) for key in values} == values, name
            assert row.version == was["version"] + 1, name
        else:
            with pytest.raises(LateError):
                do(place, deed, question)
            now = place.row(question).__dict__.copy()
            assert now | {"_sa_instance_state": 0} == was | {"_sa_instance_state": 0}, name


def test_who_is_late_is_told_why(place: Place) -> None:
    said = {}
    for number, state in enumerate(("waits", "anna has it", "closed")):
        question = add(place, f"c{number}")
        for before in STATES[state]:
            do(place, before, question)
        with pytest.raises(LateError) as late:
            do(place, lambda session, one: questions.worked(session, one, "bram", LATER), question)
        said[state] = str(late.value)
    assert said == {
        "waits": "Deze vraag staat in de rij. Neem haar eerst.",
        "anna has it": "Een collega heeft deze vraag.",
        "closed": "Deze vraag is al afgesloten.",
    }


def test_what_is_not_there_cannot_be_changed(place: Place) -> None:
    before = place.everything()
    for deed, _, _ in DEEDS.values():
        with pytest.raises(UnknownQuestionError, match="Deze vraag bestaat niet, of is gewist"):
            do(place, deed, "unknown")
    assert place.everything() == before


def test_a_conversation_has_one_question_open_and_may_ask_again_after_that(place: Place) -> None:
    first = add(place, "c1")
    more: dict[str, Any] = {"rank": 0, "now": 11.0, "promised_at": 40.0, "keep_until": 2000.0}
    with place.sessions() as session, session.begin():
        row, new = questions.add(session, ASKED, "c1", "directline", **more)
        assert (row.id, new, row.rank, row.code) == (first, False, 1, "digest c1")
    for deed in STATES["closed"]:
        do(place, deed, first)
    with place.sessions() as session, session.begin():
        row, new = questions.add(session, ASKED, "c1", "directline", **more)
        assert (row.id != first, new, row.rank) == (True, True, 0)
        row.code = "other"
    with place.sessions() as session:
        assert questions.conversation_of(session, "digest c1") == questions.conversation_of(session, "other") == "c1"
        assert questions.conversation_of(session, "third") is None


def test_the_database_itself_lets_no_second_question_be_open(place: Place) -> None:
    question = add(place, "c1")
    values = {key: value for key, value in place.row(question).__dict__.items() if not key.startswith("_")}
    with place.sessions() as session:
        session.add(QuestionRow(**values | {"id": "other", "code": None}))
        with pytest.raises(IntegrityError):
            session.flush()


def test_only_a_conversation_that_was_taken_has_a_person(place: Place) -> None:
    for number, (state, deeds) in enumerate(STATES.items()):
        question = add(place, f"c{number}")
        for deed in deeds:
            do(place, deed, question)
        with place.sessions() as session:
            assert questions.is_live(session, f"c{number}") is (state in ANNAS), state
            assert (questions.open_in(session, f"c{number}") is None) is (state == "closed"), state


# -- the queue ---------------------------------------------------------------------------------------------------------


def test_the_queue_is_by_class_then_by_what_was_promised_then_by_when_it_came(place: Place) -> None:
    wanted = [
        add(place, "c1", rank=0, promised=90.0),
        add(place, "c2", rank=1, promised=40.0, now=30.0),
        add(place, "c3", rank=1, promised=50.0, now=10.0),
        add(place, "c4", rank=1, promised=50.0, now=20.0),
        add(place, "c5", rank=3, promised=20.0),
    ]
    closed, taken = add(place, "c6", rank=0), wanted[2]
    for deed in STATES["closed"]:
        do(place, deed, closed)
    do(place, STATES["anna has it"][0], taken)
    with place.sessions() as session:
        assert [row.id for row in questions.queue(session, [0, 1, 2, 3])] == wanted
        assert [row.id for row in questions.queue(session, [2, 3])] == wanted[4:]
        assert questions.queue(session, []) == []
        assert questions.counts(session) == {0: 1, 1: 2, 3: 1}  # what waits


def test_each_change_of_the_queue_is_counted(place: Place) -> None:
    assert place.version() == 0
    do(place, lambda session, _: questions.touch(session), "")
    assert place.version() == 1
    at_once(*[lambda: do(place, lambda session, _: questions.touch(session), "")] * 8)
    assert place.version() == 9


def test_where_nothing_was_counted_yet_counting_begins(place: Place) -> None:
    do(place, lambda session, _: session.execute(delete(ChangeRow)), "")
    assert place.version() == 0
    do(place, lambda session, _: questions.touch(session), "")
    assert place.version() == 1


# -- notes -------------------------------------------------------------------------------------------------------------


def test_notes_are_read_in_order_and_written_once_for_a_key(place: Place) -> None:
    question = add(place, "c1")

    def note(key: str, text: str) -> Deed:
        return lambda session, one: questions.note(session, one, "anna", key, text, 20.0)

    assert do(place, note("k1", "een"), question)
    assert do(place, note("k2", "twee"), question)
    assert not do(place, note("k1", "een"), question)
    assert [one.text for one in place.notes(question)] == ["een", "twee"]
    with pytest.raises(UnknownQuestionError):
        do(place, note("k3", "drie"), "unknown")


def test_a_note_of_the_owner_is_something_done_and_one_of_a_colleague_is_not(place: Place) -> None:
    question = add(place, "c1")
    do(place, STATES["anna has it"][0], question)
    do(place, lambda session, one: questions.note(session, one, "bram", "k1", "x", 30.0), question)
    assert place.row(question).staff_at == 20.0
    do(place, lambda session, one: questions.note(session, one, "anna", "k2", "x", 40.0), question)
    assert place.row(question).staff_at == 40.0


# -- classes -----------------------------------------------------------------------------------------------------------


def test_a_question_is_only_raised_and_then_promised_no_later(place: Place) -> None:
    question = add(place, "c1", rank=1, promised=50.0)

    def to(class_id: str, rank: int, promised: float) -> Deed:
        return lambda session, one: questions.raise_class(session, one, class_id, rank, ["Gevaar"], promised)

    do(place, lambda session, one: questions.ask_lower(session, one, "anna", "U", "Rustig"), question)
    assert not do(place, to("P2", 2, 20.0), question)
    row = place.row(question)
    assert (row.class_id, row.promised_at, row.reasons, row.lower_to) == ("P1", 50.0, ["Uit elkaar gaan"], "U")
    assert do(place, to("P1", 1, 50.0), question)  # as heavy: what was asked of a lighter class is over
    assert (place.row(question).class_id, place.row(question).lower_to) == ("P1", None)
    assert not do(place, to("P1", 1, 20.0), question)
    do(place, lambda session, one: questions.ask_lower(session, one, "anna", "U", "Rustig"), question)
    assert do(place, to("S", 0, 70.0), question)
    row = place.row(question)
    assert (row.class_id, row.rank, row.promised_at) == ("S", 0, 50.0)
    assert row.reasons == ["Gevaar", "Uit elkaar gaan"]
    assert (row.lower_to, row.lower_by, row.lower_why) == (None, None, None)  # what was asked of a lighter one is over


def test_a_reason_that_was_there_is_told_once(place: Place) -> None:
    question = add(place, "c1", rank=1, promised=50.0)
    reasons = ["Gevaar", "Uit elkaar gaan"]
    assert do(place, lambda session, one: questions.raise_class(session, one, "S", 0, reasons, 20.0), question)
    row = place.row(question)
    assert (row.reasons, row.promised_at) == (reasons, 20.0)


def test_what_is_closed_is_raised_no_more(place: Place) -> None:
    question = add(place, "c1")
    for deed in STATES["closed"]:
        do(place, deed, question)
    assert not do(place, lambda session, one: questions.raise_class(session, one, "S", 0, ["x"], 1.0), question)
    assert place.row(question).class_id == "P1"


@pytest.mark.parametrize("rank", [0, 1])
def test_making_lighter_makes_nothing_as_heavy_or_heavier(rank: int, place: Place) -> None:
    question = add(place, "c1", rank=1)
    with pytest.raises(LateError):
        do(place, lambda session, one: questions.lower(session, one, "X", rank, "Rustig"), question)
    assert place.row(question).rank == 1


def test_a_lighter_class_that_nobody_asks_for_cannot_be_refused(place: Place) -> None:
    question = add(place, "c1")
    with pytest.raises(LateError):
        do(place, questions.keep_class, question)
    do(place, lambda session, one: questions.ask_lower(session, one, "anna", "U", "Rustig"), question)
    do(place, questions.keep_class, question)
    row = place.row(question)
    assert (row.lower_to, row.lower_by, row.lower_why, row.class_id) == (None, None, None, "P1")


# -- withdrawing and coming back ---------------------------------------------------------------------------------------


def test_only_a_question_that_waits_is_withdrawn(place: Place) -> None:
    def withdraw(session: Session, conversation: str) -> str | None:
        return questions.withdraw(session, conversation, "ingetrokken", LATER, LATER)

    question, taken = add(place, "c1"), add(place, "c2")
    do(place, STATES["anna has it"][0], taken)
    assert do(place, withdraw, "c1") == question
    row = place.row(question)
    assert (row.state, row.category, row.closed_at, row.open_in) == (CLOSED, "ingetrokken", LATER, None)
    assert do(place, withdraw, "c1") is None
    with pytest.raises(LateError):
        do(place, withdraw, "c2")
    assert place.row(taken).state == CLAIMED


def test_what_a_user_says_is_heard_by_the_question_that_is_open(place: Place) -> None:
    first = add(place, "c1")
    for deed in STATES["closed"]:
        do(place, deed, first)
    other = add(place, "c2")
    do(place, lambda session, _: questions.heard(session, "c1", LATER), "")
    assert (place.row(first).user_at, place.row(other).user_at) == (10.0, 10.0)
    do(place, lambda session, _: questions.heard(session, "c2", LATER), "")
    assert place.row(other).user_at == LATER


def test_a_conversation_is_kept_until_its_question_needs_it_no_more(place: Place) -> None:
    add(place, "c1")
    with place.sessions() as session:
        assert session.scalars(questions.kept(999.9)).all() == ["c1"]
        assert session.scalars(questions.kept(1000.0)).all() == []


# -- what time brings --------------------------------------------------------------------------------------------------


def silent(place: Place, before: float) -> list[str]:
    with place.sessions() as session:
        return [row.id for row in questions.silent(session, before)]


def test_an_owner_is_silent_who_did_nothing_while_the_user_waits(place: Place) -> None:
    question = add(place, "c1")
    assert silent(place, 1000.0) == []  # nobody has it
    do(place, STATES["anna has it"][0], question)  # at 20
    assert silent(place, 20.0) == []
    assert silent(place, 20.1) == [question]  # nobody answered yet
    do(place, answers(30.0), question)
    assert silent(place, 1000.0) == []  # the user does not wait
    do(place, lambda session, _: questions.heard(session, "c1", 40.0), "")
    assert silent(place, 30.0) == []
    assert silent(place, 30.1) == [question]


def test_who_types_and_sends_nothing_is_silent_in_the_end(place: Place) -> None:
    question = add(place, "c1")
    do(place, STATES["anna has it"][0], question)
    do(place, answers(30.0), question)
    do(place, lambda session, _: questions.heard(session, "c1", 40.0), "")
    do(place, lambda session, one: questions.worked(session, one, "anna", 50.0), question)
    assert silent(place, 50.0) == []
    assert silent(place, 50.1) == [question]


def test_who_took_over_a_question_in_which_the_user_waits_is_silent_in_the_end(place: Place) -> None:
    question = add(place, "c1")
    for deed in STATES["anna offers it to bram"]:
        do(place, deed, question)
    do(place, answers(30.0), question)
    do(place, lambda session, _: questions.heard(session, "c1", 40.0), "")
    do(place, lambda session, one: questions.accept(session, one, "bram", 50.0), question)
    assert silent(place, 50.0) == []
    assert silent(place, 50.1) == [question]


def test_a_question_is_late_when_nobody_answered_by_then_and_a_supervisor_hears_once(place: Place) -> None:
    question = add(place, "c1", promised=50.0)

    def late(now: float) -> list[str]:
        with place.sessions() as session:
            return [row.id for row in questions.late(session, now)]

    assert (late(50.0), late(50.1)) == ([], [question])
    do(place, STATES["anna has it"][0], question)
    assert late(60.0) == [question]  # taken is not answered
    assert not do(place, lambda session, one: questions.escalate(session, one, 50.0), question)
    assert do(place, lambda session, one: questions.escalate(session, one, 60.0), question)
    assert not do(place, lambda session, one: questions.escalate(session, one, 70.0), question)
    assert place.row(question).late_at == 60.0
    assert late(80.0) == []


@pytest.mark.parametrize("answered", [True, False])
def test_what_was_answered_or_closed_is_late_no_more(answered: bool, place: Place) -> None:
    question = add(place, "c1", promised=50.0)
    do(place, STATES["anna has it"][0], question)
    if answered:
        do(place, answers(30.0), question)
    else:
        do(place, STATES["closed"][1], question)
    with place.sessions() as session:
        assert questions.late(session, 1000.0) == []
    assert not do(place, lambda session, one: questions.escalate(session, one, 1000.0), question)


def test_the_first_answer_counts_and_the_last_is_known_too(place: Place) -> None:
    question = add(place, "c1")
    do(place, STATES["anna has it"][0], question)
    for now in (30.0, 60.0):
        do(place, answers(now), question)
    row = place.row(question)
    assert (row.answered_at, row.said_at) == (30.0, 60.0)


# -- at once -----------------------------------------------------------------------------------------------------------


def test_of_twenty_who_claim_at_once_one_has_it(place: Place) -> None:
    question = add(place, "c1")

    def claim(name: str) -> None:
        do(place, lambda session, one: questions.claim(session, one, name, 20.0), question)

    assert kinds(at_once(*(partial(claim, f"s{number}") for number in range(20)))) == {"LateError": 19, "NoneType": 1}
    row = place.row(question)
    assert (row.state, row.version) == (CLAIMED, 2)
