"""Audits at the ends: healthy, failing everywhere, nothing measurable, and nothing at all."""

from __future__ import annotations

from typing import Any

from checks.results import (
    AuditResult,
    CheckResult,
    Money,
    SignalId,
    SignalResult,
    State,
    Verdict,
    VerdictState,
    Worklist,
)
from tests.reports.sample_audit import sample_result
from tests.reports.sample_blocks import a_week, sample_forecast, sample_rhythm
from tests.reports.sample_checks import a_check, compared, deal_rows
from tests.reports.sample_comparison import a_change, sample_comparison
from tests.reports.sample_system import sample_actions

_NO_MONEY = Money(touched="0.00", open_total="0.00", top5_share=None, currency=None)


def healthy_result() -> AuditResult:
    """Return an audit in which everything was measured and nothing is amiss."""
    checks = _checks(24, State.ABSENT, k_defect=4, rate=4 / 517, ci_lo=0.002, ci_hi=0.02)
    return sample_result(
        verdict=_verdict(VerdictState.NOT_ESTABLISHED, present=0, observable=4),
        signals=_signals(State.ABSENT, index=96.0, coverage=1.0),
        checks=checks,
        actions=[],
        configuration_findings=[],
        rhythm=sample_rhythm(teams=[a_week(team="00E1", label="Nord", people=5)]),
        forecast=sample_forecast(bias=0.02, skill=0.4),
    )


def failing_result(count: int = 60, rows: int = 50) -> AuditResult:
    """Return an audit in which so many checks fail, each with a list and twenty people."""
    people = [
        compared("owner", f"rep-{one:03}", f"rep-{one:03}", (50, 20 + one), 0.28, 0.54)
        for one in range(20)
    ]
    checks = _checks(
        count, State.PRESENT, groups=people, sample=deal_rows(rows), cause="organisational"
    )
    long = "Revoir chaque semaine, dans le CRM, toutes les affaires en cours de chaque équipe"
    actions = [
        one.model_copy(update={"text": {"en": {"title": long}, "fr": {"title": long}}})
        for one in sample_actions()
    ]
    return sample_result(
        verdict=_verdict(
            VerdictState.ESTABLISHED,
            present=4,
            observable=4,
            cause="organisational",
            money=sample_result().verdict.money,
        ),
        signals=_signals(State.PRESENT, index=12.0, coverage=1.0),
        checks=checks,
        actions=actions,
        forecast=sample_forecast(months=24),
        comparison=sample_comparison(*(a_change(check.check_id) for check in checks)),
    )


def unmeasurable_result() -> AuditResult:
    """Return an audit of an export that shows nothing of what the checks ask for."""
    checks = _checks(
        40,
        State.NOT_OBSERVABLE,
        reason="column_absent",
        reason_facts={"columns": ["deals.last_activity_at", "deals.next_step"]},
    )
    return sample_result(
        verdict=_verdict(VerdictState.CANNOT_CONCLUDE, present=0, observable=0, confidence=None),
        signals=_signals(State.NOT_OBSERVABLE, index=None, coverage=0.0),
        checks=checks,
        **_nothing_else(),
    )


def empty_result() -> AuditResult:
    """Return an audit that ran no check at all."""
    result = unmeasurable_result()
    run = result.run.model_copy(update={"tables": {}, "provenance": {}, "warnings": []})
    return result.model_copy(update={"run": run, "checks": []})


def _nothing_else() -> dict[str, Any]:
    absent = dict.fromkeys(("declared", "foundations", "questions", "rhythm", "forecast"))
    return {**absent, "pipeline": None, "actions": [], "configuration_findings": []}


def _checks(count: int, state: State, **changes: Any) -> list[CheckResult]:
    """Return so many checks, dealt out to the four signals."""
    return [
        a_check(
            f"check-{number}",
            state,
            (
                f"Open deals that fail in the way number {number}",
                f"Affaires en cours en défaut, cas {number}",
            ),
            signal=list(SignalId)[number % 4],
            worklist=Worklist(file=f"worklists/check-{number}.csv", rows=212),
            **changes,
        )
        for number in range(count)
    ]


def _signals(state: State, *, index: float | None, coverage: float) -> list[SignalResult]:
    return [
        SignalResult(
            id=signal,
            state=state,
            index=index,
            index_lo=index or 0.0,
            index_hi=index or 100.0,
            coverage=coverage,
            confidence=None,
            headline_check_id=f"check-{number}" if index is not None else None,
            families=[],
        )
        for number, signal in enumerate(SignalId)
    ]


def _verdict(state: VerdictState, **changes: Any) -> Verdict:
    return Verdict(**{"state": state, "money": _NO_MONEY, "confidence": "high", **changes})
