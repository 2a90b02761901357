"""Replies for the ear alone: everything of a reply that is to be heard, and questions about what was not heard well."""

from __future__ import annotations

from wenban.turns import Choice, Message, Reply, Turn

MOST = 2000  # characters that are spoken at once
ORDINALS = "一二三四五六"


def aloud(reply: Reply) -> str:
    """Return what of a reply is read aloud; after "停" nothing but that."""
    messages = reply.messages[:1] if reply.turn.note == "stop" else reply.messages
    parts = [(message.speech or message.text).strip() for message in messages]
    text = "\n".join(part for part in parts if part)
    if len(text) <= MOST:
        return text
    cut = text[:MOST]
    return cut[: max(cut.rfind("。"), cut.rfind("\n")) + 1] or cut


def ask_which(readings: tuple[str, ...]) -> Reply:
    """Ask which of the readings was meant, or whether the one was."""
    if len(readings) == 1:
        text = f"您说的是“{readings[0]}”，对吗？"
        speech = f"您说的是，{readings[0]}，对吗？"
    else:
        text = "您说的是哪一句？"
        speech = text + "".join(f"第{ORDINALS[i]}，{reading}。" for i, reading in enumerate(readings))
    choices = [
        Choice(label=each, payload={"do": "say", "value": each}, style="primary" if i == 0 else "plain")
        for i, each in enumerate(readings)
    ]
    choices.append(Choice(label="转人工", payload={"do": "human", "label": "转人工"}))
    message = Message(type="choices", text=text, speech=speech, choices=choices)
    return Reply(messages=[message], turn=Turn(status="clarify", note="heard_uncertain"))


def ask_again() -> Reply:
    """Ask to say it again."""
    text = "好的，请您再说一遍。"
    return Reply(
        messages=[Message(type="text", text=text, speech=text)], turn=Turn(status="clarify", note="heard_again")
    )
