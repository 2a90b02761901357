"""一件事: themes that chain services (and steps done elsewhere) with what is needed once for all.

A theme is one file ``content/themes/<id>.yaml``. Files are read again when one changes: a new theme needs no restart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import structlog
from pydantic import BaseModel, Field, StringConstraints, model_validator

from knowledge.declaration import FieldName, LifeStage, NonEmpty, ServiceId, Strict
from knowledge.files import UNREADABLE, describe, load
from knowledge.schemas import ServiceCard

log = structlog.get_logger(__name__)
ThemeId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{2,31}$")]


class ThemeStep(Strict):
    """A step: a service of the catalogue, or a matter with a name that is done elsewhere (``where``)."""

    service: ServiceId | None = None
    name: str = ""
    where: str = ""
    note: str = ""
    optional: bool = False

    @model_validator(mode="after")
    def _is_something(self) -> ThemeStep:
        if (self.service is None) == (not self.name):
            raise ValueError("a step has either a 'service' or a 'name'")
        if self.name and not self.where:
            raise ValueError("a step that is done elsewhere says 'where'")
        return self


class Theme(Strict):
    """``openings`` are the phrases that begin it; ``shared`` the fields that are asked for once in all its services."""

    id: ThemeId
    name: NonEmpty
    summary: NonEmpty
    spoken: NonEmpty
    audience: NonEmpty
    stage: LifeStage | None = None
    openings: list[NonEmpty] = Field(min_length=3)
    needs: list[NonEmpty] = Field(min_length=1)
    shared: list[FieldName] = Field(default_factory=list)
    steps: list[ThemeStep] = Field(min_length=2)


class StepCard(BaseModel):
    """A step as the citizen reads it. ``key`` names it in a conversation's progress."""

    key: str
    name: str
    where: str
    note: str
    optional: bool
    service_id: str | None = None
    transactional: bool = False


class ThemeCard(BaseModel):
    id: str
    name: str
    summary: str
    spoken: str
    audience: str
    stage: str | None
    needs: list[str]
    shared: list[str]
    steps: list[StepCard]


def read_themes(folders: list[Path]) -> tuple[dict[str, Theme], list[str]]:
    """Read every theme; return the good ones and, a line each, what is wrong with the others."""
    themes: dict[str, Theme] = {}
    problems = []
    named = {path.name: path for folder in folders for path in sorted((folder / "themes").glob("*.yaml"))}
    for path in named.values():
        try:
            theme = Theme.model_validate(load(path))
            if theme.id != path.stem:
                raise ValueError(f"id is {theme.id}, the file's name says {path.stem}")
            themes[theme.id] = theme
        except UNREADABLE as error:
            problems.append(describe(path, error))
    return themes, problems


def card(theme: Theme, services: Mapping[str, ServiceCard]) -> ThemeCard:
    """Return a theme with its services' names; a step whose service has been taken down is left out."""
    steps = []
    for position, step in enumerate(theme.steps):
        service = services.get(step.service) if step.service else None
        if step.service and service is None:
            continue
        steps.append(
            StepCard(
                key=step.service or f"step-{position + 1}",
                name=service.name if service else step.name,
                where=service.department if service else step.where,
                note=step.note,
                optional=step.optional,
                service_id=service.id if service else None,
                transactional=bool(service and service.transactional),
            )
        )
    fields = theme.model_dump(include={"id", "name", "summary", "spoken", "audience", "stage", "needs", "shared"})
    return ThemeCard(**fields, steps=steps)


class ThemeShelf:
    """The themes as the files have them now."""

    def __init__(self, folders: Callable[[], list[Path]]) -> None:
        self._folders = folders
        self._stamp: tuple[tuple[str, float], ...] | None = None
        self._themes: dict[str, Theme] = {}

    def all(self) -> dict[str, Theme]:
        paths = [path for folder in self._folders() for path in (folder / "themes").glob("*.yaml")]
        stamp = tuple(sorted((str(path), path.stat().st_mtime) for path in paths))
        if stamp != self._stamp:
            self._themes, problems = read_themes(self._folders())
            self._stamp = stamp
            for problem in problems:
                log.warning("theme.refused", problem=problem)
        return self._themes

    def opened_by(self, text: str) -> Theme | None:
        """Return the theme that a sentence begins: the one whose longest opening stands in it."""
        said = re.sub(r"[\W_]+", "", text)
        found = [(len(o), theme) for theme in self.all().values() for o in theme.openings if _core(o) in said]
        return max(found, key=lambda pair: pair[0])[1] if found else None


def _core(opening: str) -> str:
    return re.sub(r"[\W_]+", "", opening)
