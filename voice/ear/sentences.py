"""Cut a line into sentences short enough to be understood."""

from __future__ import annotations

import re

LONGEST = 80  # characters
_STOP = re.compile(r"(?<=[。！？；])")
_PAUSE = re.compile(r"(?<=[，：、])")


def split(line: str) -> list[str]:
    """Return the sentences of a line, each closed by 。！？ or ；."""
    return [piece for sentence in _STOP.split(line) if sentence for piece in _shorten(_close(sentence))]


def _close(sentence: str) -> str:
    sentence = sentence.rstrip("，、： ")
    return sentence if not sentence or sentence[-1] in "。！？；" else sentence + "。"


def _shorten(sentence: str) -> list[str]:
    """Break a sentence that is too long at its pauses, and one without pauses at the limit."""
    if len(sentence) <= LONGEST:
        return [sentence] if sentence.strip("。！？；") else []
    pieces = [""]
    for part in _PAUSE.split(sentence):
        for start in range(0, len(part), LONGEST):
            chunk = part[start : start + LONGEST]
            if len(pieces[-1]) + len(chunk) > LONGEST and pieces[-1]:
                pieces.append("")
            pieces[-1] += chunk
    return [piece for piece in pieces if piece.strip("，：、。！？； ")]
