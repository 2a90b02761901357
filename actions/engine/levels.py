"""Identity levels: what a service demands, and the step-up that is offered without losing what was filled."""

from __future__ import annotations

from actions.engine.context import Outcome, TurnInput, notice
from actions.engine.profile import level_of
from actions.texts import say
from knowledge.declaration import ServiceDeclaration
from wenban.identity import LEVELS, get_identity_settings
from wenban.turns import Choice


def wall(declaration: ServiceDeclaration, turn: TurnInput) -> Outcome | None:
    """Return the request to sign in when this city demands levels and the citizen's is too low; else None."""
    needed, present = declaration.identity_level, level_of(turn)
    if get_identity_settings().required != "enforce" or present >= needed or declaration.operation is None:
        return None
    path = "identity.step_up" if present else "identity.needed"
    names = {"level_name": LEVELS[needed], "now": present, "now_name": LEVELS[present]}
    text = say(path, service=declaration.name, level=needed, **names)
    button = sign_in(needed, "identity.step_up_button" if present else "identity.sign_in", "primary")
    human = Choice(label="转人工", payload={"do": "human", "label": "转人工"})
    turn_fields = {"status": "auth_required", "awaiting": "identity", "asks": ["identity"]}
    return Outcome([notice(text, title="需要登录", choices=[button, human])], turn_fields)


def offer(declaration: ServiceDeclaration, turn: TurnInput) -> list[Choice]:
    """Return the button that signs in, where that would fill something and nobody has signed in."""
    fills = any((field.prefill or "").startswith("profile.") for field in declaration.fields)
    wanted = fills and turn.citizen is None and wall(declaration, turn) is None
    return [sign_in(max(declaration.identity_level, 1), "identity.offer")] if wanted else []


def sign_in(level: int, path: str, style: str = "plain") -> Choice:
    label = say(path)
    payload = {"do": "sign_in", "value": str(level), "label": label}
    return Choice.model_validate({"label": label, "payload": payload, "style": style})
