"""The whole walk: every page and every state, both versions, phone, desktop and 320 px, three colours, five sizes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from measuring import DESKTOP, PHONE, State, measure
from playwright.sync_api import Browser, Page
from walk import NARROW, THEMES, Shot, conversation, heard, largest, my_space, narrow, opened, plain_pages, staff
from walk_more import chat_states, people, staff_at_work, themes


def everything(
    browser: Browser, url: str, shots: Path | None, sizes: tuple[tuple[int, int], ...] = (PHONE, DESKTOP)
) -> Iterator[State]:
    """Measure every page of the site; pictures go to ``shots``."""

    def shot_for(prefix: str) -> Shot:
        def shot(page: Page, name: str) -> None:
            if shots is not None:
                page.screenshot(path=shots / f"{prefix}-{name.replace('：', '-')}.png")

        return shot

    for size in sizes:
        wide = "desktop" if size == DESKTOP else "phone"
        with opened(browser, size) as (_, page):
            page.goto(url)
            yield measure(page, "第一次打开", "standard", size)
            shot_for(wide)(page, "standard-第一次打开")
        for version in ("standard", "elder"):
            for theme, dark, view in THEMES[: 3 if size == PHONE else 1]:  # colours do not depend on the width
                prefix = shot_for(f"{wide}-{theme}")
                with opened(browser, size, dark, {"wenban_view": view}, url) as (_, page):
                    yield from conversation(page, url, version, size, theme, prefix)
                    yield from chat_states(page, url, version, size, theme, prefix)
                    yield from plain_pages(page, url, version, size, theme, prefix)
                    yield from themes(page, url, version, size, theme, prefix)
                    yield from my_space(page, url, version, size, theme, prefix)
                    yield from people(page, url, version, size, theme, prefix)
                    yield from heard(page, url, version, size, theme, prefix)
        with opened(browser, size) as (_, page):
            yield from staff(page, url, size, shot_for(wide))
            yield from staff_at_work(page, url, size, shot_for(wide))
    with opened(browser, PHONE) as (_, page):
        yield from largest(page, url, shot_for("phone"))
    for version in ("standard", "elder"):
        with opened(browser, NARROW) as (_, page):
            yield from narrow(page, url, version)
