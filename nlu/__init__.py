"""Understand Chinese messages: normalised text, a lexicon of public services and typed entities."""

from nlu.entities import Entity, Parsed, apply_tail, extract, parse_as
from nlu.lexicon import Lexicon, Term
from nlu.normalize import Candidate, Correction, Normalized, normalize

__all__ = [
    "Candidate",
    "Correction",
    "Entity",
    "Lexicon",
    "Normalized",
    "Parsed",
    "Term",
    "apply_tail",
    "extract",
    "normalize",
    "parse_as",
]
