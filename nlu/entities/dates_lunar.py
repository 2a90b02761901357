"""Resolve lunar dates and festivals: 正月十五, 去年腊月, 大年初一, 国庆节后."""

import re
from datetime import timedelta

from nlu.entities.calendar import (
    first_day_after,
    holiday_names,
    holidays,
    lunar_to_solar,
    lunar_year,
    next_working_day,
)
from nlu.entities.date_rules import Found, Rule, is_past
from nlu.entities.numbers import parse_int
from nlu.entities.types import Message

_MONTHS = {"正月": 1, "冬月": 11, "十一月": 11, "腊月": 12, "十二月": 12, "二月": 2, "三月": 3, "四月": 4, "五月": 5}
_MONTHS |= {"六月": 6, "七月": 7, "八月": 8, "九月": 9, "十月": 10}
_YEARS = {"今年": 0, "明年": 1, "去年": -1, "前年": -2, "后年": 2}
_LUNAR_DAY = r"(?:初[一二三四五六七八九十]|(?:二十|十|廿)[一二三四五六七八九]|十|二十|三十)"
_LEAD = r"(?P<yw>今年|明年|去年|前年|后年)?的?"


def _lunar_day(match: re.Match[str], message: Message) -> Found | None:
    name = match["m"] or "正月"
    month, day = _MONTHS[name], parse_int((match["d"]).replace("初", ""))
    base = lunar_year(message.today)
    if day is None:
        return None
    if match["yw"]:
        solar = lunar_to_solar(base + _YEARS[match["yw"]], month, day)
        return Found(solar) if solar else None
    days = [one for one in (lunar_to_solar(base + shift, month, day) for shift in (-1, 0, 1)) if one]
    if is_past(message, match):
        return Found(max(one for one in days if one <= message.today), meta={"lunar": True})
    return Found(min(one for one in days if one >= message.today), meta={"lunar": True})


def _lunar_month(match: re.Match[str], message: Message) -> Found | None:
    month, base = _MONTHS[match["m"]], lunar_year(message.today)
    if match["yw"]:
        years = [base + _YEARS[match["yw"]]]
    else:
        years = [base - 1, base] if is_past(message, match) else [base, base + 1]
    for year in years if not is_past(message, match) else years[::-1]:
        start, last = lunar_to_solar(year, month, 1), lunar_to_solar(year, month, 30)
        if start is None or last is None:
            continue
        fits = start <= message.today if is_past(message, match) else last >= message.today
        if match["yw"] or fits:
            return Found(start, last, meta={"lunar_year": year, "lunar_month": month})
    return None


def _festival(match: re.Match[str], message: Message) -> Found | None:
    holiday = holiday_names()[match["h"]]
    side, today = match["side"] or "", message.today
    year = None
    if match["yw"]:
        base = lunar_year(today) if holiday.calendar in ("lunar", "eve") else today.year
        year = base + _YEARS[match["yw"]]
        if holiday.calendar == "lunar" and int(holiday.month) == 1 and lunar_year(today) != today.year:
            year += 1
    day = holiday.near(today, past=is_past(message, match), year=year)
    if day is None:
        return None
    meta: dict[str, object] = {"holiday": holiday.names[0]}
    if "前" in side:
        return Found(day - timedelta(days=1), meta=meta | {"approximate": True})
    if "后" in side or "过完" in match[0]:
        after, certain = first_day_after(holiday, day)
        # Asked during the holiday itself, 节后 means this one.
        if not certain:
            meta["approximate"] = True
        return Found(next_working_day(after) if "工作日" in side or "上班" in side else after, meta=meta)
    return Found(day, meta=meta)


def _after_holiday(match: re.Match[str], message: Message) -> Found | None:
    options = []
    for holiday in holidays():
        if not holiday.days_off:
            continue
        for day in (holiday.near(message.today), holiday.near(message.today, past=True)):
            if day is not None:
                after, certain = first_day_after(holiday, day)
                if after > message.today:
                    options.append((after, certain, holiday.names[0]))
    after, certain, name = min(options)
    meta: dict[str, object] = {"holiday": name} | ({} if certain else {"approximate": True})
    return Found(next_working_day(after) if "工作" in match[0] or "上班" in match[0] else after, meta=meta)


def _after_new_year(match: re.Match[str], message: Message) -> Found | None:
    holiday = holiday_names()["春节"]
    day = holiday.near(message.today)
    if day is None:
        return None
    after, certain = first_day_after(holiday, day)
    return Found(after, meta={"holiday": "春节"} | ({} if certain else {"approximate": True}))


_NAMES = "|".join(sorted(holiday_names(), key=len, reverse=True))
_AFTER = r"(?:之后|以后|过后|后|前)(?:第一天|头一天|第一个工作日|上班第一天|上班)?"
RULES = [
    Rule(re.compile(rf"{_LEAD}(?P<m>正月|腊月|冬月)(?P<d>{_LUNAR_DAY})"), _lunar_day),
    Rule(
        re.compile(rf"(?:农历|阴历|旧历){_LEAD}(?P<m>十一月|十二月|[正二三四五六七八九十腊冬]月)(?P<d>{_LUNAR_DAY})"),
        _lunar_day,
    ),
    Rule(re.compile(rf"{_LEAD}(?P<m>[二三四五六七八九十]月)(?P<d>初[一二三四五六七八九十])"), _lunar_day),
    Rule(re.compile(r"(?P<yw>)(?P<m>)(?:大年|年)(?P<d>初[一二三四五六七八九十])"), _lunar_day),
    Rule(re.compile(rf"{_LEAD}(?P<m>正月|腊月|冬月)(?:里|份)?"), _lunar_month),
    Rule(
        re.compile(r"过(?:完|了)年(?!底|初)(?:后|以后)?|(?<![一二两三四五六七八九十\d半今去明前])年后(?!天)"),
        _after_new_year,
    ),
    Rule(
        re.compile(rf"(?:过完|过了|等)?{_LEAD}(?P<h>{_NAMES})(?:假期|放假|长假|期间|当天|那天)?(?P<side>{_AFTER})?"),
        _festival,
    ),
    Rule(
        re.compile(r"(?<!季)(?:过完)?(?:节|假期)(?:之后|以后|过后|后)(?:第一天|头一天|第一个工作日|上班第一天|上班)?"),
        _after_holiday,
    ),
]
