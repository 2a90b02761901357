"""Show values to people: dates as people say them, personal numbers partly hidden."""

from __future__ import annotations

from datetime import date
from typing import Any

from knowledge.declaration import FormField
from wenban.masking import mask

WEEKDAYS = "一二三四五六日"


def show_date(value: str) -> str:
    day = date.fromisoformat(value)
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def show(form_field: FormField, value: Any) -> str:
    """Return a value as the citizen reads it in a review."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(show(form_field, item) for item in value)
    if form_field.type == "date":
        return show_date(str(value))
    if form_field.type == "boolean":
        return "是" if value else "否"
    if form_field.type == "amount":
        return f"{float(value):g} 元"
    if form_field.type == "percent":
        return f"{float(value):g}%"
    if form_field.type == "id_no":
        return mask(str(value))
    return str(value)


def show_for_ear(form_field: FormField, value: Any) -> str:
    """Return a value as it is read back; digits in groups are made by the voice package."""
    return show(form_field, value).replace("（", "，").replace("）", "").replace("*", "")
