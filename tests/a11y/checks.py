"""The table: every number of 适老化 in ``shared/standards.md``, what it must be, what was measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from measuring import Extreme, State, worst


@dataclass(frozen=True)
class Row:
    what: str
    required: str
    measured: str
    ok: bool


@dataclass(frozen=True)
class Probe:
    """Something that was tried rather than measured; ``walk`` and ``probes`` make them."""

    what: str
    required: str
    measured: str
    ok: bool


def _row(what: str, least: float, found: Extreme, unit: str = "", digits: int = 1) -> Row:
    shown = "没有这种元素" if math.isnan(found.value) else f"最小 {found.value:.{digits}f}{unit}：{found.where}"
    return Row(what, f"≥ {least:g}{unit}", shown, math.isnan(found.value) or found.value >= least - 0.01)


def _words(key: str) -> Callable[[dict[str, Any]], float | None]:
    return lambda item: None if item["icon"] else float(item[key])


def _side(item: dict[str, Any]) -> float | None:
    return None if item["prose"] else float(min(item["width"], item["height"]))


def _none(what: str, states: list[State], bad: Callable[[State], object], count: str = "处") -> Row:
    wrong = [state for state in states if bad(state)]
    shown = f"0 {count}（{len(states)} 个页面状态）"
    if wrong:
        shown = f"{len(wrong)} {count}：" + "；".join(f"{s.version} {s.label} {bad(s)}" for s in wrong[:3])
    return Row(what, f"0 {count}", shown, not wrong)


def table(everything: Iterable[State], probes: Iterable[Probe]) -> list[Row]:
    """Return one row a number."""
    states = list(everything)
    elder = [s for s in states if s.version == "elder"]
    standard = [s for s in states if s.version == "standard"]
    staff = [s for s in states if s.version == "staff"]
    citizen = elder + standard
    named = [s for s in citizen if s.page not in ("接口文档", "演示身份认证")]
    first = [s for s in states if s.page in ("第一次打开", "首页") and s.version == "standard"]
    large = [s for s in elder if s.theme.endswith("磅") and int(s.theme.split()[0]) >= 30]
    rows = [
        _row("长辈版文字（全部可见文字）", 18, worst(elder, "texts", _words("points")), " 磅"),
        Row("30 磅以上主要功能可用（整张表从头办到回执，不横向滚动、不裁切）", "可用",
            f"30 和 34 磅各走完一遍，{len(large)} 个状态，溢出 {sum(s.numbers['overflow'] > 0 for s in large)} 处",
            bool(large) and all(s.numbers["overflow"] <= 0 for s in large)),
        _none("无衬线字体", states, lambda s: any(not t["sans"] for t in s.numbers["texts"])),
        _row("长辈版行距", 1.6, worst(elder, "texts", _words("leading")), " 倍", 2),
        _row("标准版行距", 1.3, worst(standard, "texts", _words("leading")), " 倍", 2),
        _row("长辈版段落间距（对行距）", 1.3, worst(elder, "paragraphs", lambda item: float(item["ratio"])), " 倍", 2),
        _row("长辈版文字对比度（三种配色）", 7, worst(elder, "texts", lambda t: float(t["contrast"])), ":1"),
        _row("标准版和工作台文字对比度（三种配色）", 4.5, worst(standard + staff, "texts", _small), ":1"),
        _row("18 磅以上文字对比度", 3, worst(standard + staff, "texts", _large), ":1"),
        _none("只靠颜色区分的链接（axe）", states, lambda s: any("link-in-text" in v for v in s.violations)),
        _row("长辈版点击区域", 60, worst(elder, "targets", _side), " px", 0),
        _row("长辈版点击区域（本项目要求）", 64, worst(elder, "targets", _side), " px", 0),
        _row("标准版点击区域（句子里的链接除外）", 44, worst(standard, "targets", _side), " px", 0),
        _row("工作台点击区域", 44, worst(staff, "targets", _side), " px", 0),
        _none("手势（页面监听的触摸手势）", states, lambda s: s.numbers["gestures"]),
        _none("弹窗、对话框、新窗口", states, lambda s: s.numbers["dialogs"] or s.numbers["popups"]),
        _none("验证码", states, lambda s: s.numbers["captcha"]),
        _none("第一页没有“长辈版”入口", first, lambda s: not s.numbers["entry"]),
        _none("长辈版一次超过三个选项", elder, lambda s: s.numbers["choices"] > 3 and s.numbers["choices"]),
        _none("长辈版多于一栏", elder, lambda s: s.numbers["columns"] > 1),
        _none("长辈版没有大光标", elder, lambda s: "arrow.svg" not in s.numbers["cursor"]),
        _none("不能缩放的页面", states, lambda s: not s.numbers["zoomable"]),
        _none("横向滚动或裁切（含 320 px 宽，即 400% 缩放）", states, lambda s: max(0, s.numbers["overflow"])),
        _none("看不到“人工”的市民页面", named, lambda s: not s.numbers["human"]),
        _none("axe 违规（WCAG 2.2 AA 和最佳实践）", [s for s in states if s.axe], lambda s: s.violations),
    ]  # fmt: skip
    return rows + [Row(p.what, p.required, p.measured, p.ok) for p in probes]


def _small(text: dict[str, Any]) -> float | None:
    return None if text["large"] else float(text["contrast"])


def _large(text: dict[str, Any]) -> float | None:
    return float(text["contrast"]) if text["large"] else None
