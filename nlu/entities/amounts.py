"""Read sums of money and percentages."""

import re

from nlu.entities.numbers import DECIMAL, NUMBER, SMALL, parse_number, tidy_number
from nlu.entities.types import Message

_MEASURE = (
    r"(?![\d.%个户年月号笔天点分人次位张项份家岁日栋路小时遍回周礼星期公里米平吨度斤口名楼层期件条样月]|多少|大人|来钟)"
)
_D = "[零一二两三四五六七八九\\d]"
_UNIT = re.compile(
    rf"(?:¥|￥|人民币)?(?![万百千亿])(?P<n>{NUMBER})(?P<x>来|多|几)?(?P<u>元(?!旦|宵)|(?<!一)块|(?<=一)块(?![儿去来办交走约弄])|圆|万元|千元)(?:钱|整|人民币)?"
    rf"(?:零?(?P<j>{_D})(?:[角毛](?:(?P<f>{_D})分?)?|(?![\d个天年月号点日人位户次张零一二三四五六七八九十百])))?"
)
_SMALL = re.compile(rf"(?<!{_D})(?P<j>{_D})[角毛](?:钱)?(?:(?P<f>{_D})分?)?(?![\u4e00-\u9fff]?巾)")
_YEN = re.compile(r"[¥￥](?P<n>\d[\d,]*(?:\.\d+)?)")
_VERB = re.compile(
    rf"(?:充值?|交|缴|存|贷款?|借|付|还款?|转|欠|取|提取|提|共|总共|一共|合计|总计|金额(?:是|为|[:：])?|改成|换成|一户|每户|每月|月供"
    rf"|一个月|工资|额度|报销|罚款?|退|给|就|先|改)[了上个]?(?![万百千亿])(?P<n>{NUMBER})(?P<u>)(?P<j>)(?P<f>)(?![块元圆零一二两三四五六七八九十百千万]){_MEASURE}"
)
_WAN = re.compile(
    rf"(?<!{_D})(?![万百千亿])(?P<n>{NUMBER})(?P<u>)(?P<j>)(?P<f>)(?<=[万千百\d零一二两三四五六七八九十])(?<!^.){_MEASURE}(?![零一二两三四五六七八九十百千万])"
)
# 四十万二十五年 is a sum and a term: the sum ends at 万.
_WAN_YEARS = re.compile(rf"(?![万百千亿])(?P<n>{NUMBER})(?P<u>)(?P<j>)(?P<f>)(?<=[万])(?=[,，]?{SMALL}年)")
_BARE = re.compile(
    rf"(?:^|[,，。])[^\d,，。]{{0,4}}?(?<!{_D})(?P<n>{NUMBER})(?P<u>)(?P<j>)(?P<f>)(?:吧|就行|就好|得了)?(?=$|[,，。!！])"
)
_PERCENT = re.compile(rf"百分之(?P<a>{DECIMAL})|(?P<b>\d+(?:\.\d+)?)\s?[%％]|(?P<c>{DECIMAL})个(?:百分)?点(?![儿])")
_RATE = re.compile(
    rf"(?:利率|年利率|月利率|税率|比例|年化)(?:是|按|为|按照|算|改成|调到|降到|[:：])*(?P<r>{DECIMAL})(?![万千\d年])"
)
_WHOLE = ("万元", "千元")


def _value(match: re.Match[str]) -> float | None:
    groups = match.groupdict()
    number = parse_number(groups.get("n") or "")
    if number is None:
        return None
    unit = groups.get("u") or ""
    if unit in _WHOLE:
        number *= 10_000 if unit == "万元" else 1_000
    for name, share in (("j", 10), ("f", 100)):
        if groups.get(name):
            number += (parse_number(groups[name]) or 0) / share
    return number


def extract_percents(message: Message) -> None:
    """Add percent entities; 3.1 means 3.1 %."""
    for pattern in (_PERCENT, _RATE):
        for match in pattern.finditer(message.text):
            group = next(name for name, value in match.groupdict().items() if value)
            value = parse_number(match[group])
            start, end = match.span() if pattern is _PERCENT else match.span(group)
            if value is None or not message.free(start, end):
                continue
            if pattern is _RATE and message.after(end, 1) in ("%", "％"):
                continue
            message.add("percent", tidy_number(value), start, end)


def extract_amounts(message: Message) -> None:
    """Add amount entities in yuan."""
    patterns = [_WAN_YEARS, _UNIT, _SMALL, _YEN, _WAN, _VERB]
    if message.expect in ("amount", "number", "loan_amount"):
        patterns.append(_BARE)
    for pattern in patterns:
        for match in pattern.finditer(message.text):
            # The verb or unit belongs to the expression; only its number is the entity when there is no unit.
            start, end = match.span("n") if pattern in (_VERB, _WAN, _WAN_YEARS, _BARE) else match.span()
            if not message.free(start, end):
                continue
            value = _value(match) if pattern is not _SMALL else _small(match)
            if value is None or (value == 0 and pattern is _VERB):
                continue
            if pattern is _WAN and (not re.search("[百千万]", match["n"]) or value < 100):
                continue
            if pattern is _VERB and match["n"] in ("一", "两", "俩", "仨", "二", "1", "2", "十一", "八一"):
                continue
            meta = {"approximate": True} if match.groupdict().get("x") else {}
            message.add("amount", tidy_number(round(value, 2)), start, end, meta=meta)


def _small(match: re.Match[str]) -> float:
    return sum((parse_number(match[name]) or 0) / share for name, share in (("j", 10), ("f", 100)) if match[name])
