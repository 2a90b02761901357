"""Settings of speech, read from ``WENBAN_VOICE_*``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from wenban import paths


class VoiceSettings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="WENBAN_VOICE_", env_file=paths.home() / "settings.env", extra="ignore"
    )

    hearing: Literal["whisper", "sherpa", "off"] = Field("whisper", description="which engine hears")
    whisper_model: Literal["auto", "whisper-small", "whisper-base"] = Field(
        "auto", description="auto takes the better of those that are in the model store"
    )
    hearing_words: str = Field("", description="a city's own words for the recogniser, separated by spaces")

    sherpa_folder: Path | None = Field(None, description="folder with model.onnx (or int8) and tokens.txt")
    sherpa_kind: Literal["sense-voice", "paraformer"] = "sense-voice"

    hearing_threads: int = Field(2, ge=1, le=64)
    hearing_queue: int = Field(8, ge=1, description="recordings that may wait; more are refused as busy")
    hearing_idle: float = Field(
        300.0,
        ge=0,
        description="seconds without a recording after which the recogniser's memory is given back; 0: never",
    )
    fetch: bool = Field(True, description="fetch the optional voice and recognition models in the background")
    prepare: Literal["off", "prompts", "all"] = Field(
        "prompts", description="what is spoken in advance: nothing, prompts and hot questions, every published answer"
    )


@lru_cache
def get_voice_settings() -> VoiceSettings:
    """Return the process's speech settings; tests clear the cache after changing the environment."""
    return VoiceSettings()
