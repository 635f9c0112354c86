"""The real tables and the real analyser, loaded once; vectors are cached between runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.advice import load_tables
from bot.analysis.analyser import Analyser
from bot.case import Replies, Tools, load_replies, load_tools
from bot.encoder import E5Encoder
from bot.settings import ROOT
from tests.unit.case.desk import desk_of
from tests.unit.case.player import Player

DATA = ROOT / "data"


@pytest.fixture(scope="session")
def tools() -> Tools:
    """What the phases work with, as the actions have it."""
    return load_tools(DATA, Analyser(DATA, E5Encoder(), ROOT / "var" / "cache"), load_tables(DATA))


@pytest.fixture(scope="session")
def desk_tools(tools: Tools) -> Tools:
    """The same, where there is a helpdesk."""
    return replace(tools, desk=desk_of(tools.tables))


@pytest.fixture(scope="session")
def replies(tools: Tools) -> Replies:
    """The replies of the project."""
    return load_replies(DATA / "replies", tools.tables.words)


@pytest.fixture
def player(tools: Tools, replies: Replies) -> Player:
    """A professional at the start of a conversation."""
    return Player(tools, replies)
