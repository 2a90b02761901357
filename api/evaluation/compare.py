"""Compare a slot's value with the expected one.

- Numbers by value, anything else by its text after NFKC without blanks, capitals alike; lists without regard to order;
  objects by the keys that the expectation names.
- A span of days (a lunar month) is met by a day in it, by a span in it, or by a month that it touches.
- ``NAMES``: the name may stand in a longer one (人民医院 in 临沂市人民医院, 河东区 in 河东区政务服务大厅).
- ``FREE_TEXT`` is what the citizen said in his own words. Punctuation, particles and lead-ins do not count, 与 跟 同
  are 和, 俺 is 我. Right is: equal, one within the other, or enough of the expected characters in the same order
  (75 % of a place, 50 % of a description: a machine cannot judge a paraphrase). 无 is met by any plain no.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from rapidfuzz.distance import LCSseq

from api.evaluation.dates import Span

NAMES = frozenset({"hospital", "office", "department"})
FREE_TEXT = {"place": 0.75, "business": 0.75, "problem": 0.5, "detail": 0.5, "photo": 0.75, "reason": 0.5}
_NO = re.compile(r"^(无|没有?|不传|跳过|none|否|false)|没(有|拍|照)|不(传|用|要)|拍不", re.IGNORECASE)
_FILLER = re.compile(r"那个|这个|就是|有人|[的了吧呢啊呀哦嗯嘛哈着得有]")
_MARK = re.compile(r"[\W_]+")
SHORT = 0.6


def same(name: str, expected: Any, got: Any) -> bool:
    """Return whether ``got`` is right for the slot ``name``."""
    if got is None:
        return False
    if isinstance(expected, dict):
        return isinstance(got, dict) and all(same(key, value, got.get(key)) for key, value in expected.items())
    if isinstance(expected, list):
        return _same_list(name, expected, got if isinstance(got, list) else [got])
    if isinstance(expected, Span):
        return _in_span(expected, got)
    if isinstance(expected, bool) or isinstance(got, bool):
        return _truth(expected) == _truth(got)
    if isinstance(expected, int | float):
        return _number(got) == float(expected)
    if isinstance(got, list | dict):
        return isinstance(got, list) and len(got) == 1 and same(name, expected, got[0])
    if name in FREE_TEXT:
        return like(str(expected), str(got), FREE_TEXT[name])
    if name in NAMES:
        return plain(str(expected)) in plain(str(got))
    return plain(str(expected)) == plain(str(got))


def plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def core(text: str) -> str:
    """Return what is left of a description without its punctuation, particles and lead-ins."""
    text = _MARK.sub("", plain(text)).replace("俺", "我")
    return re.sub(r"[与跟同]", "和", _FILLER.sub("", text))


def like(expected: str, got: str, share: float) -> bool:
    """Return whether two descriptions say the same, as far as characters tell."""
    if expected == "无":
        return bool(_NO.search(got))
    right, said = core(expected) or expected, core(got) or got
    if right in said or (said in right and len(said) >= SHORT * len(right)):
        return True
    return int(LCSseq.similarity(right, said)) >= share * len(right)


def _same_list(name: str, expected: list[Any], got: list[Any]) -> bool:
    left = list(got)
    for item in expected:
        match = next((i for i, other in enumerate(left) if same(name, item, other)), None)
        if match is None:
            return False
        left.pop(match)
    return not left


def _in_span(span: Span, got: Any) -> bool:
    if isinstance(got, dict):
        got = list(got.values())
    days = re.findall(r"\d{4}-\d{2}(?:-\d{2})?", " ".join(map(str, got)) if isinstance(got, list) else str(got))
    whole = [day for day in days if len(day) == 10]
    return bool(days) and (
        all(span.first <= day <= span.last for day in whole) if whole else span.first[:7] <= days[0] <= span.last[:7]
    )


def _truth(value: Any) -> bool | None:
    text = plain(str(value))
    return True if text in ("TRUE", "是", "1") else False if text in ("FALSE", "否", "不是", "0") else None


def _number(value: Any) -> float | None:
    try:
        return float(str(value).replace(",", ""))
    except ValueError:
        return None
