import time

import pytest

from engine.clauses import split_clauses, split_sentences


def texts(pieces):
    return [piece.text for piece in pieces]


def test_sentences_end_at_stops_but_not_at_abbreviations():
    text = "Mw. is gevallen i.v.m. haar been. Dhr. was erbij!\nZe wil naar huis; hij niet"
    assert texts(split_sentences(text)) == [
        "Mw. is gevallen i.v.m. haar been.",
        "Dhr. was erbij!",
        "Ze wil naar huis",
        "hij niet",
    ]


def test_conjunctions_divide_and_short_pieces_stay_with_their_neighbour():
    assert texts(split_clauses("er is geen wapen, maar hij zegt dat hij haar vermoordt")) == [
        "er is geen wapen",
        "maar hij zegt dat hij haar vermoordt",
    ]
    assert texts(split_clauses("ze is moe, maar ok")) == ["ze is moe, maar ok"]


def test_a_long_row_of_stops_is_read_at_once():
    begin = time.perf_counter()
    assert texts(split_sentences("." * 20_000 + "x")) == ["." * 20_000 + "x"]
    assert time.perf_counter() - begin < 1


def test_a_bare_comma_divides_long_sentences_only():
    short = "hij staat er, de hele dag door"
    long = "hij staat er de hele dag door in zijn auto te kijken, zij doet de gordijnen dicht en wacht tot hij weg is"
    assert texts(split_clauses(short)) == [short]
    assert texts(split_clauses(long))[0] == "hij staat er de hele dag door in zijn auto te kijken"


@pytest.mark.parametrize(
    "text", ["", "   ", "...", "Ze huilt. Hij, en zij, staan daar.\n\n[persoon 1] belt – nu meteen – de arts!"]
)
def test_every_clause_stands_where_it_says(text):
    for clause in split_clauses(text):
        assert text[clause.start : clause.end] == clause.text
        assert clause.text.strip()
