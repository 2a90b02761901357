"""From probabilities to a decision: answer, ask back, or say that we do not know."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.schemas import Decision
from wenban.turns import Candidate


@dataclass(frozen=True)
class Policy:
    """Thresholds on calibrated probabilities."""

    in_scope: float = 0.5
    sure: float = 0.55
    lead: float = 0.25
    possible: float = 0.12
    entry_sure: float = 0.45
    max_choices: int = 3


def decide(
    in_scope: float, services: list[Candidate], entries: list[Candidate], policy: Policy
) -> tuple[Decision, Candidate | None, list[Candidate]]:
    """Return (decision, the best candidate if there is one, the choices to ask about)."""
    if in_scope < policy.in_scope or not (services or entries):
        return "none", None, []
    top_service = services[0] if services else None
    top_entry = entries[0] if entries else None
    if (
        top_entry
        and top_entry.probability >= policy.entry_sure
        and (top_service is None or top_entry.probability >= top_service.probability)
    ):
        return "answer", top_entry, []
    if top_service is None:
        return "none", None, []
    second = services[1].probability if len(services) > 1 else 0.0
    if top_service.probability >= policy.sure or top_service.probability - second >= policy.lead:
        return "answer", top_service, []
    choices = [c for c in services if c.probability >= policy.possible][: policy.max_choices]
    if len(choices) >= 2:
        return "clarify", top_service, choices
    return ("answer", top_service, []) if top_service.probability >= policy.lead else ("none", None, [])
