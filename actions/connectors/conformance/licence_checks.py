"""The rules for a department that keeps electronic licences: consent, the right person, no more than was asked."""

from __future__ import annotations

from functools import partial
from typing import Any

from actions.connectors.conformance.checks import Skipped, Trial, check
from actions.connectors.conformance.probe import Broken, good, refused
from actions.connectors.conformance.sample import LicenceSample, Person
from actions.connectors.contract import Licences

PATH = "/licences"
rule = partial(check, only_with="licences")


def _sample(trial: Trial) -> LicenceSample:
    assert trial.sample.licences is not None
    return trial.sample.licences


def _ask(asked: LicenceSample, holder: Person | None = None, **other: Any) -> dict[str, Any]:
    person = (holder or asked.holder).model_dump()
    citizen = {"subject": "conformance", "level": asked.level}
    return {"kinds": asked.kinds, "holder": person, "citizen": citizen, "purpose": "试", "consent": "1"} | other


@rule("licences that were asked for are given, and no others")
def given(trial: Trial) -> None:
    asked = _sample(trial)
    first = good(trial.probe.call("POST", PATH, json=_ask(asked)), Licences)
    if missing := set(asked.kinds) - {row.kind for row in first.licences}:
        raise Broken(f"POST {PATH}: the holder's {'、'.join(sorted(missing))} is not there")
    one = good(trial.probe.call("POST", PATH, json=_ask(asked, kinds=asked.kinds[:1])), Licences)
    if {row.kind for row in one.licences} != {asked.kinds[0]}:
        raise Broken(f"POST {PATH}: asked for {asked.kinds[0]}, given {[row.kind for row in one.licences]}")
    if {row.reference for row in one.licences} - {row.reference for row in first.licences}:
        raise Broken(f"POST {PATH}: the same licence has another reference when it is asked for again")


@rule("licences do not show the holder's number")
def masked(trial: Trial) -> None:
    asked = _sample(trial)
    if asked.holder.id_no in trial.probe.call("POST", PATH, json=_ask(asked)).text:
        raise Broken(f"POST {PATH}: shows the ID number in full")


@rule("no licence without consent")
def without_consent(trial: Trial) -> None:
    refused(trial.probe.call("POST", PATH, json=_ask(_sample(trial), consent="")), "not_eligible", status=403)


@rule("no licence for who is not signed in")
def without_citizen(trial: Trial) -> None:
    refused(trial.probe.call("POST", PATH, json=_ask(_sample(trial), citizen=None)), "not_eligible", status=403)


@rule("a name that is not the number's gets nothing")
def wrong_person(trial: Trial) -> None:
    asked = _sample(trial)
    mixed = Person(name=asked.holder.name + "甲", id_no=asked.holder.id_no)
    if good(trial.probe.call("POST", PATH, json=_ask(asked, mixed)), Licences).licences:
        raise Broken(f"POST {PATH}: gives licences of a number to another name")


@rule("two people have different references")
def apart(trial: Trial) -> None:
    asked = _sample(trial)
    if asked.other is None:
        raise Skipped("the sample's 'licences' has no 'other'")
    mine, theirs = (
        {row.reference for row in good(trial.probe.call("POST", PATH, json=_ask(asked, who)), Licences).licences}
        for who in (asked.holder, asked.other)
    )
    if mine & theirs:
        raise Broken(f"POST {PATH}: two people share a reference")
