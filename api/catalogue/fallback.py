"""Plain search when the knowledge process is down: character bigrams over what is published in the database."""

from __future__ import annotations

import math
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import anyio
from sqlalchemy import Engine

from knowledge.repository import EntryRepository, ServiceRepository
from knowledge.schemas import SearchHit, SearchResults
from wenban.database import session_scope
from wenban.turns import Source

MAX_AGE = 60.0
_NOISE = re.compile(r"[\W_]+|请问|怎么样?|如何|一下|我要|我想|咋|吗|呢|的|了")


@dataclass(frozen=True)
class Document:
    """What can be found without the index. ``body`` is Markdown, ``texts`` the ways people ask for it."""

    hit: SearchHit
    body: str
    spoken: str
    texts: tuple[str, ...]
    source: Source


def bigrams(text: str) -> frozenset[str]:
    """Return the character pairs of ``text`` without filler; a single character is kept as it is."""
    text = _NOISE.sub("", text.lower())
    return frozenset(text[i : i + 2] for i in range(len(text) - 1)) or frozenset(text)


class LexicalIndex:
    """Documents scored by weighted bigram overlap (Dice) of their best phrase."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents
        self._phrases = [(number, bigrams(text)) for number, d in enumerate(documents) for text in d.texts]
        count = Counter(gram for _, grams in self._phrases for gram in grams)
        self._weight = {gram: math.log(1 + len(self._phrases) / n) for gram, n in count.items()}
        self._unknown = math.log(1 + len(self._phrases)) if self._phrases else 1.0
        self._postings: dict[str, list[int]] = defaultdict(list)
        self._mass = [self._sum(grams) for _, grams in self._phrases]
        for number, (_, grams) in enumerate(self._phrases):
            for gram in grams:
                self._postings[gram].append(number)

    def _sum(self, grams: frozenset[str]) -> float:
        return sum(self._weight.get(gram, self._unknown) for gram in grams)

    def search(self, query: str, limit: int) -> list[tuple[Document, float]]:
        """Return the best documents with a score in 0–1."""
        grams = bigrams(query)
        mass = self._sum(grams)
        shared: dict[int, float] = defaultdict(float)
        for gram in grams:
            for phrase in self._postings.get(gram, ()):
                shared[phrase] += self._weight[gram]
        best: dict[int, float] = {}
        for phrase, common in shared.items():
            number = self._phrases[phrase][0]
            best[number] = max(best.get(number, 0.0), 2 * common / (mass + self._mass[phrase]))
        ranked = sorted(best.items(), key=lambda item: -item[1])[:limit]
        return [(self.documents[number], round(score, 3)) for number, score in ranked]


def load(engine: Engine) -> list[Document]:
    """Read every published entry and service."""
    with session_scope(engine) as session:
        documents = []
        for entry in EntryRepository(session).published():
            source = Source(
                kind="qa", id=entry.id, department=entry.department.name,
                updated=entry.updated_at.date().isoformat(), sample=entry.sample,
            )  # fmt: skip
            hit = SearchHit(
                kind="qa", id=entry.id, title=entry.question, snippet=entry.spoken,
                department=entry.department.name, probability=0,
            )  # fmt: skip
            texts = (entry.question, *(variant.text for variant in entry.variants))
            documents.append(Document(hit, entry.answer, entry.spoken, texts, source))
        for service in ServiceRepository(session).all():
            card, name = service.declaration, service.department.name
            source = Source(
                kind="service", id=service.id, department=name,
                updated=service.updated_at.date().isoformat(), sample=service.sample,
            )  # fmt: skip
            hit = SearchHit(
                kind="service", id=service.id, title=service.name, snippet=card["summary"],
                department=name, probability=0,
            )  # fmt: skip
            texts = (service.name, *card.get("aliases", ()), *card.get("variants", ()))
            documents.append(Document(hit, card["summary"], card.get("spoken") or card["summary"], texts, source))
        return documents


class FallbackSearch:
    """The index, reread from the database at most once a minute."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine, self._clock = engine, clock
        self._lock = anyio.Lock()
        self._index: LexicalIndex | None = None
        self._loaded = 0.0

    async def index(self) -> LexicalIndex:
        async with self._lock:
            if self._index is None or self._clock() - self._loaded > MAX_AGE:
                self._index = await anyio.to_thread.run_sync(lambda: LexicalIndex(load(self._engine)))
                self._loaded = self._clock()
            return self._index

    async def best(self, query: str) -> tuple[Document, float] | None:
        found = (await self.index()).search(query, 1)
        return found[0] if found else None

    async def search(self, query: str, limit: int) -> SearchResults:
        found = (await self.index()).search(query, limit)
        hits = [document.hit.model_copy(update={"probability": score}) for document, score in found]
        return SearchResults(query=query, hits=hits, degraded=True)
