"""Settings of the watcher, read from ``WENBAN_WATCH_*``."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from wenban import paths


class WatchSettings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="WENBAN_WATCH_", env_file=paths.home() / "settings.env", extra="ignore"
    )

    enabled: bool = True
    tick_seconds: float = Field(2.0, gt=0, description="how often it looks for something due")
    first_seconds: float = Field(15.0, gt=0, description="pause after a change; doubled while nothing changes")
    longest_seconds: float = Field(3600.0, gt=0, description="the longest pause")
    day_hours: float = Field(24.0, description="the first reminder, hours before an appointment")
    same_day_hours: float = Field(3.0, description="the second reminder")
