"""Tokenise with jieba and our lexicon, after normalisation; the message's own text is kept as it is."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from nlu.lexicon import Lexicon
from nlu.normalize import normalize

PLAIN = "wenban_plain"


def plain(message: Message, lexicon: Lexicon) -> str:
    """Return the normalised text of a message, computed once."""
    text = message.get(PLAIN)
    if text is None:
        text = normalize(message.get("text") or "", lexicon).plain
        message.set(PLAIN, text)
    return text


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class LexiconTokenizer(Tokenizer):
    """jieba with the lexicon of public services."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LexiconTokenizer:
        return cls(config)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        lexicon = Lexicon.default()
        text = plain(message, lexicon) if attribute == "text" else message.get(attribute)
        tokens, position = [], 0
        for word in lexicon.segment(text):
            if word.strip():
                tokens.append(Token(word, position))
            position += len(word)
        return tokens or [Token("。", 0)]
