"""Files: what is taken, what is refused and how, that they lie encrypted, and that they are named in a turn."""

from __future__ import annotations

import httpx
import pytest
from fake_backend import FakeBackend
from sqlalchemy import Engine, text

from wenban.attachments import MAX_BYTES, MAX_FILES, Attachment, AttachmentRepository
from wenban.database import session_scope

JPEG, PNG, PDF = b"\xff\xd8\xff\xe0 photo of a lamp", b"\x89PNG\r\n\x1a\n rest", b"%PDF-1.7 rest"


def url(conversation: str) -> str:
    return f"/v1/conversations/{conversation}/attachments"


@pytest.mark.parametrize(
    ("content", "kind", "name"),
    [(JPEG, "image/jpeg", "路灯.jpg"), (PNG, "image/png", "路灯.png"), (PDF, "application/pdf", "路灯.pdf")],
)
async def test_photos_and_pdf_are_kept(
    client: httpx.AsyncClient, conversation: str, engine: Engine, content: bytes, kind: str, name: str
) -> None:
    answer = await client.post(url(conversation), files={"file": ("../路灯.exe", content, "text/plain")})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["name"], body["media_type"], body["size"]) == (name, kind, len(content))
    with session_scope(engine) as session:
        row = session.query(Attachment).one()
        assert row.content == content
    with engine.connect() as connection:
        stored = connection.execute(text("select content, name from attachments")).one()
    assert content not in stored[0]
    assert "路灯".encode() not in stored[1]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "file_empty"),
        (b"MZ\x90 program", 415, "file_kind"),
        (b"<svg onload=alert(1)>", 415, "file_kind"),
        (JPEG + bytes(MAX_BYTES), 413, "file_too_large"),
    ],
)
async def test_what_is_refused(
    client: httpx.AsyncClient, conversation: str, content: bytes, status: int, code: str, engine: Engine
) -> None:
    answer = await client.post(url(conversation), files={"file": ("a.jpg", content)})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert any("一" <= char <= "鿿" for char in answer.json()["message"])
    with session_scope(engine) as session:
        assert session.query(Attachment).count() == 0


async def test_not_too_many_and_only_in_ones_own_conversation(client: httpx.AsyncClient, conversation: str) -> None:
    for _ in range(MAX_FILES):
        assert (await client.post(url(conversation), files={"file": ("a.jpg", JPEG)})).status_code == 201
    answer = await client.post(url(conversation), files={"file": ("a.jpg", JPEG)})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_files")
    assert (await client.post(url("no-such-conversation"), files={"file": ("a.jpg", JPEG)})).status_code == 404
    assert (await client.post(url(conversation))).status_code == 422


async def test_the_page_uploads_without_javascript(client: httpx.AsyncClient, backend: FakeBackend) -> None:
    await client.post("/chat", data={"text": "挂个号"})
    answer = await client.post("/chat/attachments", files={"file": ("a.jpg", JPEG)}, data={"value": "诊断证明"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/#latest")
    payload = backend.turns[-1]["metadata"]["payload"]
    assert (payload["do"], payload["value"]) == ("attach", "诊断证明")
    assert "上传：诊断证明" in (await client.get("/")).text


async def test_what_was_not_handed_in_is_swept(engine: Engine) -> None:
    import datetime as dt

    from wenban.attachments import now

    with session_scope(engine) as session:
        repository = AttachmentRepository(session)
        kept, old = (repository.add("c", "a.jpg", "image/jpeg", JPEG) for _ in range(2))
        handed = repository.add("c", "b.jpg", "image/jpeg", JPEG)
        repository.hand_in("c", [handed.id], "key")
        for row in (old, handed):
            row.created_at = now() - dt.timedelta(days=3)
        session.flush()
        assert repository.sweep(now() - dt.timedelta(days=1)) == 1
        assert {row.id for row in session.query(Attachment)} == {kept.id, handed.id}
