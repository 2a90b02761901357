"""Read the Chinese data files that lie beside the code."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_rows(path: Path) -> Iterator[list[str]]:
    """Yield the tab-separated cells of each line of `path`, skipping blank lines and comments."""
    with path.open(encoding="utf-8") as handle:
        for line in handle:
            line = line.rstrip("\r\n")
            if line.strip() and not line.startswith("#"):
                yield [cell.strip() for cell in line.split("\t")]


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of one of our own data files, read once."""
    return tuple(tuple(row) for row in read_rows(DATA / name))


@cache
def words(name: str) -> frozenset[str]:
    """Return all blank-separated words of one of our own data files."""
    return frozenset(word for row in rows(name) for cell in row for word in cell.split())
