"""Build a spaCy pipeline for Chinese: our segmenter, a ruler over the lexicon and our typed entities.

It runs on spaCy 3.7 (inside Rasa) and 3.8 alike and needs no model. `doc.ents` holds one reading of each place in the
text, `doc.spans["wenban"]` all of them, `doc.user_data["entities"]` the typed values.
"""

from collections.abc import Callable
from datetime import datetime

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans
from spacy.vocab import Vocab

from nlu.entities import extract
from nlu.entities.persons import warm_up
from nlu.lexicon import Lexicon

Clock = Callable[[], datetime]
_RULED = {
    "place": "PLACE",
    "institution": "INSTITUTION",
    "service": "SERVICE",
    "topic": "SERVICE",
    "department": "DEPARTMENT",
    "med_department": "MED_DEPARTMENT",
    "material": "MATERIAL",
    "bank": "BANK",
}


class JiebaTokenizer:
    """Segment with the lexicon's jieba instead of the process-wide one that spaCy would load."""

    def __init__(self, vocab: Vocab, lexicon: Lexicon) -> None:
        self.vocab = vocab
        self.lexicon = lexicon

    def __call__(self, text: str) -> Doc:
        words: list[str] = []
        spaces: list[bool] = []
        for word in self.lexicon.segment(text):
            if word == " " and words and not spaces[-1]:
                spaces[-1] = True
            else:
                words.append(word)
                spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_bytes(self, **_: object) -> bytes:
        """Return nothing: the lexicon is given anew when the pipeline is built."""
        return b""

    def from_bytes(self, _: bytes, **__: object) -> "JiebaTokenizer":
        """Return self; see to_bytes."""
        return self


class TypedEntities:
    """Add our typed entities to a document; the longer of two overlapping spans stays in `doc.ents`."""

    def __init__(self, lexicon: Lexicon, clock: Clock) -> None:
        self.lexicon = lexicon
        self.clock = clock

    def __call__(self, doc: Doc) -> Doc:
        now = doc.user_data.get("now") or self.clock()
        entities = extract(doc.text, now, expect=doc.user_data.get("expect"), lexicon=self.lexicon)
        spans: list[Span] = []
        for entity in entities:
            span = doc.char_span(entity.start, entity.end, label=entity.type.upper(), alignment_mode="expand")
            if span is not None:
                spans.append(span)
        doc.user_data["entities"] = entities
        doc.spans["wenban"] = [*spans, *doc.ents]
        doc.ents = filter_spans([*spans, *doc.ents])
        return doc


def _create(nlp: Language, name: str) -> TypedEntities:
    """Let spaCy name the component; build_spacy gives it its lexicon and clock."""
    return TypedEntities(Lexicon.default(), datetime.now)


Language.factory("wenban_entities", func=_create)


def build_spacy(lexicon: Lexicon | None = None, clock: Clock = datetime.now) -> Language:
    """Return the pipeline, warm."""
    lexicon = lexicon or Lexicon.default()
    nlp = spacy.blank("zh")
    nlp.tokenizer = JiebaTokenizer(nlp.vocab, lexicon)
    ruler = nlp.add_pipe("entity_ruler")
    patterns = [
        {"label": _RULED[term.kind], "pattern": term.text} for term in lexicon.terms.values() if term.kind in _RULED
    ]
    ruler.add_patterns(patterns)
    component = nlp.add_pipe("wenban_entities")
    component.lexicon, component.clock = lexicon, clock
    lexicon.warm_up()
    warm_up()
    return nlp
