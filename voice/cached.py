"""One engine with its cache: the same sentence is never synthesised twice, not even at the same time."""

from __future__ import annotations

import asyncio

import structlog

from voice.cache import SpeechCache, key
from voice.ear.pieces import warm_up
from voice.engine import EngineSpec
from voice.errors import SpeechUnavailable
from voice.supervisor import Supervisor, Urgency

log = structlog.get_logger("voice.cached")
SHORTEST_REST, LONGEST_REST = 5.0, 300.0  # seconds without an engine that failed


class CachedEngine:
    """Speaks prepared sentences; the worker starts with the first one that the cache lacks."""

    def __init__(self, spec: EngineSpec) -> None:
        self.spec = spec
        self.supervisor = Supervisor(spec)
        self._under_way: dict[str, asyncio.Task[bytes]] = {}
        self._warming: asyncio.Task[None] | None = None
        self._failures = 0
        self._rests_until = 0.0

    @property
    def ready(self) -> bool:
        """Say whether a worker runs with its engine loaded."""
        return self.supervisor.ready

    def rest(self) -> None:
        """Leave an engine that failed alone for a while, longer each time.

        On a machine with too much to do a slow engine misses its limit, and loading it anew makes matters worse.
        """
        if not self.rests:
            self._failures += 1
            rest = min(LONGEST_REST, SHORTEST_REST * 2 ** (self._failures - 1))
            self._rests_until = asyncio.get_running_loop().time() + rest

    def recover(self) -> None:
        """Take note that it speaks again."""
        self._failures = 0

    @property
    def rests(self) -> bool:
        """Say whether it failed a moment ago."""
        return asyncio.get_running_loop().time() < self._rests_until

    def warm(self) -> None:
        """Start the worker in the background, unless that is being done or it rests."""
        if not self.rests and (self._warming is None or self._warming.done()):
            self._warming = asyncio.create_task(self._warm())

    async def _warm(self) -> None:
        if self.spec.slow:  # what it is to say will be cut
            await asyncio.to_thread(warm_up)
        try:
            await self.supervisor.start()
            if not self.ready:
                await self.supervisor.synthesize("您好。", self.spec.voices[0].id, 1.0, Urgency.LATER)
        except SpeechUnavailable as error:
            log.warning("speech_engine_not_ready", engine=self.spec.name, error=str(error))

    async def stop(self) -> None:
        """End the worker; sentences under way fail with ``SpeechUnavailable``."""
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)
        await self.supervisor.stop()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    def keeps(self, texts: list[str], voice: str, rate: float, cache: SpeechCache) -> bool:
        """Say whether every text is in the cache, spoken by this engine."""
        return all(self._name(text, voice, rate) in cache for text in texts)

    def _name(self, text: str, voice: str, rate: float) -> str:
        return key(f"{self.spec.name}-{self.spec.version}", text, voice, rate)

    async def speak(self, text: str, voice: str, rate: float, cache: SpeechCache, urgency: Urgency) -> bytes:
        """Return ``text`` as a labelled WAV file.

        Raises:
            SpeechUnavailable: if the engine cannot speak it.
        """
        name = self._name(text, voice, rate)
        if (kept := await asyncio.to_thread(cache.get, name)) is not None:
            return kept
        task = self._under_way.get(name)
        if task is None:
            task = asyncio.create_task(self._synthesize(name, text, voice, rate, cache, urgency))
            self._under_way[name] = task
            task.add_done_callback(lambda _: self._under_way.pop(name, None))
        return await asyncio.shield(task)  # one listener who leaves does not stop it for the others

    async def _synthesize(
        self, name: str, text: str, voice: str, rate: float, cache: SpeechCache, urgency: Urgency
    ) -> bytes:
        await self.supervisor.start()
        audio = await self.supervisor.synthesize(text, voice, rate, urgency)
        try:
            await asyncio.to_thread(cache.put, name, audio)
        except OSError as error:  # a full disk is no reason for silence
            log.warning("speech_not_cached", error=str(error))
        return audio
