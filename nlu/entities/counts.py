"""Read how many: people, children, households, things, years and lengths of time."""

import re

from nlu.entities.numbers import SMALL, parse_int, parse_number, tidy_number
from nlu.entities.types import Message

_N = rf"(?:\d{{1,4}}|[一二两三四五六七八九]?[十百][一二三四五六七八九十]*|{SMALL})"
_CHILD = r"(?:小孩子?|孩子|儿童|小朋友|娃娃|娃|未成年人?|学生|闺女|儿子)"
_ADULT = r"(?:大人|成年人|成人|老人|老的)"
_PERSON = r"(?:人(?!民|工|员证|行)|大活人|人员|口人|口子(?!井))"
# 大人两个小孩一个: the number follows what it counts.
_EACH = re.compile(rf"{_ADULT}(?P<a>{SMALL})[个位名]?[,，、]?(?P<young>{_CHILD}(?P<c>{SMALL})(?:[个位名]|$))")
# Not after a numeral: 七八个人 is no number yet.
_PEOPLE = re.compile(
    rf"(?<![一二两三四五六七八九])(?P<n>{_N})\s?(?:个|位|名|口)?(?P<k>{_CHILD}|{_ADULT}|{_PERSON})(?!次|均|证|工)"
    rf"|一家(?P<f>{SMALL})口"
    rf"|(?P<self>(?:就|只有|只)?[我俺](?:自己|本人|自个儿?|一个人)(?:去|来|一个人|$|[,，。]))"
    rf"|(?:[我俺咱你恁他她]们?|爷|娘|姊妹|兄弟|夫妻|两口子)(?P<pair>俩|仨|[三四五六七八九]个(?![月小星半]))(?=$|[,，。去来一都])"
)
_COUPLE = re.compile(
    r"两口子|夫妻俩|老两口|我们俩|俺俩|我俩|咱俩|我们两个|俺们俩|我和(?:我)?(?:爱人|媳妇|对象|老公|老婆|老伴)"
)
_TOTAL = re.compile(
    rf"(?:总共|一共|共计|拢共|统共|合计|加起来|共)(?:是|有)?(?P<n>{_N})(?P<u>个|位|人|口)?(?:人)?(?=$|[,，。！!去来了吧])"
)
_HOUSEHOLDS = re.compile(r"(?P<n>\d{1,5}|[一二两三四五六七八九十百千]+)(?:来|多)?户(?!口|号|籍|主|型|头|外)")
_THINGS = re.compile(
    rf"(?P<r>又来|再加|还有|多了|少了|加)?(?<![一二两三四五六七八九十百\d])(?P<n>{_N})(?P<u>个|位|名|张|份|本|套|件|辆|笔|次|间|台|盒|只|棵|条|项|处|车)(?P<end>了|吧|$|[,，。])"
)
_MORE = re.compile(r"(?P<r>又来|再加|再来|加|又添|少|减)(?P<n>俩|仨|[一二两三四五六七八九十]个)")
_YEARS = re.compile(
    rf"(?<![\d第初])(?P<n>\d{{1,2}}|{SMALL}|半)(?:整)?年(?:期|的)?(?P<half>半)?(?![月\d初级前后龄代份检审底度]|以[前后])"
)
_DURATION = re.compile(
    rf"(?<![第\d周期拜上下这本])(?P<n>\d{{1,3}}(?:\.\d)?|{SMALL}|半)(?P<x>来|多)?(?P<ge>个)?(?P<half0>半)?"
    rf"(?P<u>小时|钟头|分钟|刻钟|天|日|周|礼拜|星期|月|年)(?P<half>半)?(?![后前份初底]|[以之][后前]|[一二三四五六日天末](?![个]))"
)
_UNIT = {"小时": "hour", "钟头": "hour", "分钟": "minute", "刻钟": "quarter", "天": "day", "日": "day", "周": "week"}
_UNIT |= {"礼拜": "week", "星期": "week", "月": "month", "年": "year"}
_STARS = re.compile(
    r"(?:(?P<full>满分|五星好评|十分满意)|(?P<n>[1-5一二两三四五])(?:颗|个)?(?:分|星)(?![钟之])(?:好评)?)"
)


def _is_people_word(message: Message) -> bool:
    return message.expect in ("people", "count", "number")


def extract_people(message: Message) -> None:
    """Add people (everyone coming) and children (how many of them)."""
    adults = children = 0
    total: tuple[int, int, int] | None = None
    first = last = -1
    for match in _EACH.finditer(message.text):
        grown, young = parse_int(match["a"]), parse_int(match["c"])
        if grown is not None and young is not None:
            message.add("people", grown + young, *match.span())
            message.add("children", young, *match.span("young"))
            return
    for match in _PEOPLE.finditer(message.text):
        if not message.free(*match.span()):
            continue
        kind = match["k"] or ""
        number = 1 if match["self"] else parse_int(match["n"] or match["f"] or (match["pair"] or "").rstrip("个"))
        if number is None:
            continue
        if kind and re.fullmatch(_CHILD, kind):
            children += number
            message.add("children", number, *match.span())
        elif kind == "人" and message.after(match.end(), 2) in ("以上", "以下"):
            continue
        else:
            adults += number
            message.claim(*match.span())
        first, last = (match.start() if first < 0 else first), match.end()
        if not (kind and re.fullmatch(_CHILD + "|" + _ADULT, kind)):
            total = (number, *match.span())
    for match in _TOTAL.finditer(message.text):
        number = parse_int(match["n"])
        peopled = adults or children or match["u"] or _is_people_word(message) or match["n"] in ("俩", "仨")
        if number is not None and peopled and message.free(*match.span("n")):
            total = (number, *match.span())
            message.claim(*match.span())
    if total:
        message.add("people", total[0], total[1], total[2])
    elif adults:
        message.add("people", adults + children, first, last)
    elif not children:
        couple = _COUPLE.search(message.text)
        if couple and message.free(*couple.span()):
            message.add("people", 2, *couple.span())


def extract_counts(message: Message) -> None:
    """Add households, counts of things, years, durations and ratings."""
    for match in _HOUSEHOLDS.finditer(message.text):
        number = parse_int(match["n"])
        if number is not None and message.free(*match.span()) and match["n"] != "一":
            message.add("households", number, *match.span())
    for match in _YEARS.finditer(message.text):
        number_of = 0.5 if match["n"] == "半" else parse_number(match["n"])
        if number_of is None or not message.free(*match.span()) or number_of > 60:
            continue
        number_of += 0.5 if match["half"] else 0
        message.add(
            "years", tidy_number(number_of), *match.span(), meta={"value": tidy_number(number_of), "unit": "year"}
        )
    for match in _DURATION.finditer(message.text):
        # 三月 is a month, 三个月 and 仨月 are lengths of time.
        if match["u"] == "月" and not match["ge"] and match["n"] not in ("俩", "仨"):
            continue
        _add_duration(message, match)
    _add_things(message)
    for match in _STARS.finditer(message.text):
        graded = re.search(r"(?:给|打|评)[^,，。]{0,3}$", message.before(match.start(), 6))
        if (message.expect == "rating" or graded) and message.free(*match.span()):
            message.add("rating", 5 if match["full"] else parse_int(match["n"]), *match.span())


def _add_duration(message: Message, match: re.Match[str]) -> None:
    number = 0.5 if match["n"] == "半" else parse_number(match["n"])
    if number is None or not message.free(*match.span()):
        return
    number += 0.5 if match["half"] or match["half0"] else 0
    unit = _UNIT[match["u"]]
    if unit == "quarter":
        number, unit = number * 15, "minute"
    meta = {"approximate": True} if match["x"] else {}
    message.add("duration", {"value": tidy_number(number), "unit": unit}, *match.span(), meta=meta)


def _add_things(message: Message) -> None:
    for pattern in (_MORE, _THINGS):
        for match in pattern.finditer(message.text):
            start, end = match.start(), match.end("n") if pattern is _MORE else match.end("u")
            number = parse_int(match["n"].rstrip("个"))
            if number is None or not message.free(start, end):
                continue
            unit = "个" if pattern is _MORE else match["u"]
            if unit == "个" and message.after(end, 1) and message.after(end, 1) in "月小星礼":
                continue
            meta: dict[str, object] = {"unit": unit}
            if match["r"]:
                meta["change"] = -1 if match["r"][0] in "少减" else 1
            message.add("count", number, start, end, meta=meta)
