"""Digits to Chinese numerals: as an amount (三百五十) or one by one (三五零, with 幺 for 1 in codes)."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"
CODE_DIGITS = "零幺二三四五六七八九"
NUMERAL = DIGITS + "两十百千万亿"  # every character a spoken amount may hold, besides 点 and 负
_SECTIONS = ("", "万", "亿", "万亿")
LONGEST_AMOUNT = 16  # digits


def one_by_one(digits: str) -> str:
    """Return the digits of a year or a decimal: ``2026`` → 二零二六."""
    return "".join(DIGITS[int(digit)] for digit in digits)


def as_code(digits: str) -> str:
    """Return the digits of a telephone or account number: ``110`` → 幺幺零."""
    return "".join(CODE_DIGITS[int(digit)] for digit in digits)


def cardinal(digits: str) -> str:
    """Return a whole number in words: ``2200`` → 两千两百, ``102`` → 一百零二."""
    if len(digits) > LONGEST_AMOUNT:
        return one_by_one(digits)
    value = int(digits)
    if value == 0:
        return "零"
    words = ""
    gap = False
    for power in range(len(_SECTIONS) - 1, -1, -1):
        section = value // 10_000**power % 10_000
        if section == 0:
            gap = bool(words)
            continue
        if words and (gap or section < 1000):
            words += "零"
        words += ("两" if section == 2 and power and not words else _section(section)) + _SECTIONS[power]
        gap = False
    return words[1:] if words.startswith("一十") else words


def number(text: str) -> str:
    """Return a number as written, with sign, separators and decimals: ``-1,234.5`` → 负一千两百三十四点五."""
    sign = "负" if text[:1] in "-−" else ""
    whole, _, decimals = text.lstrip("-−+").replace(",", "").partition(".")
    return sign + cardinal(whole) + (f"点{one_by_one(decimals)}" if decimals else "")


def counted(text: str) -> str:
    """Return a number before a counter, where 2 is 两."""
    return "两" if text == "2" else number(text)


def _section(value: int) -> str:
    """Return 1 to 9999 in words."""
    words = ""
    gap = False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // unit % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + ("两" if digit == 2 and unit >= 100 else DIGITS[digit]) + name
        gap = False
    return words
