"""The pages 我的材料 and 同意和删除. Both work without JavaScript."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from api.deps import ServicesDep, limit_reads
from api.identity.service import COOKIE
from api.space import privacy
from api.space.endpoints import MeDep, in_session
from api.web import chat
from api.web.space_pages import PostedDep, see
from api.web.templating import render
from wenban.erasing import erase

router = APIRouter(include_in_schema=False, dependencies=[Depends(limit_reads)])


@router.get("/me/materials")
async def materials(request: Request, services: ServicesDep, citizen: MeDep) -> Response:
    """What was handed in and is offered again."""
    kept = await in_session(services, lambda session: privacy.materials(session, citizen))
    remember = await services.space.remembers(citizen)
    return render(request, "me_materials.html", {"materials": kept, "remember": remember})


@router.post("/me/materials/forget")
async def forget(services: ServicesDep, citizen: MeDep, form: PostedDep) -> Response:
    which = form.get("material_id", "")
    await in_session(services, lambda session: privacy.forget_material(session, citizen, which))
    return see("/me/materials")


@router.get("/me/consents")
async def consents(request: Request, services: ServicesDep, citizen: MeDep) -> Response:
    """What was agreed to, and the deletion of everything."""
    return await _consents(request, services, citizen)


async def _consents(request: Request, services: ServicesDep, citizen: MeDep, error: str = "") -> Response:
    rows = await in_session(services, lambda session: privacy.consents(session, citizen))
    return render(request, "me_consents.html", {"consents": rows, "error": error}, 422 if error else 200)


@router.post("/me/consents/withdraw")
async def withdraw(services: ServicesDep, citizen: MeDep, form: PostedDep) -> Response:
    number = form.get("consent_id", "")
    which = int(number) if number.isdecimal() and len(number) < 16 else 0
    await in_session(services, lambda session: privacy.withdraw(session, citizen, which))
    return see("/me/consents")


@router.post("/me/erase")
async def erase_all(request: Request, services: ServicesDep, citizen: MeDep, form: PostedDep) -> Response:
    """Delete everything, when the box says so, and forget this browser."""
    if form.get("sure") != "yes":
        return await _consents(request, services, citizen, "要删除全部信息，请先在方框里打勾。")
    await in_session(services, lambda session: erase(session, citizen.id))
    response = see("/")
    response.delete_cookie(COOKIE)
    chat.forget(response)
    return response
