"""Make the recordings anew: ``python tests/e2e/voices/make.py``; needs the neural voice in the model store."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from voice import neural, wav
from voice.ear import for_ear
from voice.encoding import encode
from voice.supervisor import Supervisor

HERE = Path(__file__).parent


def sentences() -> list[list[str]]:
    lines = (HERE / "sentences.tsv").read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


async def main() -> None:
    supervisor = Supervisor(replace(neural.SPEC, base_limit=120.0, tries=3))
    await supervisor.start()
    try:
        for name, voice, rate, sentence in sentences():
            if (HERE / f"{name}.ogg").is_file():
                continue  # delete what is to be made anew
            parts = [await supervisor.synthesize(part, voice, float(rate)) for part in for_ear(sentence)]
            (HERE / f"{name}.ogg").write_bytes(encode(wav.join(parts), "opus"))
    finally:
        await supervisor.stop()


if __name__ == "__main__":
    asyncio.run(main())
