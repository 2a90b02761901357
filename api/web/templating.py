"""One Jinja environment for every page: everything is escaped unless ``markdown`` made it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from api.web.markdown import to_html
from api.web.view import view_of
from wenban.settings import get_settings


def city_time(moment: dt.datetime, local: bool = False) -> str:
    """Show a moment, kept in UTC unless it is ``local``, by the city's clock."""
    shown = moment if local else moment.replace(tzinfo=dt.UTC).astimezone()
    return f"{shown:%Y-%m-%d %H:%M}"


_HERE = Path(__file__).parent
_environment = Environment(
    loader=FileSystemLoader([_HERE / "templates", _HERE.parent / "staff" / "templates"]),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["markdown"] = to_html
_environment.filters["city_time"] = city_time
_environment.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))
templates = Jinja2Templates(env=_environment)


def _shared() -> dict[str, Any]:
    settings = get_settings()
    return {"assistant": settings.assistant_name, "city": settings.city, "hotline": settings.hotline}


def render(request: Request, name: str, context: dict[str, Any] | None = None, status_code: int = 200) -> Response:
    """Render a page in the version and the colours that this browser keeps."""
    view = view_of(request)
    who = {"signed_in": getattr(request.state, "signed_in", None)}
    return templates.TemplateResponse(
        request, name, _shared() | {"view": view, "mode": view.mode} | who | (context or {}), status_code
    )


def fragment(name: str, context: dict[str, Any]) -> str:
    """Render a part of a page."""
    return _environment.get_template(name).render(_shared() | context)
