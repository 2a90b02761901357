"""The binding to Rasa: one action an act family, the form's validation, its question, and the submission."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from time import time
from typing import Any, ClassVar

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.connectors import budget
from actions.dialogue.assistant import Assistant
from actions.dialogue.offering import picked, present
from actions.engine.context import Outcome, TurnInput, notice
from actions.engine.expiry import expire
from actions.engine.state import Desk
from actions.texts import say
from nlu.acts import FORM_ACTS, VOICE_ACTS
from wenban.identity import unseal

log = structlog.get_logger(__name__)
FORM, FIELD = "service_form", "field_value"
Events = list[dict[str, Any]]
Handler = Callable[[Desk, TurnInput], Awaitable[Outcome]]
# What the public API calls an act, where the classifier's name is finer.
PUBLIC = {
    "inform": "fill",
    "query": "ask",
    "choose": "fill",
    "deny": "correct",
    "review": "repeat",
    "abuse": "chitchat",
}


class Bound(Action):  # type: ignore[misc]
    """Reads the desk, calls a handler, speaks, writes the desk back and says what runs next."""

    assistant: ClassVar[Assistant]

    def name(self) -> str:
        raise NotImplementedError

    def handler(self) -> Handler:
        raise NotImplementedError

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        metadata = (tracker.latest_message or {}).get("metadata") or {}
        with budget.within(budget.seconds_until(metadata.get("deadline"), time())):
            return await self.act(dispatcher, tracker)

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Do what the action is for, in the time that the turn has left."""
        desk, turn = read(tracker)
        try:
            outcome = await self.handler()(desk, turn)
            # What was said has been used: the form that is opened by it must not read it again.
            desk.handled = (tracker.latest_message or {}).get("message_id")
        except Exception:
            # The desk is not written: what was filled before this turn stays as it was.
            log.exception("action.failed", action=self.name(), conversation=turn.conversation_id)
            speak(dispatcher, desk, turn, Outcome([notice(say("error.internal"))], {"status": "error"}), remember=False)
            return []
        if turn.act == "choose":  # "第二个" has chosen the matter: it is no answer to the form that it opens
            desk.handled = (tracker.latest_message or {}).get("message_id")
        speak(dispatcher, desk, turn, outcome, remember=_is_new(turn, outcome))
        return [write(desk), *next_step(desk, tracker)]


def read(tracker: Tracker) -> tuple[Desk, TurnInput]:
    """Return the desk and what the citizen did."""
    message = tracker.latest_message or {}
    metadata = message.get("metadata") or {}
    desk = Desk.model_validate(tracker.get_slot("desk") or {})
    if (message_id := message.get("message_id")) != desk.seen:  # the first action of this turn
        desk.seen, desk.asked_before, desk.asked = message_id, desk.asked, None
    desk.expired += expire(desk, time())
    if metadata.get("mode") in ("elder", "standard"):
        desk.elder = metadata["mode"] == "elder"
    turn = TurnInput(
        conversation_id=tracker.sender_id,
        # A press says nothing in words: what Rasa got as its text is only a placeholder.
        text="" if metadata.get("payload") else message.get("text") or "",
        act=(message.get("intent") or {}).get("name") or "out_of_scope",
        now=datetime.now(),  # the city's wall clock
        payload=metadata.get("payload") or {},
        citizen=unseal(metadata.get("citizen")),
    )
    return desk, turn


def write(desk: Desk) -> dict[str, Any]:
    desk.at = time()
    return SlotSet("desk", desk.model_dump(mode="json"))  # type: ignore[no-any-return]


def speak(
    dispatcher: CollectingDispatcher, desk: Desk, turn: TurnInput, outcome: Outcome, remember: bool = True
) -> None:
    """Send one custom message with everything said and the turn as it now stands."""
    for name in desk.expired:
        outcome.messages.insert(0, notice(say("form.expired", service=name)))
    desk.expired = []
    if remember and not present(desk, outcome.messages) and _leaves_the_list(desk, turn, outcome):
        desk.offer = None
    messages = [message.model_dump(mode="json") for message in outcome.messages]
    if remember and messages:
        desk.last_messages = messages[-2:]
    matter = desk.matter or (desk.done[-1] if desk.done and desk.done[-1].service_id == desk.focus else None)
    fields: dict[str, Any] = {
        "act": PUBLIC.get(turn.act, turn.act),
        "service_id": desk.focus,
        "slots": {**matter.values, **matter.shown} if matter is not None else {},
        **{key: value for key, value in outcome.turn.items() if key != "slots"},
    }
    fields["slots"].update(outcome.turn.get("slots", {}))
    if fields.get("awaiting"):
        fields.setdefault("asks", [fields["awaiting"]])
    dispatcher.utter_message(json_message={"messages": messages, "turn": fields})


def _is_new(turn: TurnInput, outcome: Outcome) -> bool:
    """Say whether something was said that "再说一遍" should say again; a word about the voice is not."""
    return turn.act not in VOICE_ACTS or outcome.turn.get("note") == "more"


def by_place(desk: Desk, turn: TurnInput) -> TurnInput:
    """Turn "第二个" into the press of that button of the form's question."""
    awaiting = desk.awaiting
    if turn.payload or awaiting is None or awaiting.phase != "filling":
        return turn
    payload = picked(desk, turn.text, strictly=awaiting.type not in ("choice", "bills"))
    if payload is None or payload.get("do") != "field":
        return turn
    return replace(turn, text="", payload=payload)


def _leaves_the_list(desk: Desk, turn: TurnInput, outcome: Outcome) -> bool:
    """Say whether what was on offer is gone: not when only the voice was changed, or while a form will ask again."""
    if turn.act in VOICE_ACTS or not outcome.messages:
        return False
    return desk.matter is None or any(message.type in ("question", "review") for message in outcome.messages)


def next_step(desk: Desk, tracker: Tracker) -> Events:
    """Let the form go on while a matter is open, perform one that is complete, else wait for the citizen."""
    if desk.matter is not None:
        if desk.matter.phase == "ready":
            return [FollowupAction("action_perform")]
        return [FollowupAction(FORM)]
    if (tracker.active_loop or {}).get("name"):
        return [ActiveLoop(None), SlotSet("requested_slot", None), FollowupAction("action_listen")]
    return [FollowupAction("action_listen")]


class Simple(Bound):
    """An action that is one method of the assistant."""

    action_name: ClassVar[str] = ""
    method: ClassVar[str] = ""

    def name(self) -> str:
        return self.action_name

    def handler(self) -> Handler:
        handler: Handler = getattr(self.assistant, self.method)
        return handler


def _simple(action: str, method_name: str) -> type[Simple]:
    return type(action, (Simple,), {"action_name": action, "method": method_name})


SIMPLE = [
    _simple("action_answer", "understand"),
    _simple("action_start", "understand"),
    _simple("action_look_up", "understand"),
    _simple("action_progress", "understand"),
    _simple("action_complain", "understand"),
    _simple("action_decline", "understand"),
    _simple("action_unclear", "understand"),
    _simple("action_cancel_matter", "cancel_matter"),
    _simple("action_choose", "choose"),
    _simple("action_cancel", "cancel"),
    _simple("action_resume", "resume"),
    _simple("action_human", "human"),
    _simple("action_rate", "rate"),
    _simple("action_farewell", "farewell"),
    _simple("action_help", "help"),
    _simple("action_repeat", "repeat"),
    _simple("action_voice", "voice"),
]


class Records(Bound):
    def name(self) -> str:
        return "action_records"

    def handler(self) -> Handler:
        return self.assistant.progress_desk.records


class ValidateForm(Bound):
    """The form's validation: gives a form act to the engine, and lets every other act interrupt."""

    def name(self) -> str:
        return f"validate_{FORM}"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        desk, turn = read(tracker)
        message_id = (tracker.latest_message or {}).get("message_id")
        running = (tracker.active_loop or {}).get("name") == FORM
        if desk.matter is None:
            if desk.expired and turn.act in FORM_ACTS:
                speak(dispatcher, desk, turn, Outcome(turn={"status": "cancelled"}))
            return [write(desk), SlotSet(FIELD, None), SlotSet("requested_slot", None)]
        # The sentence that started or resumed the form is not an answer to its question, and one sentence
        # is given to the engine once, however often Rasa validates it.
        if not running or turn.act not in FORM_ACTS or desk.handled == message_id:
            return [SlotSet("requested_slot", FIELD)]
        desk.handled, desk.focus = message_id, desk.matter.service_id
        turn = by_place(desk, turn)
        try:
            outcome = await self.assistant.engine.take(desk, turn)
        except Exception:
            log.exception("action.failed", action=self.name(), conversation=turn.conversation_id)
            speak(dispatcher, desk, turn, Outcome([notice(say("error.internal"))], {"status": "error"}), remember=False)
            return [SlotSet(FIELD, None), SlotSet("requested_slot", FIELD)]
        speak(dispatcher, desk, turn, outcome)
        open_form = desk.matter is not None and desk.matter.phase != "ready"
        return [write(desk), SlotSet(FIELD, None), SlotSet("requested_slot", FIELD if open_form else None)]


class AskField(Bound):
    def name(self) -> str:
        return f"action_ask_{FORM}_{FIELD}"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        desk, turn = read(tracker)
        if desk.matter is None:
            return []
        try:
            outcome = await self.assistant.engine.ask(desk, turn)
        except Exception:
            log.exception("action.failed", action=self.name(), conversation=turn.conversation_id)
            outcome = Outcome([notice(say("error.internal"))], {"status": "error"})
        outcome.turn["act"] = None  # what the citizen did was said by the action before
        speak(dispatcher, desk, turn, outcome)
        if desk.matter is None:
            return [write(desk), ActiveLoop(None), SlotSet("requested_slot", None), FollowupAction("action_listen")]
        return [write(desk)]


class Perform(Bound):
    """Runs once the form is complete."""

    def name(self) -> str:
        return "action_perform"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        desk, turn = read(tracker)
        if desk.matter is None or desk.matter.phase != "ready":
            return [ActiveLoop(None), FollowupAction("action_listen")]
        try:
            outcome = await self.assistant.engine.perform(desk, turn)
        except Exception:
            log.exception("action.failed", action=self.name(), conversation=turn.conversation_id)
            desk.matter.phase = "confirm"
            outcome = Outcome([notice(say("error.internal"))], {"status": "error"})
        outcome.turn["act"] = None
        if desk.matter is None:
            done = desk.done[-1] if outcome.turn.get("status") in ("done", "answered") and desk.done else None
            outcome.add(*await self.assistant.theme_desk.after(desk, done))
            outcome.add(*self.assistant.offer_parked(desk))
        speak(dispatcher, desk, turn, outcome)
        if desk.matter is None:
            return [write(desk), ActiveLoop(None), SlotSet("requested_slot", None), FollowupAction("action_listen")]
        if outcome.turn.get("status") == "form":
            return [write(desk), FollowupAction(FORM)]
        # The department is down: the review stays open for "再试一次", without being read out again.
        return [write(desk), ActiveLoop(FORM), SlotSet("requested_slot", FIELD), FollowupAction("action_listen")]


ACTIONS: list[type[Bound]] = [*SIMPLE, Records, ValidateForm, AskField, Perform]
