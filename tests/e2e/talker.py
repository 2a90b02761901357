"""A citizen without eyes or hands: recordings go in, sound comes out, and nothing else is looked at by the dialogue."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import httpx
from citizen import Citizen, sound

VOICES = Path(__file__).parent / "voices"
LONGEST_CONFIRMATION = 2


class Talker(Citizen):
    """Says what ``voices/sentences.tsv`` holds; ``heard`` is what was made of it last."""

    def __init__(self, url: str) -> None:
        super().__init__(url, timeout=240)
        self.body: dict[str, Any] = {}
        self.asked_back: list[str] = []

    def post_recording(self, recording: bytes, **form: Any) -> httpx.Response:
        files = {"audio": ("speech.ogg", recording, "audio/ogg")}
        response = self.http.post(f"/v1/conversations/{self.id}/messages", files=files, data={"mode": "elder", **form})
        sound(response)
        return response

    def utter(self, *names: str) -> Talker:
        """Say sentences one after the other; when asked back whether that was it, say yes."""
        for name in names:
            self._utter(name)
            if self.turn.get("note") == "heard_uncertain":
                self.asked_back.append(name)
                self._utter("second" if len(self.reply["messages"][0]["choices"]) > LONGEST_CONFIRMATION else "right")
        return self

    def _utter(self, name: str) -> None:
        response = self.post_recording((VOICES / f"{name}.ogg").read_bytes())
        assert response.status_code == 200, f"{name}: {response.text}"
        self.body = response.json()
        self.reply = {"messages": self.body["messages"], "turn": self.body["turn"]}
        self.check_sound()

    @property
    def heard(self) -> str:
        return str(self.body["transcript"]["text"])

    @property
    def said(self) -> str:
        """What was said aloud last."""
        return str(self.body["speech"]["text"])

    def check_sound(self) -> None:
        """The reply is a real recording that says that it is synthetic, as long as its words need."""
        import av

        speech = self.body["speech"]
        assert speech is not None, "the reply was not spoken"
        assert speech["media_type"].startswith("audio/ogg")
        data = base64.b64decode(speech["audio"])
        assert b"synthetic speech" in data
        with av.open(io.BytesIO(data)) as file:
            seconds = sum(frame.samples / frame.sample_rate for frame in file.decode(audio=0))
        assert seconds > 0.08 * len(speech["text"]), (seconds, speech["text"])
