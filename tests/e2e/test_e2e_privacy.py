"""What citizens say of themselves stands nowhere in clear text: not in a log, not in a database."""

from __future__ import annotations

import pytest
from citizen import BOOKING, SECRET_ID_NO, SECRET_PHONE, Citizen
from harness import System

pytestmark = pytest.mark.e2e
SECOND_PHONE = "17605391238"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def test_nothing_personal_in_clear_text(system: System) -> None:
    total = sum(int(digit) * weight for digit, weight in zip(SECRET_ID_NO[:17], WEIGHTS, strict=True))
    good = SECRET_ID_NO[:17] + "10X98765432"[total % 11]
    bad = SECRET_ID_NO[:17] + ("0" if good[-1] != "0" else "1")
    planted = {SECRET_ID_NO, good, bad, SECRET_PHONE, SECOND_PHONE, "幺八七五三九幺二三四七"}
    citizen = Citizen(system.url)
    citizen.say(BOOKING, "钱多多", bad, good, "幺八七五三九幺二三四七")
    assert citizen.slots["id_no"] == good
    assert citizen.slots["phone"] == SECRET_PHONE
    citizen.say("确认")
    assert citizen.receipt
    citizen.say(
        f"我的身份证是{good}，电话{SECOND_PHONE}，共享洗鞋机的押金咋退",
        f"我是钱多多，{SECOND_PHONE}，你们给我回个电话",
        f"{good}",
        f"查一下{SECOND_PHONE}这个手机是谁的",
    )
    other = Citizen(system.url)
    other.take(payload={"do": "start", "service_id": "cgj-04"})
    other.say(f"路灯不亮，我电话{SECOND_PHONE}")
    other.post(text="x" * 1001 + good)
    other.http.get("/v1/search", params={"q": f"{good}的社保卡"})
    other.http.get("/v1/suggest", params={"q": SECOND_PHONE})
    other.http.get(f"/no-such-page/{SECOND_PHONE}")

    found = []
    for path in sorted([*(system.home / "logs").iterdir(), *system.home.glob("*.db*")]):
        content = path.read_bytes()
        for secret in planted:
            forms = {
                secret.encode(), secret.encode("utf-16-le"),
                secret.encode("unicode_escape"), secret.encode("unicode_escape").replace(b"\\", b"\\\\"),
            }  # fmt: skip
            found += [f"{path.name}: {secret[:4]}…" for form in forms if form in content]
    assert found == []
    names = {path.name for path in system.home.glob("*.db")}
    assert {"wenban.db", "tracker.db", "sandbox.db"} <= names


def test_secrets_are_for_the_owner_only(system: System) -> None:
    for path in (system.home / "secrets").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path.name
    assert system.password not in system.logs(10_000)
