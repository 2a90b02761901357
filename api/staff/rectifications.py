"""差评整改: what is open and until when, taking a case up, closing it with its result, and appeals."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.deps import ServicesDep
from api.errors import ApiError, NotFound
from api.staff.auth import Staff
from api.staff.deps import EditorDep, PostedDep, PublisherDep, StaffDep
from api.text import clean
from api.web.templating import render
from knowledge.models import AuditRecord
from wenban.database import session_scope
from wenban.ratings import LEVELS, OPEN, RatingRepository, Rectification, now

router = APIRouter(prefix="/staff", include_in_schema=False)
PAGE = 50
MAX_RESULT = 2000


class NothingWritten(ApiError):
    status, code, message = 422, "nothing_written", "请写明处理结果，再提交。"


class AlreadyClosed(ApiError):
    status, code, message = 409, "already_closed", "这件整改已经办结，不能再改。"


@router.get("/rectifications")
def rectifications(
    request: Request,
    services: ServicesDep,
    staff: StaffDep,
    closed: bool = False,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Show the open cases, the most urgent first, with what is due soon or overdue marked."""
    today, warn = dt.date.today(), services.settings.rectify_warn_days
    with session_scope(services.engine) as session:
        repository = RatingRepository(session)
        rows, total = repository.rectifications(staff.department, closed, PAGE, (page - 1) * PAGE)
        context = {
            "staff": staff, "section": "rectifications", "closed": closed, "total": total, "page": page,
            "pages": max(1, -(-total // PAGE)), "alarms": repository.alarms(staff.department, today, warn),
            "rows": [_row(case, today, warn) for case in rows], "warn_days": warn,
        }  # fmt: skip
    return render(request, "staff_rectifications.html", context)


@router.post("/rectifications/{case_id}/take")
def take(case_id: int, services: ServicesDep, staff: EditorDep, _: PostedDep) -> Response:
    """Take a case up."""
    with session_scope(services.engine) as session:
        case = _open(RatingRepository(session), staff, case_id)
        case.status, case.handler = "taken", staff.username
        session.add(_audit(staff.username, "take", case, {"handler": staff.username}))
    return RedirectResponse("/staff/rectifications", 303)


@router.post("/rectifications/{case_id}/close")
def close(case_id: int, services: ServicesDep, staff: EditorDep, form: PostedDep) -> Response:
    """Close a case with what was found, mended and told at the call-back."""
    result = clean(form.get("result", ""))[:MAX_RESULT]
    if not result:
        raise NothingWritten
    with session_scope(services.engine) as session:
        case = _open(RatingRepository(session), staff, case_id)
        case.status, case.result, case.closed_at = "closed", result, now()
        case.handler = case.handler or staff.username
        session.add(_audit(staff.username, "close", case, {"status": "closed"}))
    return RedirectResponse("/staff/rectifications", 303)


@router.post("/rectifications/{case_id}/appeal")
def appeal(case_id: int, services: ServicesDep, staff: PublisherDep, form: PostedDep) -> Response:
    """Grant an appeal: the rating no longer counts, and the case ends; both stay readable."""
    reason = clean(form.get("result", ""))[:MAX_RESULT]
    if not reason:
        raise NothingWritten("请写明申诉成立的理由，再提交。")
    with session_scope(services.engine) as session:
        case = _open(RatingRepository(session), staff, case_id)
        case.status, case.closed_at, case.handler = "set_aside", now(), staff.username
        case.rating.set_aside = reason
        session.add(_audit(staff.username, "set_aside", case, {"status": "set_aside"}))
    return RedirectResponse("/staff/rectifications", 303)


def _open(repository: RatingRepository, staff: Staff, case_id: int) -> Rectification:
    case = repository.rectification(case_id)
    if case is None or not staff.may_see((case.rating.service_id or "").split("-")[0]):
        raise NotFound
    if case.status not in OPEN:
        raise AlreadyClosed
    return case


def _audit(actor: str, action: str, case: Rectification, after: dict[str, Any]) -> AuditRecord:
    """Who did what to which case; what was written stays in the case, encrypted."""
    return AuditRecord(
        actor=actor, action=action, target_kind="rectification", target_id=str(case.id), before=None, after=after
    )


def _row(case: Rectification, today: dt.date, warn: int) -> dict[str, Any]:
    rating = case.rating
    return {
        "id": case.id,
        "level": LEVELS[rating.stars],
        "service": rating.service_name or "整个对话",
        "reasons": rating.reasons,
        "comment": rating.comment or "",
        "opened_on": case.opened_at.date(),
        "due_on": case.due_on,
        "left": case.working_days_left(today),
        "alarm": case.alarm(today, warn),
        "status": {"open": "待处理", "taken": "处理中", "closed": "已办结", "set_aside": "申诉成立"}[case.status],
        "is_open": case.status in OPEN,
        "handler": case.handler or "",
        "result": case.result or rating.set_aside or "",
    }
