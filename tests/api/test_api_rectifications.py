# fixtures of another module
"""差评整改 in the console: due dates, alarms before the breach, closing, appeals, departments."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest
from sqlalchemy import Engine
from staff_helpers import hidden, log_in

from knowledge.models import AuditRecord
from wenban import workdays
from wenban.database import session_scope
from wenban.ratings import Rating, RatingRepository, Rectification

TODAY = dt.date.today()


@pytest.fixture
def cases(engine: Engine) -> dict[str, int]:
    """Three bad ratings: one fresh, one due in two working days, one overdue."""
    with session_scope(engine) as session:
        repository = RatingRepository(session)
        repository.add("GH1", 1, TODAY, ["等得太久"], "排了一上午", ("swj-01", "水费缴纳"))
        repository.add("GH2", 2, TODAY, [], None, ("rsj-04", "社保卡进度"))
        repository.add("conversation:abc", 2, TODAY)
        repository.add("GH3", 3, TODAY)
        rows = {case.rating.about: case for case in session.query(Rectification)}
        rows["GH2"].due_on = workdays.after(TODAY, 2)
        rows["conversation:abc"].due_on = TODAY - dt.timedelta(days=1)
        return {about: case.id for about, case in rows.items()}


async def test_open_cases_with_their_alarms(admin: httpx.AsyncClient, cases: dict[str, int]) -> None:
    page = (await admin.get("/staff/rectifications")).text
    assert "3 件待办" in page
    assert "1 件已经超过期限" in page
    assert "1 件在 3 个工作日内到期" in page
    assert workdays.after(TODAY, 15).isoformat() in page
    assert "排了一上午" in page
    assert page.index("整个对话") < page.index("社保卡进度") < page.index("水费缴纳"), "the most urgent first"
    assert "conversation:" not in page, "who rated is confidential"
    assert "GH1" not in page


async def test_a_case_is_taken_up_and_closed(
    admin: httpx.AsyncClient,
    cases: dict[str, int],
    engine: Engine,
) -> None:
    csrf = hidden((await admin.get("/staff/rectifications")).text, "csrf")
    url = f"/staff/rectifications/{cases['GH1']}"
    assert (await admin.post(f"{url}/take", data={"csrf": csrf})).status_code == 303
    assert "处理中" in (await admin.get("/staff/rectifications")).text
    empty = await admin.post(f"{url}/close", data={"csrf": csrf, "result": "  "}, headers={"accept": "text/html"})
    assert empty.status_code == 422
    assert "请写明处理结果" in empty.text
    done = {"csrf": csrf, "result": "增开窗口，已回访。"}
    assert (await admin.post(f"{url}/close", data=done)).status_code == 303
    assert "增开窗口" in (await admin.get("/staff/rectifications?closed=true")).text
    assert (await admin.post(f"{url}/close", data=done)).status_code == 409
    with session_scope(engine) as session:
        assert [(a.action, a.actor) for a in session.query(AuditRecord).filter_by(target_kind="rectification")] == [
            ("take", "admin"), ("close", "admin"),
        ]  # fmt: skip


async def test_an_appeal_sets_the_rating_aside(
    admin: httpx.AsyncClient,
    cases: dict[str, int],
    engine: Engine,
) -> None:
    csrf = hidden((await admin.get("/staff/rectifications")).text, "csrf")
    url = f"/staff/rectifications/{cases['GH2']}/appeal"
    assert (await admin.post(url, data={"csrf": "x", "result": "恶意"})).status_code == 403
    assert (await admin.post(url, data={"csrf": csrf, "result": "评错了部门"})).status_code == 303
    with session_scope(engine) as session:
        rating = session.query(Rating).filter_by(about="GH2").one()
        assert (rating.stars, rating.set_aside) == (2, "评错了部门")


async def test_a_department_sees_its_own(
    client: httpx.AsyncClient,
    password: str,
    cases: dict[str, int],
) -> None:
    await log_in(client, "bianji", "department-secret")
    page = (await client.get("/staff/rectifications")).text
    assert "水费缴纳" in page
    assert "社保卡进度" not in page
    assert "整个对话" not in page
    csrf = hidden(page, "csrf")
    other = f"/staff/rectifications/{cases['GH2']}/take"
    assert (await client.post(other, data={"csrf": csrf})).status_code == 404
    own = f"/staff/rectifications/{cases['GH1']}/appeal"
    assert (await client.post(own, data={"csrf": csrf, "result": "x"})).status_code == 403, "appeals are the reviewer's"


async def test_the_alarms_are_metrics(client: httpx.AsyncClient, cases: dict[str, int]) -> None:
    text = (await client.get("/metrics")).text
    assert 'wenban_rectifications{alarm="overdue"} 1.0' in text
    assert 'wenban_rectifications{alarm="soon"} 1.0' in text
    assert 'wenban_rectifications{alarm="open"} 3.0' in text
