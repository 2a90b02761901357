"""Numbers that are names: plates, ID and account numbers, receipts, document numbers, rooms."""

from __future__ import annotations

import re

from voice.ear import tables
from voice.ear.numerals import as_code, cardinal, one_by_one
from voice.ear.patterns import CJK

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"
_COUNTER = tables.either(tables.words("counters.txt"))
_PLATE = re.compile(rf"([{_PROVINCES}])\s?([A-Z])[·•\s-]?([A-Z0-9]{{4,5}}[A-Z0-9学警港澳挂领])(?![A-Za-z0-9])")
_MASKED = re.compile(r"(?<![A-Za-z0-9])(\d{1,6})([*×•●]{2,}|[xX]{3,})(\d{1,6}[Xx]?)(?![A-Za-z0-9])|(\d{2,6})\*{3,}")
_ID = re.compile(r"(?<![A-Za-z0-9])(\d{6})(\d{4})(\d{4})(\d{3}[\dXx])(?![A-Za-z0-9])")
_DOCUMENT = re.compile(r"[〔\[（(]((?:19|20)\d\d)[〕\]）)]\s*第?(\d+)号")
_CASE = re.compile(rf"[〔\[（(]((?:19|20)\d\d)[〕\]）)]([{_PROVINCES}最])(\d{{2,4}})(?=[民刑行执破赔])")
_ROOM = re.compile(
    r"(?<=[楼元座栋幢号层区])\s?(?<!\d)(\d{3,4})(?=[室房户]|$|[，。；、)）\s])|(?<![\d.])(\d{3,4})(?=室|房间)"
)
_DOOR = re.compile(r"(?<![\d-])(\d{1,3})-(\d{1,3})-(\d{3,4})(?![\d-])")
_ROUTE = re.compile(r"(?<![\dA-Za-z.第])(\d{3,4})(?=路(?:公交|车|线|$|[，。、；到在能经]))")
_MIXED = re.compile(r"(?<![A-Za-z0-9.])(?=[A-Z0-9-]*[A-Z])(?=[A-Z-]*\d)[A-Z0-9]+(?:-[A-Z0-9]+)*+(?![A-Za-z0-9.%])")
_LONG = re.compile(
    rf"(?<![\d,.A-Za-z¥$€])(?:\d{{7,}}|0\d+)(?![\d.A-Za-z]|,\d{{3}}|\s?(?:{_COUNTER}|[元万亿]))|(?<!\d)\d{{17,}}(?!\d)"
)
_SPACED = re.compile(r"(?<!\d)\d{4}(?:[ -]\d{4}){2,4}(?:[ -]\d{1,4})?(?!\d)")
_KEYED = re.compile(
    tables.either(tables.words("code_words.txt"))
    + r"(?:(?:是|为|尾号为)|[:：\s])*+(?P<code>[A-Za-z]{0,4}\d[\dA-Za-z]*+(?:-[\dA-Za-z]+)*+)(?![.:：]\d)"
    + rf"(?!\s*(?:{_COUNTER}|位|元|%|[-~至到]\d))"
)


def read(text: str) -> str:
    """Return ``text`` with every code read character by character."""
    text = re.sub(r"(?<=\d)#(?!\d)", "号", text)
    text = _CASE.sub(lambda m: f"，{one_by_one(m[1])}，{m[2]}{as_code(m[3])}", text)
    text = _DOCUMENT.sub(lambda m: f"，{one_by_one(m[1])}，{cardinal(m[2])}号", text)
    text = _ID.sub(lambda m: "，".join(spell(part) for part in m.groups()), text)
    text = _DOOR.sub(lambda m: f"{cardinal(m[1])}杠{cardinal(m[2])}杠{as_code(m[3])}", text)
    text = _KEYED.sub(lambda m: m[0][: m.start("code") - m.start()] + grouped(m["code"]), text)
    text = _SPACED.sub(lambda m: "，".join(as_code(part) for part in re.split("[ -]", m[0])), text)
    text = _MIXED.sub(_mixed, text)
    text = _ROOM.sub(lambda m: as_code(m[1] or m[2]), text)
    text = _ROUTE.sub(lambda m: as_code(m[1]), text)
    return _LONG.sub(lambda m: m[0] if len(m[0]) < 9 and m[0].endswith("0000") else grouped(m[0]), text)


def plates(text: str) -> str:
    """Read number plates; before telephone numbers, which they may resemble."""
    return _PLATE.sub(lambda m: f"{m[1]}{m[2]}，{spell(m[3])}", text)


def spell(code: str) -> str:
    """Return letters and digits one by one, letters apart: ``AB12学`` → A B幺二学."""
    spoken = "".join(as_code(char) if char.isdigit() else char.upper() for char in code)
    return re.sub(r"(?<=[A-Z])(?=[A-Z])", " ", spoken)


def grouped(code: str) -> str:
    """Return a code in groups that can be followed: letters, then digits by the habit for their number."""
    if len(code) == 18 and code.isalnum() and re.search(r"\d[A-Za-z]+\d", code):  # unified social credit code
        return "，".join(spell(code[start : start + size]) for start, size in ((0, 4), (4, 4), (8, 4), (12, 6)))
    spoken = []
    for part in re.findall(r"\d+|[A-Za-z]+", code):
        spoken.append("，".join(as_code(group) for group in _groups(part)) if part.isdigit() else spell(part))
    joined = ""
    for place, part in enumerate(spoken):
        # A letter stays with short digits (A零幺二); long runs are set apart.
        apart = place and ("，" in part or "，" in spoken[place - 1] or "-" in code)
        joined += ("，" if apart else "") + part
    return joined


def _groups(digits: str) -> list[str]:
    habits = {6: (3, 3), 7: (3, 4), 8: (4, 4), 9: (3, 3, 3), 10: (3, 3, 4), 11: (3, 4, 4), 18: (6, 4, 4, 4)}
    if len(digits) <= 5:
        return [digits]
    if len(digits) > 8 and re.match(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", digits) and len(digits) != 18:
        return [digits[:4], digits[4:8], *_groups(digits[8:])]  # a receipt that begins with its date
    sizes = habits.get(len(digits)) or [4] * (len(digits) // 4)
    groups, start = [], 0
    for size in sizes:
        groups.append(digits[start : start + size])
        start += size
    if rest := digits[start:]:
        groups = [*groups[:-1], groups[-1] + rest] if len(rest) == 1 else [*groups, rest]
    return groups


def masked(text: str) -> str:
    """Read 138****1234 with its hidden part named; before Markdown, which would take the stars for bold."""
    return _MASKED.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    if match[4]:
        return f"{spell(match[4])}，后面的隐藏"
    return f"{spell(match[1])}，中间{cardinal(str(len(match[2])))}位隐藏，{spell(match[3])}"


def _mixed(match: re.Match[str]) -> str:
    code = match[0]
    digits = sum(char.isdigit() for char in code)
    if re.fullmatch(r"\d+[A-Z]{1,3}", code) or (digits < 3 and len(code) < 8):
        return code  # 100MB, A4, K52: read by other rules
    return grouped(code)


_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤庄相密解葛殷季"
)
_NAME = re.compile(
    rf"(?:(?<![{CJK}])([{CJK}])|([{_SURNAMES}]))(\*{{1,3}})(?=$|先生|女士|同志|老师|师傅|[，。、；：（）(),\s的])"
)


def masked_names(text: str) -> str:
    """Read 张* as 张某 and 李** as 李某某; only after the Markdown is gone."""
    return _NAME.sub(lambda m: (m[1] or m[2]) + "某" * min(2, len(m[3])), text)
