"""The reply when the dialogue engine is away: say so truthfully, and still answer what can be answered."""

from __future__ import annotations

from typing import Any

import structlog

from api.catalogue.fallback import Document, FallbackSearch
from api.conversations.payloads import Press
from knowledge.client import KnowledgeClient, KnowledgeUnavailable
from knowledge.schemas import EntryCard, ServiceCard
from wenban.turns import Candidate, Choice, Message, Reply, Source, Turn

log = structlog.get_logger("api.degrade")
SURE = 0.5


class DegradedReplies:
    """Answers from the Q&A base, or failing that from the database, when nothing can be handled (办理)."""

    def __init__(self, knowledge: KnowledgeClient, fallback: FallbackSearch, hotline: str) -> None:
        self.knowledge, self.fallback, self.hotline = knowledge, fallback, hotline

    async def reply(self, words: str, press: Press | None, reason: str, unsure: bool = False) -> Reply:
        """Return a reply that is never empty; ``unsure`` says that a submission may have gone out in this turn."""
        do = getattr(press, "do", None)
        if do == "human":
            return self._human()
        found: Message | None = None
        candidate: Candidate | None = None
        try:
            found, candidate = await self._find(words, press)
        except Exception as error:  # this is the last line of defence: whatever fails, the citizen gets an answer
            log.error("degraded_search_failed", error=type(error).__name__)
        messages = [self._notice(words, press, found is not None, unsure)]
        if found:
            messages.append(found)
        return Reply(
            messages=messages,
            turn=Turn(
                status="answered" if found else "error",
                service_id=candidate.service_id if candidate else None,
                confidence=candidate.probability if candidate else None,
                candidates=[candidate] if candidate else [],
                sources=[found.source] if found and found.source else [],
                note=f"dialogue_unavailable:{reason}",
            ),
        )

    def _human(self) -> Reply:
        text = f"在线转接暂时连不上。请直接拨打 {self.hotline}，有人工接听，可以咨询、求助和投诉。"
        return Reply(
            messages=[Message(type="notice", title="人工服务", text=text, speech=text)],
            turn=Turn(status="handoff", act="human", note="dialogue_unavailable"),
        )

    def _notice(self, words: str, press: Press | None, found: bool, unsure: bool) -> Message:
        text = "办事服务暂时连不上，现在不能办理、预约或查进度。您说的话已经保留，没有提交任何内容。"
        if unsure:
            text = (
                "办事服务暂时连不上，您刚才确认的这一件办成没办成现在还不知道，请不要另外再办。"
                "恢复以后点“重试”或说“再试一次”，会用同一个编号核对，不会办两次。"
            )
        text += "下面是在知识库里找到的内容，供您参考。" if found else f"请稍后点“重试”，或拨打 {self.hotline} 转人工。"
        again: dict[str, Any] = press.model_dump(exclude_none=True) if press else {"do": "say", "value": words}
        again.setdefault("label", words[:200])
        return Message(
            type="notice",
            title="暂时连不上",
            text=text,
            speech=text,
            choices=[
                Choice(label="重试", payload=again, style="primary"),
                Choice(label=f"{self.hotline} 人工", payload={"do": "human", "label": "转人工"}),
            ],
        )

    async def _find(self, words: str, press: Press | None) -> tuple[Message | None, Candidate | None]:
        try:
            if press is not None:
                return await self._pressed(press)
            return await self._searched(words)
        except KnowledgeUnavailable:
            wanted = press and (press.entry_id or press.service_id)
            if wanted:
                documents = (await self.fallback.index()).documents
                return next(((plain(d), _candidate(d, 1.0)) for d in documents if d.hit.id == wanted), (None, None))
            if press is not None:
                return None, None
            best = await self.fallback.best(words)
            if best is None or best[1] < SURE:
                return None, None
            return plain(best[0]), _candidate(*best)

    async def _pressed(self, press: Press) -> tuple[Message | None, Candidate | None]:
        if press.entry_id:
            return await self._item("qa", press.entry_id, 1.0)
        if press.service_id:
            return await self._item("service", press.service_id, 1.0)
        return None, None

    async def _searched(self, words: str) -> tuple[Message | None, Candidate | None]:
        hits = (await self.knowledge.search(words, 3)).hits
        if not hits or hits[0].probability < SURE:
            return None, None
        return await self._item(hits[0].kind, hits[0].id, hits[0].probability)

    async def _item(self, kind: str, item_id: str, probability: float) -> tuple[Message | None, Candidate | None]:
        if kind == "qa":
            entry = await self.knowledge.entry(item_id)
            if entry is None:
                return None, None
            service = entry.services[0] if entry.services else None
            candidate = Candidate(
                kind="qa", id=entry.id, title=entry.question, service_id=service, probability=probability
            )
            return answer(entry), candidate
        card = await self.knowledge.service(item_id)
        if card is None:
            return None, None
        return service_card(card), Candidate(
            kind="service", id=card.id, title=card.name, service_id=card.id, probability=probability
        )


def answer(entry: EntryCard) -> Message:
    related = [
        Choice(label=item.title, payload={"do": "entry", "entry_id": item.id, "label": item.title})
        for item in entry.related[:3]
        if item.kind == "qa"
    ]
    return Message(
        type="answer", title=entry.question, text=entry.answer, speech=entry.spoken, source=entry.source,
        choices=related,
    )  # fmt: skip


def service_card(card: ServiceCard) -> Message:
    return Message(
        type="service", title=card.name, text=card.summary, speech=card.spoken, badges=card.badges,
        sections=card.sections, source=card.source, service_id=card.id,
    )  # fmt: skip


def plain(document: Document) -> Message:
    """Make a message of what the plain search found."""
    source: Source = document.source
    return Message(
        type="answer" if source.kind == "qa" else "service",
        title=document.hit.title,
        text=document.body,
        speech=document.spoken,
        source=source,
        service_id=source.id if source.kind == "service" else None,
    )


def _candidate(document: Document, score: float) -> Candidate:
    hit = document.hit
    service = hit.id if hit.kind == "service" else None
    return Candidate(kind=hit.kind, id=hit.id, title=hit.title, service_id=service, probability=score)
