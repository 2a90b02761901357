"""The real application on a real port with the demonstration provider; only Rasa and the knowledge are stand-ins."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import uvicorn
from fake_backend import FakeBackend, FakeSpeaker
from fastapi import FastAPI
from sqlalchemy import Engine

from api.app import create_app
from api.identity.devidp import keys
from api.settings import ApiSettings
from wenban.crypto import secret_file
from wenban.identity import IdentitySettings
from wenban.settings import Settings


@dataclass
class Server:
    url: str
    app: FastAPI
    engine: Engine
    backend: FakeBackend

    @property
    def issuer(self) -> str:
        return f"{self.url}/idp"


@cache
def first_keys() -> str:
    """Make the provider's first key once for all tests: each takes a good part of a second."""
    return json.dumps([keys._new()])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(engine: Engine, backend: FakeBackend, **identity: Any) -> Iterator[Server]:
    """Serve until the block ends; ``identity`` are settings of sign-in."""
    port, other = free_port(), backend.port
    secret_file(keys.NAME, first_keys)
    settings = Settings(port=port, rasa_port=other, knowledge_port=other, actions_port=other, turn_timeout=2.0)
    limits = ApiSettings(push_seconds=0.1)
    app = create_app(
        settings, limits, engine, FakeSpeaker(), identity_settings=IdentitySettings.model_validate(identity)
    )
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
    try:
        yield Server(f"http://127.0.0.1:{port}", app, engine, backend)
    finally:
        server.should_exit = True
        thread.join(10)
