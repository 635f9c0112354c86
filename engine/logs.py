"""Rasa's log in our shape: one JSON object a line, and never a word of what was said.

Rasa puts message text, slots and the local variables of every frame into its messages, so of a foreign record
only its place (logger, module, line), its level, the name of its event and the type of its error are kept.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import datetime, timezone
from typing import Any

import structlog

OWN = "pluis"
_EVENT_NAME = re.compile(r"[a-z_]+(\.[a-z_]+)+")


class PlaceFormatter(logging.Formatter):
    """Formats a record as JSON: whole when it is ours, its place alone when it is another's."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON without message text."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "part": "engine",
            "logger": record.name,
        }
        if record.name.startswith(OWN):
            line |= {"event": record.getMessage(), **getattr(record, "fields", {})}
        else:
            line["at"] = f"{record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[0]:
            line |= describe_error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def describe_error(error: BaseException | None) -> dict[str, str]:
    """Tell an error by its type and place; its message may hold what was said."""
    frames, trace = [], error.__traceback__ if error else None
    while trace:
        frames.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return {"error": type(error).__name__, "trace": " ".join(frames[-6:])}


def _event_only(_logger: Any, _method: str, event: dict[str, Any]) -> str:
    """Keep of a structlog event its name, and only when it is a name."""
    name = str(event.get("event", ""))
    return name if _EVENT_NAME.fullmatch(name) else "event"


def configure(level: str) -> None:
    """Send every log of this process through PlaceFormatter to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlaceFormatter())
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.WARNING)
    logging.getLogger(OWN).setLevel(level)
    for name in ("sanic.root", "sanic.error", "sanic.access", "rasa"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
        logger.setLevel(logging.WARNING)
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)  # libraries of this age warn at every import
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _event_only],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
