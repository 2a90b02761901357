"""Elliptical questions: "要带什么", "多少钱", "小孩要票不" ask about what the conversation is about."""

from __future__ import annotations

import re

from nlu.lexicon import Lexicon

# What of a service is asked for; the keys are the headings of a service card (knowledge/cards.py).
ASPECTS: dict[str, re.Pattern[str]] = {
    "要带什么": re.compile(
        r"(带|拿|准备|备|要|需|用)(上|着|好|齐)?(些|点)?(什么|啥|哪些)(东西|材料|证件|手续)?|材料|证件|带身份证|手续"
    ),
    "费用": re.compile(r"多少钱|费用|收费|要钱|花钱|免费|贵不贵|要不要(票|钱)|要票"),
    "多久": re.compile(r"多久|几天|多长时间|啥时候(能|好|下来|办完)|什么时候(能|好|下来|办完)|几个工作日|多会儿"),
    "在哪办": re.compile(r"在哪|去哪|上哪|到哪|哪里|哪儿|地址|地点|哪个(窗口|大厅|部门)|网上能|能不能网上|手机上"),
    "条件": re.compile(r"条件|符合|够不够格|能不能办|可以办|资格"),
    "谁能办": re.compile(r"谁(能|可以)|代办|替.{0,4}办|别人(能|可以)"),
    "怎么办": re.compile(r"怎么(办|弄|交|约|申请|操作|查)|如何|流程|步骤|咋(办|弄|交|约|申请|查)"),
    "电话": re.compile(r"电话|联系方式|打给谁|号码是多少"),
    "依据": re.compile(r"依据|哪条(法|规定)|什么规定|法律"),
}
_OTHER = re.compile(
    r"取消|退(掉|了|款)|改(期|时间|天)|还能|行不|可以吗|能吗|为什么|为啥|然后呢|还有呢|几点|周末|节假日"
)
_EMPTY = re.compile(
    r"知道|这个|那个|一共|总共|大概|小孩|孩子"
    r"|[的了吧呀啊呢吗么哦嗯办这那个它此事项要还得到底都需用去来些点我你您咱东西带能可以，。？?！!、 ]"
)
# Words of the field that do not say what a sentence is about: 身份证 in a form is what the form asks for.
IDLE = frozenset({"place", "bank", "phrase", "material", "question", "operator"})
MAX_LENGTH = 18


def aspect_of(text: str) -> str | None:
    """Return the heading of the service card that answers ``text``, or None.

    >>> aspect_of("办这个要带啥")
    '要带什么'
    """
    return next((heading for heading, pattern in ASPECTS.items() if pattern.search(text)), None)


def names_something(text: str, lexicon: Lexicon | None = None) -> bool:
    """Say whether a word of the field (a topic, a service, an institution, …) is in ``text``."""
    lexicon = lexicon or Lexicon.default()
    kinds = (term.kind for word in lexicon.segment(text) if (term := lexicon.get(word)) is not None)
    return any(kind not in IDLE for kind in kinds)


def is_elliptical(text: str) -> bool:
    """Say whether ``text`` names nothing at all beside what it asks ("这个得带啥", "要多少钱")."""
    heading = aspect_of(text)
    if heading is None or len(text) > MAX_LENGTH:
        return False
    return len(_EMPTY.sub("", ASPECTS[heading].sub("", text))) <= 1


def is_follow_up(text: str) -> bool:
    """Say whether ``text`` is short and asks about something without naming it."""
    return len(text) <= MAX_LENGTH and (aspect_of(text) is not None or _OTHER.search(text) is not None)
