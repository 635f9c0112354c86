"""The engine's log holds places, names and ids; of what was said, no word."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from engine import logs

SECRET = "blauwe plek op haar arm"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the configured log writes; as it was afterwards."""
    names = ("", "pluis", "rasa", "sanic.root", "sanic.error", "sanic.access", "py.warnings")
    loggers = [logging.getLogger(name) for name in names]
    kept = [(logger, logger.handlers, logger.level, logger.propagate) for logger in loggers]
    config = structlog.get_config()
    out = io.StringIO()
    monkeypatch.setattr("sys.stderr", out)
    logs.configure("INFO")
    yield out
    for logger, handlers, level, propagate in kept:
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)
    logging.captureWarnings(False)
    structlog.configure(**config)


def written(lines: io.StringIO) -> dict[str, Any]:
    """The one line of the log, without the secret."""
    assert SECRET not in lines.getvalue()
    (line,) = lines.getvalue().splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_of_a_foreign_record_only_its_place_is_kept(lines: io.StringIO) -> None:
    logging.getLogger("rasa.core.processor").warning("user said %s", SECRET, extra={"text": SECRET})
    line = written(lines)
    assert line["at"].startswith("test_logs:")
    assert "event" not in line


def test_of_a_structured_event_only_its_place_is_kept(lines: io.StringIO) -> None:
    structlog.get_logger("rasa.core").warning("processor.message.parse", text=SECRET, rasa_text=SECRET)
    assert written(lines)["level"] == "WARNING"


def test_an_error_is_told_by_type_and_place(lines: io.StringIO) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("sanic.error").exception("failed on %s", SECRET)
    line = written(lines)
    assert line["error"] == "ValueError"
    assert "test_logs:" in line["trace"]


def test_ours_say_what_happened_and_where(lines: io.StringIO) -> None:
    logging.getLogger("pluis.engine").info("conversation forgotten", extra={"fields": {"conversation": "c1"}})
    assert written(lines) | {"time": ""} == {
        "time": "", "level": "INFO", "part": "engine", "logger": "pluis.engine", "event": "conversation forgotten",
        "conversation": "c1",
    }  # fmt: skip


def test_what_does_not_matter_is_not_written(lines: io.StringIO) -> None:
    logging.getLogger("rasa.core.agent").info(SECRET)
    logging.getLogger("pluis.engine").debug(SECRET)
    assert lines.getvalue() == ""
