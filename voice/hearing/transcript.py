"""From what the engine heard to what the citizen is taken to have said, and whether that is sure enough to act on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlu.lexicon import Lexicon
from nlu.normalize import clean, normalize
from voice.hearing import commands
from voice.hearing.errors import NoSpeech
from voice.hearing.prompt import FILE
from voice.hearing.spoken import mend

SURE_OF_COMMAND = 0.4
SURE = 0.78  # mean probability of a token below which the citizen is asked; see docs/voice.md
# What Whisper says of its own accord when it hears nothing: the ends of the films that it learnt from.
_INVENTED = re.compile(r"不吝点赞|字幕志愿者|字幕由|明镜与点点|谢谢观看|谢谢收看|订阅.{0,4}转发|Amara\.org")
_SILENT = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Transcript:
    """``text`` is corrected, ``heard`` is what the engine gave; ``suggestion`` is the other way it may be meant."""

    text: str
    heard: str
    uncertain: bool
    suggestion: str | None = None
    confidence: float | None = None
    seconds: float = 0.0


def transcribe(heard: str, confidence: float | None = None, seconds: float = 0.0) -> Transcript:
    """Correct ``heard`` as typed text is corrected.

    Raises:
        NoSpeech: if nothing is left, or only what a recogniser makes up.
    """
    bare = _SILENT.sub("", heard)
    if not bare or _INVENTED.search(heard) or (len(bare) > 5 and bare in _bare_prompt()):
        raise NoSpeech("nothing was understood")
    if (command := commands.same(heard)) is not None:  # heard so often that little is needed to be sure
        unsure = confidence is not None and confidence < SURE_OF_COMMAND
        return Transcript(command, heard, unsure, None, confidence, seconds)
    lexicon = Lexicon.default()
    found = normalize(mend(clean(heard), lexicon), lexicon)
    text = found.text.strip(" ，。、；") or found.cleaned
    if not _SILENT.sub("", text):
        raise NoSpeech("nothing was understood")
    suggestion = None
    if found.candidates:
        other = found.cleaned
        changes = {(c.start, c.end): c.term for c in reversed(found.candidates)}
        changes |= {(c.start, c.end): c.corrected for c in found.corrections}
        for (start, end), term in sorted(changes.items(), reverse=True):
            other = other[:start] + term + other[end:]
        suggestion = other.strip(" ，。、；")
    unsure = confidence is not None and confidence < SURE
    suggestion = suggestion or commands.near(heard)
    return Transcript(text, heard, unsure or suggestion is not None, suggestion, confidence, seconds)


def _bare_prompt() -> str:
    return _SILENT.sub("", FILE.read_text("utf-8").replace("、", ""))
