"""Where things lie: the repository, and the data directory (``WENBAN_HOME``, default ``var/`` in the repository)."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """Return the data directory: databases, models, secrets, logs, caches."""
    return Path(os.environ.get("WENBAN_HOME", ROOT / "var")).resolve()
