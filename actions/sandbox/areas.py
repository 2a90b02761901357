"""Which county a place lies in, from the names of counties, towns and streets."""

from __future__ import annotations

from functools import cache

from wenban.paths import ROOT


def _rows(name: str) -> list[list[str]]:
    text = (ROOT / "nlu" / "data" / name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def counties() -> tuple[str, ...]:
    return tuple(row[1] for row in _rows("areas.tsv"))


@cache
def _names() -> dict[str, str]:
    names = {name: county for _, name, county in _rows("streets.tsv")}
    for _, county, *others in _rows("areas.tsv"):
        names[county] = county
        names.update({other: county for other in (others[0].split(",") if others else []) if other})
    return names


def county_of(place: str) -> str | None:
    """Return the county that a place names, the earliest and longest name deciding, or None."""
    found = [(place.find(name), -len(name), county) for name, county in _names().items() if name in place]
    return min(found)[2] if found else None
