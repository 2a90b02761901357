"""What is spoken before anybody asks."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from api.speech import published
from knowledge.declaration import ServiceDeclaration
from knowledge.repository import EntryRepository, ServiceRepository
from wenban.database import session_scope


def service(identity: str, *prompts: str) -> ServiceDeclaration:
    fields = [
        {"name": f"f{number}", "label": "项", "type": "text", "prompt": f"{prompt}（写）", "prompt_spoken": prompt}
        for number, prompt in enumerate(prompts)
    ]
    return ServiceDeclaration.model_validate(
        {
            "id": identity, "name": "示例", "department": "市水务集团", "kind": "办理", "summary": "示例",
            "spoken": "示例", "audience": "居民", "fee": "免费", "time_limit": "当场", "channels": ["网上"],
            "theme": "生活",
            "aliases": ["甲事", "乙事", "丙事", "丁事"],
            "fields": fields, "operation": {"connector": "swj", "kind": "application", "name": "apply"},
        }
    )  # fmt: skip


def test_the_questions_of_the_forms_each_once(engine: Engine) -> None:
    with session_scope(engine) as session:
        services = ServiceRepository(session)
        services.save(service("swj-01", "请问户号是多少？", "请问您贵姓？"), "test")
        services.save(service("swj-02", "请问您贵姓？", "请问地址在哪里？"), "test")
    asked = published.prompts(engine)[len(published.USUAL) :]
    assert asked == ["请问户号是多少？", "请问您贵姓？", "请问地址在哪里？"]


def test_published_answers_alone(engine: Engine) -> None:
    assert sorted(published.answers(engine)) == ["先挂失，再补办。", "可以在手机上交。"]
    assert published.answer(engine, "qa-swj-001") == ["可以在手机上交。"]
    with session_scope(engine) as session:
        EntryRepository(session).withdraw("qa-swj-001", "test")
    assert published.answers(engine) == ["先挂失，再补办。"]
    assert published.answer(engine, "qa-swj-001") == published.answer(engine, "no-such") == []


@pytest.mark.parametrize(("what", "answers"), [("off", 0), ("prompts", 0), ("all", 2)])
def test_the_setting_decides(engine: Engine, what: str, answers: int) -> None:
    texts = published.worth_speaking(engine, what)  # type: ignore[arg-type]
    assert len(texts) == (0 if what == "off" else len(published.USUAL) + answers)
