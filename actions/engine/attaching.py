"""Files in a form: take one up that the citizen has uploaded, and hand them over with the submission."""

from __future__ import annotations

import base64
import datetime as dt

from actions.connectors.contract import Attached
from actions.engine.state import Matter
from knowledge.declaration import FormField, ServiceDeclaration
from wenban.attachments import AttachmentRepository, now
from wenban.database import session_scope
from wenban.settings import get_settings

FIELDS = ("materials", "photo")  # the fields that files belong to


def takes_files(declaration: ServiceDeclaration) -> FormField | None:
    """Return the field of a service that files belong to; None where files mean nothing."""
    return next((field for name in FIELDS for field in declaration.fields if field.name == name), None)


def take_up(matter: Matter, field: FormField, conversation_id: str, file_id: str, label: str) -> str | None:
    """Put an uploaded file into the form; return what it is called, or None when there is no such file."""
    with session_scope() as session:
        rows = AttachmentRepository(session).of(conversation_id, [file_id])
        if not rows or rows[0].matter_key is not None:
            return None
        name = label.strip() or rows[0].name.rsplit(".", 1)[0]
    if file_id not in matter.files:
        matter.files[file_id] = name
    if field.name == "photo":
        matter.values["photo"] = f"{len(matter.files)}个文件"
    else:
        before = str(matter.values.get(field.name) or "")
        matter.values[field.name] = "、".join(dict.fromkeys([*([before] if before else []), name]))
    matter.touch(field.name)
    if matter.editing == field.name:
        matter.editing = None
    return name


def attached(matter: Matter, conversation_id: str) -> list[Attached]:
    """Return the files of a form as the department gets them, and note that they are handed in."""
    if not matter.files:
        return []
    with session_scope() as session:
        repository = AttachmentRepository(session)
        files = [
            Attached(
                id=row.id,
                label=matter.files[row.id],
                name=row.name,
                media_type=row.media_type,
                sha256=row.sha256,
                content=base64.b64encode(row.content).decode(),
            )
            for row in repository.of(conversation_id, list(matter.files))
        ]
        repository.hand_in(conversation_id, list(matter.files), matter.key)
        return files


def drop(matter: Matter, conversation_id: str) -> None:
    """Forget the files of a form that is given up."""
    if matter.files:
        with session_scope() as session:
            AttachmentRepository(session).drop(conversation_id, list(matter.files))


def sweep() -> int:
    """Delete files that nobody handed in while a form lives."""
    before: dt.datetime = now() - dt.timedelta(hours=get_settings().form_hours)
    with session_scope() as session:
        return AttachmentRepository(session).sweep(before)
