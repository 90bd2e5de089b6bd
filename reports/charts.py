"""Where the marks of the larger pictures stand: the week as a heat map, months as columns.

Pictures stretch to the width that they get, so they are made of upright rectangles and level
lines only; their text stands beside them in HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

#: Shades of a heat map beside the empty one.
SHADES = 5
_CELL = 0.94
_GAP = round((1 - _CELL) / 2, 2)
#: Width of a month, and where its band, its bar and its lines begin within it.
_MONTH, _BAND, _BAR, _LINE = 10, 1, 3, 0
#: Height of the picture.
HEIGHT = 100
_ROUND_TOPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True)
class HeatMap:
    """Counts by row and column as shades.

    Attributes:
        columns: Width of the drawing, in cells.
        rows: Height of it.
        shades: One path for each shade, the empty one first.
        frame: Left, top and width of the cells that are framed; None without a frame.
    """

    columns: int
    rows: int
    shades: list[str]
    frame: tuple[int, int, int] | None


@dataclass(frozen=True)
class MonthChart:
    """Sums by month: a bar for what came, lines for what was foreseen, a band for its range.

    Attributes:
        width: Width of the drawing.
        bars: Path of the bars.
        bands: Path of the bands.
        lines: Path of what was foreseen.
        others: Path of what would have been foreseen in another way.
    """

    width: int
    bars: str
    bands: str
    lines: str
    others: str


@dataclass(frozen=True)
class TrendLine:
    """Values from 0 to 100 from left to right.

    Attributes:
        width: Width of the drawing.
        path: The line, interrupted where there is no value.
        breaks: Upright lines where values before and after are not the same thing.
    """

    width: int
    path: str
    breaks: str


def heat_map(counts: Sequence[Sequence[int]], frame: tuple[int, int, int] | None) -> HeatMap:
    """Shade counts by their share of the greatest; zero has a shade of its own."""
    greatest = max((count for row in counts for count in row), default=0)
    shades = [""] * (SHADES + 1)
    for y, row in enumerate(counts):
        for x, count in enumerate(row):
            shade = ceil(SHADES * count / greatest) if greatest else 0
            shades[shade] += f"M{_short(x + _GAP)} {_short(y + _GAP)}h{_CELL}v{_CELL}h-{_CELL}z"
    return HeatMap(max((len(row) for row in counts), default=0), len(counts), shades, frame)


def round_top(greatest: float) -> float:
    """Return a round number at or above the greatest value, for the top of an axis."""
    if greatest <= 0:
        return 1.0
    unit = 10.0 ** int(log10(greatest)) if greatest >= 1 else 1.0
    return next((unit * top for top in _ROUND_TOPS if greatest <= unit * top), 10 * unit)


def month_chart(
    came: Sequence[float],
    foreseen: Sequence[float],
    ranges: Sequence[tuple[float, float]],
    otherwise: Sequence[float | None],
    top: float,
) -> MonthChart:
    """Place what came and what was foreseen, month by month, on an axis that ends at ``top``."""
    bars, bands, lines, others = "", "", "", ""
    for i, (bar, line, (low, high), other) in enumerate(
        zip(came, foreseen, ranges, otherwise, strict=True)
    ):
        left = i * _MONTH
        bars += _column(left + _BAR, _MONTH - 2 * _BAR, 0.0, bar, top)
        bands += _column(left + _BAND, _MONTH - 2 * _BAND, low, high, top)
        lines += _level(left + _LINE, _MONTH - 2 * _LINE, line, top)
        if other is not None:
            others += _level(left + _LINE, _MONTH - 2 * _LINE, other, top)
    return MonthChart(_MONTH * len(came), bars, bands, lines, others)


def trend_line(values: Sequence[float | None], broken: Sequence[bool]) -> TrendLine:
    """Join values from 0 to 100, and mark those before which something else changed."""
    path, breaks, is_drawing = "", "", False
    for i, (value, is_broken) in enumerate(zip(values, broken, strict=True)):
        if is_broken:
            breaks += f"M{_MONTH * i} 0V{HEIGHT}"
        if value is not None:
            path += f"{'L' if is_drawing else 'M'}{_MONTH * i} {_short(_height(value, HEIGHT))}"
        is_drawing = value is not None
    return TrendLine(max(_MONTH * (len(values) - 1), 1), path, breaks)


def _column(left: float, width: float, low: float, high: float, top: float) -> str:
    bottom, head = _height(low, top), _height(high, top)
    return f"M{left} {_short(bottom)}V{_short(head)}h{width}V{_short(bottom)}z"


def _level(left: float, width: float, value: float, top: float) -> str:
    return f"M{left} {_short(_height(value, top))}h{width}"


def _height(value: float, top: float) -> float:
    return HEIGHT * (1 - min(max(value / top, 0.0), 1.0))


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
