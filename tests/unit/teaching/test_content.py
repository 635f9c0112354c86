"""What was filled in is read by its fields: what must be there, what is too long, and what is nobody's business."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.teaching import FIELDS, Kind, TeachingError, fill, title_of
from bot.teaching.content import Field, Shape, lines

from . import TOPIC, sentence, wrong

FULL: Mapping[Kind, dict[str, str]] = {
    Kind.TOPIC: TOPIC,
    Kind.SENTENCE: sentence("help", "intent:help"),
    Kind.WRONG: wrong("huisverbod", "Het zijn er elf."),
}
EACH = [pytest.param(kind, field, id=f"{kind}.{field.name}") for kind in Kind for field in FIELDS[kind]]
OPTIONAL, FOR_REVIEW = {"better"}, {"related", "source", "section"}
READ_BY_OTHERS = {"title", "short", "questions", "better"}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("review", [False, True])
def test_what_is_filled_in_well_is_read_as_it_is_and_nothing_else_comes_with_it(kind: Kind, review: bool) -> None:
    assert fill(kind, {**FULL[kind], "sleutel": "k1"}, review=review) == FULL[kind]


@pytest.mark.parametrize(("kind", "field"), EACH)
@pytest.mark.parametrize("review", [False, True])
@pytest.mark.parametrize("gap", [None, " \n\t "])
def test_what_has_to_be_filled_in_is_named_unless_it_is_left_to_who_judges(
    kind: Kind, field: Field, review: bool, gap: str | None
) -> None:
    given = {name: value for name, value in FULL[kind].items() if name != field.name}
    if gap is not None:
        given[field.name] = gap
    if field.name in OPTIONAL or (field.name in FOR_REVIEW and not review):
        assert fill(kind, given, review=review) == {**given, field.name: ""}
    else:
        with pytest.raises(TeachingError) as refused:
            fill(kind, given, review=review)
        assert str(refused.value) == f"Vul ‘{field.label}’ nog in."


@pytest.mark.parametrize(("kind", "field"), EACH)
def test_what_is_too_long_is_told_with_how_long_it_may_be(kind: Kind, field: Field) -> None:
    fits = FULL[kind] | {field.name: f"  {'x' * field.most}  "}
    assert fill(kind, fits, review=True)[field.name] == "x" * field.most
    with pytest.raises(TeachingError) as refused:
        fill(kind, FULL[kind] | {field.name: "x" * (field.most + 1)})
    told = f"‘{field.label}’ is te lang: {field.most + 1} tekens, en er passen er {field.most} in. Maak het korter."
    assert str(refused.value) == told


@pytest.mark.parametrize(("kind", "field"), EACH)
def test_a_person_of_one_conversation_is_taken_out_of_what_others_read_by_who_judges(kind: Kind, field: Field) -> None:
    given = FULL[kind] | {field.name: "zoals [persoon 12] zei"}
    assert fill(kind, given)[field.name] == given[field.name]
    if field.name not in READ_BY_OTHERS:
        assert fill(kind, given, review=True)[field.name] == given[field.name]
        return
    with pytest.raises(TeachingError) as refused:
        fill(kind, given, review=True)
    assert str(refused.value) == f"{field.label}: haal [persoon 12] eruit, want dit lezen ook anderen."


@pytest.mark.parametrize(
    ("shape", "read"),
    [
        (Shape.LINE, "wat nu wat nu en dan"),
        (Shape.CHOICE, "wat nu wat nu en dan"),
        (Shape.TEXT, "wat   nu\n\n wat nu\nen dan"),
        (Shape.LINES, "wat nu\nen dan"),
    ],
)
def test_blanks_go_as_fits_the_shape_of_a_field_and_a_line_stands_once(shape: Shape, read: str) -> None:
    found = {field.shape: (kind, field) for kind in Kind for field in FIELDS[kind]}
    kind, field = found[shape]
    given = FULL[kind] | {field.name: " \n wat   nu \r\n\n wat nu\t\nen dan \n\n"}
    assert fill(kind, given)[field.name] == read


def test_lines_differ_by_a_letter_as_they_were_typed() -> None:
    questions = fill(Kind.TOPIC, TOPIC | {"questions": "b\na\nB\na"})["questions"]
    assert lines(questions) == ["b", "a", "B"]


def test_nothing_is_cut_into_lines_as_nothing() -> None:
    assert lines("") == []


@pytest.mark.parametrize(
    ("kind", "title"), [(Kind.TOPIC, "Een vluchttas"), (Kind.SENTENCE, "help"), (Kind.WRONG, "huisverbod")]
)
def test_a_proposal_is_called_by_what_it_is_about_in_one_line(kind: Kind, title: str) -> None:
    assert title_of(kind, FULL[kind]) == title
    assert title_of(kind, {name: f" {value}\n er\tbij" for name, value in FULL[kind].items()}) == f"{title} er bij"
