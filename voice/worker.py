"""The process that owns a speaking engine: ``python -m voice.worker module:Class``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from voice.engine import SpeechEngine, load
from voice.serving import serve


def answer(engine: SpeechEngine, request: dict[str, Any]) -> dict[str, object]:
    """Write the file that the request asks for."""
    engine.synthesize(request["text"], request["voice"], float(request["rate"]), Path(request["path"]))
    return {}


if __name__ == "__main__":
    serve(lambda: load(sys.argv[1]), answer)
