"""My space in headless Chromium: news comes into the open page, and everything is reached by keyboard."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from wenban_site import Site, site

from wenban.database import session_scope
from wenban.tracking import TrackedMatter, TrackingRepository

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served() -> Iterator[Site]:
    with site() as served:
        yield served


@pytest.fixture
def phone(chromium: Browser, served: Site) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 375, "height": 812}, locale="zh-CN")
    context.set_default_timeout(8000)
    page, problems = context.new_page(), []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Refused to" in message.text else None)
    yield page
    assert problems == []
    context.close()


def tell(served: Site, title: str) -> None:
    """Tell the demonstration's citizen what the watcher would have found."""
    with session_scope(served.engine) as session:
        row = session.query(TrackedMatter).filter_by(receipt_no="BL1122").one()
        assert TrackingRepository(session).tell(row, uuid.uuid4().hex, "status", title, "材料收齐了。")


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}identity/sign-in?level=2&next=/")
    page.get_by_role("button", name="登录（演示）").click()
    page.wait_for_url(re.compile(r"#latest$"))


def test_news_comes_into_the_open_page_and_leaves_the_question_alone(phone: Page, served: Site) -> None:
    sign_in(phone, served.url)
    phone.locator("#text").fill("挂个号")
    phone.keyboard.press("Enter")
    phone.locator(".live").get_by_role("button", name="骨科").wait_for()
    before = int(phone.locator("#unread [data-count]").text_content() or 0)
    tell(served, "<b>进展</b>")
    card = phone.locator(".pushed").last
    expect(card).to_contain_text("<b>进展</b>")
    expect(phone.locator("#unread [data-count]")).to_have_text(str(before + 1))
    assert phone.locator(".pushed b").count() == 0, "escaped"
    expect(phone.locator(".live").get_by_role("button", name="骨科")).to_be_visible()
    card.get_by_role("link", name="查看进度").click()
    phone.wait_for_url(re.compile("/me#m-BL1122$"))
    phone.get_by_role("button", name=re.compile("全部标为已读")).click()
    expect(phone.get_by_text("未读")).to_have_count(0)
    phone.goto(served.url)
    expect(phone.locator("#unread")).to_be_hidden()


def test_everything_by_keyboard(phone: Page, served: Site) -> None:
    phone.goto(f"{served.url}me")
    sign = phone.get_by_role("main").get_by_role("link", name="登录")
    reach(phone, sign)
    phone.keyboard.press("Enter")
    phone.wait_for_url(re.compile("/idp/authorize"))
    reach(phone, phone.get_by_role("button", name="登录（演示）"))
    phone.keyboard.press("Enter")
    phone.wait_for_url(re.compile("/me$"))
    reach(phone, phone.get_by_role("link", name="替家人办"))
    phone.keyboard.press("Enter")
    phone.wait_for_url(re.compile("/me/relatives$"))
    reach(phone, phone.get_by_role("button", name="替王子轩办事"))
    phone.keyboard.press("Enter")
    phone.wait_for_url(served.url)
    expect(phone.locator(".session-note").first).to_contain_text("您在替 王子轩")


def test_materials_and_consents_are_looked_at_and_taken_back(phone: Page, served: Site) -> None:
    sign_in(phone, served.url)
    phone.goto(f"{served.url}me/materials")
    expect(phone.get_by_role("heading", name="诊断证明")).to_be_visible()
    with phone.expect_download() as download:
        phone.get_by_role("link", name=re.compile("下载.*诊断证明")).click()
    assert download.value.url.endswith("/file")
    phone.get_by_role("button", name=re.compile("删掉.*诊断证明")).click()
    expect(phone.get_by_text("还没有存下的材料")).to_be_visible()
    phone.get_by_role("link", name="同意和删除").click()
    expect(phone.get_by_role("heading", name="使用敏感信息：身份证号、健康情况")).to_be_visible()
    card = phone.get_by_role("listitem").filter(has_text="使用敏感信息")
    card.get_by_text("当时怎么说的").click()
    expect(card.get_by_text("只用来办这件事")).to_be_visible()
    card.get_by_role("button", name="收回").click()
    expect(card.get_by_text("已收回")).to_be_visible()
    phone.get_by_role("button", name="全部删除并退出").click()
    expect(phone.get_by_role("alert")).to_contain_text("先在方框里打勾")


def reach(page: Page, wanted: object) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):  # type: ignore[attr-defined]
            return
    raise AssertionError("not reached by Tab")
