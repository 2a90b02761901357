"""Settings of the API alone, read from ``WENBAN_API_*``; what several processes share is in ``wenban.settings``."""

from __future__ import annotations

from functools import lru_cache

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from wenban import paths


class ApiSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="WENBAN_API_", env_file=paths.home() / "settings.env", extra="ignore")

    frame_ancestors: str = Field("'self'", description="who may embed the chat page: a CSP source list")
    secure_cookies: bool = Field(False, description="set behind HTTPS: cookies are then never sent in the clear")
    metrics_public: bool = Field(False, description="answer /metrics to others than this machine")
    max_body: int = Field(64 * 1024, description="bytes of a citizen's request body")
    max_recording: int = Field(4 * 1024 * 1024, description="bytes of a body that carries a recording")
    max_staff_body: int = 512 * 1024

    rate_limit: bool = True
    rate_limit_loopback: bool = Field(
        False, description="limit this machine too; off, because a proxy that hides addresses would share one bucket"
    )
    turn_burst: int = 20
    turns_per_second: float = 2.0
    read_burst: int = 240
    reads_per_second: float = 24.0

    push_seconds: float = Field(1.0, gt=0, description="how often open pages are told what is new")
    max_sockets: int = 2000

    staff_session_hours: int = 12
    login_attempts: int = 5
    login_lock_seconds: int = 300


@lru_cache
def get_api_settings() -> ApiSettings:
    """Return the process's API settings."""
    return ApiSettings()
