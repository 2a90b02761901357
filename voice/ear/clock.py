"""Times of day as they are said: 14:30 → 下午两点半."""

from __future__ import annotations

import re

from voice.ear.numerals import cardinal, counted
from voice.ear.patterns import TO

_PERIOD = r"(?P<period{0}>上午|下午|早上|早晨|晚上|夜间|中午|凌晨|傍晚|午后|夜里)?\s?"
_COLON = (
    _PERIOD
    + r"(?<![\d:：.])(?P<hour{0}>[01]?\d|2[0-4])[:：](?P<minute{0}>[0-5]\d)(?:[:：](?P<second{0}>[0-5]\d))?(?![\d:：])"
)
_RANGE = re.compile(_COLON.format(1) + TO + _COLON.format(2))
_SINGLE = re.compile(_COLON.format(1))
_AFTER = r"(?=整|半|前|后|至|到|以|起|止|之|开|关|截|[-~—，。；、！？）)\s]|$)"
_SPOKEN = re.compile(
    _PERIOD.format(1)
    + r"(?<![\d.])(?P<hour1>[01]?\d|2[0-4])[时点](?:(?P<minute1>[0-5]?\d)分(?!钟)|(?P<whole>整)|"
    + _AFTER
    + ")(?!半)"
)
_RATIO = re.compile(r"(比例|比值|比|按)(\s?[为是]?\s?)(\d+)\s?[:：]\s?(\d+)|(?<![\d:])(\d+)[:：](\d)(?![\d:])")
_EARLY = {
    "下午",
    "晚上",
    "傍晚",
    "午后",
    "夜间",
    "夜里",
}  # hours below 12 after these are in the second half of the day


def read(text: str) -> str:
    """Return ``text`` with times spoken in the twelve-hour way, and ratios as 几比几."""
    text = _RATIO.sub(lambda m: f"{m[1] or ''}{m[2] or ''}{cardinal(m[3] or m[5])}比{cardinal(m[4] or m[6])}", text)
    text = _RANGE.sub(_range, text)
    text = _SINGLE.sub(lambda m: _say(*_parts(m, 1)), text)
    return _SPOKEN.sub(_spoken, text)


def _parts(match: re.Match[str], place: int) -> tuple[str, int, int, str | None]:
    """Return (period, hour 0 to 24, minute, seconds)."""
    period, hour = match[f"period{place}"], int(match[f"hour{place}"])
    if period in _EARLY and hour < 12:
        hour += 12
    return period or _period(hour), hour, int(match[f"minute{place}"]), match[f"second{place}"]


def _range(match: re.Match[str]) -> str:
    first, second = _parts(match, 1), _parts(match, 2)
    if match["period1"] in _EARLY and not match["period2"] and second[1] < first[1]:
        second = (first[0], second[1] + 12, second[2], second[3])  # 下午1:30-5:30
    if not match["period2"] and second[0] == first[0]:
        second = ("", *second[1:])
    return f"{_say(*first)}到{_say(*second)}"


def _spoken(match: re.Match[str]) -> str:
    hour, minute = int(match["hour1"]), match["minute1"]
    period = match["period1"] or ""
    if period in _EARLY and hour < 12:
        hour += 12
    if not period and 13 <= hour < 24:
        period = _period(hour)
    spoken = _say(period, hour, int(minute or 0), None)
    return spoken + ("整" if match["whole"] else "")


def _say(period: str, hour: int, minute: int, second: str | None) -> str:
    if hour in (0, 24) and not minute:
        period = ""
    spoken = period + counted(str(hour - 12 if 12 < hour < 24 else hour)) + "点"
    if second and second != "00":
        return spoken + f"{cardinal(str(minute))}分{cardinal(second)}秒"
    if minute == 30:
        return spoken + "半"
    if minute:
        spoken += ("零" if minute < 10 else "") + cardinal(str(minute)) + "分"
    return spoken


def _period(hour: int) -> str:
    for limit, name in ((5, "凌晨"), (8, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上")):
        if hour < limit:
            return name
    return ""
