"""The engine: one flow for every declared service.

open → fill, correct, go back (``take``) → review → ``perform`` once → receipt. ``ask`` says what comes next. The
engine never speaks for a department: what it shows of a matter is what the connector answered.
"""

from __future__ import annotations

import asyncio
from typing import Any

from actions.connectors.client import ConnectorDown, ConnectorError, Connectors
from actions.engine import (
    asides,
    attaching,
    consenting,
    failing,
    gates,
    levels,
    licences,
    moving,
    papers,
    profile,
    prompts,
    reusing,
    wanted,
)
from actions.engine.asking import Department
from actions.engine.context import Outcome, TurnInput, notice, text_message
from actions.engine.declarations import Declarations
from actions.engine.describing import describe
from actions.engine.filling import Filler, problem_messages, store
from actions.engine.performing import Performer
from actions.engine.reading import wanted_types
from actions.engine.state import Awaiting, Desk, Matter
from actions.texts import say
from knowledge.declaration import ServiceDeclaration


class Engine:
    """Stateless; everything it remembers is on the desk."""

    def __init__(self, declarations: Declarations, connectors: Connectors) -> None:
        self.department = Department(connectors)
        self.declarations = declarations
        self.connectors = connectors
        self.performer = Performer(connectors)
        self.filler = Filler(self.department)

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
        moving.carry_over(declaration, matter, carried or {})
        if not turn.payload or turn.payload.get("do") == "choose":
            reading = await self.filler.read(declaration, matter, turn, None, overwrite=False)
            first = declaration.fields[0] if declaration.fields else None
            if first is not None and first.name == "problem" and (problem := describe(turn.text, declaration)):
                reading.values.setdefault("problem", problem)
            store(matter, reading)
            for name, problem in reading.problems.items():
                outcome.add(*problem_messages(declaration, matter, name, problem))
        filled = await profile.fill(declaration, matter, turn)
        if not turn.payload or turn.payload.get("do") == "choose":
            try:
                await self.department.show_bills(declaration, matter, turn)
            except ConnectorError as error:
                outcome.add(*failing.refused(declaration, desk, matter, error).messages)
        moving.advance(declaration, matter)
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
                    moving.advance(declaration, desk.matter)
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
            return moving.go_back(declaration, matter)
        if turn.act == "review":
            return moving.recount(declaration, matter)
        if turn.act == "skip":
            return moving.skip(declaration, matter)
        if (answered := await gates.take(self.connectors, declaration, desk, matter, turn)) is not None:
            if desk.matter is not None:
                moving.advance(declaration, matter)
            return answered
        do = turn.payload.get("do")
        if do == "edit" and turn.payload.get("field") in {f.name for f in declaration.fields}:
            matter.editing, matter.phase = str(turn.payload["field"]), "filling"
            matter.touch(matter.editing)
            return Outcome()
        if do == "attach":
            return await self._attach(declaration, matter, turn)
        if do == "confirm":  # "再试一次" after a look-up whose department was away
            moving.advance(declaration, matter)
            return Outcome()
        if turn.payload and do != "field":
            return Outcome().add(notice(say("form.stale_choice")))
        try:
            outcome = await self.filler.fill(declaration, desk, matter, turn)
        except ConnectorError as error:
            outcome = failing.refused(declaration, desk, matter, error)
        if matter.phase != "ready":
            moving.advance(declaration, matter)
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
            moving.advance(declaration, matter)
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
            moving.advance(declaration, matter)
        return Outcome(news).join(await self._ask(declaration, desk, matter, turn))

    async def _ask(self, declaration: ServiceDeclaration, desk: Desk, matter: Matter, turn: TurnInput) -> Outcome:
        matter.gate = ""
        wanted.fold(declaration, matter)
        field = moving.next_field(declaration, matter)
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
        question = prompts.question(declaration, matter, field, options, turn.now)
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

    async def recounted(self, matter: Matter) -> str:
        """Return what was filled into a matter that is not in hand.

        Raises:
            KnowledgeUnavailable: its fields cannot be read now.
        """
        declaration = await self.declarations.get(matter.service_id)
        return moving.shown(declaration, matter.values) if declaration is not None else ""

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
