"""Speech for the rest of the product: text in, a labelled WAV file out.

service = SpeechService()
await service.start()
audio = await service.speak("水费**35.60元**，请在11月25日前缴纳。")
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import structlog

from voice.cache import SpeechCache
from voice.choice import EngineChoice
from voice.ear import for_ear
from voice.ear.pieces import pieces
from voice.engine import EngineSpec
from voice.engines import ENGINES
from voice.errors import InvalidSpeech, SpeechUnavailable
from voice.supervisor import Urgency
from wenban import paths

log = structlog.get_logger("voice.service")
SLOWEST, FASTEST = 0.6, 1.5
LONGEST_TEXT = 2000
POLITE = 15  # how far the workers that prepare stand behind everything else on the machine


class SpeechService:
    """Prepares text for the ear, keeps what was spoken, and uses the best engine that works."""

    def __init__(self, engines: Sequence[EngineSpec] = ENGINES, cache: SpeechCache | None = None) -> None:
        self._choice = EngineChoice(engines)
        self._behind = EngineChoice([replace(spec, nice=POLITE) for spec in engines])  # prepares, in workers of its own
        self._cache = cache
        self._preparing: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self._started = False

    async def start(self) -> None:
        """Open the cache and start the engines. An engine that does not start is no error here, but of ``speak``."""
        if self._cache is None:
            self._cache = await asyncio.to_thread(SpeechCache, paths.home() / "cache" / "speech")
        for_ear("一")  # reads its tables: not while somebody waits
        self._started = True
        await self._choice.start()

    async def stop(self) -> None:
        """End every worker; what is under way fails with ``SpeechUnavailable``."""
        self._started = False
        for task in self._preparing:
            task.cancel()
        await asyncio.gather(*self._preparing, return_exceptions=True)
        await asyncio.gather(self._choice.stop(), self._behind.stop())

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
        cache, sentences = self._prepare(text, voice, rate)
        return await self._choice.say(sentences, voice, rate, cache)

    async def speak_piece(
        self, text: str, number: int, after: int = 0, voice: str = "default", rate: float = 1.0
    ) -> tuple[bytes, int]:
        """Return a piece of ``text`` and how many there are, so that the first is heard before the last is spoken.

        A text that is there already, or that a quick engine speaks, is one piece.

        Args:
            number: from 0. Who asks for a later one was told before that it is there.
            after: characters that the listener hears meanwhile; 0 when it is the beginning.

        Raises:
            InvalidSpeech: as ``speak``, and if there is no such piece.
            SpeechUnavailable: if no engine could speak it.
        """
        cache, sentences = self._prepare(text, voice, rate)
        urgency = Urgency.NOW if after or number else Urgency.FIRST
        if number == 0 and (not self._choice.takes_time() or self._choice.keeps(sentences, voice, rate, cache)):
            return await self._choice.say(sentences, voice, rate, cache, urgency), 1
        cut = await asyncio.to_thread(pieces, sentences, after, rate)
        if number >= len(cut):
            raise InvalidSpeech(f"there are {len(cut)} pieces")
        return await self._choice.say([cut[number]], voice, rate, cache, urgency), len(cut)

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
        """Return the names that ``speak`` honours now."""
        return ["default", "female", "male", *(v.id for engine in self._choice.usable() for v in engine.spec.voices)]

    def engine_pids(self) -> list[int | None]:
        """Return each engine's worker process, None where none runs; the preferred engine is first."""
        return [engine.supervisor.pid for engine in self._choice.engines]

    async def _prepare_all(self, texts: list[str], voice: str, rate: float) -> None:
        async with self._turn:  # what is published while a long list is prepared waits for its end
            await self._behind.start()
            spoken = 0
            for text in texts:
                try:
                    cache, sentences = self._prepare(text, voice, rate)
                    for sentence in sentences:
                        await self._behind.say([sentence], voice, rate, cache, Urgency.LATER)
                        spoken += 1
                except (InvalidSpeech, SpeechUnavailable) as error:
                    log.warning("speech_not_prepared", error=str(error))
            await self._behind.stop()
            log.info("speech_prepared", texts=len(texts), sentences=spoken)

    def _prepare(self, text: str, voice: str, rate: float) -> tuple[SpeechCache, list[str]]:
        """Check a request and return the cache and the sentences to speak."""
        if not self._started or self._cache is None:
            raise SpeechUnavailable("speech is not started")
        if len(text) > LONGEST_TEXT:
            raise InvalidSpeech(f"at most {LONGEST_TEXT} characters can be spoken at once")
        if not math.isfinite(rate) or not SLOWEST <= rate <= FASTEST:
            raise InvalidSpeech(f"rate must be {SLOWEST} to {FASTEST}")
        if not any(engine.spec.resolve(voice) for engine in self._choice.engines):
            raise InvalidSpeech(f"no voice {voice!r}")
        if not (sentences := for_ear(text)):
            raise InvalidSpeech("there is nothing to say")
        return self._cache, sentences
