"""One signal from audit to audit: what changed in its figure, and the line of its index."""

from __future__ import annotations

from dataclasses import dataclass

from checks.comparison import CheckChange, Comparison, TrendPoint
from checks.results import AuditResult, CheckResult, SignalResult
from reports.charts import TrendLine, trend_line
from reports.wording import Wording

_MOST_AUDITS = 12
#: Points of a rate below which it counts as the same.
_SAME = 0.5


@dataclass(frozen=True)
class TrendView:
    """The index of a signal over the last audits.

    Attributes:
        title: What the picture shows, for those who do not see it.
        first: Day of the first audit of the line.
        last: Day of the last one.
        value: Index of the last one.
        legend: What the upright lines are; empty without any.
    """

    title: str
    line: TrendLine
    first: str
    last: str
    value: str
    legend: str


def tile_change(
    words: Wording, result: AuditResult, signal: SignalResult, headline: CheckResult | None
) -> str:
    """Return how the figure of a tile moved since the audit before; empty without one."""
    comparison = result.comparison
    if comparison is None or comparison.previous_as_of is None:
        return ""
    day = words.numbers.month(comparison.previous_as_of)
    found = _of_check(comparison, headline)
    if headline is not None and headline.kind == "rate" and found is not None:
        if not found.comparable:
            return words("tile.not_comparable", day=day)
        if found.rate is not None and found.rate_before is not None:
            return _moved(words, found, 100 * (found.rate - found.rate_before), day)
    state = next((one.state_before for one in comparison.signals if one.id == signal.id), None)
    if state is None:
        return ""
    if state == signal.state:
        return words("tile.same_state", day=day)
    return words("tile.state_before", state=words(f"state.{state}"), day=day)


def signal_trend(words: Wording, result: AuditResult, signal: SignalResult) -> TrendView | None:
    """Return the line of a signal's index; None below two audits that have one."""
    points = result.comparison.trend[-_MOST_AUDITS:] if result.comparison else []
    values = [point.chained.get(signal.id) for point in points]
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    broken = [point.breaks > 0 for point in points]
    facts = {"first": round(known[0]), "last": round(known[-1]), "audits": len(points)}
    return TrendView(
        title=words("trend.picture", name=words(f"signal.{signal.id}.name"), **facts),
        line=trend_line(values, broken),
        first=_day(words, points[0]),
        last=_day(words, points[-1]),
        value=words.numbers.integer(round(known[-1])),
        legend=words("trend.legend_broken") if any(broken) else "",
    )


def _of_check(comparison: Comparison, check: CheckResult | None) -> CheckChange | None:
    wanted = check.check_id if check else None
    return next((one for one in comparison.checks if one.check_id == wanted), None)


def _moved(words: Wording, found: CheckChange, points: float, day: str) -> str:
    if abs(points) < _SAME:
        return words("tile.same", day=day)
    sign = "+" if points > 0 else "−"
    shown = f"{sign}{words.numbers.decimal(abs(points), 0 if abs(points) >= 10 else 1)}"
    return words("tile.moved" if found.move else "tile.moved_by_chance", points=shown, day=day)


def _day(words: Wording, point: TrendPoint) -> str:
    return words.numbers.month(point.as_of)
