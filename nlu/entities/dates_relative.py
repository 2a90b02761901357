"""Resolve dates counted from today: day words, weeks, weekdays, distances."""

import re
from datetime import timedelta

from nlu.entities.calendar import add_months, monday, month_end
from nlu.entities.date_rules import Found, Rule, is_past, steps
from nlu.entities.numbers import SMALL, parse_int
from nlu.entities.types import Message
from nlu.resources import rows

_DAYS = {word: int(days) for word, days in rows("day_words.tsv")}
_WEEK_DAYS = {**{char: index for index, char in enumerate("一二三四五六日")}, "天": 6, "末": 5}
_WEEK_DAYS |= {str(index + 1): index for index in range(7)}
_PERIOD_IN_WORD = {"晚": "晚上", "夜": "晚上", "早": "上午"}
_UNITS = {"天": 1, "日": 1, "周": 7, "礼拜": 7, "星期": 7}


def _day_word(match: re.Match[str], message: Message) -> Found | None:
    word = re.sub(r"个$", "", match["w"]) if match["w"] not in _DAYS else match["w"]
    meta = {"period": _PERIOD_IN_WORD[word[-1]]} if word[-1] in _PERIOD_IN_WORD else {}
    return Found(message.today + timedelta(days=_DAYS[word]), meta=meta)


def _weekday(match: re.Match[str], message: Message) -> Found | None:
    which = _WEEK_DAYS[match["d"]]
    lead = match["lead"] or ""
    this = monday(message.today)
    shift = steps(lead)
    if lead.startswith("上") and lead.endswith("一"):
        shift = -1
    if shift:
        day = this + timedelta(weeks=shift, days=which)
    elif match["d"] == "末" and message.today.weekday() == 6:
        day = message.today
    else:
        day = this + timedelta(days=which)
        if is_past(message, match) and not lead:
            day -= timedelta(weeks=1) if day > message.today else timedelta()
        elif day < message.today:
            day += timedelta(weeks=1)
    meta: dict[str, object] = {"weekday": which + 1}
    if match["d"] == "末":
        meta["weekend"] = True
    if not lead:
        meta["bare"] = True
    return Found(day, meta=meta)


def _week(match: re.Match[str], message: Message) -> Found | None:
    lead = match["lead"]
    start = monday(message.today) + timedelta(weeks=steps(lead))
    return Found(start, start + timedelta(days=6))


def _distance(match: re.Match[str], message: Message) -> Found | None:
    unit, side = match["u"], match["side"]
    half = match["n"] == "半"
    count = 1 if half else parse_int(match["n"])
    if count is None:
        return None
    sign = -1 if side in ("前", "之前", "以前") else 1
    today = message.today
    if unit in _UNITS:
        if half:
            return None
        day = today + timedelta(days=sign * count * _UNITS[unit])
    elif unit in ("月", "个月"):
        extra = 15 if match["half"] or match["half0"] else 0
        day = today + timedelta(days=15 * sign) if half else add_months(today, sign * count)
        day += timedelta(days=sign * extra)
    else:
        day = add_months(today, sign * (6 if half else 12 * count))
    return Found(day, meta={"approximate": True} if half or match["half"] or match["half0"] else {})


def _ahead(match: re.Match[str], message: Message) -> Found | None:
    count = parse_int(match["n"])
    return None if count is None else Found(message.today + timedelta(days=count * _UNITS[match["u"]]))


def _recent(match: re.Match[str], message: Message) -> Found | None:
    today, unit = message.today, match["u"]
    half = match["n"] == "半"
    count = 1 if not match["n"] or half else parse_int(match["n"])
    if match["n"] == "几":
        count = 3
    if count is None:
        return None
    if unit in _UNITS:
        start = today - timedelta(days=count * _UNITS[unit])
    elif unit in ("月", "个月"):
        start = today - timedelta(days=15) if half else add_months(today, -count)
    else:
        start = add_months(today, -6 if half else -12 * count)
    return Found(start, today)


def _month_edge(match: re.Match[str], message: Message) -> Found | None:
    lead, edge, today = match["lead"] or "", match["e"], message.today
    base = add_months(today.replace(day=1), steps(lead))
    if match["m"]:
        number = parse_int(match["m"]) or 1
        base = today.replace(
            month=number, day=1, year=today.year + (number < today.month and not is_past(message, match))
        )
        lead = match["m"]
    if edge in ("底", "末"):
        return Found(month_end(base.year, base.month), meta={"approximate": True})
    day = base.replace(day=15 if edge == "中" else 1)
    if not lead and day < today and not is_past(message, match):
        day = add_months(day, 1)
    return Found(day, meta={"approximate": True})


def _year_edge(match: re.Match[str], message: Message) -> Found | None:
    year = message.today.year + {"今年": 0, "明年": 1, "去年": -1, None: 0}[match["lead"]]
    if match["e"] == "底":
        return Found(month_end(year, 12), meta={"approximate": True})
    start = message.today.replace(year=year, month=1, day=1)
    if not match["lead"] and start < message.today and not is_past(message, match):
        start = start.replace(year=year + 1)
    return Found(start, meta={"approximate": True})


_DAY_WORDS = "|".join(sorted(_DAYS, key=len, reverse=True))
RULES = [
    Rule(re.compile(rf"(?P<w>{_DAY_WORDS})(?![女童子生见动])(?!通)"), _day_word),
    Rule(
        re.compile(
            r"(?P<lead>大?(?:下|上)+(?:一)?(?:个)?|这(?:个)?|本|这一)?(?:周|礼拜|星期)(?P<d>[一二三四五六日天末1-6])"
            r"(?![\d一二三四五六七八九十]|年|到周[一-日]都|个)"
        ),
        _weekday,
    ),
    Rule(
        re.compile(
            r"(?P<lead>大?(?:下|上)+(?:一)?(?:个)?|这(?:一)?(?:个)?|本)(?:周|礼拜|星期)(?![一二三四五六日天末岁边围])"
        ),
        _week,
    ),
    Rule(
        re.compile(
            rf"(?:再)?(?:过)?(?P<n>{SMALL}|\d{{1,3}}|半)个?(?P<half0>半)?(?P<u>天|日|周|礼拜|星期|个?月|年)(?P<half>半)?"
            rf"(?P<side>之后|以后|后(?!天|儿|面|边)|之前|以前|前(?!天|儿|面|边|后))"
        ),
        _distance,
    ),
    Rule(re.compile(rf"(?:再)?过(?P<n>{SMALL})个?(?P<u>天|周|礼拜|星期)(?![后前以之内])"), _ahead),
    Rule(
        re.compile(rf"(?:最近|近|过去|这)(?P<n>{SMALL}|半|几)个?(?P<u>天|日|周|礼拜|星期|个?月|年)(?:内|里)?"), _recent
    ),
    Rule(
        re.compile(
            r"(?P<lead>大?(?:下|上)+(?:个)?|这(?:个)?|本)?(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])?月(?P<e>底|末|初|中)(?![旬心])"
        ),
        _month_edge,
    ),
    Rule(re.compile(r"(?P<lead>今年|明年|去年)?(?:(?<=年)|年)(?P<e>底|初)(?![一二三四五六七八九十中])"), _year_edge),
]
