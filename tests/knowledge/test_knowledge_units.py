"""Check what services and entries can be found by."""

from __future__ import annotations

from knowledge_helpers import service_document

from knowledge.units import entry_owner, service_owner


def test_a_service_is_found_by_name_summary_aliases_and_variants() -> None:
    owner = service_owner(service_document(variants=["卡丢了咋弄"]))
    assert (owner.id, owner.title, owner.group, owner.service_id) == ("rsj-04", "社保卡补办", "办理", "rsj-04")
    assert [unit.role for unit in owner.units] == ["name", "summary", *["alias"] * 4, "variant"]
    assert owner.units[0].text == "社保卡补办"
    assert owner.units[-1].text == "卡丢了咋弄"
    assert {unit.owner for unit in owner.units} == {"rsj-04"}


def test_an_entry_is_found_by_question_and_variants() -> None:
    owner = entry_owner("qa-1", "社保卡丢了怎么办？", ["卡丢了"], ["rsj-04", "rsj-05"], "rsj")
    assert [(unit.text, unit.role) for unit in owner.units] == [
        ("社保卡丢了怎么办？", "question"),
        ("卡丢了", "variant"),
    ]
    assert owner.service_id == "rsj-04"
    assert entry_owner("qa-1", "问", [], [], "rsj").service_id is None
