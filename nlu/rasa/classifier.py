"""Classify the dialogue act (in ``wenban eval nlu``: any intent) by likeness to the examples."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.lexicon import Lexicon
from nlu.rasa.featurizer import EncoderFeaturizer
from nlu.rasa.kernel import KernelClassifier, KernelSettings, Sentence
from nlu.rasa.tokenizer import LexiconTokenizer, plain

logger = logging.getLogger(__name__)
MANY = 20_000  # examples; the exact solution then takes minutes and 2 GB


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LikenessClassifier(IntentClassifier, GraphComponent):
    """Kernel ridge regression on the encoder's vector and TF-IDF, calibrated on left-out scores."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [LexiconTokenizer, EncoderFeaturizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`ranking_length`: how many acts the ranking keeps, 0 for all; the rest are KernelSettings."""
        return {"gamma": 1.0, "char_weight": 0.2, "word_weight": 0.2, "ridge": 0.3, "ranking_length": 10}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        classifier: KernelClassifier | None = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._classifier = classifier

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LikenessClassifier:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if example.get(INTENT) and example.get(TEXT)]
        labels = [example.get(INTENT) for example in examples]
        if len(set(labels)) < 2:
            logger.warning("Fewer than two intents: nothing to learn.")
            return self._resource
        if len(examples) > MANY:
            logger.warning("%d examples: training time grows with their cube.", len(examples))
        settings = KernelSettings(
            **{name: float(self._config[name]) for name in ("gamma", "char_weight", "word_weight", "ridge")}
        )
        self._classifier = KernelClassifier.fit([_sentence(example) for example in examples], labels, settings)
        with self._model_storage.write_to(self._resource) as folder:
            self._classifier.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LikenessClassifier:
        try:
            with model_storage.read_from(resource) as folder:
                return cls(config, model_storage, resource, KernelClassifier.load(folder))
        except ValueError:  # never trained: Rasa's storage has no such resource
            return cls(config, model_storage, resource)

    def process(self, messages: list[Message]) -> list[Message]:
        if self._classifier is None:
            return messages
        heard = [message for message in messages if message.get(TEXT)]
        if not heard:
            return messages
        length = int(self._config["ranking_length"]) or None
        for message, row in zip(heard, self._classifier.probabilities([_sentence(m) for m in heard]), strict=True):
            order = np.argsort(-row)
            ranking = [{"name": self._classifier.classes[i], "confidence": float(row[i])} for i in order[:length]]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def _sentence(message: Message) -> Sentence:
    _, dense = message.get_dense_features(TEXT)
    words = [token.text for token in message.get(TOKENS_NAMES[TEXT]) or []]
    return Sentence(plain(message, Lexicon.default()), words, dense.features[0])
