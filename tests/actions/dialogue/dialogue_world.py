"""A stage: one conversation's tracker, actions run one by one as Rasa would."""

from __future__ import annotations

import uuid
from typing import Any

from engine_world import World, declared
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.dialogue.assistant import Assistant
from actions.dialogue.rasa_actions import ACTIONS, FIELD, FORM, Bound
from knowledge.client import KnowledgeUnavailable
from knowledge.schemas import EntryCard, Resolution, ServiceCard, ServiceSummary
from knowledge.seed import CONTENT
from knowledge.themes import ThemeCard, ThemeShelf, card
from wenban.turns import Candidate, Section, Source

SHELF = ThemeShelf(lambda: [CONTENT])
SOURCE = {"department": "某局", "updated": "2026-11-01"}


def service(service_id: str, probability: float = 0.9) -> Candidate:
    name = declared(service_id).name
    return Candidate(kind="service", id=service_id, title=name, service_id=service_id, probability=probability)


def entry(entry_id: str = "qa-x-001", service_id: str | None = None, probability: float = 0.9) -> Candidate:
    return Candidate(kind="qa", id=entry_id, title="怎么交水费", service_id=service_id, probability=probability)


class Search:
    """Stands for the knowledge process: ``found`` is what the next sentence is about."""

    def __init__(self, files: Any) -> None:
        self.files = files
        self.down = False
        self.found: list[Candidate] = []
        self.decision = "answer"
        self.outside: str | None = None
        self.in_scope = 0.9
        self.unanswered: list[str] = []
        self.spelling: dict[str, Any] = {}
        self.related: list[Candidate] = []
        self.asked: list[str] = []
        self.sections: list[Section] = []

    def _up(self) -> None:
        if self.down:
            raise KnowledgeUnavailable("off")

    async def resolve(self, text: str, focus: str | None = None, about: str | None = None) -> Resolution:
        self._up()
        self.asked.append(text)
        return Resolution.model_validate(
            {
                "text": text, "normalized": text, "decision": self.decision, "in_scope": self.in_scope,
                "services": [c.model_dump() for c in self.found if c.kind == "service"],
                "entries": [c.model_dump() for c in self.found if c.kind == "qa"],
                "best": self.found[0].model_dump() if self.found else None,
                "choices": [c.model_dump() for c in self.found], "outside": self.outside,
                **self.spelling,
            }
        )  # fmt: skip

    async def declaration(self, service_id: str) -> dict[str, Any] | None:
        self._up()
        return await self.files.declaration(service_id)  # type: ignore[no-any-return]

    async def services(self) -> list[ServiceSummary]:
        self._up()
        return []

    async def service(self, service_id: str) -> ServiceCard | None:
        self._up()
        if await self.files.declaration(service_id) is None:
            return None
        known = declared(service_id)
        return ServiceCard(
            id=service_id, name=known.name, department=known.department, kind=known.kind, summary=known.summary,
            spoken=known.spoken, badges=[], sections=self.sections, stage=None, theme=known.theme, identity_level=0,
            transactional=known.operation is not None, follow_ups=[], related=self.related,
            source=Source(kind="service", id=service_id, **SOURCE),  # type: ignore[arg-type]
        )  # fmt: skip

    async def theme_opened(self, text: str) -> ThemeCard | None:
        self._up()
        theme = SHELF.opened_by(text)
        return None if theme is None else await self.theme(theme.id)

    async def theme(self, theme_id: str) -> ThemeCard | None:
        self._up()
        if theme_id not in SHELF.all():
            return None
        steps = [step.service for step in SHELF.all()[theme_id].steps if step.service]
        services = {service_id: await self.service(service_id) for service_id in steps}
        return card(SHELF.all()[theme_id], {k: v for k, v in services.items() if v is not None})

    async def entry(self, entry_id: str) -> EntryCard | None:
        self._up()
        if entry_id != "qa-x-001":
            return None
        return EntryCard(
            id=entry_id, question="怎么交水费", answer="手机上交。\n- 不收手续费", spoken="手机上交。",
            department="某局",
            services=["zjj-07"], related=self.related, source=Source(kind="qa", id=entry_id, **SOURCE),  # type: ignore[arg-type]
        )  # fmt: skip

    async def record_unanswered(self, conversation_id: str, text: str, resolution: Resolution | None) -> None:
        self._up()
        self.unanswered.append(text)


class Stage:
    def __init__(self, world: World) -> None:
        self.world = world
        self.search = Search(world.files)
        Bound.assistant = Assistant(self.search, world.engine.declarations, world.engine)  # type: ignore[arg-type]
        self.actions = {action().name(): action() for action in ACTIONS}
        self.slots: dict[str, Any] = {"desk": None, FIELD: None, "requested_slot": None}
        self.loop: dict[str, Any] = {}
        self.message: dict[str, Any] = {}
        self.said: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.elder = False

    def hear(self, text: str, act: str, message_id: str = "", **payload: Any) -> Stage:
        """Let the citizen say something, or press a button."""
        metadata: dict[str, Any] = {"payload": payload} if payload else {}
        if self.elder:
            metadata["mode"] = "elder"
        self.message = {
            "text": "/press" if payload else text, "intent": {"name": act}, "metadata": metadata,
            "message_id": message_id or uuid.uuid4().hex,
        }  # fmt: skip
        self.said = []
        return self

    async def run(self, name: str) -> Stage:
        """Run one action on the tracker as it stands and apply its events."""
        dispatcher = CollectingDispatcher()
        tracker = Tracker("conversation", dict(self.slots), self.message, [], False, None, self.loop, None)
        self.events = await self.actions[name].run(dispatcher, tracker, {})
        for event in self.events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "active_loop":
                self.loop = {"name": event["name"]} if event["name"] else {}
        self.said += [message["custom"] for message in dispatcher.messages]
        return self

    async def open(self, text: str, act: str = "start", action: str = "action_start") -> Stage:
        """Begin a matter and hear its first question."""
        await self.hear(text, act).run(action)
        return await self.in_form().run(f"action_ask_{FORM}_{FIELD}")

    async def answer(self, text: str, act: str = "inform") -> Stage:
        """Say something in the form and hear its next question."""
        await self.hear(text, act).run(f"validate_{FORM}")
        return await self.run(f"action_ask_{FORM}_{FIELD}")

    def in_form(self) -> Stage:
        self.loop = {"name": FORM}
        self.slots["requested_slot"] = FIELD
        return self

    @property
    def desk(self) -> dict[str, Any]:
        return self.slots["desk"] or {}

    @property
    def followup(self) -> str | None:
        return next((event["name"] for event in self.events if event["event"] == "followup"), None)

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [message for custom in self.said for message in custom["messages"]]

    @property
    def text(self) -> str:
        return "\n".join(message["text"] for message in self.messages)

    @property
    def turn(self) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for custom in self.said:
            merged.update({key: value for key, value in custom["turn"].items() if value is not None})
        return merged

    @property
    def labels(self) -> list[str]:
        """Return what stands on the buttons of the last message."""
        return [choice["label"] for choice in self.messages[-1]["choices"]]

    @property
    def speech(self) -> str:
        return str(self.messages[-1]["speech"])

    @property
    def buttons(self) -> list[dict[str, Any]]:
        return [choice["payload"] for message in self.messages for choice in message["choices"]]
