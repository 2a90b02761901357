"""Build the searchable catalogue of a publication version from the database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from knowledge.cards import entry_card, service_card
from knowledge.encoder import Encoder
from knowledge.repository import EntryRepository, ServiceRepository, publication_version
from knowledge.search import Catalogue
from knowledge.snapshot import Calibration, Snapshot
from knowledge.typeahead import Typeahead, make_line
from knowledge.units import entry_owner, service_owner
from knowledge.vectors import VectorCache
from nlu.lexicon import Lexicon
from wenban import paths


def cache_path() -> Path:
    return paths.home() / "cache" / "vectors-bge-small-zh-int8.npz"


class CatalogueBuilder:
    """Keeps what is costly (encoder, vectors, lexicon) between builds."""

    def __init__(self, encoder: Encoder, lexicon: Lexicon, calibration: Calibration, cache: VectorCache) -> None:
        self.encoder, self.lexicon, self.calibration, self.cache = encoder, lexicon, calibration, cache
        self._last: Snapshot | None = None

    def build(self, session: Session) -> Catalogue:
        """Read what is published now and index it; only texts not seen before are encoded."""
        version = publication_version(session)
        services = ServiceRepository(session).all()
        entries = EntryRepository(session).published()
        snapshot = Snapshot(
            version,
            [service_owner(service.declaration) for service in services],
            [
                entry_owner(e.id, e.question, [v.text for v in e.variants], [s.id for s in e.services], e.department_id)
                for e in entries
            ],
            self.encoder,
            self.cache,
            self.lexicon,
            self.calibration,
            before=self._last,
        )
        self._last = snapshot
        lines = [make_line(service.name, "service", service.id) for service in services]
        lines += [make_line(text, "service", s.id) for s in services for text in s.declaration["aliases"]]
        lines += [make_line(entry.question, "qa", entry.id) for entry in entries]
        return Catalogue(
            snapshot,
            Typeahead(lines),
            {service.id: service_card(service) for service in services},
            {entry.id: entry_card(entry) for entry in entries},
        )
