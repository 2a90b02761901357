"""Every sandbox department by the name of its connector."""

from __future__ import annotations

from actions.sandbox.department import Department
from actions.sandbox.departments import (
    apply,
    booking,
    calculator,
    cases,
    complaint,
    hospital,
    info,
    licence,
    rating,
    social,
    telecom,
    traffic,
    utilities,
)

ALL: dict[str, Department] = {
    department.name: department
    for department in (
        hospital.hospital,
        booking.booking,
        *utilities.UTILITIES,
        telecom.telecom,
        traffic.traffic,
        cases.cases,
        complaint.complaint,
        social.social,
        apply.apply,
        info.info,
        licence.licence,
        calculator.calculator,
        rating.rating,
    )
}
