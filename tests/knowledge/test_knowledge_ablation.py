"""Check that switching a step off takes out what it says, and nothing else; and the rubric's points."""

from __future__ import annotations

from typing import Any

import pytest
from knowledge_helpers import CALIBRATION, EXAMPLES, fill
from sqlalchemy.orm import Session

from knowledge import snapshot
from knowledge.catalogue import CatalogueBuilder, cache_path
from knowledge.declaration import ServiceDeclaration
from knowledge.encoder import Encoder
from knowledge.evaluation.ablation import LADDER, Rung, climb, reduced
from knowledge.evaluation.rubric import accuracy, points
from knowledge.evaluation.services import Case
from knowledge.evaluation.steps import Step
from knowledge.repository import ServiceRepository
from knowledge.schemas import Resolution
from knowledge.search import Searcher
from knowledge.vectors import VectorCache
from nlu.lexicon import Lexicon
from wenban.turns import Candidate


@pytest.fixture
def searcher(encoder: Encoder, lexicon: Lexicon, session: Session, monkeypatch: pytest.MonkeyPatch) -> Searcher:
    monkeypatch.setattr(snapshot, "read_examples", lambda: EXAMPLES)
    fill(session)
    services = ServiceRepository(session)
    declared = services.get("swj-01").declaration
    variants = ["水龙头流的水要多少钱上哪结账"]
    services.save(ServiceDeclaration.model_validate({**declared, "variants": variants}), "seed")
    session.flush()
    return Searcher(CatalogueBuilder(encoder, lexicon, CALIBRATION, VectorCache(cache_path())).build(session))


def test_nothing_off_is_the_product(searcher: Searcher) -> None:
    assert reduced(searcher, ()).resolve("社宝卡补办") == searcher.resolve("社宝卡补办")


def test_without_normalisation(searcher: Searcher) -> None:
    assert reduced(searcher, [Step.NORMALISATION]).resolve("社宝卡补办").normalized == "社宝卡补办"
    assert searcher.resolve("社宝卡补办").normalized == "社保卡补办"


def test_without_variants(searcher: Searcher) -> None:
    said = "水龙头流的水要多少钱上哪结账"
    assert searcher.resolve(said).trace[0].matched == said
    assert reduced(searcher, [Step.VARIANTS]).resolve(said).trace[0].matched != said
    assert searcher.resolve(said).trace[0].matched == said, "the product's own catalogue stays whole"


def test_without_fusion_one_feature_ranks(searcher: Searcher) -> None:
    by_words = reduced(searcher, [Step.FUSION], "owner_words").resolve("公积金余额查询")
    assert by_words.services[0].id == "gjj-01"
    nothing_shared = reduced(searcher, [Step.FUSION], "owner_words").resolve("爸妈退了休每个月领的钱")
    probabilities = [one.probability for one in nothing_shared.services]
    assert max(probabilities) - min(probabilities) < 0.05, "no word is shared, so words tell nothing"


def test_without_calibration_nothing_is_refused(searcher: Searcher) -> None:
    resolution = reduced(searcher, [Step.CALIBRATION]).resolve("今天股票怎么样")
    assert resolution.in_scope == 1.0
    ranked = [one.id for one in searcher.resolve("交水费").services]
    assert [one.id for one in reduced(searcher, [Step.CALIBRATION]).resolve("交水费").services] == ranked


def test_the_ladder(searcher: Searcher) -> None:
    cases = [Case("社宝卡补办", "rsj-04", "", frozenset({"rsj-04"}))]
    rungs = [Rung("bare", tuple(Step)), Rung("ours", ())]
    bare, ours = climb(searcher, cases, [("讲个笑话", "chat")], rungs)
    assert bare["without"] == ["normalisation", "variants", "fusion", "ranking", "calibration"]
    assert bare["expected_calibration_error"] is bare["out_of_scope_refused"] is None
    assert ours["recall@1"] == 1.0
    assert ours["out_of_scope_refused"] is not None
    assert len({rung.label for rung in LADDER}) == len(LADDER)


def resolution(decision: Any, best: str, kind: Any = "service", service: str | None = None) -> Resolution:
    named = Candidate(kind=kind, id=best, title="", service_id=service or (best if kind == "service" else None),
                      probability=0.9)  # fmt: skip
    return Resolution(text="", normalized="", decision=decision, in_scope=1, best=named, choices=[named])


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (resolution("answer", "swj-01"), 1.0),
        (resolution("answer", "qa-swj-001", "qa", "swj-01"), 1.0),
        (resolution("answer", "swj-02"), 0.5),
        (resolution("answer", "qa-swj-002", "qa"), 0.5),
        (resolution("answer", "rsj-01"), 0.0),
        (resolution("clarify", "swj-01"), 0.5),
        (resolution("clarify", "swj-02"), 0.0),
        (resolution("none", "swj-01"), 0.0),
    ],
)
def test_points(given: Resolution, value: float) -> None:
    assert points(given, frozenset({"swj-01"}), "swj") == value


def test_each_field_counts_alike() -> None:
    asked = [("a", 1.0)] * 30 + [("b", 0.5), ("b", 0.0)]
    report = accuracy(asked)
    assert report["questions"] == 12
    assert report["points"] == pytest.approx(35 * (1 + 0.25) / 2, abs=0.05)
    assert (report["exact"], report["related"], report["wrong"]) == (10, 1, 1)
    assert report["lowest"][0] == ("b", 0.25)
    assert accuracy([])["points"] == 0
