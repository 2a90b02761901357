"""Respell what espeak-ng misreads with characters that sound right.

espeak-ng takes characters and has no way to be told a reading, so 还款 (it says hái kuǎn) is given as 环款.
The table holds only words that its ``cmn`` voice was found to misread; see ``tests/voice``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

BREAK = "\u2060"  # a word joiner: silent, and no phrase of espeak-ng's dictionary matches across it
TABLE = Path(__file__).parent / "data" / "homophones.tsv"


@lru_cache
def table() -> dict[str, str]:
    """Return word → spelling, cut off from the words around it."""
    rows = (line.split("\t") for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    return {row[0]: BREAK + row[2].replace("|", BREAK) + BREAK for row in rows}


@lru_cache
def _pattern() -> re.Pattern[str]:
    words = sorted(table(), key=len, reverse=True)
    # 这儿 is 这里, but 这儿童 is 这 and 儿童.
    return re.compile("|".join(word + "(?![童子科女媳孙歌])" if word.endswith("儿") else word for word in words))


def respell(text: str) -> str:
    """Return ``text`` with every misread word, longest first, spelled as it should sound."""
    return _pattern().sub(lambda match: table()[match.group()], text)
