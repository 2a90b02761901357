"""Drop what people say while they think, and what speech recognition or a nervous finger repeats."""

import re
from functools import cache

from nlu.resources import rows

_RUN = re.compile(r"(?![零〇一二两三四五六七八九十幺百千万亿])([\u4e00-\u9fff])\1{2,}")
_MARKS = re.compile(r"([，。！？、；：,.!?~～])\1+")
_DOTS = re.compile(r"(?:…|\.{2,}|。{2,})+")
# Doubling is normal in Chinese (看看, 爸爸, 谢谢); only these are never doubled on purpose.
_STUTTER = re.compile(r"([我俺你您他她这那在就的是把])\1(?!\1)")
_PHRASE = re.compile(r"([\u4e00-\u9fff]{2,4})(?:[，、]?\1){1,}(?=[\u4e00-\u9fff])")
_KEEP = re.compile(r"[一二三四五六七八九十零〇幺两]")


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(row[0] for row in rows("fillers.txt")))


def drop_fillers(text: str) -> str:
    """Remove hesitation; a message that is nothing else stays, since 嗯 alone is a yes."""
    shorter = _pattern().sub("", text)
    return shorter if re.search(r"\w", shorter) else text


def drop_repeats(text: str) -> str:
    """Shorten repeated characters, marks and stuttered words; digits are never touched."""
    text = _DOTS.sub("…", text)
    text = _RUN.sub(lambda match: match[1] * (2 if match[1] in "哈呵嘿" else 1), text)
    text = _MARKS.sub(r"\1", text)
    text = _STUTTER.sub(r"\1", text)
    return _PHRASE.sub(lambda match: match[0] if _KEEP.search(match[0]) else match[1], text)
