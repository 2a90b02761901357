"""Take pictures of the page in the states that matter: ``python tests/browser/shots.py URL FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from wenban import browser as chromium

ARGUMENTS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES = {"phone": (375, 812), "desktop": (1280, 800)}


def say(page: Page, text: str) -> None:
    count = page.locator(".from-assistant:not(.waiting)").count()
    page.fill("#text", text)
    page.keyboard.press("Enter")
    page.locator(".from-assistant:not(.waiting)").nth(count).wait_for()
    page.wait_for_timeout(500)


def press(page: Page, label: str) -> None:
    count = page.locator(".from-assistant:not(.waiting)").count()
    page.locator(".live").get_by_role("button", name=label, exact=True).first.click()
    page.locator(".from-assistant:not(.waiting)").nth(count).wait_for()
    page.wait_for_timeout(500)


def main(url: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=ARGUMENTS)
        for name, (width, height) in SIZES.items():
            for scheme in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=scheme,  # type: ignore[arg-type]
                    has_touch=name == "phone", locale="zh-CN",
                )  # fmt: skip
                page = context.new_page()
                page.on("console", lambda message: print("console:", message.text))
                page.on("pageerror", lambda error: print("error:", error))
                page.goto(url)
                number = 0

                def shot(page: Page = page, prefix: str = f"{name}-{scheme}") -> None:
                    nonlocal number
                    number += 1
                    page.screenshot(path=folder / f"{prefix}-{number}.png")

                shot()
                page.type("#text", "社保")
                page.wait_for_timeout(500)
                shot()
                say(page, "俺娘的社保卡做到哪一步了")
                shot()
                say(page, "水费咋交")
                shot()
                say(page, "水费")
                shot()
                say(page, "挂个号")
                shot()
                press(page, "骨科")
                shot()
                press(page, "明天")
                press(page, "09:00–09:30")
                shot()
                page.fill(".live input[name=value]", "13800005678")
                press(page, "确定")
                shot()
                press(page, "提交")
                shot()
                if name == "phone":
                    page.click("#open-panel")
                    page.wait_for_timeout(400)
                    shot()
                    page.keyboard.press("Escape")
                context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
