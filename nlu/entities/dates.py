"""Find dates, ranges of dates and months."""

import re
from datetime import date
from itertools import pairwise

from nlu.entities import dates_absolute, dates_lunar, dates_relative
from nlu.entities.date_rules import Found, Rule
from nlu.entities.types import Entity, Message

_RULES: list[Rule] = [*dates_lunar.RULES, *dates_relative.RULES, *dates_absolute.RULES]
# One pass over the text decides whether any rule can match at all; most messages hold no date.
_HINT = re.compile(r"[天儿日周拜期月年号节后前夜晚早昨今明赶旦秋庆五六春清端夕宵冬腊底]|\d[-/.]\d|\d{8}")
_TO = re.compile(r"\s*(?:到|至|~|～|—|–|-|直到)\s*")


def _emit(message: Message, start: int, end: int, found: Found) -> None:
    meta = dict(found.meta)
    if found.problem:
        message.add("date", None, start, end, problem=found.problem, meta=meta)
    elif found.day and found.month:
        message.add("month", found.day.strftime("%Y-%m"), start, end, meta=meta)
    elif found.day and found.end:
        value = {"start": found.day.isoformat(), "end": found.end.isoformat()}
        message.add("date_range", value, start, end, meta=meta)
    elif found.day:
        period = meta.pop("period", None)
        message.add("date", found.day.isoformat(), start, end, meta=meta)
        if period:
            message.add("period", period, end - 1, end)


def extract_dates(message: Message) -> None:
    """Add date, date_range and month entities; the longest reading of a place wins."""
    if not _HINT.search(message.text):
        return
    matches = []
    for rank, rule in enumerate(_RULES):
        for match in rule.pattern.finditer(message.text):
            if match.end() > match.start() and message.free(*match.span()):
                matches.append((match.start() - match.end(), rank, match, rule))
    matches.sort(key=lambda item: (item[0], item[1], item[2].start()))
    for _, _, match, rule in matches:
        if not message.free(*match.span()):
            continue
        found = rule.resolve(match, message)
        if found is not None:
            _emit(message, *match.span(), found)
    _join_ranges(message)


def _join_ranges(message: Message) -> None:
    """Turn "X到Y" into one range."""
    days = sorted((one for one in message.entities if one.type == "date" and one.value), key=lambda one: one.start)
    for first, second in pairwise(days):
        if first not in message.entities or not _TO.fullmatch(message.text[first.end : second.start]):
            continue
        start, end = date.fromisoformat(first.value), date.fromisoformat(second.value)
        message.entities.remove(first)
        message.entities.remove(second)
        if end < start and second.meta.get("bare"):
            end = date.fromordinal(end.toordinal() + 7)
        value = {"start": start.isoformat(), "end": end.isoformat()}
        problem = "结束日期早于开始日期" if end < start else None
        text = message.text[first.start : second.end]
        message.entities.append(Entity("date_range", value, text, first.start, second.end, problem))
        message.claim(first.start, second.end)
