"""Turn a message as typed or heard into the text that the rest of the system reads."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from nlu.entities.protect import protected_spans
from nlu.lexicon import Lexicon
from nlu.steps.clean import tidy, unify
from nlu.steps.dialect import to_plain
from nlu.steps.fillers import drop_fillers, drop_repeats
from nlu.steps.findings import Candidate, Correction
from nlu.steps.latin import find_pinyin
from nlu.steps.slips import find_slips

__all__ = ["Candidate", "Correction", "Normalized", "normalize"]


@dataclass(frozen=True)
class Normalized:
    """Hold a message and what became of it.

    text is cleaned and corrected; plain is text with dialect words replaced, for search only; corrections give
    positions in the cleaned text before correction (`cleaned`); suggestion is a question to the citizen, or None.
    """

    original: str
    text: str
    plain: str
    cleaned: str
    corrections: list[Correction] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    suggestion: str | None = None


def _apply(text: str, corrections: Sequence[Correction]) -> str:
    for one in sorted(corrections, key=lambda one: -one.start):
        text = text[: one.start] + one.corrected + text[one.end :]
    return text


def _suggest(text: str, corrections: Sequence[Correction], candidates: Sequence[Candidate]) -> str | None:
    """Ask about the likeliest reading of each uncertain place, at most three readings in all."""
    if not candidates:
        return None
    places = sorted({(one.start, one.end) for one in candidates})
    if len(places) == 1:
        options = list(dict.fromkeys(one.term for one in candidates))[:3]
    else:
        best = {place: next(one for one in candidates if (one.start, one.end) == place) for place in places}
        chosen = [Correction(*place, text[slice(*place)], one.term, one.score, one.kind) for place, one in best.items()]
        options = [_apply(text, [*corrections, *chosen])]
    return "您是不是想说" + "、".join(f"“{option}”" for option in options) + "？"


def clean(text: str) -> str:
    """Return `text` with one form of characters and without fillers and repeats; no word is corrected."""
    return tidy(drop_repeats(drop_fillers(tidy(unify(text)))))


def normalize(text: str, lexicon: Lexicon) -> Normalized:
    """Clean `text` and correct its slips.

    >>> normalize("設保卡怎么办？？", Lexicon.default()).text
    '社保卡怎么办？'
    """
    cleaned = clean(text)
    latin, latin_candidates = find_pinyin(cleaned, lexicon)
    slips, slip_candidates = find_slips(cleaned, lexicon, protected_spans(cleaned))
    corrections = sorted([*latin, *slips], key=lambda one: one.start)
    candidates = [*latin_candidates, *slip_candidates]
    corrected = _apply(cleaned, corrections)
    suggestion = _suggest(cleaned, corrections, candidates)
    return Normalized(text, corrected, to_plain(corrected), cleaned, corrections, candidates, suggestion)
