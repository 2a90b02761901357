"""What can only be tried: the keyboard, reading aloud, the type steps, what is kept, how long a message stays."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from checks import Probe
from measuring import DESKTOP, PHONE
from playwright.sync_api import Browser, Page
from walk import SIZES, opened, say, sign_in

_POINTS = "parseFloat(getComputedStyle(document.body).fontSize) * .75"
_FOCUSABLE = """() => {
  const all = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  const usable = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.type !== 'hidden'
    && !e.closest('[inert]') && e.getBoundingClientRect().width > 0;
  // Of a group of round buttons Tab reaches one; the arrows reach the others.
  const first = (e) => e.type !== 'radio' || (() => {
    const group = [...document.querySelectorAll(`input[type=radio][name="${e.name}"]`)];
    return e === (group.find((one) => one.checked) ?? group[0]);
  })();
  return [...document.querySelectorAll(all)].filter(usable).filter(first).map((e, i) => {
    e.dataset.tabNumber = i;
    return (e.innerText || e.name || e.id || e.tagName).trim().slice(0, 16);
  });
}"""
_FOCUSED = """() => {
  const e = document.activeElement;
  const shows = (s) => s.boxShadow !== 'none' || (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0);
  const drawn = e.id === 'talk' ? e.querySelector('.talk-disc') : e.closest('.composer-row') ?? e;
  return [e.dataset.tabNumber ?? null, shows(getComputedStyle(drawn))];
}"""


def _by_keyboard(page: Page) -> tuple[int, list[str], int]:
    """Press Tab through a page; return how many controls there are, which were missed and how many showed no focus."""
    names: list[str] = page.evaluate(_FOCUSABLE)
    reached: set[str] = set()
    unseen = 0
    page.evaluate("document.activeElement.blur()")
    for _ in range(len(names) * 2 + 10):
        page.keyboard.press("Tab")
        number, visible = page.evaluate(_FOCUSED)
        if number is not None and number not in reached:
            reached.add(number)
            unseen += not visible
        if len(reached) == len(names):
            break
    return len(names), [name for i, name in enumerate(names) if str(i) not in reached], unseen


def _keys(page: Page, title: str) -> Probe:
    count, missed, unseen = _by_keyboard(page)
    which = f"：{'、'.join(missed[:3])}" if missed else ""
    shown = f"{count} 个控件，到不了 {len(missed)} 个{which}，看不出焦点 {unseen} 个"
    return Probe(f"键盘：{title}", "每个控件都能用 Tab 到达并看见焦点", shown, not missed and not unseen)


def keyboard(browser: Browser, url: str) -> Iterator[Probe]:
    for title, path, words in (
        ("标准版首页", "?mode=standard", ""), ("长辈版首页", "?mode=elder", ""),
        ("长辈版对话", "?mode=elder", "水费咋交"), ("标准版填表", "?mode=standard", "挂个号"),
        ("标准版上传材料", "?mode=standard", "补材料"), ("长辈版上传材料", "?mode=elder", "补材料"),
        ("一件事", "themes", ""), ("一件事的步骤", "themes/newborn", ""), ("全部事项", "services", ""),
        ("亲友代办", "family", ""), ("工作台登录", "staff/login", ""),
    ):  # fmt: skip
        with opened(browser, PHONE) as (_, page):
            page.goto(url + path)
            if words:
                say(page, words)
            yield _keys(page, title)
    with opened(browser, PHONE) as (_, page):
        page.goto(f"{url}identity/sign-in?level=2&next=/me")
        yield _keys(page, "演示身份认证")
        page.get_by_role("button", name="登录（演示）").click()
        page.wait_for_url(re.compile("/me$"))
        for title, path in (("我的", "me"), ("我的资料", "me/info"), ("替家人办", "me/relatives")):
            page.goto(url + path)
            yield _keys(page, title)
    with opened(browser, DESKTOP) as (_, page):
        sign_in(page, url)
        for title, path in (
            ("问答库", "staff/entries"), ("编辑问答", "staff/entries?open=qa-swj-001"),
            ("差评整改", "staff/rectifications"), ("为什么这样答", "staff/trace?q=设保卡补办"),
            ("未答上的问题", "staff/unanswered"),
        ):  # fmt: skip
            page.goto(url + path)
            yield _keys(page, title)


def reading(browser: Browser, url: str) -> Iterator[Probe]:
    with opened(browser, PHONE) as (_, page):
        asked: list[str] = []
        page.on(
            "request",
            lambda request: asked.append(request.post_data or "") if request.url.endswith("/v1/speech") else None,
        )
        page.goto(f"{url}?mode=elder")
        say(page, "水费咋交")
        page.locator("mark.reading").first.wait_for()
        label = page.locator("#read-bar").inner_text().replace("\n", " ")
        page.locator("mark.reading").first.wait_for(state="detached", timeout=15000)
        yield Probe("自动朗读，逐句标记", "有", f"{len(asked)} 句分别合成，念到哪句标哪句", len(asked) >= 3)
        yield Probe("合成语音有看得见的标识", "有", label, "合成" in label)


def steps(browser: Browser, url: str) -> Iterator[Probe]:
    with opened(browser, PHONE) as (_, page):
        page.goto(f"{url}?mode=elder")
        seen = []
        for _ in SIZES:
            seen.append(round(page.evaluate(_POINTS)))
            if len(seen) < len(SIZES):
                page.get_by_role("button", name="字大一点").click()
        page.reload()
        kept = round(page.evaluate(_POINTS))
        shown = f"{' / '.join(map(str, seen))}，重新打开后 {kept}"
        ok = seen == list(SIZES) and kept == SIZES[-1]
        yield Probe("字号可调并保留", f"{' / '.join(map(str, SIZES))} 磅", shown, ok)
        page.get_by_role("button", name="黑黄").click()
        theme = page.locator("html").get_attribute("data-theme")
        yield Probe("高对比配色", "一次点击", f"点一次后 data-theme={theme}", theme == "contrast")


def motion(browser: Browser, url: str) -> Iterator[Probe]:
    moving = """() => document.getAnimations().filter((a) => a.effect.getComputedTiming().duration > 1).length"""
    with opened(browser, PHONE, cookies={"wenban_view": "18-auto-less"}, url=url) as (_, page):
        page.goto(f"{url}?mode=elder")
        page.locator("#type-switch").click()
        page.locator("#text").fill("慢慢的问题")
        page.keyboard.press("Enter")
        page.locator(".dots").wait_for()
        count = page.evaluate(moving)
        yield Probe("减少动画", "打开后没有动画", f"等待回答时 {count} 个动画", count == 0)


def patience(browser: Browser, url: str) -> Iterator[Probe]:
    with opened(browser, PHONE) as (_, page):
        page.goto(f"{url}?mode=elder")
        say(page, "水费咋交")
        page.get_by_role("button", name="有帮助").click()
        page.locator("#toast.shown").wait_for()
        began = time.monotonic()
        page.locator("#toast:not(.shown)").wait_for(state="attached", timeout=20000)
        seconds = time.monotonic() - began
        yield Probe("操作时间充足（自动消失的提示停留）", "≥ 6 秒，页面没有倒计时", f"{seconds:.0f} 秒", seconds >= 6)


def kept(browser: Browser, url: str) -> Iterator[Probe]:
    with opened(browser, PHONE) as (context, page):
        foreign: list[str] = []
        page.on(
            "request",
            lambda request: (
                foreign.append(request.url) if not request.url.startswith((url, "blob:", "data:")) else None
            ),
        )
        page.goto(url)
        asked = page.get_by_role("heading", name="要不要用长辈版？").is_visible()
        yield Probe("第一次打开就问要不要长辈版（页内，不是弹窗）", "有", "有" if asked else "没有", asked)
        typed = page.locator("#text")
        typed.fill("老年版")
        page.keyboard.press("Enter")
        page.locator("html[data-mode=elder]").wait_for()
        again = context.new_page()
        again.goto(url)
        # The server itself renders it: what arrives is already the elder version.
        html = again.evaluate("fetch('/').then((r) => r.text())")
        ok = 'data-mode="elder"' in html
        yield Probe("说“老年版”就切换，并一直保留", "是", "服务器直接给出长辈版" if ok else "没有保留", ok)
        matters = again.locator(".elder-home button.matter-tile").count()
        pages = again.locator(".elder-home a.matter-tile strong").all_inner_texts()
        ok = matters == 12 and "亲友代办" in pages
        yield Probe("简洁首页：常用事项", "12 项，另有亲友代办", f"{matters} 项，另有{'、'.join(pages)}", ok)
        yield Probe("广告和外部资源", "0 个", f"{len(foreign)} 个", not foreign)


def tried(browser: Browser, url: str) -> Iterator[Probe]:
    """Try everything."""
    for probe in (kept, steps, reading, motion, patience, keyboard):
        yield from probe(browser, url)
