"""Short things said again and again: a recogniser has least to go on there, and we know what to expect."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from nlu.pinyin import Syllables, sound_keys, syllables

FILE = Path(__file__).parents[1] / "data" / "commands.txt"
_MARKS = re.compile(r"[\W_]+")
_DIGITS = str.maketrans("123456789", "一二三四五六七八九")
_INITIAL = re.compile(r"^(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?")


@lru_cache
def commands() -> dict[Syllables, str]:
    """Return the sentences by their sound."""
    lines = FILE.read_text("utf-8").splitlines()
    return {sound_keys(syllables(line)): line for line in lines if line and not line.startswith("#")}


def same(text: str) -> str | None:
    """Return the command that sounds exactly like the whole of ``text``.

    >>> same("说以便我甜的。")
    '说一遍我填的'
    """
    bare = _MARKS.sub("", text)
    if bare.endswith("人工") and len(bare) <= 4:
        return "转人工"  # whatever was heard before it: a person is never more than one sentence away
    return commands().get(_sound(text))


def near(text: str) -> str | None:
    """Return the one command that differs in how a single syllable begins: to be asked about, not to be acted on.

    >>> near("记一个")
    '第一个'
    """
    heard = _sound(text)
    if len(heard) < 3:
        return None
    found = [
        command
        for sound, command in commands().items()
        if len(sound) == len(heard)
        and sum(one != two for one, two in zip(sound, heard, strict=True)) == 1
        and all(_rhyme(one) == _rhyme(two) for one, two in zip(sound, heard, strict=True))
    ]
    return found[0] if len(found) == 1 else None


def _sound(text: str) -> Syllables:
    return sound_keys(syllables(_MARKS.sub("", text).translate(_DIGITS)))


def _rhyme(syllable: str) -> str:
    return _INITIAL.sub("", syllable)
