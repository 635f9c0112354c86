"""A question from beginning to end: handed over, found again with a code, withdrawn, closed, counted and forgotten."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels import Desk, Terms, UnknownConversationError, sentences
from bot.channels.activities import with_links_to_call
from bot.channels.desk import GROUPS, LETTERS, LETTERS_OF_A_GROUP, OPEN_DAYS
from bot.database import Base
from bot.helpdesk import LateError, UnknownQuestionError, questions
from bot.helpdesk.models import CLAIMED, CLOSED, WAITING, OutcomeRow

from .desks import ANNA, ANSWER_DAYS, BASE, BRAM, CARLA, DAY, KEEP, MINUTE, Place, at_once

CODE = re.compile(rf"\*\*((?:[{LETTERS}]{{{LETTERS_OF_A_GROUP}}}-?){{{GROUPS}}})\*\*")


def told(place: Place, conversation: str = "c1") -> str:
    """Ask the desk something, and return the code that is told."""
    found = CODE.search(place.hand_over(conversation)[1])
    assert found
    return found[1]


def outcomes(place: Place) -> list[dict[str, Any]]:
    """Return what was counted, without its number."""
    with place.sessions() as session:
        rows = session.scalars(select(OutcomeRow).order_by(OutcomeRow.id)).all()
    names = [column.name for column in OutcomeRow.__table__.columns if column.name != "id"]
    return [{name: getattr(row, name) for name in names} for row in rows]


# -- handing over ------------------------------------------------------------------------------------------------------


def test_a_question_holds_what_was_handed_over_and_when_it_is_answered(place: Place) -> None:
    now = place.clock.now
    row = place.row(place.ask(class_id="S"))
    values = {column.name: getattr(row, column.name) for column in row.__table__.columns}
    assert values.pop("id")
    assert values.pop("code")
    assert values == {
        "conversation_id": "c1", "open_in": "c1", "state": WAITING, "class_id": "S", "rank": 0,
        "reasons": ["Uit elkaar gaan"], "ground": "asked", "asks": "Wat nu?", "facts": ["zwanger: ja"],
        "phase": "weging", "profession": "huisarts", "channel": "directline", "created_at": now,
        "promised_at": now + 15 * MINUTE, "late_at": None, "owner": None, "offered_to": None, "claimed_at": None,
        "answered_at": None, "said_at": None, "staff_at": None, "user_at": now, "lower_to": None, "lower_by": None,
        "lower_why": None, "closed_at": None, "category": None, "keep_until": now + OPEN_DAYS * DAY, "version": 1,
    }  # fmt: skip


def test_who_asks_hears_when_there_is_an_answer_and_how_to_come_back(place: Place) -> None:
    place.begin()
    handed, code = place.hand_over()
    assert handed == with_links_to_call(sentences.HANDED.format(moment="maandag 12 januari 1970 om 15.46 uur"))
    assert CODE.search(code)
    assert f"[Ik heb een code]({BASE}/terug)" in code
    assert "112" in handed


def test_in_another_channel_no_code_is_told(place: Place) -> None:
    place.begin(channel="msteams")
    (handed,) = place.hand_over()
    assert handed.startswith("Je vraag staat bij de helpdesk")


def test_handed_over_twice_it_is_one_question(place: Place) -> None:
    question = place.ask()
    promised = place.row(question).promised_at
    place.clock.passes(30 * MINUTE)
    again, _ = place.hand_over(class_id="S", asks="Nog iets")
    moment = place.desk.told(promised)  # what was promised stays
    assert again == with_links_to_call(sentences.HANDED_AGAIN.format(moment=moment))
    assert (place.row(question).class_id, place.row(question).asks) == ("P1", "Wat nu?")


def test_handed_over_many_times_at_once_it_is_one_question(place: Place) -> None:
    place.begin()
    said = at_once(*[place.hand_over] * 8)
    assert len({texts[1] for texts in said}) == 1  # whoever does not see the first answer still has the code
    with place.sessions() as session:
        assert len(questions.queue(session, range(4))) == 1


def test_in_a_conversation_that_is_gone_nothing_is_asked(place: Place) -> None:
    place.begin()
    place.store.wipe("c1")
    before = place.everything()
    with pytest.raises(UnknownConversationError):
        place.hand_over()
    assert place.everything() == before


# -- the code ----------------------------------------------------------------------------------------------------------


def test_a_code_brings_its_conversation_back_however_it_is_typed(place: Place) -> None:
    place.begin("c1")
    place.begin("c2")
    code, other = told(place, "c1"), told(place, "c2")
    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), f"  {code} ", "-".join(code)):
        assert place.desk.conversation_of(typed) == "c1"
    assert place.desk.conversation_of(other) == "c2"


def test_a_wrong_code_brings_nothing(place: Place) -> None:
    place.begin()
    code = told(place)
    swapped = code[:-1] + next(letter for letter in LETTERS if letter != code[-1])
    for wrong in ("", " ", "-", code[:-1], code + "2", swapped, code[::-1], "2345-6789-ABCD", "0", "c1"):
        assert place.desk.conversation_of(wrong) is None, wrong


def test_of_a_code_only_a_digest_is_kept_that_is_of_this_place(place: Place) -> None:
    place.begin()
    code = told(place)
    kept = str(place.everything())
    assert code not in kept
    assert code.replace("-", "") not in kept
    assert place.desk.digest(code) in kept
    terms, rules = Terms(1.0, 1.0), place.desk.rules
    other = Desk(place.sessions, place.store, place.hub, place.door, rules, terms, place.audit, "t" * 32)
    assert other.conversation_of(code) is None


def test_a_code_has_no_letters_that_look_alike_and_is_another_each_time(place: Place) -> None:
    codes = set()
    for number in range(50):
        place.begin(f"c{number}")
        codes.add(told(place, f"c{number}"))
    assert len(codes) == 50
    assert all(re.fullmatch(rf"[{LETTERS}]{{4}}(-[{LETTERS}]{{4}}){{2}}", code) for code in codes)
    assert not set(LETTERS) & set("01ILOU")


def test_after_an_answer_the_code_still_works_and_after_a_wipe_no_more(place: Place) -> None:
    place.begin()
    code = told(place)
    with place.sessions() as session:
        row = questions.open_in(session, "c1")
    assert row is not None
    place.desk.claim(row.id, ANNA)
    place.desk.close(row.id, ANNA, "vraag")
    assert place.desk.conversation_of(code) == "c1"
    place.store.wipe("c1")
    assert place.desk.conversation_of(code) is None


# -- withdrawing -------------------------------------------------------------------------------------------------------


def test_a_question_that_waits_is_withdrawn_and_may_be_asked_anew(place: Place) -> None:
    question = place.ask()
    place.clock.passes(5 * MINUTE)
    (said,) = place.desk.hand_over("c1", {"withdraw": True})
    assert said["text"] == sentences.WITHDRAWN
    row = place.row(question)
    assert (row.state, row.category, row.open_in, row.keep_until) == (CLOSED, "ingetrokken", None, place.clock.now)
    assert outcomes(place)[0]["category"] == "ingetrokken"
    (again,) = place.desk.hand_over("c1", {"withdraw": True})
    assert again["text"] == sentences.NOT_WITHDRAWN
    assert len(outcomes(place)) == 1
    assert len(place.hand_over()) == 2


def test_a_question_that_a_person_took_meanwhile_is_not_withdrawn_behind_her_back(place: Place) -> None:
    question = place.claimed()
    (said,) = place.desk.hand_over("c1", {"withdraw": True})
    assert said["text"] == sentences.NOT_WITHDRAWN
    assert place.row(question).state == CLAIMED
    assert outcomes(place) == []


def test_of_a_claim_and_a_withdrawal_at_once_one_holds(place: Place) -> None:
    for number in range(8):
        name = f"c{number}"
        question = place.ask(name)
        claimed, withdrawn = at_once(
            partial(place.desk.claim, question, ANNA), partial(place.desk.hand_over, name, {"withdraw": True})
        )
        if claimed is None:
            assert withdrawn[0]["text"] == sentences.NOT_WITHDRAWN
            assert place.row(question).state == CLAIMED
        else:
            assert isinstance(claimed, LateError)
            assert withdrawn[0]["text"] == sentences.WITHDRAWN
            assert place.row(question).state == CLOSED


# -- what weighs more meanwhile ----------------------------------------------------------------------------------------


def test_a_machine_only_makes_a_question_heavier(place: Place) -> None:
    question = place.ask(class_id="P2")
    assert place.desk.hand_over("c1", {"raise": True, "class": "U", "reasons": ["Rustig"]}) == []
    assert not place.desk.raise_class("c1", "P2", ["Gelijk"])
    assert (place.row(question).class_id, place.row(question).reasons) == ("P2", ["Uit elkaar gaan"])
    place.clock.passes(MINUTE)
    assert place.desk.hand_over("c1", {"raise": True, "class": "S", "reasons": ["Gevaar"]}) == []
    row = place.row(question)
    assert (row.class_id, row.rank, row.reasons) == ("S", 0, ["Gevaar", "Uit elkaar gaan"])
    assert row.promised_at == place.clock.now + 15 * MINUTE
    assert not place.desk.raise_class("c1", "P1", ["Lichter"])
    assert place.row(question).class_id == "S"


def test_where_nothing_is_asked_nothing_is_made_heavier(place: Place) -> None:
    place.begin()
    assert not place.desk.raise_class("c1", "S", ["Gevaar"])
    assert not place.desk.raise_class("unknown", "S", ["Gevaar"])


def test_raised_at_once_a_question_has_the_heaviest_class(place: Place) -> None:
    question = place.ask(class_id="U")
    at_once(*(partial(place.desk.raise_class, "c1", class_id, [class_id]) for class_id in ("P2", "S", "P1", "S", "U")))
    assert place.row(question).class_id == "S"


# -- the end -----------------------------------------------------------------------------------------------------------


def test_who_closes_a_question_gives_the_conversation_back_to_pluis(place: Place) -> None:
    question = place.claimed()
    place.desk.answer(question, ANNA, "Bel vandaag.", "k1")
    assert place.desk.close(question, ANNA, "vraag") == "c1"
    row = place.row(question)
    assert (row.state, row.category, row.closed_at, row.open_in) == (CLOSED, "vraag", place.clock.now, None)
    assert place.said()[-1] == sentences.DONE.format(days=ANSWER_DAYS)
    assert place.waiting() == ["/helpdesk_terug"]
    assert not place.desk.is_live("c1")
    place.hear("dank je")
    assert place.waiting() == ["/helpdesk_terug", "dank je"]


def test_who_gives_it_back_may_say_what_was_found(place: Place) -> None:
    question = place.claimed()
    place.desk.hand_back(question, ANNA, "vraag", 'Zij belt *vandaag* met "Veilig Thuis".\n')
    assert place.said()[-1] == sentences.GIVEN_BACK_SUMMARY.format(summary='Zij belt \\*vandaag\\* met "Veilig Thuis".')
    assert place.waiting() == ['/helpdesk_terug{"keuze": "Zij belt *vandaag* met \\"Veilig Thuis\\"."}']


@pytest.mark.parametrize("summary", ["", "  ", "?!"])
def test_a_summary_without_words_is_none(summary: str, place: Place) -> None:
    place.desk.hand_back(place.claimed(), ANNA, "vraag", summary)
    assert place.said()[-1] == sentences.GIVEN_BACK
    assert place.waiting() == ["/helpdesk_terug"]


def test_only_the_owner_closes_and_once(place: Place) -> None:
    question = place.ask()
    with pytest.raises(LateError):
        place.desk.close(question, ANNA, "vraag")
    place.desk.claim(question, ANNA)
    with pytest.raises(LateError):
        place.desk.close(question, BRAM, "vraag")
    results = at_once(
        *[partial(place.desk.close, question, ANNA, "vraag")] * 4,
        *[partial(place.desk.hand_back, question, ANNA, "vraag", "Klaar.")] * 4,
    )
    assert len([one for one in results if one == "c1"]) == 1
    assert len([one for one in results if isinstance(one, LateError)]) == 7
    assert len(outcomes(place)) == len(place.waiting()) == 1
    assert [deed[0] for deed in place.deeds()][1:] in (["closed"], ["handed_back"])


# -- how long it is kept -----------------------------------------------------------------------------------------------


def kept(place: Place, conversation: str = "c1") -> bool:
    """Whether a conversation is kept; what is not past its term is never wiped for it."""
    gone = conversation in place.store.past_retention(KEEP)
    if not gone:
        assert not place.store.wipe(conversation, KEEP)
        place.store.check(conversation)
    return not gone


def test_a_conversation_is_kept_for_a_question_that_is_open(place: Place) -> None:
    place.begin("c0")
    question = place.ask("c1")
    place.clock.passes(KEEP + 1)
    assert not kept(place, "c0")
    assert kept(place)
    place.clock.passes((OPEN_DAYS - 1) * DAY - 2)
    assert kept(place)
    place.clock.passes(2)
    assert not kept(place)
    assert place.store.wipe("c1", KEEP)
    with pytest.raises(UnknownQuestionError):
        place.row(question)


def test_after_the_answer_a_conversation_is_kept_for_the_days_that_were_told(place: Place) -> None:
    question = place.claimed()
    place.clock.passes(20 * DAY)
    place.desk.close(question, ANNA, "vraag")
    assert f"nog {ANSWER_DAYS} dagen bewaard" in place.said()[-1]
    place.clock.passes(ANSWER_DAYS * DAY - 1)
    assert kept(place)
    place.clock.passes(1)
    assert not kept(place)
    assert place.store.wipe("c1", KEEP)
    assert place.store.is_wiped("c1")


def test_a_conversation_in_which_was_spoken_since_is_kept_as_any_other(place: Place) -> None:
    place.desk.close(place.claimed(), ANNA, "vraag")
    place.clock.passes(ANSWER_DAYS * DAY)
    place.hear("nog een vraag")
    assert kept(place)
    place.clock.passes(KEEP + 1)
    assert not kept(place)


def test_a_question_that_was_withdrawn_keeps_nothing(place: Place) -> None:
    place.ask()
    place.desk.hand_over("c1", {"withdraw": True})
    place.clock.passes(KEEP + 1)
    assert not kept(place)


def test_who_wipes_takes_the_question_and_its_notes_along(place: Place) -> None:
    question = place.claimed()
    place.desk.answer(question, ANNA, "Dag.", "k1")
    place.desk.note(question, ANNA, "Let op.", "k2")
    assert place.store.wipe("c1")
    left = place.everything()
    for table in ("conversations", "activities", "turns", "replies", "desk_questions", "desk_notes"):
        assert left[table] == [], table
    with pytest.raises(UnknownQuestionError, match="gewist door wie haar stelde"):
        place.desk.answer(question, ANNA, "Ben je er nog?", "k3")
    assert place.notes(question) == []


# -- what is counted ---------------------------------------------------------------------------------------------------


def test_of_a_question_that_was_closed_is_counted_how_it_went(place: Place) -> None:
    question = place.ask(class_id="S", ground="danger")
    place.clock.passes(5 * MINUTE)
    place.desk.claim(question, ANNA)
    place.clock.passes(5 * MINUTE)
    place.desk.answer(question, ANNA, "Dag.", "k1")
    place.clock.passes(30 * MINUTE)
    place.desk.close(question, ANNA, "doorverwezen")
    assert outcomes(place) == [
        {
            "day": date(1970, 1, 12), "class_id": "S", "ground": "danger", "category": "doorverwezen",
            "waited": pytest.approx(10 * MINUTE), "within": True, "answered": True,
        }
    ]  # fmt: skip


def test_an_answer_that_came_late_and_one_that_never_came_are_counted_as_such(place: Place) -> None:
    question = place.claimed("c1", "S")
    place.clock.passes(15 * MINUTE)
    place.desk.answer(question, ANNA, "Dag.", "k1")
    place.desk.close(question, ANNA, "vraag")
    late = place.claimed("c2", "S")
    place.clock.passes(15 * MINUTE + 1)
    place.desk.answer(late, ANNA, "Dag.", "k2")
    place.desk.close(late, ANNA, "vraag")
    never = place.claimed("c3", "S")
    place.clock.passes(20 * MINUTE)
    place.desk.close(never, ANNA, "vraag")
    assert [(one["within"], one["answered"]) for one in outcomes(place)] == [
        (True, True),
        (False, True),
        (False, False),
    ]
    assert outcomes(place)[2]["waited"] == pytest.approx(20 * MINUTE)


def test_the_class_that_counts_is_the_one_that_it_had_in_the_end(place: Place) -> None:
    question = place.claimed(class_id="P2")
    place.desk.raise_class("c1", "S", ["Gevaar"])
    place.desk.close(question, ANNA, "vraag")
    assert outcomes(place)[0]["class_id"] == "S"


def test_nothing_that_is_counted_leads_to_anyone(place: Place) -> None:
    question = place.claimed()
    place.desk.offer(question, ANNA, CARLA.id)
    place.desk.accept(question, CARLA)
    place.desk.answer(question, CARLA, "Dag.", "k1")
    place.desk.close(question, CARLA, "vraag")
    assert set(OutcomeRow.__table__.columns.keys()) == {
        "id", "day", "class_id", "ground", "category", "waited", "within", "answered",
    }  # fmt: skip
    assert not Base.metadata.tables["desk_outcomes"].foreign_keys
    (row,) = outcomes(place)
    for name in ("c1", question, ANNA.id, CARLA.id, "Wat nu?", "zwanger", "huisarts"):
        assert name not in str(row)
    place.store.wipe("c1")
    assert outcomes(place) == [row]  # and so it may stay


def test_danger_that_is_heard_while_a_lighter_class_is_asked_for_ends_that(place: Place) -> None:
    question = place.ask("c1", "S")
    place.desk.lower(question, CARLA, "P1", "Zij zit veilig")
    assert place.row(question).lower_to == "P1"
    assert place.desk.raise_class("c1", "S", ["Toch gevaar"])
    row = place.row(question)
    assert (row.class_id, row.lower_to, row.reasons[0]) == ("S", None, "Toch gevaar")
    assert not place.desk.raise_class("c1", "S", ["Gevaar"])


def test_who_wipes_changes_the_queue_and_who_never_asked_does_not(place: Place) -> None:
    place.ask("c1")
    place.begin("c2")
    before = place.version()
    place.store.wipe("c2")
    assert place.version() == before
    place.store.wipe("c1")
    assert place.version() == before + 1


def test_a_summary_for_who_asked_is_an_answer_and_giving_back_without_one_is_not(place: Place) -> None:
    for conversation, summary in (("c1", "Begin met wat je zag."), ("c2", "")):
        question = place.claimed(conversation)
        place.desk.hand_back(question, ANNA, "beantwoord", summary)
        assert (place.row(question).answered_at is not None) == bool(summary)
