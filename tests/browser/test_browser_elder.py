"""The elder version: found, kept, spoken to, read aloud, and used with the keyboard alone."""

from __future__ import annotations

import base64
import io
import json
import re
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_backend import FakeBackend
from playwright.sync_api import Browser, BrowserContext, FileChooser, Page, Request, Route, WebSocketRoute, expect
from walk import press, say

pytestmark = pytest.mark.browser
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
# The page's one Audio, and a browser that may refuse to begin without a tap.
AUDIO = """
const Plain = Audio;
globalThis.Audio = class extends Plain { constructor(...rest) { super(...rest); globalThis.__audio = this; } };
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  if (globalThis.__refuse) return Promise.reject(new DOMException('', 'NotAllowedError'));
  return play.call(this);
};
"""


@pytest.fixture
def elder(context: BrowserContext, url: str) -> Iterator[Page]:
    """A phone that opened the link to the elder version; the test fails on any script error."""
    context.grant_permissions(["microphone"])
    context.add_init_script(AUDIO)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Refused to" in message.text else None)
    page.goto(f"{url}?mode=elder")
    yield page
    assert problems == []


def mode(page: Page, name: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-mode", name)


def points(page: Page) -> int:
    page.wait_for_load_state()  # the size is the style sheet's
    return round(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize) * .75"))


def kept(page: Page) -> dict[str, float]:
    found: dict[str, float] = json.loads(page.evaluate("localStorage.getItem('wenban.view')") or "{}")
    return found


def until(page: Page, true: Callable[[], bool], seconds: float = 8) -> None:
    """Let the page go on until something is so that only this side sees."""
    for _ in range(int(seconds * 20)):
        if true():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not so after {seconds:g} s")


def spoken(page: Page) -> list[str]:
    """Return the list that will hold the sentences sent to be spoken."""
    found: list[str] = []
    page.on("request", lambda r: found.append(r.post_data_json["text"]) if r.url.endswith("/v1/speech") else None)
    return found


def answer_speech(page: Page, body: dict[str, object] | None, status: int = 200) -> list[bytes]:
    """Answer recordings with ``body``; return the list that will hold what was sent."""
    sent: list[bytes] = []

    def handle(route: Route) -> None:
        sent.append(route.request.post_data_buffer or b"")
        route.fulfill(status=status, content_type="application/json", body=json.dumps(body or {}))

    page.route("**/v1/transcriptions", handle)
    return sent


# -- found and kept ---------------------------------------------------------------------------------------------


def test_the_first_page_asks_once(page: Page) -> None:
    question = page.get_by_role("region", name="要不要用长辈版？")
    expect(question).to_be_visible()
    question.get_by_role("button", name="不用").click()
    expect(question).to_have_count(0)
    page.reload()
    mode(page, "standard")
    expect(question).to_have_count(0)


def test_the_answer_to_the_question_is_kept(page: Page, context: BrowserContext, url: str) -> None:
    page.get_by_role("button", name="要，换大字").click()
    mode(page, "elder")
    expect(page.locator("#elder-title")).to_be_focused()
    page.reload()
    mode(page, "elder")
    assert 'data-mode="elder"' in context.request.get(url).text()  # rendered by the server: no flash


def test_what_the_cookie_lost_the_browser_remembers(elder: Page, context: BrowserContext, url: str) -> None:
    context.clear_cookies()
    elder.goto(url)
    mode(elder, "elder")


def test_a_link_opens_it_and_a_later_choice_stays(elder: Page, url: str) -> None:
    assert elder.url == url
    elder.get_by_role("button", name="换回标准版").click()
    mode(elder, "standard")
    elder.reload()
    mode(elder, "standard")


@pytest.mark.parametrize("words", ["长辈模式", "大字", "老年版"])
def test_words_switch_the_version(page: Page, words: str) -> None:
    say(page, words)
    mode(page, "elder")
    say(page, "普通版")
    mode(page, "standard")
    page.reload()
    mode(page, "standard")


def test_without_javascript(chromium: Browser, url: str) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN", viewport={"width": 375, "height": 812})
    page = context.new_page()
    page.goto(url)
    page.fill("#text", "长辈模式")
    page.click(".send")
    mode(page, "elder")
    with page.expect_navigation():  # without scripts every button is a form
        page.get_by_role("button", name="字大一点").click()
    assert points(page) == 22
    page.get_by_role("button", name="黑黄").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "contrast")
    page.goto(f"{url}?view=home")
    page.get_by_role("button", name="交水费").click()
    expect(page.locator(".live .card")).to_be_visible()
    context.close()


# -- large, in order, nothing hidden ----------------------------------------------------------------------------


def test_type_steps_and_colours_are_kept(elder: Page) -> None:
    seen = [points(elder)]
    for _ in range(4):
        elder.get_by_role("button", name="字大一点").click()
        seen.append(points(elder))
    assert seen == [18, 22, 26, 30, 34]
    expect(elder.get_by_role("button", name="字大一点")).to_have_attribute("aria-disabled", "true")
    expect(elder.locator("#view-status")).to_have_text("字号 34")
    elder.get_by_role("button", name="黑黄").click()
    elder.reload()
    assert points(elder) == 34
    expect(elder.locator("html")).to_have_attribute("data-theme", "contrast")
    colours = elder.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
    assert colours == ["rgb(255, 230, 0)", "rgb(0, 0, 0)"]


def test_twelve_matters_each_say_a_plain_sentence(elder: Page, backend: FakeBackend) -> None:
    tiles = elder.locator(".elder-home button.matter-tile")
    expect(tiles).to_have_count(12)
    tiles.filter(has_text="交水费").click()
    expect(elder.locator(".live .card.answer")).to_be_visible()
    assert backend.turns[-1]["message"] == "交水费"
    assert backend.turns[-1]["metadata"]["mode"] == "elder"
    elder.get_by_role("link", name="首页").click()
    expect(tiles.first).to_be_visible()
    elder.get_by_role("link", name="回到刚才").click()
    expect(elder.locator(".live .card.answer")).to_be_visible()
    elder.get_by_role("link", name="首页").click()
    elder.get_by_role("link", name="亲友代办").click()
    expect(elder.get_by_role("heading", name="亲友代办")).to_be_visible()
    mode(elder, "elder")


def test_three_choices_at_a_time(elder: Page) -> None:
    say(elder, "挂个号")
    shown = elder.locator(".live .options .option:visible:not(.next-choices)")
    more = elder.locator(".live .next-choices")
    expect(shown).to_have_text(["骨科", "内科", "外科"])
    expect(more).to_have_text("更多（还有6个）")
    more.click()
    expect(shown).to_have_text(["儿科", "眼科", "口腔科"])
    expect(elder.locator(".live")).to_be_focused()
    say(elder, "更多")
    expect(shown).to_have_text(["皮肤科", "中医科", "妇产科"])
    expect(more).to_have_text("回到前面几个")
    more.click()
    expect(shown.first).to_have_text("骨科")


def test_what_was_offered_before_the_switch_is_cut_too(page: Page) -> None:
    say(page, "挂个号")
    shown = page.locator(".live .option:visible:not(.more-choices)")
    expect(shown).to_have_count(9)
    page.get_by_role("button", name="长辈版").first.click()
    mode(page, "elder")
    expect(shown).to_have_text(["骨科", "内科", "外科"])
    page.locator(".live .more-choices").click()
    expect(shown).to_have_text(["儿科", "眼科", "口腔科"])
    expect(shown.first).to_be_focused()


def test_less_motion(elder: Page) -> None:
    elder.locator(".elder-home").get_by_role("button", name="减少动画").click()
    expect(elder.locator("html")).to_have_attribute("data-motion", "less")
    elder.reload()
    expect(elder.locator("html")).to_have_attribute("data-motion", "less")
    say(elder, "您好")
    assert elder.evaluate("getComputedStyle(document.querySelector('.live')).animationDuration") == "1e-05s"


# -- read aloud -------------------------------------------------------------------------------------------------


def test_answers_are_read_sentence_by_sentence(elder: Page) -> None:
    sentences = spoken(elder)
    say(elder, "水费咋交")
    marked = elder.locator(".live mark.reading")
    expect(marked.first).to_have_text("可以在手机上交，几分钟到账。")
    expect(elder.locator("#read-bar")).to_contain_text("机器合成")
    expect(marked).to_have_count(0, timeout=10000)
    assert sentences[0] == "可以在手机上交，几分钟到账。"
    assert sentences[5:] == ["还有相关的问题，就说“更多”。"]
    expect(elder.locator("#read-bar")).to_be_hidden()
    expect(elder.locator(".live .markdown strong")).to_have_text("水费缴纳")  # as it was before it was marked

    elder.get_by_role("button", name="再说一遍").click()
    expect(marked.first).to_be_visible()
    assert len(sentences) == 6  # kept
    elder.keyboard.press("Escape")
    expect(marked).to_have_count(0)
    elder.get_by_role("button", name="慢一点").click()
    expect(marked.first).to_be_visible()
    assert elder.evaluate("__audio.playbackRate") == pytest.approx(0.7)
    elder.locator("#read-bar-button").click()
    expect(elder.locator("#read-bar")).to_be_hidden()
    assert elder.evaluate("__audio.paused")


def test_a_sentence_that_is_new_is_heard_in_pieces(elder: Page) -> None:
    asked: list[tuple[str, int, int]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/v1/speech"):
            body = request.post_data_json
            asked.append((body["text"], body["piece"], body["after"]))

    elder.on("request", note)
    say(elder, "天气预报")
    marked = elder.locator(".live mark.reading")
    expect(marked).to_have_text("今天多云。")
    expect(marked).to_have_count(0, timeout=10000)
    assert asked == [("今天多云。", 0, 0), ("今天多云。", 1, 0), ("今天多云。", 2, 0), ("出门请添衣。", 0, 5)]


def test_spoken_commands_change_the_voice(elder: Page) -> None:
    say(elder, "慢一点")
    assert kept(elder)["rate"] == pytest.approx(0.7)
    for _ in range(3):
        say(elder, "慢一点")
    assert kept(elder)["rate"] == pytest.approx(0.6)
    say(elder, "快一点")
    assert kept(elder)["rate"] == pytest.approx(0.75)
    say(elder, "大声点")
    assert kept(elder)["volume"] == 1
    expect(elder.locator("#read-bar")).to_be_hidden()
    sentences = spoken(elder)
    say(elder, "停")
    elder.wait_for_timeout(300)
    assert sentences == []
    elder.reload()
    assert elder.evaluate("__audio.volume") == 1
    assert elder.evaluate("__audio.playbackRate") == pytest.approx(0.75)


def test_nothing_is_read_when_switched_off(elder: Page) -> None:
    elder.get_by_role("button", name=re.compile("自动念")).click()
    sentences = spoken(elder)
    say(elder, "水费咋交")
    elder.wait_for_timeout(300)
    assert sentences == []


def test_a_browser_that_wants_a_tap_first(elder: Page) -> None:
    elder.evaluate("globalThis.__refuse = true")
    say(elder, "水费咋交")
    button = elder.locator("#read-bar-button")
    expect(button).to_have_text("开始听")
    expect(elder.locator("#read-bar")).to_contain_text("我就念给您听")
    elder.evaluate("globalThis.__refuse = false")
    button.click()
    expect(elder.locator(".live mark.reading").first).to_be_visible()


def test_no_voice_is_said_once(elder: Page) -> None:
    say(elder, "坏")
    expect(elder.locator("#toast")).to_contain_text("朗读暂时不可用")
    expect(elder.locator(".live")).to_contain_text("您说的是：坏")
    expect(elder.locator("#read-bar")).to_be_hidden()


# -- spoken to --------------------------------------------------------------------------------------------------


def hold(page: Page) -> None:
    box = page.locator("#talk").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    page.mouse.down()
    expect(page.locator("#talk-status")).to_have_text("请说，我在听")
    page.wait_for_timeout(900)
    page.mouse.up()


def tap(page: Page) -> None:
    page.locator("#talk").click()
    expect(page.locator("#talk-status")).to_have_text("请说，我在听")
    page.wait_for_timeout(600)
    page.locator("#talk").click()


def by_key(page: Page) -> None:
    page.locator("#talk").focus()
    page.keyboard.press("Space")
    expect(page.locator("#talk-status")).to_have_text("请说，我在听")
    page.wait_for_timeout(600)
    page.keyboard.press("Enter")


def hold_key(page: Page) -> None:
    page.locator("#talk").focus()
    page.keyboard.down("Enter")
    expect(page.locator("#talk-status")).to_have_text("请说，我在听")
    page.wait_for_timeout(900)
    page.keyboard.up("Enter")


@pytest.mark.parametrize("speak", [hold, tap, by_key, hold_key])
def test_speaking(elder: Page, speak: Callable[[Page], None]) -> None:
    sent = answer_speech(elder, {"text": "水费咋交", "uncertain": False})
    speak(elder)
    expect(elder.locator(".live .card.answer")).to_be_visible()
    expect(elder.locator(".from-citizen")).to_contain_text("水费咋交")
    expect(elder.locator("#talk")).to_have_attribute("aria-pressed", "false")
    assert len(sent) == 1
    assert b'name="audio"' in sent[0]
    with wave.open(io.BytesIO(sent[0][sent[0].index(b"RIFF") :])) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16000, 1, 2)
        assert file.getnframes() > 16000 * 0.3
        assert any(file.readframes(file.getnframes()))  # the beep of Chromium's pretended microphone


def test_what_is_uncertain_is_asked(elder: Page) -> None:
    answer_speech(elder, {"text": "水费咋叫", "uncertain": True, "suggestion": "水费咋交"})
    tap(elder)
    heard = elder.get_by_role("region", name="您说的是哪一句？")
    expect(heard.get_by_role("button")).to_have_text(["水费咋交", "水费咋叫", "我重新说"])
    expect(elder.locator(".turn")).to_have_count(0)
    heard.get_by_role("button", name="水费咋交").click()
    expect(elder.locator(".live .card.answer")).to_be_visible()
    expect(heard).to_be_hidden()

    answer_speech(elder, {"text": "挂个好", "uncertain": True})
    tap(elder)
    heard = elder.get_by_role("region", name="您说的是“挂个好”，对吗？")
    heard.get_by_role("button", name="改几个字").click()
    expect(elder.locator("#text")).to_be_focused()
    expect(elder.locator("#text")).to_have_value("挂个好")


@pytest.mark.parametrize("status", [404, 503])
def test_without_a_recogniser_there_is_the_text_box(elder: Page, status: int) -> None:
    answer_speech(elder, {"code": "hearing_absent" if status == 503 else "x", "message": "x"}, status)
    tap(elder)
    expect(elder.locator("#talk-status")).to_contain_text("现在听不了语音")
    expect(elder.locator("#text")).to_be_focused()


def test_nothing_heard_and_a_problem_are_said(elder: Page) -> None:
    answer_speech(elder, {"text": " ", "uncertain": True})
    tap(elder)
    expect(elder.locator("#talk-status")).to_contain_text("没有听清")
    answer_speech(elder, {"code": "too_noisy", "message": "周围太吵了，请换个安静的地方再说。"}, 422)
    tap(elder)
    expect(elder.locator("#talk-status")).to_have_text("周围太吵了，请换个安静的地方再说。")


@pytest.mark.parametrize(("error", "said"), [("NotAllowedError", "没有打开"), ("NotFoundError", "没有找到麦克风")])
def test_without_a_microphone(elder: Page, error: str, said: str) -> None:
    refuse = f"() => Promise.reject(new DOMException('', '{error}'))"
    elder.evaluate(f"void (navigator.mediaDevices.getUserMedia = {refuse})")
    elder.locator("#talk").click()
    expect(elder.locator("#talk-status")).to_contain_text(said)
    expect(elder.locator("#text")).to_be_focused()


def test_too_many_speak_at_once(elder: Page) -> None:
    said = spoken(elder)
    answer_speech(elder, {"code": "hearing_busy", "message": "现在说话的人很多，请等几秒再说一遍。"}, 503)
    tap(elder)
    expect(elder.locator("#talk-status")).to_have_text("现在说话的人很多，请等几秒再说一遍。")
    until(elder, lambda: bool(said))
    assert said == ["现在说话的人很多，请等几秒再说一遍。"]  # read aloud too


def answer_stream(page: Page, last: dict[str, object] | None) -> list[int]:
    """Answer the stream with two partial texts and ``last``, or never at the end; return the sizes of what was sent."""
    sizes: list[int] = []

    def connected(socket: WebSocketRoute) -> None:
        def told(message: str | bytes) -> None:
            if isinstance(message, bytes):
                sizes.append(len(message))
                if len(sizes) in (2, 4):
                    socket.send(json.dumps({"type": "partial", "text": "水费" if len(sizes) == 2 else "水费咋交"}))
                if len(sizes) == 8 and last is None:
                    socket.close()
            elif json.loads(message)["type"] == "end":
                socket.send(json.dumps(last))

        socket.on_message(told)
        socket.send(json.dumps({"type": "ready"}))

    page.route_web_socket("**/v1/transcriptions/stream", connected)
    return sizes


def test_text_while_speaking(elder: Page) -> None:
    sent = answer_speech(elder, {"text": "x"})
    sizes = answer_stream(elder, {"type": "final", "text": "水费咋交", "uncertain": False})
    elder.locator("#talk").click()
    expect(elder.locator("#talk-status")).to_have_text("水费咋交")
    elder.locator("#talk").click()
    expect(elder.locator(".live .card.answer")).to_be_visible()
    assert set(sizes) == {3200}  # tenths of a second
    assert sent == []  # what was streamed is not sent again


def test_a_stream_that_breaks_costs_nothing(elder: Page) -> None:
    sent = answer_speech(elder, {"text": "水费咋交", "uncertain": False})
    sizes = answer_stream(elder, None)
    elder.locator("#talk").click()
    expect(elder.locator("#talk-status")).to_have_text("水费咋交")
    until(elder, lambda: len(sizes) >= 8)  # the stream was closed
    elder.locator("#talk").click()
    expect(elder.locator(".live .card.answer")).to_be_visible()
    assert len(sent) == 1


def test_a_stream_that_heard_nothing_says_so(elder: Page) -> None:
    answer_stream(elder, {"type": "error", "code": "no_speech", "message": "没有听清您说话。"})
    tap(elder)
    expect(elder.locator("#talk-status")).to_have_text("没有听清您说话。")


def test_escape_gives_up_the_recording(elder: Page) -> None:
    sent = answer_speech(elder, {"text": "x"})
    elder.locator("#talk").click()
    expect(elder.locator("#talk-status")).to_have_text("请说，我在听")
    elder.keyboard.press("Escape")
    expect(elder.locator("#talk-status")).to_have_text("")
    expect(elder.locator("#talk")).to_have_attribute("aria-pressed", "false")
    assert sent == []


def test_the_standard_version_hears_too(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["microphone"])
    answer_speech(page, {"text": "水费咋交", "uncertain": False})
    button = page.get_by_role("button", name="语音输入")
    button.click()
    expect(page.locator("#talk-status")).to_have_text("请说，我在听")
    page.wait_for_timeout(600)
    page.locator("#talk-small").click()
    expect(page.locator(".live .card.answer")).to_be_visible()


# -- the keyboard alone -----------------------------------------------------------------------------------------


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control of that name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        text = page.evaluate(
            "() => { const e = document.activeElement; return e.getAttribute('aria-label') || e.innerText || e.id; }"
        )
        if text.replace("\n", "").startswith(name):
            return
    raise AssertionError(f"Tab never reached {name!r}")


def key(page: Page, name: str, stroke: str = "Enter") -> None:
    """Go to a control and use it; wait for the answer."""
    answers = page.locator(".from-assistant:not(.waiting)")
    count = answers.count()
    tab_to(page, name)
    page.keyboard.press(stroke)
    expect(answers).to_have_count(count + 1)


def test_a_whole_form_with_the_keyboard_alone(elder: Page) -> None:
    key(elder, "挂号")
    expect(elder.locator(".live")).to_be_focused()  # the tile is gone: the keyboard goes on from the answer
    key(elder, "更多", "Space")
    expect(elder.locator(".live")).to_be_focused()
    key(elder, "眼科", "Space")
    key(elder, "明天")
    key(elder, "09:00")
    tab_to(elder, "control-phone")
    elder.keyboard.type("13800005678")
    key(elder, "确定")
    key(elder, "提交")
    expect(elder.locator("[data-receipt]")).to_have_text("GH20261123000127")
    tab_to(elder, "打字")
    elder.keyboard.press("Enter")
    elder.keyboard.type("水费咋交")
    elder.keyboard.press("Enter")
    expect(elder.locator(".live .card.answer")).to_be_visible()


def test_the_chat_with_the_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator("#skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("挂个号")
    page.keyboard.press("Enter")
    live = page.locator(".live")
    expect(live).to_be_visible()
    page.keyboard.press("Shift+Tab")
    for _ in range(30):
        if page.evaluate("document.activeElement.innerText") == "骨科":
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(live.locator(".progress")).to_have_text("2 / 4")
    key(page, "明天")
    key(page, "09:00")
    tab_to(page, "control-phone")
    page.keyboard.type("13800005678")
    key(page, "确定")
    key(page, "提交")
    expect(page.locator("[data-receipt]")).to_be_visible()
    key(page, "查看进度")


def test_no_choice_is_lost_in_the_standard_version(page: Page) -> None:
    say(page, "挂个号")
    expect(page.locator(".live .option:visible")).to_have_count(9)
    press(page, "妇产科")


@pytest.mark.parametrize("version", ["standard", "elder"])
def test_a_file_is_handed_in_with_the_keyboard_alone(
    page: Page, url: str, version: str, tmp_path: Path, backend: FakeBackend
) -> None:
    picture = tmp_path / "证明.png"
    picture.write_bytes(base64.b64decode(PIXEL))
    boxes: list[FileChooser] = []
    page.on("filechooser", lambda box: boxes.append(box))  # from the start: an early box would be lost
    page.goto(f"{url}?mode={version}")
    say(page, "补材料")
    tab_to(page, "upload-file")
    expect(page.locator("#upload-file")).to_be_focused()
    page.keyboard.press("Space")
    until(page, lambda: bool(boxes))
    boxes[0].set_files(picture)
    tab_to(page, "upload-name")
    page.keyboard.type("诊断证明")
    tab_to(page, "上传")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".from-citizen").last).to_contain_text("证明")
    assert backend.turns[-1]["metadata"]["payload"]["do"] == "attach"


@pytest.mark.parametrize("version", ["standard", "elder"])
def test_what_a_screen_reader_is_told(page: Page, url: str, version: str) -> None:
    """Answers come into a log that is read as it grows; states are told; every control has a name."""
    page.goto(f"{url}?mode={version}")
    expect(page.get_by_role("main", name="对话")).to_be_attached()
    expect(page.get_by_role("banner").get_by_role("navigation", name="常用")).to_be_visible()
    say(page, "挂个号")
    log = page.get_by_role("log", name="对话记录")
    expect(log).to_have_attribute("aria-live", "polite")
    answer = log.get_by_role("article").last
    expect(answer).to_contain_text("说：")
    expect(answer.get_by_role("progressbar", name="填写进度")).to_be_visible()
    expect(page.locator("#toast")).to_have_attribute("aria-live", "polite")
    expect(page.locator("#talk-status")).to_have_attribute("role", "status")
    expect(page.locator("#view-status")).to_have_attribute("role", "status")
    if version == "standard":
        expect(page.get_by_role("textbox", name="说说您要办的事")).to_be_visible()
        page.locator("#text").fill("水费")
        expect(page.get_by_role("listbox", name="猜您想问").get_by_role("option").first).to_be_visible()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, a[href], input:not([type=hidden]), textarea")]
          .filter((e) => e.checkVisibility() && !(e.textContent.trim() || e.getAttribute("aria-label")
            || e.labels?.length)).map((e) => e.outerHTML)"""
    )
    assert nameless == []
