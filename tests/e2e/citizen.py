"""A citizen who talks to the running system over HTTP, and sees to it that no reply is ever empty or broken."""

from __future__ import annotations

from typing import Any

import httpx

ID_NO, PHONE = "371302198503120021", "13912345678"
OTHER_ID_NO, OTHER_PHONE = "371302198806121013", "15866012349"
# Planted: test_e2e_privacy looks for them wherever the system writes.
SECRET_ID_NO, SECRET_PHONE = "371302199001011236", "18753912347"
BOOKING = "明天上午去人民医院挂个骨科"
BROKEN = ("Traceback", 'File "', "site-packages", "Exception", "Error:", "sqlalchemy", "/work/", "/press", "utter_")


def sound(response: httpx.Response, least: int = 0) -> None:
    """Fail on a 500, on anything of our insides, and on an error without a code and a sentence.

    ``least`` is a status of 5xx that is right here: 503 while a process is away.
    """
    assert response.status_code < 500 or response.status_code == least, response.text
    assert not [word for word in BROKEN if word in response.text], response.text
    if response.status_code >= 400:
        body = response.json()
        assert body["code"]
        assert any("一" <= char <= "鿿" for char in body["message"]), body


class Citizen:
    """One conversation."""

    def __init__(self, url: str, timeout: float = 60) -> None:
        self.http = httpx.Client(base_url=url, timeout=timeout)
        started = self.http.post("/v1/conversations")
        assert started.status_code == 201, started.text
        self.id: str = started.json()["conversation_id"]
        self.reply: dict[str, Any] = {"messages": [], "turn": {}}

    def post(self, **body: Any) -> httpx.Response:
        response = self.http.post(f"/v1/conversations/{self.id}/messages", json=body)
        sound(response)
        return response

    def take(self, **body: Any) -> Citizen:
        response = self.post(**body)
        assert response.status_code == 200, response.text
        self.reply = response.json()
        assert self.reply["messages"], "an empty reply"
        for message in self.reply["messages"]:
            assert message["text"] or message.get("sections"), message
        return self

    def say(self, *sentences: str) -> Citizen:
        for sentence in sentences:
            self.take(text=sentence)
        return self

    def press(self, label: str) -> Citizen:
        """Press the button whose label begins so."""
        found = [choice for choice in self.choices if choice["label"].startswith(label)]
        assert found, f"no button {label!r} in {[choice['label'] for choice in self.choices]}"
        return self.take(payload=found[0]["payload"])

    @property
    def choices(self) -> list[dict[str, Any]]:
        return [choice for message in self.reply["messages"] for choice in message.get("choices") or []]

    @property
    def turn(self) -> dict[str, Any]:
        return dict(self.reply["turn"])

    @property
    def status(self) -> str:
        return str(self.turn["status"])

    @property
    def awaiting(self) -> str | None:
        return self.turn.get("awaiting")

    @property
    def slots(self) -> dict[str, Any]:
        return dict(self.turn.get("slots") or {})

    @property
    def types(self) -> list[str]:
        return [message["type"] for message in self.reply["messages"]]

    @property
    def text(self) -> str:
        """Everything there is to read in the last reply."""
        parts: list[str] = []
        for message in self.reply["messages"]:
            parts += [message.get("title") or "", message["text"]]
            parts += [f"{row['label']} {row['value']}" for row in message.get("rows") or []]
            parts += [item for section in message.get("sections") or [] for item in section["items"]]
        return "\n".join(parts)

    @property
    def receipt(self) -> str:
        found = [m["receipt"]["number"] for m in self.reply["messages"] if m.get("receipt")]
        assert len(found) == 1, self.text
        assert self.turn["receipt"] == found[0]
        return str(found[0])

    def history(self) -> list[dict[str, Any]]:
        response = self.http.get(f"/v1/conversations/{self.id}/messages")
        sound(response)
        return list(response.json()["messages"])

    def receipts(self) -> list[str]:
        """Return the receipts that stand in the history."""
        messages = [message for item in self.history() for message in item["messages"]]
        return [message["receipt"]["number"] for message in messages if message.get("receipt")]

    def book(self, name: str, opening: str = BOOKING, id_no: str = ID_NO, phone: str = PHONE) -> str:
        """Book an appointment up to the receipt."""
        self.say(opening, f"我叫{name}", id_no, phone)
        assert self.status == "confirm", self.text
        self.say("确认")
        return self.receipt
