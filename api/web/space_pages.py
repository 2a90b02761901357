"""The pages 我的, 我的资料, 亲友代办, and the page on which a relative says yes or no. All work without JavaScript."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Request, Response, WebSocket
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from api.deps import CitizenDep, ServicesDep, SignedInDep, get_services, limit_reads, limit_turns
from api.errors import ApiError, Forbidden, SignInRequired
from api.identity.repository import CitizenRepository, stands
from api.identity.service import COOKIE
from api.security import unsign
from api.space import events, relatives
from api.space.endpoints import MeDep, in_session
from api.space.schemas import KINDS, RELATIONS, NoticeView, RelativeRequest
from api.space.service import Scope
from api.web import chat
from api.web.templating import fragment, render
from wenban.identity import LEVELS
from wenban.masking import mask

router = APIRouter(include_in_schema=False, dependencies=[Depends(limit_reads)])
_SHOWN = {"name": "姓名", "id_no": "身份证号", "phone": "电话"}


async def posted(request: Request, signed: SignedInDep) -> dict[str, str]:
    """Return the fields of a form; a signed-in citizen's must carry the session's token."""
    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    if signed is not None and not secrets.compare_digest(form.get("csrf", "").encode(), signed.csrf.encode()):
        raise Forbidden("页面已过期，请返回刷新后再提交。")
    return form


PostedDep = Annotated[dict[str, str], Depends(posted)]


def see(path: str) -> RedirectResponse:
    return RedirectResponse(path, 303)


async def _scope(request: Request, services: ServicesDep, citizen: CitizenDep) -> Scope:
    """Return whose things this browser may see; an ended session sees nothing of its citizen's."""
    try:
        conversation_id = await chat.current(request, services.conversations, citizen)
    except SignInRequired:
        conversation_id = None
    return Scope(citizen.id if citizen else None, conversation_id)


ScopeDep = Annotated[Scope, Depends(_scope)]


@router.get("/me")
async def mine(request: Request, services: ServicesDep, citizen: CitizenDep, scope: ScopeDep) -> Response:
    """Everything that was submitted, by kind, with its time line."""
    matters = await services.space.matters(scope)
    context = {
        "groups": [(kind, name, [m for m in matters if m.kind == kind]) for kind, name in KINDS.items()],
        "ratings": await services.space.ratings(scope),
        "notices": await services.space.notices(scope),
        "waiting": [c for c in await services.space.conversations(citizen) if c.open] if citizen else [],
        "levels": LEVELS,
        "can_sign_in": services.identity.enabled,
    }
    return render(request, "me.html", context)


@router.post("/me/continue")
async def go_on(
    services: ServicesDep, citizen: MeDep, form: PostedDep, conversation_id: Annotated[str, Form(max_length=40)]
) -> Response:
    """Go on in this browser with a conversation that was begun in another."""
    await services.conversations.check(conversation_id, citizen)
    response = see("/#latest")
    chat.remember(response, conversation_id, services.api_settings.secure_cookies)
    return response


@router.post("/me/notices/read")
async def read(services: ServicesDep, scope: ScopeDep, _: PostedDep) -> Response:
    await services.space.read(scope)
    return see("/me#notices")


@router.get("/me/info")
async def info(request: Request, services: ServicesDep, citizen: MeDep) -> Response:
    """What is known and remembered of the citizen."""
    known = {"name": citizen.name, **citizen.profile}
    context = {
        "profile": [(label, mask(known[name])) for name, label in _SHOWN.items() if known.get(name)],
        "saved": await services.space.saved(citizen),
        "remember": await services.space.remembers(citizen),
        "levels": LEVELS,
    }
    return render(request, "me_info.html", context)


@router.post("/me/info/forget")
async def forget(services: ServicesDep, citizen: MeDep, form: PostedDep) -> Response:
    number = form.get("value_id", "")
    await services.space.forget(citizen, int(number) if number.isdecimal() and len(number) < 16 else None)
    return see("/me/info#saved")


@router.post("/me/info/remember")
async def remember(services: ServicesDep, citizen: MeDep, form: PostedDep) -> Response:
    await services.space.remember(citizen, form.get("remember") == "yes")
    return see("/me/info#saved")


async def _relatives_page(request: Request, services: Any, citizen: Any, status: int = 200, **more: Any) -> Response:
    rows = await in_session(services, lambda session: CitizenRepository(session).relatives(citizen.id))
    context = {
        "people": [relatives.view(row) for row in rows], "relations": RELATIONS, "values": {}, "error": "", "link": "",
        "declaration": relatives.DECLARATION, "citizen": citizen,
    }  # fmt: skip
    return render(request, "me_relatives.html", context | more, status)


@router.get("/me/relatives")
async def people(request: Request, services: ServicesDep, citizen: MeDep) -> Response:
    return await _relatives_page(request, services, citizen)


@router.post("/me/relatives", dependencies=[Depends(limit_turns)])
async def add_person(request: Request, services: ServicesDep, citizen: MeDep, form: PostedDep) -> Response:
    values = {name: form.get(name, "") for name in ("name", "id_no", "phone", "relation", "basis")}
    try:
        asked = RelativeRequest.model_validate({**values, "declared": form.get("declared") == "yes"})
        name = services.settings.assistant_name
        made = await in_session(services, lambda session: relatives.add(session, citizen, asked, name))
    except ValidationError:
        error = "请把姓名、18 位身份证号、关系填完整；电话可以不填，填就填 11 位手机号。"
        return await _relatives_page(request, services, citizen, 422, values=values, error=error)
    except ApiError as refusal:
        return await _relatives_page(request, services, citizen, refusal.status, values=values, error=refusal.message)
    if made.link is None:
        return see("/me/relatives")
    base = services.identity.redirect_uri(request).removesuffix("/identity/callback")
    return await _relatives_page(request, services, citizen, link=base + made.link, asked=made.relative.name)


@router.post("/me/relatives/{relative_id}/remove")
async def remove_person(services: ServicesDep, citizen: MeDep, relative_id: int, _: PostedDep) -> Response:
    await in_session(services, lambda session: relatives.remove(session, citizen.id, relative_id))
    return see("/me/relatives")


@router.post("/me/acting")
async def act_for(request: Request, services: ServicesDep, citizen: MeDep, form: PostedDep) -> Response:
    """Act for somebody from now on in this browser, or for oneself again."""
    wanted = form.get("relative_id", "")
    token = unsign(request.cookies.get(COOKIE), "wenban.citizen") or ""

    def work(session: Any) -> None:
        repository = CitizenRepository(session)
        signed = repository.find(token)
        row = repository.relative(citizen.id, int(wanted)) if wanted.isdecimal() and len(wanted) < 16 else None
        if signed is None or (wanted and (row is None or not stands(row))):
            raise Forbidden("没有对方的同意，不能代办。")
        signed.relative_id = row.id if row else None

    await in_session(services, work)
    return see("/" if wanted else "/me/relatives")


TokenPath = Annotated[str, Path(min_length=20, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


@router.get("/consent/{token}")
async def consent(request: Request, services: ServicesDep, token: TokenPath) -> Response:
    """Show a relative what they are asked; the link is what lets them in."""
    row = await in_session(services, lambda session: CitizenRepository(session).asked(token))
    if row is None:
        raise relatives.ConsentGone
    return render(request, "consent.html", {"asked": row, "token": token, "error": "", "done": ""})


@router.post("/consent/{token}", dependencies=[Depends(limit_turns)])
async def consented(
    request: Request,
    services: ServicesDep,
    token: TokenPath,
    last_four: Annotated[str, Form(max_length=8)] = "",
    answer: Annotated[str, Form(max_length=8)] = "",
) -> Response:
    row = await in_session(services, lambda session: CitizenRepository(session).asked(token))
    if row is None:
        raise relatives.ConsentGone
    agreed = answer == "yes"
    try:
        await in_session(services, lambda session: relatives.answer(session, token, last_four, agreed))
    except relatives.WrongProof as error:
        context = {"asked": row, "token": token, "error": error.message, "done": ""}
        return render(request, "consent.html", context, error.status)
    done = (
        "已经记下您的同意。要收回，再打开这个链接就行。" if agreed else "已经按您的意思办：不同意，刚才填的都删掉了。"
    )
    return render(request, "consent.html", {"asked": row, "token": token, "error": "", "done": done})


@router.websocket("/chat/events")
async def chat_events(socket: WebSocket) -> None:
    """The page's own socket: its conversation is in the cookie, and a notice comes with its HTML."""

    def with_html(notice: NoticeView) -> dict[str, Any]:
        return {**events.plain(notice), "html": fragment("notice.html", {"notice": notice})}

    services = get_services(socket)
    conversation_id = chat.cookie_of(socket)
    if conversation_id is not None:
        try:
            signed = await services.identity.who(socket)
            conversation_id = await chat.current(socket, services.conversations, signed.citizen if signed else None)
        except ApiError:
            pass  # the socket itself says what is wrong
    await events.serve(socket, conversation_id, with_html)
