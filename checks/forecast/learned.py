"""What the past of the same CRM would have forecast, without a look at the future.

The probability of being won within the window is learned from earlier month ends whose window
was over by then, by stage, age and whether the close date lies in the window; cells of few deals
lean on the mean of their pipeline.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Numbers = NDArray[np.int64]

#: Deals that the mean of the pipeline counts as.
PRIOR_DEALS = 20


@dataclass(frozen=True)
class Past:
    """Deals in the pipeline at month ends, alike ones together; one array element a cell.

    Attributes:
        window: Number of the window, from 0; a window is over when the next one begins.
        kind: Number of the kind of deal: pipeline, stage, age, close date in the window or not.
        pipeline: Number of the pipeline.
        deals: How many deals the cell holds.
        won: How many of them were won within the window.
        amount: Sum of their amounts.
    """

    window: Numbers
    kind: Numbers
    pipeline: Numbers
    deals: Array
    won: Array
    amount: Array


def learned_forecast(past: Past, windows: int) -> Array:
    """Return the forecast of each window from the windows before it; the first has none (NaN)."""
    kinds = int(past.kind.max(initial=-1)) + 1
    pipelines = int(past.pipeline.max(initial=-1)) + 1
    seen, kept = np.zeros(kinds), np.zeros(kinds)
    seen_there, kept_there = np.zeros(pipelines), np.zeros(pipelines)
    forecast = np.full(windows, np.nan)
    for window in range(windows):
        now = past.window == window
        kind, pipeline = past.kind[now], past.pipeline[now]
        if seen_there.sum() > 0:
            overall = kept_there.sum() / seen_there.sum()
            mean = (kept_there + PRIOR_DEALS * overall) / (seen_there + PRIOR_DEALS)
            rate = (kept[kind] + PRIOR_DEALS * mean[pipeline]) / (seen[kind] + PRIOR_DEALS)
            forecast[window] = (past.amount[now] * rate).sum()
        np.add.at(seen, kind, past.deals[now])
        np.add.at(kept, kind, past.won[now])
        np.add.at(seen_there, pipeline, past.deals[now])
        np.add.at(kept_there, pipeline, past.won[now])
    return forecast
