"""Dates as they are said: 2026-11-25 → 二零二六年十一月二十五日."""

from __future__ import annotations

import re

from voice.ear.numerals import cardinal, one_by_one
from voice.ear.patterns import DASH, TO

_FULL = re.compile(
    r"(?<![\d-])((?:19|20)\d\d)\s?([-/.])\s?(0?[1-9]|1[0-2])\2\s?(0?[1-9]|[12]\d|3[01])(?![\d/]|-\d)(?:T(?=\d))?"
)
_MONTH = re.compile(r"(?<![\d-])((?:19|20)\d\d)[-/](0[1-9]|1[0-2])(?![\d/]|-\d)")
_YEARS = re.compile(rf"(?<!\d)((?:19|20)\d\d)(年|学年)?{TO}((?:19|20)\d\d)(?=\s?(?:学年|年))")
_YEAR = re.compile(r"(?<![\d.,])((?:19|20)\d\d)\s?(?=年|届|级|版|学年|财年)")
_DAY = re.compile(r"(?<![\d/.])(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])(?=\s*[（(]?(?:周|星期))")
_WEEKDAY = re.compile(r"(周|星期)([1-7])(?!\d|[-~年岁个天次月])")
_SHORT_MONTH = re.compile(r"(?<!\d)0([1-9])(?=月(?!份?内)|日|号)")
_DAYS = re.compile(rf"(\d{{1,2}})月(\d{{1,2}}){DASH}(\d{{1,2}})(?=[日号])")


def read(text: str) -> str:
    """Return ``text`` with written dates spoken; 11月25日 is left to the rule for numbers."""
    text = _FULL.sub(lambda m: f"{one_by_one(m[1])}年{cardinal(m[3])}月{cardinal(m[4])}日", text)
    text = _MONTH.sub(lambda m: f"{one_by_one(m[1])}年{cardinal(m[2])}月", text)
    text = _YEARS.sub(lambda m: f"{one_by_one(m[1])}{m[2] or ''}到{one_by_one(m[3])}", text)
    text = _YEAR.sub(lambda m: one_by_one(m[1]), text)
    text = _DAY.sub(lambda m: f"{cardinal(m[1])}月{cardinal(m[2])}日", text)
    text = _WEEKDAY.sub(lambda m: m[1] + ("日" if m[2] == "7" else cardinal(m[2])), text)
    text = _DAYS.sub(lambda m: f"{cardinal(m[1])}月{cardinal(m[2])}日到{cardinal(m[3])}", text)
    return _SHORT_MONTH.sub(r"\1", text)
