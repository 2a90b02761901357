"""What an issuer's claims say about a citizen, by the names that the settings give."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from api.errors import TokenRefused
from wenban.identity import IdentitySettings


class Identity(BaseModel):
    """A subject of an issuer, before we have a row for it."""

    issuer: str
    subject: str = Field(min_length=1, max_length=255)
    name: str = ""
    level: int = Field(ge=1, le=4)
    profile: dict[str, str] = Field(default_factory=dict)


def identity_of(claims: dict[str, Any], settings: IdentitySettings) -> Identity:
    """Read claims. Without a level somebody is only signed in (1); a level that is none is refused.

    Raises:
        TokenRefused: wrong_level, wrong_sub.
    """
    level = claims.get(settings.level_claim, 1)
    if isinstance(level, str) and level.isdecimal():
        level = int(level)
    if isinstance(level, bool) or not isinstance(level, int) or not 1 <= level <= 4:
        raise TokenRefused(detail="wrong_level")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise TokenRefused(detail="wrong_sub")
    names = {"name": settings.name_claim, "id_no": settings.id_no_claim, "phone": settings.phone_claim}
    profile = {key: _text(claims.get(claim)) for key, claim in names.items()}
    profile["phone"] = profile["phone"].removeprefix("+86").strip()
    return Identity(
        issuer=str(claims["iss"]), subject=subject, name=profile["name"], level=level,
        profile={key: value for key, value in profile.items() if value},
    )  # fmt: skip


def _text(value: Any) -> str:
    return value.strip()[:64] if isinstance(value, str) else ""
