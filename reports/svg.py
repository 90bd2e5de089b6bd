"""Where the marks of the charts stand; the templates only draw them.

Coordinates have one decimal, so that equal results give equal pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: Drawing units; one is one CSS pixel, since dots must stay round and text stays in HTML.
PLOT_WIDTH = 180.0
_MARGIN = 5.0
_AXIS_ENDS = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
_THINNEST = 0.6


@dataclass(frozen=True)
class IntervalPlot:
    """A rate as a dot, its interval as a line, what is tolerated or expected as a band.

    Attributes:
        dot: Centre of the dot.
        low: Left end of the interval; equal to ``dot`` where there is none.
        high: Right end of the interval.
        band_from: Left end of the band.
        band: Width of the band.
        zero: Position of zero.
        middle: Position of the middle of the axis.
        end: Position of the end of the axis.
    """

    dot: float
    low: float
    high: float
    band_from: float
    band: float
    zero: float
    middle: float
    end: float


def axis_end(values: Iterable[float]) -> float:
    """Return the end of a common axis that holds all values, a round share up to 1."""
    greatest = max(values, default=0.0)
    return next((end for end in _AXIS_ENDS if greatest <= end), 1.0)


def interval_plot(
    rate: float, low: float | None, high: float | None, band: tuple[float, float], end: float
) -> IntervalPlot:
    """Place one rate on the axis from 0 to ``end``; what lies outside is set on its border.

    Args:
        rate: The rate.
        low: Lower end of its interval, None where there is none.
        high: Upper end.
        band: What is tolerated, or expected.
        end: End of the axis.
    """
    band_from, band_to = (_placed(share, end) for share in band)
    return IntervalPlot(
        dot=_placed(rate, end),
        low=_placed(rate if low is None else low, end),
        high=_placed(rate if high is None else high, end),
        band_from=band_from,
        band=round(band_to - band_from, 1),
        zero=_placed(0.0, end),
        middle=_placed(end / 2, end),
        end=_placed(end, end),
    )


def marks(rates: Iterable[float], end: float) -> list[float]:
    """Place many rates on one axis."""
    return [_placed(rate, end) for rate in rates]


def bar_width(share: float) -> float:
    """Return the width in percent of a bar for a share; never invisible unless it is zero."""
    width = 100 * min(max(share, 0.0), 1.0)
    return round(max(width, _THINNEST), 1) if width > 0 else 0.0


def _placed(share: float, end: float) -> float:
    inside = min(max(share / end, 0.0), 1.0)
    return round(_MARGIN + inside * (PLOT_WIDTH - 2 * _MARGIN), 1)
