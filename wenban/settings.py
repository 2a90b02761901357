"""Settings: one class, read from ``WENBAN_*`` variables and from ``settings.env`` in the data directory."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from wenban import paths


class Settings(BaseSettings):
    """Every value that a city may change without touching code."""

    model_config = SettingsConfigDict(env_prefix="WENBAN_", env_file=paths.home() / "settings.env", extra="ignore")

    home: Path = Field(default_factory=paths.home)
    city: str = "临沂市"
    hotline: str = "12345"
    assistant_name: str = "问办"

    host: str = "127.0.0.1"
    port: int = 8000
    rasa_port: int = 5005
    actions_port: int = 5055
    knowledge_port: int = 8101
    sandbox_port: int = 8102

    rasa_python: Path = Field(paths.ROOT / "bot" / ".venv" / "bin" / "python", description="Rasa's own environment")
    rasa_model: Path = paths.ROOT / "bot" / "models" / "wenban.tar.gz"

    database_url: str = ""
    sandbox_url: str = ""
    connector_urls: dict[str, str] = Field(
        default_factory=dict, description='where departments are, by connector: {"water": "https://…"}; others: sandbox'
    )

    consent_ask: Literal["profile", "always"] = Field(
        "profile", description="a yes to sensitive data is asked before we fill them in; always: before any is given"
    )
    licence_level: int = Field(2, ge=1, le=4, description="identity level from which electronic licences are fetched")

    form_hours: float = Field(24.0, gt=0, description="hours after which an untouched form is forgotten")
    rectify_days: int = Field(15, ge=1, description="working days to put right what was rated badly")
    rectify_warn_days: int = Field(3, ge=0, description="working days before that limit from which staff are alarmed")

    turn_timeout: float = Field(12.0, description="seconds the API waits for the dialogue engine")
    max_text_length: int = 1000
    log_level: str = "INFO"

    @property
    def database(self) -> str:
        """Return the URL of our database; SQLite in the data directory unless one is set."""
        return self.database_url or f"sqlite:///{self.home / 'wenban.db'}"

    @property
    def rasa_url(self) -> str:
        # The numeric address: resolving "localhost" costs about 30 ms a call here (docs/adr/0002).
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def knowledge_url(self) -> str:
        return f"http://127.0.0.1:{self.knowledge_port}"

    @property
    def sandbox(self) -> str:
        return self.sandbox_url or f"http://127.0.0.1:{self.sandbox_port}"


@lru_cache
def get_settings() -> Settings:
    """Return the process's settings; tests clear the cache after changing the environment."""
    return Settings()
