from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from wenban import crypto
from wenban.crypto import EncryptedJson, EncryptedText, decrypt, encrypt, secret, secret_file


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "rows"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(EncryptedText)
    document: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)


def test_round_trip() -> None:
    token = encrypt("身份证号 11010519491231002X")
    assert b"1101" not in token
    assert decrypt(token) == "身份证号 11010519491231002X"
    assert encrypt("同一句") != encrypt("同一句")


def test_a_secret_is_made_once_and_private(home: Path) -> None:
    assert secret("cookie.key") == secret("cookie.key")
    assert secret("cookie.key") != secret("other.key")
    assert stat.S_IMODE(secret_file("cookie.key").stat().st_mode) == 0o600
    assert not list((home / "secrets").glob(".*")), "no temporary file is left"


def test_an_older_key_still_decrypts() -> None:
    token = encrypt("旧")
    path = secret_file("data.key")
    path.write_bytes(Fernet.generate_key() + b"\n" + path.read_bytes())
    crypto._cipher.cache_clear()
    assert decrypt(token) == "旧"
    path.write_bytes(path.read_bytes().split()[0])
    crypto._cipher.cache_clear()
    with pytest.raises(InvalidToken):
        decrypt(token)


def test_columns_never_hold_plain_text() -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Row(id=1, name="王小明", document={"电话": "13800000000"}), Row(id=2)])
        session.commit()
        raw = session.execute(text("SELECT name, document FROM rows WHERE id = 1")).one()
        assert "王小明".encode() not in raw[0]
        assert b"13800000000" not in raw[1]
        session.expire_all()
        assert session.get_one(Row, 1).name == "王小明"
        assert session.get_one(Row, 1).document == {"电话": "13800000000"}
        assert session.get_one(Row, 2).name is None
        assert session.get_one(Row, 2).document is None
