"""A channel of Rasa that only listens: which act is a sentence, heard alone? For the staff's "why this".

Rasa's own HTTP API would tell too, and would also hand out and change conversations; this hands out nothing else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

LONGEST = 1000  # characters, as the citizen API takes
SHOWN = 3


class ActsChannel(InputChannel):
    """``POST /webhooks/acts/parse {"text"}`` → ``{"act", "confidence", "ranking"}``; nothing is stored."""

    @classmethod
    def name(cls) -> str:
        return "acts"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        acts = Blueprint("acts_channel")

        @acts.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @acts.route("/parse", methods=["POST"])
        async def parse(request: Request) -> HTTPResponse:
            text = (request.json or {}).get("text")
            if not isinstance(text, str) or not 0 < len(text) <= LONGEST:
                return response.json({"problem": "text: 1 to 1000 characters"}, status=422)
            heard = await request.app.ctx.agent.parse_message(text)
            intent = heard.get("intent") or {}
            return response.json(
                {
                    "act": intent.get("name") or "",
                    "confidence": round(float(intent.get("confidence") or 0.0), 4),
                    "ranking": [
                        {"act": one["name"], "confidence": round(float(one["confidence"]), 4)}
                        for one in (heard.get("intent_ranking") or [])[:SHOWN]
                    ],
                }
            )

        return acts
