"""Questions that nobody could answer: where the base has gaps."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.deps import ServicesDep
from api.staff.deps import StaffDep
from api.web.templating import render
from knowledge.repository import UnansweredRepository
from wenban.database import session_scope

router = APIRouter(prefix="/staff", include_in_schema=False)
PAGE = 50


@router.get("/unanswered")
def unanswered(
    request: Request, services: ServicesDep, staff: StaffDep, page: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> Response:
    with session_scope(services.engine) as session:
        rows, total = UnansweredRepository(session).list(PAGE, (page - 1) * PAGE)
        context = {
            "staff": staff, "section": "unanswered", "rows": rows, "total": total, "page": page,
            "pages": max(1, -(-total // PAGE)),
        }  # fmt: skip
        return render(request, "staff_unanswered.html", context)
