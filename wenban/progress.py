"""One calm line per step, with the seconds that it has taken so far. Standard library only."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

QUIET_SECONDS = 15.0  # without a terminal: how often a long step says that it is still going


class Steps:
    """Numbered steps: ``[2/7] Installing the libraries … 34 s``.

    On a terminal the line is rewritten every second; elsewhere a long step adds a line now and then.
    """

    def __init__(self, total: int, done: int = 0, out: TextIO | None = None) -> None:
        self.total, self.done, self.out = total, done, out or sys.stdout
        self._note = ""

    @contextmanager
    def step(self, title: str) -> Iterator[Steps]:
        """Show a step while the block runs; ``note`` adds a word to its closing line."""
        self.done += 1
        self._note = ""
        label = f"[{self.done}/{self.total}] {title}"
        started = time.monotonic()
        finished = threading.Event()
        ticker = threading.Thread(target=self._tick, args=(label, started, finished), daemon=True)
        self._begin(label)
        ticker.start()
        outcome = "failed"
        try:
            yield self
            outcome = self._note or "done"
        finally:
            finished.set()
            ticker.join()
            self._end(label, outcome, time.monotonic() - started)

    def note(self, text: str) -> None:
        """Say how the current step ended, for example ``up to date``."""
        self._note = text

    def _begin(self, label: str) -> None:
        if self.out.isatty():
            self.out.write(f"{label} …")
            self.out.flush()

    def _tick(self, label: str, started: float, finished: threading.Event) -> None:
        terminal = self.out.isatty()
        shown = 0.0
        while not finished.wait(1.0 if terminal else 0.5):
            elapsed = time.monotonic() - started
            if terminal:
                self.out.write(f"\r\033[K{label} … {elapsed:.0f} s")
                self.out.flush()
            elif elapsed >= 2.0 and (shown == 0.0 or elapsed - shown >= QUIET_SECONDS):
                shown = elapsed
                self.out.write(f"{label} … {elapsed:.0f} s\n" if elapsed >= QUIET_SECONDS else f"{label} …\n")
                self.out.flush()

    def _end(self, label: str, outcome: str, seconds: float) -> None:
        start = "\r\033[K" if self.out.isatty() else ""
        took = f" ({seconds:.0f} s)" if seconds >= 2.0 else ""
        self.out.write(f"{start}{label}: {outcome}{took}\n")
        self.out.flush()
