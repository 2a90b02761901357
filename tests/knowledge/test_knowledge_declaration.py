"""Check that declarations are validated strictly and say what is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from knowledge_helpers import qa_document, service_document
from pydantic import ValidationError

from knowledge.declaration import FormField, QaDeclaration, ServiceDeclaration

FIELD = {"name": "district", "label": "区县", "type": "choice", "prompt": "在哪个区县？", "choices": ["兰山区"]}
OPERATION = {"kind": "application", "connector": "rsj", "name": "card"}


def test_accepts_the_smallest_document() -> None:
    service = ServiceDeclaration.model_validate(service_document())
    assert service.identity_level == 0
    assert service.fields == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"surprise": 1}, "Extra inputs"),
        ({"id": "RSJ_4"}, "match pattern"),
        ({"kind": "别的"}, "Input should be"),
        ({"aliases": ["一"]}, "at least 4 items"),
        ({"aliases": ["一", "二", "三", "三"]}, "stands twice"),
        ({"name": "  "}, "at least 1 character"),
        ({"channels": []}, "at least 1 item"),
        ({"identity_level": 5}, "less than or equal to 4"),
        ({"fields": [FIELD]}, "fields without an operation"),
        ({"fields": [FIELD, FIELD], "operation": OPERATION}, "share a name"),
        ({"fields": [{**FIELD, "when": {"gone": ["1"]}}], "operation": OPERATION}, "unknown field"),
        ({"phones": [{"name": "窗口", "number": "call me"}]}, "match pattern"),
    ],
)
def test_refuses(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        ServiceDeclaration.model_validate(service_document(**changes))


def test_a_choice_needs_somewhere_to_choose_from() -> None:
    with pytest.raises(ValidationError, match="needs 'choices'"):
        FormField.model_validate({**FIELD, "choices": []})
    assert FormField.model_validate({**FIELD, "choices": [], "choices_from": "districts"}).choices_from == "districts"


def test_a_field_may_depend_on_another() -> None:
    second = {**FIELD, "name": "street", "when": {"district": ["兰山区"]}}
    service = ServiceDeclaration.model_validate(service_document(fields=[FIELD, second], operation=OPERATION))
    assert service.fields[1].when == {"district": ["兰山区"]}


@pytest.mark.parametrize("changes", [{"id": "rsj-001"}, {"variants": ["一"]}, {"answer": ""}, {"valid_from": "soon"}])
def test_refuses_an_entry(changes: dict[str, Any]) -> None:
    assert QaDeclaration.model_validate(qa_document()).services == []
    with pytest.raises(ValidationError):
        QaDeclaration.model_validate(qa_document(**changes))
