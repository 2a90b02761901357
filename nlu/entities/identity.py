"""Check identity numbers (GB 11643: 18 digits with checksum, or the old 15)."""

from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(first, last + 1)
)


def checksum(first17: str) -> str:
    """Return the 18th character for the first 17 digits."""
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11]


def birth_date(number: str) -> date | None:
    """Return the date of birth that a number of 15 or 18 characters holds, or None if there is no such day."""
    text = number[6:14] if len(number) == 18 else "19" + number[6:12]
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def id_problem(number: str, today: date) -> str | None:
    """Say in plain Chinese what is wrong with an identity number, or None.

    >>> id_problem("11010519491231002X", date(2026, 1, 1)) is None
    True
    """
    if len(number) not in (15, 18):
        return f"身份证号位数不对，应该是18位，现在是{len(number)}位"
    if not number[:17].isdigit():
        return "身份证号前17位只能是数字"
    if number[:2] not in _PROVINCES:
        return "身份证号前两位的地区码不对"
    born = birth_date(number)
    if born is None:
        return "身份证号里的出生日期不存在"
    if not date(1890, 1, 1) <= born <= today:
        return "身份证号里的出生日期不对"
    if len(number) == 18 and checksum(number[:17]) != number[17]:
        return "身份证号校验码不对，请再核对一遍"
    return None


def upgrade(number: str) -> str:
    """Return the 18-character form of a 15-digit number."""
    first17 = number[:6] + "19" + number[6:]
    return first17 + checksum(first17)
