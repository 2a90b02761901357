"""Single characters: full width to half, entities, emoji, control characters."""

from __future__ import annotations

import html
import re
import unicodedata

# Symbols that carry meaning; every other symbol is silent.
_MEANT = dict(
    zip(
        "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
        (f"({number})" for number in range(1, 21)),
        strict=True,
    )
) | {
    "℃": "°C", "㎡": "m²", "㎥": "m³", "㎞": "km", "㎝": "cm", "㎜": "mm", "㎏": "kg", "№": "No.",
    "½": "1/2", "¼": "1/4", "¾": "3/4", "￥": "¥", "〇": "零", "＊": "*", "✕": "×", "✖": "×", "⁄": "/",
    "“": "", "”": "", "‘": "", "’": "", "「": "", "」": "", "『": "", "』": "", '"': "", "…": "…",
}  # fmt: skip
_KEPT_SYMBOLS = set("°→×±÷≥≤≈<>=+|~^`$¥€￡£²³·•●○▪◆◇■□►▶➤※←")
_QUOTES = re.compile(r"(?<=\S)[”」』》]\s*[“「『《](?=\S)")  # “甲”“乙” is a list
_KEYCAP = re.compile(r"([0-9])\ufe0f?\u20e3")


def fold(text: str) -> str:
    """Return ``text`` in half width, without entities, emoji and invisible characters."""
    text = _QUOTES.sub("、", _KEYCAP.sub(r"(\1)", html.unescape(text)))
    return "".join(_fold(character) for character in text)


def _fold(character: str) -> str:
    if character in "\n\t" or character in _KEPT_SYMBOLS:
        return character
    if (meant := _MEANT.get(character)) is not None:
        return meant
    if "！" <= character <= "～" and character not in "，！？；：（）～":
        return chr(ord(character) - 0xFEE0)
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    return "" if category in {"So", "Sk", "Cs", "Co", "Cn", "Cf", "Mn", "Me", "Cc"} else character
