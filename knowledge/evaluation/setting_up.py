"""A searcher over the current catalogue, for evaluations and calibration outside the knowledge process."""

from __future__ import annotations

from knowledge.catalogue import CatalogueBuilder, cache_path
from knowledge.encoder import Encoder
from knowledge.search import Searcher
from knowledge.snapshot import Calibration
from knowledge.vectors import VectorCache
from nlu.lexicon import Lexicon
from wenban.database import session_scope


def make_searcher() -> Searcher:
    """Build what the knowledge process builds, from the same database."""
    builder = CatalogueBuilder(Encoder(), Lexicon.default(), Calibration.load(), VectorCache(cache_path()))
    with session_scope() as session:
        searcher = Searcher(builder.build(session))
    builder.cache.save()
    return searcher
