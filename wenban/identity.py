"""Who a citizen is: the settings of sign-in, and the identity that ``api`` hands to ``actions`` with each turn.

The identity travels as an encrypted token in Rasa's message metadata: Rasa, its tracker and its logs never hold a
profile in the clear, and nobody who can reach Rasa's port can claim to be somebody.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Literal

from cryptography.fernet import InvalidToken
from pydantic import BaseModel, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from wenban import paths
from wenban.crypto import decrypt, encrypt

# What a level means, in the words of the national identity platform's four steps.
LEVELS = {0: "未登录", 1: "账号登录", 2: "实名认证", 3: "实人认证（刷脸）", 4: "数字证书"}


class IdentitySettings(BaseSettings):
    """Sign-in of citizens, read from ``WENBAN_IDENTITY_*``."""

    model_config = SettingsConfigDict(
        env_prefix="WENBAN_IDENTITY_", env_file=paths.home() / "settings.env", extra="ignore"
    )

    issuer: str = Field("", description="OpenID Connect issuer; empty: the demonstration provider, if it is on")
    client_id: str = "wenban"
    client_secret: str = Field("", description="empty: a public client, protected by PKCE alone")
    audience: str = Field("", description="what bearer tokens of a host app must be for; empty: the client id")
    scopes: str = "openid profile phone"
    level_claim: str = "identity_level"
    name_claim: str = "name"
    id_no_claim: str = "id_no"
    phone_claim: str = "phone_number"
    required: Literal["off", "enforce"] = Field(
        "off", description="enforce: a service's level is demanded; off: it is shown and signing in is offered"
    )
    demo: bool = Field(True, description="run the demonstration provider while no issuer is set")
    public_url: str = Field("", description="our address as browsers see it, e.g. https://ask.example.gov.cn")
    session_hours: float = 8.0
    leeway: int = Field(60, description="seconds by which clocks may differ")
    jwks_refetch_seconds: float = Field(60.0, description="at most one fetch of keys for an unknown key in this time")

    @property
    def audiences(self) -> list[str]:
        return [self.audience or self.client_id]


@lru_cache
def get_identity_settings() -> IdentitySettings:
    """Return the process's settings; tests clear the cache after changing the environment."""
    return IdentitySettings()


class Relative(BaseModel):
    """For whom a signed-in citizen acts, with recorded consent."""

    id: int
    name: str
    relation: str
    id_no: str = ""
    phone: str = ""
    basis: Literal["guardian", "consent"] = "consent"
    agreed_at: str = ""


class Citizen(BaseModel):
    """A signed-in citizen. ``id`` is our own number; ``profile`` has name, id_no and phone where they are known."""

    id: int
    subject: str
    name: str = ""
    level: int = Field(ge=1, le=4)
    profile: dict[str, str] = Field(default_factory=dict)
    acting_for: Relative | None = None

    def seal(self) -> str:
        """Return the identity as a token that only our own processes can read or make."""
        return encrypt(self.model_dump_json(exclude_none=True)).decode()


def unseal(token: Any) -> dict[str, Any] | None:
    """Return what ``Citizen.seal`` put in, or None for anything that we did not seal ourselves."""
    if not isinstance(token, str) or not token:
        return None
    try:
        return Citizen.model_validate(json.loads(decrypt(token.encode()))).model_dump(exclude_none=True)
    except (InvalidToken, ValueError, ValidationError):
        return None
