"""``POST /v1/transcriptions``: a recording to text; ``WebSocket /v1/transcriptions/stream``: while somebody speaks."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, File, UploadFile, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ValidationError

from api.deps import Services, ServicesDep, limit_turns
from api.errors import ApiError
from api.limits import check, is_loopback
from api.speech.hearing import Transcript
from knowledge.schemas import Problem
from voice.hearing.errors import BadRecording, HearingError
from voice.hearing.stream import HearingStream

router = APIRouter(prefix="/v1/transcriptions", tags=["speech"])
IDLE = 20.0  # seconds without a sample after which a stream is given up
TICK = 0.1

Recording = Annotated[UploadFile, File(description="WAV, WebM, Ogg, MP3, M4A, AAC, FLAC or AMR; at most 60 s, 4 MiB")]


class _Command(BaseModel):
    type: Literal["end", "cancel"]


@router.post(
    "",
    dependencies=[Depends(limit_turns)],
    responses={413: {"model": Problem}, 415: {"model": Problem}, 422: {"model": Problem}, 503: {"model": Problem}},
)
async def transcribe(services: ServicesDep, audio: Recording) -> Transcript:
    """Return what is said. Silence, noise, a broken file and no recogniser are errors with a code each."""
    return await services.hearing.transcribe(await audio.read())


@router.websocket("/stream")
async def stream(socket: WebSocket) -> None:
    """Take mono 16-bit samples at 16 kHz as binary messages, and ``{"type": "end"}`` or ``{"type": "cancel"}``.

    Sends ``ready``, then ``partial`` (``text``), ``silence`` when the speech seems to be over, and at the end ``final``
    (a transcript) or ``error`` (``code``, ``message``).
    """
    services: Services = socket.app.state.services
    await socket.accept()
    with suppress(WebSocketDisconnect, RuntimeError):  # the citizen left: there is nobody to tell
        try:
            _admit(socket, services)
            recording = services.hearing.stream()
        except ApiError as error:
            await _tell(socket, "error", code=error.code, message=error.message)
            await socket.close()
            return
        await _tell(socket, "ready")
        await _listen(socket, services, recording)
        await socket.close()


def _admit(socket: WebSocket, services: Services) -> None:
    host = socket.client.host if socket.client else None
    if services.api_settings.rate_limit_loopback or not is_loopback(host):
        check(services.turn_buckets, host)


async def _listen(socket: WebSocket, services: Services, recording: HearingStream) -> None:
    over = asyncio.Event()
    partials = asyncio.create_task(_partials(socket, recording, over))
    try:
        wanted = await _receive(socket, recording)
        over.set()
        if wanted:
            started = time.perf_counter()
            heard = services.hearing.told(await recording.final(), time.perf_counter() - started)
            await partials  # its message must not come after the last
            await _tell(socket, "final", **heard.model_dump(exclude_none=True))
    except HearingError as error:
        problem = services.hearing.problem(error)
        over.set()
        await partials
        await _tell(socket, "error", code=problem.code, message=problem.message)
    finally:
        over.set()
        with suppress(WebSocketDisconnect, RuntimeError):
            await partials  # never cancelled: that would cost the recogniser its process


async def _receive(socket: WebSocket, recording: HearingStream) -> bool:
    """Take samples until the end; say whether a transcript is wanted."""
    while True:
        try:
            message = await asyncio.wait_for(socket.receive(), IDLE)
        except TimeoutError:
            return True
        if message["type"] == "websocket.disconnect":
            return False
        if (samples := message.get("bytes")) is not None:
            recording.feed(samples)
        elif (text := message.get("text")) is not None:
            try:
                return _Command.model_validate_json(text).type == "end"
            except ValidationError as error:
                raise BadRecording("not a command") from error


async def _partials(socket: WebSocket, recording: HearingStream, over: asyncio.Event) -> None:
    shown = ""
    while not over.is_set():
        await asyncio.sleep(TICK)
        if over.is_set() or not recording.due():
            continue
        partial = await recording.partial()
        if partial is None or over.is_set():
            continue
        if partial.text and partial.text != shown:
            shown = partial.text
            await _tell(socket, "partial", text=shown)
        if partial.ended:
            await _tell(socket, "silence")


async def _tell(socket: WebSocket, kind: str, **members: object) -> None:
    await socket.send_json({"type": kind, **members})
