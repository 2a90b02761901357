"""Check the searcher on a tiny catalogue with the real encoder."""

from __future__ import annotations

import pytest
from knowledge_helpers import CALIBRATION, EXAMPLES, fill
from sqlalchemy.orm import Session

from knowledge import snapshot
from knowledge.catalogue import CatalogueBuilder, cache_path
from knowledge.encoder import Encoder
from knowledge.repository import EntryRepository
from knowledge.search import Searcher
from knowledge.vectors import VectorCache
from nlu.lexicon import Lexicon


@pytest.fixture
def builder(encoder: Encoder, lexicon: Lexicon, home: object, monkeypatch: pytest.MonkeyPatch) -> CatalogueBuilder:
    monkeypatch.setattr(snapshot, "read_examples", lambda: EXAMPLES)
    return CatalogueBuilder(encoder, lexicon, CALIBRATION, VectorCache(cache_path()))


@pytest.fixture
def searcher(builder: CatalogueBuilder, session: Session) -> Searcher:
    fill(session)
    session.flush()
    return Searcher(builder.build(session))


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("我的社保卡丢了想补一张", "rsj-04"),
        ("社宝卡补办", "rsj-04"),  # a slip
        ("水費在哪裏交", "swj-01"),  # Traditional
        ("公积金里还有多少钱", "gjj-01"),
        ("退休金几号能到账", "qa-rsj-001"),
    ],
)
def test_resolve(searcher: Searcher, text: str, best: str) -> None:
    resolution = searcher.resolve(text)
    assert resolution.best is not None
    assert resolution.best.id == best
    assert resolution.text == text
    assert 0 < resolution.best.probability <= 1


def test_a_resolution_says_why(searcher: Searcher) -> None:
    resolution = searcher.resolve("交水费")
    assert resolution.trace[0].id == "swj-01"
    assert resolution.trace[0].matched in ("交水费", "水费怎么交", "水费缴纳")
    assert resolution.trace[0].dense > 0.9
    assert sum(candidate.probability for candidate in resolution.services) == pytest.approx(1, abs=0.01)


def test_a_question_without_a_subject_is_first_about_the_entry_just_read(searcher: Searcher) -> None:
    alone = searcher.resolve("几号到账", about="qa-rsj-001")
    assert alone.best is not None
    assert alone.best.id == "qa-rsj-001"
    beside = searcher.resolve("要多少钱", focus="swj-01", about="qa-rsj-001")
    assert beside.best is not None
    assert beside.best.service_id == "swj-01", "the entry has been read; the card of the service says it"


def test_a_question_without_a_subject_is_about_the_service_in_focus(searcher: Searcher) -> None:
    resolution = searcher.resolve("要带什么材料", focus="swj-01")
    assert resolution.best is not None
    assert resolution.best.service_id == "swj-01"
    assert searcher.resolve("要带什么材料", focus="gone-01").text == "要带什么材料"


def test_search_shows_services_and_entries_together(searcher: Searcher) -> None:
    hits = searcher.search("养老金", 10).hits
    assert hits[0].id == "qa-rsj-001"
    assert [hit.probability for hit in hits] == sorted((hit.probability for hit in hits), reverse=True)
    assert len(searcher.search("水费", 1).hits) == 1


def test_suggest(searcher: Searcher) -> None:
    assert searcher.suggest("sbk", 3)[0].id == "rsj-04"


def test_a_swapped_catalogue_is_used_at_once(searcher: Searcher, builder: CatalogueBuilder, session: Session) -> None:
    entries = EntryRepository(session)
    fields = {"question": "居住证怎么办理？", "answer": "去派出所。", "spoken": "去派出所。", "department_id": "rsj"}
    entry = entries.create("li", ["办居住证"], **fields)
    entries.publish(entry.id, "li")
    session.flush()
    searcher.swap(builder.build(session))
    best = searcher.resolve("居住证咋办").best
    assert best is not None
    assert best.id == entry.id
    assert searcher.related(entry.id) == [], "of pensions, which are no neighbour of residence permits"
    assert searcher.related("gone") == []
    near = entries.create("li", ["居住证啥时候能办好"], **{**fields, "question": "居住证多久能办好？"})
    entries.publish(near.id, "li")
    session.flush()
    searcher.swap(builder.build(session))
    assert [c.id for c in searcher.related(entry.id)] == [near.id]


def test_vectors_are_kept_for_the_next_start(
    builder: CatalogueBuilder, session: Session, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(session)
    session.flush()
    builder.build(session)
    builder.cache.save()
    kept = VectorCache(cache_path())
    monkeypatch.setattr(encoder, "encode", lambda *_, **__: pytest.fail("a text that was kept is encoded again"))
    assert kept.encode(["交水费"], encoder).shape == (1, encoder.dimension)


def test_a_wording_of_ours_is_certain(searcher: Searcher) -> None:
    resolution = searcher.resolve("退休金哪天发？")
    assert resolution.decision == "answer"
    assert resolution.best is not None
    assert (resolution.best.id, resolution.best.probability) == ("qa-rsj-001", 1.0)
    assert (resolution.in_scope, resolution.entry_share) == (1.0, 1.0)
    assert resolution.entries[0] == resolution.best
