"""What only recognisers get wrong, mended before typed text's correction: repeats, places, the final 吗."""

from __future__ import annotations

import re
from functools import lru_cache

from nlu.lexicon import Lexicon
from nlu.pinyin import Syllables, sound_keys, syllables
from voice.ear.numerals import NUMERAL

_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]*")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
# The same again and again, the last time perhaps cut short; a word makes it more than a number like 1234 1234.
_AGAIN = re.compile(r"(?P<piece>.{4,}?)(?P=piece)+(?P<rest>.*)")
_WORD = re.compile(rf"[^\W\d{NUMERAL}幺a-zA-Z]{{2}}")
SLACK = 2  # characters by which a sentence that is said twice may be longer the second time
SHORTEST, LONGEST = 3, 6  # syllables of a place's name; two are too easily something else


def mend(text: str, lexicon: Lexicon) -> str:
    """Return ``text`` without the recogniser's own slips.

    >>> mend("我住在平易线。我住在平易线", Lexicon.default())
    '我住在平邑县。'
    """
    return _question(_places(_once(text), lexicon), lexicon)


def _once(text: str) -> str:
    """Drop what only says again what stands before it, as recognisers do; numbers are left alone."""
    kept: list[str] = []
    for sentence in _SENTENCE.findall(text):
        bare = re.sub(r"\W", "", sentence)
        before = re.sub(r"\W", "", kept[-1]) if kept else ""
        if len(bare) >= 4 and _same(before, bare) and not any(char.isdigit() for char in bare):
            continue
        kept.append(sentence)
    whole = "".join(kept) or text
    again = _AGAIN.fullmatch(whole)
    return (
        again["piece"] if again and _WORD.search(again["piece"]) and again["piece"].startswith(again["rest"]) else whole
    )


def _same(one: str, two: str) -> bool:
    """Say whether two sentences are the same but for a character or two that one has more: 今天 and 明天 differ."""
    short, long = sorted((one, two), key=len)
    rest = iter(long)
    return len(long) - len(short) <= SLACK and all(char in rest for char in short)


@lru_cache(maxsize=4)
def _by_sound(lexicon: Lexicon) -> dict[Syllables, str]:
    """Return the places of the city by their sound, without those that sound like another."""
    found: dict[Syllables, set[str]] = {}
    for term in lexicon.of_kind("place"):
        if SHORTEST <= len(term.text) <= LONGEST and _HAN.fullmatch(term.text):
            found.setdefault(sound_keys(syllables(term.text)), set()).add(term.text)
    return {sound: next(iter(names)) for sound, names in found.items() if len(names) == 1}


def _places(text: str, lexicon: Lexicon) -> str:
    """Write a place's name where something is written that sounds like it and cuts no word in two."""
    known = _by_sound(lexicon)
    edges, at = {0}, 0
    for word in lexicon.segment(text):
        at += len(word)
        edges.add(at)
    start, out = 0, ""
    while start < len(text):
        for length in range(LONGEST, SHORTEST - 1, -1):
            window = text[start : start + length]
            if start not in edges or start + length not in edges or not _HAN.fullmatch(window):
                continue
            place = known.get(sound_keys(syllables(window))) if len(window) == length else None
            if place is not None and window not in lexicon:
                out, start = out + place, start + length
                break
        else:
            out, start = out + text[start], start + 1
    return out


def _question(text: str, lexicon: Lexicon) -> str:
    """Write 吗 for a 马 or 嘛 that stands alone at the end."""
    bare = text.rstrip("。？?！!， ")
    words = lexicon.segment(bare)
    return bare[:-1] + "吗？" if len(words) > 1 and words[-1] in ("马", "嘛", "妈") else text
