"""The engine: one flow for every declared service.

open → fill, correct, go back (``take``) → review → ``perform`` once → receipt. ``ask`` says what comes next. The
engine never speaks for a department: what it shows of a matter is what the connector answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import Any

from actions.connectors.client import ConnectorDown, ConnectorError, Connectors
from actions.connectors.contract import Item
from actions.engine import (
    asides,
    attaching,
    consenting,
    failing,
    gates,
    levels,
    licences,
    papers,
    profile,
    prompts,
    reusing,
    wanted,
)
from actions.engine.asking import Department
from actions.engine.bills import choose
from actions.engine.context import Outcome, TurnInput, notice, text_message
from actions.engine.declarations import Declarations
from actions.engine.describing import describe
from actions.engine.performing import Performer
from actions.engine.reading import Reader, Reading, wanted_types
from actions.engine.showing import show
from actions.engine.state import Awaiting, Desk, Matter
from actions.engine.validation import check
from actions.texts import say
from knowledge.declaration import FormField, ServiceDeclaration
from wenban.turns import Choice, Message

MAX_ATTEMPTS = 3
NUMBER = re.compile(r"\d{5,12}")  # a telephone or an account; what is masked on the screen is not said aloud
AGREED = re.compile(r"^(对|行|中|好|是|没错|可以)[，, ]|(付|交|报|提交|定)(了|吧)[。！]?$")


class Engine:
    """Stateless; everything it remembers is on the desk."""

    def __init__(self, declarations: Declarations, connectors: Connectors) -> None:
        self.department = Department(connectors)
        self.declarations = declarations
        self.connectors = connectors
        self.performer = Performer(connectors)

    async def open(
        self, desk: Desk, declaration: ServiceDeclaration, turn: TurnInput, carried: dict[str, Any] | None = None
    ) -> Outcome:
        """Take up a service, filled with what is ``carried`` over and whatever the opening sentence already says."""
        assert declaration.operation is not None
        if desk.matter is not None and desk.matter.service_id == declaration.id and desk.matter.phase != "done":
            return Outcome([text_message(say("form.same", service=declaration.name))])
        outcome = Outcome()
        put_aside = desk.matter
        matter = Matter(service_id=declaration.id, service_name=declaration.name, kind=declaration.operation.kind)
        desk.take_up(matter)
        if declaration.family is not None:
            matter.shown[declaration.family.field] = declaration.family.value
        if put_aside is not None:
            outcome.add(text_message(say("form.switched", service=put_aside.service_name)))
        self._carry(declaration, matter, carried or {})
        if not turn.payload or turn.payload.get("do") == "choose":
            reading = await self._read(declaration, matter, turn, None, overwrite=False)
            first = declaration.fields[0] if declaration.fields else None
            if first is not None and first.name == "problem" and (problem := describe(turn.text, declaration)):
                reading.values.setdefault("problem", problem)
            self._store(matter, reading)
            for name, problem in reading.problems.items():
                outcome.add(*self._problem(declaration, matter, name, problem))
        filled = await profile.fill(declaration, matter, turn)
        if not turn.payload or turn.payload.get("do") == "choose":
            try:
                await self.department.show_bills(declaration, matter, turn)
            except ConnectorError as error:
                outcome.add(*failing.refused(declaration, desk, matter, error).messages)
        self._advance(declaration, matter)
        if declaration.fields and matter.phase != "ready":
            path = "form.opening" if declaration.operation.confirm else "form.opening_query"
            outcome.add(text_message(say(path, service=declaration.name), choices=levels.offer(declaration, turn)))
        return outcome.add(*filled)

    async def refresh(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Go on after the citizen has signed in: fill what is now known."""
        outcome = Outcome()
        if desk.matter is not None and turn.citizen is not None:
            declaration = await self.declarations.get(desk.matter.service_id)
            if declaration is not None:
                outcome.add(*await profile.fill(declaration, desk.matter, turn))
                if outcome.messages and desk.matter.editing is None:
                    self._advance(declaration, desk.matter)
        return outcome

    async def take(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Let the citizen's sentence act on the matter in hand."""
        matter = desk.matter
        assert matter is not None
        declaration = await self.declarations.get(matter.service_id)
        if declaration is None:
            desk.put_down()
            return Outcome().add(notice(say("form.stale_choice")))
        if turn.act == "confirm" and matter.phase == "confirm" and not matter.gate:
            if matter.doubt:
                # A change was asked for and not understood: the yes may rest on it having been made.
                matter.doubt = False
                return Outcome([notice(say("form.doubt"))] if turn.text and matter.touched else [])
            matter.phase = "ready"
            return Outcome()
        if turn.act == "go_back":
            return self._back(declaration, matter)
        if turn.act == "review":
            return self._recount(declaration, matter)
        if turn.act == "skip":
            return self._skip(declaration, desk, matter)
        if (answered := await gates.take(self.connectors, declaration, desk, matter, turn)) is not None:
            if desk.matter is not None:
                self._advance(declaration, matter)
            return answered
        do = turn.payload.get("do")
        if do == "edit" and turn.payload.get("field") in {f.name for f in declaration.fields}:
            matter.editing, matter.phase = str(turn.payload["field"]), "filling"
            matter.touch(matter.editing)
            return Outcome()
        if do == "attach":
            return await self._attach(declaration, matter, turn)
        if do == "confirm":  # "再试一次" after a look-up whose department was away
            self._advance(declaration, matter)
            return Outcome()
        if turn.payload and do != "field":
            return Outcome().add(notice(say("form.stale_choice")))
        try:
            outcome = await self._fill(declaration, desk, matter, turn)
        except ConnectorError as error:
            outcome = failing.refused(declaration, desk, matter, error)
        if matter.phase != "ready":
            self._advance(declaration, matter)
        return outcome

    async def _attach(self, declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> Outcome:
        """Take up a file that was uploaded for this form."""
        field = attaching.takes_files(declaration)
        file_id, label = str(turn.payload.get("entry_id") or ""), str(turn.payload.get("value") or "")
        if field is None:
            return Outcome().add(notice(say("files.not_wanted", service=declaration.name)))
        name = await asyncio.to_thread(attaching.take_up, matter, field, turn.conversation_id, file_id, label)
        if name is None:
            return Outcome().add(notice(say("files.gone")))
        if matter.phase != "ready":
            self._advance(declaration, matter)
        outcome = Outcome().add(text_message(say("files.taken", name=name)))
        if await asyncio.to_thread(reusing.will_keep, declaration, matter, name, turn):
            outcome.add(text_message(say("materials.kept")))
        return outcome

    async def ask(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Say what the matter needs next, and note it on the desk."""
        matter = desk.matter
        assert matter is not None
        declaration = await self.declarations.get(matter.service_id)
        if declaration is None:
            desk.put_down()
            return Outcome().add(notice(say("form.stale_choice")))
        news = await profile.fill(declaration, matter, turn)
        if await papers.settle(declaration, matter, turn):
            self._advance(declaration, matter)
        return Outcome(news).join(await self._ask(declaration, desk, matter, turn))

    async def _ask(self, declaration: ServiceDeclaration, desk: Desk, matter: Matter, turn: TurnInput) -> Outcome:
        matter.gate = ""
        wanted.fold(declaration, matter)
        field = self._next(declaration, matter)
        wall = levels.wall(declaration, turn)
        wants = sorted({kind for f in declaration.fields for kind in (*wanted_types(f), f.name)})
        if wall is not None:
            # What is typed meanwhile is still taken: nothing that was said is lost.
            phase, name, kind = ("filling", field.name, field.type) if field else ("confirm", "confirm", "")
            desk.awaiting = Awaiting.model_validate({"phase": phase, "name": name, "type": kind, "wants": wants})
            return wall
        found = None if field is None else await gates.before(self.connectors, declaration, desk, matter, field, turn)
        if found is not None:
            return found if matter.gate else found.join(await self._ask(declaration, desk, matter, turn))
        if field is None:
            try:
                quote = await self.department.quote(declaration, matter, turn)
            except ConnectorDown:
                # Nobody may agree to a sum that they were not shown: a yes now only asks again.
                matter.phase, matter.doubt = "confirm", True
                desk.awaiting = Awaiting(phase="confirm", name="confirm", wants=wants)
                return Outcome([failing.down(declaration)], {"status": "error", "awaiting": "confirm"})
            except ConnectorError as error:
                return failing.refused(declaration, desk, matter, error)
            matter.phase = "confirm"
            desk.awaiting = Awaiting(phase="confirm", name="confirm", wants=wants)
            review = prompts.review(declaration, matter, quote, licences.rows(matter, turn))
            review.choices += gates.leave_out(matter)
            consenting.tell_at_review(review, declaration, matter, turn)
            return Outcome([review], {"status": "confirm", "awaiting": "confirm"})
        outcome = Outcome(turn={"status": "form", "awaiting": field.name})
        try:
            options = await self.department.options(declaration, matter, field, turn)
            if field.type == "bills" and not any(option.available for option in options):
                quote = await self.department.quote(declaration, matter, turn)
                desk.finish()
                text = quote.message if quote is not None else say("form.no_bills")
                return Outcome([text_message(text)], {"status": "answered"})
        except ConnectorDown:
            desk.awaiting = Awaiting(phase="filling", name=field.name, type=field.type, wants=wants)
            return outcome.add(failing.down(declaration))
        except ConnectorError as error:
            return failing.refused(declaration, desk, matter, error)
        desk.awaiting = Awaiting(
            phase="filling",
            name=field.name,
            type=field.type,
            options=[option.value for option in options][:60],
            wants=wants,
        )
        question = prompts.question(declaration, matter, field, options, turn.now, desk.elder)
        consenting.tell(question, declaration, matter, field, turn)
        gates.hint(question, declaration, matter, field, turn)
        return outcome.add(question)

    async def perform(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Submit, pay or look up, exactly once; on a refusal the matter stays in hand with the field to mend."""
        matter = desk.matter
        assert matter is not None
        declaration = await self.declarations.get(matter.service_id)
        if declaration is None or declaration.operation is None:
            desk.put_down()
            return Outcome().add(notice(say("form.stale_choice")))
        if (wall := levels.wall(declaration, turn)) is not None:
            matter.phase = "confirm" if declaration.operation.confirm else "filling"
            desk.awaiting = Awaiting(phase="confirm", name="confirm")
            return wall
        seen = dict(matter.values)
        news = await profile.fill(declaration, matter, turn)
        settled = await papers.settle(declaration, matter, turn)
        if settled or (declaration.operation.confirm and matter.values != seen):
            # Somebody has come in between: nothing is submitted that they have not seen.
            matter.phase = "filling"
            return Outcome(news).join(await self._ask(declaration, desk, matter, turn))
        try:
            outcome = await self.performer.perform(declaration, matter, turn)
        except ConnectorDown:
            matter.phase = "confirm" if declaration.operation.confirm else "filling"
            desk.awaiting = Awaiting(phase="confirm", name="confirm")
            unsure = await self.performer.unsettled(matter.key)
            message = failing.unsure(declaration) if unsure else failing.down(declaration)
            return Outcome([message], {"status": "error", "awaiting": "confirm"})
        except ConnectorError as error:
            return failing.refused(declaration, desk, matter, error)
        desk.finish()
        return outcome

    # -- reading -----------------------------------------------------------------------------------------------

    async def _fill(self, declaration: ServiceDeclaration, desk: Desk, matter: Matter, turn: TurnInput) -> Outcome:
        was_review = matter.phase == "confirm"
        field = self._next(declaration, matter)
        before = dict(matter.values)
        refused = set(matter.rejected)
        if turn.payload.get("do") == "field":
            reading = await self._from_payload(declaration, matter, turn)
        else:
            overwrite = turn.act in ("correct", "deny") or was_review
            reading = await self._read(declaration, matter, turn, field.name if field else None, overwrite)
        outcome = Outcome()
        self._store(matter, reading)
        await self.department.show_bills(declaration, matter, turn)
        changed = {n: v for n, v in reading.values.items() if n in before and before[n] != v}
        if changed:
            await self._drop_dependents(declaration, matter, changed)
            outcome.add(text_message(say("form.changed", changes=self._shown(declaration, changed))))
        extra = {n: v for n, v in reading.values.items() if n not in before and (field is None or n != field.name)}
        if extra and not changed:
            outcome.add(text_message(say("form.noted", changes=self._shown(declaration, extra))))
        told = reading.values.get(field.name) if field is not None else None
        if desk.elder and field is not None and not changed and NUMBER.fullmatch(str(told)):
            # A number that was spoken is said back: for the ear it is read in groups.
            outcome.add(text_message(say("form.noted", changes=self._shown(declaration, {field.name: told}))))
        for name, problem in reading.problems.items():
            outcome.add(*self._problem(declaration, matter, name, problem))
        if not reading.values and not reading.problems:
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

    async def _read(
        self, declaration: ServiceDeclaration, matter: Matter, turn: TurnInput, awaiting: str | None, overwrite: bool
    ) -> Reading:
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
        reading = Reader(declaration, matter, turn.now, options).read(turn.text, awaiting, overwrite)
        bills = next((f for f in declaration.fields if f.type == "bills"), None)
        if bills is not None and not items and reading.values:
            # The account may stand in the same sentence as the bills.
            trial = matter.model_copy(update={"values": {**matter.values, **reading.values}})
            with contextlib.suppress(ConnectorError):
                items = await self.department.items_if_up(declaration, trial, turn)
        if bills is not None and items:
            # The number of an account says whose bills, not which of them.
            said = re.sub(r"\d{5,}", "", turn.text) if bills.name != awaiting else turn.text
            chosen = choose(said, items, matter.values.get(bills.name, []), turn.now, matter.owners)
            if chosen:
                reading.values[bills.name] = chosen
            elif awaiting == bills.name and not reading.values:
                reading.problems[bills.name] = "请说交哪几笔，比如“都交”或者“上个月的”"
        return reading

    async def _from_payload(self, declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> Reading:
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

    def _store(self, matter: Matter, reading: Reading) -> None:
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

    def _problem(self, declaration: ServiceDeclaration, matter: Matter, name: str, problem: str) -> list[Message]:
        """Say what was wrong and show a right example; after three failures offer a person."""
        field = next(f for f in declaration.fields if f.name == name)
        matter.attempts[name] = matter.attempts.get(name, 0) + 1
        example = f"，{say('form.example', example=field.example)}" if field.example else "。"
        messages = [notice(say("form.problem_again", problem=problem.rstrip("。"), example=example))]
        if matter.attempts[name] >= MAX_ATTEMPTS:
            human = Choice(label="转人工", payload={"do": "human", "label": "转人工"})
            messages.append(notice(say("form.three_failures"), choices=[human]))
        return messages

    async def _drop_dependents(self, declaration: ServiceDeclaration, matter: Matter, changed: dict[str, Any]) -> None:
        """Forget values that no longer apply once another has changed (``when``, bills of another account)."""
        profile.forget_person(declaration, matter, changed)
        active = {field.name for field in prompts.active_fields(declaration, matter)}
        for field in declaration.fields:
            if field.name not in active or (field.type == "bills" and "account_no" in changed):
                matter.values.pop(field.name, None)

    # -- moving ------------------------------------------------------------------------------------------------

    def _next(self, declaration: ServiceDeclaration, matter: Matter) -> FormField | None:
        if matter.editing:
            return next((f for f in declaration.fields if f.name == matter.editing), None)
        missing = prompts.missing_fields(declaration, matter)
        # What was just refused is asked again before anything else.
        return next((f for f in missing if f.name in matter.rejected), missing[0] if missing else None)

    def _advance(self, declaration: ServiceDeclaration, matter: Matter) -> None:
        """Set the phase that the values allow."""
        assert declaration.operation is not None
        if matter.phase == "ready":
            return
        if self._next(declaration, matter) is not None:
            matter.phase = "filling"
        elif declaration.operation.confirm:
            matter.phase = "confirm"
        else:
            matter.phase = "ready"

    def _back(self, declaration: ServiceDeclaration, matter: Matter) -> Outcome:
        matter.rejected.clear()
        matter.editing = None
        names = {f.name for f in prompts.active_fields(declaration, matter) if f.required}
        filled = [name for name in matter.touched if name in names and name in matter.values]
        if not filled:
            return Outcome().add(text_message(say("form.back_none")))
        matter.values.pop(filled[-1])
        matter.touched.remove(filled[-1])
        matter.phase = "filling"
        return Outcome()

    def _recount(self, declaration: ServiceDeclaration, matter: Matter) -> Outcome:
        if not matter.values:
            return Outcome().add(text_message(say("form.nothing_yet")))
        return Outcome().add(text_message(say("form.filled", values=self._shown(declaration, matter.values))))

    def _skip(self, declaration: ServiceDeclaration, desk: Desk, matter: Matter) -> Outcome:
        field = self._next(declaration, matter)
        if field is None or not field.required:
            matter.editing = None
            self._advance(declaration, matter)
            return Outcome()
        return Outcome().add(text_message(say("form.cannot_skip", prompt=field.prompt)))

    def _shown(self, declaration: ServiceDeclaration, values: dict[str, Any]) -> str:
        labels = {f.name: f for f in declaration.fields}
        return "，".join(
            f"{labels[n].label}{show(labels[n], v)}" if labels[n].type != "bills" else f"{len(v)}笔账单"
            for n, v in values.items()
            if n in labels
        )

    async def aside(self, desk: Desk, turn: TurnInput) -> Outcome | None:
        """Answer a question that the matter in hand answers itself; None when it is about something else."""
        matter = desk.matter
        if matter is None or turn.payload or not turn.text:
            return None
        declaration = await self.declarations.get(matter.service_id)
        if declaration is None:
            return None
        bills = next((f for f in declaration.fields if f.type == "bills"), None)
        if bills is not None and (items := await self.department.items_if_up(declaration, matter, turn)):
            answer = asides.about_bills(turn.text, items, matter.values.get(bills.name, []), turn)
            if answer is not None:
                return Outcome([text_message(answer)], {"status": "answered"})
        return await asides.about_places(self.connectors, declaration, matter, desk, turn)

    @staticmethod
    def _carry(declaration: ServiceDeclaration, matter: Matter, carried: dict[str, Any]) -> None:
        """Take values over from a look-up that this matter continues; a list where a list is wanted."""
        for field in declaration.fields:
            value = carried.get(field.name)
            if value is not None:
                single = value[0] if isinstance(value, list) and not field.many else value
                matter.values[field.name] = [single] if field.many and not isinstance(single, list) else single
