"""Exactly once: the same key and content give the same answer, other content is a conflict."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

from actions.sandbox import texts
from actions.sandbox.department import Call
from actions.sandbox.problems import Refusal
from actions.sandbox.tables import Idempotent

Body = TypeVar("Body", bound=BaseModel)


def fingerprint(*parts: Any) -> str:
    """Return the digest of a request's content."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def once(call: Call, key: str, digest: str, shape: type[Body], act: Callable[[], Body]) -> Body:
    """Return the answer kept under ``key``, or act and keep it in the same transaction.

    A refusal is not kept: nothing was done, so that the same request may succeed later.

    Raises:
        Refusal: conflict, when the key has answered other content.
    """
    kept = call.session.get(Idempotent, (call.connector, key))
    if kept is not None:
        if kept.digest != digest:
            raise Refusal("conflict", texts.say(call.connector, "conflict"))
        return shape.model_validate(kept.answer)
    answer = act()
    call.session.add(
        Idempotent(
            connector=call.connector,
            key=key,
            digest=digest,
            answer=answer.model_dump(mode="json"),
            created_at=call.clock.now(),
        )
    )
    return answer
