"""Elliptical questions: "要带什么", "多少钱", "小孩要票不" ask about what the conversation is about."""

from __future__ import annotations

import re

from nlu.lexicon import Lexicon

# What of a service is asked for; the keys are the headings of a service card (knowledge/cards.py).
ASPECTS: dict[str, re.Pattern[str]] = {
    "要带什么": re.compile(
        r"(带|拿|准备|备|要|需|用)(上|着|好|齐)?(些|点)?(什么|啥|哪些)(东西|材料|证件|手续(?!费))?|材料|证件|带身份证|手续(?!费)"
    ),
    "费用": re.compile(r"多少钱|费用|手续费|收费|要钱|花钱|免费|贵不贵|要不要(票|钱)|要票"),
    "多久": re.compile(r"多久|几天|多长时间|啥时候(能|好|下来|办完)|什么时候(能|好|下来|办完)|几个工作日|多会儿"),
    "在哪办": re.compile(r"在哪|去哪|上哪|到哪|哪里|哪儿|地址|地点|哪个(窗口|大厅|部门)|网上能|能不能网上|手机上"),
    "条件": re.compile(r"条件|符合|够不够格|能不能办|可以办|资格"),
    "谁能办": re.compile(r"谁(能|可以)|代办|替.{0,4}办|别人(能|可以)"),
    "怎么办": re.compile(r"怎么(办|弄|交|约|申请|操作|查)|如何|流程|步骤|咋(办|弄|交|约|申请|查)"),
    "电话": re.compile(r"电话|联系方式|打给谁|号码是多少"),
    "依据": re.compile(r"依据|哪条(法|规定)|什么规定|法律"),
}
# What a line that answers each of them has in it.
_ANSWERS: dict[str, re.Pattern[str]] = {
    "要带什么": re.compile(r"带|材料|证件|证明|身份证|户口"),
    "费用": re.compile(r"\d ?元|[免收]费|不收|费用|(工本|手续)费|不要钱|不花钱"),
    "多久": re.compile(
        r"(工作日|天|小时|分钟)(之?内|左右|以内|出|办|拿|到|能|就)|个月(之?内|左右)|当场|当天|即时|立等"
    ),
    "在哪办": re.compile(
        r"窗口|大厅|网上|APP|App|平台|派出所|社区|街道|乡镇|营业厅|残联|[到去在向].{1,12}(局|站|所|中心|医院)"
    ),
    "条件": re.compile(r"符合|条件|满\d|以上|不满|必须"),
    "谁能办": re.compile(r"本人|代办|委托|监护人|家属"),
    "电话": re.compile(r"\d{3,}"),
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


def lines_about(heading: str, answer: str) -> list[str]:
    """Return the lines of an approved answer that speak of ``heading``, all of them where it is no part of one.

    >>> lines_about("费用", "带身份证到窗口办。\\n- 首次工本费120元")
    ['首次工本费120元']
    """
    pattern = _ANSWERS.get(heading, re.compile(""))
    lines = [re.sub(r"^\s*[-*] *", "", line).strip() for line in answer.splitlines()]
    return [line for line in lines if line and pattern.search(line)]


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
