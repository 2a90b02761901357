from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from wenban.settings import Settings, get_settings


def test_defaults_need_no_server(home: Path) -> None:
    settings = Settings()
    assert settings.database == f"sqlite:///{home}/wenban.db"
    assert settings.host == "127.0.0.1"
    assert settings.rasa_url == "http://127.0.0.1:5005"


def test_variables_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENBAN_PORT", "9000")
    monkeypatch.setenv("WENBAN_SANDBOX_URL", "http://departments.example")
    monkeypatch.setenv("WENBAN_DATABASE_URL", "postgresql://db/wenban")
    settings = Settings()
    assert settings.port == 9000
    assert settings.sandbox == "http://departments.example"
    assert settings.database == "postgresql://db/wenban"


def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENBAN_PORT", "web")
    with pytest.raises(ValidationError, match="port"):
        Settings()


def test_cached_until_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    first = get_settings()
    monkeypatch.setenv("WENBAN_PORT", "9001")
    assert get_settings() is first
    get_settings.cache_clear()
    assert get_settings().port == 9001
