"""axe and the numbers of 适老化, on a phone; ``make a11y`` measures the rest (desktop, other colours, other sizes)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from checks import table
from measuring import PHONE, State
from playwright.sync_api import Browser, Page
from walk import conversation, heard, largest, my_space, opened, plain_pages, staff
from walk_more import chat_states, people, staff_at_work, themes
from wenban_site import Site, site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]


@pytest.fixture(scope="module")
def here() -> Iterator[Site]:
    with site() as here:
        yield here


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with opened(chromium, PHONE) as (_, page):
        yield page


def no_picture(page: Page, name: str) -> None: ...


def wrong(states: list[State]) -> list[str]:
    assert states
    return [
        f"{row.what}：{row.measured}" for row in table(states, []) if not row.ok and "磅以上主要功能" not in row.what
    ]


@pytest.mark.parametrize("version", ["standard", "elder"])
def test_every_kind_of_message(page: Page, here: Site, version: str) -> None:
    states = list(conversation(page, here.url, version, PHONE, "浅色", no_picture))
    assert wrong([*states, *heard(page, here.url, version, PHONE, "浅色", no_picture)]) == []


@pytest.mark.parametrize("version", ["standard", "elder"])
def test_the_rarer_states(page: Page, here: Site, version: str) -> None:
    assert wrong(list(chat_states(page, here.url, version, PHONE, "浅色", no_picture))) == []


@pytest.mark.parametrize("version", ["standard", "elder"])
def test_plain_pages(page: Page, here: Site, version: str) -> None:
    states = list(plain_pages(page, here.url, version, PHONE, "浅色", no_picture))
    assert wrong([*states, *themes(page, here.url, version, PHONE, "浅色", no_picture)]) == []


@pytest.mark.parametrize("version", ["standard", "elder"])
def test_my_space(page: Page, here: Site, version: str) -> None:
    states = list(my_space(page, here.url, version, PHONE, "浅色", no_picture))
    assert wrong([*states, *people(page, here.url, version, PHONE, "浅色", no_picture)]) == []


def test_the_console(page: Page, here: Site) -> None:
    states = list(staff(page, here.url, PHONE, no_picture))
    assert wrong([*states, *staff_at_work(page, here.url, PHONE, no_picture)]) == []


def test_a_form_at_every_type_size(page: Page, here: Site) -> None:
    states = list(largest(page, here.url, no_picture))
    assert wrong(states) == []
    assert {state.theme for state in states} == {"22 磅", "26 磅", "30 磅", "34 磅"}
