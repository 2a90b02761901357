"""Settings of the sandbox: ``WENBAN_SANDBOX_DAY_SECONDS``, ``WENBAN_SANDBOX_FAULTS``."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from wenban import paths


class SandboxSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="WENBAN_SANDBOX_", extra="ignore")

    day_seconds: float = Field(86400.0, gt=0, description="how long a working day of a department takes")
    faults: bool = Field(False, description="accept POST /faults, /reset and /clock; for tests only")
    path: Path = Field(default_factory=lambda: paths.home() / "sandbox.db")
    settle_seconds: float = Field(3.0, ge=0, description="until a payment that answers late is settled")
