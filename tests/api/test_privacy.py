"""My materials, consents and the deletion of everything, on a real server: one's own, and nobody else's."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from real_server import Server
from signing import Browser, inputs
from sqlalchemy import Engine
from test_space import citizen_id, start, submitted

from actions.models import CallbackRequest, MatterRecord
from api.models import CitizenSession, Conversation, RelativeRecord
from api.security import unsign
from api.web import chat
from wenban.attachments import Attachment, AttachmentRepository
from wenban.citizens import CitizenRecord, SavedValueRepository
from wenban.consents import Consent, ConsentRepository
from wenban.database import session_scope
from wenban.materials import KeptMaterial, MaterialRepository
from wenban.ratings import Rating
from wenban.settings import get_settings
from wenban.tracking import TrackedMatter

JPEG = b"\xff\xd8\xff\xe0 photo"


def keep(engine: Engine, citizen: int, kind: str = "诊断证明", relative_id: int = 0) -> None:
    with session_scope(engine) as session:
        file = AttachmentRepository(session).add("a-conversation", "证明.jpg", "image/jpeg", JPEG)
        MaterialRepository(session).keep(citizen, relative_id, kind, [file], "医疗救助")


def agree(engine: Engine, citizen: int, **more: Any) -> int:
    columns = {
        "kind": "sensitive", "what": ["id_no"], "service_id": "ybj-06", "purpose": "医疗救助", "version": "2026-11",
        "text": "办“医疗救助”要用到您的身份证号。", "how": "pressed",
    }  # fmt: skip
    with session_scope(engine) as session:
        return ConsentRepository(session).add(citizen, "a-conversation", **columns | more).id


@pytest.fixture
def two(server: Server, person: Browser) -> Any:
    """Two signed-in citizens, the first with a material and a consent."""
    person.sign_in("demo-wangxl", 2)
    other = Browser(server.url)
    other.sign_in("demo-lijg", 3)
    mine = citizen_id(server.engine, "王秀兰")
    keep(server.engine, mine)
    agree(server.engine, mine)
    yield person, other, mine
    other.close()


def test_materials_are_listed_and_deleted_by_their_citizen_only(server: Server, two: Any) -> None:
    person, other, _ = two
    (item,) = person.http.get("/v1/me/materials").json()
    assert (item["kind"], item["name"], item["service_name"]) == ("诊断证明", "证明.jpg", "医疗救助")
    page = person.page("/me/materials")
    assert "诊断证明" in page
    file = person.http.get(f"/v1/me/materials/{item['id']}/file")
    assert (file.content, file.headers["cache-control"]) == (JPEG, "no-store")
    assert "attachment" in file.headers["content-disposition"]
    assert other.http.get("/v1/me/materials").json() == []
    assert other.http.get(f"/v1/me/materials/{item['id']}/file").status_code == 404
    assert other.http.delete(f"/v1/me/materials/{item['id']}").status_code == 404
    assert person.http.post("/me/materials/forget", data={"material_id": item["id"]}).status_code == 403
    form = {"material_id": item["id"], "csrf": inputs(page)["csrf"]}
    assert person.http.post("/me/materials/forget", data=form).status_code == 303
    assert person.http.get("/v1/me/materials").json() == []
    assert "还没有存下的材料" in person.page("/me/materials")


def test_a_relative_s_materials_go_with_the_relative(server: Server, two: Any) -> None:
    person, _, mine = two
    fields = {"name": "王子轩", "id_no": "371302201503011014", "relation": "子女", "basis": "guardian",
              "declared": "yes", "csrf": person.csrf("/me/relatives")}  # fmt: skip
    person.http.post("/me/relatives", data=fields)
    child = person.http.get("/v1/me/relatives").json()[0]["id"]
    keep(server.engine, mine, relative_id=child)
    agree(server.engine, mine, relative_id=child, for_name="王子轩")
    assert {item["for_name"] for item in person.http.get("/v1/me/materials").json()} == {None, "王子轩"}
    assert "替王子轩" in person.page("/me/consents")
    assert person.http.delete(f"/v1/me/relatives/{child}").status_code == 204
    assert {item["for_name"] for item in person.http.get("/v1/me/materials").json()} == {None}
    found = {item["for_name"]: item["withdrawn_at"] for item in person.http.get("/v1/me/consents").json()}
    assert found[None] is None
    assert found["王子轩"] is not None


def test_who_stops_being_remembered_keeps_no_material(two: Any) -> None:
    person, _, _ = two
    assert person.http.put("/v1/me/remember", json={"remember": False}).status_code == 204
    assert person.http.get("/v1/me/materials").json() == []


def test_a_consent_is_shown_with_its_words_and_taken_back(two: Any) -> None:
    person, other, _ = two
    (item,) = person.http.get("/v1/me/consents").json()
    assert (item["what"], item["purpose"], item["version"]) == (["身份证号"], "医疗救助", "2026-11")
    assert (item["kind_name"], item["withdrawn_at"]) == ("使用敏感信息", None)
    assert "要用到您的身份证号" in item["text"]
    assert other.http.post(f"/v1/me/consents/{item['id']}/withdraw").status_code == 404
    page = person.page("/me/consents")
    assert "使用敏感信息：身份证号" in page
    assert person.http.post("/me/consents/withdraw", data={"consent_id": item["id"]}).status_code == 403
    form = {"consent_id": item["id"], "csrf": inputs(page)["csrf"]}
    assert person.http.post("/me/consents/withdraw", data=form).status_code == 303
    assert person.http.get("/v1/me/consents").json()[0]["withdrawn_at"] is not None
    assert "已收回" in person.page("/me/consents")


def fill(server: Server, person: Browser, mine: int) -> str:
    """Leave a trace in every table; return the conversation."""
    person.say("水费怎么交")
    here = str(unsign(person.http.cookies[chat.COOKIE]))
    submitted(server.engine, "SQ1", mine, here)
    record = {"service_id": "ybj-06", "service_name": "医疗救助", "connector": "apply", "operation": "medical_aid",
              "fields": {"name": "王秀兰"}}  # fmt: skip
    with session_scope(server.engine) as session:
        SavedValueRepository(session).keep(mine, 0, "profile.phone", "电话", "13900001234", "医疗救助")
        for key, status in (("k-done", "done"), ("k-unknown", "unknown")):
            session.add(MatterRecord(key=key, conversation_id=here, citizen_id=mine, status=status, **record))
        session.add(CallbackRequest(key="c", conversation_id=here, details={}, receipt_no="HD1", citizen_id=mine))
        session.add(Rating(about="SQ1", stars=1, comment="我叫王秀兰"))
        session.add(RelativeRecord(citizen_id=mine, person={}, relation="子女", basis="guardian", status="agreed",
                                   evidence={}))  # fmt: skip
        AttachmentRepository(session).add(here, "a.jpg", "image/jpeg", JPEG)
    with sqlite3.connect(get_settings().home / "tracker.db") as tracker:
        tracker.execute("CREATE TABLE events (sender_id TEXT)")
        tracker.executemany("INSERT INTO events VALUES (?)", [(here,), ("another",)])
    return here


def test_everything_is_deleted_on_request(server: Server, two: Any) -> None:
    person, other, mine = two
    here = fill(server, person, mine)
    keep(server.engine, citizen_id(server.engine, "李建国"))
    page = person.page("/me/consents")
    unsure = person.http.post("/me/erase", data={"csrf": inputs(page)["csrf"]})
    assert unsure.status_code == 422
    assert "请先在方框里打勾" in unsure.text
    done = person.http.post("/me/erase", data={"csrf": inputs(page)["csrf"], "sure": "yes"})
    assert done.status_code == 303
    assert person.http.get("/v1/me").status_code == 401
    with session_scope(server.engine) as session:
        assert [row.name for row in session.query(CitizenRecord)] == ["李建国"]
        for table in (TrackedMatter, CallbackRequest, RelativeRecord):
            assert session.query(table).count() == 0, table
        assert session.query(CitizenSession).count() == 1, "the other's"
        assert session.get(Conversation, here) is None
        assert session.query(Attachment).filter_by(conversation_id=here).count() == 0
        (left,) = session.query(MatterRecord)
        assert (left.key, left.citizen_id, left.fields) == ("k-unknown", None, {}), "its outcome can still be found"
        (rating,) = session.query(Rating)
        assert (rating.stars, rating.comment) == (1, None)
        (consent,) = session.query(Consent)
        assert (consent.citizen_id, consent.conversation_id) == (None, None), "proof, without a name"
        assert consent.withdrawn_at is not None
        assert [row.citizen_id for row in session.query(KeptMaterial)] == [citizen_id(server.engine, "李建国")]
    with sqlite3.connect(get_settings().home / "tracker.db") as tracker:
        assert tracker.execute("SELECT sender_id FROM events").fetchall() == [("another",)]
    assert other.http.get("/v1/me").status_code == 200


def test_the_api_deletes_too(server: Server, two: Any) -> None:
    person, _, mine = two
    fill(server, person, mine)
    assert person.http.delete("/v1/me").status_code == 204
    with session_scope(server.engine) as session:
        assert session.get(CitizenRecord, mine) is None


def test_a_conversation_that_nobody_signed_in_for_is_deleted_by_who_has_it(server: Server, person: Browser) -> None:
    here = start(server)
    submitted(server.engine, "SQ2", None, here)
    assert person.http.delete(f"/v1/conversations/{here}").status_code == 204
    assert person.http.get(f"/v1/conversations/{here}/messages").status_code == 404
    with session_scope(server.engine) as session:
        assert session.query(TrackedMatter).count() == 0
    person.sign_in("demo-wangxl", 2)
    person.say("水费怎么交")
    mine = str(unsign(person.http.cookies[chat.COOKIE]))
    stranger = Browser(server.url)
    assert stranger.http.delete(f"/v1/conversations/{mine}").status_code == 401
    stranger.close()


@pytest.mark.parametrize("path", ["/me/materials", "/me/consents"])
def test_the_pages_want_a_citizen(person: Browser, path: str) -> None:
    assert person.http.get(path, headers={"Accept": "text/html"}).status_code == 401
