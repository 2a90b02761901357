"""All other numbers: percentages, ranges, fractions, measures, counts, versions."""

from __future__ import annotations

import re

from voice.ear import tables
from voice.ear.numerals import NUMERAL, counted, number, one_by_one
from voice.ear.patterns import DASH, NOT_AFTER, NUMBER, TO

_UNITS = tables.pairs("units.tsv")
_UNIT = rf"(?:{tables.either(list(_UNITS))}(?![A-Za-z]))"
_COUNTER = rf"(?:(?!年级|日级|分之|点[零一二三四五六七八九\d]){tables.either(tables.words('counters.txt'))})"
_SCALE = r"[万亿千百]"
_SIGN = r"(?:(?<![\d\w）)])[-−])"
_CENT = {"%": "百分之", "‰": "千分之"}
_NEXT = rf"(?P<unit>{_UNIT})|(?P<scale>{_SCALE})|(?P<counter>{_COUNTER})"

_PERCENT_RANGE = re.compile(rf"{NOT_AFTER}({NUMBER})([%‰])?{TO}({NUMBER})([%‰])")
_PERCENT = re.compile(rf"(?<![\dA-Za-z.])(?:(?<![）)%])([-−]))?({NUMBER})\s?([%‰])")
_BELOW_ZERO = re.compile(
    rf"(?<![\dA-Za-z）)°度])[-−]({NUMBER})\s?(?=°|度|摄氏度|[~～至到]\s?[-−]?\d+\s?(?:°|度|摄氏度))"
)
_STEP = re.compile(r"第\s?(\d{1,2})\s?/\s?(\d{1,2})\s?([步项题页])")
_FRACTION = re.compile(rf"{NOT_AFTER}(?<!/)([1-9]\d?)/([2-9]|[1-9]\d)(?![\d/.元]|\s?(?:{_UNIT}|{_COUNTER}))")
_SIZE = re.compile(rf"({NUMBER})\s?({_UNIT}|寸|厘米|毫米|米)?\s?[×*xX✕]\s?(?={NUMBER}|[零一二两三四五六七八九])")
_VERSION = re.compile(
    r"(?<![\dA-Za-z.])[vV]?(\d+(?:\.\d+){2,})(?![\d.])|(?<![A-Za-z])[vV](\d+(?:\.\d+)?)(?![\dA-Za-z])"
)
_RANGE = re.compile(
    rf"{NOT_AFTER}({NUMBER})({_UNIT}|{_COUNTER}|{_SCALE})?{DASH}({NUMBER})(?!\s*[-–]\s*\d)\s?(?:{_NEXT})?"
)
_MEASURE = re.compile(rf"(?<!第){NOT_AFTER}({_SIGN})?({NUMBER})\s?(?P<some>多|余|来|几)?(?:{_NEXT})")
_NUMBER = re.compile(rf"({_SIGN})?({NUMBER})")
_SPOKEN = f"[{NUMERAL}]"
_SPOKEN_RANGE = re.compile(
    rf"((?:{_SPOKEN}|[年月日号点分半岁元角周]|摄氏度|[周期][一二三四五六日天])){DASH}"
    rf"(?=(?:次日|翌日|当日|第二天)?(?:上午|下午|中午|晚上|早上|凌晨|周|星期|百分之|零下|第)?{_SPOKEN}|周[日天])"
)
_PER_UNIT = re.compile(rf"(?<=[元角分次])\s?/\s?({_UNIT})")
_PER = re.compile(
    rf"({_SPOKEN}|(?<![A-Za-z])(?:万)?元|)((?:{tables.either(list(_UNITS.values()))}|{_COUNTER}|[元角分]))/(?=[A-Za-z\u3400-\u9fff])"
)


def read(text: str) -> str:
    """Return ``text`` without a digit left in it."""
    text = _PER_UNIT.sub(lambda m: f"每{_UNITS[m[1]]}", text)
    text = _STEP.sub(lambda m: f"第{number(m[1])}{m[3]}，共{counted(m[2])}{m[3]}", text)
    text = _VERSION.sub(lambda m: "点".join(one_by_one(part) for part in (m[1] or m[2]).split(".")), text)
    text = _PERCENT_RANGE.sub(_percent_range, text)
    text = _PERCENT.sub(lambda m: ("负" if m[1] else "") + _CENT[m[3]] + number(m[2]), text)
    text = _FRACTION.sub(_fraction, text)
    text = _SIZE.sub(lambda m: f"{number(m[1])}{_UNITS.get(m[2] or '', m[2] or '')}乘", text)
    text = _BELOW_ZERO.sub(lambda m: f"零下{number(m[1])}", text)
    text = _RANGE.sub(_range, text)
    text = _MEASURE.sub(_measure, text)
    text = _units_after_words(text)
    text = _NUMBER.sub(lambda m: ("负" if m[1] else "") + number(m[2]), text)
    text = _SPOKEN_RANGE.sub(r"\1到", text)
    return _PER.sub(r"\1\2每", text)


def _percent_range(match: re.Match[str]) -> str:
    first = _CENT[match[4]] + number(match[1])
    return f"{first}到{_CENT[match[4]] if match[2] else ''}{number(match[3])}"


def _fraction(match: re.Match[str]) -> str:
    if int(match[1]) >= int(match[2]):
        return f"{number(match[1])}或{number(match[2])}"
    return f"{number(match[2])}分之{number(match[1])}"


def _next(match: re.Match[str]) -> tuple[bool, str]:
    """Return whether 2 is 两 before what follows, and how that is said."""
    if match["unit"]:
        return True, _UNITS[match["unit"]]
    return bool(match["counter"] or match["scale"]), match["counter"] or match["scale"] or ""


def _range(match: re.Match[str]) -> str:
    count, after = _next(match)
    say = counted if count else number
    between = _UNITS.get(match[2] or "", match[2] or "")
    if between == after and between not in "万亿千百":
        between = ""
    first = say(match[1]) if match[1] != "2" or not count or int(float(match[3])) else number(match[1])
    return f"{first}{between}到{say(match[3])}{after}"


def _measure(match: re.Match[str]) -> str:
    count, after = _next(match)
    return ("负" if match[1] else "") + (counted if count else number)(match[2]) + (match["some"] or "") + after


def _units_after_words(text: str) -> str:
    """Give units their names where the number is in words already: 零下五°C."""
    pattern = rf"(?<=[{NUMERAL}])\s?({_UNIT})"
    return re.sub(pattern, lambda m: _UNITS[m[1]], text)
