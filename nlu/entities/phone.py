"""Check telephone numbers of the mainland."""

import re

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}")
_LOCAL = re.compile(r"[2-8]\d{6,7}")


def strip_country(digits: str) -> str:
    """Drop the country code 86 or 0086 before a mobile number."""
    return re.sub(r"^(?:0086|86)(?=1[3-9]\d{9}$)", "", digits)


def is_mobile(digits: str) -> bool:
    """Tell whether this is a mobile number."""
    return bool(_MOBILE.fullmatch(digits))


def is_landline(digits: str) -> bool:
    """Tell whether this is a fixed-line number with its area code."""
    return bool(_LANDLINE.fullmatch(digits))


def phone_problem(digits: str) -> str | None:
    """Say in plain Chinese what is wrong with a telephone number, or None."""
    if is_mobile(digits) or is_landline(digits) or _LOCAL.fullmatch(digits):
        return None
    if digits.startswith("0") and len(digits) != 11:
        return f"座机号位数不对，区号加号码应该是11或12位，现在是{len(digits)}位"
    if len(digits) != 11:
        return f"手机号位数不对，应该是11位，现在是{len(digits)}位"
    return "手机号号段不对，请再核对一遍"
