"""Read what a citizen said into the fields of a declaration.

Several fields may be in one sentence. A field that already has a value is only overwritten when the citizen
corrects it, or when it is the one being asked for: an aside that names a date must not move an appointment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actions.engine.state import Matter
from actions.engine.validation import check
from knowledge.declaration import FormField, ServiceDeclaration
from nlu.cues import FLAGS
from nlu.entities import Entity, apply_tail, extract, match_choice, name_problem, parse_as

# Which entity types may fill a field of a type, when its `prefill` names none.
ENTITIES_OF = {
    "person": ("person",),
    "id_no": ("id_no",),
    "phone": ("phone",),
    "date": ("date",),
    "period": ("period",),
    "time": ("time",),
    "month": ("month",),
    "place": ("place",),
    "amount": ("amount",),
    "percent": ("percent",),
    "account": ("account",),
    "plate": ("plate",),
    "receipt": ("receipt",),
}
PREFILLS = {
    "children": ("children",),
    "households": ("households",),
    "people": ("people",),
    "count": ("people", "count"),
    "years": ("years",),
    "operator": ("operator",),
    "method": ("repayment",),
    "institution": ("institution",),
    "med_department": ("med_department",),
    "area": ("office", "place"),
    "amount": ("amount",),
    "percent": ("percent",),
    "place": ("place",),
    "plate": ("plate",),
    "person": ("person",),
    "receipt": ("receipt",),
    "account": ("account",),
}
_MORE = re.compile(r"(再|又|多|还)(加|来|带|添|有)(?!.*(总共|一共|共))")
# "给孟庆丰交", "替我娘李桂兰办的": the name between for whom and what.
_FOR_WHOM = re.compile(
    r"^(?:就|是|想|要)*(?:给|替|帮|为)(?:(?:我|俺|咱)(?:家)?(?:的)?)?"
    r"(?:娘|爹|妈|爸|母亲|父亲|爷爷|奶奶|姥爷|姥姥|老伴儿?|对象|媳妇|老公|孩子|儿子|闺女|女儿|邻居)?"
    r"(?P<name>[一-鿿·]{2,4}?)(?:交|缴|办|约|挂|看|查|报|充|领|申请)(?:的|吧|了|一下|个号|号)*[。！!]?$"
)
NO_NAME = frozenset({"date", "period", "time", "people", "institution", "place", "office", "count", "amount"})
# How people call a number that they do not say ("编号忘了，用身份证查").
CALLED = {
    "id_no": re.compile(r"身份证"),
    "receipt": re.compile(r"编号|单号|受理号|号码条"),
    "phone": re.compile(r"电话|手机"),
    "account": re.compile(r"户号|缴费号"),
}
_LABEL_END = re.compile(r"的?(姓名|名字|身份证号?码?|手机号?码?|电话|号码|日期)$")
_DIGIT = re.compile(r"[\d零〇一二三四五六七八九幺]")
DIGITS = ("phone", "id_no", "account", "receipt")
ASKED_TYPES = frozenset({*ENTITIES_OF, "choice", "number", "boolean"}) - {"month"}


def entity_types(form_field: FormField) -> tuple[str, ...]:
    """Return the entity types that may fill a field."""
    return PREFILLS.get(form_field.prefill or "", ()) or ENTITIES_OF.get(form_field.type, ())


def wanted_types(form_field: FormField) -> tuple[str, ...]:
    """Return the entity types that say something about a field, also where more than the entity decides."""
    if form_field.type == "bills":
        return ("month",)
    return (*entity_types(form_field), "date_range") if form_field.type == "date" else entity_types(form_field)


@dataclass
class Reading:
    """What one sentence gave: values that are right, and for each refused one the reason.

    ``named`` says that it only names the field asked for ("用身份证查").
    """

    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    named: bool = False


def _owner(text: str, position: int) -> str:
    """Return whose number stands at ``position``: the words of its clause before it."""
    clause = re.split(r"[，,。；;]", text[:position])[-1]
    return re.sub(r"户号|账号|号码|编号|号|[的是：:]", "", clause).strip()


class Reader:
    """Reads one sentence for one matter."""

    def __init__(
        self, declaration: ServiceDeclaration, matter: Matter, now: datetime, options: Mapping[str, Sequence[str]]
    ) -> None:
        self.declaration, self.matter, self.now, self.options = declaration, matter, now, options

    def read(self, text: str, awaiting: str | None, overwrite: bool, correcting: bool = False) -> Reading:
        """Return what ``text`` says.

        ``awaiting`` is the field asked for, ``overwrite`` lets filled ones change, and ``correcting`` says that the
        person named there is meant rather than one not named yet.
        """
        reading = Reading()
        asked = next((f for f in self.declaration.fields if f.name == awaiting), None)
        entities = extract(text, self.now, expect=self._expectation(asked))
        self._tails(entities, reading)
        self._flags(text, reading)
        used: set[int] = set()
        for form_field in self._order(awaiting, correcting):
            if form_field.name in reading.values or form_field.name in reading.problems:
                continue
            if correcting and self._named(form_field.type, text) not in (None, form_field.name):
                continue  # "监护人改成张桂英" is not about the child
            may_change = overwrite or form_field.name == awaiting or form_field.name not in self.matter.values
            may_change = may_change or self._moved(form_field, entities)
            if may_change:
                self._from_entities(form_field, entities, used, reading, text)
        if asked is not None and asked.name not in reading.values and asked.name not in reading.problems:
            self._whole(asked, text, entities, used, reading)
            self._detail(asked, text, reading)
        self._whose(text, reading)
        self._derive(reading)
        return reading

    def _named(self, kind: str, text: str) -> str | None:
        """Return the one field of a type whose label stands in the sentence, if there is just one."""
        labels = {f.name: _LABEL_END.sub("", f.label) for f in self.declaration.fields if f.type == kind}
        named = [name for name, label in labels.items() if label and label in text]
        return named[0] if len(named) == 1 else None

    def _whose(self, text: str, reading: Reading) -> None:
        """Where no name was found: a clause that says for whom ("给孟庆丰交，身份证…"), or is nothing but a name."""
        person = next((f for f in self.declaration.fields if f.type == "person"), None)
        if person is None or person.name in {**reading.values, **reading.problems, **self.matter.values}:
            return
        clauses = [clause.strip() for clause in re.split(r"[，,、。；; ]", text) if clause.strip()]
        for clause in clauses:
            found = _FOR_WHOM.match(clause)
            alone = len(clauses) > 1 and bool(reading.values) and not name_problem(clause)
            if found is not None or alone:
                parsed = parse_as("person", found["name"] if found is not None else clause, self.now)
                if parsed.value is not None:
                    self._accept(person, parsed.value, reading)
                    return

    def _expectation(self, asked: FormField | None) -> str | None:
        if asked is not None and asked.type in ("person", "phone", "id_no", "account", "receipt", "plate", "amount"):
            return asked.type
        if asked is None and (kinds := {f.type for f in self.declaration.fields} & {"receipt", "account"}):
            return min(kinds)
        past = next((f.name for f in self.declaration.fields if f.type == "date" and f.rule.allow_past), None)
        if past is not None:
            return "event_date"
        return "people" if asked is not None and asked.prefill in ("count", "people") else None

    def _order(self, awaiting: str | None, correcting: bool) -> list[FormField]:
        """The field asked for, then empty ones, then filled ones (a person put right first), as declared."""
        filled = self.matter.values
        last = self.matter.touched[-1] if self.matter.touched else None
        return sorted(
            self.declaration.fields,
            key=lambda f: (
                f.name != awaiting,
                f.name in filled and f.name != last and not (correcting and f.type == "person"),
                (f.name in filled) != (correcting and f.type == "person"),
            ),
        )

    def _flags(self, text: str, reading: Reading) -> None:
        """Fill optional fields that a turn of phrase names ("别写俺名字", "没拍照片")."""
        for form_field in self.declaration.fields:
            pattern, value = FLAGS.get(form_field.name, (None, None))
            if pattern is not None and pattern.search(text):
                reading.values[form_field.name] = value

    def _tails(self, entities: list[Entity], reading: Reading) -> None:
        """ "尾号是4321": correct the last digits of the number spoken of last."""
        for tail in (entity for entity in entities if entity.type == "tail"):
            for name in reversed(self.matter.touched):
                declared = next((f for f in self.declaration.fields if f.name == name and f.type in DIGITS), None)
                number = self.matter.rejected.get(name) or self.matter.values.get(name)
                if isinstance(number, list):
                    self._tail_of_list(declared, number, tail, reading)
                    continue
                corrected = apply_tail(str(number), tail) if declared is not None and number else None
                if declared is not None and corrected is not None:
                    self._accept_text(declared, corrected, reading)
                    break

    def _moved(self, form_field: FormField, entities: list[Entity]) -> bool:
        """Say whether the present value is named and then another ("大后天怕赶不上，直接下周一")."""
        said = [e.value for e in entities if e.type in entity_types(form_field)]
        return len(said) > 1 and said[0] == self.matter.values.get(form_field.name) != said[-1]

    def _tail_of_list(self, declared: FormField | None, numbers: list[Any], tail: Entity, reading: Reading) -> None:
        """Correct the number of a list that the tail fits, the last one first."""
        for i in range(len(numbers) - 1, -1, -1):
            corrected = apply_tail(str(numbers[i]), tail)
            if declared is not None and corrected is not None and declared.name not in reading.values:
                self._accept(declared, [*numbers[:i], corrected, *numbers[i + 1 :]], reading)
                return

    def _from_entities(
        self, form_field: FormField, entities: list[Entity], used: set[int], reading: Reading, text: str
    ) -> None:
        if form_field.type == "choice":
            chosen = self._choice(form_field, text, entities)
            if chosen is not None:
                self._accept(form_field, chosen, reading)
            return
        kinds = entity_types(form_field)
        if form_field.type == "date" and form_field.rule.allow_past:
            kinds = (*kinds, "date_range")
        found = [(i, e) for i, e in enumerate(entities) if e.type in kinds and i not in used]
        if not found:
            return
        if form_field.many:
            used.update(i for i, _ in found)
            self._accept(form_field, [e.value for _, e in found], reading)
            for _, entity in found:
                reading.owners[str(entity.value)] = _owner(text, entity.start)
            return
        if form_field.type == "text" and form_field.prefill is None:
            return
        if len(found) > 1 and (
            fresh := [(i, e) for i, e in found if e.value != self.matter.values.get(form_field.name)]
        ):
            # "还是充五十吧，一百多了": the value it has already is no change.
            found = fresh[:1] if form_field.name in self.matter.values and len(fresh) < len(found) else found
        # Of several, the last is what people settle on ("周三，不，周四"); but a second field may want the other.
        rivals = [
            f
            for f in self.declaration.fields
            if f is not form_field
            and f.type == form_field.type
            and f.type in ("person", "id_no", "date")
            and f.name not in self.matter.values
        ]
        index, entity = found[0] if rivals and len(found) > 1 else found[-1]
        used.add(index)
        if not rivals:
            used.update(i for i, _ in found)
        if entity.type == "date_range":
            self._accept(form_field, entity.value["start"], reading)
        elif entity.problem:
            reading.problems[form_field.name] = entity.problem
            reading.said[form_field.name] = str(entity.value)
        elif entity.type == "people" and _MORE.search(text) and form_field.name in self.matter.values:
            self._accept(form_field, int(self.matter.values[form_field.name]) + int(entity.value), reading)
        elif entity.type == "count" and entity.meta.get("change") and form_field.name in self.matter.values:
            now = float(self.matter.values[form_field.name])
            self._accept(form_field, int(now + entity.meta["change"] * entity.value), reading)
        else:
            self._accept(form_field, entity.value, reading)

    def _choice(self, form_field: FormField, text: str, entities: list[Entity]) -> str | None:
        """Return the option that is named in the sentence, if exactly one is."""
        options = list(self.options.get(form_field.name) or form_field.choices)
        inside = [option for option in options if option in text]
        if len(inside) == 1:
            return inside[0]
        kinds = PREFILLS.get(form_field.prefill or "", ())
        for entity in entities:
            if entity.type in kinds:
                chosen, _ = match_choice(str(entity.value), options)
                if chosen is not None:
                    return chosen
        return max(inside, key=len) if inside and all(o in max(inside, key=len) for o in inside) else None

    def _whole(self, asked: FormField, text: str, entities: list[Entity], used: set[int], reading: Reading) -> None:
        """Read the whole sentence as the value of the field asked for."""
        if asked.type == "text":
            if not used and not reading.values:
                self._accept(asked, text.strip(), reading)
            return
        if asked.type == "choice":
            options = list(self.options.get(asked.name) or asked.choices)
            chosen, candidates = match_choice(text, options)
            if chosen is not None:
                self._accept(asked, chosen, reading)
            elif not reading.values:
                reading.problems[asked.name] = (
                    "请说得再具体些：" + "、".join(candidates[:3]) if candidates else "没有这个选项"
                )
            return
        if asked.type not in ASKED_TYPES:
            return
        if asked.type == "person" and any(e.type in NO_NAME for e in entities):
            reading.problems.setdefault(asked.name, "没听清姓名，请再说一遍姓名")
            return
        if asked.type == "person" and (whose := _FOR_WHOM.match(text.strip())):
            text = whose["name"]
        kind = {"people": "people", "count": "people", "years": "years"}.get(asked.prefill or "", asked.type)
        parsed = parse_as(kind, text, self.now, past=asked.rule.allow_past)
        if parsed.value is not None:
            self._accept(asked, parsed.value, reading)
        elif asked.type in CALLED and CALLED[asked.type].search(text) and not _DIGIT.search(text):
            reading.named = True
        elif parsed.problem and not reading.values:
            reading.problems[asked.name] = parsed.problem
            if said := parsed.meta.get("said"):
                reading.said[asked.name] = str(said)

    def _detail(self, asked: FormField, text: str, reading: Reading) -> None:
        """Keep a description that answers nothing asked as the report's detail, instead of refusing it."""
        detail = next((f for f in self.declaration.fields if f.name == "detail" and f is not asked), None)
        if detail is None or reading.values or asked.type == "text" or len(text) < 6 or asked.name in reading.said:
            return
        before = self.matter.values.get("detail")
        reading.values["detail"] = f"{before}；{text.strip()}" if before else text.strip()
        reading.problems.pop(asked.name, None)

    def _accept_text(self, form_field: FormField, text: str, reading: Reading) -> None:
        parsed = parse_as(form_field.type, text, self.now)
        if parsed.value is not None:
            self._accept(form_field, parsed.value, reading)
        else:
            reading.problems[form_field.name] = parsed.problem or "不对"
            reading.said[form_field.name] = text

    def _accept(self, form_field: FormField, value: Any, reading: Reading) -> None:
        if form_field.many and not isinstance(value, list):
            value = [value]
        problem = check(form_field, value, self.now)
        if problem:
            reading.problems[form_field.name] = problem
            reading.said[form_field.name] = str(value)
        else:
            reading.values[form_field.name] = value

    def _derive(self, reading: Reading) -> None:
        """A time of day settles the half of the day, where both are fields."""
        names = {f.name for f in self.declaration.fields}
        if "time" in reading.values and "period" in names and "period" not in reading.values:
            hour = int(str(reading.values["time"])[:2])
            reading.values["period"] = "上午" if hour < 12 else "下午"
