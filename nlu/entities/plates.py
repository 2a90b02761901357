"""Read vehicle plates, ordinary (鲁Q12345) and new-energy (鲁QD12345)."""

import re

from nlu.entities.numbers import spoken_digits
from nlu.entities.types import Message

_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_BODY = r"[A-Za-z0-9零〇一幺二三四五六七八九拐]"
_PLATE = re.compile(
    rf"(?P<p>[{_PROVINCE}])(?P<c>[A-Za-z])[·\-\s.]{{0,2}}(?P<b>{_BODY}(?:[\s\-]?{_BODY}){{2,7}})(?P<s>[挂学警])?"
)
_BARE = re.compile(r"(?<![A-Za-z0-9])(?P<c>[A-Za-z])[·\-\s.]?(?P<b>[A-Za-z0-9]{5,6})(?![A-Za-z0-9])")
_NEW_ENERGY = re.compile(r"[A-HJK][A-HJ-NP-Z0-9]\d{4}|\d{5}[A-HJK]")


def plate_problem(city: str, body: str, suffix: str = "") -> str | None:
    """Say in plain Chinese what is wrong with a plate without its province, or None."""
    wanted = 4 if suffix else 5
    if "I" in city + body or "O" in city + body:
        return "车牌里没有字母I和O，请看看是不是数字1或0"
    if len(body) == wanted or (len(body) == 6 and not suffix and _NEW_ENERGY.fullmatch(body)):
        return None
    if len(body) == 6:
        return "新能源车牌格式不对，请再核对一遍"
    return f"车牌号位数不对，省份简称后面应该是6位（新能源7位），现在是{len(body) + 1}位"


def extract_plates(message: Message) -> None:
    """Find plates."""
    for match in _PLATE.finditer(message.text):
        body = spoken_digits(re.sub(r"[\s\-]", "", match["b"])).upper()
        city, suffix = match["c"].upper(), match["s"] or ""
        value = match["p"] + city + body + suffix
        message.add("plate", value, *match.span(), problem=plate_problem(city, body, suffix))
    if message.expect == "plate" and not message.has("plate"):
        for match in _BARE.finditer(message.text):
            value = (match["c"] + match["b"]).upper()
            message.add("plate", value, *match.span(), problem="车牌号缺省份简称，比如“鲁”")
