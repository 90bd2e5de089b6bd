"""Two results side by side, without the records behind them: before and after, or two companies.

Without a history nobody knows which findings are the same, so rates are compared as those of two
groups of records, each with its own interval. Over the same records that is too careful, never
too bold.
"""

from __future__ import annotations

import math

from checks.change.breaks import breaks_between, not_comparable
from checks.change.like_for_like import signal_changes
from checks.change.moves import significant
from checks.comparison import CheckChange, Comparison
from checks.results import AuditResult, CheckResult

#: Width of a 95 % interval in standard deviations.
_SPAN = 2 * 1.959964


def side_by_side(one: AuditResult, other: AuditResult) -> Comparison:
    """Return how the second result differs from the first.

    Args:
        one: The first result, for example before a clean-up.
        other: The second.
    """
    breaks = breaks_between(one, other)
    unlike = not_comparable(breaks)
    earlier = {check.check_id: check for check in one.checks}
    pairs = {
        check.check_id: (earlier[check.check_id], check)
        for check in other.checks
        if check.check_id in earlier
    }
    rises = {
        name: rise
        for name, (before, now) in pairs.items()
        if name not in unlike
        for rise in [_rise(before, now)]
        if rise is not None
    }
    moves = significant(rises)
    checks = [
        CheckChange(
            check_id=name,
            state_before=before.state,
            state=now.state,
            rate_before=before.rate,
            rate=now.rate,
            probability=rises.get(name),
            move=moves.get(name),
            comparable=name not in unlike,
        )
        for name, (before, now) in pairs.items()
        if before.n_eligible or now.n_eligible
    ]
    by_id = {change.check_id: change for change in checks}
    return Comparison(
        previous_as_of=one.run.as_of,
        audits=2,
        verdict_before=one.verdict.state,
        checks=checks,
        signals=signal_changes(one, other, by_id, unlike, None),
        breaks=breaks,
    )


def _rise(before: CheckResult, now: CheckResult) -> float | None:
    """Return P(the second rate is higher); None where either has no interval."""
    moments = [_moments(check) for check in (before, now)]
    if None in moments or before.kind != "rate":
        return None
    (mean, spread), (later, later_spread) = moments  # type: ignore[misc]
    return round(_normal((later - mean) / math.hypot(spread, later_spread)), 6)


def _moments(check: CheckResult) -> tuple[float, float] | None:
    if check.ci_lo is None or check.ci_hi is None or check.rate is None:
        return None
    return (check.ci_lo + check.ci_hi) / 2, max((check.ci_hi - check.ci_lo) / _SPAN, 1e-6)


def _normal(z: float) -> float:
    return (1 + math.erf(z / math.sqrt(2))) / 2
