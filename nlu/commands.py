"""Commands of a spoken dialogue: said in these words they mean the same in a form and outside of it.

A classifier hears most ways of saying them; these few words must work every time, whatever it makes of them.
"""

from __future__ import annotations

import re

from nlu.entities import parse_ordinal

_POLITE = r"(?:请|麻烦|劳驾|同志|帮我|给我|你|您|我|还|想|再|那|就|哎|我没听清|没听清|听不清|俺没听清)*"
_END = r"(?:吧|呗|呀|啊|了|行不|行吗|好吗|好不好|中不中|可以吗|谢谢)*"
_COMMANDS = {
    "repeat": r"(?:重新?)?(?:说|念|讲|读)(?:一)?遍|重复(?:一)?(?:遍|下)",
    "review": r"(?:把)?(?:说|念|读|看)(?:一)?(?:遍|下|看|念|说)?我(?:都|刚才)?填(?:了)?的?(?:什么|啥|哪些|内容)?",
    "go_back": r"(?:回到?|退回?|返回)?(?:上|前)一(?:步|题|项|问)|退一步|退回去",
    "stop": r"停|停下来?|停一下|停止|别(?:念|读|说)|不(?:要|用)?(?:念|读)",
    "slower": r"(?:说|念|讲|读)?慢(?:一)?(?:点|些)(?:儿)?(?:说|念|讲|读)?",
    "faster": r"(?:说|念|讲|读)?快(?:一)?(?:点|些)(?:儿)?(?:说|念|讲|读)?",
    "louder": r"(?:声音?)?(?:说|念|讲|读)?(?:大|高)(?:一)?点(?:儿)?声?(?:音)?|(?:大|高)声(?:一)?(?:点|些)(?:儿)?",
}
_SAID = {name: re.compile(f"{_POLITE}(?:{pattern}){_END}") for name, pattern in _COMMANDS.items()}
_MORE = re.compile(
    f"{_POLITE}(?:(?:看|听|念|说|要|来)?(?:看|听|念)?更多(?:的|选项|几个)?|(?:换|来)(?:一)?(?:批|几个)|(?:看|听|念|换|来)(?:后面|下面|另外|别)(?:的)?(?:几|三)?个?的?)"
    f"{_END}"
)
# Only where something more has been offered: elsewhere these ask about something else.
_READ_ON = re.compile(
    r".{0,2}(?:更多){1,2}|"  # a short word, of which a recogniser makes more than there is
    f"{_POLITE}(?:还有(?:别的|其他的?|其它的?|啥|什么|哪些|哪几个)?(?:没有|没|吗|么|呢)?"
    r"|(?:后面|下面|其他|其它|别的|剩下)的?(?:呢|是啥|是什么|有啥|有什么|有哪些)?"
    f"|(?:接着|继续|往下|往后)(?:说|念|讲|读|看|听)|都不是|这(?:几|三)个都不(?:是|要))"
    f"{_END}"
)
_EXPLICIT = re.compile(r"第|头一|最后一|倒数")
_MARKS = re.compile(r"[\s，,。.！!？?、；;]+")


def command(text: str) -> str | None:
    """Return the act that a sentence is nothing but the command of.

    >>> command("请你再说一遍"), command("停一下吧"), command("停水了吗")
    ('repeat', 'stop', None)
    """
    said = _MARKS.sub("", text)
    return next((name for name, pattern in _SAID.items() if pattern.fullmatch(said)), None)


def wants_more(text: str, offered: bool) -> bool:
    """Say whether the citizen wants to hear the next choices; ``offered``: there are some.

    >>> wants_more("更多", False), wants_more("还有别的吗", True), wants_more("还有别的吗", False)
    (True, True, False)
    """
    said = _MARKS.sub("", text)
    return _MORE.fullmatch(said) is not None or (offered and _READ_ON.fullmatch(said) is not None)


def position(text: str, count: int, strictly: bool = False) -> int | None:
    """Return which of ``count`` things that were read out is meant, from 0; ``strictly`` wants "第".

    >>> position("第二个", 3), position("3", 3, strictly=True)
    (1, None)
    """
    said = _MARKS.sub("", text).replace("笔", "个")
    if strictly and not _EXPLICIT.search(said):
        return None
    return parse_ordinal(said, count)
