"""Every statement on conversations, messages and feedback."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.models import Conversation, ConversationMessage, Feedback, now

PAGE = 200
# Notes of answers that only ask what was heard (api.speech.saying); the dialogue stands where it stood before them.
HEARD = frozenset({"heard_uncertain", "heard_again"})
LOOK_BACK = 10


class ConversationRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def create(self, conversation_id: str, citizen_id: int | None = None) -> None:
        self.session.add(Conversation(id=conversation_id, citizen_id=citizen_id))

    def get(self, conversation_id: str) -> Conversation | None:
        return self.session.get(Conversation, conversation_id)

    def of_citizen(self, citizen_id: int, since: dt.datetime, limit: int = 10) -> Sequence[Conversation]:
        """Return a citizen's conversations, the latest first."""
        query = select(Conversation).where(Conversation.citizen_id == citizen_id, Conversation.last_at >= since)
        return self.session.scalars(query.order_by(Conversation.last_at.desc()).limit(limit)).all()

    def last_answer(self, conversation_id: str) -> ConversationMessage | None:
        """Return what the assistant said last."""
        return next(iter(self._answers(conversation_id, 1)), None)

    def last_turn(self, conversation_id: str) -> dict[str, Any]:
        """Return the outcome of the last turn; empty before the first. Asking what was heard is no turn."""
        found = (message.turn or {} for message in self._answers(conversation_id, LOOK_BACK))
        return next((turn for turn in found if turn.get("note") not in HEARD), {})

    def _answers(self, conversation_id: str, limit: int) -> Sequence[ConversationMessage]:
        query = select(ConversationMessage).where(
            ConversationMessage.conversation_id == conversation_id, ConversationMessage.role == "assistant"
        )
        return self.session.scalars(query.order_by(ConversationMessage.id.desc()).limit(limit)).all()

    def by_client_id(self, conversation_id: str, client_id: str) -> ConversationMessage | None:
        """Return the citizen's message that was sent under ``client_id``."""
        return self.session.scalar(
            select(ConversationMessage).where(
                ConversationMessage.conversation_id == conversation_id, ConversationMessage.client_id == client_id
            )
        )

    def reply_to(self, message_id: int) -> ConversationMessage | None:
        return self.session.scalar(select(ConversationMessage).where(ConversationMessage.reply_to == message_id))

    def add(self, conversation: Conversation, role: str, content: dict[str, Any], **columns: Any) -> int:
        """Append a message and return its id."""
        message = ConversationMessage(conversation_id=conversation.id, role=role, content=content, **columns)
        conversation.last_at = now()
        self.session.add(message)
        self.session.flush()
        return message.id

    def awaiting(self, conversation_id: str) -> str | None:
        """Return what the assistant's last reply asked for."""
        return self.last_turn(conversation_id).get("awaiting")

    def message(self, conversation_id: str, message_id: int) -> ConversationMessage | None:
        message = self.session.get(ConversationMessage, message_id)
        return message if message and message.conversation_id == conversation_id else None

    def history(self, conversation_id: str, after: int | None) -> list[tuple[ConversationMessage, bool | None]]:
        """Return up to 200 messages with their feedback, oldest first: those after ``after``, or the latest."""
        query = (
            select(ConversationMessage, Feedback.helpful)
            .outerjoin(Feedback, Feedback.message_id == ConversationMessage.id)
            .where(ConversationMessage.conversation_id == conversation_id)
            .limit(PAGE)
        )
        if after is not None:
            query = query.where(ConversationMessage.id > after).order_by(ConversationMessage.id)
            return [(message, helpful) for message, helpful in self.session.execute(query)]
        latest = self.session.execute(query.order_by(ConversationMessage.id.desc())).all()
        return [(message, helpful) for message, helpful in reversed(latest)]

    def rate(self, conversation_id: str, message_id: int, helpful: bool, reason: str | None) -> None:
        """Keep what the citizen thinks of an answer, replacing what was said before."""
        feedback = self.session.scalar(select(Feedback).where(Feedback.message_id == message_id))
        if feedback is None:
            feedback = Feedback(conversation_id=conversation_id, message_id=message_id)
            self.session.add(feedback)
        feedback.helpful, feedback.reason = helpful, reason
