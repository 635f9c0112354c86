"""Our log: one JSON object a line on stderr, with the ids of request and conversation and never with text.

Of a record that is not ours only the place, the level and the type of its error are kept: other libraries
put message text into theirs. Of ours only the fields named here are.
"""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final

REQUEST: ContextVar[str] = ContextVar("request", default="")
CONVERSATION: ContextVar[str] = ContextVar("conversation", default="")

OWN: Final = ("pluis", "bot", "actions")
FIELDS: Final = (
    "conversation", "action", "error", "error_id", "trace", "method", "route", "status", "ms", "task", "found", "part",
    "port", "dialogue",
)  # fmt: skip


class PlaceFormatter(logging.Formatter):
    """Formats a record as JSON: whole when it is ours, its place alone when it is another's."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON without message text."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
        }
        if record.name.split(".")[0] in OWN:
            line["event"] = str(record.msg)  # the template: arguments may hold text
            line |= {name: value for name, value in _ids().items() if value}
            line |= {name: record.__dict__[name] for name in FIELDS if name in record.__dict__}
        else:
            line["at"] = f"{record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[1]:
            line |= describe_error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _ids() -> dict[str, str]:
    return {"request": REQUEST.get(), "conversation": CONVERSATION.get()}


def describe_error(error: BaseException) -> dict[str, str]:
    """Tell an error by its type and place; its message may hold what was said."""
    frames, trace = [], error.__traceback__
    while trace:
        frames.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return {"error": type(error).__name__, "trace": " ".join(frames[-8:])}


def configure(process: str, level: str) -> None:
    """Send every log of this process through PlaceFormatter to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlaceFormatter(process))
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.WARNING)
    for name in OWN:
        logging.getLogger(name).setLevel(level.upper())
    for name in list(logging.Logger.manager.loggerDict):
        if name.split(".")[0] not in OWN:
            logger = logging.getLogger(name)
            logger.handlers, logger.propagate, logger.disabled = [], True, False
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
