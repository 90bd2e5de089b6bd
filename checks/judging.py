"""From measurements to the result of an audit: every figure that a page may show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from checks.context import Context
from checks.evidence import would_decide
from checks.lists import list_query
from checks.measurement import Measurement
from checks.measuring import Measured
from checks.money import currency, money_touched, open_total
from checks.people import Pseudonyms, sample_row
from checks.results import (
    AuditResult,
    CheckResult,
    ContractResult,
    FamilyResult,
    Money,
    RunInfo,
    SignalResult,
    State,
    Verdict,
    Worklist,
)
from checks.scoring import (
    JudgedCheck,
    JudgedSignal,
    confidence,
    evidence,
    headline,
    index,
    judge_check,
    judge_signals,
)
from checks.spec import CheckSpec
from checks.verdict import decide
from connectors.engines.duckdb import identifier

#: Rows of a worklist that the result itself holds.
SAMPLE_ROWS = 50


def judge(
    context: Context,
    specs: Sequence[CheckSpec],
    measured: Measured,
    contract: ContractResult,
    run: RunInfo,
    *,
    named: bool,
) -> AuditResult:
    """Judge what was measured.

    Args:
        context: The snapshot that was measured; samples and money are read from it.
        specs: Checks that ran, with the parameters and tolerances in force.
        measured: What they found.
        contract: Whether the audit may be trusted.
        run: What was audited; its ``contract`` and ``named`` are set here.
        named: Whether people appear under their names.
    """
    judged = {spec.id: judge_check(spec, measured.measurements[spec.id]) for spec in specs}
    signals = judge_signals(list(judged.values()), context.profile)
    pseudonyms = read_pseudonyms(context, measured)
    team_sizes = _team_sizes(context, measured)
    return AuditResult(
        run=run.model_copy(update={"contract": contract, "named": named}),
        verdict=_verdict(context, measured, signals),
        signals=[_signal_result(signal) for signal in signals],
        checks=[
            _check_result(
                context, spec, measured, judged[spec.id], pseudonyms, team_sizes, named=named
            )
            for spec in specs
        ],
        configuration_findings=list(measured.configuration_findings),
    )


def read_pseudonyms(context: Context, measured: Measured) -> Pseudonyms:
    """Return the pseudonyms of every user of the CRM and of every owner of a record."""
    owners = {
        count.owner_id: ""
        for measurement in measured.measurements.values()
        for count in measurement.owners
        if count.owner_id is not None
    }
    users = context.snapshot.rows("select id, any_value(name) from users group by id")
    return Pseudonyms(owners | {user_id: name or "" for user_id, name in users if user_id})


def _team_sizes(context: Context, measured: Measured) -> dict[str, int]:
    """Return the number of people by team; reads nothing while no check compares teams."""
    groups = (group for one in measured.measurements.values() for group in one.groups)
    if not any(group.dimension == "team" for group in groups):
        return {}
    return dict(
        context.snapshot.rows(
            "select team_id, count(distinct id) from users "
            "where team_id is not null and coalesce(is_active, true) group by team_id"
        )
    )


def _verdict(context: Context, measured: Measured, signals: Sequence[JudgedSignal]) -> Verdict:
    reps, deals = _examined_reps_and_deals(context)
    decision = decide(signals, reps=reps, deals=deals, seed=context.profile.seed)
    missing = {check_id: one.missing for check_id, one in measured.measurements.items()}
    return Verdict(
        state=decision.state,
        present=decision.present,
        observable=decision.observable,
        confidence=decision.confidence,
        decided_by=list(decision.decided_by),
        would_decide=would_decide(signals, missing, context.snapshot.capabilities)
        if decision.is_open
        else [],
        money=_money(context, measured, signals),
        probability=decision.probability,
        gates=decision.gates,
    )


def _examined_reps_and_deals(context: Context) -> tuple[int, int]:
    """Count deals that are open or were closed in the window, and the people who own them.

    Users who left and users that are programs own deals, but are no reps.
    """
    ((reps, deals),) = context.snapshot.rows(
        """
        select
            count(distinct owner_id) filter (
                owner_id not in (
                    select id from users
                    where id is not null and (is_integration or not is_active)
                )
            ),
            count(*)
        from deals
        where is_live and (
            state = 'open'
            or state in ('won', 'lost')
            and close_date between cast($as_of as date) - to_months($months) and $as_of
        )
        """,
        {"as_of": context.as_of, "months": context.profile.window_months},
    )
    return int(reps), int(deals)


def _money(context: Context, measured: Measured, signals: Sequence[JudgedSignal]) -> Money:
    raised = [
        check.check_id
        for signal in signals
        for check in signal.checks
        if check.state in (State.PRESENT, State.EMERGING)
    ]
    found = money_touched(context, measured, raised)
    return Money(
        touched=_amount(found.touched),
        open_total=_amount(open_total(context)),
        top5_share=_rounded(found.top5_share),
        deals=found.deals,
        without_amount=found.without_amount,
        currency=currency(context),
    )


def _signal_result(signal: JudgedSignal) -> SignalResult:
    worst = headline(signal)
    bounds = index(signal)
    return SignalResult(
        id=signal.id,
        state=signal.state,
        index=None if bounds.value is None else round(bounds.value, 1),
        index_lo=round(bounds.low, 1),
        index_hi=round(bounds.high, 1),
        coverage=round(signal.coverage, 4),
        confidence=confidence(signal),
        evidence=evidence(signal),
        headline_check_id=worst.check_id if worst else None,
        families=[
            FamilyResult(
                id=family.id,
                state=family.state,
                weight=family.weight,
                severity=_rounded(family.severity),
                checks=[check.check_id for check in family.checks],
            )
            for family in signal.families
        ],
    )


def _check_result(
    context: Context,
    spec: CheckSpec,
    measured: Measured,
    judged: JudgedCheck,
    pseudonyms: Pseudonyms,
    team_sizes: Mapping[str, int],
    *,
    named: bool,
) -> CheckResult:
    measurement = measured.measurements[spec.id]
    n, k = measurement.n_eligible, measurement.k_defect
    low, high = judged.posterior.interval() if judged.posterior else (None, None)
    money = None
    if spec.table == "deals" and measurement.hits:
        money = money_touched(context, measured, [spec.id])
    return CheckResult(
        check_id=spec.id,
        code=spec.code,
        version=spec.version,
        kind="metric" if measurement.metric else "rate",
        signal=spec.signal,
        family=spec.family,
        lifecycle=spec.lifecycle,
        state=judged.state,
        n_eligible=n,
        k_defect=k,
        rate=_rounded(k / n) if n else None,
        ci_lo=_rounded(low),
        ci_hi=_rounded(high),
        probability=_rounded(judged.probability),
        owners=judged.owners,
        metric=measurement.metric,
        t_lo=spec.tolerance.t_lo,
        n_min=spec.tolerance.n_min,
        severity=_rounded(judged.severity),
        coverage=measurement.coverage,
        evidence=judged.evidence,
        money_touched=_amount(money.touched) if money else None,
        money_without_amount=money.without_amount if money else 0,
        reason=judged.reason,
        reason_facts=dict(judged.reason_facts),
        groups=pseudonyms.groups(measurement.groups, people=team_sizes, named=named),
        stock=measurement.stock,
        table=spec.table,
        effort=spec.effort,
        foundation=spec.foundation,
        text=spec.text.model_dump(by_alias=True),
        reproduce=_reproduce(context, spec),
        definition=_definition(spec),
        **_listed(context, spec, measurement, pseudonyms, named=named),
    )


def _listed(
    context: Context,
    spec: CheckSpec,
    measurement: Measurement,
    pseudonyms: Pseudonyms,
    *,
    named: bool,
) -> dict[str, Any]:
    """Return the first rows of a check's list, and where the whole of it is."""
    if not measurement.hits or not measurement.k_defect:
        return {}
    query = list_query(context, spec, measurement)
    rows = context.snapshot.rows(f"{query.sql} limit {SAMPLE_ROWS}")
    ((total,),) = context.snapshot.rows(f"select count(*) from {identifier(measurement.hits)}")
    return {
        "sample": [sample_row(row, query.columns, pseudonyms, named=named) for row in rows],
        "worklist": Worklist(
            file=f"worklists/{spec.id}.csv",
            rows=total,
            columns=[column.name for column in query.columns],
        ),
    }


def _reproduce(context: Context, spec: CheckSpec) -> dict[str, str]:
    """Return how to see the records in each CRM, with literal dates and values."""
    values = {"as_of": context.as_of.isoformat()}
    for name, value in spec.params.items():
        values[name] = str(value)
        if isinstance(value, int | float):
            day = context.as_of - timedelta(days=int(value))
            values[f"as_of_minus_{name}"] = day.isoformat()
    texts: Iterable[tuple[str, str]] = spec.reproduce.model_dump().items()
    return {
        system: re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), text)
        for system, text in texts
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
            "t_hi": _rounded(tolerance.high),
            "t_cr": _rounded(tolerance.critical),
            "n_min": tolerance.n_min,
        }
    }


def _rounded(value: Any) -> float | None:
    """Return six decimals: fewer than the last digits in which two machines may differ."""
    return None if value is None else round(float(value), 6)


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"
