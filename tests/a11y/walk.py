"""The way through every page that is measured: each kind of message, in both versions, and the staff console."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from measuring import PHONE, WATCH, State, measure
from playwright.sync_api import Browser, BrowserContext, Page
from wenban_site import CONSENT, STAFF

Shot = Callable[[Page, str], None]
ANSWERS = ".from-assistant:not(.waiting)"
SAYINGS = (
    ("文字", "您好"), ("回答", "水费咋交"), ("事项卡", "俺娘的社保卡"), ("追问", "水费"), ("查询结果", "天气预报"),
    ("提示", "系统故障"), ("填表：选项", "挂个号"),
)  # fmt: skip
SIZES = (18, 22, 26, 30, 34)
THEMES = (("浅色", False, "18-auto-auto"), ("深色", True, "18-auto-auto"), ("黑底黄字", False, "18-contrast-auto"))
NARROW = (320, 640)


@contextmanager
def opened(
    browser: Browser, size: tuple[int, int], dark: bool = False, cookies: dict[str, str] | None = None, url: str = ""
) -> Iterator[tuple[BrowserContext, Page]]:
    """Open a browser without history; it may use the microphone."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", has_touch=size == PHONE,
        color_scheme="dark" if dark else "light", permissions=["microphone"],
    )  # fmt: skip
    context.set_default_timeout(8000)
    context.add_init_script(WATCH)
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in (cookies or {}).items()])
    yield context, context.new_page()
    context.close()


def typing(page: Page) -> None:
    """Bring the text box into view: the elder version shows it on request."""
    page.locator("html.js").wait_for(state="attached")  # before that Enter would post a plain form
    if not page.locator("#text").is_visible():
        page.locator("#type-switch").click()


def say(page: Page, text: str) -> None:
    count = page.locator(ANSWERS).count()
    typing(page)
    page.locator("#text").fill(text)
    page.keyboard.press("Enter")
    page.locator(ANSWERS).nth(count).wait_for()
    if page.locator("#type-switch").is_visible():
        page.locator("#type-switch").click()


def press(page: Page, label: str) -> None:
    count = page.locator(ANSWERS).count()
    live = page.locator(".live")
    button = live.get_by_role("button", name=label, exact=True)
    while not button.is_visible():  # "更多" brings the next three
        live.locator(".next-choices").click()
        page.locator(ANSWERS).nth(count).wait_for()
        count += 1
    button.click()
    page.locator(ANSWERS).nth(count).wait_for()


def fill_form(page: Page, seen: Callable[[str], None]) -> None:
    """Go from the first question to the receipt."""
    press(page, "骨科")
    seen("填表：日期")
    press(page, "明天")
    seen("填表：时间")
    press(page, "09:00–09:30")
    page.locator(".live input[name=value]").fill("13800005678")
    seen("填表：手机号")
    press(page, "确定")
    seen("核对")
    press(page, "提交")
    seen("回执")


def conversation(page: Page, url: str, version: str, size: tuple[int, int], theme: str, shot: Shot) -> Iterator[State]:
    """Measure every kind of message as it comes."""
    page.goto(f"{url}?mode={version}")
    states: list[State] = []

    def seen(name: str) -> None:
        states.append(measure(page, name, version, size, theme))
        shot(page, f"{version}-{name}")

    seen("首页")
    for name, words in SAYINGS:
        say(page, words)
        seen(name)
    fill_form(page, seen)
    typing(page)
    page.locator("#text").fill("水费")
    page.locator(".suggestion").first.wait_for()
    seen("打字和联想")
    page.locator("#text").fill("")
    yield from states


def plain_pages(page: Page, url: str, version: str, size: tuple[int, int], theme: str, shot: Shot) -> Iterator[State]:
    page.goto(f"{url}?mode={version}")
    for name, path in (
        ("全部事项", "services?stage=住"), ("亲友代办", "family"), ("找不到页面", "nothing"), ("接口文档", "docs"),
    ):  # fmt: skip
        if path == "docs" and version == "elder":
            continue
        page.goto(url + path)
        yield measure(page, name, version, size, theme)
        shot(page, f"{version}-{name}")


def my_space(page: Page, url: str, version: str, size: tuple[int, int], theme: str, shot: Shot) -> Iterator[State]:
    """Sign in with the demonstration provider and look at everything of one's own."""
    page.goto(f"{url}?mode={version}")
    page.goto(f"{url}me")
    yield measure(page, "我的（未登录）", version, size, theme)
    page.goto(f"{url}identity/sign-in?level=2&next=/me")
    yield measure(page, "演示身份认证", version, size, theme)
    shot(page, f"{version}-演示身份认证")
    page.get_by_role("button", name="登录（演示）").click()
    page.wait_for_url(re.compile("/me$"))
    for details in page.locator("details").all():
        details.locator("summary").click()
    yield measure(page, "我的", version, size, theme)
    shot(page, f"{version}-我的")
    for name, path in (
        ("我的资料", "me/info"), ("我的材料", "me/materials"), ("替家人办", "me/relatives"),
        ("同意和删除", "me/consents"), ("代办同意", f"consent/{CONSENT}"),
    ):  # fmt: skip
        page.goto(url + path)
        yield measure(page, name, version, size, theme)
        shot(page, f"{version}-{name}")
    page.goto(url)
    yield measure(page, "首页有新消息", version, size, theme)
    shot(page, f"{version}-首页有新消息")


def heard(page: Page, url: str, version: str, size: tuple[int, int], theme: str, shot: Shot) -> Iterator[State]:
    """Speak; what was heard is uncertain."""
    answer = '{"text": "查水飞", "uncertain": true, "suggestion": "查水费"}'
    page.route("**/v1/transcriptions", lambda route: route.fulfill(content_type="application/json", body=answer))
    page.goto(f"{url}?mode={version}")
    button = page.locator("#talk" if version == "elder" else "#talk-small")
    button.click()
    page.get_by_text("请说，我在听").wait_for()
    yield measure(page, "正在听", version, size, theme)
    shot(page, f"{version}-正在听")
    page.wait_for_timeout(500)
    button.click()
    page.locator("#heard").wait_for()
    yield measure(page, "听写确认", version, size, theme)
    shot(page, f"{version}-听写确认")


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}staff/login")
    page.locator("[name=username]").fill(STAFF[0])
    page.locator("[name=password]").fill(STAFF[1])
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(re.compile("/staff/entries"))


def staff(page: Page, url: str, size: tuple[int, int], shot: Shot) -> Iterator[State]:
    page.goto(f"{url}staff/login")
    yield measure(page, "工作台登录", "staff", size)
    shot(page, "staff-登录")
    page.locator("[name=username]").fill(STAFF[0])
    page.locator("[name=password]").fill("wrong")
    page.get_by_role("button", name="登录").click()
    page.locator("[role=alert]").wait_for()
    yield measure(page, "登录失败", "staff", size)
    sign_in(page, url)
    for name, path in (
        ("问答库", "staff/entries"), ("编辑问答", "staff/entries?open=qa-swj-001"),
        ("新建问答", "staff/entries?open=new"), ("未答上的问题", "staff/unanswered"),
    ):  # fmt: skip
        page.goto(url + path)
        yield measure(page, name, "staff", size)
        shot(page, f"staff-{name}")


def largest(page: Page, url: str, shot: Shot) -> Iterator[State]:
    """The whole form at every type size on a phone."""
    for points in SIZES[1:]:
        page.context.add_cookies([{"name": "wenban_view", "value": f"{points}-auto-auto", "url": url}])
        page.goto(f"{url}?mode=elder")
        page.evaluate("localStorage.clear()")
        page.goto(f"{url}?mode=elder&view=home")
        theme = f"{points} 磅"
        yield measure(page, "首页", "elder", PHONE, theme, axe=False)
        shot(page, f"elder-首页-{points}")
        say(page, "挂个号")
        found: list[State] = []
        fill_form(page, lambda name, t=theme, f=found: f.append(measure(page, name, "elder", PHONE, t, axe=False)))  # type: ignore[misc]
        shot(page, f"elder-回执-{points}")
        yield from found


def narrow(page: Page, url: str, version: str) -> Iterator[State]:
    """1280 px at 400 %: nothing may scroll sideways."""
    page.goto(f"{url}?mode={version}")
    yield measure(page, "首页", version, NARROW, axe=False)
    for name, words in SAYINGS:
        say(page, words)
        yield measure(page, name, version, NARROW, axe=False)
