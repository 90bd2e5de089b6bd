"""Deals entered twice: what two deals of one account must share, and amounts that are prices."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.relations import counts, hits, measure
from tests.checks.repeated_records import day, listed


def deal(created: int, **values: Any) -> dict[str, Any]:
    return {"account_id": "a1", "created_at": day(created), "state": "open", **values}


@pytest.mark.parametrize(
    ("changes", "tier", "excess"),
    [
        ({}, "certain", 1),
        ({"name": "Press line"}, "probable", 1),
        ({"amount": 501}, "probable", 1),
        ({"name": "Renovation B22"}, "probable", 1),
        ({"name": "Renovations of halls", "amount": None}, "possible", 0),
    ],
)
def test_deals_are_graded_by_what_they_share(
    changes: dict[str, Any], tier: str, excess: int
) -> None:
    first = {"account_id": "a1", "created_at": day(1), "state": "open", "amount": 500}
    first["name"] = "Renovation of halls" if changes.get("amount", 0) is None else "Renovation B2"
    tiers, counted = listed("duplicate_deal", "deals", first, {**first, **changes})
    assert (tiers, counted) == ([("d1", tier), ("d2", tier)], excess)


def test_one_machine_of_two_numbers_is_two_deals() -> None:
    one = {"account_id": "a1", "created_at": day(1), "state": "open", "amount": None}
    rows = [{**one, "name": f"Renovation of hall {number}"} for number in (1, 2)]
    assert listed("duplicate_deal", "deals", *rows) == ([], 0)


@pytest.mark.parametrize(
    ("one", "other", "excess"),
    [
        (deal(1, amount=500), deal(8, amount=500), 1),
        (deal(1, amount=500), deal(9, amount=500), 0),
        (deal(1, amount=500), deal(1, amount=501), 0),
        (deal(1, amount=0), deal(1, amount=0), 0),
        (deal(1, amount=500), deal(1, amount=500, account_id="a2"), 0),
        (deal(1, amount=500, account_id=None), deal(1, amount=500, account_id=None), 0),
        (deal(1, amount=500, state="won"), deal(1, amount=500, state="lost"), 1),
        (deal(1, name="Rénovation  B2"), deal(31, name="renovation b2"), 1),
        (deal(1, name="Rénovation"), deal(31, name="renovation", state="won"), 0),
        (deal(1, name="Rénovation", is_deleted=True), deal(1, name="Rénovation"), 0),
    ],
)
def test_a_deal_entered_twice(one: dict[str, Any], other: dict[str, Any], excess: int) -> None:
    rows = [
        {"name": f"Deal {number}", "amount": None, **row} for number, row in enumerate((one, other))
    ]
    _, _, found = measure("duplicate_deal", "deals", {"deals": rows})
    assert found.k_defect == excess


def test_deals_of_one_amount_chain_from_one_to_the_next() -> None:
    rows = [deal(created, amount=500, name=None) for created in (1, 8, 15, 25)]
    context, check, found = measure("duplicate_deal", "deals", {"deals": rows})
    assert counts(found) == (2, 4)
    assert hits(context, check, "record_id") == ["d1", "d2", "d3"]


def test_an_amount_that_many_deals_bear_is_a_price_and_marks_none() -> None:
    same = {"amount": 10_000}
    twice = [deal(1, name="Doors", **same), deal(3, name="Gates", **same)]
    others = [deal(1, account_id=f"b{n}", name=f"Order {n}", **same) for n in range(3)]
    _, _, found = measure("duplicate_deal", "deals", {"deals": [*twice, *others]})
    assert found.k_defect == 0
    _, _, found = measure("duplicate_deal", "deals", {"deals": [*twice, *others[1:]]})
    assert found.k_defect == 1
    named = [deal(1, name="Doors", **same), deal(3, name="DOORS", state="won", **same)]
    _, _, found = measure("duplicate_deal", "deals", {"deals": [*named, *others]})
    assert found.k_defect == 1
