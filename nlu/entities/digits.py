"""Find runs of digits, said or written, with the pauses people make between groups."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlu.entities.numbers import spoken_digits

_DIGITS = "0-9零〇洞一幺二三四五六七八九拐勾"
_GROUP = re.compile(rf"[{_DIGITS}](?:[{_DIGITS}]|两(?=[{_DIGITS}]))*(?:[xX叉](?![A-Za-z0-9]))?")
_GAP = re.compile(r"[ \t,，、.。…\-—~·]*(?:(?:呃|嗯|啊|然后|后面是)[，,、…]*)?")
# A numeral beside a unit is a quantity (三百五, 五点半), not digits read out.
_UNIT_AFTER = re.compile(r"[十百千万亿点月号日年个块元位户岁天人次笔]")
_UNIT_BEFORE = re.compile(r"[十百千万亿点第]$")


@dataclass(frozen=True)
class Run:
    """Hold digits found in text[start:end]; groups are how they were said."""

    start: int
    end: int
    digits: str
    groups: tuple[str, ...]


def _figures(group: str) -> str:
    return spoken_digits(group.replace("叉", "X").replace("x", "X"))


def _groups(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _GROUP.finditer(text):
        raw = match[0]
        ascii_only = raw.isascii()
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        quantity = _UNIT_BEFORE.search(before) or (_UNIT_AFTER.match(after) and len(raw) < 7)
        if quantity and (not ascii_only or len(raw) < 5):
            continue
        if before.isascii() and before.isalpha():
            continue
        if not ascii_only and len(raw) < 2:
            continue
        yield match.start(), match.end(), raw


def digit_runs(text: str) -> list[list[Run]]:
    """Return chains of neighbouring groups; each chain lists its groups as runs."""
    chains: list[list[Run]] = []
    last_end = -1
    for start, end, raw in _groups(text):
        run = Run(start, end, _figures(raw), (raw,))
        gap = text[last_end:start] if chains else None
        if gap is not None and len(gap) <= 8 and _GAP.fullmatch(gap):
            chains[-1].append(run)
        else:
            chains.append([run])
        last_end = end
    return chains


def join(runs: list[Run]) -> Run:
    """Return one run made of neighbouring groups."""
    groups = tuple(group for run in runs for group in run.groups)
    return Run(runs[0].start, runs[-1].end, "".join(run.digits for run in runs), groups)
