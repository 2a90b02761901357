"""Turn Chinese into syllables, and into sound keys that Mandarin and Shandong speakers do not tell apart."""

from functools import lru_cache
from typing import Any

from pypinyin import Style, lazy_pinyin

Syllables = tuple[str, ...]


def _each(other: str) -> Any:
    """Keep what is not Chinese as one item a character; pypinyin accepts a list but does not say so in its types."""
    return list(other)


@lru_cache(maxsize=20_000)
def syllables(text: str) -> Syllables:
    """Return one toneless syllable a Chinese character, reading `text` as a phrase (银行 is yin hang)."""
    reading = lazy_pinyin(text, style=Style.NORMAL, errors=_each)
    if "血" in text and len(reading) == len(text):
        # Dictionaries say xie in some words; people type and say xue in all of them.
        reading = ["xue" if char == "血" else syllable for char, syllable in zip(text, reading, strict=True)]
    return tuple(reading)


@lru_cache(maxsize=2_000)
def sound_key(syllable: str) -> str:
    """Return a key that is equal for syllables commonly confused in speech and in pinyin input.

    zh/z, ch/c, sh/s; n/l; r/y (Shandong 人 is heard as yin); ang/an, eng/en, ing/in.
    """
    key = syllable
    if key[:2] in ("zh", "ch", "sh"):
        key = key[0] + key[2:]
    elif key[:1] == "n" and len(key) > 1:
        key = "l" + key[1:]
    elif key[:1] == "r" and len(key) > 1:
        key = "y" + key[1:]
        if key in ("yen", "yeng"):
            key = "yin"
    if key.endswith(("ang", "eng", "ing", "ong")) and not key.endswith("ong"):
        key = key[:-1]
    return key


def sound_keys(reading: Syllables) -> Syllables:
    """Return the sound key of each syllable."""
    return tuple(sound_key(syllable) for syllable in reading)


def initials(reading: Syllables) -> str:
    """Return the first letters: 社保卡 gives "sbk"."""
    return "".join(syllable[0] for syllable in reading if syllable)


@lru_cache(maxsize=1)
def all_syllables() -> frozenset[str]:
    """Return every toneless syllable of Mandarin that a common character has."""
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.contrib.tone_convert import to_normal

    # The two basic blocks of the dictionary hold every syllable; rare characters only add interjections.
    readings = {reading for code in range(0x4E00, 0x9FA6) for reading in PINYIN_DICT.get(code, "").split(",")[:1]}
    return frozenset(to_normal(reading, v_to_u=False) for reading in readings if reading)


@lru_cache(maxsize=4_000)
def split_pinyin(letters: str) -> Syllables | None:
    """Split `letters` into whole syllables, fewest first, or return None when it is not pinyin."""
    known = all_syllables()
    best: list[Syllables | None] = [()] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 6), end):
            head = best[start]
            if head is not None and letters[start:end] in known:
                current = best[end]
                if current is None or len(head) + 1 < len(current):
                    best[end] = (*head, letters[start:end])
    return best[-1]
