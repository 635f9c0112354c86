"""What staff propose from a closed question and what an editor makes of it: through the privacy door, once, recorded,
and gone when the user wipes the conversation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.audit import AuditError
from bot.audit.models import AuditRow
from bot.channels import Teaching, purge
from bot.channels.masking import EmptyError, LeftOutError
from bot.helpdesk import LateError, UnknownQuestionError
from bot.teaching import FIELDS, Kind, ProposalRow, State, TeachingError, forget_proposals, proposals
from bot.teaching.content import Shape
from bot.teaching.proposals import JudgedError, UnknownProposalError
from tests.unit.teaching import TOPIC, sentence, write_data, wrong

from .desks import ANNA, ANSWER_DAYS, BRAM, CARLA, DAY, KEEP, Place, at_once, kinds
from .fakes import FakeEngine, FakeMasked

BETTER = wrong("huisverbod", "Elf dagen.")


@pytest.fixture
def teaching(place: Place, tmp_path: Path) -> Teaching:
    return Teaching(place.sessions, place.store, place.door, place.audit, write_data(tmp_path / "data"))


def closed(place: Place, conversation: str = "c1") -> str:
    """Ask the desk something that is dealt with; return the question."""
    question = place.claimed(conversation)
    place.desk.close(question, ANNA, "vraag")
    return question


def proposed(place: Place, teaching: Teaching, kind: Kind = Kind.WRONG, given: Mapping[str, str] = BETTER) -> str:
    """Propose something from a closed question; return the proposal."""
    teaching.propose(closed(place), ANNA, kind, given, "k1")
    [row] = rows(place)
    return row.id


def rows(place: Place) -> list[ProposalRow]:
    with place.sessions() as session:
        return list(session.scalars(select(ProposalRow).order_by(ProposalRow.created_at, ProposalRow.key)))


def states(place: Place) -> list[str]:
    return [row.state for row in rows(place)]


def recorded(place: Place) -> list[tuple[str, str, str, str, str]]:
    """Return what was recorded of proposals: event, account, roles, proposal, why."""
    with place.sessions() as session:
        found = session.scalars(select(AuditRow).where(AuditRow.kind == "proposal").order_by(AuditRow.seq)).all()
    return [(row.event, row.account, row.roles, row.object, row.why) for row in found]


def set_state(place: Place, proposal: str, state: State) -> None:
    with place.sessions() as session, session.begin():
        session.execute(update(ProposalRow).where(ProposalRow.id == proposal).values(state=state.value))


# -- proposing ---------------------------------------------------------------------------------------------------------


def test_what_is_proposed_is_kept_with_who_did_so_and_recorded_without_a_word_of_it(
    place: Place, teaching: Teaching
) -> None:
    question = closed(place)
    place.clock.passes(5)
    teaching.propose(question, BRAM, Kind.SENTENCE, sentence("Waar nu heen?", "intent:help"), "k1")
    [row] = rows(place)
    assert (row.conversation_id, row.kind, row.state, row.author) == ("c1", "sentence", "open", BRAM.id)
    assert (row.content, row.reviewer, row.why) == ({"text": "Waar nu heen?", "means": "intent:help"}, None, None)
    assert row.created_at == row.changed_at == place.clock.now
    assert recorded(place) == [("proposal_written", BRAM.id, ",".join(BRAM.roles), row.id, "sentence")]
    assert teaching.of_conversation("c1")[0].id == row.id
    assert teaching.of_conversation("c2") == []


@pytest.mark.parametrize("ready", [Place.ask, Place.claimed], ids=["waiting", "taken"])
def test_nothing_is_learnt_from_a_question_that_is_open(
    place: Place, teaching: Teaching, ready: Callable[[Place], str]
) -> None:
    question = ready(place)
    with pytest.raises(LateError, match="Sluit de vraag eerst af"):
        teaching.propose(question, ANNA, Kind.WRONG, BETTER, "k1")
    with pytest.raises(UnknownQuestionError):
        teaching.propose("weg", ANNA, Kind.WRONG, BETTER, "k1")
    assert (rows(place), recorded(place)) == ([], [])


def test_what_is_not_filled_in_is_not_proposed(place: Place, teaching: Teaching) -> None:
    with pytest.raises(TeachingError, match="Vul ‘Onderwerp’ nog in"):
        teaching.propose(closed(place), ANNA, Kind.WRONG, {"what": "x"}, "k1")
    assert rows(place) == []


def test_a_form_that_comes_twice_is_one_proposal(place: Place, teaching: Teaching) -> None:
    question = closed(place)
    for text in ("een", "een", "twee"):
        teaching.propose(question, ANNA, Kind.SENTENCE, sentence(text, "intent:help"), "k1")
    teaching.propose(question, ANNA, Kind.SENTENCE, sentence("een", "intent:help"), "k2")
    assert [row.content["text"] for row in rows(place)] == ["een", "een"]
    assert [deed[3] for deed in recorded(place)] == [row.id for row in rows(place)]


def test_a_form_that_comes_twice_at_once_is_one_proposal(place: Place, teaching: Teaching) -> None:
    question = closed(place)
    results = at_once(*[partial(teaching.propose, question, ANNA, Kind.WRONG, BETTER, "k1")] * 6)
    assert (kinds(results), len(rows(place)), len(recorded(place))) == ({"NoneType": 6}, 1, 1)


def test_a_proposal_that_cannot_be_recorded_is_not_kept(place: Place, teaching: Teaching) -> None:
    question = closed(place)
    place.audit.broken = True
    with pytest.raises(AuditError):
        teaching.propose(question, ANNA, Kind.WRONG, BETTER, "k1")
    assert rows(place) == []


def test_a_proposal_whose_conversation_is_wiped_meanwhile_is_refused(place: Place, teaching: Teaching) -> None:
    question, through = closed(place), place.door.pseudonymise

    def wiped(conversation_id: str, text: str, start_number: int = 1) -> FakeMasked:
        place.store.wipe("c1")
        return through(conversation_id, text, start_number)

    place.door.pseudonymise = wiped  # type: ignore[method-assign]
    with pytest.raises((TeachingError, UnknownQuestionError)):
        teaching.propose(question, ANNA, Kind.WRONG, BETTER, "k1")
    assert rows(place) == []


# -- the privacy door --------------------------------------------------------------------------------------------------

EACH = [pytest.param(kind, field.name, id=f"{kind}.{field.name}") for kind in Kind for field in FIELDS[kind]]
TYPED = {(kind, field.name) for kind in Kind for field in FIELDS[kind] if field.shape is not Shape.CHOICE}
FULL: Mapping[Kind, dict[str, str]] = {
    Kind.TOPIC: TOPIC,
    Kind.SENTENCE: sentence("help", "intent:help"),
    Kind.WRONG: BETTER,
}


@pytest.mark.parametrize(("kind", "name"), EACH)
def test_all_that_is_typed_goes_through_the_door_and_what_is_chosen_does_not(
    place: Place, teaching: Teaching, kind: Kind, name: str
) -> None:
    question, given = closed(place), FULL[kind] | {name: "Jan is bang"}
    before = place.everything()
    if (kind, name) in TYPED:
        with pytest.raises(LeftOutError) as left:
            teaching.propose(question, ANNA, kind, given, "k1")
        label = next(field.label for field in FIELDS[kind] if field.name == name)
        assert left.value.text == f"{label}: [persoon 1] is bang"
        assert place.everything() == before
    teaching.propose(question, ANNA, kind, given, "k1", sure=True)
    [row] = rows(place)
    assert row.content[name] == ("[persoon 1] is bang" if (kind, name) in TYPED else "Jan is bang")
    assert {**row.content, name: ""} == {**given, name: ""}


def test_all_that_is_left_out_is_told_at_once_with_the_persons_of_the_conversation(
    place: Place, teaching: Teaching
) -> None:
    question = closed(place)
    place.door.pseudonymise("c1", "Fatima")
    given = wrong("huisverbod", "Jan mag niet.", "Fatima zei:\nhet mag.")
    with pytest.raises(LeftOutError) as left:
        teaching.propose(question, ANNA, Kind.WRONG, given, "k1")
    assert left.value.text.splitlines() == [
        "Wat er niet klopt: [persoon 1] zei:", "het mag.", "Zo is het antwoord beter: [persoon 2] mag niet.",
    ]  # fmt: skip
    teaching.propose(question, ANNA, Kind.WRONG, given, "k1", sure=True)
    assert rows(place)[0].content["what"] == "[persoon 1] zei:\nhet mag."
    assert "Fatima" not in str(place.everything())


def test_a_field_without_a_word_in_it_is_named(place: Place, teaching: Teaching) -> None:
    with pytest.raises(TeachingError, match="Wat er niet klopt: schrijf hier iets"):
        teaching.propose(closed(place), ANNA, Kind.WRONG, wrong("huisverbod", "?!", "!"), "k1")
    assert rows(place) == []


def test_what_an_editor_types_goes_through_the_door_of_no_conversation(place: Place, teaching: Teaching) -> None:
    proposal = proposed(place, teaching)
    place.door.pseudonymise("c1", "Fatima")
    known = {name: dict(people) for name, people in place.door.known.items()}
    with pytest.raises(LeftOutError) as left:
        teaching.approve(proposal, CARLA, wrong("huisverbod", "Beter.", "Jan zegt van niet, [persoon 4] van wel."))
    assert left.value.text == "Wat er niet klopt: [persoon 5] zegt van niet, [persoon 4] van wel."
    assert states(place) == ["open"]
    teaching.approve(proposal, CARLA, wrong("huisverbod", "Beter.", "Jan zegt van niet."), sure=True)
    assert rows(place)[0].content["what"] == "[persoon 1] zegt van niet."
    teaching.reopen(proposal, CARLA)
    teaching.reject(proposal, CARLA, "Jan wil het niet.")
    assert rows(place)[0].why == "[persoon 1] wil het niet."
    assert place.door.known == known


def test_who_is_sure_puts_no_person_in_what_others_read(place: Place, teaching: Teaching) -> None:
    proposal = proposed(place, teaching)
    with pytest.raises(TeachingError, match="want dit lezen ook anderen"):
        teaching.approve(proposal, CARLA, wrong("huisverbod", "Vraag het Jan."), sure=True)
    assert states(place) == ["open"]


# -- judging -----------------------------------------------------------------------------------------------------------


def test_an_editor_approves_in_words_of_her_own_what_fits_in_the_files(place: Place, teaching: Teaching) -> None:
    proposal = proposed(place, teaching)
    place.clock.passes(60)
    teaching.approve(proposal, CARLA, BETTER | {"better": "  Twaalf dagen.  "})
    row = teaching.find(proposal)
    assert (row.state, row.reviewer, row.author, row.why) == ("approved", CARLA.id, ANNA.id, None)
    assert row.content == BETTER | {"better": "Twaalf dagen."}
    assert (row.changed_at, row.created_at) == (place.clock.now, place.clock.now - 60)
    assert recorded(place)[1:] == [("proposal_reviewed", CARLA.id, ",".join(CARLA.roles), proposal, "goedgekeurd")]


@pytest.mark.parametrize(
    ("kind", "given", "told"),
    [
        (Kind.WRONG, BETTER | {"topic": "weg"}, "bestaat niet meer"),
        (Kind.WRONG, BETTER | {"better": "[persoon 1] mag."}, "haal .persoon 1. eruit"),
        (Kind.TOPIC, TOPIC | {"source": ""}, "Vul ‘Bron’ nog in"),
        (Kind.TOPIC, TOPIC | {"questions": "een?"}, "Zo wordt het gevraagd"),
        (Kind.SENTENCE, sentence("help", "intent:help"), "staat al"),
    ],
)
def test_what_does_not_fit_is_not_approved(
    place: Place, teaching: Teaching, kind: Kind, given: dict[str, str], told: str
) -> None:
    proposal = proposed(place, teaching, kind, FULL[kind])
    with pytest.raises(TeachingError, match=told):
        teaching.approve(proposal, CARLA, given)
    row = teaching.find(proposal)
    assert (row.state, row.content, row.reviewer, len(recorded(place))) == ("open", FULL[kind], None, 1)


def test_an_editor_rejects_with_a_reason(place: Place, teaching: Teaching) -> None:
    proposal = proposed(place, teaching)
    for why, error, told in (("  ", EmptyError, "Schrijf eerst iets"), ("x" * 301, TeachingError, "301 tekens")):
        with pytest.raises(error, match=told):
            teaching.reject(proposal, CARLA, why)
    assert states(place) == ["open"]
    place.clock.passes(60)
    teaching.reject(proposal, CARLA, " Dit staat er al.\nEn beter. ")
    row = teaching.find(proposal)
    assert (row.state, row.reviewer, row.why) == ("rejected", CARLA.id, "Dit staat er al.\nEn beter.")
    assert (row.content, row.changed_at) == (BETTER, place.clock.now)
    assert recorded(place)[1:] == [("proposal_reviewed", CARLA.id, ",".join(CARLA.roles), proposal, "afgewezen")]


def test_a_reason_may_be_as_long_as_is_told(place: Place, teaching: Teaching) -> None:
    proposal = proposed(place, teaching)
    teaching.reject(proposal, CARLA, "x" * 300)
    assert teaching.find(proposal).why == "x" * 300


def test_an_approval_is_taken_back_and_given_again(place: Place, teaching: Teaching) -> None:
    proposal = proposed(place, teaching)
    teaching.approve(proposal, CARLA, BETTER)
    place.clock.passes(60)
    teaching.reopen(proposal, BRAM)
    row = teaching.find(proposal)
    assert (row.state, row.reviewer, row.changed_at) == ("open", None, place.clock.now)
    teaching.approve(proposal, BRAM, BETTER)
    assert [(deed[1], deed[4]) for deed in recorded(place)[1:]] == [
        (CARLA.id, "goedgekeurd"), (BRAM.id, "teruggenomen"), (BRAM.id, "goedgekeurd"),
    ]  # fmt: skip


DEEDS: Mapping[str, tuple[State, Callable[[Teaching, str], None]]] = {
    "approve": (State.OPEN, lambda teaching, proposal: teaching.approve(proposal, CARLA, BETTER)),
    "reject": (State.OPEN, lambda teaching, proposal: teaching.reject(proposal, CARLA, "Nee.")),
    "reopen": (State.APPROVED, lambda teaching, proposal: teaching.reopen(proposal, CARLA)),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_a_colleague_judged_is_as_it_was_left(place: Place, teaching: Teaching, deed: str) -> None:
    proposal, (was, do) = proposed(place, teaching), DEEDS[deed]
    for state in State:
        if state is was:
            continue
        set_state(place, proposal, state)
        before = place.everything()
        with pytest.raises(JudgedError):
            do(teaching, proposal)
        assert place.everything() == before
    with pytest.raises(UnknownProposalError):
        do(teaching, "weg")


@pytest.mark.parametrize("deed", DEEDS)
def test_what_cannot_be_recorded_is_not_done(place: Place, teaching: Teaching, deed: str) -> None:
    proposal, (was, do) = proposed(place, teaching), DEEDS[deed]
    set_state(place, proposal, was)
    before = place.everything()
    place.audit.broken = True
    with pytest.raises(AuditError):
        do(teaching, proposal)
    assert place.everything() == before


def test_of_editors_at_the_same_moment_one_is_first(place: Place, teaching: Teaching) -> None:
    proposal = proposed(place, teaching)
    for turn in range(3):
        results = at_once(
            partial(teaching.approve, proposal, CARLA, BETTER),
            partial(teaching.approve, proposal, BRAM, BETTER),
            partial(teaching.reject, proposal, ANNA, "Nee."),
            partial(teaching.reject, proposal, BRAM, "Niet doen."),
        )
        assert kinds(results) == {"JudgedError": 3, "NoneType": 1}
        assert len(recorded(place)) == turn + 2
        first = results.index(None)
        assert states(place) == ["approved" if first < 2 else "rejected"]
        assert rows(place)[0].reviewer == [CARLA.id, BRAM.id, ANNA.id, BRAM.id][first]
        set_state(place, proposal, State.OPEN)


def test_of_an_export_and_who_takes_back_at_the_same_moment_one_is_first(place: Place, teaching: Teaching) -> None:
    proposal = proposed(place, teaching)

    def export() -> None:
        with place.sessions() as session, session.begin():
            proposals.exported(session, as_approved, place.clock.now)

    for _ in range(3):
        set_state(place, proposal, State.APPROVED)
        as_approved = teaching.find(proposal)
        results = at_once(export, partial(teaching.reopen, proposal, CARLA))
        assert kinds(results) == {"JudgedError": 1, "NoneType": 1}
        assert states(place) == ["exported" if results[0] is None else "open"]


def test_whoever_reads_a_proposal_is_recorded(place: Place, teaching: Teaching) -> None:
    proposal = proposed(place, teaching)
    assert teaching.read(proposal, CARLA).content == BETTER
    assert recorded(place)[1:] == [
        ("proposal_read", CARLA.id, ",".join(CARLA.roles), proposal, "beoordeelt het voorstel")
    ]
    for read in (partial(teaching.read, "weg", CARLA), partial(teaching.find, "weg")):
        with pytest.raises(UnknownProposalError):
            read()
    assert len(recorded(place)) == 2


def test_an_editor_sees_first_what_waits_and_of_what_is_done_the_last(
    place: Place, teaching: Teaching, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert teaching.all() == []
    question = closed(place)
    wanted = [State.REJECTED, State.OPEN, State.EXPORTED, State.APPROVED, State.REJECTED, State.OPEN, State.APPROVED]
    for number, state in enumerate(wanted):
        teaching.propose(question, ANNA, Kind.WRONG, BETTER | {"what": f"nummer {number}"}, f"k{number}")
        set_state(place, rows(place)[-1].id, state)
        place.clock.passes(1)
    monkeypatch.setattr("bot.channels.teaching.LAST", 2)
    shown = [(title, [row.content["what"].split()[1] for row in group]) for title, group in teaching.all()]
    assert shown == [
        ("Te beoordelen", ["1", "5"]),
        ("Goedgekeurd, nog niet in de bestanden", ["3", "6"]),
        ("Afgehandeld", ["4", "2"]),
    ]


# -- forgetting --------------------------------------------------------------------------------------------------------


def test_a_user_who_wipes_takes_back_what_was_to_be_learnt(place: Place, teaching: Teaching) -> None:
    other, question = closed(place, "c2"), closed(place)
    teaching.propose(other, ANNA, Kind.WRONG, BETTER, "k0")
    for number, state in enumerate(State):
        teaching.propose(question, ANNA, Kind.SENTENCE, sentence(f"geheim {number}", "intent:help"), f"k{number + 1}")
        set_state(place, rows(place)[-1].id, state)
    assert place.store.wipe("c1")
    assert [row.key for row in rows(place)] == ["k0"]
    assert "geheim" not in str(place.everything())


def test_a_conversation_that_is_kept_no_longer_leaves_its_proposals_behind(place: Place, teaching: Teaching) -> None:
    proposal = proposed(place, teaching)
    assert not place.store.wipe("c1", KEEP)
    assert teaching.find(proposal).conversation_id == "c1"
    place.clock.passes(ANSWER_DAYS * DAY + KEEP + 1)
    assert place.store.wipe("c1", KEEP)
    assert (teaching.find(proposal).conversation_id, teaching.find(proposal).content) == (None, BETTER)
    assert teaching.of_conversation("c1") == []
    teaching.approve(proposal, CARLA, BETTER)
    assert place.store.wipe("c1") is False
    assert states(place) == ["approved"]


async def test_a_purge_leaves_proposals_behind(place: Place, teaching: Teaching) -> None:
    proposal = proposed(place, teaching)
    place.clock.passes(ANSWER_DAYS * DAY + KEEP + 1)
    engine = FakeEngine().client()
    assert await purge(place.store, engine, KEEP) == 1
    await engine.close()
    assert teaching.find(proposal).conversation_id is None


def test_what_nobody_changed_for_long_is_forgotten_whatever_became_of_it(
    place: Place, teaching: Teaching, tmp_path: Path
) -> None:
    question = closed(place)
    for number, state in enumerate(State):
        teaching.propose(question, ANNA, Kind.SENTENCE, sentence(f"geheim {number}", "intent:help"), f"k{number}")
        set_state(place, rows(place)[-1].id, state)
    begun = place.clock.now
    place.clock.passes(10)
    teaching.propose(question, ANNA, Kind.WRONG, BETTER, "later")
    assert forget_proposals(place.sessions, begun) == 0
    assert forget_proposals(place.sessions, begun + 1) == len(State)
    assert [row.key for row in rows(place)] == ["later"]
    assert "geheim" not in str(place.everything())
    assert not any(b"geheim" in path.read_bytes() for path in tmp_path.glob("test.db*"))


def test_a_proposal_is_kept_from_when_it_was_last_judged(place: Place, teaching: Teaching) -> None:
    proposal = proposed(place, teaching)
    place.clock.passes(DAY)
    teaching.approve(proposal, CARLA, BETTER)
    assert forget_proposals(place.sessions, place.clock.now - 1) == 0
    assert forget_proposals(place.sessions, place.clock.now + 1) == 1


def test_today_is_the_day_on_which_a_proposal_has_to_fit(
    place: Place, teaching: Teaching, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Any] = []
    monkeypatch.setattr("bot.channels.teaching.check", lambda *given: tried.append(given))
    teaching.approve(proposed(place, teaching), CARLA, BETTER)
    assert [given[1:] for given in tried] == [(Kind.WRONG, BETTER, date.today())]
