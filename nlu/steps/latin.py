"""Read words typed as pinyin ("shebaoka") or as its first letters ("sbk")."""

import re
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from nlu.lexicon import Lexicon, Term
from nlu.pinyin import sound_keys, split_pinyin
from nlu.resources import words
from nlu.steps.findings import Candidate, Correction

_TOKEN = re.compile(r"(?<![A-Za-z0-9@._/:-])[a-z]+(?:['’ ][a-z]+)*(?![A-Za-z0-9@/:-]|\.[a-z])", re.IGNORECASE)
# A term that citizens name more often wins when several share a sound or the first letters.
_RANK = {"topic": 0, "phrase": 1, "question": 1, "service": 2, "department": 3, "institution": 3, "med_department": 3}


def _rank(term: Term) -> tuple[int, int]:
    return _RANK.get(term.kind, 4), len(term.text)


def _cover(letters: str, lexicon: Lexicon) -> list[Term] | None:
    """Cover a whole run of letters with the pinyin of terms, fewest terms first."""
    index = lexicon.sounds.by_letters
    best: list[list[Term] | None] = [[]] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 40), end):
            head = best[start]
            terms = index.get(letters[start:end])
            if head is not None and terms:
                current = best[end]
                if current is None or len(head) + 1 < len(current):
                    best[end] = [*head, min(terms, key=_rank)]
    return best[-1]


@lru_cache(maxsize=2_000)
def _read(letters: str, lexicon: Lexicon) -> tuple[tuple[str, float, str], ...]:
    """Return (text, score, kind) readings of a run of letters, best first."""
    index = lexicon.sounds
    covered = _cover(letters, lexicon)
    if covered and (len(letters) >= 5 or (len(covered) == 1 and len(letters) >= 4)):
        exact = index.by_letters.get(letters, [])
        others = (
            [term for term in sorted(exact, key=_rank) if term.text != covered[0].text] if len(covered) == 1 else []
        )
        score = 0.95 if not others or _rank(others[0])[0] > _rank(covered[0])[0] else 0.7
        text = "".join(term.text for term in covered)
        return ((text, score, "pinyin"), *((term.text, 0.6, "pinyin") for term in others[:2]))
    split = split_pinyin(letters)
    if split and len(split) >= 2:
        alike = sorted(index.by_sound.get(sound_keys(split), []), key=_rank)
        if alike:
            return tuple((term.text, 0.85 if len(split) >= 3 else 0.7, "pinyin") for term in alike[:3])
    short = sorted(index.by_initials.get(letters, []), key=_rank)
    if short and 2 <= len(letters) <= 6:
        first, rest = short[0], short[1:]
        sole = not rest or _rank(rest[0])[0] > _rank(first)[0]
        score = 0.85 if sole and first.kind == "topic" and len(letters) >= 3 else 0.7
        return ((first.text, score, "initials"), *((term.text, 0.6, "initials") for term in rest[:2]))
    if len(letters) >= 7:
        near = process.extract(
            letters, list(index.by_letters), scorer=OSA.distance, score_cutoff=1 if len(letters) < 11 else 2, limit=3
        )
        return tuple((min(index.by_letters[name], key=_rank).text, 0.8 - 0.05 * far, "pinyin") for name, far, _ in near)
    return ()


def find_pinyin(text: str, lexicon: Lexicon) -> tuple[list[Correction], list[Candidate]]:
    """Return the pinyin of `text` to replace, and the readings to ask about."""
    corrections: list[Correction] = []
    candidates: list[Candidate] = []
    for match in _TOKEN.finditer(text[:400]):
        letters = re.sub(r"[^a-z]", "", match[0].lower())
        if not 2 <= len(letters) <= 60 or any(part in words("english.txt") for part in match[0].lower().split()):
            continue
        readings = _read(letters, lexicon)
        if not readings:
            continue
        best = readings[0]
        if len(letters) == 2 and len(text) > 8:
            # Two letters in a longer sentence are more often an abbreviation of something else.
            continue
        if best[1] >= 0.75:
            corrections.append(Correction(match.start(), match.end(), match[0], *best))
        else:
            candidates += [Candidate(match.start(), match.end(), *reading) for reading in readings]
    return corrections, candidates
