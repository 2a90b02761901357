"""The recognisers there are, by the name that the setting gives."""

from __future__ import annotations

from voice.hearing import sherpa, whisper
from voice.hearing.engine import HearingSpec
from voice.settings import get_voice_settings

ENGINES: dict[str, HearingSpec] = {spec.name: spec for spec in (whisper.SPEC, sherpa.SPEC)}


def chosen() -> HearingSpec | None:
    """Return the engine that is set; None when speech in is switched off."""
    return ENGINES.get(get_voice_settings().hearing)
