"""Whose a conversation is: its id is enough while nobody has signed in; then it is that citizen's alone."""

from __future__ import annotations

from api.conversations.payloads import ValuePress
from api.conversations.repository import ConversationRepository
from api.errors import ConversationNotFound, SignInRequired
from api.models import Conversation
from wenban.identity import Citizen
from wenban.tracking import TrackingRepository
from wenban.turns import Choice, Message, Reply, Turn


def known(repository: ConversationRepository, conversation_id: str, citizen: Citizen | None) -> Conversation:
    """Return a conversation that this citizen may read and continue.

    Raises:
        ConversationNotFound: there is none, or it is somebody else's.
        SignInRequired: it is a signed-in citizen's, and nobody is signed in.
    """
    conversation = repository.get(conversation_id)
    if conversation is None:
        raise ConversationNotFound
    if conversation.citizen_id is None or (citizen is not None and conversation.citizen_id == citizen.id):
        return conversation
    raise SignInRequired if citizen is None else ConversationNotFound


def claim(repository: ConversationRepository, conversation: Conversation, citizen: Citizen) -> None:
    """Make an anonymous conversation the citizen's, with what was submitted in it."""
    if conversation.citizen_id is None:
        conversation.citizen_id = citizen.id
        TrackingRepository(repository.session).claim(citizen.id, conversation.id)


def how_to_sign_in(press: ValuePress) -> Reply:
    """Answer a client that sent the sign-in button back instead of following it."""
    text = "请在页面上点“登录”，按提示认证。您填的都留着，登录后接着办。"
    again = Choice(label="登录", payload=press.model_dump(exclude_none=True), style="primary")
    message = Message(type="notice", title="需要登录", text=text, speech=text, choices=[again])
    return Reply(messages=[message], turn=Turn(status="auth_required", awaiting="identity", asks=["identity"]))
