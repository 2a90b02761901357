"""Say which parts of a text normalisation must not touch: names, places, numbers and dates."""

from datetime import datetime

from nlu.entities.dates import extract_dates
from nlu.entities.numbers_said import extract_numbers
from nlu.entities.persons import extract_persons
from nlu.entities.places import extract_places
from nlu.entities.plates import extract_plates
from nlu.entities.types import Message, spans_of

_NOW = datetime(2026, 1, 1)
_KINDS = ("person", "place", "date", "date_range", "month", "id_no", "phone", "account", "receipt", "plate")


def protected_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of names, places, numbers and dates; when they are is of no interest here."""
    message = Message(text[:400], _NOW)
    for extract in (extract_plates, extract_numbers, extract_dates, extract_persons, extract_places):
        extract(message)
    return spans_of(message.entities, *_KINDS)
