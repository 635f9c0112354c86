"""Starts the engine: Rasa with our channel, our log and no stock HTTP API, on loopback unless told otherwise.
`rasa run` works too, but logs what was said."""

from __future__ import annotations

import os
from pathlib import Path

from engine import logs


def main() -> None:
    """Serve the model of `PLUIS_MODEL` on `PLUIS_ENGINE_HOST`:`PLUIS_ENGINE_PORT`; what it keeps is its owner's."""
    os.umask(0o077)
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    root = Path(__file__).resolve().parent.parent
    level = os.environ.get("PLUIS_LOG_LEVEL", "INFO")
    logs.configure(level)
    from rasa.api import run  # slow: only in the process that serves

    logs.configure(level)
    run(
        os.environ["PLUIS_MODEL"],
        str(root / "endpoints.yml"),
        credentials=str(root / "credentials.yml"),
        interface=os.environ.get("PLUIS_ENGINE_HOST", "127.0.0.1"),
        port=int(os.environ.get("PLUIS_ENGINE_PORT", "5005")),
        enable_api=False,
    )


if __name__ == "__main__":
    main()
