"""What can go wrong when somebody speaks; ``code`` is stable and goes through the worker's protocol."""

from __future__ import annotations

from typing import ClassVar

from voice.errors import VoiceError


class HearingError(VoiceError):
    """Base: a recording that did not become text."""

    code: ClassVar[str] = "hearing_failed"


class BadRecording(HearingError):
    """The file is broken, or empty."""

    code = "bad_recording"


class UnknownFormat(HearingError):
    """The file is of a kind that no browser or phone records in."""

    code = "unknown_format"


class TooLong(HearingError):
    """The recording is longer than the limit."""

    code = "recording_too_long"


class Silence(HearingError):
    """There is no sound in the recording."""

    code = "silence"


class NoSpeech(HearingError):
    """There is sound, but nobody speaks."""

    code = "no_speech"


class HearingAbsent(HearingError):
    """No engine is installed, or speech in is switched off."""

    code = "hearing_absent"


class HearingBusy(HearingError):
    """Too many recordings wait already."""

    code = "hearing_busy"


class HearingFailed(HearingError):
    """The engine failed twice."""

    code = "hearing_failed"


_ALL: tuple[type[HearingError], ...] = (
    BadRecording, UnknownFormat, TooLong, Silence, NoSpeech, HearingAbsent, HearingBusy, HearingFailed,
)  # fmt: skip
BY_CODE = {error.code: error for error in _ALL}
