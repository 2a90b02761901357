"""A stand-in for Rasa, the action server and the knowledge process, for tests of the API and of its pages.

It speaks their HTTP, so that the API under test is the real one. Say one of the sentences below to get each kind of
message; ``FakeBackend.fail`` names what is down.
"""

from __future__ import annotations

import asyncio
import copy
import io
import threading
import time
import wave
from collections.abc import Iterable
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from actions.dialogue import offering
from actions.engine.state import Desk
from voice.errors import InvalidSpeech
from voice.hearing.errors import BY_CODE
from voice.hearing.transcript import Transcript
from wenban.turns import Message

SERVICES = [
    ("rsj-01", "社保卡制卡进度查询", "市人社局", "查询", "查社会保障卡做到哪一步了。", "老", True),
    ("rsj-02", "养老个人账户查询", "市人社局", "查询", "查养老保险个人账户的缴费和余额。", "老", False),
    ("swj-01", "水费查询", "市水务集团", "查询", "查欠费和历史账单。", "住", True),
    ("swj-02", "水费缴纳", "市水务集团", "缴费", "在线交水费。", "住", True),
    ("wjw-01", "预约医院挂号", "市卫健委", "预约", "预约全市二级以上医院的门诊号。", "医", True),
    ("wjw-02", "药店查询", "市卫健委", "查询", "查附近的定点药店。", "医", False),
    ("jyj-01", "公立中小学入学报名", "市教育局", "办理", "小学、初中新生网上报名。", "学", True),
    ("gaj-01", "交通违法查询", "市公安局", "查询", "查机动车未处理的违法。", "行", True),
    ("gaj-02", "电子身份证亮证", "市公安局", "亮证", "出示电子身份证。", "生", False),
    ("mzj-01", "城乡低保救助结果公开", "市民政局", "公开", "看低保审核结果。", "病", False),
    ("ybj-01", "居民社保缴费", "市税务局", "缴费", "交城乡居民养老和医保。", "养", True),
    ("cgj-01", "公厕点查询", "市城管局", "查询", "查附近的公共厕所。", None, False),
]
HOT = ["社保卡丢了怎么补办？", "水费怎么交？", "新生儿怎么落户？", "医保异地就医怎么备案？", "公积金怎么提取？"]
SOURCE = {"kind": "qa", "id": "qa-swj-001", "department": "市水务集团", "updated": "2026-10-08", "sample": True}
ANSWER = (
    "可以在手机上交，几分钟到账。\n\n1. 打开“问办”，点**水费缴纳**\n2. 输入户号（水费单左上角的 10 位数字）\n"
    "3. 核对户名和金额，付款\n\n没有户号时，带身份证到营业厅也能交。"
)


def summary(row: tuple[Any, ...]) -> dict[str, Any]:
    keys = ("id", "name", "department", "kind", "summary", "stage", "transactional")
    return dict(zip(keys, row, strict=True)) | {"theme": "民生"}


def message(kind: str, text: str, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "text": text, "speech": text, **fields}


def custom(turn: dict[str, Any], *messages: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"recipient_id": "x", "custom": {"messages": list(messages), "turn": turn}}]


def question(step: int, text: str, **fields: Any) -> list[dict[str, Any]]:
    field = {"total": 4, "step": step, **fields.pop("field")}
    body = message("question", text, title="预约医院挂号", field=field, **fields)
    return custom({"status": "form", "service_id": "wjw-01", "awaiting": field["name"]}, body)


def options(name: str, labels: list[str]) -> list[dict[str, Any]]:
    return [{"label": label, "payload": {"do": "field", "field": name, "value": label}} for label in labels]


SERVICE_SOURCE = {**SOURCE, "kind": "service", "id": "rsj-01", "department": "市人社局"}
RECEIPT = {
    "number": "GH20261123000127", "service_id": "wjw-01", "service_name": "预约医院挂号",
    "submitted_at": "2026-11-22T10:32:05", "status": "预约成功",
    "calendar": {"title": "人民医院 骨科", "start": "2026-11-23T09:00",
                 "location": "市人民医院"},
}  # fmt: skip


def review() -> list[dict[str, Any]]:
    values = [("hospital", "医院", "市人民医院"), ("dept", "科室", "骨科"), ("date", "日期", "11月23日（明天）周一"),
              ("slot", "时间", "09:00–09:30"), ("phone", "手机号", "138****5678")]  # fmt: skip
    rows = [{"label": b, "value": c, "field": a, "edit": {"do": "edit", "field": a}} for a, b, c in values]
    choices = [
        {"label": "提交", "payload": {"do": "confirm"}, "style": "primary"},
        {"label": "取消", "payload": {"do": "cancel"}},
    ]
    text = "请核对，没有问题就提交。"
    body = message("review", text, title="预约医院挂号", rows=rows, choices=choices)
    return custom({"status": "confirm", "service_id": "wjw-01"}, body)


NOTES = {
    "长辈模式": "elder_mode", "大字": "elder_mode", "老年版": "elder_mode", "普通版": "standard_mode",
    "慢一点": "slower", "快一点": "faster", "大声点": "louder", "停": "stop",
}  # fmt: skip


LEVELS = ("非常满意", "满意", "基本满意", "不满意", "非常不满意")
REASONS = ("等得太久", "材料或流程太繁琐", "说不明白", "事情没办成", "态度不好", "别的原因")
HUMAN = {"label": "转人工", "payload": {"do": "human", "label": "转人工"}}


def further(text: str, do: str | None) -> list[dict[str, Any]] | None:
    """The rarer kinds of answer: rating, upload, a theme's progress, the wall of signing in, a refusal."""
    if do == "rate" and text in LEVELS[:3]:
        return custom({"status": "answered"}, message("text", "谢谢您的评价。"))
    if do == "rate" and text in LEVELS:
        choices = [{"label": n, "payload": {"do": "rate", "field": "reason", "value": n}} for n in REASONS]
        sorry = message("text", "没让您满意，对不起。已经转给工作人员整改。", choices=[HUMAN])
        return custom({"status": "answered"}, sorry, message("choices", "是哪里没做好？", choices=choices))
    if do == "attach":
        return custom({"status": "form"}, message("text", "收到材料，已经加密保存。"))
    if "评价" in text:
        choices = [{"label": n, "payload": {"do": "rate", "value": str(5 - i)}} for i, n in enumerate(LEVELS)]
        return custom({"status": "clarify"}, message("choices", "请给这次服务打个分：", choices=choices))
    if "补材料" in text:
        control = {"name": "materials", "label": "材料", "control": "text", "example": "诊断证明", "upload": True}
        return question(3, "请上传材料的照片。", field=control)
    if "一件事" in text or do == "theme":
        steps = {"heading": "要办的事", "items": ["✓ 预约医院挂号", "● 出生医学证明（分娩医院）", "○ 预防接种点查询"]}
        choices = [{"label": "这件办好了", "payload": {"do": "theme", "value": "done:step-2"}}]
        said = "“新生儿出生一件事”一共 3 件，办好 1 件。下一件：出生医学证明（分娩医院）。"
        body = message("result", said, title="新生儿出生一件事", sections=[steps], choices=choices)
        return custom({"status": "answered", "note": "theme:newborn"}, body)
    if "要登录" in text:
        choices = [{"label": "登录，接着办", "payload": {"do": "sign_in", "value": "2"}, "style": "primary"}, HUMAN]
        said = "“社保卡申领”要先登录，才能替您办。您填的都留着。"
        return custom({"status": "auth_required"}, message("notice", said, title="需要登录", choices=choices))
    if "没听懂" in text:
        choices = [
            {"label": n, "payload": {"do": "card", "service_id": "wjw-01"}} for n in ("预约医院挂号", "药店查询")
        ]
        return custom({"status": "no_answer"}, message("text", "是下面这件吗？", choices=[*choices, HUMAN]))
    return None


def reply(text: str, payload: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return what Rasa would say."""
    do, field = (payload or {}).get("do"), (payload or {}).get("field")
    if text in NOTES:
        return custom({"status": "answered", "note": NOTES[text]}, message("text", "好的，已经照办。"))
    if (shown := further(text, do)) is not None:
        return shown
    if "天气" in text:
        rows = [{"label": "今天", "value": "多云，2 到 12 度"}, {"label": "明天", "value": "晴，3 到 13 度"}]
        body = message("result", "今天多云。出门请添衣。", title="天气预报", rows=rows, source=SERVICE_SOURCE)
        return custom({"status": "answered", "service_id": "qxj-01"}, body)
    if "故障" in text:
        return custom({"status": "error"}, message("notice", "市人社局的系统暂时连不上。\n请过一会儿再试。"))
    if do == "confirm":
        more = [{"label": "查看进度", "payload": {"do": "ask", "value": RECEIPT["number"]}, "style": "primary"}]
        body = message("receipt", "请按时就诊，带好身份证和医保卡。", title="预约成功", receipt=RECEIPT, choices=more)
        return custom({"status": "done", "receipt": RECEIPT["number"]}, body)
    if do == "human":
        return custom({"status": "handoff"}, message("text", "正在为您转接人工坐席。您也可以直接拨打 12345。"))
    if do == "cancel":
        return custom({"status": "cancelled"}, message("text", "好的，已经取消，没有提交任何内容。"))
    if field == "hospital" or "挂" in text or do == "resume":
        control = {"name": "dept", "label": "科室", "control": "choices"}
        names = ["骨科", "内科", "外科", "儿科", "眼科", "口腔科", "皮肤科", "中医科", "妇产科"]
        return question(1, "挂哪个科？", field=control, choices=options("dept", names))
    if field == "dept":
        control = {"name": "date", "label": "就诊日期", "control": "date", "minimum": "2026-11-22"}
        days = [("今天", "2026-11-22"), ("明天", "2026-11-23"), ("后天", "2026-11-24")]
        quick = [{"label": d, "payload": {"do": "field", "field": "date", "value": v, "label": d}} for d, v in days]
        return question(2, "哪一天去？", field=control, choices=quick)
    if field == "date" or text in ("今天", "明天", "后天"):
        control = {"name": "slot", "label": "时间", "control": "time"}
        slots = ["08:00–08:30", "08:30–09:00", "09:00–09:30", "09:30–10:00", "10:00–10:30", "14:00–14:30"]
        return question(3, "还有这些时间可以约，选一个：", field=control, choices=options("slot", slots))
    if field == "slot":
        control = {"name": "phone", "label": "手机号", "control": "phone", "example": "13800005678"}
        return question(4, "您的手机号是多少？用来接收就诊提醒。", field=control)
    if field == "phone":
        return review()
    if do in ("card", "start") or "社保卡" in text:
        choices = [
            {"label": "去查询", "payload": {"do": "start", "service_id": "rsj-01"}, "style": "primary"},
            {"label": "怎么办", "payload": {"do": "ask", "service_id": "rsj-01"}},
        ]
        sections = [
            {"heading": "需要什么", "items": ["身份证号码"]},
            {"heading": "怎么办", "items": ["说出身份证号", "核对姓名", "看进度"], "ordered": True},
            {"heading": "多久", "items": ["即时查询"]},
        ]
        body = message("service", "查社会保障卡做到哪一步了，什么时候能领。", title="社保卡制卡进度查询",
                       badges=["市人社局", "需实名", "免费", "即时"], sections=sections, choices=choices,
                       source=SERVICE_SOURCE, service_id="rsj-01")  # fmt: skip
        return custom({"status": "answered", "service_id": "rsj-01", "confidence": 0.93}, body)
    if text == "水费":
        choices = [{"label": n, "payload": {"do": "card", "service_id": i}} for i, n in
                   (("swj-01", "查水费"), ("swj-02", "交水费"))]  # fmt: skip
        return custom({"status": "clarify"}, message("choices", "您是想查水费，还是交水费？", choices=choices))
    if "水费" in text:
        related = [{"label": n, "payload": {"do": "entry", "entry_id": "qa-swj-002"}} for n in
                   ("户号在哪里看？", "水费多少钱一吨？")]  # fmt: skip
        body = message("answer", ANSWER, title="水费怎么交？", source=SOURCE, choices=related)
        return custom({"status": "answered", "act": "ask", "confidence": 0.91, "sources": [SOURCE]}, body)
    if "<" in text:
        body = message("answer", f"{text} [x](javascript:alert(1)) ![i](http://a/b.png)", title=text, source=SOURCE)
        return custom({"status": "answered"}, body)
    if text == "两段":
        return [
            {"recipient_id": "x", "text": "先说一句。"},
            *custom({"status": "form", "act": "ask", "slots": {"a": 1}, "service_id": None}, message("text", "第二句")),
            *custom({"status": "done", "service_id": "rsj-01", "act": None}, message("text", "第三句")),
        ]
    return custom({"status": "chitchat"}, message("text", f"您说的是：{text}"))


def silence(seconds: float = 0.3) -> bytes:
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(b"\0\0" * int(16000 * seconds))
    return data.getvalue()


class FakeSpeaker:
    """``voice.service.SpeechService`` without a voice; ``prepared`` is what was to be spoken in advance."""

    def __init__(self) -> None:
        self.prepared: list[str] = []

    async def start(self) -> None: ...
    async def stop(self) -> None: ...

    async def prepare(self, texts: Iterable[str], voice: str = "default", rate: float = 1.0) -> None:
        self.prepared += list(texts)

    async def speak(self, text: str, voice: str = "default", rate: float = 1.0) -> bytes:
        if "坏" in text:
            raise RuntimeError("no voice")
        if voice == "nobody":
            raise InvalidSpeech("no voice 'nobody'")
        return silence()

    async def speak_piece(
        self, text: str, number: int, after: int = 0, voice: str = "default", rate: float = 1.0
    ) -> tuple[bytes, int]:
        """Speak a sentence in one piece, and one about clouds in three when nothing sounds before it."""
        return await self.speak(text, voice, rate), 3 if "云" in text and not after else 1


THEME: dict[str, Any] = {
    "id": "newborn", "name": "新生儿出生一件事", "summary": "孩子出生要办的事。", "spoken": "孩子出生要办的事。",
    "audience": "刚生了孩子的家庭", "stage": "生", "needs": ["户口簿"], "shared": ["name"],
    "steps": [
        {"key": "wjw-05", "name": "预约医院挂号", "where": "市卫生健康委", "note": "先约好", "optional": False,
         "service_id": "wjw-05", "transactional": True},
        {"key": "step-2", "name": "出生医学证明", "where": "分娩医院", "note": "", "optional": False},
        {"key": "wjw-02", "name": "预防接种点查询", "where": "市卫生健康委", "note": "", "optional": True,
         "service_id": "wjw-02", "transactional": False},
    ],
}  # fmt: skip


class FakeBackend:
    """Serves on a free port of this machine; ``turns`` are the requests that Rasa got."""

    def __init__(self, delay: float = 0.0) -> None:
        self.fail: set[str] = set()
        self.turns: list[dict[str, Any]] = []
        self.desks: dict[str, tuple[Desk, list[dict[str, Any]]]] = {}
        self.delay = delay
        self.app = FastAPI()
        self.app.middleware("http")(self._down)
        for path, method, endpoint in (
            ("/webhooks/rest/webhook", "POST", self.rasa), ("/", "GET", self.ok), ("/health", "GET", self.ok),
            ("/healthz", "GET", self.ok), ("/search", "GET", self.search), ("/suggest", "GET", self.suggest),
            ("/services", "GET", self.services), ("/services/{item}", "GET", self.service), ("/hot", "GET", self.hot),
            ("/entries/{item}", "GET", self.entry), ("/explain", "GET", self.explain),
            ("/webhooks/acts/parse", "POST", self.parse), ("/themes", "GET", self.themes),
            ("/themes/{item}", "GET", self.theme),
        ):  # fmt: skip
            self.app.add_api_route(path, endpoint, methods=[method])
        config = uvicorn.Config(self.app, host="127.0.0.1", port=0, log_level="error", lifespan="off")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    async def _down(self, request: Request, call_next: Any) -> Response:
        part = "rasa" if request.url.path.startswith("/webhooks") else "knowledge"
        if part in self.fail:
            return Response(status_code=500)
        response: Response = await call_next(request)
        return response

    async def rasa(self, request: Request) -> JSONResponse:
        body = await request.json()
        self.turns.append(body)
        await asyncio.sleep(self.delay)
        if "慢" in body["message"]:
            await asyncio.sleep(3)
        if "空" in body["message"]:
            return JSONResponse([])
        return JSONResponse(self._paged(body["sender"], body["message"], body["metadata"]))

    def _paged(self, sender: str, text: str, metadata: dict[str, Any]) -> list[dict[str, Any]]:
        """Let the real code cut what is offered to a page, as the action server does."""
        payload = metadata["payload"]
        desk, before = self.desks.get(sender, (Desk(), []))
        desk.elder = metadata["mode"] == "elder"
        if text == "更多" or (payload or {}).get("do") == "more":
            offering.read_on(desk)
            answer = copy.deepcopy(before)
        else:
            desk.offer = None
            answer = reply((payload or {}).get("label") or text, payload)
        self.desks[sender] = desk, copy.deepcopy(answer)
        for part in answer:
            if "custom" in part:
                messages = [Message.model_validate(each) for each in part["custom"]["messages"]]
                offering.present(desk, messages)
                part["custom"]["messages"] = [each.model_dump(mode="json") for each in messages]
        return answer

    async def ok(self) -> dict[str, str]:
        return {"status": "ok"}

    async def search(self, q: str, limit: int = 10) -> dict[str, Any]:
        hit = {"kind": "qa", "id": "qa-swj-001", "title": "水费怎么交？", "snippet": "手机上交",
               "department": "市水务集团", "probability": 0.9 if "水费" in q else 0.1}  # fmt: skip
        return {"query": q, "hits": [hit]}

    async def suggest(self, q: str, limit: int = 8) -> list[dict[str, Any]]:
        texts = [(row[1], "service", row[0]) for row in SERVICES] + [(text, "qa", "qa-a-001") for text in HOT]
        return [{"text": t, "kind": k, "id": i} for t, k, i in texts if q in t][:limit]

    async def services(self) -> list[dict[str, Any]]:
        return [summary(row) for row in SERVICES]

    async def service(self, item: str) -> Any:
        row = next((summary(row) for row in SERVICES if row[0] == item), None)
        if row is None:
            return JSONResponse({}, 404)
        return row | {"spoken": row["summary"], "badges": ["免费"], "sections": [], "identity_level": 0,
                      "follow_ups": [], "source": {**SERVICE_SOURCE, "id": item}}  # fmt: skip

    async def hot(self, limit: int = 5) -> list[dict[str, Any]]:
        return [{"text": text, "id": "qa-a-001", "kind": "qa"} for text in HOT][:limit]

    async def themes(self) -> list[dict[str, Any]]:
        return [THEME]

    async def theme(self, item: str) -> Any:
        return THEME if item == THEME["id"] else JSONResponse({}, 404)

    async def entry(self, item: str) -> Any:
        return {"id": item, "question": "水费怎么交？", "answer": ANSWER, "spoken": "手机上就能交。",
                "department": "市水务集团", "services": ["swj-02"], "source": SOURCE, "related": []}  # fmt: skip

    async def explain(self, text: str) -> dict[str, Any]:
        """What the knowledge process says of "设保卡补办": one word corrected, one service, one entry."""
        best = {"kind": "service", "id": "rsj-04", "title": "社保卡补办", "service_id": "rsj-04", "probability": 0.87}
        slip = {"original": "设保卡", "corrected": "社保卡", "score": 0.87, "kind": "sound", "sure": True}
        features = {"dense": 0.91, "dense_top3": 0.82, "words": 0.5}
        rows = [{**{k: best[k] for k in ("kind", "id", "title", "probability")}, "matched": "补社保卡"},
                {"kind": "qa", "id": "qa-rsj-001", "title": "社保卡丢了怎么补办？", "probability": 0.4,
                 "matched": "社保卡丢了"}]  # fmt: skip
        resolution = {"text": text, "normalized": text.replace("设", "社"), "decision": "answer", "in_scope": 0.97,
                      "entry_share": 0.21, "best": best, "services": [best], "slips": [slip]}  # fmt: skip
        return {"original": text, "cleaned": text, "plain": text.replace("设", "社"), "resolution": resolution,
                "candidates": [{**row, "features": features} for row in rows], "thresholds": {"in_scope": 0.5},
                "version": 7}  # fmt: skip

    async def parse(self, request: Request) -> dict[str, Any]:
        return {"act": "start", "confidence": 0.83, "ranking": [{"act": "start", "confidence": 0.83},
                {"act": "ask", "confidence": 0.12}]}  # fmt: skip

    @property
    def port(self) -> int:
        port: int = self.server.servers[0].sockets[0].getsockname()[1]
        return port

    def start(self) -> FakeBackend:
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)
        return self

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(5)


class FakeListener:
    """``voice.hearing.service.HearingService`` without a recogniser: what it hears is what the file says.

    A recording is text after ``RIFF``; ``?`` at its end makes it uncertain, ``!CODE`` is the error of that code.
    """

    available = True
    busy = False

    async def start(self) -> None: ...
    async def stop(self) -> None: ...

    async def listen(self, data: bytes, longest: float = 60.0) -> tuple[Transcript, float]:
        if data[8:12] == b"WAVE":  # from a stream: as many words as there are tenths of a second
            return Transcript(f"听到{len(data) // 3200}", "听到", uncertain=False, seconds=len(data) / 32000), 0.0
        said = data.decode()
        if said.startswith("!"):
            raise BY_CODE[said[1:]]("as ordered")
        words, _, other = said.partition("|")
        text = words.rstrip("?")
        return Transcript(text, words, words.endswith("?") or bool(other), other or None, 0.9, 1.5), 0.0
