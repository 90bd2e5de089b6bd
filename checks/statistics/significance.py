"""How surprising a statistic is among draws of chance, and among many tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: With fewer draws beyond what was observed, a gamma with the moments of the draws tells the
#: tail: B draws alone can never give less than 1 / (B + 1), whatever was observed (the idea is
#: that of Knijnenburg, Wessels, Reinders and Shmulevich, Bioinformatics 25, 2009).
_FEWEST_BEYOND = 10
_LEAST_P = 1e-9
_EQUAL = 1e-9


def tail(observed: float, draws: Floats) -> float:
    """Return P(a draw is at least as large as what was observed).

    Args:
        observed: The statistic of the data; not negative.
        draws: The same statistic of data that chance alone made.
    """
    beyond = int((draws >= observed - _EQUAL).sum())
    counted = (1 + beyond) / (1 + len(draws))
    if beyond >= _FEWEST_BEYOND:
        return counted
    from scipy.special import gammaincc

    mean, variance = float(draws.mean()), float(draws.var())
    if mean <= 0 or variance <= 0:
        return counted
    fitted = float(gammaincc(mean**2 / variance, max(0.0, observed) * mean / variance))
    return min(counted, max(_LEAST_P, fitted))


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Return p-values that allow for how many were looked at, in the order given.

    Benjamini and Hochberg, J. R. Stat. Soc. B 57, 1995: among tests with an adjusted p up to q,
    a share of q on average is a false alarm.
    """
    if not p_values:
        return []
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    rising = np.minimum.accumulate(scaled[::-1])[::-1]
    result = np.empty_like(p)
    result[order] = np.minimum(rising, 1.0)
    return [float(value) for value in result]
