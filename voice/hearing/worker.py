"""The process that owns a recogniser: ``python -m voice.hearing.worker module:Class``.

It decodes what citizens send, so that a file made to break a decoder breaks no more than this process.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from voice.hearing.activity import Activity, parts
from voice.hearing.decoding import LONGEST, RATE, decode
from voice.hearing.engine import HearingEngine
from voice.serving import serve


class Listener:
    """A recogniser with what comes before it."""

    def __init__(self, engine: HearingEngine) -> None:
        self.engine, self.name = engine, engine.name
        self._activity = Activity()

    def hear(self, data: bytes, longest: float = LONGEST) -> dict[str, object]:
        """Return the text, how sure it is, the length, and the silence at the end, in seconds."""
        samples = decode(data, longest)
        spans = self._activity.spans(samples)
        heard = [
            self.engine.recognise(samples[part.start : part.end])
            for part in parts(spans, len(samples), self.engine.longest)
        ]
        known = [(each.confidence, len(each.text)) for each in heard if each.confidence is not None]
        weight = sum(length for _, length in known)
        return {
            "text": "，".join(filter(None, (each.text.rstrip("。，") for each in heard[:-1])))
            + ("，" if len(heard) > 1 else "") + heard[-1].text,
            "confidence": sum(chance * length for chance, length in known) / weight if weight else None,
            "seconds": len(samples) / RATE,
            "quiet": (len(samples) - spans[-1].end) / RATE,
        }  # fmt: skip


def load(target: str) -> Listener:
    """Import ``module:Class`` and make the engine."""
    module, _, name = target.partition(":")
    return Listener(cast("Callable[[], HearingEngine]", getattr(importlib.import_module(module), name))())


def answer(listener: Listener, request: dict[str, Any]) -> dict[str, object]:
    """Hear the file that the request names."""
    return listener.hear(Path(request["path"]).read_bytes(), float(request.get("longest", LONGEST)))


if __name__ == "__main__":
    serve(lambda: load(sys.argv[1]), answer)
