"""A citizen's way through the page: ask, fill a form, hold a receipt, come back, lose the network."""

from __future__ import annotations

import re

import pytest
from fake_backend import FakeBackend
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.browser


def say(page: Page, text: str) -> None:
    answers = page.locator(".from-assistant:not(.waiting)")
    count = answers.count()
    page.fill("#text", text)
    page.keyboard.press("Enter")
    expect(answers).to_have_count(count + 1)


def press(page: Page, label: str) -> None:
    answers = page.locator(".from-assistant:not(.waiting)")
    count = answers.count()
    page.locator(".live").get_by_role("button", name=label, exact=True).click()
    expect(answers).to_have_count(count + 1)


def test_from_a_question_to_a_receipt(page: Page) -> None:
    expect(page.locator(".tile")).to_have_count(8)
    say(page, "水费咋交")
    expect(page.locator(".live .markdown li")).to_have_count(3)
    expect(page.locator(".welcome")).to_be_hidden()
    say(page, "明天上午去人民医院挂个号")
    press(page, "骨科")
    expect(page.locator(".live .progress")).to_have_text("2 / 4")
    page.locator(".live input[type=date]").fill("2026-11-25")
    press(page, "确定")
    expect(page.locator(".from-citizen").last).to_contain_text("2026-11-25")
    press(page, "09:00–09:30")
    page.locator(".live input[type=tel]").fill("13800005678")
    press(page, "确定")
    expect(page.locator(".live .card.review .edit")).to_have_count(5)
    press(page, "提交")
    expect(page.locator("[data-receipt]")).to_have_text("GH20261123000127")
    expect(page.locator(".card.review .edit").first).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("button", name="加入日历").click()
    assert download.value.suggested_filename == "GH20261123000127.ics"
    event = download.value.path().read_text()
    assert "DTSTART:20261123T090000" in event
    assert "SUMMARY:人民医院 骨科" in event

    page.reload()
    expect(page.locator("[data-receipt]")).to_have_text("GH20261123000127")
    expect(page.locator(".from-citizen")).to_have_count(7)
    page.get_by_role("button", name="新对话").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator(".welcome")).to_be_visible()


def test_suggestions_by_keyboard(page: Page) -> None:
    page.locator("#text").press_sequentially("社保")
    options = page.get_by_role("option")
    expect(options).to_have_count(3)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(page.locator("#text")).to_have_attribute("aria-activedescendant", "suggestion-1")
    page.keyboard.press("Enter")
    expect(page.locator(".from-citizen")).to_have_text(re.compile("居民社保缴费"))
    page.locator("#text").press_sequentially("水费")
    expect(options.first).to_be_visible()
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    page.keyboard.press("Shift+Enter")
    assert page.locator("#text").input_value() == "水费\n"


def test_enter_of_an_input_method_sends_nothing(page: Page) -> None:
    page.fill("#text", "shebao")
    page.locator("#text").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    expect(page.locator(".turn")).to_have_count(0)


def test_a_lost_network_keeps_what_was_typed(page: Page, context: BrowserContext, backend: FakeBackend) -> None:
    context.set_offline(True)
    page.fill("#text", "水费咋交")
    page.keyboard.press("Enter")
    failed = page.locator(".send-state.failed")
    expect(failed).to_contain_text("网络连不上")
    context.set_offline(False)
    failed.get_by_role("button", name="重试").click()
    expect(page.locator(".live .card.answer")).to_be_visible()
    expect(page.locator(".from-citizen")).to_have_count(1)
    expect(failed).to_have_count(0)


def test_the_engine_is_down_and_comes_back(page: Page, backend: FakeBackend) -> None:
    backend.fail.add("rasa")
    say(page, "今天怎么样")
    expect(page.locator(".card.notice")).to_contain_text("暂时连不上")
    backend.fail.clear()
    press(page, "重试")
    expect(page.locator(".live")).to_contain_text("您说的是：今天怎么样")


def test_waiting_is_shown(page: Page) -> None:
    page.fill("#text", "慢一点的问题")
    page.keyboard.press("Enter")
    expect(page.locator(".dots")).to_be_visible()
    expect(page.locator(".waiting-text")).to_have_text("正在查询…")
    expect(page.locator(".live")).to_contain_text("您说的是")
    expect(page.locator(".waiting")).to_have_count(0)


def test_read_aloud_and_rating(page: Page) -> None:
    say(page, "水费咋交")
    with page.expect_response("**/v1/speech") as spoken:
        page.get_by_role("button", name="朗读").click()
    assert spoken.value.status == 200
    page.get_by_role("button", name="没帮助").click()
    page.get_by_role("button", name="没说清楚").click()
    expect(page.locator("#toast")).to_contain_text("谢谢")
    say(page, "坏")
    page.locator(".live").get_by_role("button", name="朗读").click()
    expect(page.locator("#toast")).to_contain_text("朗读暂时不可用")


def test_matters_open_over_the_chat(page: Page) -> None:
    page.locator(".tile").nth(2).click()
    panel = page.locator("#panel")
    expect(panel.get_by_role("button", name="水费缴纳")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.locator(".tile").nth(2).click()
    panel.get_by_role("button", name="水费缴纳").click()
    expect(panel).to_be_hidden()
    expect(page.locator(".live .card.service")).to_be_visible()


def test_elder_mode_stays(page: Page, backend: FakeBackend) -> None:
    page.get_by_role("button", name="长辈版").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 22
    page.get_by_role("button", name="打字").click()
    say(page, "您好")
    assert backend.turns[-1]["metadata"]["mode"] == "elder"
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")


def test_without_javascript(chromium: Browser, url: str) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(url)
    page.fill("#text", "挂个号")
    page.click(".send")
    page.click("text=骨科")
    page.click("text=明天")
    page.click("text=09:00–09:30")
    page.fill(".live input[name=value]", "13800001111")
    page.click(".live .control .primary")
    page.locator(".live").get_by_role("button", name="提交").click()
    expect(page.locator("[data-receipt]")).to_have_text("GH20261123000127")
    context.close()
