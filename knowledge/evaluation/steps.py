"""The steps of the search that an evaluation can switch off; apart, so that ``--help`` need not load the search."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """``FUSION``: more than one kind of evidence. ``RANKING``: weights fitted to our catalogue, instead of one vote
    for each kind of evidence. ``CALIBRATION``: scores made probabilities, the scope gate and the router."""

    NORMALISATION = "normalisation"
    VARIANTS = "variants"
    FUSION = "fusion"
    RANKING = "ranking"
    CALIBRATION = "calibration"
