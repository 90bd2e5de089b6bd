"""The states of the forecast checks, each by a rule of its own.

A state needs six months, and is emerging at most below twelve; the expected error of few deals is
large, so with few closings a month nothing is concluded from a gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from checks.forecast.accuracy import Ratio
from checks.forecast.calibration import Calibration, StageRecord
from checks.measurement import Ruling
from checks.results import State
from checks.spec import Tolerance

#: Months needed for a state, and for a firm one.
FEWEST_MONTHS, FIRM_FROM = 6, 12
#: Mean number of deals closed a month below which a gap is no evidence.
FEWEST_CLOSINGS = 8
#: Mean number of deals closed a month from which an error is firm.
FIRM_CLOSINGS = 30
#: Deals that a stage needs to break its promise.
FEWEST_OF_STAGE = 30
#: Standard deviations that wins may be missing or in excess: firm, and emerging.
FIRM_Z, EMERGING_Z = 2.6, 1.96
_NEARLY = 1e-6
#: P(beyond tolerance) of a firm state, of an emerging one, and of an absent one.
FIRM, LIKELY, UNLIKELY = 0.95, 0.80, 0.20


def inconclusive(reason: str, severity: float | None = None, **facts: Any) -> Ruling:
    """Return the ruling that nothing can be concluded, and why."""
    return Ruling(State.INCONCLUSIVE, severity, reason=reason, reason_facts=facts)


def grade(value: float, scale: tuple[float, float, float]) -> float:
    """Return the severity of a value: 0 up to the first mark, 0.5 at the second, 1 at the third."""
    return float(np.interp(value, scale, (0.0, 0.5, 1.0)))


def marks(tolerance: Tolerance) -> tuple[float, float, float]:
    """Return the marks of a tolerance, for ``grade``."""
    return tolerance.t_lo, tolerance.high, tolerance.critical


def _beyond(
    probability: float, severity: float, *, firm: bool, few: Mapping[str, Any] | None = None
) -> Ruling:
    """Return the state of a probability of being beyond tolerance.

    Args:
        probability: P(beyond tolerance).
        severity: How far.
        firm: Whether it may be called present; it is emerging at most otherwise.
        few: Why it may not even be emerging: the facts of ``too_few_closings``.
    """
    if probability <= UNLIKELY:
        return Ruling(State.ABSENT, severity, probability)
    if probability < LIKELY:
        return Ruling(State.INCONCLUSIVE, severity, probability, "too_close_to_tolerance")
    if few is not None:
        return Ruling(State.INCONCLUSIVE, severity, probability, "too_few_closings", few)
    state = State.PRESENT if firm and probability >= FIRM else State.EMERGING
    return Ruling(state, severity, probability)


def _few(closings: float) -> Mapping[str, Any] | None:
    if closings >= FEWEST_CLOSINGS:
        return None
    return {"n": round(closings, 1), "n_min": FEWEST_CLOSINGS}


def rule_on_bias(bias: Ratio, months: int, closings: float, tolerance: Tolerance) -> Ruling:
    """Rule on forecast over actual.

    Args:
        bias: The ratio.
        months: Months compared.
        closings: Mean number of deals closed a month.
        tolerance: Tolerated distance of the ratio from 1.
    """
    too_high, too_low = bias.above(1 + tolerance.t_lo), 1 - bias.above(1 - tolerance.t_lo)
    distance = abs(bias.value - 1)
    firm = months >= FIRM_FROM and distance >= tolerance.high
    severity = grade(distance, marks(tolerance))
    if too_high + too_low <= UNLIKELY:
        return Ruling(State.ABSENT, severity, too_high + too_low)
    # What may as well be too low is not known to be too high.
    sure = max(too_high, too_low, UNLIKELY + _NEARLY)
    return _beyond(sure, severity, firm=firm, few=_few(closings))


def rule_on_error(
    ratio: Ratio, error: float, limits: tuple[float, float], months: int, closings: float
) -> Ruling:
    """Rule on the error, against the error that chance alone would make.

    The ratio alone grows with the number of deals, the error alone with their fewness: a defect
    needs both.

    Args:
        ratio: Error over the error expected by chance.
        error: Sum of errors over the sum of actuals.
        limits: Tolerated ratio, tolerated error.
        months: Months compared.
        closings: Mean number of deals closed a month.
    """
    tolerated_ratio, tolerated_error = limits
    probability = ratio.above(tolerated_ratio)
    severity = grade(ratio.value, (1.0, tolerated_ratio, 2 * tolerated_ratio))
    if error < tolerated_error:
        return Ruling(State.ABSENT, min(severity, 0.4), min(probability, UNLIKELY))
    firm = months >= FIRM_FROM and closings >= FIRM_CLOSINGS
    return _beyond(probability, severity, firm=firm, few=_few(closings))


def rule_on_skill(ratio: Ratio, months: int, closings: float) -> Ruling:
    """Rule on the error over the error of "as in the last three months"; 1 adds nothing."""
    severity = grade(ratio.value, (0.75, 1.0, 1.5))
    firm = months >= FIRM_FROM and ratio.value >= 1
    return _beyond(ratio.above(1.0), severity, firm=firm, few=_few(closings))


def rule_on_calibration(
    overall: Calibration, stages: tuple[StageRecord, ...], tolerance: Tolerance
) -> Ruling:
    """Rule on promised against won.

    Present: all together wider apart than tolerated and beyond chance, or two stages are, each
    outside its interval. Emerging: one stage surely is, or all together are nearly beyond chance.
    """
    wide = tolerance.t_lo
    broken = broken_promises(stages, wide)
    probability = overall.beyond(wide)
    widest = max([abs(overall.gap), *(abs(stage.gap) for stage in broken)])
    severity = grade(widest, (wide / 2, wide, 3 * wide))
    if (abs(overall.gap) >= wide and abs(overall.z) > FIRM_Z) or len(broken) >= 2:
        return Ruling(State.PRESENT, severity, max(probability, FIRM))
    surely_broken = any(abs(stage.z) > FIRM_Z for stage in broken)
    if surely_broken or (abs(overall.gap) >= wide and abs(overall.z) > EMERGING_Z):
        return Ruling(State.EMERGING, severity, max(probability, LIKELY))
    if probability <= UNLIKELY:
        return Ruling(State.ABSENT, severity, probability)
    return Ruling(State.INCONCLUSIVE, severity, probability, "too_close_to_tolerance")


def broken_promises(stages: tuple[StageRecord, ...], wide: float) -> tuple[StageRecord, ...]:
    """Return the stages whose promise lies outside the interval, and wide of the share won."""
    return tuple(
        one
        for one in stages
        if one.deals >= FEWEST_OF_STAGE and one.is_surprising and abs(one.gap) >= wide
    )
