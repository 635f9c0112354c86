from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.privacy import Door


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("deduce")


@pytest.fixture(scope="session")
def door(cache_dir: Path) -> Door:
    return Door(cache_dir)


@pytest.fixture
def mask(door: Door) -> Callable[[str], str]:
    """Mask one message as a conversation of its own."""

    def masked(text: str) -> str:
        door.forget("test")
        return door.pseudonymise("test", text).text

    return masked
