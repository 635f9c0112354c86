"""The tables as they stand in `data/advice/`, read once; and random cases to hold against them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import strategies as st

from bot.advice import CLIENT_ROLES, FACTS, PROFESSIONS, AdviceRequest, Tables, load_tables

DATA = Path(__file__).parents[3] / "data"
VALUES = ("yes", "no", "unknown")

sparse_cases = st.dictionaries(st.sampled_from(FACTS), st.sampled_from(VALUES), max_size=10)
full_cases = st.fixed_dictionaries({fact: st.sampled_from(VALUES) for fact in FACTS})
calm_cases = st.fixed_dictionaries({fact: st.sampled_from(("no", "no", "no", "no", "no", "yes")) for fact in FACTS})
requests = st.builds(
    AdviceRequest,
    profession=st.sampled_from(PROFESSIONS),
    client_role=st.sampled_from(CLIENT_ROLES),
    minor=st.sampled_from(VALUES),
    case=st.one_of(sparse_cases, full_cases, calm_cases),
)


@pytest.fixture(scope="session")
def tables() -> Tables:
    """The tables of the project."""
    return load_tables(DATA)
