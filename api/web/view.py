"""How the page looks for this citizen: version, type size, colours, motion. Cookies keep it; the server renders it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

from fastapi import Request, Response

from api.conversations.schemas import Mode

MODE_COOKIE = "wenban_mode"
VIEW_COOKIE = "wenban_view"
KEPT_SECONDS = 365 * 86400
SIZES = (18, 22, 26, 30, 34)  # points of the main text in the elder version
Change = Literal["bigger", "smaller", "theme", "motion"]
_STANDARD_ONLY = ("/staff", "/docs")


@dataclass(frozen=True)
class View:
    """``asked`` says whether the citizen has chosen a version; until then the first page asks."""

    mode: Mode = "standard"
    asked: bool = False
    size: int = SIZES[0]
    theme: Literal["auto", "contrast"] = "auto"
    motion: Literal["auto", "less"] = "auto"

    @property
    def cookie(self) -> str:
        return f"{self.size}-{self.theme}-{self.motion}"

    def changed(self, change: Change) -> View:
        """Return the view after one press of a button.

        >>> View(size=30).changed("bigger").size
        34
        """
        step = SIZES.index(self.size)
        if change == "bigger":
            return replace(self, size=SIZES[min(step + 1, len(SIZES) - 1)])
        if change == "smaller":
            return replace(self, size=SIZES[max(step - 1, 0)])
        if change == "theme":
            return replace(self, theme="auto" if self.theme == "contrast" else "contrast")
        return replace(self, motion="auto" if self.motion == "less" else "less")


def view_of(request: Request) -> View:
    """Return the view of the request's cookies; ``?mode=elder`` in the address comes first."""
    wanted = request.query_params.get("mode") or request.cookies.get(MODE_COOKIE)
    known = wanted in get_args(Mode)
    mode: Mode = "elder" if wanted == "elder" and not request.url.path.startswith(_STANDARD_ONLY) else "standard"
    size, _, rest = request.cookies.get(VIEW_COOKIE, "").partition("-")
    theme, _, motion = rest.partition("-")
    return View(
        mode=mode,
        asked=known,
        size=int(size) if size in map(str, SIZES) else SIZES[0],
        theme="contrast" if theme == "contrast" else "auto",
        motion="less" if motion == "less" else "auto",
    )


def keep_mode(response: Response, mode: Mode, secure: bool) -> None:
    """Keep the version for a year; the page's script reads and writes this cookie too."""
    response.set_cookie(MODE_COOKIE, mode, max_age=KEPT_SECONDS, samesite="lax", secure=secure)


def keep_view(response: Response, view: View, secure: bool) -> None:
    response.set_cookie(VIEW_COOKIE, view.cookie, max_age=KEPT_SECONDS, samesite="lax", secure=secure)
