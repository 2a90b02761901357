"""Cut what is to be said so that the first sound comes early, and every piece while the one before it sounds.

For engines that take a good part of the time of their sound. A piece ends at a pause, else between two words; never
inside a number, a time, a telephone group or a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from nlu.lexicon import Lexicon
from voice.ear import tables
from voice.ear.numerals import NUMERAL

FIRST = 10  # syllables that the neural voice speaks well within 1.5 s on two cores
GROWTH = 2  # while n syllables sound, more than twice as many can be made
LEAST, BETWEEN_WORDS = 2, 4  # syllables before a cut: at a pause, and where there is none
REST = 3  # syllables behind a cut
PAUSE, PHRASE, WORD, IF_NEED_BE = 3, 2, 1, 0  # how good a place is

MARKS = "，：、；。！？"
_SILENT = re.compile(rf"[{MARKS} ]")
_JOINING = "或和与及到至"
# 十一月二十五日, 三十五元六角, 百分之五: with one character between two numbers, and the one behind the last.
_AMOUNT = rf"(?:百分之)?[{NUMERAL}幺点半]+"
_NUMBER = re.compile(rf"第?{_AMOUNT}(?:[^{MARKS}{_JOINING}]{_AMOUNT})*[^{MARKS}{_JOINING} ]?")
_YEAR = re.compile(rf"[{NUMERAL}]{{4}}年(?=[{NUMERAL}]+月)")  # where a long date can be cut
_WORDS = {kind: frozenset(words.split()) for kind, words in tables.pairs("phrases.tsv").items()}
_LEADING, _TRAILING = _WORDS["leading"], _WORDS["trailing"]
_END_OF_NAME, _IN_A_NAME = _WORDS["name_ends"], _WORDS["name_parts"]


@dataclass(frozen=True)
class _Cut:
    at: int
    before: int  # syllables
    kind: int


def pieces(sentences: list[str], after: int = 0, rate: float = 1.0) -> list[str]:
    """Return ``sentences`` cut where they are too long to wait for; joined they are the same.

    Args:
        sentences: as ``for_ear`` gives them.
        after: syllables that sound meanwhile; 0 when the listener hears nothing yet.
        rate: slow speech is more sound, and takes longer to make.

    >>> pieces(["您的水费账单是三十五元六角，请在月底前缴纳。"])
    ['您的水费账单是', '三十五元六角，请在月底前缴纳。']
    """
    most = max(FIRST, GROWTH * after) * min(1.0, rate)
    cut: list[str] = []
    for sentence in sentences:
        rest = sentence
        while rest:
            place = _place(rest, most) or len(rest)
            cut.append(rest[:place])
            most = max(most, GROWTH * syllables(cut[-1]))
            rest = rest[place:]
    return cut


def warm_up() -> None:
    """Load the words, which takes a second or two, before somebody waits."""
    _ = Lexicon.default().tokenizer


def syllables(text: str) -> int:
    """Return about how many syllables ``text`` has."""
    return len(_SILENT.sub("", text))


def _place(sentence: str, most: float) -> int | None:
    """Return where to cut a sentence of more than ``most`` syllables; None when it is to stay whole."""
    total = syllables(sentence)
    if total <= most:
        return None
    cuts = [cut for cut in _cuts(sentence) if total - cut.before >= REST]
    near = [cut for cut in cuts if cut.before <= most]
    for kind in (PAUSE, PHRASE, WORD, IF_NEED_BE):
        best = [cut for cut in near if cut.kind == kind]
        if best:
            return best[-1].at
    return cuts[0].at if cuts else None


def _cuts(sentence: str) -> list[_Cut]:
    """Return the places where a sentence can be cut, in order."""
    numbers = [match.span() for match in _NUMBER.finditer(sentence)]
    years = {match.end() for match in _YEAR.finditer(sentence)}
    words = _words(sentence)
    cuts, at = [], 0
    for word, following in pairwise(words):
        at += len(word)
        before = syllables(sentence[:at])
        if before < LEAST:
            continue
        if word[-1] in MARKS:
            cuts.append(_Cut(at, before, PAUSE))
        elif at in years:
            cuts.append(_Cut(at, before, IF_NEED_BE))
        elif not any(start < at < end for start, end in numbers) and _apart(word, following):
            cuts.append(_Cut(at, before, _kind(word, following) if before >= BETWEEN_WORDS else IF_NEED_BE))
    return cuts


def _apart(word: str, following: str) -> bool:
    """Say whether these are two words, not two letters, a word and its mark, or a name and its end."""
    return following[0] not in MARKS + " " and word != " " and following not in _END_OF_NAME


def _words(sentence: str) -> list[str]:
    """Return the words of a sentence, with jieba's guesses at names, but none of 前到 or 五到."""
    tokenizer = Lexicon.default().tokenizer
    words: list[str] = []
    for word in tokenizer.cut(sentence):
        guessed = len(word) == 2 and not tokenizer.FREQ.get(word)
        words += word if guessed and (word[0] in _TRAILING or word[1] in _LEADING) else [word]
    return words


def _kind(word: str, following: str) -> int:
    if word in _LEADING or following in _TRAILING or (following in _IN_A_NAME and word not in _TRAILING):
        return IF_NEED_BE
    return PHRASE if word in _TRAILING or following in _LEADING else WORD
