"""Two sentences compared by how they are read: 35.6元 is 三十五元六角, 說 is 说, marks do not count."""

from __future__ import annotations

import re

from nlu.steps.clean import unify
from voice.ear import for_ear

_SILENT = re.compile(r"[\W_]+")
_SAME = str.maketrans({"幺": "一", "两": "二", "俩": "二", "〇": "零"})


def reading(text: str) -> str:
    """Return the characters of ``text`` as they are spoken, numbers in words, in simplified form.

    Both sides go through it: the sentence as it is written, and what the recogniser wrote, who may put 11月25日 or
    十一月二十五日. 幺 counts as 一 and 两 as 二, since the recogniser writes a digit for either.
    """
    return _SILENT.sub("", "".join(for_ear(unify(text)))).translate(_SAME).lower()


def errors(meant: str, heard: str) -> tuple[int, int]:
    """Return the edits from one reading to the other, and the length of what was meant."""
    from rapidfuzz.distance import Levenshtein

    right = reading(meant)
    return int(Levenshtein.distance(right, reading(heard))), len(right)
