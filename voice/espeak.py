"""Find espeak-ng in the ``espeakng-loader`` wheel, so that no system package is needed."""

from __future__ import annotations

import ctypes
import os
import tempfile
from pathlib import Path

import espeakng_loader

# espeak-ng copies its data path into a buffer of 160 bytes and appends file names to it.
LONGEST_PATH = 120


def library() -> ctypes.CDLL:
    """Load the bundled library and point it to the bundled data.

    Its soname is ``libespeak-ng.so.1``: once it is loaded, pyttsx3's own ``LoadLibrary("libespeak-ng.so.1")``
    finds this copy and no other.
    """
    os.environ["ESPEAK_DATA_PATH"] = data_path()
    return ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)


def data_path() -> str:
    """Return the data folder, through a short link if its own path is too long for espeak-ng."""
    path = str(espeakng_loader.get_data_path())
    if len(path.encode()) <= LONGEST_PATH:
        return path
    link = Path(tempfile.mkdtemp(prefix="wenban-espeak-")) / "espeak-ng-data"
    link.symlink_to(path)
    return str(link)
