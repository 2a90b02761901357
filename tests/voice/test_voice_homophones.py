"""Our spellings against espeak-ng's own phonemes: the pinyin voice says how a reading sounds."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from voice import espeak
from voice.homophones import TABLE, respell, table

HERE = Path(__file__).parent
PHONEMES = Callable[[str, str], str]


def rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def phonemes() -> PHONEMES:
    """Return text, voice → espeak-ng's phonemes without stress and word breaks."""
    library = espeak.library()
    library.espeak_Initialize(2, 0, None, 0)
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p

    def read(text: str, voice: str) -> str:
        assert library.espeak_SetVoiceByName(voice.encode()) == 0
        rest, spoken = ctypes.c_char_p(text.encode()), ""
        while rest.value:
            spoken += library.espeak_TextToPhonemes(ctypes.byref(rest), 1, 0).decode()
        return re.sub(r"[',_| ]", "", spoken)

    return read


def same(actual: str, right: str) -> bool:
    """Compare sounds; a neutral tone may stand for any (关系 may be guānxi)."""
    tones, right_tones = re.findall(r"\d+", actual), re.findall(r"\d+", right)
    return (
        re.sub(r"\d+", "", actual) == re.sub(r"\d+", "", right)
        and len(tones) == len(right_tones)
        and all(one == other or "11" in (one, other) for one, other in zip(tones, right_tones, strict=True))
    )


@pytest.mark.parametrize(("before", "after"), [("", ""), ("请", "的"), ("我要", "和")])
def test_every_spelling_sounds_right(phonemes: PHONEMES, before: str, after: str) -> None:
    wrong = []
    for word, reading, _ in rows(TABLE):
        spoken = phonemes(before + respell(word) + after, "cmn")
        if reading == "-" or "iong" in reading:  # no such sound in espeak-ng: at least no English
            wrong += [word] if "(en)" in spoken else []
            continue
        right = phonemes(before, "cmn") + phonemes(reading, "cmn-latn-pinyin") + phonemes(after, "cmn")
        wrong += [] if same(spoken, right) else [word]
    assert wrong == []


def test_polyphones_of_the_field(phonemes: PHONEMES) -> None:
    words = rows(HERE / "tables" / "polyphones.tsv")
    assert len(words) > 150
    wrong = [w for w, r in words if not same(phonemes(respell(w), "cmn"), phonemes(r, "cmn-latn-pinyin"))]
    assert wrong == []


def test_only_misread_words_are_spelled_otherwise(phonemes: PHONEMES) -> None:
    idle = [
        word
        for word, reading, spelling in rows(TABLE)
        if reading != "-" and "iong" not in reading and spelling != word and "|" not in spelling
        and phonemes(word, "cmn") == phonemes(reading, "cmn-latn-pinyin")
    ]  # fmt: skip
    assert idle == []


def test_other_text_is_untouched() -> None:
    assert respell("请带身份证到政务大厅办理。") == "请带身份证到政务大厅办理。"
    assert "还" not in respell("公积金还款")
    assert all(word.strip() == word for word in table())
