"""Read the tables of expressions, and the clock they are read at."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

NOW = datetime(2026, 11, 18, 10, 0)
_FOLDER = Path(__file__).parent / "tables"


def table(name: str, width: int) -> Iterator[list[str]]:
    """Yield the rows of tables/`name`.tsv, padded to `width` cells."""
    for line in (_FOLDER / f"{name}.tsv").read_text(encoding="utf-8").split("\n"):
        if line.strip() and not line.startswith("#"):
            cells = line.split("\t")
            yield cells + [""] * (width - len(cells))
