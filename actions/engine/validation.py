"""Bounds on values beyond their type; each refusal is a plain Chinese sentence."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from knowledge.declaration import FormField

SHORTEST = 2  # characters of a text that must be given


def check(form_field: FormField, value: Any, now: datetime) -> str | None:
    """Return why ``value`` is not acceptable for ``form_field``, or None."""
    rule = form_field.rule
    if form_field.type == "date":
        return _check_date(form_field, value, now)
    if form_field.type in ("number", "amount", "percent"):
        number = float(value)
        if rule.minimum is not None and number < rule.minimum:
            return rule.message or f"{form_field.label}不能小于{rule.minimum:g}"
        if rule.maximum is not None and number > rule.maximum:
            return rule.message or f"{form_field.label}不能大于{rule.maximum:g}"
    if form_field.type == "text":
        if not re.search(r"[一-鿿A-Za-z0-9]", str(value)):
            return "没看懂，请再说一遍"
        if form_field.required and not rule.pattern and len(re.findall(r"[一-鿿A-Za-z0-9]", str(value))) < SHORTEST:
            return "说得太短了，请多说几个字"
        if len(str(value)) > 500:
            return "太长了，请用500个字以内说明"
    values = value if isinstance(value, list) else [value]
    if rule.pattern and not all(re.fullmatch(rule.pattern, str(item)) for item in values):
        return rule.message or f"{form_field.label}的格式不对"
    return None


def _check_date(form_field: FormField, value: Any, now: datetime) -> str | None:
    rule, day, today = form_field.rule, date.fromisoformat(str(value)), now.date()
    if rule.allow_past:
        return None if day <= today or rule.max_days_ahead else "这个日期还没到，请说已经发生的那一天"
    if day < today:
        return f"{day.month}月{day.day}日已经过去了，请说今天以后的日期"
    if day == today and not rule.allow_today:
        return "今天已经来不及了，请选明天以后的日期"
    if rule.max_days_ahead is not None and day > today + timedelta(days=rule.max_days_ahead):
        last = today + timedelta(days=rule.max_days_ahead)
        return rule.message or f"只能约{rule.max_days_ahead}天以内的，最晚{last.month}月{last.day}日"
    return None
