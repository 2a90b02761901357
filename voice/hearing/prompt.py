"""What the recogniser is told beforehand: simplified characters, and words of the field. A city adds its own."""

from __future__ import annotations

from pathlib import Path

from voice.settings import get_voice_settings

FILE = Path(__file__).parents[1] / "data" / "hearing_prompt.txt"
MOST_TOKENS = 200  # Whisper keeps 224 tokens of what came before


def prompt() -> str:
    """Return the sentence that stands before every recording."""
    words = get_voice_settings().hearing_words.split()
    text = FILE.read_text("utf-8").strip()
    return text.removesuffix("。") + "、" + "、".join(words) + "。" if words else text
