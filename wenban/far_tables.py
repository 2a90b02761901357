"""Tables of the packages above, by name: what the kernel must delete without importing whoever owns them."""

from __future__ import annotations

from sqlalchemy import DateTime, column, table

from wenban.crypto import EncryptedJson

CONVERSATIONS = table("conversations", column("id"), column("citizen_id"), column("last_at", DateTime))
RELATIVES = table("relatives", column("id"), column("expires_at", DateTime))
SESSIONS = table("citizen_sessions", column("expires_at", DateTime))
MATTERS = table(
    "matters", column("key"), column("status"), column("updated_at", DateTime), column("citizen_id"),
    column("conversation_id"), column("fields", EncryptedJson), column("acting_for", EncryptedJson),
)  # fmt: skip
CALLBACKS = table(
    "callback_requests", column("status"), column("created_at", DateTime), column("citizen_id"),
    column("conversation_id"),
)  # fmt: skip
FILES = table("attachments", column("conversation_id"), column("matter_key"), column("created_at", DateTime))
UNSURE = ("submitting", "unknown", "pending")  # what became of these matters is still to be found out, by their key
