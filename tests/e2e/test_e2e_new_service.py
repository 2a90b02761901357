"""A service is one YAML file: it is found and carried through while everything runs, without training."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from citizen import PHONE, Citizen
from harness import System

from wenban import paths

pytestmark = pytest.mark.e2e
SERVICE = """
id: stx-01
name: 社区食堂订餐
department: 社区食堂
kind: 预约
summary: 提前订社区食堂的座位。
spoken: 可以帮您订社区食堂的座位。
audience: 所有人
fee: 订座不收费
time_limit: 当场订好
channels: [本平台]
stage: 养
theme: 社区生活
aliases: [社区食堂订餐, 老年食堂订座, 食堂吃饭预约, 订社区食堂的座位]
variants: [我想去社区食堂吃饭, 给俺娘订个食堂的座, 明天中午社区食堂还有座不]
fields:
  - {name: date, label: 日期, type: date, prompt: 您哪一天来吃饭？, example: 明天, rule: {max_days_ahead: 7}}
  - {name: period, label: 时段, type: period, prompt: 上午来还是下午来？, example: 上午}
  - {name: people, label: 人数, type: number, prompt: 一共几个人？, example: 两个人, prefill: people}
  - {name: name, label: 姓名, type: person, prompt: 请问您叫什么名字？, personal: true}
  - {name: phone, label: 手机号, type: phone, prompt: 请留个手机号。, personal: true}
operation: {kind: appointment, connector: booking, name: art_gallery}
confirmation: 请核对订餐信息，没错就说“确认”。
receipt: 座位订好了，请按时来。
"""
BROKEN = SERVICE.replace("stx-01", "stx-02").replace("kind: 预约", "kind: 订餐").replace("社区食堂订餐", "社区食堂外卖")


@pytest.fixture
def folder(system: System) -> Iterator[Path]:
    """The city's own content folder; empty again afterwards."""
    path = system.home / "content" / "services"
    path.mkdir(parents=True, exist_ok=True)
    yield path
    for file in path.glob("*.yaml"):
        file.unlink()
    system.wenban("seed")


def seed(system: System) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "wenban", "seed"], env=system.environment, cwd=paths.ROOT, text=True, timeout=120,
        check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.returncode, done.stdout


def eventually(condition: Callable[[], bool], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the search did not take the change over"
        time.sleep(0.3)


def test_a_service_is_one_file(system: System, folder: Path) -> None:
    pids = {name: system.row(name)["pid"] for name in ("rasa", "actions", "knowledge", "api")}
    (folder / "stx-02.yaml").write_text(BROKEN, "utf-8")
    (folder / "stx-01.yaml").write_text(SERVICE, "utf-8")
    code, said = seed(system)
    line = BROKEN.splitlines().index("kind: 订餐") + 1
    assert code == 1
    assert f"stx-02.yaml: line {line}: kind: " in said
    citizen = Citizen(system.url)
    eventually(lambda: citizen.http.get("/v1/services/stx-01").status_code == 200)
    assert citizen.http.get("/v1/services/stx-02").status_code == 404
    citizen.say("给俺娘订个社区食堂的座，后天上午，两个人")
    assert citizen.turn["service_id"] == "stx-01", citizen.text
    assert citizen.awaiting == "name"
    assert citizen.slots["people"] == 2
    citizen.say("王秀兰", PHONE)
    assert citizen.status == "confirm", citizen.text
    citizen.say("确认")
    assert citizen.receipt.startswith("YY")

    (folder / "stx-01.yaml").write_text(
        SERVICE.replace("一共几个人？", "来几位？").replace("订座不收费", "订座一元"), "utf-8"
    )
    assert "1 changed" in seed(system)[1]
    eventually(lambda: "订座一元" in citizen.http.get("/v1/services/stx-01").text)
    # The engine keeps a declaration for two seconds.
    eventually(lambda: "来几位" in Citizen(system.url).say("给俺娘订个社区食堂的座，后天上午").text)

    (folder / "stx-01.yaml").unlink()
    assert "1 taken down" in seed(system)[1]
    eventually(lambda: citizen.http.get("/v1/services/stx-01").status_code == 404)
    assert pids == {name: system.row(name)["pid"] for name in pids}, "something was restarted"
