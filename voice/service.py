"""Speech for the rest of the product: text in, a labelled WAV file out.

service = SpeechService()
await service.start()
audio = await service.speak("水费**35.60元**，请在11月25日前缴纳。")
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Iterable, Sequence

import structlog

from voice import cache as caching
from voice import wav
from voice.cached import CachedEngine
from voice.ear import for_ear
from voice.engine import EngineSpec
from voice.engines import ENGINES
from voice.errors import InvalidSpeech, SpeechUnavailable
from voice.supervisor import Urgency
from wenban import paths

log = structlog.get_logger("voice.service")
SLOWEST, FASTEST = 0.6, 1.5
LONGEST_TEXT = 2000


class SpeechService:
    """Prepares text for the ear, keeps what was spoken, and uses the best engine that works."""

    def __init__(self, engines: Sequence[EngineSpec] = ENGINES, cache: caching.SpeechCache | None = None) -> None:
        if not engines:
            raise ValueError("speech needs at least one engine")
        self._engines = [CachedEngine(spec) for spec in engines]
        self._cache = cache
        self._preparing: set[asyncio.Task[None]] = set()
        self._started = False

    async def start(self) -> None:
        """Open the cache and start the preferred engine's worker."""
        if self._cache is None:
            self._cache = await asyncio.to_thread(caching.SpeechCache, paths.home() / "cache" / "speech")
        self._started = True
        for_ear("一")  # reads its tables: not while somebody waits
        await self._usable()[0].supervisor.start()

    async def stop(self) -> None:
        """End every worker; what is under way fails with ``SpeechUnavailable``."""
        self._started = False
        for task in self._preparing:
            task.cancel()
        await asyncio.gather(*self._preparing, return_exceptions=True)
        await asyncio.gather(*(engine.stop() for engine in self._engines))

    async def speak(self, text: str, voice: str = "default", rate: float = 1.0) -> bytes:
        """Return ``text`` spoken as one WAV file.

        Args:
            text: as written for the eye; Markdown is fine. At most 2000 characters.
            voice: ``default``, ``female``, ``male``, or a voice of one of the engines.
            rate: 0.6 to 1.5 times the normal speed.

        Raises:
            InvalidSpeech: if an argument is out of range or nothing in the text can be spoken.
            SpeechUnavailable: if no engine could speak it.
        """
        sentences = self._prepare(text, voice, rate)
        return await self._say(sentences, voice, rate, Urgency.NOW)

    async def stream(self, text: str, voice: str = "default", rate: float = 1.0) -> AsyncIterator[tuple[str, bytes]]:
        """Yield each sentence with its WAV file as soon as it is spoken; raise as ``speak`` does."""
        sentences = self._prepare(text, voice, rate)
        ahead = [asyncio.ensure_future(self._say([sentence], voice, rate, Urgency.NOW)) for sentence in sentences]
        try:
            for sentence, audio in zip(sentences, ahead, strict=True):
                yield sentence, await audio
        finally:
            for audio in ahead:
                audio.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)

    async def prepare(self, texts: Iterable[str], voice: str = "default", rate: float = 1.0) -> None:
        """Speak ``texts`` into the cache in the background, behind whatever somebody waits for."""
        if not self._started:
            raise SpeechUnavailable("speech is not started")
        task = asyncio.create_task(self._prepare_all(list(texts), voice, rate))
        self._preparing.add(task)
        task.add_done_callback(self._preparing.discard)

    async def prepared(self) -> None:
        """Wait until everything given to ``prepare`` so far is done."""
        await asyncio.gather(*self._preparing)

    def voices(self) -> list[str]:
        """Return the names that ``speak`` takes now."""
        return ["default", "female", "male", *(v.id for engine in self._usable() for v in engine.spec.voices)]

    def engine_pids(self) -> list[int | None]:
        """Return each engine's worker process, None where none runs; the preferred engine is first."""
        return [engine.supervisor.pid for engine in self._engines]

    async def _prepare_all(self, texts: list[str], voice: str, rate: float) -> None:
        for text in texts:
            try:
                for sentence in self._prepare(text, voice, rate):
                    await self._say([sentence], voice, rate, Urgency.LATER)
            except (InvalidSpeech, SpeechUnavailable) as error:
                log.warning("speech_not_prepared", error=str(error))

    def _prepare(self, text: str, voice: str, rate: float) -> list[str]:
        if not self._started:
            raise SpeechUnavailable("speech is not started")
        if len(text) > LONGEST_TEXT:
            raise InvalidSpeech(f"at most {LONGEST_TEXT} characters can be spoken at once")
        if not math.isfinite(rate) or not SLOWEST <= rate <= FASTEST:
            raise InvalidSpeech(f"rate must be {SLOWEST} to {FASTEST}")
        if not any(engine.spec.resolve(voice) for engine in self._engines):
            raise InvalidSpeech(f"no voice {voice!r}")
        if not (sentences := for_ear(text)):
            raise InvalidSpeech("there is nothing to say")
        return sentences

    def _usable(self) -> list[CachedEngine]:
        return [engine for engine in self._engines if engine.spec.available()] or self._engines[-1:]

    async def _say(self, sentences: list[str], voice: str, rate: float, urgency: Urgency) -> bytes:
        """Speak all sentences with one engine, the first that can."""
        assert self._cache is not None
        failure = SpeechUnavailable("no engine")
        for engine in self._usable():
            # A voice that this engine lacks belongs to one that failed or is not installed: any voice beats silence.
            voice_id = engine.spec.resolve(voice) or engine.spec.voices[0].id
            try:
                sounds = [engine.speak(text, voice_id, rate, self._cache, urgency) for text in sentences]
                return wav.join(await asyncio.gather(*sounds))
            except SpeechUnavailable as error:
                failure = error
                log.error("speech_engine_failed", engine=engine.spec.name, error=str(error))
        raise failure
