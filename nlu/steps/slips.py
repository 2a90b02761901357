"""Find words that were misheard or mistyped, by comparing sound and shape with the lexicon.

A window of the text is a slip when it sounds like a term, is written otherwise, and is no word itself. jieba's own
dictionary decides what is a word; digits, names, dates and places are protected by the caller.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from nlu.lexicon import Lexicon, Term
from nlu.pinyin import Syllables, sound_keys, syllables
from nlu.resources import rows
from nlu.steps.findings import Candidate, Correction

APPLY = 0.79
SUGGEST = 0.66
LONGEST = 9
# Beyond this the message is a letter, not a question; correcting it would only cost time.
MAX_CHARS = 400
_NUMERALS = frozenset("0123456789零〇一二两俩仨三四五六七八九十百千万亿幺拐")
# Kinds of term that a slip may be taken for although they have two characters only.
_SHORT_KINDS = frozenset({"topic", "phrase"})
_CORRECTABLE = frozenset({"topic", "service", "department", "institution", "med_department", "material", "phrase"})
COMMON = 30


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    text: str
    frequency: int
    is_term: bool

    @property
    def solid(self) -> bool:
        """Tell whether this is a real word rather than a stray character."""
        return len(self.text) > 1 and (self.is_term or self.frequency >= COMMON)


@cache
def _lookalikes() -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    for row in rows("confusables.tsv"):
        for char in row[0]:
            table[char] = table.get(char, frozenset()) | frozenset(row[0]) - {char}
    return table


def _is_hanzi(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _words(text: str, lexicon: Lexicon) -> list[_Word]:
    words, position = [], 0
    for word in lexicon.segment(text):
        end = position + len(word)
        words.append(_Word(position, end, word, lexicon.frequency(word), word in lexicon))
        position = end
    return words


def _score(window: str, term: str, heard: Syllables, meant: Syllables) -> float:
    """Return 0..1 for how likely `window` was meant to be `term`, which sounds alike."""
    exact = sum(1.0 if a == b else 0.82 for a, b in zip(heard, meant, strict=True)) / len(meant)
    same = sum(a == b for a, b in zip(window, term, strict=True)) / len(term)
    return 0.6 * exact + 0.4 * same + (0.04 if len(term) >= 4 else 0.0)


def _blocked(window: str, start: int, end: int, term: str, words: list[_Word], exact: bool = False) -> bool:
    """Tell whether real words speak against reading the window as `term`."""
    inside_loose = False
    for word in words:
        if word.end <= start or word.start >= end:
            continue
        if word.start < start or word.end > end:
            if word.solid:
                return True
            inside_loose = inside_loose or len(word.text) == 1
            continue
        unchanged = term[word.start - start : word.end - start] == word.text
        if word.is_term and len(word.text) > 1 and not unchanged:
            return True
        if not word.solid and (exact or not unchanged):
            inside_loose = True
    # 事业保险 consists of good words only; four or more syllables alike are evidence enough, three are not.
    return not inside_loose and len(window) < 4


def _torn(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Tell whether the window cuts through a common word on either side (充支|付宝)."""
    left, right = text[max(0, start - 1) : start + 1], text[end - 1 : end + 1]
    return any(len(pair) == 2 and lexicon.frequency(pair) >= COMMON for pair in (left, right))


def _homophones(
    text: str, start: int, end: int, heard: Syllables, lexicon: Lexicon, words: list[_Word]
) -> list[tuple[float, Term, str]]:
    window = text[start:end]
    found = []
    for term in lexicon.sounds.by_sound.get(sound_keys(heard), ()):
        if term.text == window or len(term.text) != len(window) or term.kind not in _CORRECTABLE:
            continue
        if any((a in _NUMERALS) and a != b for a, b in zip(window, term.text, strict=True)):
            continue
        meant = syllables(term.text)
        short = len(window) == 2
        if short and (lexicon.frequency(window) or _torn(text, start, end, lexicon)):
            return []
        if short and (term.kind not in _SHORT_KINDS or heard != meant or not set(window) & set(term.text)):
            continue
        if not _blocked(window, start, end, term.text, words, heard == meant):
            found.append((_score(window, term.text, heard, meant), term, "sound"))
    return found


def _shapes(text: str, start: int, end: int, lexicon: Lexicon, words: list[_Word]) -> list[tuple[float, Term, str]]:
    """Find terms that differ from the window in one character that looks alike."""
    window = text[start:end]
    table = _lookalikes()
    found = []
    for position, char in enumerate(window):
        for other in table.get(char, ()):
            term = lexicon.get(window[:position] + other + window[position + 1 :])
            if term is None or term.kind not in _CORRECTABLE:
                continue
            if len(window) >= 3 and not _blocked(window, start, end, term.text, words):
                found.append((0.8 + 0.02 * len(window), term, "shape"))
    return found


def _missing(text: str, start: int, end: int, lexicon: Lexicon, words: list[_Word]) -> list[tuple[float, Term, str]]:
    """Find the one term of which the window lacks a character."""
    window = text[start:end]
    full = lexicon.sounds.by_missing.get(window)
    if not full or len(full) != 1 or set(window) & _NUMERALS:
        return []
    covered = [word for word in words if word.end > start and word.start < end]
    if any(word.start < start or word.end > end for word in covered):
        return []
    if any(word.is_term and len(word.text) > 1 for word in covered):
        return []
    term = next(iter(full))
    loose = [word for word in covered if not word.solid]
    if len(window) == 2:
        # Two stray characters side by side are often just two words (交 了); both must be rare alone.
        if lexicon.terms[term].kind != "topic" or _torn(text, start, end, lexicon):
            return []
        if len(loose) != len(covered) or any(word.frequency > 60_000 for word in covered):
            return []
        return [(0.8, lexicon.terms[term], "missing")]
    if not loose or (len(loose) == 1 and len(term) < 5):
        return []
    return [(0.8 if len(loose) > 1 else 0.7, lexicon.terms[term], "missing")]


def find_slips(
    text: str, lexicon: Lexicon, protected: Iterable[tuple[int, int]] = ()
) -> tuple[list[Correction], list[Candidate]]:
    """Return the slips of `text` to correct, not overlapping and in order, and those to ask about."""
    text = text[:MAX_CHARS]
    words = _words(text, lexicon)
    reading = syllables(text) if len(text) <= 60 else tuple(s for word in words for s in syllables(word.text))
    if len(reading) != len(text):
        return [], []
    open_char = [_is_hanzi(char) for char in text]
    for start, end in protected:
        for position in range(max(0, start), min(end, len(text))):
            open_char[position] = False
    settled = {(word.start, word.end) for word in words if word.is_term or word.frequency >= COMMON}
    found: list[tuple[float, int, int, Term, str]] = []
    for start in range(len(text)):
        for end in range(start + 2, min(len(text), start + LONGEST) + 1):
            if not open_char[end - 1] or not open_char[start]:
                break
            if (start, end) in settled or text[start:end] in lexicon or lexicon.frequency(text[start:end]) >= COMMON:
                continue
            heard = reading[start:end]
            hits = _homophones(text, start, end, heard, lexicon, words)
            if not hits:
                hits = _shapes(text, start, end, lexicon, words) or _missing(text, start, end, lexicon, words)
            found += [(score, start, end, term, kind) for score, term, kind in hits]
    return _choose(text, found)


def _choose(text: str, found: list[tuple[float, int, int, Term, str]]) -> tuple[list[Correction], list[Candidate]]:
    """Keep the longest and likeliest findings that do not overlap; a tie becomes a question."""
    found.sort(key=lambda hit: (-(hit[0] + 0.03 * (hit[2] - hit[1])), hit[1]))
    corrections: list[Correction] = []
    candidates: list[Candidate] = []
    taken: list[tuple[int, int]] = []
    for score, start, end, term, kind in found:
        if any(start < other_end and end > other_start for other_start, other_end in taken):
            continue
        rivals = [hit for hit in found if hit[1:3] == (start, end) and hit[3].text != term.text]
        sure = score >= APPLY and not any(score - hit[0] < 0.02 for hit in rivals)
        taken.append((start, end))
        if sure:
            corrections.append(Correction(start, end, text[start:end], term.text, round(score, 3), kind))
        elif score >= SUGGEST:
            candidates.append(Candidate(start, end, term.text, round(score, 3), kind))
    return sorted(corrections, key=lambda one: one.start), candidates
