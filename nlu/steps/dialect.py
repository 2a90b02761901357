"""Map dialect words to plain Mandarin, for search only: what the citizen said is never shown changed."""

import re
from functools import cache

from nlu.resources import rows


@cache
def _rules() -> tuple[re.Pattern[str], dict[str, str]]:
    ordered = sorted(rows("dialect.tsv"), key=lambda row: -len(row[0]))
    named = {f"d{number}": row for number, row in enumerate(ordered)}
    pattern = "|".join(f"(?P<{name}>{row[0]})" for name, row in named.items())
    return re.compile(pattern), {name: row[1] for name, row in named.items()}


def to_plain(text: str) -> str:
    """Return `text` with dialect words replaced."""
    pattern, plain = _rules()
    return pattern.sub(lambda match: plain[match.lastgroup or ""], text)
