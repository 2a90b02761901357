"""WAV files: reading, joining, the synthetic label, and what counts as speech."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile
from voice_fakes import tone

from voice import verify, wav
from voice.errors import BadAudio


def sound(seconds: float, loudness: int = 9000, rate: int = 16000) -> wav.Sound:
    samples = (loudness * np.sin(np.arange(int(seconds * rate)) / 9)).astype("<i2")
    return wav.Sound(rate, samples.tobytes())


def test_labelled_file_is_read_by_others() -> None:
    data = wav.write(sound(1.0))
    with wave.open(io.BytesIO(data)) as file:
        assert file.getnframes() == 16000
    with soundfile.SoundFile(io.BytesIO(data)) as file:
        assert file.frames == 16000
        assert file.comment == wav.COMMENT
        assert file.software.startswith("Wenban")
    assert "AI合成语音".encode() in data


def test_round_trip_and_join() -> None:
    one, two = sound(0.5), sound(0.25)
    assert wav.read(wav.write(one)) == one
    joined = wav.read(wav.join([wav.write(one), wav.write(two)]))
    assert joined.frames == one.frames + two.frames
    assert wav.join([wav.write(one)]) == wav.write(one)


@pytest.mark.parametrize(
    "broken", [b"", b"RIFF", b"not a wav file at all", wav.write(sound(1))[:1000], b"RIFF\0\0\0\0WAVE"]
)
def test_broken_files(broken: bytes) -> None:
    with pytest.raises(BadAudio):
        wav.read(broken)


def test_join_refuses_a_mixture() -> None:
    with pytest.raises(BadAudio):
        wav.join([wav.write(sound(1)), wav.write(sound(1, rate=24000))])
    with pytest.raises(BadAudio):
        wav.join([])


def test_stereo_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "two.wav", np.zeros((100, 2)), 16000, subtype="PCM_16")
    with pytest.raises(BadAudio):
        wav.read((tmp_path / "two.wav").read_bytes())


@pytest.mark.parametrize(
    ("seconds", "loudness", "message"),
    [(0.0, 9000, "units"), (0.2, 9000, "units"), (60, 9000, "units"), (2.0, 3, "silent")],
)
def test_what_is_not_speech(tmp_path: Path, seconds: float, loudness: int, message: str) -> None:
    tone(tmp_path / "a.wav", seconds, loudness)
    with pytest.raises(BadAudio, match=message):
        verify.check((tmp_path / "a.wav").read_bytes(), "您好请问办什么", 1.0)


def test_units() -> None:
    assert verify.units("您好，E T C！") == 5
    assert verify.units("application") == 3
