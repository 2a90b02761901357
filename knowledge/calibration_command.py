"""``wenban calibrate``: fit the ranker and the scope gate to the catalogue in the database."""

from __future__ import annotations

import typer

app = typer.Typer()


@app.command()
def calibrate() -> None:
    """Fit the probabilities to the catalogue and write ``knowledge/calibration.json``."""
    from knowledge.calibration import calibrate as fit
    from knowledge.catalogue import cache_path
    from knowledge.encoder import Encoder
    from knowledge.repository import EntryRepository, ServiceRepository
    from knowledge.units import entry_owner, service_owner
    from knowledge.vectors import VectorCache
    from nlu.lexicon import Lexicon
    from wenban.database import session_scope

    with session_scope() as session:
        services = [service_owner(service.declaration) for service in ServiceRepository(session).all()]
        entries = [
            entry_owner(e.id, e.question, [v.text for v in e.variants], [s.id for s in e.services], e.department_id)
            for e in EntryRepository(session).published()
        ]
    cache = VectorCache(cache_path())
    document = fit(services, entries, Encoder(), cache, Lexicon.default(), typer.echo)
    cache.save()
    typer.echo(f"fitted on {document['fitted_on']}")
