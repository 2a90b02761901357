"""A bare topic: "医保", "公积金", "身份证". It says what the matter is about and not what is wanted of it.

Likeness picks one service for such a word with a confidence that the word cannot carry; a person at a counter would
ask back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from knowledge.ranked import Ranked
from knowledge.units import Owner
from nlu.lexicon import HANZI, Lexicon
from wenban.turns import Candidate

_LEAD = re.compile(r"^(你好|您好|请问|我?想?(问|咨询|了解)(一?下)?|咨询|关于|有关|那个|就是|我的)+[，,]?")
# "查证书": what is wanted of the topic leaves only matters of that kind.
_VERBS = {"查询": "查询?(?:一?下)?|看一?下", "缴费": "交|缴", "办理": "办理?", "预约": "预?约"}
_DO = re.compile("^(?:" + "|".join(f"(?P<{kind}>{verbs})" for kind, verbs in _VERBS.items()) + ")(?=..)")
_TRAIL = re.compile(r"(方面的?|相关的?|的(事情?儿?|问题|业务))?[吧呢呀啊了。，！？?!]*$")
_WORD = re.compile(rf"[{HANZI}]{{2,5}}")
MAX_LENGTH = 12
TITLES = frozenset({"name"})
NAMES = TITLES | {"alias", "question"}
CHOICES = 3
SERVICES_OF = 2  # of three choices, so that what is only asked after finds a place


@dataclass(frozen=True)
class Topic:
    """One word, and the kind of matter that the verb before it asks for, if there is one."""

    word: str
    kind: str | None = None


def topic_of(text: str, lexicon: Lexicon) -> Topic | None:
    """Return the topic that ``text`` is, courtesies aside; None where anything else is said.

    >>> topic_of("我想问一下医保的事", Lexicon.default()), topic_of("水费多少钱", Lexicon.default())
    (Topic(word='医保', kind=None), None)
    """
    if len(text) > MAX_LENGTH:
        return None
    word = _TRAIL.sub("", _LEAD.sub("", text.strip()))
    if _is_word(word, lexicon):
        return Topic(word)
    verb = _DO.match(word)
    rest = word[verb.end() :] if verb is not None else ""
    return Topic(rest, verb.lastgroup) if verb is not None and _is_word(rest, lexicon) else None


def _is_word(word: str, lexicon: Lexicon) -> bool:
    if not _WORD.fullmatch(word):
        return False
    term = lexicon.get(word)
    return term.kind in ("topic", "material", "phrase") if term is not None else len(lexicon.segment(word)) == 1


def candidates_of(topic: Topic, services: Ranked, entries: Ranked) -> list[Candidate]:
    """Return up to three things that ``topic`` may be about, likeliest first, matters before questions."""
    if topic.kind is not None:  # a verb says much: only what the titles leave open is asked back
        return [c for o, c in _named(topic.word, services, "service", TITLES) if o.group == topic.kind][:CHOICES]
    matters = [c for _, c in _named(topic.word, services, "service", NAMES)]
    questions = [c for _, c in _named(topic.word, entries, "qa", NAMES)]
    first = matters[: SERVICES_OF if questions else CHOICES]
    return [*first, *questions, *matters[len(first) :]][:CHOICES]


def _named(
    word: str, ranked: Ranked, kind: Literal["service", "qa"], roles: frozenset[str]
) -> list[tuple[Owner, Candidate]]:
    """Return what has ``word`` in its title, its aliases or its question."""
    found = []
    for owner, share in zip(ranked.owners, ranked.probabilities, strict=True):
        if any(word in unit.text for unit in owner.units if unit.role in roles):
            candidate = Candidate(
                kind=kind, id=owner.id, title=owner.title, service_id=owner.service_id, probability=round(share, 4)
            )
            found.append((owner, candidate))
    return found
