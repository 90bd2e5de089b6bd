"""How far forecasts lay from what was won: bias, error, and skill, each with its uncertainty.

A forecast of few deals is wrong by chance alone: ten calibrated deals a month miss the month by
forty percent. So an error is read against the error that a perfectly calibrated forecast of the
same deals would have made, and every ratio comes with the spread of the windows behind it.

The three questions are ratios of two sums over the same windows: forecast over actual (bias),
error over error expected by chance (error), error over error of another forecast (skill). The
logarithm of such a ratio is close to normal, and its spread follows from leaving out one window
after the other (the jackknife; Tukey 1958, Cochran, Sampling Techniques, 1977, chapter 6), so that
one huge month makes it uncertain. The mean of the monthly log ratios would be undefined in a month
without a win, and too low with few deals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_NEARLY_NOTHING = 1e-9
#: Draws of what a calibrated forecast would have met.
DRAWS = 400
#: Share of the wins announced for a month that an honest seller sees come in that month; the others
#: come later, and as many come from those announced for later.
ON_TIME = 0.6
#: Windows whose mean is the forecast "as usual".
USUAL_WINDOWS = 3


@dataclass(frozen=True)
class Ratio:
    """The ratio of two sums over windows, on the logarithm's scale.

    Attributes:
        log: Logarithm of the ratio.
        error: Its standard error.
        freedom: Degrees of freedom, windows minus one.
    """

    log: float
    error: float
    freedom: int

    @property
    def value(self) -> float:
        """The ratio itself."""
        return float(np.exp(self.log))

    def above(self, ratio: float) -> float:
        """Return P(the true ratio > ``ratio``); ``ratio`` is positive."""
        from scipy.stats import t

        distance = self.log - np.log(ratio)
        if self.error <= 0:
            return float(distance > 0)
        return float(t.cdf(distance / self.error, self.freedom))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return both ends of the interval of the ratio."""
        from scipy.stats import t

        reach = float(t.ppf((1 + level) / 2, self.freedom)) * self.error
        # Beyond e^50 a ratio says nothing but "unknown".
        low, high = np.exp(np.clip([self.log - reach, self.log + reach], -50, 50))
        return float(low), float(high)


def ratio_of_sums(above: Array, below: Array) -> Ratio | None:
    """Return the ratio of two sums over windows; None where it is not defined.

    Args:
        above: One value a window, none negative.
        below: The same, of the denominator.
    """
    windows, numerator, denominator = len(above), float(above.sum()), float(below.sum())
    if windows < 2 or numerator <= 0 or denominator <= 0:
        return None
    # Without one window, either sum may be nothing: then that window alone makes the ratio.
    rest_above = np.maximum(numerator - above, _NEARLY_NOTHING * numerator)
    rest_below = np.maximum(denominator - below, _NEARLY_NOTHING * denominator)
    without = np.log(rest_above / rest_below)
    variance = (windows - 1) / windows * ((without - without.mean()) ** 2).sum()
    return Ratio(float(np.log(numerator / denominator)), float(np.sqrt(variance)), windows - 1)


def wape(forecast: Array, actual: Array) -> float | None:
    """Return the sum of absolute errors over the sum of actuals; None where nothing was won.

    Unlike the mean of relative errors, it does not explode in a month with little won.
    """
    total = float(actual.sum())
    return float(np.abs(forecast - actual).sum()) / total if total > 0 else None


@dataclass(frozen=True)
class Stakes:
    """The deals behind forecasts, alike ones together; one array element a cell.

    Attributes:
        window: Number of the window, from 0.
        deals: How many deals the cell holds.
        probability: Their probability of being won, 0 to 1.
        amount: Their mean amount.
    """

    window: NDArray[np.int64]
    deals: NDArray[np.int64]
    probability: Array
    amount: Array


def drawn_actuals(stakes: Stakes, windows: int, seed: int) -> Array:
    """Draw what would be won if every deal were won with its probability.

    Nobody foresees the month of every signature. So only some of the wins come from the deals
    announced for the month, and the others from as many like them, announced for another one:
    the sum is right on average, and scatters more than if every date were kept.

    Returns:
        Amounts won, as draws x windows.
    """
    rng = np.random.default_rng(seed)
    drawn = np.zeros((DRAWS, windows))
    for window in range(windows):
        inside = stakes.window == window
        deals, chance = stakes.deals[inside], stakes.probability[inside]
        size = (DRAWS, int(inside.sum()))
        wins = rng.binomial(deals, ON_TIME * chance, size=size)
        wins += rng.binomial(deals, (1 - ON_TIME) * chance, size=size)
        # einsum adds up in one order on every machine, which a threaded product does not
        drawn[:, window] = np.einsum("dc,c->d", wins.astype(np.float64), stakes.amount[inside])
    return drawn


def usual(actual: Array) -> Array:
    """Return the forecast "as usual": the mean of the three windows before.

    The first three windows have none, and are NaN.
    """
    forecast = np.full(len(actual), np.nan)
    for window in range(USUAL_WINDOWS, len(actual)):
        forecast[window] = actual[window - USUAL_WINDOWS : window].mean()
    return forecast
