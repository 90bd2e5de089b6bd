"""Who stands out among others: funnel limits, allowing for a team that varies, and shrinkage.

A rep with few records may show any rate by chance; limits widen as records get fewer. Where the
whole team varies more than chance, limits that ignore this make everybody stand out, so they
widen by the variation of the team (Spiegelhalter, Statistics in Medicine 24, 2005; the additive
form on the arcsine scale, winsorised at a tenth on both sides).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Numbers = NDArray[np.float64] | NDArray[np.int64]

#: Standard deviations of the outer limits, which 1 of 500 passes by chance.
OUTER = 3.09
_WINSORISED = 0.10
_LEAST_CORRELATION, _MOST_CORRELATION = 0.005, 0.9


@dataclass(frozen=True)
class Limits:
    """Rates between which a rep with so many records is like the others."""

    low: Floats
    high: Floats


def exact_limits(n: Numbers, expected: Floats, mass: float = 0.95) -> Limits:
    """Return exact binomial limits around what each rep is expected to show.

    Args:
        n: Records by rep.
        expected: Successes expected of each rep, given the work that they do.
        mass: Share of reps who do not differ that lies within.
    """
    n = np.asarray(n, dtype=np.float64)
    chance = np.clip(expected / np.maximum(n, 1), 0.0, 1.0)
    low, high = (_quantile((1 + side * mass) / 2, n, chance) for side in (-1, 1))
    return Limits(low / np.maximum(n, 1), high / np.maximum(n, 1))


def variation(k: Numbers, n: Numbers, expected: Floats) -> float:
    """Return the variance between reps beyond chance, on the arcsine scale; 0 if there is none."""
    z, weights = _scores(k, n, expected), 4 * np.asarray(n, dtype=np.float64)
    if len(z) < 2:
        return 0.0
    low, high = np.quantile(z, [_WINSORISED, 1 - _WINSORISED])
    total = float((np.clip(z, low, high) ** 2).sum())
    free = len(z) - 1
    spread = weights.sum() - (weights**2).sum() / weights.sum()
    return 0.0 if total < free or spread <= 0 else float((total - free) / spread)


def widened_limits(k: Numbers, n: Numbers, expected: Floats) -> Limits:
    """Return outer limits that allow for how much the whole team varies.

    Args:
        k: Successes by rep.
        n: Records by rep, none of them zero.
        expected: Successes expected of each rep.
    """
    n = np.asarray(n, dtype=np.float64)
    centre = _angle(expected / n)
    reach = OUTER * np.sqrt(1 / (4 * n) + variation(k, n, expected))
    ends = (np.clip(centre - reach, 0, np.pi / 2), np.clip(centre + reach, 0, np.pi / 2))
    return Limits(*(np.asarray(np.sin(end) ** 2) for end in ends))


def shrunken(k: Numbers, n: Numbers, expected: Floats, sd: float) -> Floats:
    """Return each rep's rate, drawn towards what is expected the more the fewer records there are.

    The posterior mean of a beta-binomial model whose reps lie ``sd`` apart (empirical Bayes).
    """
    n = np.asarray(n, dtype=np.float64)
    mean = float(np.sum(expected) / max(1.0, n.sum()))
    spread = mean * (1 - mean)
    correlation = np.clip(
        sd**2 / spread if spread > 0 else 0.0, _LEAST_CORRELATION, _MOST_CORRELATION
    )
    weight = 1 / correlation - 1
    prior = expected / np.maximum(n, 1)
    return np.asarray((prior * weight + k) / (weight + n))


def _quantile(mass: float, n: Floats, chance: Floats) -> Floats:
    """Return the quantile of binomial distributions: the least count that holds the mass."""
    from scipy.special import bdtr, bdtrik

    count = np.ceil(np.nan_to_num(bdtrik(mass, n, chance)))
    count = np.where(chance >= 1, n, np.where(chance <= 0, 0, np.clip(count, 0, n)))
    below = np.maximum(count - 1, 0)
    return np.asarray(np.where(bdtr(below, n.astype(np.int64), chance) >= mass, below, count))


def _scores(k: Numbers, n: Numbers, expected: Floats) -> Floats:
    n = np.asarray(n, dtype=np.float64)
    return np.asarray((_angle(k / n) - _angle(expected / n)) * 2 * np.sqrt(n))


def _angle(rate: Floats) -> Floats:
    return np.asarray(np.arcsin(np.sqrt(np.clip(rate, 0.0, 1.0))))
