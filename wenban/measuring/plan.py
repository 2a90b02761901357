"""The parts of the evaluation: which command each is, what files it needs, how long it may take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wenban.paths import ROOT

CORPORA = {
    "taipei": "faq_taipei",
    "cmrc": "faq_retrieval_general_cmrc2018dev",
    "insurance": "faq_retrieval_insurance_zhidao",
}
INTENTS = {"massive": "intent_massive_zhCN", "smp2017": "intent_smp2017_ecdt"}
OWN_DIALOGUES = ROOT / "tests" / "e2e" / "dialogues"
ACTS, HELD_OUT_ACTS = ROOT / "bot" / "data" / "nlu", ROOT / "tests" / "fixtures" / "acts_holdout.tsv"
RASAS_OWN = ROOT / "nlu" / "evaluation" / "jieba_diet.yml"


@dataclass(frozen=True)
class Part:
    """``arguments`` are those of ``wenban eval``, ``{name}`` in them a file of the data folder.

    ``product`` says that the running product is asked, ``slow`` that it is only run when named; ``limit`` in seconds.
    """

    name: str
    arguments: tuple[str, ...]
    product: bool = False
    slow: bool = False
    limit: int = 580

    def command(self, data: Path) -> list[str]:
        """Return the arguments with the files put in."""
        return [str(data / part[1:-1]) if part.startswith("{") else part for part in self.arguments]

    def missing(self, data: Path) -> list[str]:
        """Return the names of the files that are not there."""
        files = [part[1:-1] for part in self.arguments if part.startswith("{")]
        return [name for name in files if not (data / name).exists()]


def _search(name: str, stem: str) -> Part:
    files = (f"{{public/{stem}.corpus.jsonl}}", f"{{public/{stem}.queries.jsonl}}")
    return Part(f"search-{name}", ("search", "--corpus", files[0], "--queries", files[1]))


def _nlu(name: str, stem: str, *more: str, slow: bool = False) -> Part:
    files = (f"{{public/{stem}.train.tsv}}", f"{{public/{stem}.dev.tsv}}")
    label = f"nlu-{name}-diet" if slow else f"nlu-{name}"
    return Part(label, ("nlu", "--train", files[0], "--test", files[1], *more), slow=slow, limit=3600 if slow else 580)


PARTS = (
    Part("services", ("services", "{queries.tsv}", "--out-of-scope", "{out_of_scope.tsv}", "--steps")),
    *(_search(name, stem) for name, stem in CORPORA.items()),
    Part("nlu-acts", ("nlu", "--train", str(ACTS), "--test", str(HELD_OUT_ACTS))),
    *(_nlu(name, stem) for name, stem in INTENTS.items()),
    Part("dialogues", ("dialogues", "{dialogues.jsonl}"), product=True),
    Part("dialogues-own", ("dialogues", str(OWN_DIALOGUES)), product=True),
    Part("functions", ("functions",), product=True),
    _nlu("smp2017", INTENTS["smp2017"], "--config", str(RASAS_OWN), slow=True),
)


class UnknownPart(ValueError):
    """There is no part of that name; the message lists those that there are."""


def chosen(only: Sequence[str] = (), skip: Sequence[str] = (), slow: bool = False) -> list[Part]:
    """Return the parts to run: those named, or all that are not slow; a name may be a beginning ("search").

    Raises:
        UnknownPart: when a name fits nothing.
    """
    named = {name: _named(name) for name in (*only, *skip)}
    wanted = [part for name in only for part in named[name]] or [part for part in PARTS if slow or not part.slow]
    if slow:
        wanted += [part for part in PARTS if part.slow and part not in wanted]
    left_out = [part for name in skip for part in named[name]]
    return [part for part in PARTS if part in wanted and part not in left_out]


def _named(name: str) -> list[Part]:
    """Return the part of that name, else those that begin so; a slow one only by its whole name."""
    found = [part for part in PARTS if part.name == name]
    found = found or [part for part in PARTS if part.name.startswith(name) and not part.slow]
    if not found:
        raise UnknownPart(f"no part {name}; there are {', '.join(part.name for part in PARTS)}")
    return found
