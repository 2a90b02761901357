"""Telephone numbers and hotlines: digit by digit in the groups people use, 1 as 幺."""

from __future__ import annotations

import re

from voice.ear import tables
from voice.ear.codes import grouped
from voice.ear.numerals import as_code

_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)")
_LANDLINE = re.compile(
    r"(?<![\dA-Za-z-])[(（]?(0(?:10|2\d|[3-9]\d\d))[)）]?[-–— ]?(\d{3,4})[- ]?(\d{4})(?:(?:-|转)(\d{1,6}))?(?!\d)"
)
_SERVICE = re.compile(
    r"(?<![\d-])([48]00)[- ]?(\d{3})[- ]?(\d{4})(?!\d)|(?<![\d-])([48]00)[- ](\d{4})[- ](\d{3})(?!\d)"
)
_COUNTERS = tables.either(tables.words("counters.txt"))
_UNITS = tables.either(list(tables.pairs("units.tsv")))
# What follows a number that is an amount or a name of something else: 120人, 12345元, 110路, 120m².
_NO_COUNTER = (
    rf"(?![\d.:：%°]|,\d{{3}}|\s*(?:{_COUNTERS}|{_UNITS}(?![A-Za-z])"
    r"|号(?!码)|[路室级届楼栋期班元万亿千百余多年月日层平]|[-~～至到]\d))"
)
_KEYED = re.compile(
    r"((?:电话|热线|拨打|致电|传真|座机|手机号码?|手机|短号|分机|转拨|总机|拨)(?:号码)?(?:是|为|[:：\s])*+)"
    r"(\d{3,8}+)" + _NO_COUNTER
)
_HOTLINE = re.compile(
    rf"(?<![\d.A-Za-z第约共达近超¥$-]){tables.either(tables.words('hotlines.txt'))}(?:(?=处理|处置)|{_NO_COUNTER})"
)
_AREA_HOTLINE = re.compile(r"(?<!\d)(0\d{2,3})-(12\d{3}|9\d{4})(?!\d)")
_LISTED = re.compile(r"(?<=[零幺二三四五六七八九])([/、或和])(\d{3,8})(?![\d.])" + _NO_COUNTER)


def read(text: str) -> str:
    """Return ``text`` with every telephone number spoken."""
    text = _MOBILE.sub(lambda m: "，".join(as_code(part) for part in m.groups()), text)
    text = _SERVICE.sub(lambda m: "，".join(as_code(part) for part in m.groups() if part), text)
    text = _AREA_HOTLINE.sub(lambda m: f"{as_code(m[1])}，{as_code(m[2])}", text)
    text = _LANDLINE.sub(_landline, text)
    text = _KEYED.sub(lambda m: m[1] + grouped(m[2]), text)
    text = _HOTLINE.sub(lambda m: as_code(m[0]), text)
    return _LISTED.sub(lambda m: ("或" if m[1] == "/" else m[1]) + grouped(m[2]), text)


def _landline(match: re.Match[str]) -> str:
    area, first, last, extension = match.groups()
    spoken = f"{as_code(area)}，{as_code(first)}，{as_code(last)}"
    return spoken + (f"，转{as_code(extension)}" if extension else "")
