"""A worker that speaks: text in, the file that its engine wrote out."""

from __future__ import annotations

from voice.engine import EngineSpec
from voice.errors import BadAudio
from voice.process import WorkerProcess


class SpeakingWorker(WorkerProcess):
    """One ``python -m voice.worker``."""

    def __init__(self, spec: EngineSpec) -> None:
        super().__init__("voice.worker", spec.target, spec.load_limit, spec.nice)

    async def speak(self, text: str, voice: str, rate: float, limit: float) -> bytes:
        """Return the file that the engine wrote, unverified.

        Raises:
            WorkerFailed: if the process died or ran past ``limit`` seconds; it is dead afterwards.
            BadAudio: if the engine refused or left no file.
        """
        path = self.file(".wav")
        try:
            reply = await self.ask({"text": text, "voice": voice, "rate": rate, "path": str(path)}, limit)
            if "error" in reply:
                raise BadAudio(str(reply["error"]))
            return path.read_bytes()
        except FileNotFoundError as error:
            raise BadAudio("the engine left no file") from error
        finally:
            path.unlink(missing_ok=True)
