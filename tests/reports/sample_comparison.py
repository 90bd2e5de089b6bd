"""What changed in the invented audit since the one before: a line of six audits with a break."""

from __future__ import annotations

from datetime import date
from typing import Any

from checks.comparison import (
    Break,
    CheckChange,
    Comparison,
    LifeCounts,
    SignalChange,
    TrendPoint,
)
from checks.results import SignalId

_LIFE = LifeCounts(before=270, new=31, reopened=6, persisting=186, resolved=80, vanished=4, now=223)


def a_change(check_id: str, **changes: Any) -> CheckChange:
    """Return a check that got worse by three points."""
    given: dict[str, Any] = {
        "check_id": check_id,
        "state_before": "present",
        "state": "present",
        "rate_before": 0.38,
        "rate": 0.41,
        "life": _LIFE,
        "move": "worse",
    }
    return CheckChange(**{**given, **changes})


def sample_comparison(*checks: CheckChange, **changes: Any) -> Comparison:
    """Return six audits, of which the fourth follows a change of definitions."""
    signals = [str(signal) for signal in SignalId]
    given: dict[str, Any] = {
        "previous_as_of": date(2026, 10, 31),
        "audits": 6,
        "life": _LIFE,
        "checks": list(checks) or [a_change("open-deal-past-close-date")],
        "signals": [
            SignalChange(id=signal, state_before="emerging", state="present") for signal in signals
        ],
        "breaks": [
            Break(
                code="tolerance",
                checks=["open-deal-past-close-date"],
                facts={
                    "check": "open-deal-past-close-date",
                    "name": "t_lo",
                    "before": "0.05",
                    "now": "0.1",
                },
            )
        ],
        "trend": [
            TrendPoint(
                as_of=date(2026, 5 + number, 28),
                verdict="suspected",
                chained={signals[0]: 30.0 + 2 * number, signals[1]: 60.0},
                findings=300 - 10 * number,
                breaks=int(number == 3),
            )
            for number in range(6)
        ],
    }
    return Comparison(**{**given, **changes})
