"""The channel that tells staff a sentence's act, in Rasa's own environment, with a stand-in for the agent."""

from __future__ import annotations

import json
import subprocess

import pytest

from wenban.paths import ROOT
from wenban.processes import base_environment, rasa_environment
from wenban.settings import get_settings

# A handler is asked as Sanic would, without a server.
ASK = """
import asyncio, json, sys
from types import SimpleNamespace
from nlu.rasa.acts_channel import ActsChannel

class Agent:
    async def parse_message(self, text):
        ranking = [{"name": f"act{n}", "confidence": 0.5 - n / 10} for n in range(5)]
        return {"text": text, "intent": {"name": "start", "confidence": 0.81234}, "intent_ranking": ranking}

def refuse(message):
    raise AssertionError("a sentence was said, not only heard")

blueprint = ActsChannel().blueprint(refuse)
handler = next(route.handler for route in blueprint._future_routes if route.uri == "/parse")
for body in json.loads(sys.argv[1]):
    request = SimpleNamespace(json=body, app=SimpleNamespace(ctx=SimpleNamespace(agent=Agent())))
    answer = asyncio.run(handler(request))
    print(json.dumps([answer.status, json.loads(answer.body)]))
"""


@pytest.mark.skipif(not get_settings().rasa_python.exists(), reason="Rasa's environment is not installed")
def test_a_sentence_is_heard_and_nothing_said() -> None:
    settings = get_settings()
    bodies = [{"text": "我要交水费"}, {"text": ""}, {"text": "长" * 1001}, {"text": 7}, None, {}]
    done = subprocess.run(
        [str(settings.rasa_python), "-c", ASK, json.dumps(bodies)], cwd=ROOT, capture_output=True, text=True,
        timeout=200, check=False, env={**base_environment(settings), **rasa_environment(settings)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    assert [status for status, _ in answers] == [200, 422, 422, 422, 422, 422]
    heard = answers[0][1]
    assert (heard["act"], heard["confidence"]) == ("start", 0.8123)
    assert heard["ranking"] == [{"act": f"act{n}", "confidence": round(0.5 - n / 10, 4)} for n in range(3)]
