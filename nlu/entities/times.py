"""Read times of day and the half of the day they belong to."""

import re

from nlu.entities.numbers import parse_int
from nlu.entities.types import Message
from nlu.resources import rows

PERIODS: dict[str, str] = {row[0]: row[1] for row in rows("periods.tsv")}
_SHORT = {"早": "上午", "晚": "晚上"}
_WORDS = "|".join(sorted(PERIODS, key=len, reverse=True))
_H = r"(?:2[0-4]|1\d|0?\d|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九])"
_M = r"(?:[0-5]\d|[零〇][一二三四五六七八九]|[二三四五]?十[一二三四五六七八九]?|[1-9](?=分)|[一二三四五六七八九](?=分))"
_AROUND = r"(?:来钟|多钟|钟|整|左右|来|多|前后|许)*"
_TIME = re.compile(
    rf"(?:(?P<p>{_WORDS}|(?<![明今昨后前])[早晚](?=[\d一二两三四五六七八九十]{{1,2}}[点时:：]))的?[,， ]?)?"
    rf"(?<![\d.:一二三四五六七八九十百点第])(?P<h>{_H})"
    rf"(?:[:：](?P<c>[0-5]\d)(?!\d)|(?:点|时(?![候间常刻]))(?P<rest>半|[一三]刻|过?(?P<m>{_M})分?(?![\d.])|))(?P<a>{_AROUND})"
    r"(?P<b>之前|以前|前|之后|以后|往后|后)?"
)
_PERIOD = re.compile(rf"(?P<p>{_WORDS})")
_EN = re.compile(r"(?<![A-Za-z\d])(?P<h>1[0-2]|0?[1-9])(?::(?P<m>[0-5]\d))?\s?(?P<x>am|pm)(?![A-Za-z])", re.IGNORECASE)
# 慢一点, 有点, 两点建议, 三点一 and 1.5个点 are no times.
_NOT_AFTER = re.compile(r"[建意要问理好原注儿子]|[零〇一二三四五六七八九\d]|个百分|(?:说明|不同|问题)")
_BEFORE_ONE = re.compile(r"(?:^|[去在来约改到于前后挪早晚天日号午周上就定是换,，。、\s])$")
_LITTLE = re.compile(r"(?:有|快|慢|早|晚|大声|高|低|多|少|往?[东西南北]|好|近|远|差)$")


def _to_24(hour: int, period: str | None) -> tuple[int, bool]:
    """Return the hour on a 24-hour clock and whether the afternoon was assumed."""
    if period in ("下午", "晚上"):
        if hour == 12:
            return (12, False) if period == "下午" else (0, False)
        if period == "晚上" and hour <= 3:
            return hour, False
        return (hour + 12, False) if hour < 12 else (hour % 24, False)
    if period == "中午":
        return (hour + 12, False) if hour in (1, 2) else (hour, False)
    if period is None and 1 <= hour <= 6:
        # Nobody books at three in the morning; counters are open from eight to six.
        return hour + 12, True
    return hour % 24, False


def _minute(match: re.Match[str]) -> int | None:
    if match["c"]:
        return int(match["c"])
    rest = match["rest"] or ""
    if not rest:
        return 0
    if rest == "半":
        return 30
    if rest.endswith("刻"):
        return 15 if rest[0] == "一" else 45
    return parse_int(match["m"].replace("零", "").replace("〇", "") or "0")


def _is_time(message: Message, match: re.Match[str]) -> bool:
    if match["c"] or match["rest"] or match["p"]:
        return True
    after = message.after(match.end(), 4)
    if _NOT_AFTER.match(after) and not match["a"] and not match["b"]:
        return False
    if re.search(r"(?:利率|百分|[\d一二三四五六七八九十]点?)$", message.before(match.start(), 4)):
        return False
    if match["h"] in ("一", "1") and not match["a"] and not match["b"]:
        left = message.before(match.start(), 4)
        expecting = message.expect in ("time", "event_time", "callback_after")
        return not _LITTLE.search(left) and (expecting or bool(_BEFORE_ONE.search(left)))
    return True


def _day_period(message: Message, position: int) -> str | None:
    """Return the period said just before the date or time (明晚八点)."""
    for entity in message.entities:
        if entity.type == "period" and 0 <= position - entity.end <= 1:
            return str(entity.value)
    return None


def extract_times(message: Message) -> None:
    """Add time and period entities."""
    for match in _TIME.finditer(message.text):
        if not message.free(*match.span()) or not _is_time(message, match):
            continue
        hour, minute = parse_int(match["h"]), _minute(match)
        if hour is None or minute is None or minute > 59 or hour > 24:
            continue
        said = _SHORT.get(match["p"], PERIODS.get(match["p"])) if match["p"] else _day_period(message, match.start())
        meta: dict[str, object] = {}
        hour24, assumed = _to_24(hour, said)
        if assumed and not match["c"]:
            meta["assumed"] = "下午"
        elif assumed:
            hour24 = hour if match["h"].startswith("0") else hour24
        if match["b"]:
            meta["bound"] = "before" if "前" in match["b"] else "after"
        if match["a"]:
            meta["approximate"] = True
        if match["p"]:
            message.add("period", said, *match.span("p"), claim=False)
        message.add("time", f"{hour24:02d}:{minute:02d}", *match.span(), meta=meta)
    for match in _EN.finditer(message.text):
        if message.free(*match.span()):
            hour = int(match["h"]) % 12 + (12 if match["x"].lower() == "pm" else 0)
            message.add("time", f"{hour:02d}:{match['m'] or '00'}", *match.span())
    for match in _PERIOD.finditer(message.text):
        if message.free(*match.span()) and not re.match(r"饭|班|夜市", message.after(match.end(), 2)):
            message.add("period", PERIODS[match["p"]], *match.span())
