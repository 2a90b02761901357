"""Check the content files: ``python -m knowledge.content_check [PREFIX ...]`` prints what is wrong, or the counts."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml
from pydantic import ValidationError

from knowledge.declaration import QaFile, ServiceDeclaration

CONTENT = Path(__file__).parent / "content"


def check(prefixes: list[str], root: Path = CONTENT) -> tuple[list[str], dict[str, int]]:
    """Validate every file whose name starts with one of ``prefixes`` (all if none); return problems and counts."""
    problems: list[str] = []
    counts = {"services": 0, "aliases": 0, "service variants": 0, "entries": 0, "entry variants": 0}
    seen: dict[str, str] = {}

    def wanted(path: Path) -> bool:
        return not prefixes or path.stem.split("-")[0] in prefixes

    def once(text: str, where: str) -> None:
        key = text.strip().rstrip("？?。！!")
        if key in seen and seen[key] != where:
            problems.append(f"{where}: {text!r} also stands in {seen[key]}")
        seen.setdefault(key, where)

    for path in sorted(p for p in (root / "services").glob("*.yaml") if wanted(p)):
        try:
            service = ServiceDeclaration.model_validate(yaml.safe_load(path.read_text("utf-8")))
        except (ValidationError, yaml.YAMLError) as error:
            problems.append(f"{path.name}: {error}")
            continue
        if service.id != path.stem:
            problems.append(f"{path.name}: id is {service.id}")
        counts["services"] += 1
        counts["aliases"] += len(service.aliases)
        counts["service variants"] += len(service.variants)
        for text in service.variants:
            once(text, service.id)
    for path in sorted(p for p in (root / "qa").glob("*.yaml") if wanted(p)):
        try:
            qa = QaFile.model_validate(yaml.safe_load(path.read_text("utf-8")))
        except (ValidationError, yaml.YAMLError) as error:
            problems.append(f"{path.name}: {error}")
            continue
        counts["entries"] += len(qa.entries)
        for entry in qa.entries:
            once(entry.id, entry.id + " (id)")
            once(entry.question, entry.id)
            counts["entry variants"] += len(entry.variants)
            for text in entry.variants:
                once(text, entry.id)
    return problems, counts


def main() -> int:
    problems, counts = check(sys.argv[1:])
    for problem in problems:
        print(problem)
    print(", ".join(f"{count} {name}" for name, count in counts.items()))
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
