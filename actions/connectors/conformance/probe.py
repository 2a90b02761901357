"""One call to the implementation under test, and what can be said about its answer."""

from __future__ import annotations

import re
import time
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from actions.connectors.contract import ConnectorProblem

Body = TypeVar("Body", bound=BaseModel)
SECONDS = 4.0
_CHINESE = re.compile(r"[一-鿿]")
_INSIDES = re.compile(r"Traceback|Exception|Error\b|\.py\b|site-packages|SELECT |INSERT |NoneType|undefined", re.I)


class Broken(Exception):
    """The contract is not kept; the message says where."""


class Probe:
    """Calls and checks answers."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def call(self, method: str, path: str, key: str | None = None, **kwargs: Any) -> httpx.Response:
        """Make a call.

        Raises:
            Broken: no answer, none in time, or an answer that is not JSON.
        """
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        started = time.monotonic()
        try:
            response = self._http.request(method, path, headers=headers, **kwargs)
        except httpx.HTTPError as error:
            raise Broken(f"{method} {path}: no answer ({type(error).__name__})") from error
        seconds = time.monotonic() - started
        if seconds > SECONDS:
            raise Broken(f"{method} {path}: answered after {seconds:.1f} s; the assistant waits {SECONDS:g} s")
        try:
            response.json()
        except ValueError as error:
            raise Broken(f"{method} {path}: status {response.status_code} without a JSON body") from error
        return response

    def submit(self, operation: str, fields: dict[str, Any], key: str | None) -> httpx.Response:
        return self.call("POST", f"/submit/{operation}", key, json={"fields": fields, "citizen": None})


def good(response: httpx.Response, shape: type[Body]) -> Body:
    """Return the body of a success as ``shape``.

    Raises:
        Broken: it is a failure, or not of that shape, or says nothing that a citizen can read.
    """
    where = _where(response)
    if not response.is_success:
        raise Broken(f"{where}: status {response.status_code}, expected 200: {response.text[:160]}")
    try:
        body = shape.model_validate(response.json())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise Broken(f"{where}: not a {shape.__name__}: {place}: {first['msg']}") from error
    message = getattr(body, "message", None)
    if message:
        _readable(where, message)
    return body


def refused(response: httpx.Response, *codes: str, status: int | None = None) -> ConnectorProblem:
    """Return the problem of a refusal.

    Raises:
        Broken: it is no refusal, no ``ConnectorProblem``, has another code or status, or a citizen could not read it.
    """
    where = _where(response)
    if response.is_success:
        raise Broken(f"{where}: accepted, expected a refusal ({' or '.join(codes)})")
    try:
        problem = ConnectorProblem.model_validate(response.json())
    except ValidationError as error:
        raise Broken(
            f"{where}: status {response.status_code} without a ConnectorProblem: {response.text[:160]}"
        ) from error
    if codes and problem.code not in codes:
        raise Broken(f"{where}: code {problem.code!r}, expected {' or '.join(codes)}")
    if status is not None and response.status_code != status:
        raise Broken(f"{where}: status {response.status_code}, expected {status} with code {problem.code!r}")
    _readable(where, problem.message)
    return problem


def _readable(where: str, message: str) -> None:
    if not _CHINESE.search(message):
        raise Broken(f"{where}: message {message!r} is not a Chinese sentence")
    if _INSIDES.search(message):
        raise Broken(f"{where}: message shows the system's insides: {message[:120]!r}")


def _where(response: httpx.Response) -> str:
    return f"{response.request.method} {response.request.url.path}"
