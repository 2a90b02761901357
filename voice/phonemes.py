"""Prepared text to the phonemes that the Kokoro model was trained on (IPA with arrows for tones).

The same symbols as ``misaki.zh`` gives for that model, without its dependencies; see ``tests/voice``.
"""

from __future__ import annotations

import re

from voice.pinyin import runs, words

_INITIALS = {
    "b": "p", "p": "pʰ", "m": "m", "f": "f", "d": "t", "t": "tʰ", "n": "n", "l": "l", "g": "k", "k": "kʰ", "h": "x",
    "j": "ʨ", "q": "ʨʰ", "x": "ɕ", "zh": "ꭧ", "ch": "ꭧʰ", "sh": "ʂ", "r": "ɻ", "z": "ʦ", "c": "ʦʰ", "s": "s",
}  # fmt: skip
# 0 is where the tone goes.
_FINALS = {
    "a": "a0", "ai": "ai0", "an": "a0n", "ang": "a0ŋ", "ao": "au0", "e": "ɤ0", "ei": "ei0", "en": "ə0n", "eng": "ə0ŋ",
    "i": "i0", "ia": "ja0", "ian": "jɛ0n", "iang": "ja0ŋ", "iao": "jau0", "ie": "je0", "in": "i0n", "iou": "jou0",
    "ing": "i0ŋ", "iong": "jʊ0ŋ", "ong": "ʊ0ŋ", "ou": "ou0", "u": "u0", "uei": "wei0", "ua": "wa0", "uai": "wai0",
    "uan": "wa0n", "uen": "wə0n", "uang": "wa0ŋ", "ueng": "wə0ŋ", "uo": "wo0", "o": "wo0",
    "v": "y0", "ve": "ɥe0", "van": "ɥɛ0n", "vn": "y0n",
}  # fmt: skip
_WHOLE = {"er": "ɚ0", "o": "ɔ0", "io": "jɔ0", "ê": "ɛ0", "m": "m0", "n": "n0", "ng": "ŋ0", "hm": "hm0", "hng": "hŋ0"}
_TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}
_MARKS = str.maketrans({"，": ", ", "、": ", ", "。": ". ", "！": "! ", "？": "? ", "；": "; ", "：": ": "})
_LETTERS = {
    "A": "ˈA", "B": "bˈi", "C": "sˈi", "D": "dˈi", "E": "ˈi", "F": "ˈɛf", "G": "ʤˈi", "H": "ˈAʧ", "I": "ˈI", "J": "ʤˈA",
    "K": "kˈA", "L": "ˈɛl", "M": "ˈɛm", "N": "ˈɛn", "O": "ˈO", "P": "pˈi", "Q": "kjˈu", "R": "ˈɑɹ", "S": "ˈɛs",
    "T": "tˈi", "U": "jˈu", "V": "vˈi", "W": "dˈʌbᵊljˌu", "X": "ˈɛks", "Y": "wˈI", "Z": "zˈi",
}  # fmt: skip
_ENGLISH = {"word": "wˈɜɹd", "excel": "ɪksˈɛl", "ok": "OkˈA", "key": "kˈi"}


def phonemes(text: str) -> str:
    """Return the phonemes of a sentence that ``voice.ear`` has prepared."""
    spoken = ""
    for is_han, piece in runs(text):
        if is_han:
            spoken += " ".join("".join(ipa(syllable) for syllable in word) for word in words(piece))
        else:
            spoken += re.sub(r"[A-Za-z]+", _latin, piece.translate(_MARKS))
    return re.sub(r" +(?=[,.!?;:]|$)", "", re.sub(r" +", " ", spoken)).strip()


def ipa(syllable: str) -> str:
    """Return one syllable in the model's symbols: ``zhang4`` → ꭧa↘ŋ."""
    from pypinyin.contrib.tone_convert import to_finals, to_initials

    plain, tone = syllable[:-1], _TONES[syllable[-1]]
    if plain in _WHOLE:
        return _WHOLE[plain].replace("0", tone)
    initial, final = to_initials(plain, strict=True), to_finals(plain, strict=True).replace("ü", "v")
    if final == "i" and initial in {"zh", "ch", "sh", "r", "z", "c", "s"}:
        return _INITIALS[initial] + "ɨ" + tone
    return _INITIALS.get(initial, "") + _FINALS[final].replace("0", tone)


def _latin(match: re.Match[str]) -> str:
    """Return an English word we know, or its letters by name."""
    word = match.group()
    known = _ENGLISH.get(word.lower())
    return f" {known or ' '.join(_LETTERS[letter] for letter in word.upper())} "
