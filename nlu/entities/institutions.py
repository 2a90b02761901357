"""Find institutions, service halls, departments of medicine, services and other closed lists of names."""

import re
from functools import cache

from nlu.entities.types import Message
from nlu.lexicon import Lexicon
from nlu.resources import rows

_LISTED = ("institution", "med_department", "bank", "operator", "department")
_PAYMENT = {
    "微信": "微信",
    "微信支付": "微信",
    "支付宝": "支付宝",
    "银行卡": "银行卡",
    "云闪付": "云闪付",
    "数字人民币": "数字人民币",
}
_PAYMENT |= {"现金": "现金", "刷卡": "银行卡", "对公转账": "对公转账", "信用卡": "信用卡", "花呗": "支付宝"}
_METHODS = {"等额本息": "等额本息", "等额本金": "等额本金", "先息后本": "先息后本"}
_HALL = re.compile(
    r"(?:那|那个|那边|这边|的|这个)?(?:区|县)?(?:那个|的)?(?P<h>税务|政务|办税|社保|服务|不动产|公积金|办事|便民)?(?:服务)?(?:大厅|厅|分厅|分中心|服务中心)"
)
_NAMED = re.compile(
    r"[^\W\d_A-Za-z在去到我要想约给的是看从这那个查帮挂]{2,8}(?:医院|卫生院|门诊部|图书馆|博物馆|派出所|血站|营业厅|车管所|检测站)"
)
_NOT_OPERATOR = re.compile(r"^(?:硬盘|电源|端|支付|办公|互联|网络诈骗|式|诈骗|到|一下)")


@cache
def _pattern(lexicon: Lexicon) -> re.Pattern[str]:
    names = [term.text for term in lexicon.of_kind(*_LISTED)] + [*_PAYMENT, *_METHODS]
    return re.compile("|".join(sorted(map(re.escape, set(names)), key=len, reverse=True)))


@cache
def _halls() -> re.Pattern[str]:
    every = sorted(_full_area(), key=len, reverse=True)
    return re.compile(rf"(?P<a>{'|'.join(every)}){_HALL.pattern}")


@cache
def _full_area() -> dict[str, str]:
    return {other: name for _, name, others in rows("areas.tsv") for other in (name, *others.split(","))}


def extract_institutions(message: Message, lexicon: Lexicon) -> None:
    """Add office, institution, med_department, operator, payment_method, repayment, bank and department entities."""
    for match in _halls().finditer(message.text):
        hall = (match["h"] or "") + "大厅"
        message.add("office", _full_area()[match["a"]], *match.span(), meta={"hall": hall}, claim=False)
    taken = bytearray(len(message.text))
    for match in _pattern(lexicon).finditer(message.text):
        start, end = match.span()
        name = match[0]
        if not message.free(start, end):
            continue
        taken[start:end] = b"\x01" * (end - start)
        if name in _PAYMENT:
            message.add("payment_method", _PAYMENT[name], start, end, claim=False)
            continue
        if name in _METHODS:
            message.add("repayment", _METHODS[name], start, end, claim=False)
            continue
        term = lexicon.terms[name]
        if term.kind == "operator":
            if not _NOT_OPERATOR.match(message.text[end:]):
                message.add("operator", name.removeprefix("中国"), start, end, claim=False)
            continue
        message.add(term.kind, term.name, start, end, claim=False)
    for match in _NAMED.finditer(message.text):
        if not any(taken[match.start() : match.end()]) and message.free(*match.span()):
            message.add("institution", match[0], *match.span(), claim=False)


@cache
def _services(lexicon: Lexicon) -> re.Pattern[str]:
    names = sorted((term.text for term in lexicon.of_kind("service", "topic")), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names)))


def extract_services(message: Message, lexicon: Lexicon) -> None:
    """Add service entities: which words of the lexicon name what the message is about."""
    for match in _services(lexicon).finditer(message.text):
        term = lexicon.terms[match[0]]
        message.add("service", term.name, *match.span(), claim=False)
