"""Hold the words of the field, with their kind, their segmenter and their sound index."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import jieba

from nlu.pinyin import Syllables, initials, sound_keys, syllables
from nlu.resources import DATA, read_rows

HANZI = "\u4e00-\u9fff"
_LOCK = threading.RLock()


@dataclass(frozen=True)
class Term:
    """Name one word of the field. `canonical` is the name to show when `text` is another name of it."""

    text: str
    kind: str
    canonical: str = ""

    @property
    def name(self) -> str:
        """Return the name to show."""
        return self.canonical or self.text


@dataclass
class SoundIndex:
    """Find terms by the way they sound."""

    by_sound: dict[Syllables, list[Term]] = field(default_factory=lambda: defaultdict(list))
    by_letters: dict[str, list[Term]] = field(default_factory=lambda: defaultdict(list))
    by_initials: dict[str, list[Term]] = field(default_factory=lambda: defaultdict(list))
    by_missing: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def _spread(word: str) -> Iterator[str]:
    """Yield `word` with each one of its characters left out."""
    for position in range(len(word)):
        yield word[:position] + word[position + 1 :]


class Lexicon:
    """Keep terms and give what is derived from them; everything costly is made at first use, once."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms: dict[str, Term] = {}
        for term in terms:
            self.terms.setdefault(term.text, term)

    @classmethod
    def load(cls, paths: Iterable[Path | str], *, base: bool = True) -> "Lexicon":
        """Read the built-in terms and then files of `term<TAB>kind[<TAB>canonical]`; the first kind of a term stays.

        Raises ValueError naming the file when a line has no kind.
        """
        files = ([DATA / "terms.tsv"] if base else []) + [Path(path) for path in paths]
        terms: list[Term] = []
        for path in files:
            for row in read_rows(path):
                if len(row) < 2 or not row[0] or not row[1]:
                    raise ValueError(f"{path}: expected 'term<TAB>kind', got {row!r}")
                terms.append(Term(row[0], row[1], row[2] if len(row) > 2 else ""))
        if base:
            for _, name, others in (row[:3] for row in read_rows(DATA / "areas.tsv")):
                terms += [Term(name, "place"), *(Term(other, "place", name) for other in others.split(","))]
            terms += [Term(row[1], "place") for row in read_rows(DATA / "streets.tsv")]
        return cls(terms)

    @classmethod
    def default(cls) -> "Lexicon":
        """Return the lexicon of the built-in terms, shared by the whole process."""
        return _default()

    def __contains__(self, word: object) -> bool:
        return word in self.terms

    def __len__(self) -> int:
        return len(self.terms)

    def get(self, word: str) -> Term | None:
        """Return the term written exactly so."""
        return self.terms.get(word)

    def of_kind(self, *kinds: str) -> list[Term]:
        """Return the terms of these kinds."""
        return [term for term in self.terms.values() if term.kind in kinds]

    @cached_property
    def tokenizer(self) -> "jieba.Tokenizer":
        """Return a jieba tokenizer of our own that knows the terms; safe to share between threads."""
        with _LOCK:
            found = self.__dict__.get("tokenizer")
            if isinstance(found, jieba.Tokenizer):
                return found
            jieba.setLogLevel(30)
            tokenizer = jieba.Tokenizer()
            tokenizer.initialize()
            # What jieba itself thinks of our terms; adding them changes it.
            self._own_frequency = {text: int(tokenizer.FREQ.get(text) or 0) for text in self.terms}
            for term in self.terms.values():
                # Compounds stay divisible: 公积金余额 as one token would hide 公积金 from the search.
                if len(term.text) <= 6 and not self._is_compound(term.text):
                    tokenizer.add_word(term.text)
            return tokenizer

    def _is_compound(self, text: str) -> bool:
        return any(text[:cut] in self.terms and text[cut:] in self.terms for cut in range(2, len(text) - 1))

    def frequency(self, word: str) -> int:
        """Return how often jieba's own dictionary counts `word`; 0 when it does not know it."""
        known = self.tokenizer.FREQ
        own = self._own_frequency.get(word)
        return own if own is not None else int(known.get(word) or 0)

    def segment(self, text: str) -> list[str]:
        """Return the words of `text`; joined they give `text` again."""
        return list(self.tokenizer.cut(text, HMM=False))

    @cached_property
    def sounds(self) -> SoundIndex:
        """Return the index of terms by pinyin, by initials and by what is left when a character is missing."""
        index = SoundIndex()
        for term in self.terms.values():
            text = term.text
            if not 2 <= len(text) <= 10 or not all("\u4e00" <= char <= "\u9fff" for char in text):
                continue
            reading = syllables(text)
            if len(reading) != len(text):
                continue
            index.by_sound[sound_keys(reading)].append(term)
            index.by_letters["".join(reading)].append(term)
            index.by_initials[initials(reading)].append(term)
            if len(text) >= 3 and term.kind in ("topic", "service", "department"):
                for shorter in _spread(text):
                    index.by_missing[shorter].add(text)
        return index

    def warm_up(self) -> None:
        """Build the segmenter and the sound index now, so that the first message is as fast as the next."""
        _ = self.tokenizer, self.sounds


@cache
def _default() -> Lexicon:
    return Lexicon.load([])
