"""Take a file: how large, what kind, how many; each refusal is a sentence."""

from __future__ import annotations

import re
from typing import Any

import anyio
from fastapi import UploadFile
from pydantic import BaseModel
from sqlalchemy import Engine

from api.errors import ApiError
from api.text import clean
from wenban.attachments import MAX_BYTES, MAX_FILES, AttachmentRepository, media_type_of
from wenban.database import session_scope

_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


class FileTooLarge(ApiError):
    status, code, message = (
        413,
        "file_too_large",
        f"文件太大了，一个不能超过 {MAX_BYTES // 1024 // 1024} MB，请压缩后再传。",
    )


class FileEmpty(ApiError):
    status, code, message = 422, "file_empty", "没有选文件，或者文件是空的，请重新选。"


class FileKind(ApiError):
    status, code, message = 415, "file_kind", "只能传照片（JPG、PNG）或 PDF 文件，请换一个。"


class TooManyFiles(ApiError):
    status, code, message = 409, "too_many_files", f"一次最多传 {MAX_FILES} 个文件，请先提交这件事。"


class Uploaded(BaseModel):
    """Name it in a turn: ``{"payload": {"do": "attach", "entry_id": attachment_id, "value": what it is}}``."""

    attachment_id: str
    name: str
    media_type: str
    size: int


async def keep(engine: Engine, conversation_id: str, file: UploadFile) -> Uploaded:
    """Check and keep a file of a conversation.

    Raises:
        ApiError: it is empty, too large, of another kind, or one too many.
    """
    content = await file.read(MAX_BYTES + 1)
    if not content:
        raise FileEmpty
    if len(content) > MAX_BYTES:
        raise FileTooLarge
    kind = media_type_of(content)
    if kind is None:
        raise FileKind
    name = _name(file.filename or "", kind)

    def work() -> dict[str, Any]:
        with session_scope(engine) as session:
            repository = AttachmentRepository(session)
            if repository.waiting(conversation_id) >= MAX_FILES:
                raise TooManyFiles
            row = repository.add(conversation_id, name, kind, content)
            return {"attachment_id": row.id, "name": row.name, "media_type": kind, "size": row.size}

    return Uploaded(**await anyio.to_thread.run_sync(work))


def _name(filename: str, kind: str) -> str:
    """Return a plain name with the ending that the content has."""
    stem = re.sub(r"[\\/:*?\"<>|\x00-\x1f]", "", clean(filename.rsplit(".", 1)[0])).strip(". ")[:60]
    return (stem or "文件") + _ENDINGS[kind]
