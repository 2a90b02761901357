"""亮证: electronic licences with a QR code that is valid for 60 seconds."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from actions.connectors.contract import Found, Item
from actions.sandbox import papers
from actions.sandbox.checks import id_no, invalid, masked_id, masked_name, need
from actions.sandbox.department import Call, Department, lines
from actions.sandbox.problems import Refusal
from actions.sandbox.texts import data

licence = Department("licence")
licence.keeper = papers.keep
SECONDS = 60
KINDS = (
    "id_card",
    "driving_licence",
    "vehicle_licence",
    "ebike_licence",
    "residence_permit",
    "health_card",
    "bus_code",
)


def _sign(call: Call, body: str) -> str:
    return call.digest(f"licence:{body}")[:16]


@licence.query(*KINDS)
def show(call: Call) -> Found:
    """Show a licence; the code holds no personal data, only a signed ticket."""
    name, number = need(call, "name"), id_no(call)
    kind = call.say(call.operation)
    owner = data("persons").get(number)
    if owner is None or owner["name"] != name or call.operation not in owner.get("licences", []):
        raise Refusal("not_found", call.say("no_licence", kind=kind))
    expires = call.clock.now() + timedelta(seconds=SECONDS)
    body = f"{call.operation}.{secrets.token_urlsafe(9)}.{expires:%Y%m%dT%H%M%S}"
    code = f"WENBAN-SAMPLE.{body}.{_sign(call, body)}"
    rows = {
        "证照": kind,
        "姓名": masked_name(name),
        "证件号码": masked_id(number),
        "二维码内容": code,
        "有效期至": call.say("until", time=f"{expires:%H:%M:%S}", seconds=SECONDS),
        "说明": call.say("sample"),
    }
    item = Item(
        id=call.operation,
        title=kind,
        data={"qr": code, "expires_at": expires.isoformat(), "valid_seconds": SECONDS},
    )
    message = call.say("shown", kind=kind, seconds=SECONDS)
    return Found(message=message, lines=lines(rows), items=[item], as_of=call.as_of())


@licence.query("verify")
def verify(call: Call) -> Found:
    """Check a code that was shown: signed here, and not older than 60 seconds."""
    prefix, _, rest = need(call, "qr").partition(".")
    body, _, signature = rest.rpartition(".")
    if prefix != "WENBAN-SAMPLE" or signature != _sign(call, body):
        raise invalid(call, "qr", "bad_code")
    kind, _, until = body.split(".")
    if datetime.strptime(until, "%Y%m%dT%H%M%S") < call.clock.now():
        raise invalid(call, "qr", "old_code")
    return Found(message=call.say("genuine", kind=call.say(kind)), as_of=call.as_of())
