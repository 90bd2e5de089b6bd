"""Whether one day of the week stands out, by shuffling the days within each week.

Office hours and busy weeks alone make any test against an even spread cry wolf (Rayleigh,
Lomb-Scargle, chi-squared on weekdays). Shuffling the five days within every week keeps how much
was done in each week and how unevenly, and destroys nothing but the weekday. A month typed in one
sitting would drown all other weeks, so no week weighs more than the median one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

#: Shuffles of a test.
SHUFFLES = 999
#: A review makes its day so many times as busy; the power of a test is its power to see that.
REVIEW_FACTOR = 3.0
#: The probability of a false alarm that a test accepts.
SIGNIFICANT = 0.01


@dataclass(frozen=True)
class Shuffled:
    """The outcome of a test by shuffling.

    Attributes:
        p: Share of shuffles, the data included, in which a day stands out as much.
        power: Share of weeks like these, with one day made three times as busy, in which the
            test would have seen it.
    """

    p: float
    power: float


def standing_out(counts: Array, seed: int) -> Shuffled:
    """Test whether one slot of a block holds more than its share, block by block alike.

    Args:
        counts: Edits as blocks x slots: weeks x five days, or fortnights x ten days.
        seed: Seed of the shuffles.
    """
    if counts.size == 0 or counts.sum() <= 0:
        return Shuffled(1.0, 0.0)
    counts = _evened(counts)
    rng = np.random.default_rng(seed)
    shuffled = rng.permuted(np.broadcast_to(counts, (SHUFFLES, *counts.shape)), axis=2)
    by_chance = _unevenness(shuffled)
    observed = float(_unevenness(counts[None])[0])
    p = (1 + int((by_chance >= observed - 1e-12).sum())) / (SHUFFLES + 1)
    return Shuffled(p, _power(shuffled, by_chance))


def _evened(counts: Array) -> Array:
    """Let no block weigh more than the median one, so that one sitting hides no other week."""
    volumes = counts.sum(axis=1)
    most = np.median(volumes[volumes > 0])
    return np.asarray(counts * np.minimum(1, most / np.maximum(volumes, 1))[:, None])


def _unevenness(counts: Array) -> Array:
    """Return, per world, the squared distance of the slots' shares from equal shares."""
    shares = counts.sum(axis=1) / counts.sum(axis=(1, 2))[:, None]
    return np.asarray(((shares - 1 / counts.shape[2]) ** 2).sum(axis=1))


def _power(shuffled: Array, by_chance: Array) -> float:
    """Make one day of shuffled weeks three times as busy, and count how often that is seen."""
    seen_from = np.quantile(by_chance, 1 - SIGNIFICANT)
    planted = shuffled.astype(np.float64)
    planted[:, :, 0] *= REVIEW_FACTOR
    return float((_unevenness(planted) > seen_from).mean())


def share_at_end(months: Sequence[Array], seed: int, last: int = 3) -> tuple[float, float]:
    """Return the share of edits on the last business days of months, and its p by shuffling.

    Args:
        months: Edits of each business day, one array a month.
        seed: Seed of the shuffles.
        last: How many days are the end of a month.
    """
    total = sum(float(month.sum()) for month in months)
    if total <= 0:
        return 0.0, 1.0
    rng = np.random.default_rng(seed)
    observed = sum(float(month[-last:].sum()) for month in months)
    by_chance = np.zeros(SHUFFLES)
    for month in months:
        shuffled = rng.permuted(np.broadcast_to(month, (SHUFFLES, len(month))), axis=1)
        by_chance += shuffled[:, -last:].sum(axis=1)
    return observed / total, (1 + int((by_chance >= observed - 1e-9).sum())) / (SHUFFLES + 1)


def ordinary(volumes: Array, least: float = 0.25) -> NDArray[np.bool_]:
    """Return which weeks are no holiday: those with a quarter of the median volume or more."""
    if volumes.size == 0:
        return np.zeros(0, dtype=bool)
    return np.asarray(volumes >= least * np.median(volumes))


def is_human(by_hour: Array) -> bool:
    """Return whether stamps can be people's: nights and weekends must be quieter.

    Args:
        by_hour: Edits as 7 days x 24 hours, Monday first.

    Returns:
        False where the weekend holds its two sevenths and no hour of the day stands out.
    """
    total = float(by_hour.sum())
    if total <= 0:
        return False
    spread = np.sqrt(2 / 7 * 5 / 7 / total)
    flat_week = abs(by_hour[5:].sum() / total - 2 / 7) <= 3 * spread
    hours = by_hour.sum(axis=0) / total
    busiest_third = np.sort(hours)[-8:].sum()
    return not (flat_week and busiest_third < 0.5)
