"""The process that owns an engine: ``python -m voice.worker module:Class``.

One JSON object a line. On standard output first ``{"ready": name}``, then one answer to each request
``{"id", "text", "voice", "rate", "path", "limit"}``: ``{"id"}`` when the file is written, ``{"id", "error"}`` when not.
The process ends when its standard input closes, and the kernel ends it when a request takes longer than its limit.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import TextIO

from voice.engine import SpeechEngine, load


def main(target: str) -> None:
    """Serve requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent closes our input
    replies = _take_stdout()
    engine = load(target)
    _send(replies, {"ready": engine.name})
    for line in sys.stdin:
        request = json.loads(line)
        # An engine may hang inside C code and the parent may be gone: SIGALRM's default action ends us anyway.
        signal.setitimer(signal.ITIMER_REAL, float(request["limit"]))
        reply = _serve(engine, request)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(replies, reply)


def _serve(engine: SpeechEngine, request: dict[str, str]) -> dict[str, object]:
    try:
        engine.synthesize(request["text"], request["voice"], float(request["rate"]), Path(request["path"]))
    except Exception as error:  # the parent decides what to do; this process goes on
        return {"id": request["id"], "error": f"{type(error).__name__}: {error}"}
    return {"id": request["id"]}


def _take_stdout() -> TextIO:
    """Keep standard output for replies alone: libraries that print would break the protocol."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - pyttsx3 prints a line for every file
    return replies


def _send(replies: TextIO, reply: dict[str, object]) -> None:
    replies.write(json.dumps(reply, ensure_ascii=False) + "\n")
    replies.flush()


if __name__ == "__main__":
    main(sys.argv[1])
