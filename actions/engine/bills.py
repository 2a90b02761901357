"""Choose among bills: "都交", "上个月的", "第一笔和第二笔", "这个月的先不交"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from actions.connectors.contract import Item
from nlu.entities import extract, parse_ordinal
from nlu.entities.numbers import parse_int

_ALL = re.compile(r"全部|全都|都交|一起交|一块儿?交|都付|全交|所有|^都$|全付|都要")
_NOT = re.compile(r"不交|别交|不要|去掉|先不|别付|不付|删")
_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]+(笔|个|条)|最后一(笔|个|条)|头一(笔|个|条)")
_ONLY = re.compile(r"光|只|就")
_EXCEPT = re.compile(r"除了(.+?)(以外|之外|外)?[，,]?(都|全|其他|其它|别的|剩下)")
_SOME = re.compile(r"(前|头|后|末|最后|最近|最早)(?:的)?([一二两三四五六七八九十\d]+)(笔|个|条|个月)")
_MOST = re.compile(r"最(早|老|近|新|晚|多|贵|大|少|便宜|小)的?(那|一|1)?(笔|个|条|个月)?")


def payable(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if item.payable]


def choose(
    text: str, items: Sequence[Item], chosen: Sequence[str], now: datetime, owners: Mapping[str, str] | None = None
) -> list[str] | None:
    """Return the ids chosen after ``text``, or None when it says nothing about bills.

    ``owners`` says whose account a number is, so that "爸妈家那笔先别交" names bills.
    """
    text = _with_numbers(text, owners or {})
    open_items = payable(items)
    if (exception := _EXCEPT.search(text)) and (left_out := named(exception[1], open_items, now)):
        return [item.id for item in open_items if item.id not in left_out]
    picked = _by_clause(text, open_items, now) or named(text, open_items, now)
    if _NOT.search(text) and chosen:
        drop, _, keep = _split(text)
        dropped = _named(drop, open_items, now) or picked
        kept = _named(keep, open_items, now) if keep else []
        if dropped:
            return [i for i in chosen if i not in dropped or i in kept]
    if picked:
        return picked
    if _ALL.search(text):
        return [item.id for item in open_items]
    return None


def _by_clause(text: str, items: Sequence[Item], now: datetime) -> list[str]:
    """Read one clause an account, in the order in which the accounts were given ("我家…都交，爸妈家只交…")."""
    accounts = list(dict.fromkeys(str(item.data.get("account_no")) for item in items))
    clauses = [c for c in re.split(r"[，,；;]", text) if _named(c, items, now)]
    if len(accounts) < 2 or len(clauses) != len(accounts):
        return []
    found = []
    for account, clause in zip(accounts, clauses, strict=True):
        own = [item for item in items if str(item.data.get("account_no")) == account]
        found += _named(clause, own, now)
    return found


def _with_numbers(text: str, owners: Mapping[str, str]) -> str:
    """Put the account number behind the words that name its owner."""
    for account, owner in owners.items():
        key = re.sub(r"[我俺咱家的们]", "", owner)
        pattern = re.escape(key) + "家?" if key else r"(?:我|俺)(?:们|自己)?家"
        if account not in text:
            text = re.sub(pattern, lambda match, number=account: f"{match[0]}{number}", text, count=1)  # type: ignore[misc]
    return text


def _split(text: str) -> tuple[str, str, str]:
    """Split "这个月的先不交，光交上个月的" into what is dropped and what is kept."""
    match = re.search(r"[，,；;]", text)
    if match is None or not _ONLY.search(text[match.end() :]):
        return text, "", ""
    return text[: match.start()], match[0], text[match.end() :]


def _group(text: str, items: Sequence[Item]) -> list[str]:
    """Read "前两笔", "最后一笔", "最早的那笔", "最贵的"."""
    by_month = sorted(items, key=lambda item: str(item.data.get("month", "")))
    if match := _SOME.search(text):
        count, end = parse_int(match[2]) or 0, match[1]
        ordered = by_month if end in ("最近", "最早") else list(items)
        return [
            item.id for item in (ordered[:count] if end in ("前", "头", "最早") else ordered[-count:] if count else [])
        ]
    if match := _MOST.search(text):
        ends = {"早": by_month[:1], "老": by_month[:1], "近": by_month[-1:], "新": by_month[-1:], "晚": by_month[-1:]}
        by_sum = sorted(items, key=lambda item: item.amount or 0.0)
        return [item.id for item in ends.get(match[1], by_sum[-1:] if match[1] in "多贵大" else by_sum[:1])]
    return []


def named(text: str, items: Sequence[Item], now: datetime) -> list[str]:
    """Return the ids of the bills that ``text`` names, by month, account, position or size."""
    return _group(text, items) or _named(text, items, now)


def _named(text: str, items: Sequence[Item], now: datetime) -> list[str]:
    months = [entity.value for entity in extract(text, now, expect="bill_month") if entity.type == "month"]
    accounts = [item.data.get("account_no") for item in items if str(item.data.get("account_no")) in text]
    found = [
        item.id
        for item in items
        if item.data.get("month") in months and (not accounts or item.data.get("account_no") in accounts)
    ]
    if not found and accounts:
        found = [item.id for item in items if item.data.get("account_no") in accounts]
    if not found:
        for match in _ORDINAL.finditer(text):
            position = parse_ordinal(match[0].replace("笔", "个"), len(items))
            if position is not None:
                found.append(items[position].id)
    if not found:
        for piece in re.split(r"[和跟、，,]", text):
            position = parse_ordinal(re.sub(r"[吧了那就要交付]", "", piece), len(items))
            if position is not None:
                found.append(items[position].id)
    return list(dict.fromkeys(found))


def total(items: Sequence[Item], chosen: Sequence[str]) -> float:
    """Return the sum of the chosen bills in yuan."""
    return round(sum(item.amount or 0.0 for item in items if item.id in chosen), 2)


def title_among(item: Item, items: Sequence[Item]) -> str:
    """Return what tells a bill from the others: of one account alone its number need not be said each time."""
    account = str(item.data.get("account_no"))
    alone = len({str(one.data.get("account_no")) for one in items}) == 1
    return item.title.removeprefix(f"户号{account} ") if alone else item.title


def described(items: Sequence[Item], chosen: Sequence[str]) -> list[Any]:
    """Return the chosen bills as data: months, or per account where there are several."""
    picked = [item for item in items if item.id in chosen]
    accounts = sorted({str(item.data.get("account_no")) for item in items})
    if len(accounts) <= 1:
        return sorted(str(item.data.get("month")) for item in picked)
    rows = []
    for account in accounts:
        months = sorted(str(item.data.get("month")) for item in picked if str(item.data.get("account_no")) == account)
        if months:
            rows.append({"account_no": account, "months": months})
    return rows
