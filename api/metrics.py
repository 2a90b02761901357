"""Prometheus metrics; a registry an app, so that tests can make several."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turns = Counter("wenban_turns", "Turns by outcome.", ["status"], registry=self.registry)
        self.turn_seconds = Histogram(
            "wenban_turn_seconds",
            "Seconds from a citizen's message to the whole reply, by outcome.",
            ["status"],
            buckets=(0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 12),
            registry=self.registry,
        )
        self.degraded = Counter(
            "wenban_degraded_turns", "Turns answered without the dialogue engine.", ["reason"], registry=self.registry
        )
        self.rectifications = Gauge(
            "wenban_rectifications", "Open rectifications of bad ratings, by alarm.", ["alarm"], registry=self.registry
        )
        self.speech = Counter("wenban_speech", "Texts read aloud by outcome.", ["outcome"], registry=self.registry)
        self.hearing = Counter(
            "wenban_hearing", "Recordings heard by outcome: ok, uncertain, or an error's code.", ["outcome"],
            registry=self.registry,
        )  # fmt: skip
        self.hearing_seconds = Histogram(
            "wenban_hearing_seconds",
            "Seconds from a whole recording to its text.",
            buckets=(0.5, 1, 1.5, 2, 3, 5, 8, 15, 30),
            registry=self.registry,
        )
