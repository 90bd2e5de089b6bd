"""The chained index: only families that both audits observed by one definition make it move.

A signal whose worst family falls out of sight looks better by its index alone. The chain takes
each step over what both audits saw, and adds the steps up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from checks.comparison import CheckChange, Direction, SignalChange, TrendPoint
from checks.results import FamilyResult, SignalResult, State

#: Weight of the latest value in the smoothed line.
SMOOTHING = 0.3

#: Seen states, the best first; whether a signal is absent or undecided calls for nothing.
_RANK = {State.ABSENT: 0, State.INCONCLUSIVE: 0, State.EMERGING: 1, State.PRESENT: 2}


def signal_changes(
    before: Iterable[SignalResult],
    now: Iterable[SignalResult],
    checks: Mapping[str, CheckChange],
    not_comparable: Collection[str],
    last: TrendPoint | None,
) -> list[SignalChange]:
    """Return the change of each signal.

    Args:
        before: Signals of the audit before; none for the first audit.
        now: Signals of this audit.
        checks: The changes of the checks, by id.
        not_comparable: Checks whose figures differ for another reason than the CRM.
        last: The audit before in the line of audits, with its chained indexes.
    """
    earlier = {signal.id: signal for signal in before}
    return [
        _signal_change(earlier.get(signal.id), signal, checks, not_comparable, last)
        for signal in now
    ]


def _signal_change(
    before: SignalResult | None,
    now: SignalResult,
    checks: Mapping[str, CheckChange],
    not_comparable: Collection[str],
    last: TrendPoint | None,
) -> SignalChange:
    shared = _shared(before, now, not_comparable) if before else []
    was, is_ = _index(before, shared) if before else None, _index(now, shared)
    chained = last.chained.get(now.id) if last else None
    if chained is None:
        chained = now.index
    elif was is not None and is_ is not None:
        chained = chained + is_ - was
    smoothed = last.smoothed.get(now.id) if last else None
    if chained is not None:
        smoothed = chained if smoothed is None else SMOOTHING * chained + (1 - SMOOTHING) * smoothed
    move = _move(now, shared, checks)
    return SignalChange(
        id=now.id,
        state_before=before.state if before else None,
        state=now.state,
        families=shared,
        like_before=_rounded(was),
        like=_rounded(is_),
        chained=_rounded(chained),
        smoothed=_rounded(smoothed),
        move=move,
        confirmed=before is not None and _confirmed(before.state, now.state, move),
    )


def _shared(before: SignalResult, now: SignalResult, not_comparable: Collection[str]) -> list[str]:
    """Return the families that both observed, by definitions that did not change."""
    seen = {family.id for family in before.families if family.severity is not None}
    return [
        family.id
        for family in now.families
        if family.id in seen
        and family.severity is not None
        and not set(family.checks) & set(not_comparable)
    ]


def _index(signal: SignalResult, families: Collection[str]) -> float | None:
    chosen: list[FamilyResult] = [f for f in signal.families if f.id in families]
    weight = sum(family.weight for family in chosen)
    if not weight:
        return None
    return 100 * (1 - sum(f.weight * (f.severity or 0) for f in chosen) / weight)


def _move(
    signal: SignalResult, families: Collection[str], checks: Mapping[str, CheckChange]
) -> Direction | None:
    """Return which way a signal moved, where all its checks that moved agree."""
    moves = {
        checks[name].move
        for family in signal.families
        if family.id in families
        for name in family.checks
        if name in checks
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
