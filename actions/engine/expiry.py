"""A form that nobody has touched for long is forgotten: what was filled in is gone, and that is said once."""

from __future__ import annotations

from actions.engine.state import Desk, Matter
from wenban.settings import get_settings


def expire(desk: Desk, now: float) -> list[str]:
    """Drop what has lain too long; return the names of what was dropped.

    ``desk.at`` is when the conversation last moved, in seconds; matters put aside carry the time themselves.
    """
    limit = get_settings().form_hours * 3600
    if desk.at is None or now - desk.at < limit:
        old = [m for m in desk.parked if m.parked_at is not None and now - m.parked_at >= limit]
        desk.parked = [m for m in desk.parked if m not in old]
        return []  # what was put aside goes quietly: nobody is in the middle of it
    names = [desk.matter.service_name] if desk.matter is not None else []
    desk.parked, desk.choices, desk.awaiting, desk.asked, desk.cancelling = [], [], None, None, None
    desk.put_down()
    if desk.theme is not None:
        desk.theme.values = {}
    desk.done = [_without_values(matter) for matter in desk.done]
    return names


def _without_values(matter: Matter) -> Matter:
    """Keep the receipt, not what was filled in."""
    return matter.model_copy(update={"values": {}, "shown": {}, "owners": {}, "rejected": {}, "licences": []})
