"""The table of processes: what ``wenban up`` starts, where each listens and how it says that it is ready."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from wenban import paths
from wenban.settings import Settings

# Bytecode is wanted (imports take a third of the time with it), other people's banners and telemetry are not.
DROPPED = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "SANIC_WORKERS")
QUIET = {
    "PYTHONUNBUFFERED": "1",
    "PYTHONUTF8": "1",
    "HF_HUB_OFFLINE": "1",  # the model store has fetched what is needed before
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "OMP_NUM_THREADS": "1",  # several processes share few cores
    "MALLOC_ARENA_MAX": "2",  # glibc would keep an arena a thread: tens of MB in every process
}
RASA_QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
}


@dataclass(frozen=True)
class Process:
    """One long-running process. ``ready`` is the path that answers 200 when it can work."""

    name: str
    title: str
    command: tuple[str, ...]
    port: int
    ready: str
    host: str = "127.0.0.1"
    environment: Mapping[str, str] = field(default_factory=dict)
    start_seconds: float = 180.0

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


def base_environment(settings: Settings) -> dict[str, str]:
    """Return the environment that every process starts from; it carries the settings that the command line changed."""
    kept = {name: value for name, value in os.environ.items() if name not in DROPPED}
    ports = {
        f"WENBAN_{name.upper()}_PORT": str(getattr(settings, f"{name}_port"))
        for name in ("rasa", "actions", "knowledge", "sandbox")
    }
    return {
        **kept,
        **QUIET,
        **ports,
        "WENBAN_HOME": str(settings.home),
        "WENBAN_HOST": settings.host,
        "WENBAN_PORT": str(settings.port),
        # For bot/endpoints.yml, which can only substitute variables.
        "WENBAN_ACTIONS_URL": settings.actions_url,
        "WENBAN_TRACKER_DB": str(settings.home / "tracker.db"),
    }


def rasa_environment(settings: Settings) -> dict[str, str]:
    """Return what Rasa's commands need beyond the base, for serving and for training."""
    cache = settings.home / "cache"
    return {
        **RASA_QUIET,
        "PYTHONPATH": str(paths.ROOT),  # nlu/ runs inside Rasa
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "RASA_CACHE_DIRECTORY": str(paths.ROOT / "bot" / ".rasa" / "cache"),
    }


def table(settings: Settings) -> list[Process]:
    """Return every process; only ``api`` listens beyond loopback."""

    def server(app: str, host: str, port: int, *options: str) -> tuple[str, ...]:
        # Keep-alive outlasts the clients' pools, so that no client writes into a connection being closed.
        common = ("--no-access-log", "--timeout-keep-alive", "75", "--timeout-graceful-shutdown", "5")
        return (sys.executable, "-m", "uvicorn", app, "--host", host, "--port", str(port), *common, *options)

    loopback = "127.0.0.1"
    rasa = (
        str(settings.rasa_python), "-m", "wenban.rasa_main", "run", "-m", str(settings.rasa_model),
        "--endpoints", "bot/endpoints.yml", "--credentials", "bot/credentials.yml",
        "--interface", loopback, "--port", str(settings.rasa_port),
    )  # fmt: skip
    sandbox = Process(
        "sandbox", "demo departments", server("actions.sandbox.app:app", loopback, settings.sandbox_port),
        settings.sandbox_port, "/healthz",
    )  # fmt: skip
    return [
        Process("rasa", "dialogue engine", rasa, settings.rasa_port, "/", environment=rasa_environment(settings)),
        Process(
            "actions", "action server", (sys.executable, "-m", "actions.server"), settings.actions_port, "/health"
        ),
        # The first start encodes the whole catalogue.
        Process(
            "knowledge", "search", server("knowledge.server:app", loopback, settings.knowledge_port),
            settings.knowledge_port, "/healthz", start_seconds=600.0,
        ),
        *([] if settings.sandbox_url else [sandbox]),
        Process(
            "api", "web and citizen API", server("api.app:create_app", settings.host, settings.port, "--factory"),
            settings.port, "/healthz", host=settings.host,
        ),
    ]  # fmt: skip
