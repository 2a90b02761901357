"""Why this? For a question: how its words were read, which act it is, what was thought of, and what was decided."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.conversations.rasa import DialogueUnavailable, HeardAct
from api.deps import ServicesDep
from api.staff.deps import StaffDep
from api.text import clean
from api.web.templating import render
from knowledge.client import KnowledgeUnavailable
from knowledge.schemas import Explanation

router = APIRouter(prefix="/staff", include_in_schema=False)
LONGEST = 1000
ACTS = {
    "ask": "问事情", "start": "要办事", "query": "要查数据", "progress": "问进度", "complain": "投诉、反映",
    "inform": "报内容", "correct": "改内容", "confirm": "确认", "deny": "否认", "cancel": "不办了",
    "cancel_matter": "退掉已办的", "resume": "接着办", "go_back": "上一步", "skip": "跳过", "review": "看已填的",
    "repeat": "再说一遍", "slower": "慢一点", "faster": "快一点", "louder": "大声点", "stop": "停",
    "elder_mode": "长辈版", "standard_mode": "普通版", "choose": "选一项", "human": "转人工", "rate": "评价",
    "my_records": "看我的办件", "greet": "打招呼", "thanks": "道谢", "bye": "道别", "help": "求助", "chitchat": "闲聊",
    "abuse": "骂人", "out_of_scope": "不归我们管", "injection": "套话攻击", "gibberish": "乱打的字",
}  # fmt: skip
DECISIONS = {"answer": "直接回答", "clarify": "反问，请市民选", "none": "答不上，如实说"}
SLIPS = {"sound": "同音", "shape": "形近", "missing": "少字", "pinyin": "拼音", "initials": "拼音首字母"}
FEATURES = {
    "dense": "最像的一句", "dense_top3": "最像的三句", "name": "像名称", "words": "词（单句）", "grams": "字（单句）",
    "owner_words": "词（全部）", "owner_grams": "字（全部）", "classifier": "分类", "group": "类别",
}  # fmt: skip
OUTSIDE = {
    "other_place": "外地的事", "commercial": "买卖", "medical_advice": "看病用药", "legal_advice": "打官司",
    "insult": "骂人", "injection": "套话攻击", "politics": "不评论的话题", "gibberish": "乱打的字", "chitchat": "闲聊",
    "near_miss": "像但不归政务管", "general_knowledge": "常识", "digital_help": "手机操作",
}  # fmt: skip


@router.get("/trace")
async def trace(
    request: Request, services: ServicesDep, staff: StaffDep, q: Annotated[str, Query(max_length=LONGEST)] = ""
) -> Response:
    """Show how a sentence is understood now, alone; nothing of it is kept."""
    text = clean(q)
    explanation: Explanation | None = None
    heard: HeardAct | None = None
    problems: list[str] = []
    if text:
        try:
            explanation = await services.catalogue.knowledge.explain(text)
        except KnowledgeUnavailable:
            problems.append("资料库暂时连不上，看不到想到了什么。请过一会儿刷新。")
        try:
            heard = await services.conversations.rasa.parse(text)
        except DialogueUnavailable:
            problems.append("对话引擎暂时连不上，看不到当成了哪种话。请过一会儿刷新。")
    context = {
        "staff": staff, "section": "trace", "q": text, "explanation": explanation, "heard": heard,
        "problems": problems, "acts": ACTS, "decisions": DECISIONS, "slips": SLIPS, "features": FEATURES,
        "outside": OUTSIDE,
    }  # fmt: skip
    return render(request, "staff_trace.html", context, 503 if problems else 200)
