"""Bring characters to one form: Unicode, script, invisible characters, emoji, blanks."""

import re
import unicodedata
from functools import cache

from opencc import OpenCC

# Emoji blocks, variation selectors, keycaps, private use and the tags of flag sequences.
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\U0001fb00-\U0001ffff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff\ufe00-\ufe0f\u20e3"
    "\ue000-\uf8ff\U000e0000-\U000e01ff\U000f0000-\U0010ffff]"
)
_BLANKS = re.compile(r"\s+")
_BLANK_IN_HANZI = re.compile(r"(?<=[\u4e00-\u9fff，。！？；：、]) +(?=[\u4e00-\u9fff，。！？；：、])")
# 帐 for money is an old spelling, not a slip.
_OLD_ACCOUNT = re.compile(r"帐(?=[号户单务目本款])")
_ASCII_MARKS = {",": "，", "?": "？", "!": "！", ";": "；", ":": "："}
_MARK_AFTER_HANZI = re.compile(r"(?<=[\u4e00-\u9fff])[,?!;:]+|(?<=[\dA-Za-z])[,?!;](?=[\u4e00-\u9fff])")


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def unify(text: str) -> str:
    """Apply NFKC and Traditional→Simplified, and drop control, zero-width and emoji characters."""
    text = unicodedata.normalize("NFKC", _EMOJI.sub("", text))
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if category == "Cc":
            # A control character inside digits is noise; a line break is a pause.
            kept.append(" " if char in "\n\r\t\v\f\x85" else "")
        elif category not in ("Cf", "Cs", "Cn", "Co"):
            kept.append(char)
    text = "".join(kept)
    if any(char > "\u3000" for char in text):
        # 乾 and 着 are also Simplified words; OpenCC's phrase table decides by context.
        text = _OLD_ACCOUNT.sub("账", _converter().convert(text))
    return text


def tidy(text: str) -> str:
    """Collapse blanks, drop those between Chinese characters and use Chinese marks after Chinese."""
    text = _BLANKS.sub(" ", text).strip()
    text = _BLANK_IN_HANZI.sub("", text)
    return _MARK_AFTER_HANZI.sub(lambda match: "".join(_ASCII_MARKS[mark] for mark in match[0]), text)
