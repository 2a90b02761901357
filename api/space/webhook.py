"""A department says that a matter has moved. What has changed is then asked of its connector, not believed."""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, ConfigDict, StringConstraints

from api.deps import ServicesDep, limit_reads
from api.errors import NotFound, TokenRefused
from api.space.endpoints import in_session
from knowledge.schemas import Problem
from wenban.crypto import secret
from wenban.tracking import TrackingRepository

router = APIRouter(prefix="/v1/webhooks", tags=["departments"], dependencies=[Depends(limit_reads)])


class Moved(BaseModel):
    model_config = ConfigDict(extra="forbid")

    receipt_no: Annotated[str, StringConstraints(min_length=1, max_length=64)]


def token_of(connector: str) -> str:
    """Return the token that a connector's department must show; ``wenban webhook-token NAME`` prints it."""
    return hmac.new(secret("webhook.key").encode(), connector.encode(), hashlib.sha256).hexdigest()


@router.post("/{connector}", status_code=202, responses={401: {"model": Problem}, 404: {"model": Problem}})
async def moved(
    services: ServicesDep, connector: str, body: Moved, authorization: Annotated[str, Header()] = ""
) -> dict[str, str]:
    """Have the matter asked about at once."""
    given = authorization.removeprefix("Bearer ").strip()
    if not hmac.compare_digest(given.encode(), token_of(connector).encode()):
        raise TokenRefused("凭证不对。", detail="wrong_token")
    ours = await in_session(services, lambda s: TrackingRepository(s).told_of(connector, body.receipt_no))
    if not ours:
        raise NotFound("没有这个受理编号。")
    return {"status": "accepted"}
