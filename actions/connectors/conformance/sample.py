"""What the checks may try on a department: a YAML file that the department's developer writes.

    submit:
      operation: meal
      fields: {date: "{today+3}", name: 王秀兰}     # is accepted
      other: {date: "{today+4}", name: 李建国}      # is accepted too; other content for the same key
      wrong: {date: "2020-01-01", name: 王秀兰}     # is refused
      wrong_field: date                             # the field that the refusal names
      cancellable: true
    query: {operation: menu, fields: {}}
    choices: {name: date, fields: {operation: meal}}
    licences:                                       # only of a department that keeps electronic licences
      kinds: [居民身份证, 居民户口簿]                 # the holder has these
      holder: {name: 王秀兰, id_no: "371302198503120021"}
      other: {name: 张桂英, id_no: "371322196309210046"}   # another person

``{today+3}`` is the date three days from today. Every part may be missing; what it would have shown is then skipped.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

_DAY = re.compile(r"\{today(?:\+(\d{1,3}))?\}")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SubmitSample(Strict):
    operation: str
    fields: dict[str, Any]
    other: dict[str, Any] | None = None
    wrong: dict[str, Any] | None = None
    wrong_field: str | None = None
    cancellable: bool = False


class QuerySample(Strict):
    operation: str
    fields: dict[str, Any] = Field(default_factory=dict)


class ChoicesSample(Strict):
    name: str
    fields: dict[str, Any] = Field(default_factory=dict)


class Person(Strict):
    name: str
    id_no: str


class LicenceSample(Strict):
    kinds: list[str] = Field(min_length=1)
    holder: Person
    other: Person | None = None
    level: int = 4


class Sample(Strict):
    submit: SubmitSample | None = None
    query: QuerySample | None = None
    choices: ChoicesSample | None = None
    licences: LicenceSample | None = None


def load(path: Path) -> Sample:
    """Read a sample file, with its days filled in.

    Raises:
        ValueError: it is no YAML, or does not have the form above (pydantic's error is one).
    """
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"{path.name}: {error}") from error
    return Sample.model_validate(_filled(document or {}))


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _filled(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_filled(part) for part in value]
    if isinstance(value, str):
        return _DAY.sub(lambda match: (date.today() + timedelta(days=int(match[1] or 0))).isoformat(), value)
    return value
