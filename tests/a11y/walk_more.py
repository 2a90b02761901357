"""The rarer states: rating, upload, a theme, waiting and failing, people one acts for, staff at work."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from measuring import PHONE, State, measure
from playwright.sync_api import Page
from walk import ANSWERS, Shot, press, say, typing
from wenban_site import CONSENT

SAYINGS = (
    ("上传材料", "补材料"), ("一件事的进度", "新生儿一件事"), ("要登录", "要登录"), ("没听懂", "没听懂"),
    ("转人工", "转人工"), ("评价", "我要评价"),
)  # fmt: skip


def chat_states(page: Page, url: str, version: str, size: tuple[int, int], theme: str, shot: Shot) -> Iterator[State]:
    """Measure the rarer kinds of message, and what the page shows while it waits and when it fails."""
    page.goto(f"{url}?mode={version}")
    states: list[State] = []

    def seen(name: str) -> None:
        states.append(measure(page, name, version, size, theme))
        shot(page, f"{version}-{name}")

    for name, words in SAYINGS:
        say(page, words)
        seen(name)
    press(page, "不满意")
    seen("差评的原因")
    say(page, "水费咋交")
    page.locator(".live").get_by_role("button", name="没帮助").click()
    page.locator(".reasons").wait_for()
    seen("没帮助的原因")
    page.locator(".reasons button:visible").first.click()
    page.locator("#toast.shown").wait_for()
    seen("轻提示")
    page.locator("#toast:not(.shown)").wait_for(state="attached", timeout=20000)
    _slowly(page, seen)
    _offline(page, seen)
    if version == "standard" and size[0] < 1024:
        page.locator("#open-panel").click()
        page.locator(".panel.open").wait_for()
        seen("事项面板")
        page.keyboard.press("Escape")
    yield from states


def _slowly(page: Page, seen: Callable[[str], None]) -> None:
    answers = page.locator(ANSWERS).count()
    typing(page)
    page.locator("#text").fill("慢慢的问题")
    page.keyboard.press("Enter")
    page.get_by_text("正在查询…").wait_for()
    seen("等待回答")
    page.locator(ANSWERS).nth(answers).wait_for()


def _offline(page: Page, seen: Callable[[str], None]) -> None:
    """A sentence that could not be sent stays, with a button that sends it again."""
    page.route("**/chat/messages", lambda route: route.abort())
    typing(page)
    page.locator("#text").fill("水费咋交")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="重试").wait_for()
    seen("没有发出去")
    page.unroute("**/chat/messages")
    answers = page.locator(ANSWERS).count()
    page.get_by_role("button", name="重试").click()
    page.locator(ANSWERS).nth(answers).wait_for()


def themes(page: Page, url: str, version: str, size: tuple[int, int], theme: str, shot: Shot) -> Iterator[State]:
    page.goto(f"{url}?mode={version}")
    for name, path in (("一件事", "themes"), ("一件事的步骤", "themes/newborn")):
        page.goto(url + path)
        yield measure(page, name, version, size, theme)
        shot(page, f"{version}-{name}")


def people(page: Page, url: str, version: str, size: tuple[int, int], theme: str, shot: Shot) -> Iterator[State]:
    """Signed in: add a person, act for one, be asked for consent and refuse the proof; sign in again higher."""
    page.goto(f"{url}me/relatives")
    page.locator("#r-name").fill("李桂兰")
    page.locator("#r-id").fill("371302198503120021")
    page.get_by_text("配偶", exact=True).click()
    with page.expect_navigation():
        page.get_by_role("button", name="加上").click()
    yield measure(page, "替家人办：结果", version, size, theme)
    shot(page, f"{version}-替家人办：结果")
    page.goto(f"{url}me/relatives")
    with page.expect_navigation():
        page.get_by_role("button", name="替王子轩办事").click()
    yield measure(page, "在替家人办", version, size, theme)
    shot(page, f"{version}-在替家人办")
    page.goto(f"{url}me/relatives")
    yield measure(page, "替家人办：正在替", version, size, theme)
    if size == PHONE and theme == "浅色":  # a few wrong proofs end the request
        page.goto(f"{url}consent/{CONSENT}")
        page.locator("#last-four").fill("1111")
        with page.expect_navigation():
            page.get_by_role("button", name="同意", exact=True).click()
        yield measure(page, "代办同意：不对", version, size, theme)
    page.goto(f"{url}identity/sign-in?level=3&next=/me")
    yield measure(page, "演示身份认证", version, size, theme)
    with page.expect_navigation():
        page.get_by_role("button", name="不登录了").click()
    yield measure(page, "没有登录成", version, size, theme)
    shot(page, f"{version}-没有登录成")
    page.goto(f"{url}idp/authorize")
    yield measure(page, "演示身份认证", version, size, theme)


def staff_at_work(page: Page, url: str, size: tuple[int, int], shot: Shot) -> Iterator[State]:
    """Signed in as staff: why an answer came, what bad ratings oblige to, a draft that is not whole."""
    for name, path in (
        ("为什么这样答", "staff/trace"), ("为什么这样答：一句", "staff/trace?q=设保卡补办"),
        ("差评整改", "staff/rectifications"), ("差评整改：办结", "staff/rectifications?closed=true"),
        ("未答上的问题", "staff/unanswered"), ("问答库：没找到", "staff/entries?q=没有这样的"),
        ("问答库：已不在", "staff/entries?open=qa-none-001"),
    ):  # fmt: skip
        page.goto(url + path)
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        yield measure(page, name, "staff", size)
        shot(page, f"staff-{re.sub('：', '-', name)}")
