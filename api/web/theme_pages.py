"""一件事 as pages: the list of themes by life stage, and one theme with how far this citizen has come."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from api.deps import ServicesDep, limit_reads
from api.errors import NotFound
from api.web.space_pages import ScopeDep
from api.web.stages import STAGES
from api.web.templating import render
from knowledge.themes import ThemeCard
from wenban.tracking import TrackedMatter

router = APIRouter(include_in_schema=False, dependencies=[Depends(limit_reads)])
ThemeId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{2,31}$")]
OFF = "已取消"


class ThemeNotFound(NotFound):
    code, message = "theme_not_found", "没有这个“一件事”，可能已经下架。"


@router.get("/themes")
async def themes(request: Request, services: ServicesDep, scope: ScopeDep) -> Response:
    """Every theme, with how many of its steps are done."""
    found = await services.catalogue.knowledge.themes()
    matters = await services.space.matters(scope)
    rows = [{"theme": theme, "steps": _steps(theme, matters)} for theme in found]
    return render(request, "themes.html", {"rows": rows, "stages": STAGES})


@router.get("/themes/{theme_id}")
async def theme(request: Request, services: ServicesDep, scope: ScopeDep, theme_id: ThemeId) -> Response:
    """One theme: what to prepare once, the chain with its progress, and the button that begins it in words."""
    found = await services.catalogue.knowledge.theme(theme_id)
    if found is None:
        raise ThemeNotFound
    steps = _steps(found, await services.space.matters(scope))
    return render(request, "theme.html", {"theme": found, "steps": steps})


def _steps(theme: ThemeCard, matters: Any) -> list[dict[str, Any]]:
    """Return each step with the newest matter that this citizen has submitted for it."""
    newest: dict[str, TrackedMatter] = {}
    for matter in matters:  # newest first
        if matter.status != OFF:
            newest.setdefault(matter.service_id, matter)
    rows: list[dict[str, Any]] = [{"step": step, "matter": newest.get(step.service_id or "")} for step in theme.steps]
    following = next((row for row in rows if row["matter"] is None and not row["step"].optional), None)
    for row in rows:
        row["state"] = "done" if row["matter"] is not None else "now" if row is following else "todo"
    return rows
