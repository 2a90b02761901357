"""One state of one page: axe's violations and our own numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_MEASURE = (Path(__file__).parent / "measure.js").read_text()
# Before the page's own scripts: remember which gestures they listen for and whether they open anything.
WATCH = """
globalThis.__gestures = []; globalThis.__popups = [];
const add = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (type, ...rest) {
  if (/^(touch|gesture|swipe|pinch)/.test(type)) globalThis.__gestures.push(type);
  return add.call(this, type, ...rest);
};
for (const name of ["open", "alert", "confirm", "prompt"]) globalThis[name] = () => globalThis.__popups.push(name);
"""
PHONE, DESKTOP = (375, 812), (1280, 900)


@dataclass
class State:
    """What was measured: ``version`` is elder, standard or staff."""

    page: str
    version: str
    size: tuple[int, int]
    theme: str
    numbers: dict[str, Any]
    violations: list[str] = field(default_factory=list)
    axe: bool = True

    @property
    def label(self) -> str:
        return f"{self.page}，{self.size[0]}×{self.size[1]}，{self.theme}"


@dataclass(frozen=True)
class Extreme:
    """The worst value found, and where."""

    value: float
    where: str


def measure(page: Page, name: str, version: str, size: tuple[int, int], theme: str = "浅色", axe: bool = True) -> State:
    """Measure what ``page`` shows now."""
    page.wait_for_timeout(280)  # what has just come has stopped moving
    state = State(name, version, size, theme, page.evaluate(_MEASURE), axe=axe)
    if axe:
        for violation in Axe().run(page).response["violations"]:
            nodes = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
            state.violations.append(f"{violation['id']}: {nodes}")
    return state


def worst(
    states: Iterable[State], part: str, value: Callable[[dict[str, Any]], float | None], most: bool = False
) -> Extreme:
    """Return the least (or the most) of ``value`` over every item of ``part``; None leaves an item out."""
    found = [
        (number, f"{item['where']}（{state.label}）")
        for state in states
        for item in state.numbers[part]
        if (number := value(item)) is not None
    ]
    if not found:
        return Extreme(float("nan"), "没有")
    return Extreme(*(max if most else min)(found, key=lambda pair: pair[0]))
