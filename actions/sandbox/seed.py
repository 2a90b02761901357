"""Cases that exist from the start, always at the same stage, however late one looks."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from actions.sandbox.clock import Clock
from actions.sandbox.tables import Matter
from actions.sandbox.texts import data


def seed(session: Session, clock: Clock, digest: Callable[[str], str]) -> None:
    """Add the cases of ``data/cases.yaml`` that are not there yet."""
    for row in data("cases"):
        if session.get(Matter, row["receipt_no"]) is not None:
            continue
        person = {"name": row["name"], "id_no": row["id_no"]}
        session.add(
            Matter(
                receipt_no=row["receipt_no"],
                connector=row["connector"],
                operation=row["operation"],
                kind="case",
                state="missing" if row.get("missing") else "open",
                title=row["title"],
                submitted_at=clock.ago(row["days"]),
                pinned_days=row["days"],
                holder=digest(row["id_no"]),
                fields=person,
                data={
                    "plan": row["plan"],
                    "lines": [[label, value] for label, value in row.get("lines", {}).items()],
                    "missing": row.get("missing", []),
                },
            )
        )
