"""Latin letters: known names by the table, unknown capitals letter by letter, words as they are."""

from __future__ import annotations

import re

from voice.ear import tables

_TABLE = {key.lower(): value for key, value in tables.pairs("abbreviations.tsv").items()}
_KNOWN = re.compile(rf"(?<![A-Za-z0-9]){tables.either(list(_TABLE))}(?![A-Za-z])", re.I)
_CAPITALS = re.compile(r"(?<![A-Za-z])[A-Z]{2,4}(?![A-Za-z])")
_SHOUTED = re.compile(r"(?<![A-Za-z])[A-Z]{5,}(?![A-Za-z])")


def known(text: str) -> str:
    """Replace the abbreviations of the table; to be done before numbers are read (PM2.5, 5G)."""
    return _KNOWN.sub(lambda m: _TABLE[m[0].lower()], text)


def letters(text: str) -> str:
    """Read other capitals letter by letter; long ones are words (HOTEL)."""
    text = _CAPITALS.sub(lambda m: " ".join(m[0]), text)
    return _SHOUTED.sub(lambda m: m[0].lower(), text)
