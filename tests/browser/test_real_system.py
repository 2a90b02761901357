"""A phone on the real system: every process, no stand-in."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

sys.path.insert(0, str(Path(__file__).parents[1] / "e2e"))

from harness import System, system

__all__ = ["system"]
pytestmark = [pytest.mark.browser, pytest.mark.e2e]
ID_NO, PHONE = "371302196807150037", "13953912345"


@pytest.fixture
def phone(chromium: Browser, system: System) -> Iterator[Page]:
    """A phone of 375 × 812 with the page open; no script error, no refused content, nothing fetched from elsewhere."""
    context = chromium.new_context(viewport={"width": 375, "height": 812}, locale="zh-CN", has_touch=True)
    context.set_default_timeout(40_000)
    expect.set_options(timeout=40_000)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on(
        "request", lambda sent: problems.append(sent.url) if not sent.url.startswith((system.url, "data:")) else None
    )
    page.goto(system.url)
    yield page
    context.close()
    expect.set_options(timeout=5_000)
    assert problems == []


def answered(page: Page, act: object) -> Locator:
    """Do something that is answered; return the new answer, which must fit the width."""
    answers = page.locator(".from-assistant:not(.waiting)")
    count = answers.count()
    act()  # type: ignore[operator]
    expect(answers).to_have_count(count + 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    return answers.nth(count)


def say(page: Page, text: str) -> Locator:
    page.fill("#text", text)
    return answered(page, lambda: page.keyboard.press("Enter"))


def press(page: Page, label: str) -> Locator:
    button = page.locator(".live").get_by_role("button", name=label, exact=True).first
    return answered(page, lambda: button.tap())


def control(page: Page, value: str) -> Locator:
    page.locator(".live form.control [name=value]").fill(value)
    return press(page, "确定")


def test_from_a_question_to_a_receipt_that_stays(phone: Page) -> None:
    expect(phone.locator(".hot button").first).to_be_visible()
    phone.locator("#text").press_sequentially("sbk")
    expect(phone.get_by_role("option").first).to_contain_text("社保卡")
    phone.keyboard.press("Escape")

    expect(say(phone, "水费咋交")).to_contain_text("水费")
    expect(phone.locator(".live .source")).to_contain_text("来源")

    expect(say(phone, "明天上午去人民医院挂个骨科")).to_contain_text("看病的人叫什么名字")
    expect(phone.locator(".live .progress")).to_have_text("5 / 7")
    expect(say(phone, "郑国庆")).to_contain_text("身份证号")
    expect(control(phone, "371302196807150030")).to_contain_text("身份证")  # the checksum is wrong
    expect(phone.locator(".live .card.notice")).to_be_visible()
    expect(control(phone, valid(ID_NO))).to_contain_text("手机号")
    review = control(phone, PHONE)
    expect(review.locator(".card.review .edit")).to_have_count(7)
    expect(review).not_to_contain_text(valid(ID_NO))

    expect(answered(phone, lambda: review.get_by_role("button", name="改时段").tap())).to_contain_text(
        "上午去还是下午去"
    )
    expect(press(phone, "下午").locator(".card.review")).to_contain_text("下午")
    card = press(phone, "确认提交")
    expect(card.locator("[data-receipt]")).to_have_text(re.compile(r"^GH\d{12}$"))
    number = card.locator("[data-receipt]").inner_text()

    with phone.expect_download() as download:
        phone.get_by_role("button", name="加入日历").tap()
    assert "人民医院" in download.value.path().read_text()

    turns = phone.locator(".turn").count()
    phone.reload()
    expect(phone.locator("[data-receipt]")).to_have_text(number)
    expect(phone.locator(".turn")).to_have_count(turns)
    expect(press(phone, "查看进度")).to_contain_text("已约好")
    phone.get_by_role("button", name="新对话").tap()
    expect(phone.locator(".turn")).to_have_count(0)


def test_a_form_by_buttons_only(phone: Page) -> None:
    say(phone, "我想挂个号")
    for label in ("中心医院", "眼科", "后天", "上午"):
        button = phone.locator(".live").get_by_role("button", name=label)
        if not button.count():
            break
        press(phone, label)
    expect(phone.locator(".live")).to_contain_text("名字")
    phone.reload()
    expect(phone.locator(".live")).to_contain_text("名字")
    expect(press(phone, "上一步")).to_contain_text("上午去还是下午去")
    expect(press(phone, "先不办了")).to_contain_text("没有提交")


def test_a_button_of_yesterday_does_no_harm(phone: Page) -> None:
    """A page that was left open sends what is long past: it is answered, and nothing is submitted."""
    say(phone, "明天上午去人民医院挂个骨科")
    stale = phone.evaluate(
        """async () => {
            const body = {payload: {do: "field", field: "hospital", value: "不存在的医院", label: "x"}};
            const headers = {"Content-Type": "application/json"};
            const sent = await fetch("/chat/messages", {method: "POST", headers, body: JSON.stringify(body)});
            return [sent.status, (await sent.json()).turn.slots.hospital];
        }"""
    )
    assert stale[0] == 200
    assert stale[1] in (None, "人民医院")


def valid(number: str) -> str:
    """Return an ID number with the right check character."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True))
    return number[:17] + "10X98765432"[total % 11]
