"""Text for the ear: what is written for the eye, as somebody would say it."""

from __future__ import annotations

from voice.ear import (
    abbreviations,
    calendar,
    characters,
    clock,
    codes,
    lists,
    markup,
    money,
    phones,
    punctuation,
    quantities,
    sentences,
)

__all__ = ["for_ear"]

# Names before amounts: what is a telephone or account number must not be read as a quantity.
_LINE_RULES = (
    punctuation.breaks,
    codes.masked_names,
    calendar.read,
    clock.read,
    codes.plates,
    phones.read,
    abbreviations.known,
    codes.read,
    money.read,
    quantities.read,
    abbreviations.letters,
    punctuation.read,
)


def for_ear(text: str) -> list[str]:
    """Return the sentences to speak; an empty list when there is nothing to say.

    >>> for_ear("请拨打**12345**，费用200元。")
    ['请拨打幺二三四五，费用两百元。']
    """
    spoken: list[str] = []
    for line in lists.read(markup.strip(codes.masked(characters.fold(text)))):
        spoken.extend(sentences.split(_read(line)))
    return spoken


def _read(line: str) -> str:
    for rule in _LINE_RULES:
        line = rule(line)
    return line
