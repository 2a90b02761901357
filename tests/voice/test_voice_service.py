"""The service with the real plain voice, and its fall-back."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
import voice_fakes

from voice import plain, verify, wav
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


async def test_killed_while_speaking(service: SpeechService) -> None:
    text = "请您携带身份证、户口簿和两张照片到政务服务大厅办理。" * 20
    speaking = asyncio.create_task(service.speak(text))
    await asyncio.sleep(0.05)
    pid = service.engine_pids()[0]
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    check(await speaking, text)


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


async def test_stream_gives_sentences_in_order(service: SpeechService) -> None:
    spoken = [(sentence, audio) async for sentence, audio in service.stream("第一句。第二句！第三句？")]
    assert [sentence for sentence, _ in spoken] == ["第一句。", "第二句！", "第三句？"]
    assert wav.join(audio for _, audio in spoken) == await service.speak("第一句。第二句！第三句？")


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
    from dataclasses import replace

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


async def test_a_slow_engine_gives_its_first_sound_early(cache: SpeechCache) -> None:
    text = "您好，您的水费账单是三十五元六角，请在月底前缴纳。谢谢！"
    service = SpeechService((voice_fakes.spec("Good", slow=True),), cache)
    await service.start()
    try:
        spoken = [sentence async for sentence, _ in service.stream(text)]
        assert spoken == ["您好，您的水费账单是三十五元六角，", "请在月底前缴纳。", "谢谢！"]
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
