"""``make bench``: search by size, a full turn, publishing; prints a table and writes var/bench/bench.json."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import datetime
from typing import Any

from wenban import paths
from wenban.measuring.reports import Report, read
from wenban.measuring.running import commit

TARGETS = {"5000": 25, "100000": 60}


def search(size: str, units: int, repeat: int) -> dict[str, Any]:
    """Measure one size in a process of its own, so that its memory is its own."""
    command = [
        sys.executable,
        "-m",
        "tests.bench.bench_search",
        "--size",
        size,
        "--units",
        str(units),
        "--repeat",
        str(repeat),
    ]
    done = subprocess.run(command, cwd=paths.ROOT, stdout=subprocess.PIPE, text=True, check=True)
    row: dict[str, Any] = json.loads(done.stdout)
    return row


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", default="5000,100000", help="numbers of entries; empty: leave the search out")
    parser.add_argument("--units", type=int, default=3, help="sentences an entry")
    parser.add_argument("--turns", type=int, default=200, help="0: leave the running product out")
    parser.add_argument("--publish", type=int, default=5, help="answers to publish, at most 10")
    parser.add_argument("--url", default="", help="ask this running product instead of one started for it")
    parser.add_argument("--password", default="", help="of its user admin; without it nothing is published")
    parser.add_argument("--repeat", type=int, default=5, help="times each query is asked")
    given = parser.parse_args()
    target = paths.home() / "bench" / "bench.json"
    earlier = read(target)["bench"].report if target.exists() else {}
    report: dict[str, Any] = {"search": {}, "turn": None, "publish": None, **earlier, "repeat": given.repeat}
    arguments = [part for part in sys.argv[1:] if part != given.password]
    load, began = os.getloadavg()[0], time.perf_counter()
    for size in filter(None, given.sizes.split(",")):
        row = report["search"][size] = search(size, given.units, given.repeat)
        print(
            f"search, {int(size):>7,} entries: p50 {row['p50_ms']} ms, p95 {row['p95_ms']} ms (target"
            f" {TARGETS.get(size, '-')}), fastest of {given.repeat} {row['best_p95_ms']}, processor"
            f" {row['cpu_p95_ms']}; built in {row['build_seconds']} s, {row['memory_gb']} GB,"
            f" nearest found {row['nearest_found']}",
            flush=True,
        )
    if given.turns:
        from tests.bench.bench_product import ask, measure

        asked = (given.url, given.password, given.turns, given.publish)
        report |= ask(*asked) if given.url else measure(given.turns, given.publish)
        print(f"a full turn, 1 user: {report['turn']} (target p95 250 ms)")
        print(f"publishing to answer: {report['publish']} (target 2 s)")
    made = Report(
        part="bench", command=f"python -m tests.bench {' '.join(arguments)}".strip(), commit=commit(),
        at=datetime.now().astimezone().isoformat(timespec="minutes"), seconds=round(time.perf_counter() - began, 1),
        cpu_seconds=round(sum(os.times()[:4]), 1), load=[round(load, 1), round(os.getloadavg()[0], 1)], report=report,
    )  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(made.model_dump_json(indent=1), "utf-8")
    print(f"{target.relative_to(paths.ROOT) if target.is_relative_to(paths.ROOT) else target} written")


if __name__ == "__main__":
    main()
