"""How far the CRM's forecasts lay from what was won."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from checks.context import Context
from checks.forecast.back_test import BackTest, back_test
from checks.forecast.block import forecast_block, rounded
from checks.forecast.calibration import StageRecord
from checks.forecast.rulings import (
    FEWEST_MONTHS,
    broken_promises,
    inconclusive,
    rule_on_bias,
    rule_on_calibration,
    rule_on_error,
    rule_on_skill,
)
from checks.measurement import Measurement, OwnerCount, Ruling, not_observable
from checks.results import GroupStat, Metric
from checks.run_info import ResultPart
from checks.spec import CheckSpec


def forecast_bias(context: Context, spec: CheckSpec) -> Measurement:
    """Rule on forecast over actual; n are months, k those missed by more than is tolerated."""
    test = back_test(context)
    if isinstance(test, Measurement):
        return test
    months, bias = test.months, test.bias
    ruling = _too_little(test, spec, len(months))
    if ruling is None and bias is not None:
        ruling = rule_on_bias(bias, len(months), test.closings, spec.tolerance)
    missed = test.errors > spec.tolerance.t_lo * months.actual
    low, high = bias.interval() if bias else (None, None)
    metric = Metric(
        name="forecast_bias",
        value=_percent(bias.value - 1 if bias else None),
        unit="percent",
        lo=_percent(None if low is None else low - 1),
        hi=_percent(None if high is None else high - 1),
    )
    blocks = {"forecast": forecast_block(test)} if len(months) else {}
    return _measured(test, (int(missed.sum()), len(months)), ruling, metric, blocks=blocks)


def forecast_error(context: Context, spec: CheckSpec) -> Measurement:
    """Rule on the error; n are months, k those missed by more than chance explains."""
    test = back_test(context)
    if isinstance(test, Measurement):
        return test
    months, error, ratio = test.months, test.wape, test.error_ratio
    ruling = _too_little(test, spec, len(months))
    if ruling is None and ratio is not None and error is not None:
        limits = float(spec.params["ratio"]), spec.tolerance.t_lo
        ruling = rule_on_error(ratio, error, limits, len(months), test.closings)
    by_chance = np.quantile(np.abs(test.drawn - months.forecast), 0.95, axis=0)
    metric = Metric(name="forecast_error", value=_percent(error), unit="percent")
    return _measured(test, (int((test.errors > by_chance).sum()), len(months)), ruling, metric)


def forecast_without_skill(context: Context, spec: CheckSpec) -> Measurement:
    """Rule on the skill; n are months, k those that "as usual" came nearer to."""
    test = back_test(context)
    if isinstance(test, Measurement):
        return test
    inside, ratio = test.compared, test.skill_ratio
    months = int(inside.sum())
    ruling = _too_little(test, spec, months)
    if ruling is None and ratio is not None:
        ruling = rule_on_skill(ratio, months, test.closings)
    nearer = test.errors[inside] > np.abs(test.usual - test.months.actual)[inside]
    metric = Metric(
        name="forecast_skill", value=_percent(1 - ratio.value if ratio else None), unit="percent"
    )
    return _measured(test, (int(nearer.sum()), months), ruling, metric)


def forecast_miscalibrated(context: Context, spec: CheckSpec) -> Measurement:
    """Rule on promised against won; n are deals by stage, k those of broken promises."""
    test = back_test(context)
    if isinstance(test, Measurement):
        return test
    overall, stages = test.calibration, test.outcomes.by_stage()
    n_min = spec.tolerance.n_min
    if test.outcomes.length is None:
        ruling = inconclusive("too_few_won_deals")
    elif overall is None or overall.deals < n_min:
        ruling = inconclusive("too_few_records", n=overall.deals if overall else 0, n_min=n_min)
    else:
        ruling = rule_on_calibration(overall, stages, spec.tolerance)
    broken = sum(stage.deals for stage in broken_promises(stages, spec.tolerance.t_lo))
    metric = Metric(
        name="calibration_gap", value=_percent(overall.gap if overall else None), unit="points"
    )
    counts = broken, sum(stage.deals for stage in stages)
    return _measured(test, counts, ruling, metric, groups=_groups(stages))


def _groups(stages: Sequence[StageRecord]) -> tuple[GroupStat, ...]:
    """Return what each stage kept, with its interval, and what it promised."""
    return tuple(
        GroupStat(
            dimension="stage",
            key=stage.stage,
            label=stage.stage,
            n_eligible=stage.deals,
            k_defect=stage.won,
            rate=rounded(stage.rate),
            expected=rounded(stage.promised),
            lo=rounded(stage.interval[0]),
            hi=rounded(stage.interval[1]),
        )
        for stage in stages
    )


def _too_little(test: BackTest, spec: CheckSpec, months: int) -> Ruling | None:
    """Return the ruling that there are too few months or deals; None if there are enough."""
    deals = int(test.months.known.sum())
    if months < FEWEST_MONTHS:
        return inconclusive("too_few_months", n=months, n_min=FEWEST_MONTHS)
    if deals < spec.tolerance.n_min:
        return inconclusive("too_few_records", n=deals, n_min=spec.tolerance.n_min)
    return None


def _measured(
    test: BackTest,
    counts: tuple[int, int],
    ruling: Ruling | None,
    metric: Metric,
    *,
    groups: tuple[GroupStat, ...] = (),
    blocks: Mapping[str, ResultPart] | None = None,
) -> Measurement:
    """Return what was measured.

    Args:
        test: The back-test.
        counts: Failed, and compared.
        ruling: The state; None where nothing was won, so that no ratio is defined.
        metric: The figure of the check.
        groups: Shown beside it.
        blocks: Left for the result.
    """
    k, n = counts
    if not n:
        return not_observable("history_too_short")
    return Measurement(
        owners=(OwnerCount(None, n, k),),
        coverage=round(test.coverage, 6),
        groups=groups,
        metric=metric,
        ruling=ruling or inconclusive("nothing_won"),
        blocks=blocks or {},
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 4)
