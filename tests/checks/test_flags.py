from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.measurement import OwnerCount
from checks.results import GroupStat, Stock
from tests.checks.snapshots import context_of, counts, hit_ids, measure, measured, spec

Row = dict[str, Any]


def deals(*rows: Row) -> Any:
    return context_of({"deals": list(rows)}, supplied=_SUPPLIED)


_SUPPLIED = {"deals": ["id", "name", "amount", "probability", "state", "stage", "owner_id"]}


class TestPopulation:
    def test_removed_records_are_in_no_population(self) -> None:
        rows = [{"is_deleted": True}, {"is_archived": True}, {"merged_into_id": "d9"}, {}]
        assert counts(measure(deals(*rows), spec("true", population="true"))) == (1, 1)

    def test_an_unknown_population_is_not_examined(self) -> None:
        rows = [{"amount": 1}, {"amount": None}]
        assert counts(measure(deals(*rows), spec("true", population="amount > 0"))) == (1, 1)

    def test_a_deal_of_unknown_state_is_neither_open_nor_closed_but_a_deal(self) -> None:
        context = deals({"state": None}, {"state": "open"}, {"state": "won"})
        specs = [
            spec("true", id="open", population="is_open"),
            spec("true", id="closed", population="is_closed"),
            spec("true", id="any", population="is_live"),
        ]
        found = measured(context, *specs)
        assert [counts(one) for one in found.measurements.values()] == [(1, 1), (1, 1), (3, 3)]
        assert [(one.code, one.facts) for one in found.configuration_findings] == [
            ("deals_of_unknown_state", {"count": 1})
        ]

    def test_nobody_to_examine_is_not_a_pass(self) -> None:
        found = measure(deals({"state": "won"}), spec("true", population="is_open"))
        assert (found.reason, found.hits, found.owners) == ("nobody_to_examine", None, ())


class TestNulls:
    rows = ({"amount": 5}, {"amount": -5}, {"amount": None})

    @pytest.mark.parametrize(
        ("nulls", "expected"), [("skip", (2, 1)), ("pass", (3, 1)), ("defect", (3, 2))]
    )
    def test_an_unknown_outcome_is_what_the_check_says(
        self, nulls: str, expected: tuple[int, int]
    ) -> None:
        assert counts(measure(deals(*self.rows), spec("amount < 0", nulls=nulls))) == expected

    def test_coverage_is_the_share_whose_outcome_was_seen(self) -> None:
        assert measure(deals(*self.rows), spec("amount < 0")).coverage == pytest.approx(2 / 3)
        assert measure(deals(*self.rows), spec("amount < 0", nulls="pass")).coverage == 1


class TestWindow:
    def test_older_records_are_stock_with_the_same_counts(self) -> None:
        rows = [
            {"created_at": "2026-01-01", "email": None},
            {"created_at": "2026-01-01", "email": "a@b.fr"},
            {"created_at": "2020-01-01", "email": None},
            {"created_at": "2020-01-01", "modified_at": "2026-06-01", "email": None},
            {"created_at": "2020-01-01", "email": None, "is_deleted": True},
        ]
        check = spec("email is null", table="contacts", window=True)
        found = measure(context_of({"contacts": rows}), check)
        assert counts(found) == (3, 2)
        assert found.stock == Stock(n_eligible=1, k_defect=1)

    def test_without_any_date_everything_counts_and_that_is_said(self) -> None:
        check = spec("email is null", table="contacts", window=True)
        found = measure(context_of({"contacts": [{"email": None}]}), check)
        assert (counts(found), found.reason_facts) == ((1, 1), {"window": "no_dates"})

    def test_an_open_deal_counts_whatever_its_age(self) -> None:
        old = {"created_at": "2015-01-01", "close_date": "2015-02-01"}
        context = context_of({"deals": [{"state": "open", **old}, {"state": "won", **old}]})
        found = measure(context, spec("close_date is not null", window=True))
        assert counts(found) == (1, 1)
        assert found.stock == Stock(n_eligible=1, k_defect=1)


class TestGrain:
    def test_counts_come_by_owner_with_unowned_records_last(self) -> None:
        rows = [
            {"owner_id": "u2", "amount": 1},
            {"owner_id": None, "amount": -1},
            {"owner_id": "u1", "amount": -1},
            {"owner_id": "u1", "amount": 1},
            {"owner_id": "u3", "amount": None},
        ]
        found = measure(deals(*rows), spec("amount < 0"))
        assert found.owners == (
            OwnerCount("u1", 2, 1),
            OwnerCount("u2", 1, 0),
            OwnerCount(None, 1, 1),
        )

    def test_deals_are_grouped_by_stage(self) -> None:
        rows = [
            {"stage": "B", "amount": 1},
            {"stage": "A", "amount": -1},
            {"stage": "A", "amount": 1},
        ]
        assert measure(deals(*rows), spec("amount < 0")).groups == (
            GroupStat(dimension="stage", key="A", label="A", n_eligible=2, k_defect=1, rate=0.5),
            GroupStat(dimension="stage", key="B", label="B", n_eligible=1, k_defect=0, rate=0.0),
        )

    def test_hits_are_the_records_that_failed(self) -> None:
        context = deals(
            {"id": "x", "amount": -1}, {"id": "y", "amount": 1}, {"id": "z", "amount": -2}
        )
        assert hit_ids(context, measure(context, spec("amount < 0"))) == ["x", "z"]

    def test_records_that_share_an_id_are_counted_apart(self) -> None:
        context = deals({"id": "x", "amount": -1}, {"id": "x", "amount": 1})
        assert counts(measure(context, spec("amount < 0"))) == (2, 1)


def test_any_number_of_checks_is_decided_side_by_side() -> None:
    context = deals(*({"amount": amount} for amount in range(50)), {"amount": None})
    specs = [
        spec(f"amount < {limit}", id=f"below-{limit}", population=f"amount <> {limit}")
        for limit in range(50)
    ]
    found = measured(context, *specs).measurements
    assert [counts(found[f"below-{limit}"]) for limit in range(50)] == [
        (49, limit) for limit in range(50)
    ]


def test_a_source_column_may_be_asked_for_in_quotes() -> None:
    context = context_of({"deals": [{"Region (EMEA)": "x"}, {"Region (EMEA)": " "}]})
    assert counts(measure(context, spec('"Region (EMEA)" is null'))) == (2, 1)


def test_a_source_column_cannot_pass_for_a_feature() -> None:
    context = context_of(
        {"deals": [{"state": "open", "age_days": "9", "created_at": "2026-06-20"}]}
    )
    assert counts(measure(context, spec("age_days = 10"))) == (1, 1)


_VALUES = st.one_of(st.none(), st.integers(-2, 2))
_ROW = st.fixed_dictionaries(
    {
        "amount": _VALUES,
        "probability": _VALUES,
        "state": st.sampled_from(["open", "won", None]),
        "is_deleted": st.booleans(),
        "owner_id": st.sampled_from(["u1", "u2", None]),
    }
)


def _expected(row: Row, nulls: str) -> tuple[bool, bool]:
    """Evaluate ``state is open and amount > -1`` and ``amount > probability`` in plain Python."""
    if row["is_deleted"] or row["state"] != "open" or row["amount"] is None or row["amount"] <= -1:
        return False, False
    if row["probability"] is None:
        return nulls != "skip", nulls == "defect"
    return True, row["amount"] > row["probability"]


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(_ROW, max_size=25), nulls=st.sampled_from(["skip", "pass", "defect"]))
def test_the_engine_counts_what_plain_evaluation_counts(rows: list[Row], nulls: str) -> None:
    supplied = {"deals": [*_SUPPLIED["deals"], "is_deleted"]}
    context = context_of({"deals": rows}, supplied=supplied)
    check = spec("amount > probability", population="is_open and amount > -1", nulls=nulls)
    found = measure(context, check)
    expected = [_expected(row, nulls) for row in rows]
    assert counts(found) == (sum(n for n, _ in expected), sum(k for _, k in expected))
    for owner in found.owners:
        mine = [
            one
            for row, one in zip(rows, expected, strict=True)
            if row["owner_id"] == owner.owner_id
        ]
        assert (owner.n_eligible, owner.k_defect) == (
            sum(n for n, _ in mine),
            sum(k for _, k in mine),
        )
    context.snapshot.close()
