"""Run the extractors in the order in which their readings take precedence."""

from datetime import datetime

from nlu.entities.amounts import extract_amounts, extract_percents
from nlu.entities.counts import extract_counts, extract_people
from nlu.entities.dates import extract_dates
from nlu.entities.institutions import extract_institutions, extract_services
from nlu.entities.numbers_said import extract_numbers
from nlu.entities.persons import extract_names_first, extract_persons
from nlu.entities.places import extract_places
from nlu.entities.plates import extract_plates
from nlu.entities.tails import extract_tails
from nlu.entities.times import extract_times
from nlu.entities.types import Entity, Message
from nlu.lexicon import Lexicon

# What follows in a longer message is prose; entities are read from its beginning only.
MAX_CHARS = 2_000


def _iso_first(message: Message) -> None:
    """Claim written dates before their digits are taken for an account number."""
    if any(mark in message.text for mark in "-/.") or (message.expect or "").endswith("date"):
        extract_dates(message)


def extract(text: str, now: datetime, *, expect: str | None = None, lexicon: Lexicon | None = None) -> list[Entity]:
    """Return the entities of `text` in the order of their place.

    `expect` names the field that was asked for (person, phone, id_no, account, receipt, plate, amount, event_date, ...)
    and settles what is ambiguous without it. Values are normalised; see each extractor for their shapes.

    >>> [(one.type, one.value) for one in extract("明天上午九点半", datetime(2026, 11, 18, 10))]
    [('date', '2026-11-19'), ('period', '上午'), ('time', '09:30')]
    """
    message = Message(text[:MAX_CHARS], now, expect)
    lexicon = lexicon or Lexicon.default()
    extract_tails(message)
    extract_plates(message)
    extract_names_first(message)
    _iso_first(message)
    extract_numbers(message)
    extract_dates(message)
    extract_percents(message)
    extract_times(message)
    extract_people(message)
    extract_amounts(message)
    extract_counts(message)
    extract_persons(message)
    extract_institutions(message, lexicon)
    extract_places(message)
    extract_services(message, lexicon)
    return sorted(message.entities, key=lambda one: (one.start, one.end))
