"""Spoken sentences on disk, the least recently used thrown away when the folder is full."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from voice import wav
from voice.errors import BadAudio

DEFAULT_LIMIT = 1 << 30  # bytes; about six hours of speech


def key(engine: str, text: str, voice: str, rate: float) -> str:
    """Return the name of an utterance; ``engine`` carries the engine's version."""
    return hashlib.sha256("\0".join((engine, text, voice, f"{rate:.3f}")).encode()).hexdigest()


class SpeechCache:
    """A folder of WAV files. Safe for several processes: writes are atomic and a vanished file is a miss."""

    def __init__(self, folder: Path, limit: int = DEFAULT_LIMIT) -> None:
        if limit <= 0:
            raise ValueError("the cache's limit must be positive")
        self.folder = folder
        self.limit = limit
        folder.mkdir(parents=True, exist_ok=True)
        self._size = sum(size for _, size, _ in self._files())

    def get(self, name: str) -> bytes | None:
        """Return a file and mark it as used; None if it is not there, or was there but broken."""
        path = self._path(name)
        try:
            data = path.read_bytes()
            wav.read(data)
            os.utime(path)
        except OSError:
            return None
        except BadAudio:
            path.unlink(missing_ok=True)
            return None
        return data

    def __contains__(self, name: str) -> bool:
        return self._path(name).is_file()

    def put(self, name: str, data: bytes) -> None:
        """Store a file. One that is larger than the whole cache is not kept."""
        if len(data) > self.limit:
            return
        path = self._path(name)
        path.parent.mkdir(exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
        self._size += len(data)
        if self._size > self.limit:
            self._evict()

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / f"{name}.wav"

    def _files(self) -> list[tuple[int, int, Path]]:
        """List (last use in ns, bytes, path)."""
        files = []
        for path in self.folder.glob("*/*"):
            try:
                stat = path.stat()
            except FileNotFoundError:  # another process evicted it
                continue
            files.append((stat.st_mtime_ns, stat.st_size, path))
        return files

    def _evict(self) -> None:
        """Throw away the files unused for longest until a tenth of the limit is free."""
        files = sorted(self._files())
        self._size = sum(size for _, size, _ in files)
        for _, size, path in files:
            if self._size <= self.limit * 0.9:
                break
            path.unlink(missing_ok=True)
            self._size -= size
