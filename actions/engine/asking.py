"""What a matter asks of its department on the way: choices, bills, a quote, a pre-examination."""

from __future__ import annotations

from actions.connectors.client import ConnectorDown, ConnectorError, Connectors
from actions.connectors.contract import Ask, Item, Option, Quote
from actions.engine import profile, prompts, wanted
from actions.engine.bills import described, title_among
from actions.engine.context import TurnInput
from actions.engine.state import Matter
from knowledge.declaration import FormField, ServiceDeclaration


class Department:
    """Asks the department of a service; a failure is the caller's unless a method says otherwise."""

    def __init__(self, connectors: Connectors) -> None:
        self.connectors = connectors

    async def options(
        self, declaration: ServiceDeclaration, matter: Matter, field: FormField, turn: TurnInput
    ) -> list[Option]:
        assert declaration.operation is not None
        if field.type == "bills":
            items = await self.items(declaration, matter, turn)
            return [
                Option(value=item.id, label=f"{title_among(item, items)} {item.amount:.2f} 元", available=item.payable)
                for item in items
                if item.amount is not None
            ]
        if field.choices:
            return [Option(value=choice, label=choice) for choice in field.choices]
        if field.choices_from is None:
            return []
        simple = {k: v for k, v in matter.values.items() if isinstance(v, str | int | float)}
        connector = self.connectors.get(declaration.operation.connector)
        known = {**simple, "operation": declaration.operation.name}
        return (await connector.choices(field.choices_from, **known)).choices

    async def quote(self, declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> Quote | None:
        """Return what is to be paid, once everything before the bills is known; None where nothing is paid."""
        assert declaration.operation is not None
        if declaration.operation.kind == "application" and matter.phase == "confirm":
            return await self._examined(declaration, matter, turn)
        if declaration.operation.kind != "payment":
            return None
        bills = next((f for f in declaration.fields if f.type == "bills"), None)
        needed = declaration.fields[: declaration.fields.index(bills)] if bills else declaration.fields
        active = prompts.active_fields(declaration, matter)
        if any(f.required and f.name not in matter.values for f in needed if f in active):
            return None
        connector = self.connectors.get(declaration.operation.connector)
        return await connector.quote(declaration.operation.name, Ask(fields=matter.values, citizen=profile.asker(turn)))

    async def _examined(self, declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> Quote | None:
        """Return the department's pre-examination; an application may also be handed in without one."""
        assert declaration.operation is not None
        connector = self.connectors.get(declaration.operation.connector)
        try:
            ask = Ask(fields=matter.values, citizen=profile.asker(turn), licences=wanted.refs(matter))
            return await connector.quote(declaration.operation.name, ask)
        except (ConnectorDown, ConnectorError):
            return None

    async def items(self, declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> list[Item]:
        """Return the bills that can be chosen among."""
        if not any(f.type == "bills" for f in declaration.fields):
            return []
        quote = await self.quote(declaration, matter, turn)
        return quote.items if quote is not None else []

    async def items_if_up(self, declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> list[Item]:
        try:
            return await self.items(declaration, matter, turn)
        except ConnectorDown:
            return []  # the question for the bills will say that the department is away

    async def show_bills(self, declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> None:
        """Keep the chosen bills as months beside their ids."""
        for field in declaration.fields:
            if field.type == "bills" and field.name in matter.values:
                items = await self.items_if_up(declaration, matter, turn)
                matter.shown[field.name] = described(items, matter.values[field.name])
