"""Respell what espeak-ng misreads with characters that sound right.

espeak-ng takes characters and has no way to be told a reading, so 还款 (it says hái kuǎn) is given as 环款.
The table holds only words that its ``cmn`` voice was found to misread; see ``tests/voice``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "homophones.tsv"


@lru_cache
def table() -> dict[str, str]:
    """Return word → spelling for the ear; a word spelled as itself protects it from a shorter entry."""
    rows = (line.split("\t") for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    return {row[0]: row[2] for row in rows}


@lru_cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, table()), key=len, reverse=True)))


def respell(text: str) -> str:
    """Return ``text`` with every misread word, longest first, spelled as it should sound."""
    return _pattern().sub(lambda match: table()[match.group()], text)
