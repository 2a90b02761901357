"""Match an answer against options, or read it as yes or no."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from nlu.entities.numbers import parse_int
from nlu.pinyin import sound_keys, syllables

_ORDINAL = re.compile(
    r"(?:第|选|就|要|那)?(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2}|头一|头|末|最后一|最后|倒数第[一二三])(?:个|项|条|种|家|号|位)?(?:吧|的|那个|就行|那)?"
)
_YES = re.compile(
    r"^(?:嗯+|哦|啊|对+|是的?|是滴|好+的?|行+|中|可以|没错|没问题|确认|确定|同意|愿意|需要|要|有|成|得|妥|ok|yes|好嘞|好吧|行吧|当然|必须的?|就这样|就这么(?:着|定|办)?|提交|办吧|交吧|付吧|要的|来吧|使得|得劲)"
    r"(?:吧|了|的|啊|呀|哈|嘞|滴|呢)*$",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^(?:不+|别|甭|没|没有|无|算了|拉倒|取消|免了|no|nope|否|错|不对|不是|不用|不要|不行|不中|不必|不需要|不想|不同意|不可以|不交|不办|不约|不了|先不|暂时不|还是算|不成|不愿意)"
    r"(?:了|吧|的|啊|呀|用|要|办|交|约|谢谢|算|需要|确认|提交|弄|了吧|有){0,3}$",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"^(?:那|就|嗯|哦|啊|唉|哎)+[,，、]?(?=.)")


def parse_boolean(text: str) -> bool | None:
    """Read yes or no; the first clause that says either decides.

    >>> parse_boolean("中，那就办"), parse_boolean("算了不用了")
    (True, False)
    """
    for clause in re.split(r"[,，。！!；;、~\s]+", text.strip()):
        for attempt in (clause, _ASIDE.sub("", clause)):
            if not attempt:
                continue
            if _NO.match(attempt):
                return False
            if _YES.match(attempt):
                return True
    return None


def parse_ordinal(text: str, count: int) -> int | None:
    """Return the position (from 0) that "第二个", "头一个", "2" or "最后一个" names among `count`, or None."""
    match = _ORDINAL.fullmatch(text.strip(" ，。,.！!"))
    if not match or not count:
        return None
    said = match["n"]
    if said in ("头一", "头"):
        return 0
    if said in ("末", "最后一", "最后"):
        return count - 1
    if said.startswith("倒数第"):
        number = parse_int(said[3:])
        return count - number if number and number <= count else None
    number = parse_int(said)
    return number - 1 if number and number <= count else None


def match_choice(text: str, options: Sequence[str]) -> tuple[str | None, list[str]]:
    """Return the option meant, or None and those it may be."""
    said = re.sub(r"[\s,，。.！!？?、]+", "", text)
    if not said:
        return None, []
    exact = [option for option in options if option == said or option == text.strip()]
    if exact:
        return exact[0], exact
    position = parse_ordinal(text, len(options))
    if position is not None:
        return options[position], [options[position]]
    inside = [option for option in options if option in said]
    if inside:
        longest = max(inside, key=len)
        rest = [option for option in inside if option not in longest]
        return (longest, [longest]) if not rest else (None, inside)
    core = (
        re.sub(
            r"^(?:我|俺|就|那|要|选|去|想|给我|到|办)+|(?:那个|那里|那边|的|吧|就行|啊|那|这个|大厅|厅|呗)+$", "", said
        )
        or said
    )
    partial = [option for option in options if core in option]
    if len(core) >= 1 and partial:
        return (partial[0], partial) if len(partial) == 1 else (None, partial)
    heard = sound_keys(syllables(core))
    alike = [option for option in options if _contains(sound_keys(syllables(option)), heard)]
    if len(heard) >= 2 and alike:
        return (alike[0], alike) if len(alike) == 1 else (None, alike)
    scored = sorted(((fuzz.ratio(core, option), option) for option in options), reverse=True)
    close = [option for score, option in scored if score >= 60]
    return (close[0], close) if len(close) == 1 else (None, close)


def _contains(whole: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(
        whole[at : at + len(part)] == part or part[at : at + len(whole)] == whole
        for at in range(max(len(whole), len(part)))
    )
