"""Marks that are seen, not said: brackets, slashes, arrows, quotes, dashes, stray symbols."""

from __future__ import annotations

import re

from voice.ear.patterns import CJK

_RULES = [
    (re.compile(r"[（(\[【〔｛{]\s*[）)\]】〕｝}]"), ""),
    (re.compile(r"[《》〈〉]"), ""),
    (re.compile(r"[（(\[【〔｛{]\s*([^（(\[【〔｛{）)\]】〕｝}]*?)[。；，、]?\s*[）)\]】〕｝}]"), r"，\1，"),
    (re.compile(r"[（(\[【〔｛{）)\]】〕｝}]"), "，"),
    (re.compile(r"\s*(?:->|=>|-->|→|>>|»)\s*"), "，"),
    (re.compile(rf"(?<=[{CJK}])\s*>\s*(?=[{CJK}])"), "，"),
    (re.compile(r"\s*(?:≥|>=)\s*"), "不少于"),
    (re.compile(r"\s*(?:≤|<=)\s*"), "不超过"),
    (re.compile(r"\s*>\s*"), "大于"),
    (re.compile(r"\s*<\s*"), "小于"),
    (re.compile(r"\s*≈\s*"), "约等于"),
    (re.compile(r"\s*±\s*"), "正负"),
    (re.compile(r"\s*×\s*"), "乘"),
    (re.compile(r"\s*÷\s*"), "除以"),
    (re.compile(r"\s*=\s*"), "等于"),
    (re.compile(r"\s*\+\s*"), "加"),
    (re.compile(r"\s*&\s*"), "和"),
    (re.compile(r"和\s*/\s*或"), "或"),
    (re.compile(r"\s*/+\s*(?=[，。；！？、：\n]|$)"), ""),
    (re.compile(r"(?<=[^\s，。；！？、：])\s*/\s*"), "或"),
    (re.compile(r"(?:\.{3,}|…+|。{2,})"), "，"),
    (re.compile(r"[—–]+"), "，"),
    (re.compile(r"(?<=[A-Za-z])-(?=[A-Za-z])"), " "),
    (re.compile(r"[-−]+"), "，"),
    (re.compile(r"(?<=[A-Za-z])'(?=[A-Za-z])"), ""),
    (re.compile(rf"(?<=[{CJK}])·(?=[{CJK}])"), ""),
    (re.compile(r"[*#_`^|\\~～@°$¥€£￡'•●○▪◆◇■□►▶➤※·←²³%]"), " "),
    (re.compile(r",(?!\d)"), "，"),
    (re.compile(r"!"), "！"),
    (re.compile(r"\?"), "？"),
    (re.compile(r";"), "；"),
    (re.compile(r":"), "："),
    (re.compile(r"(?<=[^A-Za-z\d])\.(?!\d)|\.(?=\s|$)|(?<=[A-Za-z])\.(?=[" + CJK + "])"), "。"),
    (re.compile(r"\."), " "),
    (re.compile(r"[^\u3400-\u9fff\U00020000-\U0003ffffA-Za-z，。！？；：、 ]"), ""),
]  # fmt: skip


_BREAK = re.compile(rf"(?<=[{CJK}]) +(?=[{CJK}])|(?<=\d) +(?=[{CJK}]{{2,6}}[:：])")


def breaks(line: str) -> str:
    """Hear a space between Chinese words as a pause; before numbers are words, around which people put spaces."""
    return _BREAK.sub("，", line)


def read(line: str) -> str:
    """Return a line with Chinese punctuation only, every mark a pause or a word."""
    for pattern, replacement in _RULES:
        line = pattern.sub(replacement, line)
    return tidy(line)


def tidy(line: str) -> str:
    """Drop doubled and leading marks, and spaces except between Latin words."""
    line = re.sub(r"\s+", " ", line).strip()
    line = re.sub(r"(?<![A-Za-z]) | (?![A-Za-z])", "", line)
    previous = None
    while line != previous:
        previous = line
        line = re.sub(r"[，、：]+(?=[。！？；])", "", line)
        line = re.sub(r"([。！？；])[，、：。；]+", r"\1", line)
        line = re.sub(r"，[，、]+|、，+", "，", line)
        line = re.sub(r"：[，、：]+", "：", line)
        line = re.sub(r"，：", "：", line)
        line = re.sub(r"、{2,}", "、", line)
        line = re.sub(r"([！？])[！？]+", r"\1", line)
    return line.lstrip("，、：。；！？ ")
