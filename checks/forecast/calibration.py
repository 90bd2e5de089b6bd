"""Whether deals are won as often as the probabilities of their stages promise.

Everything works on cells of deals with one stage and one probability: how many, how many won.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from checks.statistics.shares import wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class StageRecord:
    """What became of the deals that stood in one stage.

    Attributes:
        stage: The stage.
        deals: Deals that stood in it, each once.
        won: How many of them were won.
        promised: Their mean probability, 0 to 1.
    """

    stage: str
    deals: int
    won: int
    promised: float

    @property
    def rate(self) -> float:
        """Share of them that was won."""
        return self.won / self.deals

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of that share."""
        return wilson(self.won, self.deals)

    @property
    def gap(self) -> float:
        """Promised minus kept."""
        return self.promised - self.rate

    @property
    def z(self) -> float:
        """Wins missing or in excess, in standard deviations."""
        spread = self.deals * self.promised * (1 - self.promised)
        return _standardised(self.won - self.deals * self.promised, spread)

    @property
    def is_surprising(self) -> bool:
        """Whether the promise lies outside the interval."""
        low, high = self.interval
        return not low <= self.promised <= high


@dataclass(frozen=True)
class Calibration:
    """Promises and outcomes of many deals together.

    Attributes:
        deals: Different deals compared.
        promised: Mean probability.
        rate: Share won.
        z: Calibration-in-the-large: wins missing or in excess, in standard deviations; negative
            when too much was promised.
        spiegelhalter: Spiegelhalter's Z, which weighs bold probabilities more.
        brier: Mean squared distance between probability and outcome.
        brier_of_rate: The same, had every deal been given the share won.
    """

    deals: int
    promised: float
    rate: float
    z: float
    spiegelhalter: float
    brier: float
    brier_of_rate: float

    @property
    def gap(self) -> float:
        """Promised minus kept; positive when too much was promised."""
        return self.promised - self.rate

    def beyond(self, tolerance: float) -> float:
        """Return P(the gap is wider than ``tolerance``, either way)."""
        from scipy.stats import norm

        rate = (self.rate * self.deals + 0.5) / (self.deals + 1)
        error = float(np.sqrt(rate * (1 - rate) / (self.deals + 1)))
        gap = self.promised - rate
        return float(norm.sf((tolerance - gap) / error) + norm.cdf((-tolerance - gap) / error))


def calibration(
    deals: Array, won: Array, probability: Array, *, distinct: int
) -> Calibration | None:
    """Compare probabilities with outcomes, cell by cell.

    Calibration-in-the-large is what finds promises that are too high everywhere; Spiegelhalter's
    statistic (Statistics in Medicine 5, 1986) is shown beside it, and is known to be weak there.

    Args:
        deals: Deals by cell.
        won: Those won, by cell.
        probability: Probability of the cell, 0 to 1.
        distinct: How many different deals the cells hold; one that is in several of them has one
            outcome, so the deviates are those of so many deals.

    Returns:
        None without a deal.
    """
    n = float(deals.sum())
    if n == 0:
        return None
    promised, rate = float((deals * probability).sum() / n), float(won.sum() / n)
    spread = deals * probability * (1 - probability)
    boldness = 1 - 2 * probability
    surprise = won - deals * probability
    repeats = n / max(distinct, 1)
    squares = won * (1 - probability) ** 2 + (deals - won) * probability**2
    return Calibration(
        deals=distinct,
        promised=promised,
        rate=rate,
        z=_standardised(float(surprise.sum()), repeats * float(spread.sum())),
        spiegelhalter=_standardised(
            float((surprise * boldness).sum()), repeats * float((boldness**2 * spread).sum())
        ),
        brier=float(squares.sum() / n),
        brier_of_rate=rate * (1 - rate),
    )


def _standardised(surprise: float, variance: float) -> float:
    """Return a surprise in standard deviations; certain promises that were broken count as 99."""
    if variance > 0:
        return surprise / float(np.sqrt(variance))
    return 0.0 if abs(surprise) < 1e-9 else float(np.copysign(99.0, surprise))
