"""The client of the connector contract: time-outs, retries with jitter, a circuit breaker, typed errors.

Only what is safe to repeat is repeated: reads always, submits because they carry an idempotency key. All attempts
of a call together stay within the turn's budget.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import structlog
from pydantic import BaseModel, ValidationError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from actions.connectors import budget
from actions.connectors.contract import (
    Accepted,
    Ask,
    Choices,
    ConnectorProblem,
    Found,
    LicenceAsk,
    Licences,
    Quote,
    Status,
)

log = structlog.get_logger(__name__)
Body = TypeVar("Body", bound=BaseModel)


class ConnectorError(Exception):
    """The department refused, for a reason in ``problem`` that the citizen can read."""

    def __init__(self, problem: ConnectorProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class ConnectorDown(Exception):
    """The department cannot be reached or does not keep the contract.

    ``untouched`` says that it surely did nothing: no attempt got through to it, or it said so each time. Otherwise
    whether it acted is unknown.
    """

    def __init__(self, message: str, untouched: bool = False) -> None:
        super().__init__(message)
        self.untouched = untouched


class _Unavailable(httpx.HTTPError):
    """The department answered that its system is down, and so that it did nothing."""


# Failures of an attempt that the department cannot have acted upon.
HARMLESS = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, _Unavailable)


@dataclass
class Breaker:
    """Opens after ``limit`` failures in a row and lets one call try again after ``rest`` seconds."""

    limit: int = 4
    rest: float = 15.0
    failures: int = 0
    opened_at: float = 0.0

    def blocked(self) -> bool:
        if self.failures < self.limit:
            return False
        if time.monotonic() - self.opened_at >= self.rest:
            self.opened_at = time.monotonic()  # this caller is the one that tries
            return False
        return True

    def success(self) -> None:
        self.failures = 0

    def failure(self) -> None:
        self.failures += 1
        if self.failures >= self.limit:
            self.opened_at = time.monotonic()


class Connector:
    """One department's endpoint."""

    def __init__(self, name: str, base_url: str, timeout: float = 4.0, attempts: int = 3) -> None:
        self.name = name
        self._attempts, self._timeout = attempts, timeout
        self._breaker = Breaker()
        self._http = httpx.AsyncClient(base_url=base_url, timeout=timeout)

    async def aclose(self) -> None:
        await self._http.aclose()

    async def choices(self, name: str, /, **fields: Any) -> Choices:
        known = {key: str(value) for key, value in fields.items() if value is not None}
        return await self._call("GET", f"/choices/{name}", Choices, params=known)

    async def query(self, operation: str, ask: Ask) -> Found:
        return await self._call("POST", f"/query/{operation}", Found, json=ask.model_dump())

    async def quote(self, operation: str, ask: Ask) -> Quote:
        return await self._call("POST", f"/quote/{operation}", Quote, json=ask.model_dump())

    async def submit(self, operation: str, ask: Ask, key: str) -> Accepted:
        headers = {"Idempotency-Key": key}
        return await self._call("POST", f"/submit/{operation}", Accepted, json=ask.model_dump(), headers=headers)

    async def status(self, receipt_no: str) -> Status:
        return await self._call("GET", f"/status/{receipt_no}", Status)

    async def cancel(self, receipt_no: str, key: str) -> Status:
        return await self._call("POST", f"/cancel/{receipt_no}", Status, headers={"Idempotency-Key": key})

    async def licences(self, ask: LicenceAsk) -> Licences:
        return await self._call("POST", "/licences", Licences, json=ask.model_dump())

    async def _call(self, method: str, path: str, shape: type[Body], **kwargs: Any) -> Body:
        """Make one call of the contract.

        Raises:
            ConnectorError: a typed refusal.
            ConnectorDown: no valid answer after the retries, or the breaker is open.
        """
        if self._breaker.blocked():
            raise ConnectorDown(f"{self.name}: circuit open", untouched=True)
        untouched, hurried = True, False
        try:
            async for attempt in AsyncRetrying(
                stop=_Stop(self._attempts),
                wait=wait_random_exponential(multiplier=0.1, max=1.0),
                retry=retry_if_exception_type(httpx.HTTPError),
                reraise=True,
            ):
                with attempt:
                    left = budget.left()
                    hurried = left < self._timeout  # what fails now may be the turn's fault, not the department's
                    if left < budget.LEAST:
                        raise _Unavailable("no time left in this turn")
                    try:
                        response = await self._http.request(method, path, timeout=min(self._timeout, left), **kwargs)
                        if response.status_code >= 500:
                            _raise_for_failure(response)
                    except httpx.HTTPError as error:
                        untouched = untouched and isinstance(error, HARMLESS)
                        raise
            body = response.json()
            if response.is_success:
                result = shape.model_validate(body)
                self._breaker.success()
                return result
            problem = ConnectorProblem.model_validate(body)
        except (httpx.HTTPError, ValueError, ValidationError) as error:
            if not (hurried and isinstance(error, httpx.TimeoutException | _Unavailable)):
                self._breaker.failure()
            untouched = untouched and isinstance(error, httpx.HTTPError)
            log.warning("connector.down", connector=self.name, path=path.split("/")[1], error=type(error).__name__)
            raise ConnectorDown(f"{self.name}: {type(error).__name__}", untouched) from error
        self._breaker.success()
        raise ConnectorError(problem)


class _Stop(stop_after_attempt):
    """Stop after the last attempt, or when the turn has no time for another."""

    def __call__(self, retry_state: RetryCallState) -> bool:
        return super().__call__(retry_state) or budget.left() < budget.LEAST


def _raise_for_failure(response: httpx.Response) -> None:
    """Raise for a status of 5xx; a typed "unavailable" says that nothing was done."""
    try:
        problem = ConnectorProblem.model_validate(response.json())
    except ValueError:
        problem = None
    if response.status_code == 503 and problem is not None and problem.code == "unavailable":
        raise _Unavailable(problem.message)
    response.raise_for_status()


class Connectors:
    """Connectors by name; ``urls`` overrides where a name lives, all others are the sandbox."""

    def __init__(self, sandbox: str, urls: dict[str, str] | None = None) -> None:
        self._sandbox, self._urls = sandbox, urls or {}
        self._open: dict[str, Connector] = {}

    def get(self, name: str) -> Connector:
        if name not in self._open:
            self._open[name] = Connector(name, self._urls.get(name, f"{self._sandbox}/connectors/{name}"))
        return self._open[name]

    async def aclose(self) -> None:
        for connector in self._open.values():
            await connector.aclose()
