"""The interval of one share."""

from __future__ import annotations

from math import sqrt

#: Quantile of the normal distribution behind a 95 % interval.
_Z95 = 1.959964


def wilson(k: float, n: float) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share (Journal of the ASA 22, 1927)."""
    if n <= 0:
        return 0.0, 1.0
    share, z = k / n, _Z95
    centre = share + z**2 / (2 * n)
    reach = z * sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    return max(0.0, (centre - reach) / scale), min(1.0, (centre + reach) / scale)
