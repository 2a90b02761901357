"""功能完整度 of the public rubric (CEIRP 2021, 15 points): ask a running system for each function, from outside.

A check is passed only by what the system did just now. What no program can see from outside is not counted: whether
the hot questions come from the logs, so that item gives half at most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from api.evaluation.heard import Heard

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"


@dataclass(frozen=True)
class Check:
    """``worth`` points of the item ``item`` of the rubric."""

    item: str
    what: str
    worth: float
    passes: Callable[[Visitor], bool]


class Visitor:
    """A citizen with a fresh conversation for each ``talk``."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http
        self.conversation = ""

    def get(self, path: str, **params: Any) -> Any:
        response = self.http.get(path, params=params)
        response.raise_for_status()
        return response.json()

    def talk(self, *texts: str) -> list[Heard]:
        self.conversation = self.http.post("/v1/conversations").raise_for_status().json()["conversation_id"]
        path = f"/v1/conversations/{self.conversation}/messages"
        return [Heard(self.http.post(path, json={"text": text}).raise_for_status().json()) for text in texts]


def buttons(heard: Heard, do: str) -> list[dict[str, Any]]:
    return [
        choice for message in heard.messages for choice in message.get("choices", []) if choice["payload"]["do"] == do
    ]


def _answers(visitor: Visitor, text: str, *words: str) -> bool:
    reply = visitor.talk(text)[0]
    sourced = any(message.get("source") for message in reply.messages)
    return reply.turn.get("status") == "answered" and sourced and all(word in reply.text for word in words)


def _related(visitor: Visitor) -> bool:
    return bool(buttons(visitor.talk("水费怎么交")[0], "entry"))


def _relevance(visitor: Visitor) -> bool:
    shares = [hit["probability"] for hit in visitor.get("/v1/search", q="社保卡丢了")["hits"]]
    return len(shares) > 1 and shares == sorted(shares, reverse=True)


def _guided(visitor: Visitor) -> bool:
    reply = visitor.talk("我要预约挂号")[0]
    return reply.turn.get("status") == "form" and bool(reply.turn.get("awaiting"))


def _digression(visitor: Visitor) -> bool:
    first, second = visitor.talk("我要预约挂号", "要带什么材料？")
    return bool(first.turn.get("awaiting")) and second.turn.get("awaiting") == first.turn.get("awaiting")


def _same_on_a_phone(visitor: Visitor) -> bool:
    pages = [visitor.http.get("/", headers={"User-Agent": agent}) for agent in (PHONE, "Mozilla/5.0 (X11; Linux)")]
    return all(page.status_code == 200 and not page.history for page in pages)


def _speech(visitor: Visitor) -> httpx.Response:
    return visitor.http.post("/v1/speech", json={"text": "水费怎么交"}).raise_for_status()


def _reads_aloud(visitor: Visitor) -> bool:
    response = _speech(visitor)
    return response.content[:4] == b"RIFF"


def _listens(visitor: Visitor) -> bool:
    response = visitor.http.post(
        "/v1/transcriptions", files={"audio": ("a.wav", _speech(visitor).content, "audio/wav")}
    )
    return "水费" in response.raise_for_status().json().get("text", "")


def _levels(visitor: Visitor) -> bool:
    labels = [choice["label"] for choice in buttons(visitor.talk("我想评价一下")[0], "rate")]
    return labels == ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]


def _history(visitor: Visitor) -> bool:
    visitor.talk("水费怎么交")
    kept = visitor.get(f"/v1/conversations/{visitor.conversation}/messages")["messages"]
    return [item["role"] for item in kept] == ["citizen", "assistant"] and kept[0]["text"] == "水费怎么交"


CHECKS = (
    Check("智能问答", "办事服务", 1, lambda v: _answers(v, "社保卡丢了怎么补办", "社保卡")),
    Check("智能问答", "政务公开", 1, lambda v: _answers(v, "低保审核结果在哪儿公开", "低保")),
    Check("智能问答", "政策文件（事项的依据）", 1, lambda v: _answers(v, "办居住证的法律依据是什么", "居住证")),
    Check(
        "智能提示", "输入时联想，也认拼音首字母", 1, lambda v: all(v.get("/v1/suggest", q=q) for q in ("社保", "sbk"))
    ),
    Check("知识推荐", "回答下有相关问题", 1, _related),
    Check("知识推荐", "结果带相关度、按相关度排", 1, _relevance),
    Check("智能导服", "一步一问地办", 1, _guided),
    Check("智能导服", "中途提问不打断", 1, _digression),
    Check("热点问题", "有热点（是否来自日志，程序看不出）", 0.5, lambda v: len(v.get("/v1/hot")) >= 3),
    Check("移动端同源", "手机和电脑同一页", 1, _same_on_a_phone),
    Check("移动端同源", "页面适应手机屏幕", 1, lambda v: 'name="viewport"' in v.http.get("/").text),
    Check("语音技术", "朗读", 1, _reads_aloud),
    Check("语音技术", "语音输入", 1, _listens),
    Check("评价", "好差评五级", 1, _levels),
    Check("问答历史", "找得回问过什么", 1, _history),
)
FULL = 15


def evaluate(http: httpx.Client) -> dict[str, Any]:
    """Make every check; one that gets an error is not passed, and the report says with what."""
    rows = list(_rows(Visitor(http)))
    return {"points": sum(row["points"] for row in rows), "of": FULL, "checks": rows}


def _rows(visitor: Visitor) -> Iterator[dict[str, Any]]:
    for check in CHECKS:
        problem = ""
        try:
            passed = check.passes(visitor)
        except (httpx.HTTPError, KeyError, ValueError) as error:
            passed, problem = False, f"{type(error).__name__}: {error}"[:200]
        yield {
            "item": check.item,
            "what": check.what,
            "points": check.worth if passed else 0,
            "worth": check.worth,
            "problem": problem,
        }
