"""Which engine speaks: the best that is installed and ready, and another one when it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from voice import wav
from voice.cache import SpeechCache
from voice.cached import CachedEngine
from voice.engine import EngineSpec
from voice.errors import SpeechUnavailable
from voice.supervisor import Urgency

log = structlog.get_logger("voice.choice")


class EngineChoice:
    """Owns the engines, the best first."""

    def __init__(self, specs: Sequence[EngineSpec]) -> None:
        if not specs:
            raise ValueError("speech needs at least one engine")
        self.engines = [CachedEngine(spec) for spec in specs]

    async def start(self) -> None:
        """Start the best engine that loads at once and, in the background, a better one that takes its time."""
        installed = self._installed()
        for engine in installed:
            if engine.spec.slow and engine is not installed[-1]:
                engine.warm()
            else:
                await engine.supervisor.start()
                break

    async def stop(self) -> None:
        await asyncio.gather(*(engine.stop() for engine in self.engines))

    def usable(self) -> list[CachedEngine]:
        """Return the engines to ask, in order; slow ones that are not loaded are loaded meanwhile, or rest."""
        installed = self._installed()
        waiting = [engine for engine in installed[:-1] if engine.spec.slow and (engine.rests or not engine.ready)]
        for engine in waiting:
            engine.warm()
        return [engine for engine in installed if engine not in waiting]

    def takes_time(self) -> bool:
        """Say whether the engine that speaks next is slow to do so."""
        return self.usable()[0].spec.slow

    def keeps(self, sentences: list[str], voice: str, rate: float, cache: SpeechCache) -> bool:
        """Say whether the engine that speaks next has said every sentence before."""
        engine = self.usable()[0]
        return engine.keeps(sentences, engine.spec.resolve(voice) or engine.spec.voices[0].id, rate, cache)

    async def say(
        self, sentences: list[str], voice: str, rate: float, cache: SpeechCache, urgency: Urgency = Urgency.NOW
    ) -> bytes:
        """Speak all sentences with one engine, the first that can.

        Raises:
            SpeechUnavailable: if none can.
        """
        failure = SpeechUnavailable("no engine")
        usable, installed = self.usable(), self._installed()
        for engine in installed:
            # A voice that this engine lacks belongs to one that failed or is not there: any voice beats silence.
            voice_id = engine.spec.resolve(voice) or engine.spec.voices[0].id
            if engine not in usable and not engine.keeps(sentences, voice_id, rate, cache):
                continue  # loading or resting: only what it said before
            try:
                sounds = [engine.speak(text, voice_id, rate, cache, urgency) for text in sentences]
                audio = wav.join(await asyncio.gather(*sounds))
            except SpeechUnavailable as error:
                failure = error
                log.error("speech_engine_failed", engine=engine.spec.name, error=str(error))
                if engine is not installed[-1]:
                    engine.rest()
            else:
                if engine in usable:
                    engine.recover()
                return audio
        raise failure

    def _installed(self) -> list[CachedEngine]:
        return [engine for engine in self.engines if engine.spec.available()] or self.engines[-1:]
