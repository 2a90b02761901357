"""Pieces of regular expressions that several rules share."""

from __future__ import annotations

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
TO = r"\s*(?:[-–—−~～〜]{1,2}|至|到)\s*"
DASH = r"\s*[-–—−~～〜]{1,2}\s*"
NOT_AFTER = r"(?<![\dA-Za-z.])"  # a number does not start inside a number or a word
NOT_BEFORE = r"(?![\dA-Za-z])"
CJK = r"\u3400-\u9fff"
