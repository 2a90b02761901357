"""One turn into the fields of a matter: what it said, what changed with it, what was wrong."""

from __future__ import annotations

import contextlib
import re
from typing import Any

from actions.connectors.client import ConnectorDown, ConnectorError
from actions.connectors.contract import Item
from actions.engine import failing, moving, profile, prompts
from actions.engine.asking import Department
from actions.engine.bills import choose
from actions.engine.context import Outcome, TurnInput, notice, text_message
from actions.engine.reading import Reader, Reading
from actions.engine.state import Desk, Matter
from actions.engine.validation import check
from actions.texts import say
from knowledge.declaration import ServiceDeclaration
from wenban.turns import Choice, Message

MAX_ATTEMPTS = 3
NUMBER = re.compile(r"\d{5,12}")  # a telephone or an account; what is masked on the screen is not said aloud
WHOSE = re.compile(r"[一-鿿]?[A-Za-z][A-Za-z0-9]{5,6}|\d{5,}")
AGREED = re.compile(r"^(对|行|中|好|是|没错|可以)[，, ]|(付|交|报|提交|定)(了|吧)[。！]?$")


class Filler:
    """Reads turns, with the options and bills that the department has."""

    def __init__(self, department: Department) -> None:
        self.department = department

    async def fill(self, declaration: ServiceDeclaration, desk: Desk, matter: Matter, turn: TurnInput) -> Outcome:
        """Read the turn into the matter and say what changed, what was noted and what was wrong.

        Raises:
            ConnectorError: the department refuses a value.
        """
        was_review = matter.phase == "confirm"
        field = moving.next_field(declaration, matter)
        before = dict(matter.values)
        refused = set(matter.rejected)
        if turn.payload.get("do") == "field":
            reading = await self.pressed(declaration, matter, turn)
        else:
            overwrite = turn.act in ("correct", "deny") or was_review
            reading = await self.read(declaration, matter, turn, field.name if field else None, overwrite)
        outcome = Outcome()
        store(matter, reading)
        await self.department.show_bills(declaration, matter, turn)
        changed = {n: v for n, v in reading.values.items() if n in before and before[n] != v}
        if changed:
            failing.take_back(declaration, matter, changed, turn.now)
            drop_dependents(declaration, matter, changed)
            outcome.add(text_message(say("form.changed", changes=moving.shown(declaration, changed))))
        extra = {n: v for n, v in reading.values.items() if n not in before and (field is None or n != field.name)}
        if extra and not changed:
            outcome.add(text_message(say("form.noted", changes=moving.shown(declaration, extra))))
        told = reading.values.get(field.name) if field is not None else None
        if desk.elder and field is not None and not changed and NUMBER.fullmatch(str(told)):
            # A number that was spoken is said back: for the ear it is read in groups.
            outcome.add(text_message(say("form.noted", changes=moving.shown(declaration, {field.name: told}))))
        for name, problem in reading.problems.items():
            outcome.add(*problem_messages(declaration, matter, name, problem))
        if reading.named and not reading.values:
            outcome.turn["act"] = "ask"
        elif not reading.values and not reading.problems:
            if turn.act in ("correct", "deny"):
                matter.doubt = was_review
                outcome.add(text_message(say("form.which_to_change")))
            elif was_review:
                outcome.add(text_message(say("form.confirm_needed")))
        if was_review and reading.values and not changed and not extra and AGREED.search(turn.text):
            matter.phase = "ready"  # "对，一百五，付吧" names what stands there and agrees
            outcome.turn["act"] = "confirm"
            return outcome
        if reading.values or reading.problems:
            matter.phase, matter.doubt = "filling", False
        if reading.values:
            # What the sentence did is known now, better than its words could tell.
            new = any(name not in before and name not in refused for name in reading.values)
            outcome.turn["act"] = "correct" if changed or (turn.act == "correct" and not new) else "fill"
        return outcome

    async def read(
        self, declaration: ServiceDeclaration, matter: Matter, turn: TurnInput, awaiting: str | None, overwrite: bool
    ) -> Reading:
        """Return what the sentence says of the fields, the department's options and bills beside it."""
        options: dict[str, list[str]] = {}
        items: list[Item] = []
        for field in prompts.active_fields(declaration, matter):
            if field.type == "bills":
                items = await self.department.items_if_up(declaration, matter, turn)
            elif field.type == "choice" and (overwrite or field.name not in matter.values):
                try:
                    found = await self.department.options(declaration, matter, field, turn)
                except (ConnectorDown, ConnectorError):
                    found = []
                options[field.name] = [option.value for option in found]
        reading = Reader(declaration, matter, turn.now, options).read(
            turn.text, awaiting, overwrite, correcting=turn.act in ("correct", "deny")
        )
        bills = next((f for f in declaration.fields if f.type == "bills"), None)
        if bills is not None and not items and reading.values:
            # The account may stand in the same sentence as the bills.
            trial = matter.model_copy(update={"values": {**matter.values, **reading.values}})
            with contextlib.suppress(ConnectorError):
                items = await self.department.items_if_up(declaration, trial, turn)
        if bills is not None and items:
            # The number of an account or of a car says whose bills, not which of them.
            said = WHOSE.sub("", turn.text) if bills.name != awaiting else turn.text
            chosen = choose(said, items, matter.values.get(bills.name, []), turn.now, matter.owners)
            if chosen:
                reading.values[bills.name] = chosen
            elif awaiting == bills.name and not reading.values:
                reading.problems[bills.name] = "请说交哪几笔，比如“都交”或者“上个月的”"
        return reading

    async def pressed(self, declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> Reading:
        """A button gives a value as it is; it is checked like any other."""
        name, value = str(turn.payload.get("field")), turn.payload.get("value")
        field = next((f for f in declaration.fields if f.name == name), None)
        if field is None or value is None:
            return Reading(problems={name: say("form.stale_choice")} if field else {})
        if field.type == "bills":
            return Reading(values={name: value if isinstance(value, list) else [value]})
        options: dict[str, list[str]] = {}
        if field.type == "choice":
            try:
                options[name] = [
                    o.value for o in await self.department.options(declaration, matter, field, turn) if o.available
                ]
            except ConnectorDown:
                return Reading()
            if str(value) not in options[name]:
                return Reading(problems={name: say("form.cannot_choose")})
            return Reading(values={name: str(value)})
        if field.type == "text":
            problem = check(field, str(value), turn.now)
            return Reading(problems={name: problem}) if problem else Reading(values={name: str(value).strip()})
        reading = Reader(declaration, matter, turn.now, options).read(str(value), name, overwrite=True)
        kept = {name: reading.values[name]} if name in reading.values else {}
        return Reading(kept, {k: v for k, v in reading.problems.items() if k == name}, reading.said)


def store(matter: Matter, reading: Reading) -> None:
    """Put what was read into the matter."""
    matter.owners.update(reading.owners)
    for name, value in reading.values.items():
        matter.values[name] = value
        matter.rejected.pop(name, None)
        matter.attempts.pop(name, None)
        matter.touch(name)
        if matter.editing == name:
            matter.editing = None
    for name, said in reading.said.items():
        matter.rejected[name] = said
        matter.touch(name)


def problem_messages(declaration: ServiceDeclaration, matter: Matter, name: str, problem: str) -> list[Message]:
    """Say what was wrong and show a right example; after three failures offer a person."""
    field = next(f for f in declaration.fields if f.name == name)
    matter.attempts[name] = matter.attempts.get(name, 0) + 1
    example = f"，{say('form.example', example=field.example)}" if field.example else "。"
    messages = [notice(say("form.problem_again", problem=problem.rstrip("。"), example=example))]
    if matter.attempts[name] >= MAX_ATTEMPTS:
        human = Choice(label="转人工", payload={"do": "human", "label": "转人工"})
        messages.append(notice(say("form.three_failures"), choices=[human]))
    return messages


def drop_dependents(declaration: ServiceDeclaration, matter: Matter, changed: dict[str, Any]) -> None:
    """Forget values that no longer apply once another has changed (``when``, bills of another account)."""
    profile.forget_person(declaration, matter, changed)
    active = {field.name for field in prompts.active_fields(declaration, matter)}
    for field in declaration.fields:
        if field.name not in active or (field.type == "bills" and "account_no" in changed):
            matter.values.pop(field.name, None)
