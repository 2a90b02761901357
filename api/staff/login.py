"""``/staff/login`` and ``/staff/logout``."""

from __future__ import annotations

import secrets
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.deps import ServicesDep, client_host, limit_turns
from api.staff.auth import LoginGuard, close_session, open_session, password_fits
from api.staff.deps import COOKIE, PostedDep
from api.staff.repository import StaffRepository
from api.web.templating import render
from wenban.database import session_scope

router = APIRouter(prefix="/staff", include_in_schema=False)
log = structlog.get_logger("api.staff")
FORM_COOKIE = "wenban_login"


def _guard(request: Request, services: ServicesDep) -> LoginGuard:
    """Return the app's guard."""
    state = request.app.state
    if not hasattr(state, "login_guard"):
        settings = services.api_settings
        state.login_guard = LoginGuard(settings.login_attempts, settings.login_lock_seconds)
    guard: LoginGuard = state.login_guard
    return guard


GuardDep = Annotated[LoginGuard, Depends(_guard)]


def _safe(target: str) -> str:
    """Return a path of the console; anything else would let a link lead somewhere foreign."""
    ours = target.startswith("/staff") and "\\" not in target and not any(c < " " for c in target)
    return target if ours else "/staff/entries"


def _page(request: Request, target: str, error: str = "", username: str = "", status: int = 200) -> Response:
    token = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    context = {"error": error, "username": username, "next": _safe(target), "token": token}
    response = render(request, "staff_login.html", context, status)
    response.set_cookie(FORM_COOKIE, token, httponly=True, samesite="strict", path="/staff")
    return response


@router.get("/login")
def login_page(request: Request, next: str = "/staff/entries") -> Response:
    return _page(request, next)


@router.post("/login", dependencies=[Depends(limit_turns)])
def login(
    request: Request,
    services: ServicesDep,
    guard: GuardDep,
    username: Annotated[str, Form(max_length=64)],
    password: Annotated[str, Form(max_length=200)],
    token: Annotated[str, Form()] = "",
    next: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    host, settings = client_host(request) or "unknown", services.api_settings
    if not secrets.compare_digest(token.encode(), request.cookies.get(FORM_COOKIE, "").encode()) or not token:
        return _page(request, next, "页面已过期，请再登录一次。", username, 403)
    if guard.locked(username, host):
        minutes = max(1, settings.login_lock_seconds // 60)
        return _page(request, next, f"连续输错太多次，请 {minutes} 分钟后再试。", username, 429)
    with session_scope(services.engine) as session:
        user = StaffRepository(session).by_username(username)
        fits = password_fits(user, password)
        session_token = open_session(session, user, settings.staff_session_hours) if fits and user else None
    if session_token is None:
        guard.failed(username, host)
        log.warning("staff_login_failed", host=host)
        return _page(request, next, "用户名或密码不对。", username, 401)
    guard.succeeded(username, host)
    response = RedirectResponse(_safe(next), 303)
    response.set_cookie(
        COOKIE, session_token, max_age=settings.staff_session_hours * 3600, httponly=True, samesite="strict",
        secure=settings.secure_cookies, path="/staff",
    )  # fmt: skip
    response.delete_cookie(FORM_COOKIE, path="/staff")
    return response


@router.post("/logout")
def logout(request: Request, services: ServicesDep, form: PostedDep) -> Response:
    with session_scope(services.engine) as session:
        close_session(session, request.cookies.get(COOKIE))
    response = RedirectResponse("/staff/login", 303)
    response.delete_cookie(COOKIE, path="/staff")
    return response
