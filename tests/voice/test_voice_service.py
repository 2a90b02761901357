"""The service with the real plain voice, and its fall-back."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
import voice_fakes

from voice import neural, plain, verify, wav
from voice.cache import SpeechCache
from voice.ear import for_ear
from voice.errors import InvalidSpeech, SpeechUnavailable
from voice.service import LONGEST_TEXT, SpeechService

pytestmark = pytest.mark.usefixtures("fakes_importable")
ROWS = [
    line.split("\t")[0].replace("\\n", "\n")
    for line in (Path(__file__).parent / "tables" / "ear.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#") and line.split("\t")[1]
]


def check(audio: bytes, text: str, rate: float = 1.0) -> None:
    verify.check(audio, "".join(for_ear(text)), rate)
    assert wav.COMMENT.encode() in audio


async def test_sixty_in_a_row(service: SpeechService) -> None:
    for text in ROWS[::10][:60]:
        check(await service.speak(text), text)


async def test_eight_at_once(service: SpeechService) -> None:
    texts = [f"第{number}位居民，您的水费是{number}5.60元，请在11月{number}日前缴纳。" for number in range(1, 25)]
    audio = await asyncio.gather(*(service.speak(text) for text in texts[:8]))
    audio += await asyncio.gather(*(service.speak(text) for text in texts[8:16]))
    audio += await asyncio.gather(*(service.speak(text) for text in texts[16:]))
    for text, sound in zip(texts, audio, strict=True):
        check(sound, text)


@pytest.mark.parametrize("harm", [signal.SIGKILL, signal.SIGSTOP])
async def test_the_plain_worker_is_killed_or_hangs_while_it_speaks(cache: SpeechCache, harm: signal.Signals) -> None:
    service = SpeechService((replace(plain.SPEC, base_limit=2.0),), cache)
    await service.start()
    try:
        text = "".join(f"请第{number}位居民携带身份证和照片到政务服务大厅办理。" for number in range(70))
        speaking = asyncio.create_task(service.speak(text))
        await asyncio.sleep(0.2)
        pid = service.engine_pids()[0]
        assert pid is not None
        os.kill(pid, harm)
        assert not speaking.done()
        check(await speaking, text)
        assert service.engine_pids()[0] != pid
    finally:
        await service.stop()


@pytest.mark.parametrize("harm", [signal.SIGKILL, signal.SIGSTOP])
async def test_the_neural_worker_is_killed_or_hangs_while_it_speaks(cache: SpeechCache, harm: signal.Signals) -> None:
    """The plain voice speaks at once, and the neural one again as soon as its new worker is there."""
    hums = replace(voice_fakes.spec("SlowNeural"), voices=neural.VOICES, slow=True, tries=1, base_limit=4, unit_limit=0)
    service = SpeechService((hums, plain.SPEC), cache)
    await service.start()
    try:
        for _ in range(100):
            await asyncio.sleep(0.1)
            if "zm_yunxi" in service.voices():
                break
        before = asyncio.create_task(service.speak_piece("您好，请问办什么？", 0))
        await asyncio.sleep(0.5)
        pid = service.engine_pids()[0]
        assert pid is not None
        os.kill(pid, harm)
        audio, count = await before
        assert (wav.read(audio).rate, count) == (22050, 1)
        check(audio, "您好，请问办什么？")
        for number in range(100):
            if wav.read((await service.speak_piece(f"您好，请问{number}", 0))[0]).rate == neural.RATE:
                break
            await asyncio.sleep(0.1)
        else:
            pytest.fail("the neural voice did not come back")
    finally:
        await service.stop()


@pytest.mark.parametrize("rate", [0.6, 1.0, 1.5])
@pytest.mark.parametrize("voice", ["default", "female", "male", "plain-male"])
async def test_voices_and_rates(service: SpeechService, voice: str, rate: float) -> None:
    check(
        await service.speak("您的社保卡正在制作，预计3个工作日后可以领取。", voice, rate),
        "您的社保卡正在制作，预计3个工作日后可以领取。",
        rate,
    )


async def test_each_rate_is_kept_whatever_came_before(service: SpeechService) -> None:
    for number in range(8):
        text = f"请稍等一会再来查询，您是第{number}位"
        slow, normal, fast = [len(await service.speak(text, rate=rate)) for rate in (0.6, 1.0, 1.5)]
        assert slow > 1.5 * normal > 1.3 * 1.5 * fast
        other = len(await service.speak(text, "male"))
        assert 0.9 < other / normal < 1.1


async def test_voices_differ(service: SpeechService) -> None:
    assert await service.speak("请稍等", "male") != await service.speak("请稍等", "female")


async def test_a_cache_hit_is_identical_and_needs_no_engine(service: SpeechService, cache: SpeechCache) -> None:
    first = await service.speak("请拨打**12345**。费用200元。")
    pid = service.engine_pids()[0]
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)  # whoever asks the engine now, waits
    try:
        assert await asyncio.wait_for(service.speak("请拨打12345。费用200元。"), 1) == first
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_the_same_sentence_at_once_is_spoken_once(cache: SpeechCache) -> None:
    service = SpeechService((voice_fakes.spec("Slow"),), cache)
    await service.start()
    try:
        audio = await asyncio.gather(*(service.speak("您好请问办什么") for _ in range(8)))
        assert len(set(audio)) == 1
        assert Path(os.environ[voice_fakes.NOTE]).stat().st_size == 1
    finally:
        await service.stop()


async def test_prepared_texts_are_in_the_cache(service: SpeechService) -> None:
    texts = ["水费怎么交？", "", "请带身份证。", "😀"]
    await service.prepare(texts)
    await service.prepared()
    pid = service.engine_pids()[0]
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        assert await asyncio.wait_for(service.speak("水费怎么交？请带身份证。"), 1)
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize(
    ("text", "voice", "rate"),
    [
        ("", "default", 1.0), ("😀", "default", 1.0), ("长" * (LONGEST_TEXT + 1), "default", 1.0),
        ("您好", "nobody", 1.0), ("您好", "default", 0.5), ("您好", "default", 1.6), ("您好", "default", float("nan")),
    ],
)  # fmt: skip
async def test_invalid_requests(service: SpeechService, text: str, voice: str, rate: float) -> None:
    with pytest.raises(InvalidSpeech):
        await service.speak(text, voice, rate)


async def test_the_longest_text(service: SpeechService) -> None:
    text = "请到窗口办理，带好证件。" * (LONGEST_TEXT // 12)
    check(await service.speak(text), text)


@pytest.mark.parametrize("broken", ["Broken", "NeverStarts"])
async def test_falls_back_to_the_next_engine(cache: SpeechCache, broken: str) -> None:
    service = SpeechService((voice_fakes.spec(broken), plain.SPEC), cache)
    await service.start()
    try:
        check(await service.speak("您好，请问办什么？", "fake-male"), "您好，请问办什么？")
    finally:
        await service.stop()


async def test_no_engine_left(cache: SpeechCache) -> None:
    service = SpeechService((voice_fakes.spec("Broken"),), cache)
    with pytest.raises(SpeechUnavailable):
        await service.speak("您好")
    await service.start()
    with pytest.raises(SpeechUnavailable):
        await service.speak("您好请问")
    await service.stop()
    with pytest.raises(SpeechUnavailable):
        await service.speak("您好请问")


async def test_an_engine_is_used_as_soon_as_it_is_there(cache: SpeechCache) -> None:
    there = False
    later = replace(voice_fakes.spec("Good"), available=lambda: there)
    service = SpeechService((later, plain.SPEC), cache)
    await service.start()
    try:
        assert wav.read(await service.speak("您好请问办什么")).rate == 22050
        there = True
        assert wav.read(await service.speak("您好请问办什么")).rate == 16000
        assert "fake-male" in service.voices()
    finally:
        await service.stop()


async def test_a_slow_engine_loads_while_another_speaks(cache: SpeechCache) -> None:
    slow = voice_fakes.spec("SlowToLoad", slow=True)
    service = SpeechService((slow, plain.SPEC), cache)
    await service.start()
    try:
        assert wav.read(await asyncio.wait_for(service.speak("您好请问办什么"), 1)).rate == 22050
        for _ in range(60):
            await asyncio.sleep(0.1)
            if wav.read(await service.speak("您好请问办什么")).rate == 16000:
                break
        assert wav.read(await service.speak("请说第二句话")).rate == 16000
    finally:
        await service.stop()
    again = SpeechService((slow, plain.SPEC), cache)
    await again.start()
    try:  # loading again, but this it has said before
        assert wav.read(await again.speak("您好请问办什么")).rate == 16000
    finally:
        await again.stop()


async def test_a_slow_engine_speaks_in_pieces(cache: SpeechCache) -> None:
    text = "您好，您的水费账单是三十五元六角，请在月底前缴纳。谢谢！"
    service = SpeechService((voice_fakes.spec("Good", slow=True),), cache)
    await service.start()
    try:
        first, count = await service.speak_piece(text, 0)
        assert count > 1
        assert (await service.speak_piece(text, 0, after=60))[1] == 2  # there is time: sentence by sentence
        parts = [first, *[(await service.speak_piece(text, number))[0] for number in range(1, count)]]
        whole = await service.speak(text)
        assert wav.read(wav.join(parts)).seconds == pytest.approx(wav.read(whole).seconds, abs=0.5)
        with pytest.raises(InvalidSpeech):
            await service.speak_piece(text, count)
        assert await service.speak_piece(text, 0) == (whole, 1)  # it is there: no need to wait for any of it
        assert await service.speak_piece(text, 1) == (parts[1], count)  # who began with pieces goes on with them
    finally:
        await service.stop()


async def test_a_quick_engine_speaks_in_one_piece(service: SpeechService) -> None:
    text = "您好，您的水费账单是三十五元六角，请在月底前缴纳。谢谢！"
    assert await service.speak_piece(text, 0) == (await service.speak(text), 1)


async def test_an_engine_that_fails_rests_and_others_do_not_wait_for_it(cache: SpeechCache) -> None:
    dies = voice_fakes.spec("DiesOnce", slow=True, tries=1)
    service = SpeechService((dies, plain.SPEC), cache)
    await service.start()
    try:
        for _ in range(100):
            await asyncio.sleep(0.1)
            if "fake-male" in service.voices():
                break
        Path(os.environ[voice_fakes.NOTE]).write_text("")  # warming it up counted as a call
        spoken = await asyncio.gather(*(service.speak(f"请问第{number}件事怎么办") for number in "一二三四五"))
        assert [wav.read(audio).rate for audio in spoken] == [22050] * 5
        assert "fake-male" not in service.voices()  # it rests
        assert Path(os.environ[voice_fakes.NOTE]).stat().st_size == 1  # the four others did not try it
    finally:
        await service.stop()


async def test_start_and_stop_again(cache: SpeechCache) -> None:
    service = SpeechService((plain.SPEC,), cache)
    for text in ("您好", "再见"):
        await service.start()
        await service.start()
        assert await service.speak(text)
        await service.stop()
        await service.stop()
