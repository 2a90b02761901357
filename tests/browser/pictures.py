"""Take the README's pictures anew: ``PYTHONPATH=. python tests/browser/pictures.py URL`` on a fresh sandbox."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from shots import ARGUMENTS, say

from wenban import browser as chromium
from wenban.paths import ROOT

OPENING = "明天上午去人民医院挂个骨科"
ANSWERS = ("我叫王秀兰", "371302198503120021", "13912345678")


def phone(browser: Browser, url: str) -> Page:
    context = browser.new_context(viewport={"width": 375, "height": 812}, locale="zh-CN", has_touch=True)
    page = context.new_page()
    page.goto(url)
    page.get_by_role("button", name="不用，谢谢").click()
    return page


def main(url: str, folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=ARGUMENTS)
        page = phone(browser, url)
        page.screenshot(path=folder / "chat-phone-home.png")
        for sentence in (OPENING, *ANSWERS):
            say(page, sentence)
        page.locator(".live .card.review").wait_for()
        page.screenshot(path=folder / "chat-phone-review.png")
        say(page, "确认")
        page.locator("[data-receipt]").wait_for()
        page.screenshot(path=folder / "chat-phone-receipt.png")
        page.get_by_role("button", name="长辈版").first.click()
        page.locator("html[data-mode=elder]").wait_for()
        page.evaluate("document.getElementById('scroll').scrollTo(0, document.querySelector('.live').offsetTop - 90)")
        page.wait_for_timeout(500)
        page.screenshot(path=folder / "chat-elder.png")
        wide = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN").new_page()
        wide.goto(url)
        wide.get_by_role("button", name="不用，谢谢").click()
        say(wide, "水费咋交")
        wide.screenshot(path=folder / "chat-desktop.png")
        browser.close()
    print(f"{dt.date.today()}: five pictures in {folder}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "docs" / "images")
