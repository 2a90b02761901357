"""How soon the first sound comes, how fast voices speak and recognisers hear, and whether 500 in a row are whole.

    python tests/bench/bench_voice.py [--count 500] [--only NAME …]

Prints a table and merges it into ``var/bench/voice.json``. On an idle machine: every number is wall-clock time, unless
it says that it is the worker's processor time. The neural voice alone takes some ten minutes for 500 texts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from voice import neural, plain, verify
from voice.cache import SpeechCache
from voice.ear import for_ear
from voice.engine import EngineSpec
from voice.errors import SpeechUnavailable
from voice.hearing.service import HearingService
from voice.service import SpeechService
from wenban import paths

HERE = Path(__file__).parents[1]
ALLOWED = {"published": 300, "plain": 400, "neural": 1500}  # milliseconds to the first sound
PATIENCE = 120.0  # seconds that a single utterance may take where all are to be heard, however busy the machine
CONTENT = HERE.parent / "knowledge" / "content"
SPOKEN = ("prompt", "prompt_spoken", "answer", "answer_spoken", "summary", "question")


def texts(count: int) -> list[str]:
    """Return different sentences of the field: the listening table, then with numbers that make them new."""
    rows = (HERE / "voice" / "tables" / "ear.tsv").read_text("utf-8").splitlines()
    usual = [row.split("\t")[0].replace("\\n", "\n") for row in rows if row and not row.startswith("#")]
    usual = [text for text in usual if for_ear(text)]
    more = [f"第{number}位居民，您的水费是{number}.5元，请在11月25日前缴纳。" for number in range(count)]
    return (usual + more)[:count]


def new_texts(count: int) -> list[str]:
    """Return texts of every kind that the product says: of the listening table, prompts, answers, receipts."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            found.extend(v for k, v in node.items() if k in SPOKEN and isinstance(v, str) and for_ear(v))
        for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            walk(child)

    for file in sorted(CONTENT.rglob("*.yaml")):
        walk(yaml.safe_load(file.read_text("utf-8")))
    made = [
        f"{name}您好，您的受理编号是2026112500{number:04d}，{where}，预计{number % 9 + 2}个工作日办结。"
        for number, (name, where) in enumerate(
            zip(("欧阳秀兰", "张*", "王建国先生", "司马若兰女士") * 9, ("请到兰陵县社会保险事业中心领取",
                "请在11月25日前缴纳1,235.60元", "证件寄到北城新区沂蒙路128号3号楼2单元501室") * 12, strict=True)
        )
    ]  # fmt: skip
    each = count // 3
    content = list(dict.fromkeys(found))
    return [*made[: count // 6], *texts(600)[:: 600 // each][:each], *content[:: len(content) // count]][:count]


async def first_sound(spec: EngineSpec, wanted: list[str], prepared: bool = False) -> dict[str, Any]:
    """Return the milliseconds until the first sound of each text can be played, as the page asks for it."""
    with tempfile.TemporaryDirectory() as folder:
        service = SpeechService((spec,), SpeechCache(Path(folder)))
        await service.start()
        await service.speak_piece(
            "您好，这是第一句，说完了这一句别的都已经准备好了。", 0
        )  # what is loaded once is loaded
        if prepared:
            await service.prepare(wanted)
            await service.prepared()
        taken, before = [], _processor_time(service)
        try:
            for text in wanted:
                started = time.perf_counter()
                await service.speak_piece(text, 0)
                taken.append((time.perf_counter() - started) * 1000)
            used = (_processor_time(service) - before) / len(wanted)
        finally:
            await service.stop()
    slowest = wanted[taken.index(max(taken))]
    taken.sort()
    return {
        "texts": len(wanted), "median": round(statistics.median(taken)), "p95": round(taken[int(len(taken) * 0.95)]),
        "worst": round(taken[-1]), "over": sum(each > ALLOWED[spec.name] for each in taken),
        "processor_ms_each": round(used * 1000), "slowest": slowest[:40],
    }  # fmt: skip


def _processor_time(service: SpeechService) -> float:
    """Return the seconds of processor time that the engine's worker has used."""
    pid = service.engine_pids()[0]
    if pid is None:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def in_a_row(spec: EngineSpec, count: int, at_once: int) -> dict[str, Any]:
    """Speak ``count`` texts, ``at_once`` at a time; count what is missing, short or silent, and what came too late."""
    with tempfile.TemporaryDirectory() as folder:
        service = SpeechService((spec,), SpeechCache(Path(folder)))
        await service.start()
        await service.speak("您好。")
        broken, late, seconds, started, before = 0, 0, 0.0, time.perf_counter(), _processor_time(service)
        wanted, pid = texts(count), service.engine_pids()[0]
        for start in range(0, count, at_once):
            batch = wanted[start : start + at_once]
            for text, audio in zip(
                batch, await asyncio.gather(*map(service.speak, batch), return_exceptions=True), strict=True
            ):
                if isinstance(audio, SpeechUnavailable):  # in the product the plain voice speaks instead
                    late += 1
                    continue
                try:
                    assert isinstance(audio, bytes)
                    seconds += verify.check(audio, "".join(for_ear(text)), 1.0).seconds
                except Exception:
                    broken += 1
        took, used = time.perf_counter() - started, _processor_time(service) - before
        same = pid == service.engine_pids()[0]
        await service.stop()
    return {
        "texts": count, "at_once": at_once, "broken": broken, "too_late": late, "sound_seconds": round(seconds),
        "rtf": round(took / max(seconds, 0.1), 4),
        "processor_rtf": round(used / max(seconds, 0.1), 4) if same else None,
    }  # fmt: skip


async def harmed(specs: tuple[EngineSpec, ...]) -> dict[str, Any]:
    """Kill and stop the best voice's worker while it speaks: what is heard, and after how long."""
    result: dict[str, Any] = {}
    text = "".join(f"请第{number}位居民携带身份证和照片到政务服务大厅办理。" for number in range(20))
    for harm in (signal.SIGKILL, signal.SIGSTOP):
        with tempfile.TemporaryDirectory() as folder:
            service = SpeechService(specs, SpeechCache(Path(folder)))
            await service.start()
            while service.engine_pids()[0] is None or specs[0].voices[0].id not in service.voices():
                await asyncio.sleep(0.1)
            speaking = asyncio.create_task(service.speak_piece(text, 0))
            await asyncio.sleep(0.2)
            os.kill(service.engine_pids()[0] or 0, harm)
            started = time.perf_counter()
            audio, _ = await speaking
            result[harm.name] = {"seconds": round(time.perf_counter() - started, 2), "bytes": len(audio)}
            await service.stop()
    return result


async def harmed_hearing() -> dict[str, Any]:
    """Kill and stop the recogniser while it listens: whether the recording is heard, and after how long."""
    recording = (HERE / "e2e" / "voices" / "water.ogg").read_bytes()
    result: dict[str, Any] = {}
    for harm in (signal.SIGKILL, signal.SIGSTOP):
        service = HearingService()
        await service.transcribe(recording)
        listening = asyncio.create_task(service.transcribe(recording))
        await asyncio.sleep(0.3)
        os.kill(service.pid or 0, harm)
        started = time.perf_counter()
        text = (await listening).text
        result[harm.name] = {"seconds": round(time.perf_counter() - started, 2), "heard": text}
        await service.stop()
    return result


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


async def measure(count: int, only: list[str]) -> dict[str, Any]:
    parts: dict[str, Callable[[], Awaitable[Any]]] = {
        "published": lambda: first_sound(plain.SPEC, new_texts(30), prepared=True),
        "plain": lambda: first_sound(plain.SPEC, new_texts(120)),
        "plain_in_a_row": lambda: in_a_row(plain.SPEC, count, 1),
        "plain_eight_at_once": lambda: in_a_row(plain.SPEC, min(count, 200), 8),
        "neural": lambda: first_sound(replace(neural.SPEC, base_limit=PATIENCE), new_texts(120)),
        "neural_in_a_row": lambda: in_a_row(replace(neural.SPEC, base_limit=PATIENCE), count, 1),
        "neural_eight_at_once": lambda: in_a_row(replace(neural.SPEC, base_limit=PATIENCE), min(count, 40), 8),
        "hearing": hearing,
        "plain_harmed": lambda: harmed((plain.SPEC,)),
        "neural_harmed": lambda: harmed((neural.SPEC, plain.SPEC)),
        "hearing_harmed": harmed_hearing,
    }
    report: dict[str, Any] = {"allowed_ms": ALLOWED}
    for name, part in parts.items():
        if (only and name not in only) or (name.startswith("neural") and not neural.SPEC.available()):
            continue
        load = os.getloadavg()[0]
        report[name] = {**(await part() or {}), "load_before": round(load, 1)}
        print(f"{name:<22}{json.dumps(report[name], ensure_ascii=False)}", flush=True)
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--only", nargs="*", default=[])
    arguments = parser.parse_args()
    target = paths.home() / "bench" / "voice.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    before = json.loads(target.read_text("utf-8")) if arguments.only and target.is_file() else {}
    report = before | asyncio.run(measure(arguments.count, arguments.only))
    target.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
