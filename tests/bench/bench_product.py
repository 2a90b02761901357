"""Measure the running product: a full turn for one citizen, and how soon a published answer is there.

The product runs on free ports with a data directory of its own (``tests/e2e/harness.py``), so that nothing of the
real one is touched. Speech is not measured here.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from knowledge.calibration import read_questions
from tests.e2e.harness import System, prepare

WARM_UP = 20
EACH = 6  # turns a conversation
# A form among the questions: every sixth conversation carries one through to its review.
FORM = ("我想预约医院挂号", "人民医院", "骨科", "后天上午", "王秀兰", "算了不办了")
PLACES = ["东关", "西关", "南坊", "北城", "柳青", "金雀", "白沙", "义堂", "枣园", "半程"]


def percentiles(milliseconds: list[float]) -> dict[str, float]:
    return {
        "p50_ms": round(float(np.percentile(milliseconds, 50))),
        "p95_ms": round(float(np.percentile(milliseconds, 95))),
        "slowest_ms": round(max(milliseconds)),
    }


def conversations(turns: int) -> list[tuple[str, ...]]:
    """Return what is said, a tuple a conversation: questions of our own calibration set, and the form."""
    questions = [text for text, *_ in read_questions()]
    made: list[tuple[str, ...]] = []
    while sum(map(len, made)) < turns:
        at = len(made) * EACH
        made.append(FORM if len(made) % 6 == 5 else tuple(questions[(at + i) % len(questions)] for i in range(EACH)))
    return made


def turns(http: httpx.Client, count: int) -> dict[str, Any]:
    """Say ``count`` sentences one after the other; return times, and how many turns had no real answer."""
    spent: list[float] = []
    failed = 0
    for texts in conversations(count + WARM_UP):
        path = f"/v1/conversations/{http.post('/v1/conversations').json()['conversation_id']}/messages"
        for text in texts:
            began = time.perf_counter()
            reply = http.post(path, json={"text": text})
            spent.append((time.perf_counter() - began) * 1000)
            failed += not reply.is_success or reply.json()["turn"]["status"] == "error"
    return {"turns": len(spent) - WARM_UP, "failed": failed, **percentiles(spent[WARM_UP:])}


class Editor:
    """A member of staff in the console."""

    def __init__(self, url: str, password: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=60)
        token = self._hidden("/staff/login", "token")
        self.http.post("/staff/login", data={"username": "admin", "password": password, "token": token})

    def _hidden(self, path: str, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.http.get(path).text)
        assert found, f"no {name} in {path}"
        return found[1]

    def post(self, path: str, **fields: str) -> str:
        csrf = self._hidden("/staff/entries", "csrf")
        response = self.http.post(path, data={"csrf": csrf, **fields})
        assert response.status_code == 303, response.text[:300]
        return str(response.headers["location"])

    def publish(self, question: str, answer: str) -> str:
        empty = dict.fromkeys(("variants", "services", "valid_from", "valid_to", "tags"), "")
        fields = {"question": question, "answer": answer, "spoken": answer, "department_id": "wlj", "source": "测速"}
        found = re.search(r"open=([\w-]+)", self.post("/staff/entries", **empty, **fields))
        assert found
        self.post(f"/staff/entries/{found[1]}/publish")
        return found[1]


def publishing(http: httpx.Client, editor: Editor, times: int) -> dict[str, Any]:
    """Publish answers; return the seconds from the console's reply until chat gives each."""
    spent: list[float] = []
    for place in PLACES[:times]:
        question, answer = f"{place}社区云朵书车星期几来", f"{place}的书车每逢双周三下午来。"
        editor.publish(question, answer)
        began = time.perf_counter()
        while True:
            path = f"/v1/conversations/{http.post('/v1/conversations').json()['conversation_id']}/messages"
            if answer in str(http.post(path, json={"text": question}).json()["messages"]):
                break
            if time.perf_counter() - began > 60:
                raise RuntimeError(f"{question}: no answer a minute after publishing")
        spent.append(time.perf_counter() - began)
    return {
        "times": len(spent),
        "median_seconds": round(float(np.median(spent)), 2),
        "slowest_seconds": round(max(spent), 2),
    }


def ask(url: str, password: str, count: int, times: int) -> dict[str, Any]:
    """Measure a product that runs; published answers stay in its base."""
    with httpx.Client(base_url=url, timeout=60) as http:
        load = os.getloadavg()[0]
        said = turns(http, count)
        published = publishing(http, Editor(url, password), times) if password else None
    return {"turn": {**said, "load": [round(load, 1), round(os.getloadavg()[0], 1)]}, "publish": published}


def measure(count: int, times: int) -> dict[str, Any]:
    """Start the product, measure both, stop it."""
    with tempfile.TemporaryDirectory(prefix="wenban-bench-") as folder:
        home = Path(folder)
        prepare(home)
        system = System(home)
        try:
            system.start()
            return ask(system.url, system.password, count, times)
        finally:
            system.stop()
