"""A thin adapter to ``voice``: the API starts and answers without it, and says so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol, TypeVar

import structlog

from api.errors import InvalidSpeechRequest, SpeechDown
from voice.encoding import Format, encode, louder
from voice.errors import InvalidSpeech, VoiceError

log = structlog.get_logger("api.speech")
T = TypeVar("T")


class Speaker(Protocol):
    """What ``voice.service.SpeechService`` offers."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def speak(self, text: str, voice: str = "default", rate: float = 1.0) -> bytes: ...
    async def speak_piece(
        self, text: str, number: int, after: int = 0, voice: str = "default", rate: float = 1.0
    ) -> tuple[bytes, int]: ...
    async def prepare(self, texts: Iterable[str], voice: str = "default", rate: float = 1.0) -> None: ...


class SpeechAdapter:
    """Owns the speaker's life; every failure is ``SpeechDown``."""

    def __init__(self, speaker: Speaker | None = None) -> None:
        self._speaker = speaker
        self._started = False

    async def start(self) -> None:
        try:
            if self._speaker is None:
                from voice.service import SpeechService

                self._speaker = SpeechService()
            await self._speaker.start()
            self._started = True
        except Exception as error:  # no voice is no reason not to answer
            log.error("speech_not_started", error=f"{type(error).__name__}: {error}")

    async def stop(self) -> None:
        if self._speaker is not None and self._started:
            self._started = False
            await self._speaker.stop()

    async def speak(self, text: str, voice: str, rate: float) -> bytes:
        """Return a WAV file.

        Raises:
            InvalidSpeechRequest: when there is no such voice, or nothing in the text can be spoken.
            SpeechDown: when no engine gave any.
        """
        return _sounding(await self._spoken(lambda speaker: speaker.speak(text, voice=voice, rate=rate)))

    async def speak_piece(self, text: str, number: int, after: int, voice: str, rate: float) -> tuple[bytes, int]:
        """Return a piece of ``text`` as a WAV file, and how many there are; raise as ``speak``."""
        audio, count = await self._spoken(
            lambda speaker: speaker.speak_piece(text, number, after, voice=voice, rate=rate)
        )
        return _sounding(audio), count

    async def _spoken(self, ask: Callable[[Speaker], Awaitable[T]]) -> T:
        if self._speaker is None or not self._started:
            raise SpeechDown
        try:
            return await ask(self._speaker)
        except InvalidSpeech as error:
            raise InvalidSpeechRequest from error
        except Exception as error:
            log.error("speech_failed", error=type(error).__name__)
            raise SpeechDown from error

    async def prepare(self, texts: list[str]) -> None:
        """Speak ``texts`` into the cache in the background, so that they start at once when somebody listens."""
        if self._speaker is None or not self._started or not texts:
            return
        try:
            await self._speaker.prepare(texts)
        except Exception as error:  # they will be spoken when they are asked for
            log.error("speech_not_prepared", error=type(error).__name__)

    @staticmethod
    async def finish(audio: bytes, form: Format, volume: float) -> bytes:
        """Return a WAV file as loud, and in the format, as it is wanted.

        Raises:
            SpeechDown: when it cannot be encoded.
        """
        if form == "wav" and volume == 1.0:
            return audio
        try:
            return await asyncio.to_thread(lambda: encode(louder(audio, volume), form))
        except VoiceError as error:
            log.error("speech_not_encoded", error=str(error))
            raise SpeechDown from error


def _sounding(audio: bytes) -> bytes:
    if len(audio) <= 44:  # a WAV header and nothing else
        raise SpeechDown
    return audio
