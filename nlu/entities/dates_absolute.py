"""Resolve dates with a month, a day or a year, and named months."""

import re
from datetime import date

from nlu.entities.calendar import add_months, make_date
from nlu.entities.date_rules import Found, Rule, is_past, steps
from nlu.entities.numbers import DAY, MONTH, parse_int, spoken_digits
from nlu.entities.types import Message

_YEAR_WORDS = {
    "今年": 0,
    "本年": 0,
    "当年": 0,
    "明年": 1,
    "后年": 2,
    "去年": -1,
    "前年": -2,
    "大前年": -3,
    "上年": -1,
    "来年": 1,
}
_YEAR = (
    r"(?:(?P<y>(?:19|20)\d\d|\d\d(?=年)|[一二][零〇九][零〇一二三四五六七八九]{2}|[零〇一二三四五六七八九]{2}(?=年))年?"
    r"|(?P<yw>今年|本年|明年|后年|大前年|前年|去年|来年))的?"
)
_NOT_A_DAY = r"(?![楼线门窗院路桌库厅床馆井池桥机车柜台矿店座公栋室仓电]|岗)"


def _year(match: re.Match[str], message: Message) -> int | None:
    groups = match.groupdict()
    if groups.get("yw"):
        return message.today.year + _YEAR_WORDS[groups["yw"]]
    if groups.get("y"):
        figures = spoken_digits(groups["y"])
        year = int(figures)
        if len(figures) == 2:
            year += 2000 if year <= message.today.year % 100 + 10 else 1900
        return year
    return None


def _wrong(month: int, day: int) -> Found:
    return Found(problem=f"没有{month}月{day}日这一天")


def _nearest(message: Message, match: re.Match[str], month: int, day: int) -> Found:
    """Choose the year of a month and day: ahead, unless the words say that it is over."""
    today = message.today
    years = (today.year, today.year - 1) if is_past(message, match) else (today.year, today.year + 1)
    options = [found for found in (make_date(year, month, day) for year in years) if found]
    if not options:
        # 29 February may be some years off.
        options = [found for found in (make_date(today.year + ahead, month, day) for ahead in range(5)) if found]
        if not options:
            return _wrong(month, day)
    if is_past(message, match):
        return Found(max((one for one in options if one <= today), default=options[0]))
    return Found(min((one for one in options if one >= today), default=options[-1]))


def _month_day(match: re.Match[str], message: Message) -> Found | None:
    month, day = parse_int(match["m"]), parse_int(match["d"])
    if month is None or day is None or not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    year = _year(match, message)
    if year is None:
        return _nearest(message, match, month, day)
    found = make_date(year, month, day)
    return Found(found) if found else _wrong(month, day)


def _figures(match: re.Match[str], message: Message) -> Found | None:
    year = int(match["y"]) if match["y"] else None
    month, day = int(match["m"]), int(match["d"])
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    if year is None:
        return _nearest(message, match, month, day)
    found = make_date(year, month, day)
    return Found(found) if found else _wrong(month, day)


def _compact(match: re.Match[str], message: Message) -> Found | None:
    if not (message.expect or "").endswith("date"):
        return None
    found = make_date(int(match["y"]), int(match["m"]), int(match["d"]))
    return Found(found) if found else None


def _relative_month_day(match: re.Match[str], message: Message) -> Found | None:
    lead, day = match["lead"], parse_int(match["d"])
    base = add_months(message.today.replace(day=1), steps(lead))
    found = make_date(base.year, base.month, day or 0)
    return Found(found) if found else _wrong(base.month, day or 0)


def _day_only(match: re.Match[str], message: Message) -> Found | None:
    day, today = parse_int(match["d"]), message.today
    if day is None or not 1 <= day <= 31:
        return None
    step = -1 if is_past(message, match) else 1
    for months in range(4):
        first = add_months(today.replace(day=1), months * step)
        found = make_date(first.year, first.month, day)
        if found and (found <= today if step < 0 else found >= today):
            return Found(found)
    return None


def _relative_month(match: re.Match[str], message: Message) -> Found | None:
    lead = match["lead"]
    return Found(add_months(message.today.replace(day=1), steps(lead)), month=True)


def _named_month(match: re.Match[str], message: Message) -> Found | None:
    month, year, today = parse_int(match["m"]), _year(match, message), message.today
    if month is None or not 1 <= month <= 12:
        return None
    if year is None:
        # Said without a year, a month is of this year; in winter 十二月 is the one just gone.
        year = today.year
        if month > today.month and (message.past or is_past(message, match) or (today.month <= 2 and month >= 10)):
            year -= 1
    return Found(date(year, month, 1), month=True)


def _year_month(match: re.Match[str], message: Message) -> Found | None:
    month = int(match["m"])
    return Found(date(int(match["y"]), month, 1), month=True) if 1 <= month <= 12 else None


RULES = [
    Rule(
        re.compile(rf"(?:{_YEAR})?(?P<m>{MONTH})月份?的?(?P<d>{DAY})(?:[号日]|(?![\d天个点岁一二三四五六七八九十百]))"),
        _month_day,
    ),
    Rule(
        re.compile(r"(?<![\d.\-/])(?P<y>(?:19|20)\d\d)(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?![\d\-/]|\.\d)"),
        _figures,
    ),
    Rule(re.compile(r"(?<![\d.\-/])(?P<y>)(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12]\d|0?[1-9])(?![\d\-/])"), _figures),
    Rule(re.compile(r"(?<![\d.\-/])(?P<y>)(?P<m>1[0-2]|0[1-9])-(?P<d>3[01]|[12]\d|0[1-9])(?![\d\-/])"), _figures),
    Rule(re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-2]\d|3[01])(?!\d)"), _compact),
    Rule(re.compile(rf"(?P<lead>大?(?:下|上)+(?:个)?|这个?|本|当)月的?(?P<d>{DAY})[号日]"), _relative_month_day),
    Rule(re.compile(rf"(?<![月\d一二三四五六七八九十百户第星期周])(?P<d>{DAY})[号]{_NOT_A_DAY}"), _day_only),
    Rule(
        re.compile(rf"(?<![月\d一二三四五六七八九十百第])(?P<d>{DAY})日(?=[上下早晚]|[,，。]|$|前|之前|去)"), _day_only
    ),
    Rule(
        re.compile(r"(?P<lead>大?(?:下|上)+一?个?|这个?|本|当)月(?:份)?(?![底末初中\d一二三四五六七八九十])"),
        _relative_month,
    ),
    Rule(
        re.compile(
            rf"(?<![\d个一二三四五六七八九十半几])(?:{_YEAR})?(?P<m>{MONTH})月(?:份)?(?![\d一二三四五六七八九十初底末中])"
        ),
        _named_month,
    ),
    Rule(re.compile(r"(?<![\d\-/])(?P<y>20\d\d)[-/.](?P<m>0[1-9]|1[0-2])(?![\d\-/])"), _year_month),
]
