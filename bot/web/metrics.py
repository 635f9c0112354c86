"""Counts for Prometheus, in a registry of its own for each application; no text and no ids in any label."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """What `web` counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ["method", "route", "status"]
        self._requests = Counter("pluis_http_requests", "Requests answered.", labels, registry=self.registry)
        self._seconds = Histogram(
            "pluis_http_seconds", "Seconds to answer a request.", ["route"], registry=self.registry
        )
        self._turns = Counter("pluis_turns", "Turns by outcome.", ["outcome"], registry=self.registry)
        self._turn_seconds = Histogram("pluis_turn_seconds", "Seconds the engine took.", registry=self.registry)
        self._refused = Counter("pluis_refused", "Requests that came too often.", ["limit"], registry=self.registry)
        self._teams = Counter(
            "pluis_teams_messages", "Messages to Teams by outcome.", ["outcome"], registry=self.registry
        )
        self._streams = Gauge("pluis_open_streams", "Open WebSocket streams.", registry=self.registry)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def turn(self, outcome: str, seconds: float) -> None:
        """Count one try of a turn: answered, retried or given up."""
        self._turns.labels(outcome).inc()
        if outcome == "answered":
            self._turn_seconds.observe(seconds)

    def refused(self, limit: str) -> None:
        """Count one request that came too often."""
        self._refused.labels(limit).inc()

    def teams(self, outcome: str) -> None:
        """Count one try of a message to Teams: sent, retried, refused or gone."""
        self._teams.labels(outcome).inc()

    def watch_streams(self, count: Callable[[], int]) -> None:
        """Read the number of open streams whenever it is asked for."""
        self._streams.set_function(count)

    def text(self) -> bytes:
        """Return everything in Prometheus's text form."""
        return generate_latest(self.registry)
