"""Train a pipeline and hear sentences: ``python -m nlu.rasa.measure FOLDER``, in Rasa's environment.

FOLDER holds config.yml, nlu.json and test.json (a list of texts); heard.json is written beside them. The model goes to
disk and back, so that what is measured is what would be served.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.model_training import train_nlu
from threadpoolctl import threadpool_limits


async def hear(agent: Agent, texts: list[str]) -> list[dict[str, Any]]:
    """Parse one at a time, as in service; the first message, which loads what is lazy, is heard twice."""
    if texts:
        await agent.parse_message(texts[0])
    heard = []
    for text in texts:
        started, cpu = time.perf_counter(), time.process_time()
        intent = (await agent.parse_message(text))["intent"]
        heard.append(
            {
                "intent": intent["name"] or "",
                "confidence": float(intent["confidence"]),
                "seconds": time.perf_counter() - started,
                "cpu_seconds": time.process_time() - cpu,
            }
        )
    return heard


def main(folder: Path) -> None:
    started, cpu = time.perf_counter(), time.process_time()
    model = train_nlu(str(folder / "config.yml"), str(folder / "nlu.json"), str(folder), "model")
    trained, train_cpu = time.perf_counter(), time.process_time() - cpu
    agent = Agent.load(model)
    loaded = time.perf_counter()
    with threadpool_limits(1):  # as `wenban up` serves it
        heard = asyncio.run(hear(agent, json.loads((folder / "test.json").read_text("utf-8"))))
    result = {
        "train_seconds": trained - started,
        "train_cpu_seconds": train_cpu,  # of all cores; what it would take on an idle machine lies between
        "load_seconds": loaded - trained,
        "heard": heard,
    }
    (folder / "heard.json").write_text(json.dumps(result, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
