"""How soon the first sound comes, how fast voices speak and recognisers hear, and whether 500 in a row are whole.

    python tests/bench/bench_voice.py [--count 500] [--no-neural]

Prints a table and writes ``var/bench/voice.json``. On an idle machine: every number is wall-clock time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from voice import neural, plain, verify
from voice.cache import SpeechCache
from voice.ear import for_ear
from voice.engine import EngineSpec
from voice.hearing.service import HearingService
from voice.service import SpeechService
from wenban import paths

HERE = Path(__file__).parents[1]
ALLOWED = {"published": 300, "plain": 400, "neural": 1500}  # milliseconds to the first sound


def texts(count: int) -> list[str]:
    """Return different sentences of the field: the listening table, then with numbers that make them new."""
    rows = (HERE / "voice" / "tables" / "ear.tsv").read_text("utf-8").splitlines()
    usual = [row.split("\t")[0].replace("\\n", "\n") for row in rows if row and not row.startswith("#")]
    usual = [text for text in usual if for_ear(text)]
    more = [f"第{number}位居民，您的水费是{number}.5元，请在11月25日前缴纳。" for number in range(count)]
    return (usual + more)[:count]


async def first_sound(spec: EngineSpec, prepared: bool, rounds: int) -> dict[str, float]:
    """Return the milliseconds until the first sentence of an answer can be played."""
    with tempfile.TemporaryDirectory() as folder:
        service = SpeechService((spec,), SpeechCache(Path(folder)))
        await service.start()
        await service.speak("您好。")  # the engine is loaded
        taken = []
        for number in range(rounds):
            text = f"您的第{number}笔水费是35.6元，请在11月25日前缴纳。可以在手机上交，也可以到窗口交。"
            if prepared:
                await service.prepare([text])
                await service.prepared()
            started = time.perf_counter()
            async for _ in service.stream(text):
                taken.append((time.perf_counter() - started) * 1000)
                break
        await service.stop()
    return {"median": round(statistics.median(taken)), "worst": round(max(taken))}


async def in_a_row(spec: EngineSpec, count: int, at_once: int) -> dict[str, float]:
    """Speak ``count`` texts, ``at_once`` at a time; count what is missing, short or silent."""
    with tempfile.TemporaryDirectory() as folder:
        service = SpeechService((spec,), SpeechCache(Path(folder)))
        await service.start()
        await service.speak("您好。")
        broken, seconds, started = 0, 0.0, time.perf_counter()
        wanted = texts(count)
        for start in range(0, count, at_once):
            batch = wanted[start : start + at_once]
            for text, audio in zip(
                batch, await asyncio.gather(*map(service.speak, batch), return_exceptions=True), strict=True
            ):
                try:
                    assert isinstance(audio, bytes)
                    seconds += verify.check(audio, "".join(for_ear(text)), 1.0).seconds
                except Exception:
                    broken += 1
        took = time.perf_counter() - started
        await service.stop()
    return {"texts": count, "at_once": at_once, "broken": broken, "rtf": round(took / max(seconds, 0.1), 4)}


async def hearing() -> dict[str, float] | None:
    """Return how long a short command and a sentence take to be heard."""
    service = HearingService()
    if not service.available:
        return None
    recordings = {name: (HERE / "e2e" / "voices" / f"{name}.ogg").read_bytes() for name in ("water", "phone")}
    await service.transcribe(recordings["water"])
    result: dict[str, float] = {}
    for name, recording in recordings.items():
        taken, length = [], 0.0
        for _ in range(5):
            started = time.perf_counter()
            length = (await service.transcribe(recording)).seconds
            taken.append(time.perf_counter() - started)
        result[f"{name}_seconds"] = round(length, 2)
        result[f"{name}_median_ms"] = round(statistics.median(taken) * 1000)
        result[f"{name}_rtf"] = round(statistics.median(taken) / length, 2)
    await service.stop()
    return result


async def measure(count: int, with_neural: bool) -> dict[str, Any]:
    report: dict[str, Any] = {"load_at_start": os.getloadavg()[0], "allowed_ms": ALLOWED}
    report["published"] = await first_sound(plain.SPEC, True, 10)
    report["plain"] = await first_sound(plain.SPEC, False, 10)
    report["plain_in_a_row"] = await in_a_row(plain.SPEC, count, 1)
    report["plain_eight_at_once"] = await in_a_row(plain.SPEC, min(count, 200), 8)
    if with_neural and neural.SPEC.available():
        report["neural"] = await first_sound(neural.SPEC, False, 3)
        report["neural_in_a_row"] = await in_a_row(neural.SPEC, 12, 1)
    report["hearing"] = await hearing()
    report["load_at_end"] = os.getloadavg()[0]
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--no-neural", action="store_true")
    arguments = parser.parse_args()
    report = asyncio.run(measure(arguments.count, not arguments.no_neural))
    target = paths.home() / "bench" / "voice.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")
    for name, value in report.items():
        print(f"{name:<20}{json.dumps(value)}")


if __name__ == "__main__":
    main()
