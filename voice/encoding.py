"""Speech as a file for a player: WAV as it is, Opus in Ogg, or MP3; louder or softer; always labelled as synthetic."""

from __future__ import annotations

import io
from typing import Any, Literal

from voice import wav
from voice.errors import BadAudio

Format = Literal["wav", "opus", "mp3"]
MEDIA_TYPES: dict[Format, str] = {"wav": "audio/wav", "opus": "audio/ogg; codecs=opus", "mp3": "audio/mpeg"}
# container, codec, its rate in Hz, bits a second
_CODECS: dict[str, tuple[str, str, int, int]] = {
    "opus": ("ogg", "libopus", 48_000, 32_000),
    "mp3": ("mp3", "libmp3lame", 24_000, 48_000),
}
SOFTEST, LOUDEST = 0.2, 2.0


def encode(data: bytes, form: Format) -> bytes:
    """Return a WAV file of ours in another format.

    Raises:
        BadAudio: if it is no WAV file of ours.
    """
    if form == "wav":
        return data
    import av
    import numpy as np

    sound = wav.read(data)
    container, codec, rate, bits = _CODECS[form]
    out = io.BytesIO()
    try:
        with av.open(out, "w", format=container) as file:
            file.metadata.update({"comment": wav.COMMENT, "encoder": wav.SOFTWARE})
            stream: Any = file.add_stream(codec, rate=rate, layout="mono")
            stream.bit_rate = bits
            stream.metadata["comment"] = wav.COMMENT  # Ogg keeps its comments with the stream
            frame = av.AudioFrame.from_ndarray(np.frombuffer(sound.frames, dtype="<i2")[None], "s16", "mono")
            frame.sample_rate = sound.rate
            for piece in (frame, None):
                for packet in stream.encode(piece):
                    file.mux(packet)
    except av.FFmpegError as error:
        raise BadAudio(f"{form}: {error}") from error
    return out.getvalue()


def louder(data: bytes, volume: float) -> bytes:
    """Return a WAV file of ours at ``volume`` times its loudness; what would be too loud is clipped."""
    if volume == 1.0:
        return data
    import numpy as np

    sound = wav.read(data)
    samples = np.frombuffer(sound.frames, dtype="<i2").astype(np.float32) * volume
    return wav.write(wav.Sound(sound.rate, np.clip(samples, -32768, 32767).astype("<i2").tobytes()))
