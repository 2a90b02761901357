"""Array helpers for values that belong to owners: segments of a flat array, one after the other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


def largest(scores: Floats, count: int) -> Rows:
    """Return the positions of the ``count`` largest, in no order."""
    return np.argpartition(-scores, min(count, len(scores) - 1))[:count]


def by_owner(values: Floats, lengths: Rows, firsts: Rows) -> Floats:
    """Lay out the values of one owner a row, padded with minus infinity."""
    table = np.full((len(lengths), int(lengths.max())), -np.inf, np.float32)
    column = np.arange(len(values)) - np.repeat(firsts, lengths)
    table[np.repeat(np.arange(len(lengths)), lengths), column] = values
    return table


def mean_of_best(table: Floats, count: int) -> Floats:
    """Return the mean of the ``count`` best of each row, or of as many as it has."""
    best = np.sort(table, axis=1)[:, -count:]
    there = np.isfinite(best)
    return np.asarray(np.where(there, best, 0).sum(axis=1) / there.sum(axis=1))
