"""The journal: everything is derived from the entries, and an entry taken out takes all with it."""

from __future__ import annotations

import pytest

from bot.case import Case, Entry, Line
from bot.case.record import AGAIN, UNKNOWN


def entry(question: str, **rest: object) -> Entry:
    return Entry.model_validate({"question": question, "asked": question, "answer": "ja", **rest})


def test_the_last_answer_counts() -> None:
    case = Case().add(entry("a", facts={"fear": "yes"}), entry("b", facts={"fear": "no", "weapon": "yes"}))
    assert case.facts == {"fear": "no", "weapon": "yes"}


def test_an_empty_field_is_unset() -> None:
    case = Case().add(entry("a", fields={"enough": "yes", "review": "morgen"}), entry("b", fields={"enough": ""}))
    assert case.fields == {"review": "morgen"}


def test_undo_takes_the_last_answer_with_its_notes() -> None:
    case = Case().add(entry("a"), entry("b", facts={"fear": "yes"}), entry("note", silent=True))
    before, undone = case.undo()
    assert undone is not None
    assert undone.question == "b"
    assert before == Case().add(entry("a"))
    assert Case().add(entry("note", silent=True)).undo()[1] is None


def test_opening_an_answer_again_leaves_the_others() -> None:
    case = Case().add(entry("a", facts={"fear": "yes"}), entry("weging.b", facts={"weapon": "yes"}))
    opened = case.reopen(1)
    assert opened.facts == {"fear": "yes"}
    assert opened.again == "weging.b"
    assert opened.add(entry("weging.b")).again == ""
    assert case.reopen(0).again == "a"


@pytest.mark.parametrize("index", [-1, 1, 7])
def test_only_an_answer_can_be_opened_again(index: int) -> None:
    with pytest.raises(IndexError):
        Case().add(entry("a"), entry("note", silent=True)).reopen(index)


@pytest.mark.parametrize(("question", "confirmed"), [("weging.bang", True), ("feiten.wanneer", False)])
def test_only_a_change_in_the_facts_takes_the_confirmed_list_back(question: str, confirmed: bool) -> None:
    case = Case().add(entry(question), entry("feiten.lijst", fields={"fact_list": "klopt"})).reopen(0)
    assert case.entries[-1].question == AGAIN
    assert ("fact_list" in case.fields) is confirmed


def test_a_removed_line_is_gone_and_its_id_is_not_used_again() -> None:
    line = Line(id="r1", kind="observation", quote="hij schreeuwde")
    case = Case().add(entry("a", lines=[line]), entry("b", removed=["r1"]))
    assert case.lines == []
    assert list(case.new_line_ids(2)) == ["r2", "r3"]


def test_the_slot_holds_the_whole_case() -> None:
    case = Case().add(entry("a", lines=[Line(id="r1", kind="signal", quote="", signal="victim.cancels")], silent=True))
    assert Case.from_slot(case.to_slot()) == case
    assert Case.from_slot(None) == Case()


def test_a_new_case_knows_the_profession_and_nothing_else() -> None:
    case = Case().add(entry("a", fields={"profession": "huisarts", "client_role": "child"}, facts={"fear": "yes"}))
    assert case.renewed().fields == {"profession": "huisarts"}
    assert not case.renewed().facts
    assert Case().renewed() == Case()


def test_what_is_not_known_stays_an_open_question() -> None:
    case = Case().add(entry("a", asked="Wanneer het was", answer=UNKNOWN), entry("b"))
    assert case.unanswered == ["Wanneer het was"]


def test_words_after_a_no_speak_against_it_and_words_before_it_do_not() -> None:
    denied = entry("a", facts={"fear": "no", "children_safe": "no"})
    hinted = entry("b", hints={"fear": "ze is bang", "children_safe": "het kind"})
    assert Case().add(denied, hinted).facts == {"fear": "unknown", "children_safe": "no"}
    assert Case().add(hinted, denied).facts["fear"] == "no"
    both = entry("a", facts={"fear": "no", "fears_for_life": "no", "weapon": "no"})
    later = entry("b", facts={"weapon": "no"})
    assert Case().add(both, later, hinted).facts == {"fear": "unknown", "fears_for_life": "unknown", "weapon": "no"}
    assert Case().add(denied.model_copy(update={"hints": {"fear": "niet bang"}})).facts["fear"] == "no"


def test_what_was_assumed_is_so_until_it_is_answered() -> None:
    case = Case().add(entry("a", facts={"fear": "yes"}, assumed=["fear"]))
    assert case.assumed == {"fear"}
    assert case.add(entry("b", facts={"fear": "no"})).assumed == set()


def test_taking_back_a_correction_leaves_the_answer_as_it_was() -> None:
    case = Case().add(entry("a", facts={"fear": "yes"}), entry("b", facts={"weapon": "yes"}), entry("c"))
    restored, undone = case.reopen(1).undo()
    assert undone is not None
    assert restored == case
    answered = case.reopen(1).add(entry("b", facts={"weapon": "no"}))
    assert answered.undo()[0] == case.reopen(1)
    assert answered.undo()[0].undo()[0] == case


def test_words_taken_off_the_list_point_nowhere() -> None:
    line = Line(id="r1", kind="observation", quote="hij had een mes")
    told = entry("a", lines=[line], hints={"weapon": "hij had een mes"})
    assert Case().add(told, entry("b", removed=["r1"])).hints == {}
    assert Case().add(told, told, entry("b", removed=["r1"])).hints == {}


def test_what_was_seen_of_a_ticked_signal_takes_no_other_words_away() -> None:
    told = entry("a", hints={"weapon": "hij had een mes"})
    ticked = entry("b", lines=[Line(id="r1", kind="signal", quote="", signal="victim.cancels")])
    seen = Line(id="r2", kind="signal", quote="drie keer", signal="victim.cancels")
    assert Case().add(told, ticked, entry("c", lines=[seen], removed=["r1"])).hints == {"weapon": "hij had een mes"}


def test_after_enough_only_a_question_asked_again_is_wanted() -> None:
    case = Case().add(entry("weging.a"), entry("genoeg", fields={"enough": "yes"}, silent=True))
    assert not case.wants("weging.a")
    assert case.reopen(0).wants("weging.a")
    assert not case.reopen(0).wants("weging.b")
