"""One check as the result shows it: figures, wording, the first rows of its list."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal

from checks.context import Context
from checks.judgement.by_people import Staff, people_groups
from checks.judgement.causes.examine import Causes
from checks.judgement.people import Privacy
from checks.judgement.scoring import JudgedCheck
from checks.lists.list_queries import list_query
from checks.lists.money import OpenDeals
from checks.measurement import Measurement
from checks.measuring import Measured
from checks.results import CheckResult, Worklist
from checks.spec import CheckSpec

#: Rows of a worklist that the result itself holds.
SAMPLE_ROWS = 50

#: A larger parameter is no number of days.
_MOST_DAYS_BACK = 36_500


def check_result(
    context: Context,
    spec: CheckSpec,
    measured: Measured,
    judged: JudgedCheck,
    *,
    causes: Causes,
    privacy: Privacy,
    staff: Staff,
    open_deals: OpenDeals,
) -> CheckResult:
    """Return what one check found, with at most 50 rows of its list.

    Args:
        context: The snapshot that was measured.
        spec: The check, with the parameters and tolerances in force.
        measured: What all checks found.
        judged: The state of this one.
        causes: Where the defects of failing checks come from.
        privacy: How people appear.
        staff: Who is a person, and in which team.
        open_deals: The money that a check on deals may touch.
    """
    measurement = measured.measurements[spec.id]
    n, k = measurement.n_eligible, measurement.k_defect
    low, high = judged.posterior.interval() if judged.posterior else (None, None)
    money = None
    if spec.table == "deals" and measurement.hits:
        money = open_deals.touched(measured, [spec.id])
    # Only where a cause was looked for is there something to say about who is concerned.
    by_people = people_groups(measurement, staff) if spec.id in causes.triages else ()
    return CheckResult(
        check_id=spec.id,
        code=spec.code,
        version=spec.version,
        kind=_kind(measurement),
        signal=spec.signal,
        family=spec.family,
        lifecycle=spec.lifecycle,
        state=judged.state,
        n_eligible=n,
        k_defect=k,
        rate=rounded(k / n) if n else None,
        ci_lo=rounded(low),
        ci_hi=rounded(high),
        probability=rounded(judged.probability),
        owners=judged.owners,
        metric=measurement.metric,
        t_lo=spec.tolerance.t_lo,
        n_min=spec.tolerance.n_min,
        severity=rounded(judged.severity),
        coverage=measurement.coverage,
        evidence=judged.evidence,
        cause=causes.of_check(spec.id),
        triage=causes.triages.get(spec.id),
        money_touched=amount(money.touched) if money else None,
        money_at_risk=amount(money.at_risk) if money else None,
        money_without_amount=money.without_amount if money else 0,
        reason=judged.reason,
        reason_facts=dict(judged.reason_facts),
        groups=privacy.groups([*measurement.groups, *by_people]),
        stock=measurement.stock,
        table=spec.table,
        effort=spec.effort,
        foundation=spec.foundation,
        text=spec.text.model_dump(by_alias=True),
        reproduce=_reproduce(context, spec),
        definition=_definition(spec),
        **_listed(context, spec, measurement, privacy),
    )


def _kind(measurement: Measurement) -> Literal["rate", "metric", "people"]:
    if measurement.counts_people:
        return "people"
    return "metric" if measurement.metric else "rate"


def _listed(
    context: Context, spec: CheckSpec, measurement: Measurement, privacy: Privacy
) -> dict[str, Any]:
    """Return the first rows of a check's list, and where the whole of it is."""
    if not measurement.hits or not measurement.k_defect:
        return {}
    query = list_query(context, spec, measurement)
    rows = context.snapshot.rows(f"{query.sql} limit {SAMPLE_ROWS}")
    return {
        "sample": [privacy.row(row, query.columns) for row in rows],
        "worklist": Worklist(
            file=f"worklists/{spec.id}.csv",
            rows=query.rows,
            columns=privacy.listed(query.columns),
        ),
    }


def _reproduce(context: Context, spec: CheckSpec) -> dict[str, str]:
    """Return how to see the records in each CRM, with literal dates and values."""
    months = {"as_of": context.as_of, "months": context.profile.window_months}
    ((window_start,),) = context.snapshot.rows("select months_before($as_of, $months)", months)
    values = {"as_of": context.as_of.isoformat(), "window_start": window_start.isoformat()}
    for name, value in spec.params.items():
        values[name] = str(value)
        if isinstance(value, int | float) and 0 <= value <= _MOST_DAYS_BACK:
            day = context.as_of - timedelta(days=int(value))
            values[f"as_of_minus_{name}"] = day.isoformat()
    return {
        system: re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), text)
        for system, text in spec.reproduce.model_dump().items()
        if text
    }


def _definition(spec: CheckSpec) -> dict[str, Any]:
    """Return what a reader needs to count the same, without what the check leaves open."""
    tolerance = spec.tolerance
    stated = {
        "population": spec.population,
        "defect": spec.defect,
        "measure": spec.measure,
        "expect": spec.expect.model_dump() if spec.expect else None,
        "nulls": spec.nulls if spec.defect else None,
        "collects": spec.collects,
        "window": spec.window or None,
        "params": dict(spec.params) or None,
    }
    return {name: value for name, value in stated.items() if value is not None} | {
        "tolerance": {
            "t_lo": tolerance.t_lo,
            "t_hi": rounded(tolerance.high),
            "t_cr": rounded(tolerance.critical),
            "n_min": tolerance.n_min,
        }
    }


def rounded(value: Any) -> float | None:
    """Return six decimals: fewer than the last digits in which two machines may differ."""
    return None if value is None else round(float(value), 6)


def amount(value: Decimal | None) -> str | None:
    """Return money as a decimal string with two places."""
    return None if value is None else f"{value:.2f}"
