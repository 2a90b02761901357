"""Cut a long answer into overlapping windows of whole sentences, so that each fits the encoder and says one thing."""

from __future__ import annotations

import re

WINDOW = 120  # characters; the encoder reads 256 tokens, but one vector for more than this says too little
OVERLAP = 40
_SENTENCE = re.compile(r"[^。！？!?；;\n]+(?:[。！？!?；;\n]+[”’」』）)\"]*|$)")
_CLAUSE = re.compile(r"[^，,、：:\s]+[，,、：:\s]*")


def sentences(text: str, longest: int = WINDOW) -> list[str]:
    """Split ``text`` into sentences; one longer than ``longest`` is split at commas, at last by length."""
    found: list[str] = []
    for sentence in (match[0] for match in _SENTENCE.finditer(text)):
        if len(sentence) <= longest:
            found.append(sentence)
            continue
        part = ""
        for clause in (match[0] for match in _CLAUSE.finditer(sentence)):
            if part and len(part) + len(clause) > longest:
                found.append(part)
                part = ""
            part += clause
            while len(part) > longest:
                found.append(part[:longest])
                part = part[longest:]
        if part:
            found.append(part)
    return [sentence for sentence in found if sentence.strip()]


def chunks(text: str, window: int = WINDOW, overlap: int = OVERLAP) -> list[str]:
    """Return windows of up to ``window`` characters; each begins with the end of the one before.

    >>> chunks("一二三。四五六。七八九。", window=8, overlap=4)
    ['一二三。四五六。', '四五六。七八九。']
    """
    pieces = sentences(text, window)
    windows: list[str] = []
    start = 0
    while start < len(pieces):
        end, length = start, 0
        while end < len(pieces) and (end == start or length + len(pieces[end]) <= window):
            length += len(pieces[end])
            end += 1
        windows.append("".join(pieces[start:end]).strip())
        if end == len(pieces):
            break
        back, length = end, 0
        while back - 1 > start and length + len(pieces[back - 1]) <= overlap:
            back -= 1
            length += len(pieces[back])
        start = back
    return windows
