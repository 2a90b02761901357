"""Speak every sentence of a table, hear it again, count the errors. What is done is kept: a run goes on from there."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from voice import neural, plain, wav
from voice.ear import for_ear
from voice.engine import EngineSpec
from voice.evaluation.reading import errors
from voice.hearing.decoding import LONGEST
from voice.hearing.engine import HearingSpec
from voice.hearing.errors import HearingError, NoSpeech
from voice.hearing.supervisor import HearingSupervisor
from voice.hearing.transcript import transcribe
from voice.supervisor import Supervisor

VOICES = {"neural": neural.SPEC, "plain": plain.SPEC}
PATIENCE = 90.0  # seconds more than usual: a measurement waits where a citizen would not


@dataclass
class Trip:
    """One sentence there and back."""

    kind: str
    meant: str
    heard: str
    confidence: float | None
    sound_seconds: float
    speak_seconds: float
    hear_seconds: float

    def corrected(self) -> tuple[str, bool]:
        """Return the text after the lexicon's correction, and whether the citizen would be asked."""
        try:
            transcript = transcribe(self.heard, self.confidence)
        except NoSpeech:
            return "", True
        return transcript.text, transcript.uncertain


def rows(path: Path) -> list[tuple[str, str]]:
    """Read ``kind<TAB>sentence`` lines."""
    lines = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [(line[0], line[1]) for line in lines]


async def speak_all(sentences: list[str], voice: str, folder: Path, report: Callable[[int], None]) -> None:
    """Write a WAV file for every sentence that has none, women's and men's voices in turn."""
    usual = VOICES[voice]
    spec = replace(usual, base_limit=usual.base_limit + PATIENCE, tries=max(3, usual.tries))
    supervisor = Supervisor(spec)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for number, sentence in enumerate(sentences):
            path = file_of(folder, spec, sentence, number)
            if path.is_file():
                continue
            await supervisor.start()
            started = time.monotonic()
            name = spec.voices[number % 2].id
            parts = [await supervisor.synthesize(part, name, 1.0) for part in for_ear(sentence)]
            took = time.monotonic() - started
            path.write_bytes(wav.join(parts))
            path.with_suffix(".seconds").write_text(f"{took:.3f}")
            report(number + 1)
    finally:
        await supervisor.stop()


def file_of(folder: Path, spec: EngineSpec, sentence: str, number: int) -> Path:
    """Return where a sentence's sound is kept."""
    name = "\0".join((spec.name, spec.version, spec.voices[number % 2].id, sentence))
    return folder / f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.wav"


async def hear_all(
    table: list[tuple[str, str]],
    voice: str,
    folder: Path,
    engine: HearingSpec,
    kept: Path,
    report: Callable[[int], None],
) -> list[Trip]:
    """Hear every sound of ``folder`` that ``kept`` has no line for."""
    done = {trip.meant: trip for trip in load(kept)}
    supervisor = HearingSupervisor(replace(engine, base_limit=engine.base_limit + PATIENCE, load_limit=300.0))
    try:
        for number, (kind, sentence) in enumerate(table):
            if sentence in done:
                continue
            path = file_of(folder, VOICES[voice], sentence, number)
            data = path.read_bytes()
            await supervisor.start()
            trip = await hear(supervisor, kind, sentence, data)
            seconds = path.with_suffix(".seconds")
            trip.speak_seconds = float(seconds.read_text()) if seconds.is_file() else 0.0
            done[sentence] = trip
            with kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(trip), ensure_ascii=False) + "\n")
            report(number + 1)
    finally:
        await supervisor.stop()
    return [done[sentence] for _, sentence in table]


async def hear(supervisor: HearingSupervisor, kind: str, sentence: str, data: bytes) -> Trip:
    started = time.monotonic()
    heard, confidence = "", None
    try:
        reply = await supervisor.hear(data, LONGEST, LONGEST)
        heard, confidence = str(reply["text"]), reply.get("confidence")
    except HearingError:
        pass  # nothing was heard: every character is an error
    took = time.monotonic() - started
    return Trip(kind, sentence, heard, confidence, wav.read(data).seconds, 0.0, took)


def load(kept: Path) -> list[Trip]:
    if not kept.is_file():
        return []
    return [Trip(**json.loads(line)) for line in kept.read_text("utf-8").splitlines()]


def summary(trips: Iterable[Trip]) -> dict[str, float | int]:
    """Return the error rates and the times."""
    trips = list(trips)
    raw = [errors(trip.meant, trip.heard) for trip in trips]
    corrected = [trip.corrected() for trip in trips]
    mended = [errors(trip.meant, text) for trip, (text, _) in zip(trips, corrected, strict=True)]
    length = sum(each for _, each in raw)
    sound = sum(trip.sound_seconds for trip in trips)
    wrong = [asked for (_, asked), (edits, _) in zip(corrected, mended, strict=True) if edits]
    right = [asked for (_, asked), (edits, _) in zip(corrected, mended, strict=True) if not edits]
    spoken = [trip for trip in trips if trip.speak_seconds]
    return {
        "sentences": len(trips),
        "characters": length,
        "cer": round(sum(edits for edits, _ in raw) / length, 4),
        "cer_corrected": round(sum(edits for edits, _ in mended) / length, 4),
        "exact": round(1 - len(wrong) / len(trips), 4),
        "wrong_but_certain": wrong.count(False),
        "right_but_uncertain": right.count(True),
        "sound_seconds": round(sound, 1),
        "rtf_speak": round(sum(t.speak_seconds for t in spoken) / max(0.1, sum(t.sound_seconds for t in spoken)), 3),
        "rtf_hear": round(sum(trip.hear_seconds for trip in trips) / sound, 3),
    }
