"""The back-test as a result shows it: month by month, and stage by stage."""

from __future__ import annotations

import numpy as np

from checks.blocks import ForecastBlock, ForecastWindow, StageReliability
from checks.forecast.back_test import BackTest
from checks.forecast.calibration import StageRecord


def forecast_block(test: BackTest) -> ForecastBlock:
    """Return the back-test as the page shows it."""
    months, bias, skill, overall = test.months, test.bias, test.skill_ratio, test.calibration
    low, high = bias.interval() if bias else (None, None)
    chance, actual = float(test.errors_by_chance.sum()), float(months.actual.sum())
    return ForecastBlock(
        currency=test.currency,
        largest_amount=None if months.most is None else f"{months.most:.2f}",
        windows=_windows(test),
        bias=rounded(bias.value - 1 if bias else None),
        bias_lo=rounded(None if low is None else low - 1),
        bias_hi=rounded(None if high is None else high - 1),
        wape=rounded(test.wape),
        wape_by_chance=rounded(chance / actual if actual > 0 else None),
        learned_wape=rounded(test.learned_wape),
        skill=rounded(1 - skill.value if skill else None),
        in_pipeline=rounded(test.in_pipeline),
        z=rounded(overall.z if overall else None),
        spiegelhalter=rounded(overall.spiegelhalter if overall else None),
        brier=rounded(overall.brier if overall else None),
        brier_of_rate=rounded(overall.brier_of_rate if overall else None),
        stages=[_reliability(stage) for stage in test.outcomes.by_stage()],
        coverage=round(test.coverage, 6),
    )


def _windows(test: BackTest) -> list[ForecastWindow]:
    months = test.months
    low, high = np.quantile(test.drawn, [0.025, 0.975], axis=0)
    return [
        ForecastWindow(
            month=month,
            deals=int(months.deals[i]),
            forecast=f"{months.forecast[i]:.2f}",
            actual=f"{months.actual[i]:.2f}",
            all_won=f"{months.all_won[i]:.2f}",
            lo=f"{low[i]:.2f}",
            hi=f"{high[i]:.2f}",
            learned=_money(test.learned[i]),
            usual=_money(test.usual[i]),
        )
        for i, month in enumerate(months.days())
    ]


def _reliability(stage: StageRecord) -> StageReliability:
    low, high = stage.interval
    return StageReliability(
        stage=stage.stage,
        deals=stage.deals,
        won=stage.won,
        promised=round(stage.promised, 6),
        rate=round(stage.rate, 6),
        lo=round(low, 6),
        hi=round(high, 6),
    )


def _money(value: float) -> str | None:
    return None if np.isnan(value) else f"{value:.2f}"


def rounded(value: float | None) -> float | None:
    """Return six decimals: fewer than the last digits in which two machines may differ."""
    return None if value is None else round(value, 6)
