"""Mask personal numbers in text that is kept for people or machines that need not see them."""

from __future__ import annotations

import re

_RULES = (
    (re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)"), r"\1********\2"),  # ID number, 18 digits
    (re.compile(r"(?<!\d)(\d{6})\d{6}(\d{3})(?!\d)"), r"\1******\2"),  # ID number, 15 digits
    (re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)"), r"\1****\2"),  # mobile telephone
    (re.compile(r"(?<!\d)(\d{4})\d{8,11}(\d{4})(?!\d)"), r"\1********\2"),  # bank card
)
_SPOKEN = re.compile(r"[幺零一二三四五六七八九洞拐两\d]{9,}")


def mask(text: str) -> str:
    """Return ``text`` with ID numbers, telephone numbers and card numbers hidden, spoken digits too."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return _SPOKEN.sub(lambda match: match[0] if match[0].isascii() else "＊" * len(match[0]), text)


def mask_name(name: str) -> str:
    """Return a person's name with all but the first character hidden."""
    return name[:1] + "*" * max(len(name) - 1, 1)
