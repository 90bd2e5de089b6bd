"""A look at an org before it is pulled: what is there, what is hidden, what it would cost."""

from __future__ import annotations

import math
from collections.abc import Sequence

from connectors.errors import AuditorError
from connectors.http.gaps import Gap, gaps_of, mark
from connectors.http.pages import PageStore
from connectors.http.quota import Meter
from connectors.http.survey import Survey, SurveyedObject
from connectors.intake.recognition.dialects import spelling
from connectors.intake.tables.provenance import feeds
from connectors.salesforce.answers import usage_of_limits
from connectors.salesforce.org import BULK_PAGE, Org
from connectors.salesforce.plan import ObjectPlan
from connectors.salesforce.pull import Options, Pull
from connectors.snapshot import Availability, Capabilities

_REST_PAGE = 2_000
#: Seconds that an org takes: for a page, for a job to begin, for a record of a job.
_PER_PAGE, _PER_JOB, _PER_RECORD = 1.0, 20.0, 1 / 5_000
#: Calls for a bulk job besides its pages: to begin it, and to look at it.
_PER_BULK_JOB = 6


def survey(org: Org, meter: Meter, options: Options, store: PageStore) -> Survey:
    """Look at an org.

    Args:
        org: The org, signed in or able to.
        meter: Of its calls.
        options: How it would be pulled.
        store: Takes the plan.
    """
    meter.read(usage_of_limits(org.limits()))
    plans = Pull(org, store, options).plans()
    gaps = gaps_of(store)
    objects = [_surveyed(plan) for plan in plans]
    names = {plan.name for plan in plans}
    seconds = sum(_seconds(plan) for plan in plans) / options.readers
    return Survey(
        account=_account(org),
        objects=objects,
        gaps=gaps,
        writable=[name for name in sorted(org.writable()) if name in names],
        calls=meter.calls + sum(each.calls for each in objects),
        minutes=seconds / 60,
        capabilities=expected_capabilities(plans, gaps),
    )


def expected_capabilities(plans: Sequence[ObjectPlan], gaps: list[Gap]) -> Capabilities:
    """Return what could be observed if every field that is asked for were filled."""
    capabilities = Capabilities()
    for plan in plans:
        entry = plan.of.entry
        if entry.table is None:
            continue
        capabilities.tables[entry.table] = Availability.SUPPLIED
        named = [label for name in plan.fields for label in entry.labels.get(spelling(name), [])]
        columns = {feeds(entry.table, field) for field, _ in named} | {"id", *entry.constants}
        if entry.versions:
            columns |= {
                feeds(entry.table, field) for labels in entry.labels.values() for field, _ in labels
            }
        for column in columns:
            capabilities.columns[entry.table, column] = Availability.SUPPLIED
    mark(capabilities, gaps)
    if not any(plan.of.table == "field_history" and _of_deals(plan) for plan in plans):
        capabilities.tables["field_history"] = Availability.NOT_TRACKED
    return capabilities


def _of_deals(plan: ObjectPlan) -> bool:
    return plan.of.entry.constants.get("table_name") == "deals"


def _account(org: Org) -> str:
    try:
        found, *_ = org.rows("SELECT Name, OrganizationType, IsSandbox FROM Organization")
    except AuditorError:
        return ""
    kind = "Sandbox" if found.get("IsSandbox") else found.get("OrganizationType")
    return f"{found['Name']} ({kind})"


def _surveyed(plan: ObjectPlan) -> SurveyedObject:
    return SurveyedObject(
        plan.name, plan.of.table, plan.expected, len(plan.fields), _calls(plan), plan.bulk
    )


def _calls(plan: ObjectPlan) -> int:
    rows = plan.expected or 1
    if plan.bulk:
        return _PER_BULK_JOB + max(1, math.ceil(rows / BULK_PAGE))
    return max(1, math.ceil(rows / _REST_PAGE))


def _seconds(plan: ObjectPlan) -> float:
    if plan.bulk:
        return _PER_JOB + (plan.expected or 0) * _PER_RECORD
    return _calls(plan) * _PER_PAGE
