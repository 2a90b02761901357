"""Check what is said of corrected and doubtful words, and that staff see what a decision was made from."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from knowledge_helpers import CALIBRATION, EXAMPLES, fill
from sqlalchemy.orm import Session

from knowledge import snapshot
from knowledge.catalogue import CatalogueBuilder, cache_path
from knowledge.encoder import Encoder
from knowledge.explaining import explain
from knowledge.heard import readings_of, slips_of
from knowledge.pool import FEATURES
from knowledge.search import Searcher
from knowledge.server import app
from knowledge.vectors import VectorCache
from nlu.lexicon import Lexicon
from nlu.normalize import Correction, Normalized, normalize
from nlu.steps.findings import Candidate


def heard(text: str, corrections: list[Correction], candidates: list[Candidate]) -> Normalized:
    return Normalized(text, text, text, text, corrections, candidates)


def test_nothing_changed() -> None:
    assert slips_of(heard("交水费", [], [])) == []
    assert readings_of(heard("交水费", [], [])) == []


def test_one_doubtful_word_gives_a_reading_for_each_term() -> None:
    terms = [Candidate(1, 3, term, score, "sound") for term, score in (("医保", 0.75), ("一保", 0.7), ("医保", 0.7))]
    normalized = heard("交衣保和设保", [Correction(4, 6, "设保", "社保", 0.9, "sound")], terms)
    assert readings_of(normalized) == ["交医保和社保", "交一保和社保"]
    slips = slips_of(normalized)
    assert [(slip.original, slip.corrected, slip.sure) for slip in slips[:2]] == [
        ("设保", "社保", True),
        ("衣保", "医保", False),
    ]


def test_several_doubtful_words_give_one_reading() -> None:
    normalized = heard("衣保和水废", [], [Candidate(0, 2, "医保", 0.7, "sound"), Candidate(3, 5, "水费", 0.7, "sound")])
    assert readings_of(normalized) == ["医保和水费"]


def test_at_most_three() -> None:
    terms = [Candidate(0, 1, str(number), 0.7, "initials") for number in range(5)]
    assert len(readings_of(heard("x", [], terms))) == 3


def test_the_real_normaliser(lexicon: Lexicon) -> None:
    assert [slip.corrected for slip in slips_of(normalize("设保卡咋补办", lexicon))] == ["社保卡"]
    doubtful = normalize("ylbx怎么交", lexicon)
    assert doubtful.suggestion
    assert "养老保险怎么交" in readings_of(doubtful)


@pytest.fixture
def searcher(encoder: Encoder, lexicon: Lexicon, session: Session, monkeypatch: pytest.MonkeyPatch) -> Searcher:
    monkeypatch.setattr(snapshot, "read_examples", lambda: EXAMPLES)
    fill(session)
    session.flush()
    return Searcher(CatalogueBuilder(encoder, lexicon, CALIBRATION, VectorCache(cache_path())).build(session))


def test_an_explanation_has_all_that_led_there(searcher: Searcher) -> None:
    explanation = explain(searcher, "設保卡咋补办")
    assert explanation.resolution == searcher.resolve("設保卡咋补办")
    assert (explanation.cleaned, explanation.plain) == ("设保卡咋补办", "社保卡怎么补办")
    assert explanation.resolution.slips[0].corrected == "社保卡"
    first = explanation.candidates[0]
    assert (first.kind, first.id) == ("service", "rsj-04")
    assert set(first.features) == set(FEATURES)
    assert first.matched in ("社保卡补办", "补社保卡", "社保卡挂失补办", "重新办社保卡", "社保卡补换")
    assert {one.kind for one in explanation.candidates} == {"service", "qa"}
    assert explanation.thresholds["in_scope"] == searcher.policy.in_scope


def test_related_questions_of_a_service(searcher: Searcher) -> None:
    assert searcher.related_to_service("gone-01") == []
    card = searcher.catalogue.entries["qa-rsj-001"]
    searcher.catalogue.entries["qa-rsj-001"] = card.model_copy(update={"services": ["rsj-04"]})
    assert [one.id for one in searcher.related_to_service("rsj-04")] == ["qa-rsj-001"], "its own, however far"


def test_over_http(searcher: Searcher) -> None:
    app.state.searcher = searcher
    client = TestClient(app)  # without the lifespan: the searcher is here
    body = client.get("/explain", params={"text": "设保卡补办"}).json()
    assert body["resolution"]["normalized"] == "社保卡补办"
    assert body["candidates"][0]["id"] == "rsj-04"
    assert client.get("/explain", params={"text": ""}).status_code == 422
