"""Lists: ``- a`` and ``1. a`` lines, and enumerations within a line, as 第一，a；第二，b。"""

from __future__ import annotations

import re
from itertools import groupby

from voice.ear.numerals import cardinal

_BULLET = re.compile(r"^(\s*)[-*+•·●○▪◆◇■□►▶➤※]\s*(?![\d.])(.+)$|^(\s*)[-*+]\s+(.+)$")
_NUMBERED = re.compile(
    r"^(\s*)(?:(\d{1,2})(?:[.．)）](?!\d)|、(?!\d+[号、楼级类月日路-]))|[(（](\d{1,2})[)）])\s*(.+)$"
)
_CHINESE = re.compile(r"^(\s*)(?:([一二三四五六七八九十]{1,3})、|[(（]([一二三四五六七八九十]{1,3})[)）])\s*(.+)$")
_INLINE = re.compile(
    r"(?:(?<=[：:；;。，,！？\s])|^)(?:(\d{1,2})(?:[.．](?!\d)|[)）]|、(?!\d+[号、楼级类月日路-]))|[(（](\d{1,2})[)）])\s*(?=\S)"
)
_END = " \t；;。.，,、"


def read(text: str) -> list[str]:
    """Return the text as lines; every list becomes one line."""
    rows = [_classify(line) for line in text.split("\n") if line.strip()]
    lines: list[str] = []
    for is_list, group in groupby(rows, key=lambda row: row[0] is not None):
        items = list(group)
        if is_list:
            lines.append(_join(items))
        else:
            lines.extend(_inline(content.strip()) for _, _, content in items)
    return lines


def _classify(line: str) -> tuple[str | None, int, str]:
    """Return (marker: "" for a bullet, the ordinal for a number, None for no list; indent; content)."""
    if _enumerates(line):
        return None, 0, line
    if match := _NUMBERED.match(line):
        return cardinal(match[2] or match[3]), len(match[1]), match[4]
    if match := _CHINESE.match(line):
        return match[2] or match[3], len(match[1]), match[4]
    if match := _BULLET.match(line):
        return "", len(match[1] or match[3] or ""), match[2] or match[4]
    return None, 0, line


def _join(items: list[tuple[str | None, int, str]]) -> str:
    base = min(indent for _, indent, _ in items)
    top: list[tuple[str, str, list[str]]] = []
    for marker, indent, content in items:
        content = _inline(content.strip()).rstrip(_END)
        if indent >= base + 2 and top:
            top[-1][2].append(content)
        else:
            top.append((marker or "", content, []))
    alone = len(top) == 1
    spoken = []
    for place, (marker, content, below) in enumerate(top, 1):
        if below:
            content = content.rstrip("：:") + "：" + "，".join(below)
        ordinal = marker or ("" if alone else cardinal(str(place)))
        spoken.append(f"第{ordinal}，{content}" if ordinal else content)
    return "；".join(spoken) + "。"


def _inline(line: str) -> str:
    """Read ``：1.甲；2.乙`` as 第一，甲；第二，乙; a lone number is left as it is."""
    if not _enumerates(line):
        return line
    return _INLINE.sub(lambda mark: f"第{cardinal(mark[1] or mark[2])}，", line)


def _enumerates(line: str) -> bool:
    """Say whether 1, 2, … follow each other within the line."""
    numbers = [int(mark[1] or mark[2]) for mark in _INLINE.finditer(line)]
    return len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))
