"""Judge what was played and write it up, as JSON and for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from api.evaluation.checks import CHECKS, Finding
from api.evaluation.dates import Span
from api.evaluation.forbidden import RULES, check_must_not
from api.evaluation.heard import Exchange
from api.evaluation.script import Script

# None of these may be broken, whatever the share is.
NEVER = frozenset({"submit", "accept", "overwrite", "pay", "pay_again", "drop_slots"})


def judge(played: Sequence[Exchange], at: int) -> list[Finding]:
    """Return every check of one turn. Without a reply nothing can have been right."""
    exchange = played[at]
    if exchange.reply is None:
        return _unanswered(exchange)
    findings = [finding for check in CHECKS for finding in check(played, at, exchange.reply)]
    unknown = [Finding(f"unknown.{key}", None, key, "unknown key") for key in exchange.expect.model_extra or {}]
    return findings + check_must_not(played, at, exchange.reply) + unknown


def _unanswered(exchange: Exchange) -> list[Finding]:
    expect = exchange.expect
    kinds = [kind for kind in ("intent", "service_id", "must_ask", "status", "says") if getattr(expect, kind)]
    kinds += [f"slots.{name}" for name in expect.slots]
    kinds += ["unanswered" for kind, _, __ in exchange.must_not if kind in RULES]
    return [Finding(kind, False, "a reply", exchange.error) for kind in kinds]


def report(dialogues: Sequence[tuple[Script, Sequence[Exchange]]]) -> dict[str, Any]:
    """Return everything as JSON; ``share`` is of the checks that a program can make."""
    rows = [_dialogue(script, played) for script, played in dialogues]
    checks = [check for row in rows for turn in row["turns"] for check in turn["checks"]]
    counted = [check for check in checks if check["passed"] is not None]
    by_kind: dict[str, dict[str, int]] = {}
    for kind, total in sorted(Counter(_family(check["kind"]) for check in counted).items()):
        passed = sum(check["passed"] for check in counted if _family(check["kind"]) == kind)
        by_kind[kind] = {"passed": passed, "checks": total}
    broken = [check for check in counted if not check["passed"] and check["kind"].removeprefix("must_not.") in NEVER]
    return {
        "dialogues": len(rows),
        "checks": len(counted),
        "passed": sum(check["passed"] for check in counted),
        "share": _share(counted),
        "perfect": sum(row["passed"] == row["checks"] for row in rows),
        "never_broken": not broken,
        "broken": dict(Counter(check["kind"].removeprefix("must_not.") for check in broken)),
        "without_reply": sum(bool(turn["error"]) for row in rows for turn in row["turns"]),
        "for_a_human_eye": len(checks) - len(counted),
        "by_kind": by_kind,
        "results": rows,
    }


def _dialogue(script: Script, played: Sequence[Exchange]) -> dict[str, Any]:
    turns = [_turn(played, at) for at in range(len(played))]
    counted = [check for turn in turns for check in turn["checks"] if check["passed"] is not None]
    return {
        "id": script.id,
        "title": script.title,
        "checks": len(counted),
        "passed": sum(check["passed"] for check in counted),
        "share": _share(counted),
        "turns": turns,
    }


def _turn(played: Sequence[Exchange], at: int) -> dict[str, Any]:
    exchange, reply = played[at], played[at].reply
    heard = None
    if reply is not None:
        keys = ("status", "act", "service_id", "awaiting", "asks", "slots", "receipt", "note")
        heard = {**{key: reply.turn.get(key) for key in keys}, "text": reply.text}
    checks = [
        {"kind": f.kind, "passed": f.passed, "expected": _json(f.expected), "got": _json(f.got)}
        for f in judge(played, at)
    ]
    return {
        "turn": exchange.number,
        "user": exchange.user,
        "reply": heard,
        "error": exchange.error,
        "ms": round(exchange.seconds * 1000),
        "checks": checks,
    }


def _json(value: Any) -> Any:
    if isinstance(value, Span):
        return str(value)
    if isinstance(value, dict):
        return {key: _json(item) for key, item in value.items()}
    return [_json(item) for item in value] if isinstance(value, list) else value


def _family(kind: str) -> str:
    return "slots" if kind.startswith("slots.") else kind


def _share(checks: Sequence[dict[str, Any]]) -> float:
    return round(sum(check["passed"] for check in checks) / len(checks), 4) if checks else 1.0


def lines(result: dict[str, Any]) -> Iterator[str]:
    """Yield the report for people: the share, each dialogue, each miss, and what needs a human eye."""
    for row in result["results"]:
        yield f"{row['id']:<6}{row['passed']:>4}/{row['checks']:<4}{row['share']:>7.1%}  {row['title']}"
        for turn in row["turns"]:
            for check in turn["checks"]:
                if check["passed"] is False:
                    miss = f"expected {check['expected']}, got {check['got']}"
                    yield f"      turn {turn['turn']}  {check['kind']}: {miss}"
    yield ""
    for kind, row in result["by_kind"].items():
        yield f"{kind:<24}{row['passed']:>5}/{row['checks']}"
    yield ""
    broken = ", ".join(f"{kind} ×{count}" for kind, count in result["broken"].items()) or "none"
    yield f"never to be broken: {broken}; {result['for_a_human_eye']} points need a human eye (see --json)"
    if result["without_reply"]:
        yield f"{result['without_reply']} turns got no reply, or one of the degraded mode"
    yield (
        f"{result['passed']} of {result['checks']} checks passed: {result['share']:.1%}; "
        f"{result['perfect']} of {result['dialogues']} dialogues without a miss"
    )
