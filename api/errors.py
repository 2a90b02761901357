"""Typed errors, and the handlers that turn every failure into ``{"code", "message", "detail"}``.

``message`` is a Chinese sentence for people. Nothing here ever shows a stack trace or repeats what was sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from api.security import content_policy
from knowledge.client import KnowledgeUnavailable
from knowledge.schemas import Problem

log = structlog.get_logger("api")


class ApiError(Exception):
    """An expected failure: a status, a stable code, a sentence."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    message: str = "请求无法处理，请检查后再试。"

    def __init__(self, message: str | None = None, detail: Any = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(message or self.message)
        self.message = message or self.message
        self.detail = detail
        self.headers = headers


class NotFound(ApiError):
    status, code, message = 404, "not_found", "没有找到您要的内容。"


class ConversationNotFound(ApiError):
    status, code, message = 404, "conversation_not_found", "没有这个会话，或者它已经被清除，请重新开始。"


class MessageNotFound(ApiError):
    status, code, message = 404, "message_not_found", "这个会话里没有这条消息。"


class ServiceNotFound(ApiError):
    status, code, message = 404, "service_not_found", "没有这个事项，可能已经下架。"


class KnowledgeDown(ApiError):
    status, code, message = 503, "knowledge_unavailable", "知识库暂时连不上，请稍后再试，或拨打 12345。"


class SpeechDown(ApiError):
    status, code, message = 503, "speech_unavailable", "朗读暂时不可用，请稍后再试。"


class InvalidSpeechRequest(ApiError):
    status, code, message = 422, "invalid_speech", "没有这个声音，或者没有可以朗读的内容。"


class RecordingTooLong(ApiError):
    status, code, message = 413, "recording_too_long", "说得太长了，一次最多一分钟。请短一点，分几次说。"


class HeardSilence(ApiError):
    status, code, message = 422, "silence", "没有听到声音。请看看麦克风开了没有，靠近一点，再说一遍。"


class HeardNoSpeech(ApiError):
    status, code, message = 422, "no_speech", "没有听清您说话。请到安静一点的地方，靠近一点，再说一遍。"


class BadRecording(ApiError):
    status, code, message = 422, "bad_recording", "这段录音打不开，请重新录一次。"


class UnknownRecording(ApiError):
    status, code, message = 415, "unknown_format", "不支持这种录音格式，请用 WAV、MP3、M4A、WebM 或 Ogg。"


class HearingAbsent(ApiError):
    status, code, message = 503, "hearing_absent", "现在听不了语音。请打字，或者找人工。"


class HearingBusy(ApiError):
    status, code, message = 503, "hearing_busy", "现在说话的人很多，请等几秒再说一遍，或者打字。"


class HearingFailed(ApiError):
    status, code, message = 503, "hearing_failed", "刚才没有听成，请再说一遍，或者打字。"


class TooManyRequests(ApiError):
    status, code, message = 429, "too_many_requests", "您操作得太快了，请稍等几秒再试。"


class SignInRequired(ApiError):
    status, code, message = 401, "sign_in_required", "登录已过期，请重新登录。您填的都留着，登录后接着办。"


class TokenRefused(ApiError):
    """A bearer token that is not ours to trust; ``detail`` says in one English word why, for the host app's log."""

    status, code, message = 401, "invalid_token", "登录凭证无效或已过期，请重新登录。"


class SignInFailed(ApiError):
    status, code, message = 400, "sign_in_failed", "登录没有完成，请重新登录。您填的都留着。"


class IdentityDown(ApiError):
    status, code, message = 503, "identity_unavailable", "身份认证系统暂时连不上，请稍后再登录。不用登录的事可以先办。"


class LevelTooLow(ApiError):
    status, code, message = 403, "level_too_low", "这件事要先做实名认证，请重新登录并认证。"


class Forbidden(ApiError):
    status, code, message = 403, "forbidden", "您没有权限做这件事。"


_HTTP: dict[int, tuple[str, str]] = {
    400: ("bad_request", "请求无法读取，请检查格式后再试。"),
    401: ("unauthorized", "请先登录。"),
    403: ("forbidden", "您没有权限做这件事。"),
    404: ("not_found", "没有这个页面或接口。"),
    405: ("method_not_allowed", "这个地址不支持这种请求方式。"),
    413: ("too_large", "发送的内容太大了，请精简后再试。"),
    415: ("unsupported_media_type", "不支持这种格式，请发送 JSON。"),
    429: ("too_many_requests", TooManyRequests.message),
    503: ("unavailable", "服务暂时不可用，请稍后再试。"),
}
# Errors whose type is a code of ours: raised in schemas with PydanticCustomError, with their own Chinese sentence.
CUSTOM_CODES = frozenset({"empty_message", "text_too_long", "text_or_payload", "empty_query", "empty_recording"})


def problem(
    status: int, code: str, message: str, detail: Any = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    return JSONResponse(Problem(code=code, message=message, detail=detail).model_dump(), status, headers=headers)


def wants_page(request: Request) -> bool:
    """Say whether a person's browser asked for a page, rather than a program for JSON."""
    path = request.url.path
    if path.startswith(("/v1/", "/chat/messages", "/chat/reset")):
        return False
    return "text/html" in request.headers.get("accept", "")


def _respond(
    request: Request, status: int, code: str, message: str, detail: Any = None, headers: dict[str, str] | None = None
) -> Response:
    if wants_page(request):
        from api.web.templating import render  # the pages import these errors

        return render(request, "error.html", {"status": status, "message": message}, status_code=status)
    return problem(status, code, message, detail, headers)


def _printable(part: object) -> str:
    return str(part).encode("utf-8", "replace").decode()[:80]


def validation_problem(errors: Sequence[Any]) -> tuple[int, str, str, Any]:
    """Return status, code, sentence and detail for pydantic's ``errors``."""
    for error in errors:
        if error["type"] in CUSTOM_CODES:
            return 422, str(error["type"]), str(error["msg"]), None
        if error["type"] == "json_invalid":
            return 400, "invalid_json", "请求不是合法的 JSON，请检查格式。", None
    detail = [
        {"field": ".".join(_printable(part) for part in error["loc"]), "problem": str(error["type"])}
        for error in errors[:10]
    ]
    fields = "、".join(dict.fromkeys(item["field"].removeprefix("body.") for item in detail))
    return 422, "invalid_request", f"请求内容不符合要求：{fields}。", detail


def install(app: FastAPI) -> None:
    """Register the handlers."""

    @app.exception_handler(ApiError)
    async def _api_error(request: Request, error: ApiError) -> Response:
        return _respond(request, error.status, error.code, error.message, error.detail, error.headers)

    @app.exception_handler(KnowledgeUnavailable)
    async def _knowledge(request: Request, error: KnowledgeUnavailable) -> Response:
        log.warning("knowledge_unavailable", reason=str(error))
        return _respond(request, KnowledgeDown.status, KnowledgeDown.code, KnowledgeDown.message)

    @app.exception_handler(RequestValidationError)
    async def _validation(request: Request, error: RequestValidationError) -> Response:
        status, code, message, detail = validation_problem(error.errors())
        return _respond(request, status, code, message, detail)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        if 300 <= error.status_code < 400 and error.headers:
            return RedirectResponse(error.headers["Location"], error.status_code)
        code, message = _HTTP.get(error.status_code, ("http_error", "请求没有成功，请稍后再试。"))
        headers = dict(error.headers) if error.headers else None
        return _respond(request, error.status_code, code, message, headers=headers)

    @app.exception_handler(Exception)
    async def _unexpected(request: Request, error: Exception) -> Response:
        # Starlette logs the trace itself on re-raise; the path is enough to find the line.
        log.error("unexpected_error", path=request.url.path, error=type(error).__name__)
        response = _respond(request, 500, "internal_error", "系统出了点问题，我们已经记录，请稍后再试。")
        # This handler is outside every middleware.
        response.headers["Content-Security-Policy"] = content_policy(request.url.path, "'none'")
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
