"""The chained index: only what both audits observed by one definition makes it move.

A signal whose worst family falls out of sight looks better by its index alone. The chain takes
each step over what both audits saw, and adds the steps up. A family with a check whose limits
changed counts by its other checks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from checks.comparison import CheckChange, Direction, SignalChange, TrendPoint
from checks.results import AuditResult, CheckResult, FamilyResult, SignalId, SignalResult, State

#: Weight of the latest value in the smoothed line.
SMOOTHING = 0.3

#: Seen states, the best first; whether a signal is absent or undecided calls for nothing.
_RANK = {State.ABSENT: 0, State.INCONCLUSIVE: 0, State.EMERGING: 1, State.PRESENT: 2}


def signal_changes(
    before: AuditResult | None,
    now: AuditResult,
    checks: Mapping[str, CheckChange],
    not_comparable: Collection[str],
    last: TrendPoint | None,
) -> list[SignalChange]:
    """Return the change of each signal.

    Args:
        before: The audit before; None for the first one.
        now: This audit.
        checks: The changes of the checks, by id.
        not_comparable: Checks whose figures differ for another reason than the CRM.
        last: The audit before in the line of audits, with its chained indexes.
    """
    earlier = {signal.id: signal for signal in before.signals} if before else {}
    seen = _severities(before, not_comparable) if before else {}
    still_seen = _severities(now, not_comparable)
    return [
        _signal_change(
            earlier.get(signal.id),
            signal,
            seen.get(signal.id, {}),
            still_seen[signal.id],
            checks,
            last,
        )
        for signal in now.signals
    ]


def _severities(
    result: AuditResult, not_comparable: Collection[str]
) -> dict[SignalId, dict[str, float]]:
    """Return the severity of each observed family by its comparable checks, by signal."""
    checks = {check.check_id: check for check in result.checks}
    found: dict[SignalId, dict[str, float]] = {}
    for signal in result.signals:
        severities = {
            family.id: _severity(family, checks, not_comparable) for family in signal.families
        }
        found[signal.id] = {name: one for name, one in severities.items() if one is not None}
    return found


def _severity(
    family: FamilyResult, checks: Mapping[str, CheckResult], not_comparable: Collection[str]
) -> float | None:
    alike = [name for name in family.checks if name not in not_comparable]
    if family.severity is None or len(alike) == len(family.checks):
        return family.severity
    weighing = [checks[name] for name in alike if checks[name].lifecycle == "stable"]
    return max((one.severity for one in weighing if one.severity is not None), default=None)


def _signal_change(
    before: SignalResult | None,
    now: SignalResult,
    seen: Mapping[str, float],
    still_seen: Mapping[str, float],
    checks: Mapping[str, CheckChange],
    last: TrendPoint | None,
) -> SignalChange:
    shared = [one for one in now.families if one.id in seen and one.id in still_seen]
    was, is_ = _index(shared, seen), _index(shared, still_seen)
    chained = last.chained.get(now.id) if last else None
    if chained is None:
        chained = now.index
    elif was is not None and is_ is not None:
        chained = chained + is_ - was
    smoothed = last.smoothed.get(now.id) if last else None
    if chained is not None:
        smoothed = chained if smoothed is None else SMOOTHING * chained + (1 - SMOOTHING) * smoothed
    move = _move(shared, checks)
    return SignalChange(
        id=now.id,
        state_before=before.state if before else None,
        state=now.state,
        families=[family.id for family in shared],
        like_before=_rounded(was),
        like=_rounded(is_),
        chained=_rounded(chained),
        smoothed=_rounded(smoothed),
        move=move,
        confirmed=before is not None and _confirmed(before.state, now.state, move),
    )


def _index(families: Collection[FamilyResult], severities: Mapping[str, float]) -> float | None:
    weight = sum(family.weight for family in families)
    if not weight:
        return None
    return 100 * (1 - sum(f.weight * severities[f.id] for f in families) / weight)


def _move(families: Iterable[FamilyResult], checks: Mapping[str, CheckChange]) -> Direction | None:
    """Return which way a signal moved, where all its checks that moved agree."""
    moves = {
        checks[name].move for family in families for name in family.checks if name in checks
    } - {None}
    return moves.pop() if len(moves) == 1 else None


def _confirmed(before: State, now: State, move: Direction | None) -> bool:
    """Return whether a change of state is borne out by a move that chance does not explain."""
    if before not in _RANK or now not in _RANK:
        return False
    steps = _RANK[now] - _RANK[before]
    return steps != 0 and move == ("worse" if steps > 0 else "better")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
