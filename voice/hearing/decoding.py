"""Any recording of a browser or phone to samples, with PyAV (FFmpeg). Runs in the worker, never in the server."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from voice.hearing.errors import BadRecording, TooLong, UnknownFormat

if TYPE_CHECKING:
    import numpy as np

RATE = 16_000  # Hz, what every recogniser takes
LONGEST = 60.0  # seconds
SPARSEST = 1500  # bytes a second; recordings with fewer are rare, and their limit is generous anyhow


def container(data: bytes) -> str:
    """Return FFmpeg's name of the container. Naming it keeps FFmpeg from playlists, which may name other files.

    Raises:
        UnknownFormat: if it is none of WAV, Ogg, WebM, MP3, M4A, AAC, FLAC, AMR.
    """
    head = data[:12]
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp":
        return "mov"
    for magic, name in ((b"OggS", "ogg"), (b"\x1a\x45\xdf\xa3", "matroska"), (b"fLaC", "flac"), (b"#!AMR", "amr")):
        if head.startswith(magic):
            return name
    if head[:3] == b"ID3":
        return "mp3"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "aac" if head[1] & 0x06 == 0 else "mp3"  # ADTS has layer 0
    raise UnknownFormat("not a recording that we know")


def longest_possible(data: bytes) -> float:
    """Return the seconds that a recording can play at most, without decoding it: how long its hearing may take."""
    told = int.from_bytes(data[28:32], "little") if data[:4] == b"RIFF" else 0  # the header's bytes a second
    return len(data) / max(SPARSEST, told)


def decode(data: bytes, longest: float = LONGEST) -> np.ndarray[Any, Any]:
    """Return mono float32 samples at 16 kHz.

    Raises:
        UnknownFormat: if the container is not one of ours.
        BadRecording: if it is broken or holds no sound.
        TooLong: if it plays longer than ``longest`` seconds; no more than that is decoded.
    """
    import av
    import numpy as np

    pieces: list[Any] = []
    samples = 0
    try:
        with av.open(io.BytesIO(data), format=container(data), metadata_errors="ignore") as file:
            if not file.streams.audio:
                raise BadRecording("no sound in the file")
            resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            for frame in _frames(file):
                for piece in resampler.resample(frame):
                    pieces.append(piece.to_ndarray()[0])
                    samples += len(pieces[-1])
                if samples > longest * RATE:
                    raise TooLong(f"more than {longest:.0f} s")
    except (av.FFmpegError, ValueError, OverflowError) as error:
        raise BadRecording(f"{type(error).__name__}: {error}") from error
    if not samples:
        raise BadRecording("no sound in the file")
    sound: np.ndarray[Any, Any] = np.nan_to_num(np.concatenate(pieces), posinf=0.0, neginf=0.0)
    return sound


def _frames(file: Any) -> Any:
    """Yield what can be decoded, then None; a recording cut short at its end still counts."""
    import av

    got = False
    try:
        for frame in file.decode(audio=0):
            got = True
            yield frame
    except av.FFmpegError:
        if not got:
            raise
    yield None
