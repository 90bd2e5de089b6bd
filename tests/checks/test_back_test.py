"""The pipeline as it stood at month ends, read off a history, and what cannot be read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from checks.blocks import ForecastBlock
from checks.context import Context
from checks.events.relations import relation
from checks.forecast.back_test import BackTest, back_test
from checks.measurement import Measurement
from checks.measures.forecasts import forecast_bias
from checks.results import State
from checks.spec import Tolerance
from tests.checks.snapshots import context_of, spec

STAGES = [
    {"id": "s1", "name": "Call", "rank": 1, "probability": 20},
    {"id": "s2", "name": "Offer", "rank": 2, "probability": 50},
    {"id": "s3", "name": "Won", "rank": 3, "probability": 100, "is_closed": True, "is_won": True},
    {"id": "s4", "name": "Lost", "rank": 4, "probability": 0, "is_closed": True, "is_won": False},
]
#: Makes the history of stages and close dates begin in December.
BEGINNING = [
    {"record_id": "earlier", "field": field, "old_value": None, "new_value": value,
     "changed_at": "2025-12-01 09:00"}
    for field, value in (("stage", "Call"), ("close_date", "2025-12-20"))
]  # fmt: skip
BIAS = spec(id="forecast-bias", measure="forecast_bias", tolerance=Tolerance(t_lo=0.15, n_min=30))


def change(
    field: str, old: Any, new: Any, at: str, deal: str = "d1", **more: Any
) -> dict[str, Any]:
    row = {"record_id": deal, "field": field, "old_value": old, "new_value": new, "changed_at": at}
    return {**row, **more}


def crm(deals: list[dict[str, Any]], *changes: dict[str, Any], **more: Any) -> Context:
    history = [{"table_name": "deals", "user_id": "u1", **row} for row in (*BEGINNING, *changes)]
    defaults = {"id": "d1", "stage": "Call", "state": "open", "created_at": "2026-01-10 09:00",
                "amount": 1000, "close_date": "2026-09-01", "pipeline": None}  # fmt: skip
    rows = [{**defaults, **deal} for deal in deals]
    return context_of({"deals": rows, "stages": STAGES, "field_history": history, **more})


def month_ends(context: Context, columns: str, deal: str = "d1") -> list[Any]:
    """One row a month end, the month written as the first day of the one that follows."""
    month = "cast(DATE '1970-01-01' + to_months(cast(month + 1 as integer)) as date)"
    rows = context.snapshot.rows(
        f"select {month}, {columns} from {relation(context, 'month_end_deals')} "
        "where row_no in (select row_no from deals where id = ?) order by month",
        [deal],
    )
    return [(f"{row[0]:%b}", *row[1:]) for row in rows]


def tried(context: Context) -> BackTest:
    test = back_test(context)
    assert isinstance(test, BackTest)
    return test


# --- as it stood


def test_a_deal_stands_at_each_month_end_as_its_history_says():
    context = crm(
        [{"stage": "Won", "state": "won", "close_date": "2026-06-05", "amount": 2000}],
        change("amount", "1000", "2000", "2026-03-15 10:00"),
        change("stage", "Call", "Offer", "2026-03-20 10:00"),
        change("close_date", "2026-04-10", "2026-06-10", "2026-04-09 10:00"),
        change("stage", "Offer", "Won", "2026-06-05 10:00"),
        change("close_date", "2026-06-10", "2026-06-05", "2026-06-05 10:00"),
    )
    columns = "stage, cast(amount as integer), cast(promise as double), is_due, won_amount"
    assert month_ends(context, columns) == [
        ("Feb", "Call", 1000, 0.2, False, None),
        ("Mar", "Call", 1000, 0.2, False, None),
        ("Apr", "Offer", 2000, 0.5, True, None),
        ("May", "Offer", 2000, 0.5, False, None),
        ("Jun", "Offer", 2000, 0.5, True, 2000),
    ]


def test_a_deal_is_in_the_pipeline_from_the_month_it_is_made_in_to_the_month_before_it_closes():
    context = crm(
        [
            {"id": "d1", "created_at": "2026-01-31 23:59", "state": "lost", "stage": "Lost",
             "close_date": "2026-04-01"},
            {"id": "d2", "created_at": "2026-03-01", "state": "won", "stage": "Won",
             "close_date": "2026-03-31"},
        ],
        change("stage", "Call", "Lost", "2026-04-01 08:00"),
        change("stage", "Call", "Won", "2026-03-31 08:00", deal="d2"),
    )  # fmt: skip
    assert [month for month, *_ in month_ends(context, "1")] == ["Feb", "Mar", "Apr"]
    assert month_ends(context, "1", "d2") == []


def test_month_ends_do_not_drift_after_a_month_of_thirty_one_days():
    changes = [change("next_step", str(n), str(n + 1), f"2026-0{n}-01 00:00") for n in range(2, 6)]
    moves = change("stage", "Call", "Offer", "2026-02-28 23:59")
    context = crm([{"created_at": "2025-12-31 12:00", "stage": "Offer"}], moves, *changes)
    assert month_ends(context, "stage") == [
        ("Jan", "Call"),
        ("Feb", "Call"),
        ("Mar", "Offer"),
        ("Apr", "Offer"),
        ("May", "Offer"),
        ("Jun", "Offer"),
    ]


def test_a_month_that_is_not_over_is_not_compared():
    context = crm([{"created_at": "2025-12-15"}])
    half = Context(context.snapshot, context.profile, date(2026, 6, 29))
    assert [month for month, *_ in month_ends(half, "1")][-1] == "May"


def test_a_close_date_that_was_filled_in_later_was_no_forecast_before():
    context = crm(
        [{"close_date": "2026-03-15"}],
        change("close_date", None, "2026-03-15", "2026-02-10 10:00"),
        change("close_date", None, "2026-05-15", "2026-02-10 10:00", deal="d2"),
    )
    assert month_ends(context, "is_due")[:3] == [("Feb", False), ("Mar", True), ("Apr", False)]


def test_a_probability_of_its_own_history_goes_before_that_of_the_stage():
    context = crm(
        [{}],
        change("probability", "20", "70", "2026-02-10 10:00"),
        change("probability", "70", "60", "2026-02-20 10:00"),
    )
    promises = [promise for _, promise in month_ends(context, "cast(promise as double)")]
    assert promises == [0.2, 0.6, 0.6, 0.6, 0.6]


def test_shares_and_percent_are_told_apart_in_a_history():
    context = crm([{}], change("probability", "0.2", "0.7", "2026-02-10 10:00"))
    assert month_ends(context, "cast(promise as double)")[1] == ("Mar", 0.7)


def test_removed_deals_and_changes_of_nobody_are_not_seen():
    context = crm(
        [{"is_deleted": True}],
        change("stage", "Call", "Offer", "2026-02-10 10:00", deal="nowhere"),
        change("stage", "Call", "Offer", "2027-02-10 10:00"),
    )
    assert month_ends(context, "1") == []


# --- what cannot be told


def reason(context: Context) -> str | None:
    test = back_test(context)
    assert isinstance(test, Measurement)
    return test.reason


def test_without_a_history_nothing_is_forecast_back():
    context = context_of({"deals": [{"state": "open", "amount": 5, "close_date": "2026-07-01",
                                     "created_at": "2026-01-01", "stage": "Call"}]})  # fmt: skip
    assert reason(context) == "table_absent"


def test_without_the_history_of_close_dates_nothing_is_forecast_back():
    context = context_of(
        {
            "deals": [{"id": "d1", "state": "open", "amount": 5, "close_date": "2026-07-01",
                       "created_at": "2026-01-01", "stage": "Call"}],
            "field_history": [{"table_name": "deals", "user_id": "u1",
                               **change("stage", "Call", "Offer", "2026-02-01")}],
        }
    )  # fmt: skip
    test = back_test(context)
    assert isinstance(test, Measurement)
    assert (test.reason, test.missing) == ("not_tracked", (("deals", "close_date"),))


def test_amounts_of_several_currencies_are_never_added_up():
    deals = [{"id": "d1", "currency": "EUR"}, {"id": "d2", "currency": "USD"}]
    assert reason(crm(deals)) == "several_currencies"
    assert isinstance(back_test(crm([{**deal, "currency": "eur"} for deal in deals])), BackTest)


def test_lost_deals_whose_amounts_are_emptied_make_no_forecast():
    lost = [{"id": f"l{n}", "state": "lost", "stage": "Lost", "amount": 0} for n in range(5)]
    won = [{"id": f"w{n}", "state": "won", "stage": "Won"} for n in range(5)]
    assert reason(crm([*lost, *won])) == "lost_amounts_gone"
    kept = crm([*lost, *won], change("amount", "500", "0", "2026-02-01", deal="l1"))
    assert isinstance(back_test(kept), BackTest)


def without_probabilities(deals: list[dict[str, Any]]) -> Context:
    stages = [{**stage, "probability": None} for stage in STAGES]
    moves = [change("stage", "Call", "Offer", "2026-03-01 10:00", deal=row["id"]) for row in deals]
    return crm(deals, *moves, stages=stages)


def due_in_april(n: int, **more: Any) -> dict[str, Any]:
    return {"id": f"due{n}", "close_date": "2026-04-10", "stage": "Offer", **more}


def test_a_probability_that_nobody_knows_is_not_zero():
    context = without_probabilities([due_in_april(1)])
    assert {promise for _, promise in month_ends(context, "promise", "due1")} == {None}
    found = back_test(context)
    assert isinstance(found, Measurement)
    assert (found.reason, found.reason_facts["share"]) == ("promises_unknown", 0)
    assert found.missing == (("stages", "probability"),)


@pytest.mark.parametrize(("known", "is_tried"), [(4, False), (5, True)])
def test_half_of_what_was_announced_must_be_known(known: int, is_tried: bool):
    deals = [due_in_april(n, amount=1000 if n < known else None) for n in range(10)]
    found = back_test(crm(deals))
    assert isinstance(found, BackTest) == is_tried
    if isinstance(found, BackTest):
        assert found.coverage == 0.5


def test_a_won_deal_without_an_amount_adds_nothing_to_what_was_won():
    won = {"state": "won", "stage": "Won", "close_date": "2026-04-20"}
    deals = [due_in_april(n, **won, amount=100 if n else None) for n in range(120)]
    deals.append(due_in_april(200, close_date="2026-05-10"))
    moves = [
        change("stage", "Offer", "Won", "2026-04-20 10:00", deal=f"due{n}") for n in range(120)
    ]
    assert tried(crm(deals, *moves)).months.all_won.sum() == 119 * 100


def test_a_history_shorter_than_the_windows_is_said_to_be():
    young = crm([{"created_at": "2026-06-10"}])
    assert forecast_bias(young, BIAS).reason == "history_too_short"
    short = crm([{"created_at": "2026-03-10"}])
    ruling = forecast_bias(short, BIAS).ruling
    assert ruling is not None
    assert (ruling.state, ruling.reason) == (State.INCONCLUSIVE, "too_few_months")
    assert ruling.severity is None


@pytest.mark.parametrize("amount", [None, 0, -500, 10**15])
def test_odd_amounts_break_nothing_and_prove_nothing(amount: float | None):
    deals = [
        {"id": f"d{n}", "amount": amount, "created_at": "2025-12-10", "close_date": "2026-04-10"}
        for n in range(40)
    ]
    measured = forecast_bias(crm(deals), BIAS)
    assert measured.ruling is None or measured.ruling.state is State.INCONCLUSIVE


# --- a whole company


def company(promise: float, deals: int = 900) -> Context:
    """Two years of deals that are won in two of four cases, in the month announced."""
    rng = np.random.default_rng(11)
    rows, changes = [], []
    start, end = datetime(2024, 6, 3, 9), datetime(2026, 6, 30)  # noqa: DTZ001
    for number in range(deals):
        created = start + timedelta(days=float(rng.uniform(0, 730)))
        closing = created + timedelta(days=float(rng.uniform(35, 80)))
        won = rng.random() < 0.5 / promise
        is_over = closing < end
        state = ("won" if won else "lost") if is_over else "open"
        stage = {"won": "Won", "lost": "Lost", "open": "Offer"}[state]
        rows.append(
            {"id": f"d{number}", "owner_id": f"u{number % 6}", "stage": stage, "state": state,
             "created_at": created, "close_date": closing.date(), "pipeline": None,
             "amount": float(np.round(rng.lognormal(9, 0.6), -2))}
        )  # fmt: skip
        if is_over:
            changes.append(change("stage", "Offer", stage, str(closing), deal=f"d{number}"))
    early = [{**row, "changed_at": "2024-06-01 09:00"} for row in BEGINNING]
    history = [{"table_name": "deals", "user_id": "u1", **row} for row in (*early, *changes)]
    return context_of({"deals": rows, "stages": STAGES, "field_history": history})


@pytest.mark.parametrize(("promise", "state"), [(1.0, State.ABSENT), (1.8, State.PRESENT)])
def test_an_honest_company_and_one_that_promises_too_much_are_told_apart(
    promise: float, state: State
):
    measured = forecast_bias(company(promise), BIAS)
    assert measured.ruling is not None
    assert measured.ruling.state is state


def test_the_block_adds_up_to_what_the_deals_say():
    context = company(1.0)
    block = forecast_bias(context, BIAS).blocks["forecast"]
    assert isinstance(block, ForecastBlock)
    may = next(window for window in block.windows if window.month == date(2026, 5, 1))
    # Dates never move here: what was announced for May is what closed in it, open before it began.
    ((deals, amount, won),) = context.snapshot.rows(
        "select count(*), sum(least(amount, ?)), sum(least(amount, ?)) filter (state = 'won') "
        "from deals where created_at < '2026-05-01' and close_date between '2026-05-01' and "
        "'2026-05-31'",
        [block.largest_amount, block.largest_amount],
    )
    assert may.deals == deals
    assert float(may.forecast) == pytest.approx(float(amount) / 2, abs=0.01)
    assert float(may.actual) == pytest.approx(float(won), abs=0.01)
    assert float(may.lo) < float(may.forecast) < float(may.hi)


def test_the_back_test_is_the_same_each_time():
    first, second = (tried(company(1.3, deals=300)) for _ in range(2))
    assert (first.drawn == second.drawn).all()
    assert first.months.forecast.tolist() == second.months.forecast.tolist()


def test_each_deal_counts_once_in_each_stage_it_was_seen_in():
    outcomes = tried(company(1.0)).outcomes
    records = outcomes.by_stage()
    assert [record.stage for record in records] == ["Offer"]
    assert records[0].deals == outcomes.distinct
    assert records[0].promised == pytest.approx(0.5)
    assert records[0].rate == pytest.approx(0.5, abs=0.08)
