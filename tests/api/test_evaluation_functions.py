"""The functions of the public rubric, asked of systems that have them and of one that has none."""

from __future__ import annotations

from typing import Any

import httpx

from api.evaluation.functions import CHECKS, FULL, evaluate

SOURCE = {"kind": "qa", "id": "qa-a-001"}
LEVELS = ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]


class System:
    """A system that does everything; what is named in ``broken`` (words of a path or of a sentence) fails."""

    def __init__(self, *broken: str) -> None:
        self.broken = broken
        self.said: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if any(word in path for word in self.broken):
            return httpx.Response(503)
        if path == "/v1/conversations":
            self.said = []
            return httpx.Response(201, json={"conversation_id": "c"})
        if path.endswith("/messages"):
            return httpx.Response(200, json=self._messages(request))
        return httpx.Response(200, **self._page(path))

    def _messages(self, request: httpx.Request) -> dict[str, Any]:
        if request.method == "GET":
            return {"messages": [{"role": "citizen", "text": self.said[0]}, {"role": "assistant"}]}
        text = httpx.Response(200, content=request.content).json()["text"]
        self.said.append(text)
        if any(word in text for word in self.broken):
            return {"messages": [{"type": "text", "text": "没听懂"}], "turn": {"status": "no_answer"}}
        if "挂号" in self.said[0]:
            return {"messages": [], "turn": {"status": "form", "awaiting": "department"}}
        labels = LEVELS if "评价" in text else []
        choices = [{"label": label, "payload": {"do": "rate"}} for label in labels]
        choices += [{"label": "别的", "payload": {"do": "entry", "entry_id": "qa-a-002"}}]
        message = {"type": "answer", "text": f"{text}：这样办", "source": SOURCE, "choices": choices}
        return {"messages": [message], "turn": {"status": "answered"}}

    @staticmethod
    def _page(path: str) -> dict[str, Any]:
        hits = [{"probability": 0.9}, {"probability": 0.2}]
        bodies: dict[str, Any] = {
            "/v1/suggest": {"json": [{"text": "社保卡"}]}, "/v1/search": {"json": {"hits": hits}},
            "/v1/hot": {"json": [1, 2, 3]}, "/v1/speech": {"content": b"RIFF...."},
            "/v1/transcriptions": {"json": {"text": "水费怎么交"}}, "/": {"text": '<meta name="viewport">'},
        }  # fmt: skip
        return dict(bodies[path])


def points(*broken: str) -> dict[str, Any]:
    with httpx.Client(base_url="http://wenban", transport=httpx.MockTransport(System(*broken))) as http:
        return evaluate(http)


def test_all_but_what_no_program_sees() -> None:
    report = points()
    assert report["points"] == FULL - 0.5
    assert sum(check.worth for check in CHECKS) == FULL - 0.5
    assert not any(row["problem"] for row in report["checks"])


def test_each_function_is_asked_for() -> None:
    lost = {
        "speech": {"朗读", "语音输入"}, "transcriptions": {"语音输入"}, "hot": {"有热点（是否来自日志，程序看不出）"},
        "居住证": {"政策文件（事项的依据）"}, "评价": {"好差评五级"}, "挂号": {"一步一问地办", "中途提问不打断"},
    }  # fmt: skip
    for broken, failed in lost.items():
        report = points(broken)
        assert {row["what"] for row in report["checks"] if not row["points"]} == failed, broken


def test_a_system_that_only_fails_gets_nothing() -> None:
    report = points("/")
    assert report["points"] == 0
    assert all("503" in row["problem"] or not row["problem"] for row in report["checks"])
