"""Typed entities: find them in a message, or read one form field."""

from nlu.entities.choices import match_choice, parse_boolean, parse_ordinal
from nlu.entities.extracting import extract
from nlu.entities.parsing import FIELD_TYPES, parse_as
from nlu.entities.persons import name_problem
from nlu.entities.tails import apply_tail
from nlu.entities.types import Entity, Parsed

__all__ = [
    "FIELD_TYPES",
    "Entity",
    "Parsed",
    "apply_tail",
    "extract",
    "match_choice",
    "name_problem",
    "parse_as",
    "parse_boolean",
    "parse_ordinal",
]
