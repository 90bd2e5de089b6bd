from __future__ import annotations

from datetime import date, datetime
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


# --- money at risk


def closed(number: int, stage: str, won: bool) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """A deal that stood in a stage and was then won or lost, with its change of stage."""
    state = "won" if won else "lost"
    row = {
        "id": f"c{number}",
        "state": state,
        "stage": state,
        "created_at": datetime.fromisoformat("2026-01-05T09:00"),
        "close_date": date(2026, 3, 1),
    }
    change = {
        "table_name": "deals",
        "record_id": row["id"],
        "field": "stage",
        "old_value": stage,
        "new_value": state,
        "changed_at": datetime.fromisoformat("2026-03-01T09:00"),
        "user_id": "u1",
    }
    return [row], change


def with_history(deals: int, won: int, *others: dict[str, Any]) -> Context:
    rows, changes = list(others), []
    for number in range(deals):
        of_deal, change = closed(number, "Offer", number < won)
        rows += of_deal
        changes.append(change)
    return context_of({"deals": rows, "field_history": changes, "users": [{"id": "u1"}]})


def standing(amount: float, **more: Any) -> dict[str, Any]:
    created = datetime.fromisoformat("2026-05-05T09:00")
    return deal(amount, stage="Offer", created_at=created, close_date=date(2026, 8, 1), **more)


def test_money_at_risk_weighs_deals_by_the_fate_of_others_in_their_stage() -> None:
    """Of 40 closed deals that stood in the stage 30 were won, as of all: 75 % of 80."""
    found = touched(with_history(40, 30, standing(80), standing(200)), "small")

    assert (found.touched, found.at_risk) == (Decimal("80.00"), Decimal("60.00"))


def test_money_at_risk_of_a_stage_that_nobody_left_leans_on_all_deals() -> None:
    row = {**standing(80), "stage": "Brand new"}

    assert touched(with_history(40, 10, row), "small").at_risk == Decimal("20.00")


def test_too_few_closed_deals_teach_no_chance() -> None:
    assert touched(with_history(29, 20, standing(80)), "small").at_risk is None


def test_without_history_no_money_is_at_risk_that_anybody_could_weigh() -> None:
    assert touched(context_of({"deals": [deal(50)]}), "small").at_risk is None
