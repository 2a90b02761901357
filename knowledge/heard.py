"""What was made of a citizen's spelling: the words corrected, those that were not certain, and the other readings."""

from __future__ import annotations

from knowledge.schemas import Slip
from nlu.normalize import Normalized

MOST = 3  # readings offered to a citizen


def slips_of(normalized: Normalized) -> list[Slip]:
    """Return what was corrected, then what might have been."""
    text = normalized.cleaned
    made = [
        Slip(original=one.original, corrected=one.corrected, score=one.score, kind=one.kind, sure=True)
        for one in normalized.corrections
    ]
    possible = [
        Slip(original=text[one.start : one.end], corrected=one.term, score=one.score, kind=one.kind, sure=False)
        for one in normalized.candidates
    ]
    return made + possible


def readings_of(normalized: Normalized) -> list[str]:
    """Return whole sentences that may have been meant: one a doubtful word, likeliest first.

    When several words are in doubt there is one reading, with the likeliest of each.
    """
    places = sorted({(one.start, one.end) for one in normalized.candidates})
    if not places:
        return []
    sure = [(one.start, one.end, one.corrected) for one in normalized.corrections]
    if len(places) == 1:
        sets = [[(one.start, one.end, one.term)] for one in normalized.candidates]
    else:
        likeliest = {
            place: next(one.term for one in normalized.candidates if (one.start, one.end) == place) for place in places
        }
        sets = [[(*place, term) for place, term in likeliest.items()]]
    return list(dict.fromkeys(_put(normalized.cleaned, [*sure, *one]) for one in sets))[:MOST]


def _put(text: str, changes: list[tuple[int, int, str]]) -> str:
    for start, end, word in sorted(changes, reverse=True):
        text = text[:start] + word + text[end:]
    return text
