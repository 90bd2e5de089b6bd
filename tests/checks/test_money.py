from __future__ import annotations

from decimal import Decimal
from typing import Any

from checks.context import Context
from checks.lists.money import MoneyTouched, OpenDeals
from tests.checks.snapshots import context_of, measured, spec

SMALL = spec("amount < 100 or amount is null", id="small", nulls="defect")
EARLY = spec("probability < 50", id="early")
UNNAMED = spec("name is null", id="unnamed", table="contacts")


def touched(context: Context, *check_ids: str) -> MoneyTouched:
    return OpenDeals(context).touched(measured(context, SMALL, EARLY, UNNAMED), check_ids)


def deal(amount: float | None, probability: int = 90, **more: Any) -> dict[str, Any]:
    return {"state": "open", "amount": amount, "probability": probability, **more}


def test_a_deal_hit_twice_counts_once() -> None:
    context = context_of({"deals": [deal(50, 10), deal(60), deal(500, 10), deal(900)]})
    assert touched(context, "small", "early") == MoneyTouched(Decimal("610.00"), 3, 0, 1.0)
    assert OpenDeals(context).total() == Decimal("1510.00")


def test_only_open_live_deals_hold_money() -> None:
    rows = [deal(50), deal(60, state="won"), deal(70, is_deleted=True), deal(80, state=None)]
    context = context_of({"deals": rows})
    assert touched(context, "small") == MoneyTouched(Decimal("50.00"), 1, 0, 1.0)
    assert OpenDeals(context).total() == Decimal("50.00")


def test_deals_without_an_amount_are_counted_apart() -> None:
    context = context_of({"deals": [deal(50), deal(None)]})
    assert touched(context, "small") == MoneyTouched(Decimal("50.00"), 2, 1, 1.0)


def test_the_five_largest_are_shown_as_a_share() -> None:
    context = context_of({"deals": [deal(10 * number) for number in range(1, 9)]})
    assert touched(context, "small").top5_share == 300 / 360


def test_checks_on_other_tables_touch_no_money() -> None:
    tables = {"deals": [deal(500, contact_id="c1")], "contacts": [{"id": "c1", "name": None}]}
    assert touched(context_of(tables), "unnamed") == MoneyTouched(Decimal(0), 0, 0, None)


def test_a_check_that_was_not_measured_touches_no_money() -> None:
    context = context_of({"deals": [{"state": "open", "amount": 50}]})
    assert touched(context, "early") == MoneyTouched(Decimal(0), 0, 0, None)


def test_several_currencies_are_not_added_up() -> None:
    context = context_of({"deals": [deal(50, currency="EUR"), deal(60, currency="USD")]})
    assert touched(context, "small") == MoneyTouched(None, 2, 0, None)
    assert (OpenDeals(context).total(), OpenDeals(context).currency) == (None, None)


def test_amounts_without_a_currency_are_in_that_of_the_profile() -> None:
    rows = [deal(50, currency="EUR"), deal(60, currency=None)]
    assert OpenDeals(context_of({"deals": rows}, currency="EUR")).currency == "EUR"
    assert OpenDeals(context_of({"deals": rows}, currency="CHF")).currency is None
    assert OpenDeals(context_of({"deals": [deal(50)]})).currency is None
    assert OpenDeals(context_of({"deals": rows})).total() == Decimal("110.00")


def test_the_currency_of_closed_deals_does_not_matter() -> None:
    rows = [deal(50, currency="EUR"), deal(60, currency="USD", state="won")]
    assert OpenDeals(context_of({"deals": rows})).currency == "EUR"
