"""Who is signed in, and forms that only our own pages can have sent."""

from __future__ import annotations

import secrets
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from api.deps import ServicesDep
from api.errors import Forbidden
from api.staff.auth import Staff, find_session
from wenban.database import session_scope

COOKIE = "wenban_staff"


def signed_in(request: Request, services: ServicesDep) -> Staff:
    """Return the staff member, or send the browser to the log-in page."""
    with session_scope(services.engine) as session:
        staff = find_session(session, request.cookies.get(COOKIE))
    if staff is None:
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        location = "/staff/login" + (f"?next={quote(target)}" if request.method == "GET" else "")
        raise HTTPException(303, headers={"Location": location})
    return staff


StaffDep = Annotated[Staff, Depends(signed_in)]


async def posted(request: Request, staff: StaffDep) -> dict[str, str]:
    """Return the fields of a form that carries the session's CSRF token."""
    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    if not secrets.compare_digest(form.get("csrf", "").encode(), staff.csrf.encode()):
        raise Forbidden("页面已过期，请返回刷新后再提交。")
    return form


PostedDep = Annotated[dict[str, str], Depends(posted)]


def editor(staff: StaffDep) -> Staff:
    if not staff.can_edit:
        raise Forbidden
    return staff


def publisher(staff: StaffDep) -> Staff:
    if not staff.can_publish:
        raise Forbidden("发布和下架由审核人进行。")
    return staff


EditorDep = Annotated[Staff, Depends(editor)]
PublisherDep = Annotated[Staff, Depends(publisher)]
