"""The back-test: what the CRM would have forecast at each month end, against what was won.

It is made once an audit, whichever check asks first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from checks.context import Context
from checks.events.relations import relation, unseen
from checks.forecast.accuracy import drawn_actuals, ratio_of_sums, usual, wape
from checks.forecast.calibration import Calibration, calibration
from checks.forecast.learned import learned_forecast
from checks.forecast.month_ends import (
    Months,
    Outcomes,
    read_months,
    read_outcomes,
    read_past,
    read_stakes,
)
from checks.measurement import Measurement, not_observable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from checks.forecast.accuracy import Ratio

    Array = NDArray[np.float64]

#: Fields whose history the state of a deal at a month end is read from.
_TRACKED = ("stage", "close_date")


@dataclass(frozen=True)
class BackTest:
    """Forecasts and what came, month by month; arrays have one element a month.

    Attributes:
        months: Forecast and actual.
        drawn: What a calibrated forecast would have met, as draws x months.
        learned: Forecast learned from the past; NaN for the first month.
        usual: Forecast "as in the last three months"; NaN for the first three.
        outcomes: What became of the deals of each stage.
        calibration: Promised and won, all stages together; None without a resolved deal.
        currency: Currency of the amounts, or None.
    """

    months: Months
    drawn: Array
    learned: Array
    usual: Array
    outcomes: Outcomes
    calibration: Calibration | None
    currency: str | None

    @property
    def errors(self) -> Array:
        """Absolute error of each month."""
        return np.abs(self.months.forecast - self.months.actual)

    @property
    def errors_by_chance(self) -> Array:
        """Absolute error of each month that a calibrated forecast would have made on average."""
        return np.asarray(np.abs(self.drawn - self.months.forecast).mean(axis=0))

    @property
    def bias(self) -> Ratio | None:
        """Forecast over actual."""
        return ratio_of_sums(self.months.forecast, self.months.actual)

    @property
    def wape(self) -> float | None:
        """Sum of errors over the sum of actuals."""
        return wape(self.months.forecast, self.months.actual)

    @property
    def error_ratio(self) -> Ratio | None:
        """Error over the error expected by chance."""
        return ratio_of_sums(self.errors, self.errors_by_chance)

    @property
    def compared(self) -> NDArray[np.bool_]:
        """The months that also have a forecast "as usual"."""
        return ~np.isnan(self.usual)

    @property
    def skill_ratio(self) -> Ratio | None:
        """Error over the error of "as usual"; 1 and more adds nothing."""
        inside = self.compared
        errors_as_usual = np.abs(self.usual - self.months.actual)
        return ratio_of_sums(self.errors[inside], errors_as_usual[inside])

    @property
    def learned_wape(self) -> float | None:
        """Error of the learned forecast on the months that have one."""
        inside = ~np.isnan(self.learned)
        return wape(self.learned[inside], self.months.actual[inside])

    @property
    def closings(self) -> float:
        """Mean number of deals closed in a month."""
        return float(self.months.closings.mean()) if len(self.months) else 0.0

    @property
    def in_pipeline(self) -> float | None:
        """Share of the money won that was in the pipeline when its month began."""
        total = float(self.months.all_won.sum())
        return float(self.months.actual.sum()) / total if total > 0 else None

    @property
    def coverage(self) -> float:
        """Share of the deals announced whose amount and probability were known."""
        deals = int(self.months.deals.sum())
        return int(self.months.known.sum()) / deals if deals else 1.0


def back_test(context: Context) -> BackTest | Measurement:
    """Return the back-test, or why there can be none.

    Needs the history of stages and of close dates: what a deal says today is no forecast.
    """
    key = "back_test"
    if key not in context.shared:
        context.shared[key] = _made(context)
    made: BackTest | Measurement = context.shared[key]
    return made


def _made(context: Context) -> BackTest | Measurement:
    missing = unseen(context, "month_end_deals") or _untracked(context)
    if missing:
        return missing
    currencies = _currencies(context)
    if len(currencies) > 1:
        return not_observable("several_currencies", currencies=currencies)
    if _amounts_of_lost_deals_are_gone(context):
        return not_observable("lost_amounts_gone", columns=["deals.amount"])
    months = read_months(context)
    if unknown := _unknown(context, months):
        return unknown
    outcomes = read_outcomes(context)
    return BackTest(
        months=months,
        drawn=drawn_actuals(read_stakes(context, months), len(months), context.profile.seed),
        learned=learned_forecast(read_past(context, months), len(months)),
        usual=usual(months.actual),
        outcomes=outcomes,
        calibration=calibration(
            outcomes.deals, outcomes.won, outcomes.promised, distinct=outcomes.distinct
        ),
        currency=currencies[0] if currencies else None,
    )


def _untracked(context: Context) -> Measurement | None:
    fields = {
        field
        for (field,) in context.snapshot.rows(
            f"select field from {relation(context, 'tracked')} where table_name = 'deals'"
        )
    }
    missing = tuple(("deals", field) for field in _TRACKED if field not in fields)
    if not missing:
        return None
    columns = [f"{table}.{column}" for table, column in missing]
    return not_observable("not_tracked", missing=missing, columns=columns)


def _unknown(context: Context, months: Months) -> Measurement | None:
    """Tell that most of what was announced cannot be summed up: it is not known, and is no zero."""
    deals, known = int(months.deals.sum()), int(months.known.sum())
    if known * 2 >= deals:
        return None
    ((promised,),) = context.snapshot.rows(
        f"select count(promise) from {relation(context, 'month_end_deals')} where is_due"
    )
    column = ("stages", "probability") if promised * 2 < deals else ("deals", "amount")
    return not_observable("promises_unknown", missing=(column,), share=100 * known // deals)


def _currencies(context: Context) -> list[str]:
    """Return the currencies of all deals that are forecast; amounts without one are in ours."""
    rows = context.snapshot.rows(
        "select distinct coalesce(upper(filled(currency)), ?) as named from deals "
        "where is_live and amount > 0 order by named",
        [context.profile.currency],
    )
    return [name for (name,) in rows if name is not None]


def _amounts_of_lost_deals_are_gone(context: Context) -> bool:
    """Whether losing a deal empties its amount, and no history tells what it was.

    Forecasts would then hold the deals that were won, and nearly no others.
    """
    ((lost, lost_amounts, won, won_amounts, moves),) = context.snapshot.rows(
        "select count(*) filter (state = 'lost'), count(*) filter (state = 'lost' and amount > 0), "
        "count(*) filter (state = 'won'), count(*) filter (state = 'won' and amount > 0), "
        f"(select count(*) from {relation(context, 'amount_moves')}) from deals where is_live"
    )
    if not lost or not won:
        return False
    gone = lost_amounts / lost < won_amounts / won / 2
    return bool(gone and not moves)
