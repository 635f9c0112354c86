"""The engine as it starts: on loopback, without Rasa's own HTTP API, and with the token for the action server."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.utils import AvailableEndpoints

from engine import serve


def test_it_listens_on_loopback_behind_our_channel_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: dict[str, Any] = {}
    monkeypatch.delenv("PLUIS_ENGINE_HOST", raising=False)
    monkeypatch.setenv("PLUIS_MODEL", "een-model")
    monkeypatch.setattr("rasa.api.run", lambda model, endpoints, **how: ran.update(how, endpoints=endpoints))
    monkeypatch.setattr("engine.logs.configure", lambda _level: None)
    monkeypatch.setattr("os.umask", lambda _mask: 0)
    serve.main()
    assert (ran["interface"], ran["enable_api"]) == ("127.0.0.1", False)
    monkeypatch.setenv("PLUIS_ACTIONS_URL", "http://127.0.0.1:5055")
    monkeypatch.setenv("PLUIS_ENGINE_TOKEN", "t" * 32)
    monkeypatch.setenv("PLUIS_TRACKER_URL", "sqlite://")
    action = AvailableEndpoints.read_endpoints(ran["endpoints"]).action
    assert action is not None
    assert action.url == "http://127.0.0.1:5055/webhook"
    assert action.headers == {"Authorization": "Bearer " + "t" * 32}
