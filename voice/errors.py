"""What can go wrong when text is spoken."""

from __future__ import annotations


class VoiceError(Exception):
    """Base of every error of this package."""


class InvalidSpeech(VoiceError, ValueError):
    """The request itself is wrong: empty or too long a text, an unknown voice, a rate out of range."""


class SpeechUnavailable(VoiceError):
    """No engine could speak the text now."""


class BadAudio(VoiceError):
    """An engine said that it spoke, but the file is missing, broken, silent or of an impossible length."""


class WorkerFailed(VoiceError):
    """The worker process did not start, died, hung, or refused the request."""
