"""``wenban reindex``: compute every vector anew, for example after a change of the encoder."""

from __future__ import annotations

import os
import signal

from wenban import runstate
from wenban.database import session_scope
from wenban.plugins import load


def run() -> str:
    """Rebuild the cache of vectors; a running search process is restarted with it. Return what was done."""
    path = load("knowledge.catalogue:cache_path")()
    fresh = path.with_name(f"fresh-{path.name}")
    fresh.unlink(missing_ok=True)
    builder = load("knowledge.catalogue:CatalogueBuilder")(
        load("knowledge.encoder:Encoder")(),
        load("nlu.lexicon:Lexicon").default(),
        load("knowledge.snapshot:Calibration").load(),
        load("knowledge.vectors:VectorCache")(fresh),
    )
    with session_scope() as session:
        catalogue = builder.build(session)
    builder.cache.save()
    fresh.replace(path)
    counted = f"Indexed {len(catalogue.services)} services and {len(catalogue.entries)} questions."
    state = runstate.running()
    search = state.processes.get("knowledge") if state else None
    if search is None or search.pid is None:
        return counted
    os.kill(search.pid, signal.SIGTERM)  # the supervisor starts it again
    return f"{counted} The search process starts again with them; this takes some seconds."
