"""The pictures of the invented audit: a forecast too high, a review, a pipeline half dead."""

from __future__ import annotations

from datetime import date
from typing import Any

from checks.blocks import (
    ForecastBlock,
    ForecastWindow,
    PipelineBlock,
    PipelineStage,
    PipelineSum,
    RhythmBlock,
    TeamRhythm,
)


def sample_forecast(months: int = 8, **changes: Any) -> ForecastBlock:
    """Return a forecast that is half as high again as what came."""
    given: dict[str, Any] = {
        "currency": "EUR",
        "largest_amount": "250000.00",
        "windows": [
            ForecastWindow(
                month=date(2025 + number // 12, 1 + number % 12, 1),
                deals=30 + number,
                forecast=f"{300000 + 10000 * number}.00",
                actual=f"{200000 + 5000 * number}.00",
                all_won=f"{260000 + 5000 * number}.00",
                lo=f"{210000 + 5000 * number}.00",
                hi=f"{420000 + 5000 * number}.00",
                learned=None if number == 0 else f"{205000 + 4000 * number}.00",
            )
            for number in range(months)
        ],
        "bias": 0.54,
        "bias_lo": 0.42,
        "bias_hi": 0.66,
        "wape": 0.54,
        "wape_by_chance": 0.21,
        "learned_wape": 0.11,
        "skill": -0.3,
        "in_pipeline": 0.78,
        "coverage": 0.93,
    }
    return ForecastBlock(**{**given, **changes})


def a_week(**changes: Any) -> TeamRhythm:
    """Return a week of work with a review on Mondays at nine."""
    by_hour = [[0] * 24 for _ in range(7)]
    for day in range(5):
        for hour in range(8, 18):
            by_hour[day][hour] = 3 + day
    by_hour[0][9] = 60
    given: dict[str, Any] = {
        "team": None,
        "label": "",
        "people": 11,
        "weeks": 26,
        "edits_a_week": 41.5,
        "by_hour": by_hour,
        "ritual": "present",
        "day": 1,
        "hour": 9,
        "regularity": 0.88,
        "coverage": 0.71,
        "reach": 0.64,
        "by_managers": 0.3,
        "p": 0.001,
        "power": 0.98,
        "at_month_end": 0.41,
        "at_month_end_p": 0.001,
    }
    return TeamRhythm(**{**given, **changes})


def sample_rhythm(**changes: Any) -> RhythmBlock:
    """Return a rhythm with a team that holds no review and one of whom nobody can tell."""
    given: dict[str, Any] = {
        "everybody": a_week(),
        "teams": [
            a_week(team="00E2", label="Sud", people=4, ritual="none", regularity=0.2, power=0.9),
            a_week(team="00E1", label="Nord", people=7, ritual="unknown", day=None, hour=None),
        ],
    }
    return RhythmBlock(**{**given, **changes})


def sums(deals: int, amount: str | None) -> PipelineSum:
    """Return a number of deals with their amount."""
    return PipelineSum(deals=deals, amount=amount)


def sample_pipeline(**changes: Any) -> PipelineBlock:
    """Return a pipeline of which half moves."""
    given: dict[str, Any] = {
        "currency": "EUR",
        "as_said": sums(517, "11432000.00"),
        "without_zombies": sums(430, "9100000.00"),
        "without_stalled": sums(290, "6200000.00"),
        "stages": [
            PipelineStage(
                stage="Qualification", as_said=sums(210, "4000000"), alive=sums(90, "1000000")
            ),
            PipelineStage(stage=None, as_said=sums(3, "0"), alive=sums(0, "0")),
        ],
    }
    return PipelineBlock(**{**given, **changes})
