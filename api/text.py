"""What a citizen may send as text: cleaned of what no person types, refused when nothing is left."""

from __future__ import annotations

import unicodedata

_KEPT_CONTROLS = {"\n", "\t"}
_INVISIBLE = {"Cc", "Cf", "Cs", "Cn", "Zs", "Zl", "Zp", "Mn"}


def clean(text: str) -> str:
    """Drop control characters, lone surrogates and byte-order marks; strip; keep everything visible."""
    kept = (c for c in text.replace("\r\n", "\n") if c in _KEPT_CONTROLS or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip("\ufeff \t\n\u3000\u200b")


def is_blank(text: str) -> bool:
    """Say whether ``text`` shows nothing: spaces, joiners, variation selectors, controls."""
    return all(unicodedata.category(c) in _INVISIBLE for c in text)
