"""Run a supervisor over toy servers: ``python fake_run.py NAME:PORT …``; the tests kill it and them."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from wenban import runstate
from wenban.processes import Process
from wenban.supervisor import Supervisor, Timing

SERVER = Path(__file__).with_name("fake_server.py")
TIMING = Timing(poll=0.05, probe=0.2, probe_timeout=0.4, failed_probes=3, first_delay=0.1, longest_delay=0.4, stop=2.0)


def main() -> None:
    specs = [
        Process(name, name, (sys.executable, str(SERVER), port, name), int(port), "/", start_seconds=20)
        for name, _, port in (argument.partition(":") for argument in sys.argv[1:])
    ]
    lock = runstate.acquire()
    assert lock is not None
    with lock:
        asyncio.run(Supervisor(specs, "http://127.0.0.1:1", dict(os.environ), timing=TIMING).run())


if __name__ == "__main__":
    main()
