"""Judge the act in context: what the classifier heard, and what the assistant had just asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.acts import Situation, judge


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ContextualAct(GraphComponent):
    """Last in the pipeline; reads the conversation's ``desk`` slot."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ContextualAct:
        return cls()

    def process(self, messages: list[Message], tracker: DialogueStateTracker = None) -> list[Message]:
        desk = (tracker.get_slot("desk") if tracker is not None else None) or {}
        for message in messages:
            ranking = {item["name"]: float(item["confidence"]) for item in message.get(INTENT_RANKING_KEY) or []}
            payload = (message.get("metadata") or {}).get("payload")
            act, confidence = judge(
                ranking,
                message.get(TEXT) or "",
                Situation.of(desk),
                datetime.now(),
                payload,
            )
            message.set(INTENT, {"name": act, "confidence": confidence}, add_to_output=True)
        return messages
