"""Which answers a sentence better: a service, or an entry of the Q&A base?

Probabilities inside a pool say which of its members is meant, not whether any is. The two pools are compared by
how near their best members are; the weights are fitted by ``knowledge.calibration``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from knowledge.pool import FEATURES
from knowledge.ranked import Ranked
from knowledge.scope import Gate

ROUTE_FEATURES = ("dense", "dense_top3", "words", "grams", "owner_words", "owner_grams", "probability", "entry_dense")
_COLUMNS = [FEATURES.index(name) for name in ROUTE_FEATURES[:6]]
Floats = npt.NDArray[np.floating]


def route_features(services: Ranked, entries: Ranked) -> Floats:
    """Return the best entry's features less the best service's; order as in ``ROUTE_FEATURES``."""
    if not services.owners or not entries.owners:
        return np.zeros(len(ROUTE_FEATURES))
    difference = entries.features[0, _COLUMNS] - services.features[0, _COLUMNS]
    share = entries.probabilities[0] - services.probabilities[0]
    return np.array([*difference, share, entries.features[0, FEATURES.index("dense")]])


def entry_share(router: Gate | None, services: Ranked, entries: Ranked) -> float:
    """Return the probability that the best entry, rather than the best service, answers the sentence."""
    if not entries.owners:
        return 0.0
    if router is None or not services.owners:
        return 1.0 if not services.owners else 0.5
    return router.probability(route_features(services, entries))


def entry_nearer(services: Ranked, entries: Ranked) -> bool:
    """Say whether the best entry has a wording at least as like the sentence as the best service has."""
    dense = FEATURES.index("dense")
    if not services.owners or not entries.owners:
        return True
    return bool(entries.features[0, dense] >= services.features[0, dense])
