"""The searcher: what a sentence is about, free search, and typeahead, over one snapshot at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from knowledge.decision import Policy, decide
from knowledge.heard import readings_of, slips_of
from knowledge.pool import FEATURES
from knowledge.ranked import Ranked
from knowledge.routing import entry_nearer, entry_share
from knowledge.schemas import EntryCard, Resolution, SearchHit, SearchResults, ServiceCard, Suggestion, Trace
from knowledge.snapshot import Snapshot
from knowledge.topics import candidates_of, topic_of
from knowledge.typeahead import Typeahead
from knowledge.units import Owner
from knowledge.wordings import Kind
from nlu.followup import aspect_of, is_elliptical, is_follow_up, lines_about, names_something
from nlu.lexicon import Lexicon
from nlu.normalize import Normalized, normalize
from wenban.turns import Candidate

Normaliser = Callable[[str, Lexicon], Normalized]
KEEP = 6
# Cosine from which other entries are worth offering below an answer, and from which one is better than none.
RELATED, RELATED_AT_ALL = 0.6, 0.5
_DENSE, _WORDS, _GRAMS = (FEATURES.index(name) for name in ("dense", "words", "grams"))


@dataclass(frozen=True)
class Catalogue:
    """One publication version: the snapshot with the cards and the typeahead that belong to it."""

    snapshot: Snapshot
    typeahead: Typeahead
    services: dict[str, ServiceCard] = field(default_factory=dict)
    entries: dict[str, EntryCard] = field(default_factory=dict)


class Searcher:
    """Answers over the current catalogue; ``swap`` replaces it at once, a query keeps the one it began with."""

    def __init__(self, catalogue: Catalogue, policy: Policy | None = None, normalise: Normaliser = normalize) -> None:
        self.catalogue = catalogue
        self.policy = policy or Policy()
        self.normalise = normalise

    def swap(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def resolve(self, text: str, focus: str | None = None, about: str | None = None) -> Resolution:
        """Say what ``text`` is about.

        ``focus`` is the service of the conversation so far. An elliptical question that is not understood alone
        is tried once more behind the name of that service ("要带什么" → "不动产登记预约 要带什么"), or first behind the
        question of the entry ``about`` that was just answered.
        """
        catalogue = self.catalogue
        normalized = self.normalise(text, catalogue.snapshot.lexicon)
        card = catalogue.services.get(focus) if focus else None
        vague = is_follow_up(normalized.plain) and not names_something(normalized.plain, catalogue.snapshot.lexicon)
        entry = catalogue.entries.get(about) if about else None
        if entry is not None and (vague or is_elliptical(normalized.plain)):
            following = self._after(catalogue, text, normalized, entry, card)
            if following is not None:
                return following
        if card is not None and (vague or is_elliptical(normalized.plain)):
            return self._about(catalogue, text, normalized, card)
        resolution = self._resolve(catalogue, text, normalized, normalized.plain)
        if card is None or resolution.decision == "answer" or not is_follow_up(normalized.plain):
            return resolution
        with_focus = self._resolve(catalogue, text, normalized, f"{card.name} {normalized.plain}")
        return with_focus if with_focus.decision != "none" else resolution

    def _after(
        self, catalogue: Catalogue, text: str, normalized: Normalized, entry: EntryCard, card: ServiceCard | None
    ) -> Resolution | None:
        """A question that names nothing, behind an answer: another answer, or the same where it says it.

        None where the card of the service in focus is the better place to look.
        """
        heading = aspect_of(normalized.plain) or ""
        following = self._resolve(catalogue, text, normalized, f"{entry.question} {normalized.plain}")
        found = following.best if following.decision == "answer" else None
        if found is not None and found.kind == "qa" and found.id != entry.id:
            return following
        told = card is not None and heading in {section.heading for section in card.sections}
        if told and not lines_about(heading, entry.answer):
            return None
        same = Candidate(kind="qa", id=entry.id, title=entry.question, service_id=None, probability=1.0)
        update = {"decision": "answer", "best": same, "choices": [], "relatives": [], "outside": None}
        return following.model_copy(update={**update, "entry_share": 1.0})

    def _about(self, catalogue: Catalogue, text: str, normalized: Normalized, card: ServiceCard) -> Resolution:
        """A question that names nothing is about the service in focus."""
        resolution = self._resolve(catalogue, text, normalized, f"{card.name} {normalized.plain}")
        focus = Candidate(kind="service", id=card.id, title=card.name, service_id=card.id, probability=1.0)
        others = [c for c in resolution.services if c.id != card.id]
        update = {"decision": "answer", "best": focus, "services": [focus, *others], "choices": [], "outside": None}
        return resolution.model_copy(update=update)

    def _resolve(self, catalogue: Catalogue, text: str, normalized: Normalized, asked: str) -> Resolution:
        snapshot = catalogue.snapshot
        query = snapshot.query(asked)
        services, entries, in_scope = snapshot.rank(query)
        share = entry_share(snapshot.calibration.router, services, entries)
        service_candidates = _candidates(services, "service")
        entry_candidates = _candidates(entries, "qa")
        decision, best, choices = decide(
            in_scope, share, service_candidates, entry_candidates, self.policy, entry_nearer(services, entries)
        )
        alone = asked == normalized.plain
        own = (snapshot.wordings.owner(normalized) or snapshot.wordings.wished(normalized)) if alone else None
        if own is not None:
            best = _candidate(*own)
            decision, choices, in_scope, share = "answer", [], 1.0, float(best.kind == "qa")
            if best.kind == "service":
                service_candidates = _first(best, service_candidates)
            else:
                entry_candidates = _first(best, entry_candidates)
        topic = topic_of(normalized.text, snapshot.lexicon) if own is None and alone else None
        if topic is not None:
            wide = candidates_of(topic, services, entries)
            if len(wide) > 1:
                decision, best, choices, in_scope = "clarify", wide[0], wide, max(in_scope, self.policy.in_scope)
            else:
                topic = None
        asks = "service"
        top = service_candidates[0] if service_candidates else None
        relatives = []
        if topic is None and decision != "none" and top is not None:
            relatives = _unnamed_family(catalogue, top, normalized.text)
        if relatives and top is not None:
            asks = catalogue.services[top.id].family_field
            if best is not None and best.kind == "service":
                decision, choices = "clarify", relatives
        return Resolution(
            text=text,
            normalized=normalized.text,
            suggestion=normalized.suggestion,
            slips=slips_of(normalized),
            readings=readings_of(normalized),
            decision=decision,
            in_scope=round(in_scope, 4),
            entry_share=round(share, 4),
            outside=snapshot.outside.category(query) if decision == "none" else None,
            services=service_candidates,
            entries=entry_candidates,
            best=best,
            choices=choices,
            relatives=relatives,
            asks=asks,
            topic=topic.word if topic is not None else None,
            trace=_trace(services)[:3] + _trace(entries)[:3],
        )

    def search(self, text: str, limit: int) -> SearchResults:
        """Return services and entries together, best first; unlike ``resolve`` it also shows weak hits."""
        catalogue = self.catalogue
        normalized = self.normalise(text, catalogue.snapshot.lexicon)
        services, entries, in_scope = catalogue.snapshot.rank(catalogue.snapshot.query(normalized.plain))
        hits = []
        for owner, probability in zip(services.owners, services.probabilities, strict=True):
            card = catalogue.services[owner.id]
            hits.append(
                SearchHit(
                    kind="service",
                    id=owner.id,
                    title=card.name,
                    snippet=card.summary,
                    department=card.department,
                    probability=round(probability * in_scope, 4),
                )
            )
        for owner, probability in zip(entries.owners, entries.probabilities, strict=True):
            entry = catalogue.entries[owner.id]
            hits.append(
                SearchHit(
                    kind="qa",
                    id=owner.id,
                    title=entry.question,
                    snippet=entry.spoken,
                    department=entry.department,
                    probability=round(probability * in_scope, 4),
                )
            )
        hits.sort(key=lambda hit: -hit.probability)
        return SearchResults(query=text, hits=[hit for hit in hits if hit.probability > 0.005][:limit])

    def suggest(self, typed: str, limit: int) -> list[Suggestion]:
        return self.catalogue.typeahead.suggest(typed, limit)

    def related(self, entry_id: str, limit: int = 3) -> list[Candidate]:
        """Return other entries near an entry's question."""
        card = self.catalogue.entries.get(entry_id)
        return [] if card is None else self._near(card.question, limit, {entry_id})

    def related_to_service(self, service_id: str, limit: int = 3) -> list[Candidate]:
        """Return entries about a service: its own first, nearest to its name, then others near its name."""
        card = self.catalogue.services.get(service_id)
        return [] if card is None else self._near(card.name, limit, set(), first=service_id)

    def _near(self, text: str, limit: int, without: set[str], first: str | None = None) -> list[Candidate]:
        catalogue = self.catalogue
        _, entries, _ = catalogue.snapshot.rank(catalogue.snapshot.query(text))
        near = {owner.id: row[_DENSE] for owner, row in zip(entries.owners, entries.features, strict=True)}
        own = {entry_id for entry_id in near if first is not None and first in catalogue.entries[entry_id].services}
        others = [c for c in _candidates(entries, "qa", keep=None) if c.id not in without]
        found = [c for c in others if c.id in own] + [c for c in others if c.id not in own and near[c.id] >= RELATED]
        return found[:limit] or [c for c in others if near[c.id] >= RELATED_AT_ALL][:1]


def _candidates(ranked: Ranked, kind: str, keep: int | None = KEEP) -> list[Candidate]:
    make: Callable[..., Candidate] = Candidate
    return [
        make(kind=kind, id=owner.id, title=owner.title, service_id=owner.service_id, probability=round(probability, 4))
        for owner, probability in list(zip(ranked.owners, ranked.probabilities, strict=True))[:keep]
    ]


def _candidate(kind: Kind, owner: Owner) -> Candidate:
    return Candidate(kind=kind, id=owner.id, title=owner.title, service_id=owner.service_id, probability=1.0)


def _first(best: Candidate, candidates: list[Candidate]) -> list[Candidate]:
    """Put ``best``, which is certain, before the others."""
    return [best, *(c.model_copy(update={"probability": 0.0}) for c in candidates if c.id != best.id)][:KEEP]


def _unnamed_family(catalogue: Catalogue, best: Candidate, text: str) -> list[Candidate]:
    """Return the members of the best service's family when the sentence does not say which of them it means."""
    card = catalogue.services.get(best.id)
    if card is None or card.family is None:
        return []
    members = [other for other in catalogue.services.values() if other.family == card.family]
    said = text.lower()
    if any(cue.lower() in said for member in members for cue in member.family_cues):
        return []
    return [
        Candidate(kind="service", id=m.id, title=m.name, service_id=m.id, probability=round(1 / len(members), 4))
        for m in members
    ]


def _trace(ranked: Ranked) -> list[Trace]:
    return [
        Trace(
            id=owner.id,
            matched=matched,
            dense=round(float(row[_DENSE]), 4),
            lexical=round(float(row[_WORDS] + row[_GRAMS]) / 2, 4),
            probability=round(probability, 4),
        )
        for owner, probability, row, matched in zip(
            ranked.owners, ranked.probabilities, ranked.features, ranked.matched, strict=True
        )
    ][:KEEP]
