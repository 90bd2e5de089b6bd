"""The deals of each month end, read from the engine as the few numbers that statistics need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from checks.context import Context
from checks.events.relations import relation
from checks.forecast.accuracy import Stakes
from checks.forecast.calibration import StageRecord
from checks.forecast.learned import Past

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Numbers = NDArray[np.int64]

#: Won deals that the length of a sale is learned from.
FEWEST_WON = 20


@dataclass(frozen=True)
class Months:
    """What was forecast and what came, one element a month, the oldest first.

    Attributes:
        first: Number of the first month that was forecast, since January 1970.
        deals: Deals announced for the month when it began.
        known: Those of them whose amount and probability were known.
        forecast: Sum of amount times probability.
        actual: Won in it from deals that were in the pipeline when it began.
        all_won: Won in it from all deals.
        closings: Deals closed in it, won or lost.
        most: The amount that larger ones are counted as; None where there are few deals.
    """

    first: int
    deals: Numbers
    known: Numbers
    forecast: Array
    actual: Array
    all_won: Array
    closings: Numbers
    most: float | None

    def __len__(self) -> int:
        return len(self.deals)

    def days(self) -> list[date]:
        """Return the first day of each month."""
        numbers = range(self.first, self.first + len(self))
        return [date(1970 + number // 12, number % 12 + 1, 1) for number in numbers]


def read_months(context: Context) -> Months:
    """Return what was forecast for each month and what came."""
    standing, lives = relation(context, "month_end_deals"), relation(context, "deal_lives")
    rows = context.snapshot.rows(
        f"""
        with forecast as (
            select
                month + 1 as month,
                count(*) filter (is_due) as deals,
                count(*) filter (is_due and amount is not null and promise is not null) as known,
                sum(amount * promise) filter (is_due) as forecast,
                sum(won_amount) as actual,
                any_value(most_amount) as most
            from {standing} group by month
        ),
        closed as (
            select
                closing_month as month,
                sum(at_least(at_most(amount, (select any_value(most_amount) from {standing})), 0))
                    filter (state = 'won') as all_won,
                count(*) as closings
            from {lives} where closing_month is not null group by month
        )
        select month, deals, known, forecast, actual, all_won, closings, most
        from forecast left join closed using (month) order by month
        """
    )
    if not rows:
        nothing = np.zeros(0)
        numbers = np.zeros(0, dtype=np.int64)
        return Months(0, numbers, numbers, nothing, nothing, nothing, numbers, None)
    first, last = rows[0][0], rows[-1][0]
    dense = np.zeros((7, last - first + 1))
    for *row, _ in rows:
        dense[:, row[0] - first] = [float(value or 0) for value in row]
    _, deals, known, forecast, actual, all_won, closings = dense
    return Months(
        first,
        _counts(deals),
        _counts(known),
        forecast,
        actual,
        all_won,
        _counts(closings),
        None if rows[0][-1] is None else float(rows[0][-1]),
    )


def read_stakes(context: Context, months: Months) -> Stakes:
    """Return the deals behind the forecasts, those of one promise and about one amount together.

    Amounts are taken together by their first two digits: the draws become few, and their spread
    stays what it is within a thousandth.
    """
    rows = context.snapshot.rows(
        f"""
        select month + 1 - {months.first}, count(*), promise, sum(amount) / count(*) as mean
        from {relation(context, "month_end_deals")}
        where is_due and amount is not null and promise is not null
        group by month, promise,
            left(cast(ceil(amount) as varchar), 2), length(cast(ceil(amount) as varchar))
        order by month, promise, mean
        """
    )
    window, deals, promise, amount = _columns(rows, 4)
    return Stakes(_counts(window), _counts(deals), promise, amount)


def read_past(context: Context, months: Months) -> Past:
    """Return all deals of the pipeline at month ends, those of one kind together."""
    rows = context.snapshot.rows(
        f"""
        select
            month + 1 - {months.first} as number,
            dense_rank() over (order by pipeline, stage, age, is_due) - 1 as kind,
            dense_rank() over (order by pipeline) - 1 as place,
            count(*), count(won_amount), coalesce(sum(amount), 0)
        from {relation(context, "month_end_deals")}
        group by month, pipeline, stage, age, is_due order by number, kind
        """
    )
    window, kind, pipeline, deals, won, amount = _columns(rows, 6)
    return Past(_counts(window), _counts(kind), _counts(pipeline), deals, won, amount)


@dataclass(frozen=True)
class Outcomes:
    """Deals of old month ends, alike ones together: promised and won; one element a cell.

    Attributes:
        stages: Stage of each cell, after its pipeline where there are several.
        deals: Deals of the cell; a deal is in a cell of each stage that it was seen in.
        won: Those of them that were won in the end.
        promised: Their probability, 0 to 1.
        length: Days within which 19 of 20 wins come, from the deal's creation; None where too
            few deals were won to learn it.
        distinct: How many different deals all cells hold.
    """

    stages: tuple[str, ...]
    deals: Array
    won: Array
    promised: Array
    length: int | None
    distinct: int

    def by_stage(self) -> tuple[StageRecord, ...]:
        """Return what became of the deals of each stage, in the order of the stages' names."""
        records = []
        for stage in sorted(set(self.stages)):
            inside = np.array([one == stage for one in self.stages])
            deals, won = float(self.deals[inside].sum()), float(self.won[inside].sum())
            promised = float((self.deals * self.promised)[inside].sum()) / deals
            records.append(StageRecord(stage, int(deals), int(won), promised))
        return tuple(records)


def read_outcomes(context: Context) -> Outcomes:
    """Return what became of deals that stood in a stage long enough ago to be resolved.

    A deal counts once in each stage, at the first month end that saw it there. Were it counted at
    one month end in all, losers would crowd the early stages, which winners leave. What is still
    open after the time in which 19 of 20 wins come was not won.
    """
    standing, lives = relation(context, "month_end_deals"), relation(context, "deal_lives")
    ((wins, length),) = context.snapshot.rows(
        f"select count(*), quantile_disc(days_between(created_at, closed_at), 0.95) from {lives} "
        "where state = 'won' and closed_at is not null"
    )
    if wins < FEWEST_WON:
        nothing = np.zeros(0)
        return Outcomes((), nothing, nothing, nothing, None, 0)
    rows = context.snapshot.rows(
        f"""
        with resolved as (
            select * from {standing}
            where promise is not null
                and last_day(DATE '1970-01-01' + to_months(cast(month as integer))) + $length
                    <= $as_of
            qualify row_number() over (partition by row_no, stage order by month) = 1
        )
        select
            case when (select count(distinct pipeline) > 1 from {standing}) and pipeline <> ''
                then pipeline || ' / ' || stage else stage end as place,
            count(*), count(*) filter (outcome = 'won'), promise,
            (select count(distinct row_no) from resolved)
        from resolved group by place, promise order by place, promise
        """,
        {"length": max(0, length), "as_of": context.as_of},
    )
    stages = tuple(row[0] for row in rows)
    deals, won, promised, distinct = _columns([row[1:] for row in rows], 4)
    return Outcomes(stages, deals, won, promised, max(0, length), int(distinct.max(initial=0)))


def _columns(rows: list[tuple[Any, ...]], width: int) -> list[Array]:
    values = np.array([[float(value) for value in row] for row in rows]).reshape(-1, width)
    return list(values.T)


def _counts(values: Array) -> Numbers:
    return values.astype(np.int64)
