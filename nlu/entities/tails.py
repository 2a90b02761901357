"""Read corrections of the last digits: 尾号4321, 最后一位是七, 末了是三不是四."""

import re

from nlu.entities.numbers import parse_int, spoken_digits
from nlu.entities.types import Entity, Message

_D = "[0-9零〇洞一幺二三四五六七八九拐xX]"
_IS = r"(?:的)?(?:数字|数)?(?:应该|好像|就|得)?(?:是|为|改成|改为|换成)?[，,、：: ]?"
_LAST = r"(?:尾号|尾数|末尾|最后|末了|末后|结尾|末|后|最末)"
_TAIL = re.compile(
    rf"(?:尾号|尾数)[^\d]{{0,16}}?(?P<e>\d{{3,6}})(?!\d)"
    rf"|(?:尾号|尾数|手机尾号)[^\d{_D[1:-1]}]{{0,14}}?(?P<a>{_D}{{2,6}})(?!\d)"
    rf"|{_LAST}(?P<n>[一两二三四五六1-6])(?:位|个)(?:数)?(?:数字)?{_IS}(?P<b>{_D}{{1,6}})(?!\d)"
    rf"|(?:最后|末了|末尾|结尾|尾巴上|尾号){_IS}(?P<c>{_D}{{1,4}})(?=[，,。！!？?、 的了吧]|不是|$)"
    rf"|倒数第(?P<k>[一二两三四五六1-6])位{_IS}(?P<d>{_D})(?!\d)"
)
_NOT_AFTER = re.compile(rf"[，, ]?(?:不是|可不是)(?P<old>{_D}{{1,6}})")
_NOT_BEFORE = re.compile(
    rf"(?:最后|末了|末尾|结尾|尾号|末位)(?:一位|那位)?不是(?P<old>{_D}{{1,6}})[，, ]?"
    rf"(?:是|应该是|而是)(?P<new>{_D}{{1,6}})"
)


def _figures(text: str) -> str:
    return spoken_digits(text).upper()


def extract_tails(message: Message) -> None:
    """Find what the last digits of a number given before should be."""
    for match in _NOT_BEFORE.finditer(message.text):
        new, old = _figures(match["new"]), _figures(match["old"])
        if message.free(*match.span()):
            message.add("tail", new, *match.span(), meta={"new": new, "old": old, "from_end": len(new)})
    for match in _TAIL.finditer(message.text):
        if not message.free(*match.span()):
            continue
        new = _figures(match["e"] or match["a"] or match["b"] or match["c"] or match["d"])
        if match["n"] and parse_int(match["n"]) != len(new):
            continue
        meta: dict[str, object] = {"new": new, "from_end": (parse_int(match["k"]) or 1) if match["k"] else len(new)}
        end = match.end()
        denied = _NOT_AFTER.match(message.text, end)
        if denied:
            meta["old"] = _figures(denied["old"])
            end = denied.end()
        message.add("tail", new, match.start(), end, meta=meta)


def apply_tail(number: str, tail: Entity) -> str | None:
    """Return `number` with its last digits corrected, or None when the correction does not fit it."""
    new, old = str(tail.meta["new"]), tail.meta.get("old")
    from_end = int(tail.meta["from_end"])
    start = len(number) - from_end
    if start < 0:
        return None
    if old is not None and number[start : start + len(str(old))] != old and number[start : start + len(new)] != new:
        return None
    return number[:start] + new + number[start + len(new) :]
