"""Recordings: formats of browsers and phones, what is broken, where somebody speaks."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hearing_sounds import RATE, hum, noise, recorded, silence, sound, speech
from hypothesis import given, settings
from hypothesis import strategies as st

from voice import wav
from voice.hearing.activity import Activity, Span, parts
from voice.hearing.decoding import container, decode
from voice.hearing.errors import BadRecording, HearingError, NoSpeech, Silence, TooLong, UnknownFormat

FORMATS = [
    ("wav", "pcm_s16le", 16_000, "mono"), ("wav", "pcm_s16le", 44_100, "stereo"), ("webm", "libopus", 48_000, "mono"),
    ("ogg", "libopus", 48_000, "mono"), ("mp3", "libmp3lame", 44_100, "stereo"), ("ipod", "aac", 44_100, "mono"),
    ("adts", "aac", 44_100, "mono"), ("flac", "flac", 16_000, "mono"), ("wav", "pcm_f32le", 48_000, "mono"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "codec", "rate", "layout"), FORMATS)
def test_formats_of_browsers_and_phones(kind: str, codec: str, rate: int, layout: str) -> None:
    said = speech()
    samples = decode(recorded(said, kind, codec, rate, layout))
    assert samples.dtype == np.float32
    assert len(samples) / RATE == pytest.approx(said.seconds, abs=0.15)
    assert float(np.abs(samples).max()) > 0.1
    assert Activity().spans(samples)


@pytest.mark.parametrize("data", [b"", b"hello", b"#EXTM3U\n/etc/passwd", b"<html>", b"\0" * 500, b"ffconcat"])
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(UnknownFormat):
        decode(data)


@pytest.mark.parametrize("head", [b"RIFF\0\0\0\0WAVE", b"OggS", b"\x1a\x45\xdf\xa3", b"ID3\x04", b"\0\0\0\x18ftypM4A ",
                                  b"fLaC", b"\xff\xf1", b"\xff\xfb"])  # fmt: skip
def test_what_only_looks_like_a_recording_is_broken(head: bytes) -> None:
    with pytest.raises(BadRecording):
        decode(head + bytes(range(256)) * 4)


def test_a_recording_that_was_cut_short_still_counts() -> None:
    whole = recorded(speech("我要交水费，也要交电费"), "webm", "libopus")
    assert len(decode(whole[: len(whole) * 2 // 3])) > RATE


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["wav", "webm", "mp3", "adts"]), st.integers(0, 4000))
def test_damage_is_a_typed_error_or_sound(damage: bytes, kind: str, place: int) -> None:
    codec = {"wav": "pcm_s16le", "webm": "libopus", "mp3": "libmp3lame", "adts": "aac"}[kind]
    whole = recorded(speech(), kind, codec)
    broken = whole[:place] + damage + whole[place + len(damage) :]
    with contextlib.suppress(HearingError):
        assert np.isfinite(decode(broken)).all()


def test_a_long_recording_is_refused_without_being_decoded_whole() -> None:
    with pytest.raises(TooLong):
        decode(recorded(noise(62), "webm", "libopus"))
    assert len(decode(wav.plain(silence(60)))) == 60 * RATE


def test_containers() -> None:
    assert container(b"\xff\xf1\x50\x80" + bytes(8)) == "aac"
    assert container(b"\xff\xfb\x90\x64" + bytes(8)) == "mp3"


def samples_of(recording: wav.Sound) -> np.ndarray:
    return decode(wav.plain(recording))


def test_where_somebody_speaks() -> None:
    said = samples_of(speech("请问怎么办理社保卡"))
    recording = np.concatenate([np.zeros(RATE * 2, "f4"), said, np.zeros(RATE * 3, "f4"), said]).astype("f4")
    spans = Activity().spans(recording)
    assert len(spans) >= 2
    assert spans[0].start / RATE == pytest.approx(2, abs=0.3)
    assert any(span.start / RATE == pytest.approx(5 + len(said) / RATE, abs=0.3) for span in spans)


@pytest.mark.parametrize(("recording", "error"), [(silence(), Silence), (noise(), NoSpeech), (hum(), NoSpeech),
                                                  (sound([0.5] * 400), NoSpeech)])  # fmt: skip
def test_where_nobody_speaks(recording: wav.Sound, error: type[HearingError]) -> None:
    with pytest.raises(error):
        Activity().spans(samples_of(recording))


def test_parts_are_cut_in_the_pauses() -> None:
    second = RATE
    spans = [Span(second, 9 * second), Span(10 * second, 19 * second), Span(21 * second, 30 * second)]
    joined = parts(spans, 31 * second, 20)
    assert [(round(p.start / second, 1), round(p.end / second, 1)) for p in joined] == [(0.7, 19.3), (20.7, 30.3)]
    long = parts([Span(0, 55 * second)], 55 * second, 25)
    assert [p.end - p.start for p in long] == [25 * second, 25 * second, 5 * second]
    assert all(one.end <= two.start for one, two in zip(joined + long[:0], joined[1:], strict=False))
