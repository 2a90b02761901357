"""The sealed identity: what goes in comes out, and nothing that we did not seal is believed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from wenban import crypto
from wenban.citizens import citizen_key
from wenban.identity import Citizen, Relative, unseal
from wenban.settings import get_settings

WHO = Citizen(id=3, subject="s", name="王秀兰", level=2, profile={"id_no": "371302198503120021"})


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WENBAN_HOME", str(tmp_path))
    for cached in (get_settings, crypto._cipher):
        cached.cache_clear()
    yield
    for cached in (get_settings, crypto._cipher):
        cached.cache_clear()


def test_there_and_back() -> None:
    token = WHO.seal()
    assert "371302" not in token
    assert "王" not in token
    found = unseal(token)
    assert found is not None
    assert (found["id"], found["level"], found["profile"]) == (3, 2, WHO.profile)
    assert "acting_for" not in found


def test_for_whom() -> None:
    relative = Relative(id=7, name="张桂英", relation="母亲", basis="consent", agreed_at="2026-11-01")
    found = unseal(WHO.model_copy(update={"acting_for": relative}).seal())
    assert found is not None
    assert found["acting_for"]["name"] == "张桂英"


@pytest.mark.parametrize("token", [None, "", "x", 7, {"id": 1}, "gAAAAA"])
def test_what_we_did_not_seal_is_nobody(token: object) -> None:
    assert unseal(token) is None


def test_another_key_and_another_content_are_nobody() -> None:
    assert unseal(Fernet(Fernet.generate_key()).encrypt(WHO.model_dump_json().encode()).decode()) is None
    assert unseal(crypto.encrypt('{"id": 1, "subject": "s", "level": 9}').decode()) is None
    assert unseal(crypto.encrypt("[]").decode()) is None


def test_the_key_of_a_citizen_names_nobody() -> None:
    assert citizen_key("https://a", "s") != citizen_key("https://b", "s")
    assert citizen_key("https://a", "s") == citizen_key("https://a", "s")
    assert "s" * 3 not in citizen_key("https://a", "sss")
