"""Text to pinyin, word by word, with the readings of the field put right."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from wenban import paths

TABLE = Path(__file__).parent / "data" / "readings.tsv"
_HAN = re.compile(r"[\u3400-\u9fff]+")


@lru_cache
def readings() -> dict[str, list[str]]:
    """Return word → syllables with a tone digit, for words that pypinyin or jieba would get wrong."""
    rows = (line.split("\t") for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    return {word: reading.split() for word, reading in rows}


@lru_cache
def _words() -> Any:
    """Return jieba's segmenter with our words in it; the first call takes a second."""
    import jieba

    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(paths.home())  # its cache file; by default it would read one from a folder all can write to
    tokenizer.initialize()
    for word in readings():
        if word not in tokenizer.FREQ:
            tokenizer.add_word(word)  # as likely as its parts together, no more: 网上调整 is not 网/上调/整
        if tokenizer.lcut(word, HMM=False) != [word]:
            tokenizer.add_word(word, freq=tokenizer.suggest_freq(word))
    return tokenizer


def words(han: str) -> list[list[str]]:
    """Return the syllables of each word of a run of Chinese characters: 还款 → [["huan2", "kuan3"]]."""
    from pypinyin import Style, lazy_pinyin

    known = readings()
    spoken = []
    for word in _words().lcut(han):
        syllables = known.get(word) or lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True)
        spoken.append([syllable for syllable in syllables if syllable.isascii()])
    return spoken


def runs(text: str) -> list[tuple[bool, str]]:
    """Cut text into runs: (is Chinese, characters)."""
    pieces, end = [], 0
    for match in _HAN.finditer(text):
        if match.start() > end:
            pieces.append((False, text[end : match.start()]))
        pieces.append((True, match.group()))
        end = match.end()
    return pieces + ([(False, text[end:])] if end < len(text) else [])
