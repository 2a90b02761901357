"""Read the answer to one form field of a known type."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from nlu.entities.choices import match_choice, parse_boolean
from nlu.entities.extracting import extract
from nlu.entities.numbers import DECIMAL, NUMBER, parse_number, tidy_number
from nlu.entities.persons import name_problem
from nlu.entities.types import Entity, Parsed
from nlu.lexicon import Lexicon

FIELD_TYPES = [
    "text",
    "person",
    "id_no",
    "phone",
    "date",
    "period",
    "time",
    "month",
    "place",
    "choice",
    "number",
    "amount",
    "percent",
    "account",
    "plate",
    "receipt",
    "boolean",
    "people",
    "years",
]
# Which entity types may fill a field, best first.
_FILLS: dict[str, tuple[str, ...]] = {
    "number": ("count", "people", "households", "years", "amount"),
    "people": ("people", "count", "children"),
    "date": ("date",),
    "account": ("account", "phone", "receipt"),
    "receipt": ("receipt", "account", "phone"),
    "years": ("years", "count"),
    "place": ("place", "office", "institution"),
}
_UNREAD = {
    "person": "没听清姓名，请再说一遍姓名",
    "id_no": "没找到身份证号，请说18位身份证号码",
    "phone": "没找到电话号码，请说11位手机号",
    "date": "没听清日期，请说哪一天，比如“下周三”或“11月25号”",
    "period": "请说上午还是下午",
    "time": "没听清几点，请再说一遍，比如“下午两点半”",
    "month": "没听清是哪个月，请再说一遍，比如“上个月”",
    "place": "没听清地点，请再说一遍",
    "choice": "请从给出的选项里选一个",
    "number": "没听清数目，请再说一遍",
    "people": "没听清几个人，请再说一遍",
    "years": "没听清年数，请再说一遍",
    "amount": "没听清金额，请再说一遍，比如“一百五十块”",
    "percent": "没听清百分比，请再说一遍",
    "account": "没找到户号，请再说一遍",
    "plate": "没听清车牌号，请再说一遍，比如“鲁Q12345”",
    "receipt": "没找到受理号，请再说一遍",
    "boolean": "请回答“是”或“不是”",
    "text": "请再说一遍",
}
# A number that is counted in something else is no answer: "三十年" is no rate.
_NOT_BEFORE = {
    "percent": r"(?![\d零一二三四五六七八九十百千万亿年个月日天人岁元块号户平米])",
    "amount": r"(?![\d零一二三四五六七八九十百年个月日天人岁%号户平])",
    "years": r"(?![\d零一二三四五六七八九十百千万亿月日天人元块%号户平])",
    "people": r"(?![\d零一二三四五六七八九十百千万亿年月日天岁元块%号户平])",
}
_MARKS = " ，。,.！!？?、；;：:"


def _rest(text: str, start: int, end: int) -> str:
    return (text[:start].strip(_MARKS) + " " + text[end:].strip(_MARKS)).strip()


def _of(text: str, entity: Entity) -> Parsed:
    value = None if entity.problem else entity.value
    return Parsed(value, entity.problem, _rest(text, entity.start, entity.end), {**entity.meta, "said": entity.value})


def parse_as(
    field_type: str,
    text: str,
    now: datetime,
    *,
    options: Sequence[str] = (),
    past: bool = False,
    lexicon: Lexicon | None = None,
) -> Parsed:
    """Read `text` as the value of a field.

    value is None when nothing fits; problem then says in plain Chinese what to ask for. meta["said"] is a value that
    was refused, meta["candidates"] the options between which a choice is open. `past` says that a date lies behind us.
    Raises ValueError for an unknown field type.
    """
    if field_type not in FIELD_TYPES:
        raise ValueError(f"unknown field type {field_type!r}; expected one of {', '.join(FIELD_TYPES)}")
    stripped = text.strip()
    unread = Parsed(None, _UNREAD[field_type], stripped)
    if not stripped:
        return unread
    if field_type == "text":
        return Parsed(stripped)
    if field_type == "boolean":
        answer = parse_boolean(stripped)
        return unread if answer is None else Parsed(answer)
    if field_type == "choice":
        chosen, candidates = match_choice(stripped, options)
        if chosen is not None:
            return Parsed(chosen)
        problem = "请说得再具体些：" + "、".join(candidates[:5]) if candidates else _UNREAD["choice"]
        return Parsed(None, problem, stripped, {"candidates": candidates})
    expect = {"date": "event_date" if past else "date", "month": "bill_month" if past else "month"}.get(
        field_type, field_type
    )
    entities = extract(stripped, now, expect=expect, lexicon=lexicon)
    for kind in _FILLS.get(field_type, (field_type,)):
        found = [entity for entity in entities if entity.type == kind]
        if found:
            # Of several, the last is what people settle on ("周三，不，周四"); a sound one before a faulty one.
            sound = [entity for entity in found if entity.problem is None]
            return _of(stripped, (sound or found)[-1])
    value = _fallback(field_type, stripped)
    return unread if value is None else Parsed(value)


def _fallback(field_type: str, text: str) -> Any:
    bare = text.strip(_MARKS)
    if field_type == "place" and 2 <= len(bare) <= 60:
        return bare
    if field_type == "person":
        name = re.sub(r"^(?:我叫|我是|俺叫|叫|姓名)|[吧啊呀哈]$", "", bare)
        # A rare surname is still a name when the answer is nothing else.
        whole = re.fullmatch(r"[\u4e00-\u9fff]{2,4}", name)
        return (
            name
            if whole and (not name_problem(name) or Lexicon.default().frequency(name) == 0) and _plausible(name)
            else None
        )
    if field_type in ("number", "people", "years", "amount", "percent"):
        pattern = DECIMAL if field_type == "percent" else NUMBER
        match = re.search(f"(?:{pattern}){_NOT_BEFORE.get(field_type, '')}", bare)
        value = parse_number(match[0]) if match else None
        return tidy_number(value) if value is not None else None
    return None


def _plausible(name: str) -> bool:
    return not re.search(r"[的了吗呢吧啥咋么不没是在有要去来做办查交号我你他她俺恁这那]", name)
