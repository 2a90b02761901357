"""``POST /v1/speech``: text to a sound file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from api.deps import ServicesDep, limit_reads
from api.errors import SpeechDown
from api.text import clean, is_blank
from knowledge.schemas import Problem
from voice.encoding import LOUDEST, MEDIA_TYPES, SOFTEST, Format
from voice.service import FASTEST, SLOWEST

router = APIRouter(prefix="/v1", tags=["speech"], dependencies=[Depends(limit_reads)])
MAX_TEXT = 2000


class SpeechRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str
    voice: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] = "default"
    rate: Annotated[float, Field(ge=SLOWEST, le=FASTEST, allow_inf_nan=False)] = 1.0
    volume: Annotated[float, Field(ge=SOFTEST, le=LOUDEST, allow_inf_nan=False)] = 1.0
    format: Format = "wav"
    piece: Annotated[
        int | None,
        Field(
            ge=0,
            le=MAX_TEXT,
            description="this piece alone, from 0; the header `Speech-Pieces` says how many there are",
        ),
    ] = None
    after: Annotated[int, Field(ge=0, le=MAX_TEXT, description="characters that are heard while this is spoken")] = 0

    @field_validator("text")
    @classmethod
    def _text(cls, value: str) -> str:
        text = clean(value)
        if is_blank(text):
            raise PydanticCustomError("empty_message", "没有要朗读的内容。")
        if len(text) > MAX_TEXT:
            raise PydanticCustomError("text_too_long", "一次最多朗读 2000 个字。")
        return text


@router.post(
    "/speech",
    response_class=Response,
    responses={
        200: {"content": {"audio/wav": {}, "audio/ogg": {}, "audio/mpeg": {}}},
        422: {"model": Problem},
        503: {"model": Problem},
    },
)
async def speak(services: ServicesDep, request: SpeechRequest) -> Response:
    """Read ``text`` aloud, whole or piece by piece. The voice is synthetic, and the response says so."""
    headers = {"AI-Generated": "synthetic-speech"}
    try:
        if request.piece is None:
            audio = await services.speech.speak(request.text, request.voice, request.rate)
        else:
            audio, count = await services.speech.speak_piece(
                request.text, request.piece, request.after, request.voice, request.rate
            )
            headers["Speech-Pieces"] = str(count)
        audio = await services.speech.finish(audio, request.format, request.volume)
    except SpeechDown:
        services.metrics.speech.labels("failed").inc()
        raise
    services.metrics.speech.labels("ok").inc()
    return Response(audio, media_type=MEDIA_TYPES[request.format], headers=headers)
