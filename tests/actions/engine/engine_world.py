"""What the engine's tests run on, and a conversation that drives the engine the way the dialogue actions do."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import yaml

from actions.connectors.client import Breaker, Connector, Connectors
from actions.engine.context import Outcome, TurnInput
from actions.engine.declarations import OWN, Declarations
from actions.engine.engine import Engine
from actions.engine.state import Desk, Matter
from actions.models import MatterRecord
from actions.sandbox.app import create_app
from actions.sandbox.clock import Clock
from actions.sandbox.faults import FaultOrder
from actions.sandbox.settings import SandboxSettings
from actions.texts import say
from knowledge.client import KnowledgeUnavailable
from knowledge.declaration import ServiceDeclaration
from knowledge.seed import CONTENT
from wenban.consents import WHAT, ConsentRepository
from wenban.database import Base, get_engine, session_scope
from wenban.turns import Message

NOW = datetime(2026, 11, 18, 9, 0)  # a Wednesday morning
HOSPITAL, WATER, WATER_BILLS, CARD, STREET, MUSEUM = "wjw-05", "zjj-07", "zjj-06", "rsj-04", "cgj-04", "kjj-03"
ID_NO, PHONE = "371302198503120021", "13900001234"
MOTHER = {"id": 7, "name": "张桂英", "relation": "母亲", "id_no": "371322196309210046", "phone": "13900002345",
          "basis": "consent", "agreed_at": "2026-11-01T08:00:00"}  # fmt: skip


def citizen(level: int = 2, number: int = 1, **more: Any) -> dict[str, Any]:
    """Return who is signed in, as ``api`` hands it over."""
    profile = {"name": "王秀兰", "id_no": ID_NO, "phone": PHONE}
    return {"id": number, "subject": f"s-{number}", "name": "王秀兰", "level": level, "profile": profile, **more}


@cache
def declared(service_id: str) -> ServiceDeclaration:
    """Return a service as its file declares it, or one of the assistant's own."""
    for row in yaml.safe_load(OWN.read_text("utf-8")):
        if row["id"] == service_id:
            return ServiceDeclaration.model_validate(row)
    path = CONTENT / "services" / f"{service_id}.yaml"
    return ServiceDeclaration.model_validate(yaml.safe_load(path.read_text("utf-8")))


class Files:
    """Stands for the knowledge process: declarations from the files; ``down`` switches it off."""

    down = False

    async def declaration(self, service_id: str) -> dict[str, Any] | None:
        if self.down:
            raise KnowledgeUnavailable("off")
        path = CONTENT / "services" / f"{service_id}.yaml"
        return declared(service_id).model_dump(mode="json") if path.exists() else None


class InProcess(Connectors):
    """The real connectors with the sandbox as their transport, and short waits."""

    def __init__(self, app: Any) -> None:
        super().__init__("http://sandbox")
        self._app = app

    def get(self, name: str) -> Connector:
        if name not in self._open:
            connector = Connector(name, f"http://sandbox/connectors/{name}", timeout=2, attempts=1)
            connector._breaker = Breaker(limit=1000)
            transport = httpx.ASGITransport(self._app)
            connector._http = httpx.AsyncClient(transport=transport, base_url=f"http://sandbox/connectors/{name}")
            self._open[name] = connector
        return self._open[name]


class World:
    """Engine, departments, database."""

    def __init__(self, home: Path) -> None:
        self.clock = Clock(day_seconds=86400, wall=lambda: NOW)
        self.app = create_app(SandboxSettings(faults=True, path=home / "sandbox.db", settle_seconds=5), self.clock)
        self.connectors = InProcess(self.app)
        self.files = Files()
        self.engine = Engine(Declarations(self.files), self.connectors)  # type: ignore[arg-type]
        Base.metadata.create_all(get_engine())

    async def close(self) -> None:
        await self.connectors.aclose()
        self.app.state.desk.store.close()

    def talk(self, **citizen: Any) -> Talk:
        return Talk(self.engine, citizen or None)

    def fault(self, connector: str, mode: str, operation: str = "*", times: int = 1, seconds: float = 0.0) -> None:
        order = FaultOrder.model_validate(
            {"connector": connector, "operation": operation, "mode": mode, "times": times, "seconds": seconds}
        )
        self.app.state.desk.faults.order(order)

    def mended(self) -> None:
        self.app.state.desk.faults.clear()

    def count(self, table: str) -> int:
        """Return the number of rows of one of the sandbox's tables."""
        with self.app.state.desk.store.engine.connect() as connection:
            return int(connection.exec_driver_sql(f"select count(*) from {table}").scalar() or 0)

    @staticmethod
    def agreed(citizen_id: int, *service_ids: str, relative_id: int = 0) -> None:
        """Have a citizen consent to sensitive data in these services."""
        with session_scope() as session:
            for service_id in service_ids:
                ConsentRepository(session).add(
                    citizen_id, "earlier", relative_id=relative_id, kind="sensitive", what=list(WHAT),
                    service_id=service_id, purpose=declared(service_id).name, version=say("consent.version"),
                    text="同意", how="pressed",
                )  # fmt: skip

    @staticmethod
    def records() -> list[MatterRecord]:
        with session_scope() as session:
            return list(session.query(MatterRecord).order_by(MatterRecord.created_at))


class Talk:
    """One conversation: the acts are given, the rest is the engine's. ``heard`` is what was said last."""

    def __init__(self, engine: Engine, citizen: dict[str, Any] | None = None) -> None:
        self.engine, self.citizen = engine, citizen
        self.desk = Desk()
        self.heard: list[Message] = []
        self.status = ""
        self.asked = ""

    # -- what the citizen does ---------------------------------------------------------------------------------

    async def open(self, service_id: str, text: str = "") -> Talk:
        declaration = await self.engine.declarations.get(service_id)
        assert declaration is not None
        payload = {} if text else {"do": "start", "service_id": service_id}
        turn = self._turn(text or "/press", "start", payload)
        return await self._go_on(await self.engine.open(self.desk, declaration, turn), turn)

    async def say(self, text: str, act: str = "inform") -> Talk:
        turn = self._turn(text, act, {})
        return await self._go_on(await self.engine.take(self.desk, turn), turn)

    async def press(self, do: str, **payload: Any) -> Talk:
        acts = {"field": "inform", "edit": "correct", "back": "go_back"}
        turn = self._turn("/press", acts.get(do, do), {"do": do, **payload})  # Rasa hears a press as "/press"
        return await self._go_on(await self.engine.take(self.desk, turn), turn)

    async def go_on(self) -> Talk:
        """Resume, as the dialogue does after signing in."""
        turn = self._turn("/press", "resume", {"do": "resume"})
        return await self._go_on(await self.engine.refresh(self.desk, turn), turn)

    def put_down(self) -> Matter | None:
        return self.desk.put_down()

    def copy(self) -> Talk:
        """Return the same conversation after its state has been written and read."""
        other = Talk(self.engine, self.citizen)
        other.desk = Desk.model_validate_json(self.desk.model_dump_json())
        return other

    # -- what there is to see ----------------------------------------------------------------------------------

    @property
    def matter(self) -> Matter:
        assert self.desk.matter is not None, "no matter is in hand"
        return self.desk.matter

    @property
    def values(self) -> dict[str, Any]:
        return self.matter.values

    @property
    def text(self) -> str:
        return "\n".join(message.text for message in self.heard)

    @property
    def last(self) -> Message:
        return self.heard[-1]

    @property
    def receipt(self) -> str:
        found = [message.receipt.number for message in self.heard if message.receipt]
        assert len(found) == 1, self.text
        return found[0]

    @property
    def buttons(self) -> list[dict[str, Any]]:
        return [choice.payload for message in self.heard for choice in message.choices]

    # -- what the dialogue actions do ---------------------------------------------------------------------------

    def _turn(self, text: str, act: str, payload: dict[str, Any]) -> TurnInput:
        return TurnInput("conversation", text, act, NOW, payload, self.citizen)

    async def _go_on(self, outcome: Outcome, turn: TurnInput) -> Talk:
        self.heard, self.status = list(outcome.messages), str(outcome.turn.get("status", ""))
        for _ in range(3):  # perform may hand back to the form
            if self.desk.matter is None:
                break
            performing = self.desk.matter.phase == "ready"
            step = self.engine.perform if performing else self.engine.ask
            outcome = await step(self.desk, turn)
            self.heard += outcome.messages
            self.status = str(outcome.turn.get("status", self.status))
            if not performing or self.status != "form":
                break
        awaiting = self.desk.awaiting
        self.asked = "" if self.desk.matter is None or awaiting is None else awaiting.name
        return self
