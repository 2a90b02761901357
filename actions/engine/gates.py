"""Questions that stand before a field: may sensitive data be used, may licences be fetched, is this file used again?

Each is asked once a matter, with two buttons; what else is said then is taken as an answer to the field itself.
"""

from __future__ import annotations

import asyncio

from actions.connectors.client import Connectors
from actions.engine import attaching, consenting, levels, licences, papers, profile, reusing, wanted
from actions.engine.context import Outcome, TurnInput, text_message
from actions.engine.state import Desk, Matter
from actions.engine.yesno import button, put, said
from actions.texts import say
from knowledge.declaration import FormField, ServiceDeclaration
from wenban.turns import Choice, Message

SENSITIVE, LICENCE, AGAIN = "agree_sensitive", "agree_licence", "use_again"


async def before(
    connectors: Connectors,
    declaration: ServiceDeclaration,
    desk: Desk,
    matter: Matter,
    field: FormField,
    turn: TurnInput,
) -> Outcome | None:
    """Return the question that stands before this field, if any; what needs no question is done on the way."""
    if consenting.must_ask(declaration, matter, field):
        what = consenting.of_form(declaration, matter, turn.now.date()) if not matter.held else _held(matter, turn)
        if await asyncio.to_thread(consenting.agreed, declaration, matter, turn, what):
            matter.answers["sensitive"] = "yes"
        else:
            text = consenting.question(declaration, matter, turn, what)
            return put(desk, declaration, matter, SENSITIVE, text, ("consent.agree", "consent.refuse"))
    if not field.wants or matter.editing == field.name:
        return None
    news = await _licences(connectors, declaration, desk, matter, field, turn)
    if news is not None and matter.gate:
        return news
    again = await asyncio.to_thread(reusing.offer, declaration, matter, field, turn)
    if again is not None:
        matter.answers["asking"] = again.kind
        text = say("materials.again", kind=again.kind, day=f"{again.uploaded_at.month}月{again.uploaded_at.day}日")
        asked = put(desk, declaration, matter, AGAIN, text, ("materials.use", "materials.anew"))
        return news.join(asked) if news is not None else asked
    return news


def _held(matter: Matter, turn: TurnInput) -> list[str]:
    """Return what is sensitive in what waits to be filled: an ID number, perhaps a child's."""
    number = profile.person_of(turn).get("id_no", "")
    return ["id_no", *(["minor"] if consenting.is_child(number, turn.now.date()) else [])]


async def _licences(
    connectors: Connectors,
    declaration: ServiceDeclaration,
    desk: Desk,
    matter: Matter,
    field: FormField,
    turn: TurnInput,
) -> Outcome | None:
    wants = licences.kinds(field)
    if not wants or "licence" in matter.answers or licences.holder(declaration, matter, turn) is None:
        return None
    if profile.level_of(turn) < licences.level_needed(declaration):
        return None
    earlier = await asyncio.to_thread(consenting.standing, declaration, turn, wants)
    if earlier is not None:
        return await _fetch(connectors, declaration, matter, field, turn, earlier)
    text = _licence_text(declaration, field, turn)
    return put(desk, declaration, matter, LICENCE, text, ("papers.agree", "papers.refuse"))


def _licence_text(declaration: ServiceDeclaration, field: FormField, turn: TurnInput) -> str:
    materials = [want.name for want in field.wants if want.licence]
    return say(
        "papers.ask", service=declaration.name, whose=licences.whose(turn), department=declaration.department,
        wants=wanted.listed(materials), kinds=wanted.listed(licences.kinds(field)),
    )  # fmt: skip


async def _fetch(
    connectors: Connectors,
    declaration: ServiceDeclaration,
    matter: Matter,
    field: FormField,
    turn: TurnInput,
    consent: int,
) -> Outcome:
    matter.answers["licence"] = "yes"
    messages = await licences.fetch(connectors, declaration, matter, field, turn, consent)
    papers.own(declaration, matter, turn)
    wanted.fold(declaration, matter)
    return Outcome(messages)


def leave_out(matter: Matter) -> list[Choice]:
    """Return the button of the review that does without licences."""
    return [button(LICENCE, "no", "papers.drop")] if matter.licences else []


async def take(
    connectors: Connectors, declaration: ServiceDeclaration, desk: Desk, matter: Matter, turn: TurnInput
) -> Outcome | None:
    """Take a yes or no to the open question; None where the turn is about something else."""
    field = next((f for f in declaration.fields if f.wants), None)
    if turn.payload.get("field") == LICENCE and turn.payload.get("value") == "no" and matter.licences:
        papers.drop(declaration, matter, turn)
        matter.answers["licence"] = "no"
        return Outcome([text_message(say("papers.dropped"))])
    yes = said(turn, matter.gate) if matter.gate else None
    if yes is None:
        return None
    gate, matter.gate = matter.gate, ""
    how = "pressed" if turn.payload else "said"
    if gate == SENSITIVE:
        return await _sensitive(declaration, desk, matter, turn, yes, how)
    if gate == LICENCE and field is not None:
        if not yes:
            matter.answers["licence"] = "no"
            return Outcome([text_message(say("papers.upload"))])
        kinds, text = licences.kinds(field), _licence_text(declaration, field, turn)
        consent = await asyncio.to_thread(consenting.record, declaration, turn, "licence", kinds, text, how)
        return await _fetch(connectors, declaration, matter, field, turn, consent)
    return await asyncio.to_thread(_again, declaration, matter, turn, yes)


async def _sensitive(
    declaration: ServiceDeclaration, desk: Desk, matter: Matter, turn: TurnInput, yes: bool, how: str
) -> Outcome:
    if not yes:
        desk.put_down()
        await asyncio.to_thread(attaching.drop, matter, turn.conversation_id)
        return Outcome([text_message(say("form.refused"))], {"status": "cancelled", "act": "cancel"})
    what = consenting.of_form(declaration, matter, turn.now.date())
    what = list(dict.fromkeys([*what, *_held(matter, turn)])) if matter.held else what
    text = consenting.question(declaration, matter, turn, what)
    await asyncio.to_thread(consenting.record, declaration, turn, "sensitive", what, text, how)
    matter.answers["sensitive"], matter.told_sensitive = "yes", True
    matter.held, matter.prefilled_by = [], f"{profile.key_of(turn)}:"  # what was held back is filled now
    return Outcome()


def _again(declaration: ServiceDeclaration, matter: Matter, turn: TurnInput, yes: bool) -> Outcome:
    kind = matter.answers.pop("asking", "")
    matter.answers[f"again:{kind}"] = "yes" if yes else "no"
    if not yes or not reusing.use(declaration, matter, kind, turn):
        return Outcome([text_message(say("materials.upload", kind=kind))])
    papers.own(declaration, matter, turn)
    wanted.fold(declaration, matter)
    return Outcome([text_message(say("materials.used", kind=kind))])


def hint(question: Message, declaration: ServiceDeclaration, matter: Matter, field: FormField, turn: TurnInput) -> None:
    """Say in the question for materials which are there, and what signing in would save."""
    if not field.wants:
        return
    left = wanted.remaining(field, matter)
    if wanted.covered(matter) and left and matter.editing != field.name:
        question.text = question.speech = say("papers.remaining", names=wanted.listed(left))
    names = [want.name for want in field.wants if want.licence and want.asked]
    needed = licences.level_needed(declaration)
    relative = consenting.relative_of(turn)
    if names and relative and relative.get("basis") != "guardian":
        question.text = f"{question.text}\n{say('papers.other')}"
    elif names and profile.level_of(turn) < needed:
        question.text = f"{question.text}\n{say('papers.offer', names=wanted.listed(names))}"
        question.choices.append(levels.sign_in(needed, "papers.offer_button"))
