"""Markdown and HTML to plain lines; addresses of pages are never read aloud."""

from __future__ import annotations

import re
from collections.abc import Callable

from voice.ear.patterns import CJK

PAGE = "页面上的网址"
MAILBOX = "页面上的邮箱"
# A URL ends at white space, at Chinese text and at Chinese punctuation.
_URL = r"(?:https?://|ftp://|www\.)[^\s\u3000-\u303f\u3400-\u9fff\uff00-\uffef<>\"'）)】\]]+"
_DOMAIN = rf"(?<![\w.@-])(?:[a-z0-9-]+\.)+(?:com|cn|net|org|gov|edu|io)(?:/[^\s\u3000-\u303f{CJK}\uff00-\uffef]*)?"

_RULES: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    (re.compile(r"<(script|style)\b.*?</\1\s*>", re.S | re.I), ""),
    (re.compile(r"<!--.*?-->", re.S), ""),
    (re.compile(r"<(?:br|/p|/div|/h\d|/tr|p|div|hr)\b[^<>]*>", re.I), "\n"),
    (re.compile(r"<li\b[^<>]*>", re.I), "\n- "),
    (re.compile(r"<(?:/ol|/ul)\b[^<>]*>", re.I), "\n"),
    (re.compile(rf"<({_URL})>"), r"\1"),
    (re.compile(r"</?[A-Za-z][^<>]*>"), ""),
    (re.compile(r"^\s*(?:```|~~~).*$", re.M), ""),
    (re.compile(r"!\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\((?:tel:|mailto:)?[^)]*\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\[[^\]]*\]"), r"\1"),
    (re.compile(r"\[\^[^\]]*\]"), ""),
    (re.compile(r"^\s{0,3}#{1,6}\s*(.*?)\s*#*\s*$", re.M), r"\1\n"),
    (re.compile(r"^\s{0,3}(?:>(?!\d)\s?)+", re.M), ""),
    (re.compile(r"^\s*(?:[-*_]\s*){3,}$", re.M), ""),
    (re.compile(r"^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)*$", re.M), ""),
    (re.compile(r"^[ \t]*\|(.+)\|[ \t]*$", re.M), lambda m: "，".join(c.strip() for c in m[1].split("|") if c.strip())),
    (re.compile(r"(?<![\d*])(\*\*\*|\*\*|\*)(?=[^\s*])(.+?)(?<=[^\s*])\1(?!\*)"), r"\2"),
    (re.compile(r"(?<![\w])(__|_)(?=[^\s_])(.+?)(?<=[^\s_])\1(?![\w])"), r"\2"),
    (re.compile(r"~~(.+?)~~"), r"\1"),
    (re.compile(r"`+([^`]*)`+"), r"\1"),
    (re.compile(r"^(\s*[-*+]\s+)\[[ xX]\]\s*", re.M), r"\1"),
    (re.compile(r"^\s*Q\d*[:：]\s*", re.M), "问："),
    (re.compile(r"^\s*A\d*[:：]\s*", re.M), "答："),
    (re.compile(rf"[（(]\s*(?:网址|链接|官网)?[:：]?\s*{_URL}\s*[）)]"), ""),
    (re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), MAILBOX),
    (re.compile(rf"[ \t]*{_URL}[ \t]*"), PAGE),
    (re.compile(rf"[ \t]*{_DOMAIN}[ \t]*", re.I), PAGE),
]  # fmt: skip


def strip(text: str) -> str:
    """Return what is left to read when the markup is gone, line by line."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
