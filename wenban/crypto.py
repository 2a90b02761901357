"""Encryption at rest: a key that is generated on first use, and column types that never store plain text."""

from __future__ import annotations

import json
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import Dialect, LargeBinary, TypeDecorator

from wenban.settings import get_settings


def secret_file(name: str, make: Any = lambda: secrets.token_urlsafe(32)) -> Path:
    """Return the path of a secret in the data directory, generated (mode 0600, atomically) when missing."""
    path = get_settings().home / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        value = make()
        temporary = path.with_name(f".{name}.{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(value if isinstance(value, bytes) else value.encode())
        try:
            os.link(temporary, path)  # fails if another process was first: then its secret is the one
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path


def secret(name: str) -> str:
    """Return the text of a generated secret."""
    return secret_file(name).read_text()


@lru_cache
def _cipher() -> MultiFernet:
    """One key a line, newest first: the first encrypts, all decrypt, so that keys can be rotated."""
    lines = secret_file("data.key", Fernet.generate_key).read_bytes().split()
    return MultiFernet([Fernet(line) for line in lines])


def encrypt(text: str) -> bytes:
    return _cipher().encrypt(text.encode())


def decrypt(token: bytes) -> str:
    return _cipher().decrypt(token).decode()


class EncryptedBytes(TypeDecorator[bytes]):
    """A file's content, encrypted at rest."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _cipher().encrypt(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _cipher().decrypt(value)


class EncryptedJson(TypeDecorator[Any]):
    """A JSON value, encrypted at rest."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else encrypt(json.dumps(value, ensure_ascii=False))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(decrypt(value))


class EncryptedText(TypeDecorator[str]):
    """A string, encrypted at rest."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else encrypt(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else decrypt(value)
