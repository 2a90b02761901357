"""The rules of the contract, one function each; ``run`` tries them in order on an implementation."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

from actions.connectors.conformance.probe import Broken, Probe, good, refused
from actions.connectors.conformance.sample import Sample, SubmitSample
from actions.connectors.contract import Accepted, Choices, Found, Quote, Status

AT_ONCE = 10


class Skipped(Exception):
    """The sample does not say what to try."""


@dataclass
class Trial:
    """What the checks share: the probe, the sample, and the receipt of the matter submitted first."""

    probe: Probe
    sample: Sample
    receipt: str = ""
    run: str = field(default_factory=lambda: secrets.token_hex(6))

    def key(self, name: str) -> str:
        return f"check-{self.run}-{name}"

    @property
    def submit(self) -> SubmitSample:
        if self.sample.submit is None:
            raise Skipped("the sample has no 'submit'")
        return self.sample.submit


@dataclass(frozen=True)
class Finding:
    """``ok`` is None where a check was skipped; ``remark`` says why, or what is broken."""

    rule: str
    ok: bool | None
    remark: str = ""


Check = Callable[[Trial], None]
CHECKS: list[tuple[str, Check]] = []
ONLY_WITH: dict[str, str] = {}  # rules of a part of the contract that few departments have: the sample's member


def check(rule: str, only_with: str = "") -> Callable[[Check], Check]:
    """Register a rule; one that is ``only_with`` a member of the sample is not even mentioned without it."""

    def register(function: Check) -> Check:
        CHECKS.append((rule, function))
        if only_with:
            ONLY_WITH[rule] = only_with
        return function

    return register


def run(http: httpx.Client, sample: Sample) -> Iterator[Finding]:
    """Try every rule; later ones go on whatever earlier ones found."""
    trial = Trial(Probe(http), sample)
    for rule, function in CHECKS:
        if rule in ONLY_WITH and getattr(sample, ONLY_WITH[rule]) is None:
            continue
        try:
            function(trial)
        except Skipped as reason:
            yield Finding(rule, None, str(reason))
        except Broken as problem:
            yield Finding(rule, False, str(problem))
        else:
            yield Finding(rule, True)


@check("an unknown operation is not_found")
def unknown_operation(trial: Trial) -> None:
    for call in ("query", "quote", "submit"):
        key = trial.key("unknown") if call == "submit" else None
        body: dict[str, Any] = {"fields": {}, "citizen": None}
        refused(trial.probe.call("POST", f"/{call}/no_such_operation", key, json=body), "not_found", status=404)
    refused(trial.probe.call("GET", "/choices/no_such_list"), "not_found", status=404)


@check("an unknown receipt is not_found")
def unknown_receipt(trial: Trial) -> None:
    refused(trial.probe.call("GET", "/status/NOSUCH00000000"), "not_found", status=404)
    refused(trial.probe.call("POST", "/cancel/NOSUCH00000000", trial.key("cancel-unknown")), "not_found", status=404)


@check("choices are listed")
def choices(trial: Trial) -> None:
    if (asked := trial.sample.choices) is None:
        raise Skipped("the sample has no 'choices'")
    params = {name: str(value) for name, value in asked.fields.items()}
    answer = good(trial.probe.call("GET", f"/choices/{asked.name}", params=params), Choices)
    if not answer.choices:
        raise Broken(f"GET /choices/{asked.name}: the list is empty")


@check("a query answers")
def query(trial: Trial) -> None:
    if (asked := trial.sample.query) is None:
        raise Skipped("the sample has no 'query'")
    body = {"fields": asked.fields, "citizen": None}
    good(trial.probe.call("POST", f"/query/{asked.operation}", json=body), Found)


@check("a body that is no Ask is refused, not a crash")
def malformed(trial: Trial) -> None:
    path, key = f"/submit/{trial.submit.operation}", trial.key("malformed")
    for content in (b"not json", b"[]", b'{"fields": "x"}'):
        refused(trial.probe.call("POST", path, key, content=content), "invalid_field")


@check("a quote answers and changes nothing")
def quote(trial: Trial) -> None:
    body: dict[str, Any] = {"fields": trial.submit.fields, "citizen": None}
    first = good(trial.probe.call("POST", f"/quote/{trial.submit.operation}", json=body), Quote)
    again = good(trial.probe.call("POST", f"/quote/{trial.submit.operation}", json=body), Quote)
    if first != again:
        raise Broken(f"POST /quote/{trial.submit.operation}: two quotes in a row differ")


@check("a submit without Idempotency-Key is refused")
def no_key(trial: Trial) -> None:
    refused(trial.probe.submit(trial.submit.operation, trial.submit.fields, None), "invalid_field")


@check("a wrong value is refused, the field is named, and the key stays free")
def wrong_value(trial: Trial) -> None:
    asked = trial.submit
    if asked.wrong is None:
        raise Skipped("the sample's 'submit' has no 'wrong'")
    problem = refused(trial.probe.submit(asked.operation, asked.wrong, trial.key("first")))
    if asked.wrong_field and problem.field != asked.wrong_field:
        raise Broken(f"POST /submit/{asked.operation}: names field {problem.field!r}, expected {asked.wrong_field!r}")


@check("a submit is accepted; unknown fields are ignored")
def accepted(trial: Trial) -> None:
    fields = {**trial.submit.fields, "no_such_field": "x"}
    trial.receipt = good(trial.probe.submit(trial.submit.operation, fields, trial.key("first")), Accepted).receipt_no


@check("the same key and content give the same answer, also all at once")
def repeated(trial: Trial) -> None:
    _needs_receipt(trial)
    fields = {**trial.submit.fields, "no_such_field": "x"}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(
            pool.map(lambda _: trial.probe.submit(trial.submit.operation, fields, trial.key("first")), range(AT_ONCE))
        )
    receipts = {good(answer, Accepted).receipt_no for answer in answers}
    if receipts != {trial.receipt}:
        raise Broken(f"one key gave several receipts: {', '.join(sorted(receipts | {trial.receipt}))}")


@check("the same key with other content is a conflict")
def conflict(trial: Trial) -> None:
    _needs_receipt(trial)
    if trial.submit.other is None:
        raise Skipped("the sample's 'submit' has no 'other'")
    answer = trial.probe.submit(trial.submit.operation, trial.submit.other, trial.key("first"))
    refused(answer, "conflict", status=409)


@check("a new key used all at once does the work once")
def at_once(trial: Trial) -> None:
    asked = trial.submit
    if asked.other is None:
        raise Skipped("the sample's 'submit' has no 'other'")
    other = asked.other
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(
            pool.map(lambda _: trial.probe.submit(asked.operation, other, trial.key("second")), range(AT_ONCE))
        )
    receipts = {good(answer, Accepted).receipt_no for answer in answers}
    if len(receipts) != 1:
        raise Broken(f"{AT_ONCE} submits with one key at the same moment gave {len(receipts)} receipts")
    if asked.cancellable:
        good(trial.probe.call("POST", f"/cancel/{receipts.pop()}", trial.key("cancel-second")), Status)


@check("the receipt has a status")
def status(trial: Trial) -> None:
    _needs_receipt(trial)
    found = good(trial.probe.call("GET", f"/status/{trial.receipt}"), Status)
    if found.receipt_no != trial.receipt:
        raise Broken(f"GET /status: asked for {trial.receipt}, answered for {found.receipt_no}")


@check("a cancel without Idempotency-Key is refused")
def cancel_without_key(trial: Trial) -> None:
    _needs_receipt(trial)
    refused(trial.probe.call("POST", f"/cancel/{trial.receipt}"), "invalid_field")


@check("a matter is cancelled once; the same key gives the same answer")
def cancelled(trial: Trial) -> None:
    _needs_receipt(trial)
    path = f"/cancel/{trial.receipt}"
    if not trial.submit.cancellable:
        refused(trial.probe.call("POST", path, trial.key("cancel")), "not_eligible", "already_done")
        return
    first = good(trial.probe.call("POST", path, trial.key("cancel")), Status)
    if good(trial.probe.call("POST", path, trial.key("cancel")), Status) != first:
        raise Broken(f"POST {path}: the same key gave two answers")
    refused(trial.probe.call("POST", path, trial.key("cancel-again")), "already_done", status=409)


def _needs_receipt(trial: Trial) -> None:
    if not trial.submit or not trial.receipt:
        raise Skipped("nothing was accepted before")
