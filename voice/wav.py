"""Mono 16-bit WAV files as bytes: read, join, label as synthetic."""

from __future__ import annotations

import io
import struct
import wave
from collections.abc import Iterable
from dataclasses import dataclass

from voice.errors import BadAudio

SOFTWARE = "Wenban"
# 人工智能生成合成内容标识办法 (2025): a synthetic file says so in its metadata.
COMMENT = "AI合成语音/synthetic speech by Wenban"


@dataclass(frozen=True)
class Sound:
    """Samples (signed 16-bit little-endian, one channel) and their rate in Hz."""

    rate: int
    frames: bytes

    @property
    def seconds(self) -> float:
        return len(self.frames) / 2 / self.rate


def read(data: bytes) -> Sound:
    """Return the sound in a WAV file.

    Raises:
        BadAudio: if it is not a complete mono 16-bit RIFF/WAVE file.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise BadAudio("no RIFF header")
    try:
        with wave.open(io.BytesIO(data)) as file:
            if file.getnchannels() != 1 or file.getsampwidth() != 2:
                raise BadAudio("not mono 16-bit")
            frames = file.readframes(file.getnframes())
            if len(frames) != 2 * file.getnframes():
                raise BadAudio("cut short")
            return Sound(file.getframerate(), frames)
    except (wave.Error, EOFError, struct.error) as error:
        raise BadAudio(f"broken WAV: {error}") from error


def write(sound: Sound) -> bytes:
    """Return a WAV file that names itself synthetic speech in its LIST/INFO chunk."""
    fmt = struct.pack("<HHIIHH", 1, 1, sound.rate, sound.rate * 2, 2, 16)
    info = b"INFO" + _chunk(b"ISFT", SOFTWARE.encode() + b"\0") + _chunk(b"ICMT", COMMENT.encode() + b"\0")
    body = b"WAVE" + _chunk(b"fmt ", fmt) + _chunk(b"LIST", info) + _chunk(b"data", sound.frames)
    return _chunk(b"RIFF", body)


def plain(sound: Sound) -> bytes:
    """Return a WAV file without the label: of what somebody said, not of what we made."""
    fmt = struct.pack("<HHIIHH", 1, 1, sound.rate, sound.rate * 2, 2, 16)
    return _chunk(b"RIFF", b"WAVE" + _chunk(b"fmt ", fmt) + _chunk(b"data", sound.frames))


def join(files: Iterable[bytes]) -> bytes:
    """Return the files one after the other; all must have the same sample rate."""
    sounds = [read(file) for file in files]
    if len({sound.rate for sound in sounds}) != 1:
        raise BadAudio("nothing to join, or sample rates differ")
    return write(Sound(sounds[0].rate, b"".join(sound.frames for sound in sounds)))


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
