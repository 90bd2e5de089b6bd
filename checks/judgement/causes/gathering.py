"""From measurements to cases, and why some findings are none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from checks.cause_results import CheckTriage
from checks.context import Context
from checks.judgement.causes.cases import Case, DifferenceCase, PeopleCase, RateCase
from checks.judgement.causes.differences import compared
from checks.judgement.causes.finding import Finding
from checks.judgement.causes.origins import Origins, relations_of
from checks.judgement.causes.roster import Roster
from checks.judgement.causes.triage import FEWEST_PEOPLE, FEWEST_RECORDS, can_be_triaged
from checks.measurement import Measurement
from checks.measuring import Measured
from checks.results import GroupStat
from checks.spec import CheckSpec
from connectors.model import RECORD_TABLES


def gather(
    context: Context, specs: Sequence[CheckSpec], measured: Measured, roster: Roster
) -> dict[str, Case]:
    """Return the checks whose cause can be asked for, with where their records come from.

    Args:
        context: The audit.
        specs: Checks that are present or emerging.
        measured: What was measured.
        roster: Who is a person.
    """
    cases, by_table = dict[str, Case](), dict[str, list[tuple[CheckSpec, Measurement]]]()
    for spec in specs:
        one = measured.measurements[spec.id]
        case = _case(roster, spec, one)
        if case is None:
            continue
        cases[spec.id] = case
        if case.about == "records" and _tells_records(context, spec, one):
            by_table.setdefault(spec.table, []).append((spec, one))
    for table, of_table in by_table.items():
        origins = Origins(context, table, of_table, roster)
        cases |= {spec.id: RateCase(origins.finding(spec, one)) for spec, one in of_table}
    return cases


def undetermined(roster: Roster, measured: Measurement) -> CheckTriage:
    """Return why nobody can say where a finding comes from."""
    people = roster.people(measured)
    records, defects = (
        sum(one.n_eligible for one in people),
        sum(one.k_defect for one in people),
    )
    because, facts = "measured_as_a_whole", dict[str, Any]()
    if people or measured.ruling is None:
        if 2 * defects < measured.k_defect:
            because = "owner_unknown"
        elif len(people) < FEWEST_PEOPLE:
            because, facts = "too_few_people", {"people": len(people), "needed": FEWEST_PEOPLE}
        else:
            because, facts = "too_few_records", {"records": records, "needed": FEWEST_RECORDS}
    return CheckTriage(kind="undetermined", undetermined_because=because, facts=facts)


def _case(roster: Roster, spec: CheckSpec, measured: Measurement) -> Case | None:
    plain = roster.finding(spec.tolerance.t_lo, measured)
    if measured.counts_people:
        enough = plain.people >= FEWEST_PEOPLE
        return PeopleCase(plain.defects_of > 0, plain.teams) if enough else None
    groups = _people_compared(measured)
    if len(groups) >= FEWEST_PEOPLE:
        teams = [roster.team(group.key) for group in groups]
        return DifferenceCase(compared(groups, teams, spec.tolerance.t_lo))
    if can_be_triaged(plain) and _is_of_people(plain, measured):
        return RateCase(plain)
    return None


def _people_compared(measured: Measurement) -> list[GroupStat]:
    """Return the groups of people that a ruling on their differences shows."""
    if measured.ruling is None:
        return []
    return [
        group
        for group in measured.groups
        if group.dimension == "owner" and group.expected is not None and group.n_eligible
    ]


def _tells_records(context: Context, spec: CheckSpec, measured: Measurement) -> bool:
    """Return whether the records of a rate can be found again in their table."""
    if measured.ruling is not None or measured.hits is None or spec.table not in RECORD_TABLES:
        return False
    return bool(spec.defect or relations_of(context, spec))


def _is_of_people(finding: Finding, measured: Measurement) -> bool:
    """Return whether most defects belong to people at all."""
    return bool(2 * np.sum(finding.defects) >= measured.k_defect)
