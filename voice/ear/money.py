"""Amounts of money: ¥1,234.50 → 一千二百三十四元五角."""

from __future__ import annotations

import re

from voice.ear.numerals import counted, number
from voice.ear.patterns import DASH, NUMBER

_SCALE = r"(?:万|亿|千|百|万亿|千万|百万)"
_YUAN = r"(?:元|圆)(?!月|旦|素|件|老|首)"
_SIGN = r"(?:人民币\s?¥?|RMB\s?¥?|CNY\s?|¥\s?)"
_MANY = r"(?P<many>多|余|来)?"
_RANGE = re.compile(
    rf"(?<![\d.A-Za-z])(?P<sign>{_SIGN})?(?P<a>{NUMBER})(?P<sa>{_SCALE})?(?:元)?{DASH}(?:¥\s?)?(?P<b>{NUMBER})(?P<sb>{_SCALE})?(?P<yuan>{_YUAN})?"
)
_SIGNED = re.compile(rf"(?P<minus>[-−+])?(?P<sign>{_SIGN})(?P<a>{NUMBER})\s?(?P<sa>{_SCALE})?{_MANY}(?:{_YUAN})?")
_PLAIN = re.compile(
    rf"(?<![\dA-Za-z.])(?P<minus>[-−])?(?P<a>{NUMBER})\s?{_MANY}(?P<sa>{_SCALE})?(?P<more>多|余)?\s?{_YUAN}"
)
_FOREIGN = re.compile(rf"(HK\$|US\$|\$|€|£|￡)\s?({NUMBER})\s?({_SCALE})?")
_NAMES = {"HK$": "港元", "US$": "美元", "$": "美元", "€": "欧元", "£": "英镑", "￡": "英镑"}
_SIGNS = {"-": "负", "−": "负", "+": "加"}


def read(text: str) -> str:
    """Return ``text`` with amounts in yuan, jiao and fen."""
    text = _RANGE.sub(_range, text)
    text = _SIGNED.sub(_signed, text)
    text = _PLAIN.sub(_plain, text)
    return _FOREIGN.sub(lambda m: f"{counted(m[2])}{m[3] or ''}{_NAMES[m[1]]}", text)


def amount(text: str, scale: str = "", many: str = "") -> str:
    """Return ``text`` yuan in words: ``12.50`` → 十二元五角, ``0.5469`` → 零点五四六九元, ``1.5``, 万 → 一点五万元."""
    whole, _, decimals = text.replace(",", "").partition(".")
    if scale or many or len(decimals) > 2:
        return f"{counted(text)}{scale}{many}元"
    jiao, fen = (int(digit) for digit in f"{decimals:0<2}")
    spoken = f"{counted(whole)}元" if int(whole) or not (jiao or fen) else ""
    if jiao:
        spoken += counted(str(jiao)) + "角"
    elif fen and spoken:
        spoken += "零"
    return spoken + (f"{counted(str(fen)) if not spoken else number(str(fen))}分" if fen else "")


def _range(match: re.Match[str]) -> str:
    if not match["sign"] and not match["yuan"]:
        return match[0]
    first, second = match["a"], match["b"]
    upper = amount(second, match["sb"] or "")
    if "." in first and not match["sa"] and not match["sb"]:
        return f"{amount(first)}到{upper}"
    return f"{counted(first)}{match['sa'] or ''}到{upper}"


def _signed(match: re.Match[str]) -> str:
    currency = "人民币" if match["sign"].startswith("人民币") else ""
    return _SIGNS.get(match["minus"], "") + currency + amount(match["a"], match["sa"] or "", match["many"] or "")


def _plain(match: re.Match[str]) -> str:
    scale = (match["many"] or "") + (match["sa"] or "")
    return _SIGNS.get(match["minus"], "") + amount(match["a"], scale, match["more"] or "")
