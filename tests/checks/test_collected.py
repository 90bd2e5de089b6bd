from __future__ import annotations

from typing import Any

import pytest

from checks.results import ConfigurationFinding
from tests.checks.snapshots import context_of, counts, measure, measured, spec

AMOUNT = spec("amount is null", collects="amount", population="is_open")


def open_deals(number: int, **values: Any) -> list[dict[str, Any]]:
    return [{"state": "open", "stage": "Offer", "amount": None, **values}] * number


def finding(column: str, stage: str | None, records: int, filled: int) -> ConfigurationFinding:
    return ConfigurationFinding(
        code="field_not_collected",
        table="deals",
        column=column,
        stage=stage,
        facts={"records": records, "filled": filled},
    )


def test_a_field_hardly_anybody_fills_is_not_collected() -> None:
    context = context_of({"deals": [*open_deals(99), *open_deals(1, amount=5)]})
    found = measured(context, AMOUNT)
    one = found.measurements["a-check"]
    assert (one.reason, one.reason_facts) == ("not_collected", {"columns": ["deals.amount"]})
    assert found.configuration_findings == (finding("amount", None, 100, 1),)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([*open_deals(98), *open_deals(2, amount=5)], (100, 98)),
        ([*open_deals(19), *open_deals(1, amount=5)], (20, 19)),
        (open_deals(19), (19, 19)),
    ],
    ids=["two per cent", "one of a small group", "fewer than twenty"],
)
def test_otherwise_empty_is_a_defect(rows: list[dict[str, Any]], expected: Any) -> None:
    assert counts(measure(context_of({"deals": rows}), AMOUNT)) == expected


def test_a_stage_where_nobody_fills_it_leaves_the_population() -> None:
    rows = [*open_deals(20), *open_deals(10, stage="Talks"), *open_deals(9, stage="Won?", amount=1)]
    found = measured(context_of({"deals": rows}), AMOUNT)
    assert counts(found.measurements["a-check"]) == (19, 10)
    assert found.configuration_findings == (finding("amount", "Offer", 20, 0),)


def test_deals_without_a_stage_are_no_stage() -> None:
    rows = [*open_deals(30, stage=None), *open_deals(9, amount=1)]
    assert counts(measure(context_of({"deals": rows}), AMOUNT)) == (39, 30)


def test_only_eligible_records_are_looked_at() -> None:
    rows = [*open_deals(20, state="lost"), *open_deals(5), *open_deals(5, amount=1)]
    found = measured(context_of({"deals": rows}), AMOUNT)
    assert counts(found.measurements["a-check"]) == (10, 5)
    assert found.configuration_findings == ()


def test_two_checks_of_one_field_give_one_finding() -> None:
    context = context_of({"deals": open_deals(50)})
    found = measured(context, AMOUNT, AMOUNT.model_copy(update={"id": "b-check"}))
    assert found.configuration_findings == (finding("amount", None, 50, 0),)


def test_what_else_meets_the_demand_counts_as_filled() -> None:
    rows = [*open_deals(60, next_step=None, has_open_activity=True)]
    check = spec("not has_next_step", collects="next_step", population="is_open")
    found = measured(context_of({"deals": rows}), check)
    assert counts(found.measurements["a-check"]) == (60, 0)
    assert found.configuration_findings == ()


def test_stages_are_texts_that_cannot_break_the_query() -> None:
    rows = [*open_deals(20, stage='L\'offre "x"; --'), *open_deals(1, amount=1)]
    assert counts(measure(context_of({"deals": rows}), AMOUNT)) == (1, 0)


def test_records_of_other_tables_have_no_stages() -> None:
    rows = [{"name": "x", "account_id": None}] * 49 + [{"name": "y", "account_id": "a"}]
    check = spec("account_id is null", table="contacts", collects="account_id")
    assert counts(measure(context_of({"contacts": rows}), check)) == (50, 49)
