"""The log tells where and what kind, never what was said: not ours by accident, not another library's on purpose."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest

from bot.logs import PlaceFormatter

SECRET = "blauwe plek op haar arm"


def logged(name: str, *args: Any, **options: Any) -> dict[str, Any]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(PlaceFormatter("proef"))
    logger = logging.getLogger(name)
    logger.addHandler(handler)
    try:
        logger.warning(*args, **options)
    finally:
        logger.removeHandler(handler)
    assert SECRET not in out.getvalue()
    line: dict[str, Any] = json.loads(out.getvalue())
    return line


def test_a_record_of_another_library_keeps_only_its_place() -> None:
    line = logged("sanic.error", f"request failed: {SECRET}")
    assert line["at"].startswith("test_logs:")
    assert "event" not in line


def test_arguments_of_our_own_records_stay_out() -> None:
    assert logged("pluis.web", "turn failed: %s", SECRET)["event"] == "turn failed: %s"


def test_only_named_fields_are_told() -> None:
    line = logged("pluis.web", "turn", extra={"conversation": "abc", "said": SECRET})
    assert line["conversation"] == "abc"
    assert "said" not in line


@pytest.mark.parametrize("name", ["pluis.web", "rasa_sdk.endpoint"])
def test_an_error_is_told_by_type_and_place(name: str) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        line = logged(name, "failed", exc_info=True)
    assert line["error"] == "ValueError"
    assert line["trace"].startswith("tests.unit.test_logs:")
