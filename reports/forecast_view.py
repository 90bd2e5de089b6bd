"""The forecast of each month as it was made, held against what was won from the same deals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from checks.blocks import ForecastBlock, ForecastWindow
from checks.results import AuditResult
from reports.charts import MonthChart, month_chart, round_top
from reports.method import Table
from reports.missing import why_missing
from reports.numbers import as_decimal
from reports.wording import Wording

#: Check that leaves the forecast for the result.
_CHECK = "forecast-bias"
#: Names of months that a narrow screen has room for.
_MOST_NAMES = 6
#: Months that the page draws; a history that reaches further back is in ``result.json``.
_MOST_MONTHS = 24


@dataclass(frozen=True)
class ForecastView:
    """The back-test as a picture, its sentences and its figures.

    Attributes:
        figure: Forecast over what was won.
        ticks: Sums on the axis, from the top.
        months: Names below the months; empty for those without room.
        title: What the picture shows, for those who do not see it.
    """

    figure: str
    sentence: str
    remarks: list[str]
    notes: list[str]
    chart: MonthChart
    ticks: list[str]
    months: list[str]
    legend: list[tuple[str, str]]
    title: str
    table: Table


def forecast_view(words: Wording, result: AuditResult) -> ForecastView | str:
    """Return the back-test, or why there is none."""
    block = result.forecast
    if block is None or not block.windows:
        return why_missing(words, result, _CHECK)
    windows = block.windows[-_MOST_MONTHS:]
    came = [_sum(one.actual) for one in windows]
    foreseen = [_sum(one.forecast) for one in windows]
    ranges = [(_sum(one.lo), _sum(one.hi)) for one in windows]
    learned = [None if one.learned is None else _sum(one.learned) for one in windows]
    top = round_top(max([*came, *foreseen, *(high for _, high in ranges)]))
    money = words.numbers.money_short
    sums = [money(str(round(part * top, 2)), block.currency) for part in (1.0, 0.5)]
    return ForecastView(
        figure=_signed(words, block.bias),
        sentence=_sentence(words, block),
        remarks=_remarks(words, block),
        notes=_notes(words, block),
        chart=month_chart(came, foreseen, ranges, learned, top),
        ticks=[*sums, words.numbers.integer(0)],
        months=_names(words, windows),
        legend=_legend(words, has_learned=any(one is not None for one in learned)),
        title=words("forecast.picture", **_totals(words, block)),
        table=_table(words, block, windows),
    )


def _sum(amount: str) -> float:
    return float(as_decimal(amount) or 0)


def _signed(words: Wording, share: float | None) -> str:
    if share is None:
        return ""
    return ("+" if share > 0 else "") + words.numbers.percent(share)


def _totals(words: Wording, block: ForecastBlock) -> dict[str, object]:
    money, currency = words.numbers.money_short, block.currency
    forecast = sum((as_decimal(one.forecast) or Decimal(0) for one in block.windows), Decimal(0))
    actual = sum((as_decimal(one.actual) or Decimal(0) for one in block.windows), Decimal(0))
    return {
        "months": len(block.windows),
        "forecast": money(forecast, currency),
        "actual": money(actual, currency),
    }


def _sentence(words: Wording, block: ForecastBlock) -> str:
    totals = _totals(words, block)
    if block.bias_lo is None or block.bias_hi is None:
        return words("forecast.sentence", **totals)
    low, high = _signed(words, block.bias_lo), _signed(words, block.bias_hi)
    return words("forecast.sentence_interval", low=low, high=high, **totals)


def _remarks(words: Wording, block: ForecastBlock) -> list[str]:
    """Return what the picture means."""
    percent, windows = words.numbers.percent, block.windows
    inside = sum(_sum(one.lo) <= _sum(one.actual) <= _sum(one.hi) for one in windows)
    remarks = [words("forecast.inside", inside=inside, months=len(windows))]
    if block.wape is not None and block.learned_wape is not None:
        shown = {"error": percent(block.wape), "learned": percent(block.learned_wape)}
        remarks.append(words("forecast.learned", **shown))
    if block.in_pipeline is not None:
        remarks.append(words("forecast.in_pipeline", share=percent(block.in_pipeline)))
    return remarks


def _notes(words: Wording, block: ForecastBlock) -> list[str]:
    """Return what limits the picture, and figures for those who ask further."""
    percent, notes = words.numbers.percent, []
    if block.wape_by_chance is not None:
        notes.append(words("forecast.chance", chance=percent(block.wape_by_chance)))
    if block.skill is not None:
        key = "forecast.skill" if block.skill > 0 else "forecast.no_skill"
        notes.append(words(key, share=percent(max(block.skill, 0.0))))
    if block.largest_amount is not None:
        most = words.numbers.money_short(block.largest_amount, block.currency)
        notes.append(words("forecast.largest", amount=most))
    if block.coverage < 1:
        notes.append(words("forecast.coverage", share=percent(block.coverage)))
    return notes


def _names(words: Wording, windows: list[ForecastWindow]) -> list[str]:
    step = ceil(len(windows) / _MOST_NAMES)
    return [
        words.numbers.month(one.month) if i % step == 0 and len(windows) - i >= step else ""
        for i, one in enumerate(windows)
    ]


def _legend(words: Wording, *, has_learned: bool) -> list[tuple[str, str]]:
    shown = ["line", "bar", "band", *(["other"] if has_learned else [])]
    return [(kind, words(f"forecast.legend_{kind}")) for kind in shown]


def _table(words: Wording, block: ForecastBlock, windows: list[ForecastWindow]) -> Table:
    headings = ("month", "deals", "forecast", "range", "learned_heading", "won", "all_won")

    def money(amount: str | None) -> str:
        return words.numbers.money_short(amount, block.currency)

    return Table(
        caption=words("forecast.table"),
        headings=[words(f"forecast.{heading}") for heading in headings],
        rows=[
            [
                words.numbers.full_month(one.month),
                words.numbers.integer(one.deals),
                money(one.forecast),
                words("forecast.from_to", low=money(one.lo), high=money(one.hi)),
                money(one.learned),
                money(one.actual),
                money(one.all_won),
            ]
            for one in windows
        ],
        numeric=tuple(range(1, len(headings))),
    )
