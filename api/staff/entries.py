"""The Q&A base: a list with filters in the URL, and one entry beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

import anyio.from_thread
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.deps import Services, ServicesDep
from api.errors import Forbidden, NotFound
from api.speech.published import answer
from api.staff import forms
from api.staff.auth import Staff
from api.staff.deps import EditorDep, PostedDep, PublisherDep, StaffDep
from api.text import clean
from api.web.markdown import to_html
from api.web.templating import render
from knowledge import repository as knowledge
from knowledge.models import QaEntry
from wenban.database import session_scope

router = APIRouter(prefix="/staff", include_in_schema=False)
PAGE = 50
STATUSES = {"draft": "草稿", "published": "已发布", "withdrawn": "已下架"}
FLASH = {
    "saved": "已保存",
    "created": "已新建，还没有发布",
    "published": "已发布，两秒内生效",
    "withdrawn": "已下架，可以随时重新发布",
}


@dataclass
class Filters:
    """What the list shows; it stands in the URL, so that a view can be kept and shared."""

    q: str = ""
    status: str = ""
    department: str = ""
    page: int = 1

    def url(self, **changes: Any) -> str:
        values = {"q": self.q, "status": self.status, "department": self.department, "page": self.page} | changes
        kept = {name: value for name, value in values.items() if value and (name, value) != ("page", 1)}
        return "/staff/entries" + (f"?{urlencode(kept)}" if kept else "")


def filters(
    q: Annotated[str, Query(max_length=200)] = "",
    status: Annotated[str, Query(max_length=16)] = "",
    department: Annotated[str, Query(max_length=16)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Filters:
    return Filters(clean(q), status if status in STATUSES else "", clean(department), page)


FiltersDep = Annotated[Filters, Depends(filters)]


def _visible(session: Session, staff: Staff, entry_id: str) -> QaEntry:
    """Return an entry of a department that the staff member may see."""
    try:
        entry = knowledge.EntryRepository(session).get(entry_id)
    except knowledge.NotFound as error:
        raise NotFound("没有这条问答。") from error
    if not staff.may_see(entry.department_id):
        raise NotFound("没有这条问答。")
    return entry


def _view(
    request: Request, session: Session, staff: Staff, chosen: Filters, *, entry: QaEntry | None = None,
    form: forms.EntryForm | None = None, flash: str = "", conflict: bool = False, status: int = 200,
) -> Response:  # fmt: skip
    department = staff.department or chosen.department or None
    rows, total = knowledge.EntryRepository(session).list(
        chosen.status or None, department, chosen.q or None, PAGE, (chosen.page - 1) * PAGE
    )
    departments = [d for d in knowledge.DepartmentRepository(session).all() if staff.may_see(d.id)]
    context = {
        "staff": staff, "section": "entries", "filters": chosen, "rows": rows, "total": total,
        "pages": max(1, -(-total // PAGE)), "departments": departments, "statuses": STATUSES, "entry": entry,
        "form": form, "flash": FLASH.get(flash, ""), "conflict": conflict,
        "services": knowledge.ServiceRepository(session).all() if form else [],
    }  # fmt: skip
    return render(request, "staff_entries.html", context, status)


@router.get("")
@router.get("/")
def start(staff: StaffDep) -> Response:
    return RedirectResponse("/staff/entries", 303)


@router.get("/entries")
def listing(
    request: Request, services: ServicesDep, staff: StaffDep, chosen: FiltersDep, open: str = "", question: str = "",
    flash: str = "",
) -> Response:  # fmt: skip
    """Show the list, with the entry ``open`` (or an empty form for ``new``) beside it."""
    with session_scope(services.engine) as session:
        entry = _visible(session, staff, open) if open and open != "new" else None
        form = forms.of_entry(entry) if entry else None
        if open == "new":
            form = forms.blank(staff.department, clean(question)[:200])
        return _view(request, session, staff, chosen, entry=entry, form=form, flash=flash)


def _read(session: Session, staff: Staff, posted: dict[str, str]) -> forms.EntryForm:
    departments = {d.id for d in knowledge.DepartmentRepository(session).all() if staff.may_see(d.id)}
    return forms.read(posted, departments, list(knowledge.ServiceRepository(session).all()))


@router.post("/entries")
def create(
    request: Request, services: ServicesDep, staff: EditorDep, posted: PostedDep, chosen: FiltersDep
) -> Response:
    with session_scope(services.engine) as session:
        form = _read(session, staff, posted)
        if form.errors:
            return _view(request, session, staff, chosen, form=form, status=422)
        entry = knowledge.EntryRepository(session).create(staff.username, **form.changes)
        target = chosen.url(open=entry.id, flash="created")
    return RedirectResponse(target, 303)


@router.post("/entries/{entry_id}")
def save(
    request: Request, services: ServicesDep, staff: EditorDep, posted: PostedDep, chosen: FiltersDep, entry_id: str
) -> Response:
    """Save, unless somebody else has saved meanwhile: then show both and lose nothing."""
    with session_scope(services.engine) as session:
        entry = _visible(session, staff, entry_id)
        if entry.status == "published" and not staff.can_publish:
            raise Forbidden("已发布的问答由审核人修改。")
        form = _read(session, staff, posted)
        if form.errors:
            return _view(request, session, staff, chosen, entry=entry, form=form, status=422)
        version = posted.get("version", "")
        number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1
        stale = number != entry.version
        if not stale:
            try:
                with session.begin_nested():
                    knowledge.EntryRepository(session).update(entry_id, number, staff.username, **form.changes)
            except knowledge.StaleVersion:
                session.expire_all()
                stale = True
        if stale:
            entry = _visible(session, staff, entry_id)
            return _view(request, session, staff, chosen, entry=entry, form=form, conflict=True, status=409)
    return RedirectResponse(chosen.url(open=entry_id, flash="saved"), 303)


def _move(services: Services, staff: Staff, chosen: Filters, entry_id: str, status: str) -> Response:
    with session_scope(services.engine) as session:
        _visible(session, staff, entry_id)
        entries = knowledge.EntryRepository(session)
        (entries.publish if status == "published" else entries.withdraw)(entry_id, staff.username)
    if status == "published":
        anyio.from_thread.run(services.speech.prepare, answer(services.engine, entry_id))
    return RedirectResponse(chosen.url(open=entry_id, flash=status), 303)


@router.post("/entries/{entry_id}/publish")
def publish(
    services: ServicesDep, staff: PublisherDep, posted: PostedDep, chosen: FiltersDep, entry_id: str
) -> Response:
    return _move(services, staff, chosen, entry_id, "published")


@router.post("/entries/{entry_id}/withdraw")
def withdraw(
    services: ServicesDep, staff: PublisherDep, posted: PostedDep, chosen: FiltersDep, entry_id: str
) -> Response:
    return _move(services, staff, chosen, entry_id, "withdrawn")


@router.post("/preview")
def preview(staff: StaffDep, posted: PostedDep) -> HTMLResponse:
    """Render Markdown as citizens will see it."""
    return HTMLResponse(to_html(clean(posted.get("answer", ""))[:10_000]))
