"""Messages made of knowledge: service cards and approved answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.engine.context import TurnInput
from actions.texts import lookup, say
from knowledge.schemas import EntryCard, ServiceCard
from nlu.entities import extract
from nlu.followup import aspect_of, lines_about
from wenban.turns import Candidate, Choice, Message

MAX_SECTIONS = 6
MAX_RELATED = 3
SHORT = 40  # characters that need no list


def human_button() -> Choice:
    return Choice(label="转人工", payload={"do": "human", "label": "转人工"})


def start_button(card: ServiceCard) -> Choice:
    labels = lookup("answer.start")
    label = labels.get(card.kind, labels["其他"])
    return Choice(
        label=label,
        payload={"do": "start", "service_id": card.id, "label": f"{label[1:]}：{card.name}"},
        style="primary",
    )


def related_buttons(related: Sequence[Candidate]) -> list[Choice]:
    """Offer the questions that others ask beside this one."""
    return [
        Choice(label=one.title, payload={"do": "entry", "entry_id": one.id, "label": one.title})
        for one in related[:MAX_RELATED]
    ]


def service_message(card: ServiceCard) -> Message:
    """The service card: what it is first, then how; a button only if it can be done here."""
    choices = [start_button(card)] if card.transactional else []
    choices += related_buttons(card.related)
    return Message(
        type="service",
        title=card.name,
        text=card.summary,
        speech=card.spoken,
        badges=[card.department, *card.badges],
        sections=card.sections[: MAX_SECTIONS + 2],
        choices=choices,
        source=card.source,
        service_id=card.id,
    )


def aspect_message(card: ServiceCard, asked: str) -> Message | None:
    """Answer one question about a service ("要带什么") from its card alone; None if the card does not say."""
    heading = aspect_of(asked)
    section = next((s for s in card.sections if s.heading == heading), None)
    if heading is None or section is None:
        return None
    short = len("".join(section.items)) <= SHORT
    counted = "answer.steps" if section.ordered else "answer.items"
    text = f"{'；'.join(section.items)}。" if short else say(counted, n=len(section.items))
    spoken = "；".join(section.items[:4])
    more = say("answer.all_about", service=card.name)
    choices = [start_button(card)] if card.transactional else []
    choices.append(Choice(label=more, payload={"do": "card", "service_id": card.id, "label": more}))
    choices += related_buttons(card.related)
    return Message(
        type="answer",
        title=f"{card.name}：{heading}",
        text=text,
        speech=f"{card.name}，{heading}：{spoken}。",
        sections=[] if short else [section.model_copy(update={"heading": ""})],  # the title has it
        choices=choices,
        source=card.source,
        service_id=card.id,
    )


def entry_message(card: EntryCard, service: ServiceCard | None) -> Message:
    """An approved answer with its source, the service it belongs to, and related questions."""
    choices: list[Choice] = []
    if service is not None:
        if service.transactional:
            choices.append(start_button(service))
        label = f"{service.name}：{say('answer.how')}"
        choices.append(Choice(label=label, payload={"do": "card", "service_id": service.id, "label": label}))
    choices += related_buttons(card.related)
    return Message(
        type="answer",
        title=card.question,
        text=card.answer,
        speech=card.spoken,
        choices=choices,
        source=card.source,
        service_id=service.id if service else None,
    )


def part_of(message: Message, heading: str, card: EntryCard) -> Message:
    """Of an answer that was just read, only the lines that say what is asked now; or that it does not say it."""
    lines = lines_about(heading, card.answer)
    if len(lines) == len(lines_about("", card.answer)):
        return message
    text = "\n".join(lines) or say("answer.not_there", heading=heading)
    choices = message.choices if lines else [*message.choices, human_button()]
    return message.model_copy(update={"text": text, "speech": text, "choices": choices})


_WORDS = (
    (5, r"非常满意|满分|五星|好评|特别好|很满意"),
    (1, r"非常不满意|极差|太差|一星|垃圾"),
    (2, r"不满意|差评|不太满意"),
    (3, r"基本满意|一般|还行|凑合"),
    (4, r"满意|不错|挺好"),
)


def stars_in(turn: TurnInput) -> int | None:
    """Return the rating 1–5 that the citizen gave, if any."""
    value = str(turn.payload.get("value", ""))
    if value in {"1", "2", "3", "4", "5"}:
        return int(value)
    for entity in extract(turn.text, turn.now, expect="rating"):
        if entity.type == "rating":
            return int(entity.value)
    return next((stars for stars, pattern in _WORDS if re.search(pattern, turn.text)), None)
