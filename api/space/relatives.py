"""Acting for somebody else (亲友代办): a parent declares it for a child, anybody else must say yes themselves.

The person who is asked gets a link. They see who asks, for what and for how long, and prove with the last four
characters of their ID number that the link has reached the right one. A no, or a withdrawal, deletes the row with
everything in it; matters that were done in between keep who acted for whom, and by what right.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets

from sqlalchemy.orm import Session

from api.errors import ApiError, LevelTooLow, NotFound
from api.identity.repository import CitizenRepository, digest
from api.models import RelativeRecord, now
from api.space.schemas import RelativeCreated, RelativeRequest, RelativeView
from wenban.citizens import SavedValueRepository
from wenban.consents import ConsentRepository
from wenban.id_number import birth_date, birthday
from wenban.identity import Citizen
from wenban.materials import MaterialRepository

ADULT, MOST, TRIES = 18, 10, 5
ASKED_DAYS, AGREED_DAYS = 7, 365
DECLARATION = "我是这个孩子的父母或法定监护人，替孩子办事，填写的内容真实，由我负责。"
REQUEST = (
    "{asker}想替您（{name}）在{assistant}办理政务服务：查询、预约、缴费、申请、投诉。办理时会用到您的姓名、身份证号和电话。"
    "同意后一年内有效，随时可以用这个链接收回。"
)


class RelativeRefused(ApiError):
    """Something in the request is not right; ``message`` says what."""

    status, code, message = 422, "relative_refused", "填写的内容不对，请检查后再试。"


class ConsentGone(NotFound):
    code = "consent_gone"
    message = "这个链接已经失效：可能过期了、已经拒绝，或者对方撤回了。"


class WrongProof(ApiError):
    status, code, message = 422, "wrong_proof", "身份证号后四位不对，请核对后再试。"


def view(row: RelativeRecord) -> RelativeView:
    columns = {"id": row.id, "relation": row.relation, "basis": row.basis, "status": row.status}
    return RelativeView.model_validate({**columns, "name": row.person["name"], "until": row.expires_at})


def add(session: Session, citizen: Citizen, request: RelativeRequest, assistant: str) -> RelativeCreated:
    """Keep a child on a parent's declaration, or ask an adult: the link's token is returned this once."""
    if citizen.level < 2:
        raise LevelTooLow("替别人办事，您自己要先做实名认证。")
    repository = CitizenRepository(session)
    existing = repository.relatives(citizen.id)
    born = birth_date(request.id_no)
    if born is None:
        raise RelativeRefused("身份证号不对，请核对 18 位号码。")
    if request.id_no == citizen.profile.get("id_no"):
        raise RelativeRefused("这是您自己的身份证号，自己的事直接办就行。")
    if any(row.person["id_no"] == request.id_no for row in existing):
        raise RelativeRefused(f"“{request.name}”已经在名单里了。")
    if len(existing) >= MOST:
        raise RelativeRefused(f"最多可以替 {MOST} 个人办事，请先删掉不用的。")
    row = RelativeRecord(citizen_id=citizen.id, relation=request.relation, basis=request.basis, expires_at=None)
    row.person = {"name": request.name, "id_no": request.id_no, "phone": request.phone}
    at, token = dt.datetime.now().isoformat(timespec="seconds"), None
    if request.basis == "guardian":
        grown = birthday(born, ADULT)
        if grown <= dt.date.today():
            raise RelativeRefused("已满 18 周岁，要由本人同意，请选“请本人同意”。")
        if not request.declared:
            raise RelativeRefused("请先看监护人声明，同意后打勾。")
        row.status, row.expires_at = "agreed", dt.datetime.combine(grown, dt.time())
        row.evidence = {"text": DECLARATION, "at": at, "how": "guardian_declaration"}
    else:
        token = secrets.token_urlsafe(24)
        row.status, row.token_hash = "asked", digest(token)
        row.expires_at = now() + dt.timedelta(days=ASKED_DAYS)
        text = REQUEST.format(asker=citizen.name or "您的亲友", name=request.name, assistant=assistant)
        row.evidence = {"text": text, "asked_at": at}
    session.add(row)
    session.flush()
    return RelativeCreated(relative=view(row), link=f"/consent/{token}" if token else None)


def answer(session: Session, token: str, last_four: str, agreed: bool) -> RelativeView | None:
    """Take the person's yes; a no, or a yes taken back, deletes everything and returns None.

    Raises:
        ConsentGone, WrongProof: the latter is kept count of, and the fifth deletes the request.
    """
    row = CitizenRepository(session).asked(token)
    if row is None:
        raise ConsentGone
    if not hmac.compare_digest(last_four.strip().upper().encode(), row.person["id_no"][-4:].encode()):
        row.tries += 1
        if row.tries >= TRIES:
            remove(session, row.citizen_id, row.id)
        session.commit()
        raise WrongProof
    if not agreed:
        remove(session, row.citizen_id, row.id)
        return None
    row.status, row.tries, row.expires_at = "agreed", 0, now() + dt.timedelta(days=AGREED_DAYS)
    stamp = {"at": dt.datetime.now().isoformat(timespec="seconds"), "how": "link_and_last_four_of_id_number"}
    row.evidence = row.evidence | stamp
    session.flush()
    return view(row)


def remove(session: Session, citizen_id: int, relative_id: int) -> None:
    """Delete a relative with the consent, and the values and materials remembered for them."""
    row = CitizenRepository(session).relative(citizen_id, relative_id)
    if row is None:
        raise NotFound("名单里没有这个人。")
    SavedValueRepository(session).forget(citizen_id, relative_id=relative_id)
    MaterialRepository(session).forget(citizen_id, relative_id=relative_id)
    ConsentRepository(session).withdraw(citizen_id, relative_id=relative_id)
    session.delete(row)
    session.flush()
