"""This audit beside the one before: moves, breaks, signs, and the line of audits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from checks.change.breaks import breaks_between, not_comparable
from checks.change.life import count_life
from checks.change.like_for_like import signal_changes
from checks.change.moves import probability_of_rise, significant
from checks.comparison import (
    AcceptedException,
    Break,
    CheckChange,
    Coming,
    Comparison,
    Direction,
    LifeCounts,
    SignalChange,
    TrendPoint,
)
from checks.results import AuditResult, CheckResult, State
from checks.run_info import Notice

if TYPE_CHECKING:
    import pandas as pd

#: Audits that the line shows.
_LONGEST_LINE = 36


def compare(
    before: AuditResult | None,
    now: AuditResult,
    moved: pd.DataFrame,
    *,
    audits: int = 1,
    rebaselined: bool = False,
    signs: Sequence[Notice] = (),
    accepted: Sequence[AcceptedException] = (),
    coming: Sequence[Coming] = (),
) -> Comparison:
    """Return what changed since the audit before.

    Args:
        before: The last audit that may be trusted, or None.
        now: This audit.
        moved: The turns of all findings, with the ``check_id`` of each.
        audits: How many audits the history holds, this one included.
        rebaselined: Whether this audit is to be a new beginning of the line.
        signs: What looks like figures being made rather than work being done.
        accepted: Findings that somebody accepted.
        coming: What will be observable in some months.
    """
    breaks = breaks_between(before, now) if before else []
    if rebaselined and before:
        breaks.append(Break(code="rebaselined", checks=[c.check_id for c in now.checks]))
    unlike = not_comparable(breaks)
    excepted: dict[str, int] = {}
    for one in accepted:
        if not one.expired:
            excepted[one.check_id] = excepted.get(one.check_id, 0) + one.findings
    checks = _check_changes(before, now, moved, unlike, excepted)
    last = before.comparison.trend[-1] if before and before.comparison else None
    signals = signal_changes(before, now, {one.check_id: one for one in checks}, unlike, last)
    life = LifeCounts()
    for change in checks:
        life = life.plus(change.life)
    earlier = before.comparison.trend if before and before.comparison else []
    point = _point(now, signals, life, breaks)
    return Comparison(
        reason=None if before else "first_audit",
        previous_as_of=before.run.as_of if before else None,
        audits=audits,
        verdict_before=before.verdict.state if before else None,
        verdict_confirmed=before is not None
        and before.verdict.state != now.verdict.state
        and any(one.confirmed for one in signals),
        life=life,
        checks=checks,
        signals=signals,
        breaks=breaks,
        signs=list(signs),
        coming=list(coming),
        trend=[*earlier, point][-_LONGEST_LINE:],
    )


def _check_changes(
    before: AuditResult | None,
    now: AuditResult,
    moved: pd.DataFrame,
    unlike: frozenset[str],
    accepted: Mapping[str, int],
) -> list[CheckChange]:
    """Return the change of every check that moved or holds findings, and of those that are gone."""
    earlier = {check.check_id: check for check in before.checks} if before else {}
    current = {check.check_id: check for check in now.checks}
    by_check = dict(list(moved.groupby("check_id", observed=True)))
    rises = {
        name: rise
        for name, check in current.items()
        if name in by_check and name in earlier and name not in unlike
        for rise in [_rise(earlier[name], check, by_check[name])]
        if rise is not None
    }
    moves = significant(rises)
    changes = []
    for name in (*current, *(name for name in earlier if name not in current)):
        was, is_ = earlier.get(name), current.get(name)
        life = LifeCounts()
        if name in by_check:
            life = count_life(by_check[name], now.run.as_of)
            life = life.model_copy(update={"accepted": accepted.get(name, 0)})
        seen = was is not None and is_ is not None and was.n_eligible and is_.n_eligible
        comparable = bool(seen) and name not in unlike
        if name in by_check or (was and is_ and was.state != is_.state):
            changes.append(
                CheckChange(
                    check_id=name,
                    state_before=was.state if was else None,
                    state=is_.state if is_ else None,
                    rate_before=was.rate if was else None,
                    rate=is_.rate if is_ else None,
                    life=life,
                    probability=rises.get(name),
                    move=moves.get(name) or (_leap(was, is_) if comparable else None),
                    comparable=comparable,
                )
            )
    return changes


def _rise(before: CheckResult, now: CheckResult, moved: pd.DataFrame) -> float | None:
    rise = probability_of_rise(moved, before.n_eligible, now.n_eligible)
    return None if rise is None else round(rise, 6)


def _leap(before: CheckResult | None, now: CheckResult | None) -> Direction | None:
    """Return the move of a check that no records show, where its state went all the way."""
    if before is None or now is None or now.kind == "rate":
        return None
    leaps: dict[tuple[State, State], Direction] = {
        (State.ABSENT, State.PRESENT): "worse",
        (State.PRESENT, State.ABSENT): "better",
    }
    return leaps.get((before.state, now.state))


def _point(
    now: AuditResult, signals: Sequence[SignalChange], life: LifeCounts, breaks: Sequence[Break]
) -> TrendPoint:
    return TrendPoint(
        as_of=now.run.as_of,
        verdict=now.verdict.state,
        chained={one.id: one.chained for one in signals if one.chained is not None},
        smoothed={one.id: one.smoothed for one in signals if one.smoothed is not None},
        findings=life.now,
        breaks=len(breaks),
    )
