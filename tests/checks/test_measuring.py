from __future__ import annotations

from typing import Any

import pytest

from checks import measures
from checks.context import Context, hits_relation, population_relation
from checks.measurement import Measurement, OwnerCount
from checks.rows.counting import count_by_owner
from checks.spec import CheckSpec
from connectors.snapshot import Availability
from tests.checks.snapshots import context_of, counts, hit_ids, measure, measured, spec


def deals(*rows: dict[str, Any], **more: Any) -> Context:
    return context_of({"deals": list(rows)}, **more)


def test_every_check_gets_a_measurement_in_the_order_of_the_catalogue() -> None:
    specs = [spec("amount < 0", id=name) for name in ("c", "a", "b")]
    found = measured(deals({"amount": 1}), *specs)
    assert list(found.measurements) == ["c", "a", "b"]
    assert found.tables == {"c": "deals", "a": "deals", "b": "deals"}


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (Availability.COLUMN_EMPTY, "column_empty"),
        (Availability.NO_PERMISSION, "no_permission"),
        (Availability.COLUMN_ABSENT, "column_absent"),
    ],
)
def test_a_column_that_cannot_be_read_makes_the_check_not_observable(
    state: Availability, reason: str
) -> None:
    context = deals({"amount": 1})
    context.snapshot.capabilities.columns["deals", "amount"] = state
    found = measure(context, spec("amount < 0"))
    assert (found.reason, found.missing) == (reason, (("deals", "amount"),))
    assert found.owners == ()


def test_the_columns_missing_are_found_behind_features() -> None:
    found = measure(deals({"state": "open"}), spec("days_past_close > 3", population="is_open"))
    assert found.missing == (("deals", "close_date"),)


def test_a_table_that_is_missing_is_said_to_be() -> None:
    found = measure(deals({"name": "x"}), spec("name is null", table="contacts"))
    assert (found.reason, found.n_eligible) == ("table_absent", 0)


def test_where_one_of_several_columns_would_do_all_are_named() -> None:
    found = measure(deals({"state": "open"}), spec("not has_next_step", population="is_open"))
    assert ("deals", "next_step") in found.missing
    assert ("activities", "due_date") in found.missing


def test_without_any_sign_of_state_no_deal_can_be_open() -> None:
    found = measure(deals({"amount": 1}), spec("amount < 0", population="is_open"))
    assert found.missing == (
        ("deals", "is_closed"),
        ("deals", "is_won"),
        ("deals", "status"),
        ("deals", "stage"),
    )


class TestReasons:
    amount = spec("amount is null", population="is_open and past_first_third")
    stalled = spec("age_days > won_cycle_q90", population="is_open")
    idle = spec("idle_days > 30", population="is_open")

    def test_no_order_of_stages_supplied(self) -> None:
        context = deals({"state": "open", "stage": "x", "amount": 1})
        assert measure(context, self.amount).reason == "stage_order_unknown"

    def test_an_order_that_places_no_open_deal(self) -> None:
        stages = [{"id": "s", "name": "other", "rank": 1}]
        rows = [{"state": "open", "stage": "x", "amount": 1}]
        context = context_of({"deals": rows, "stages": stages})
        assert measure(context, self.amount).reason == "stage_order_unknown"

    def test_too_few_won_deals_to_know_a_cycle(self) -> None:
        row = {"state": "open", "created_at": "2026-01-01", "close_date": None}
        assert measure(deals(row), self.stalled).reason == "too_few_won_deals"

    def test_activities_that_are_not_logged(self) -> None:
        rows = [{"state": "won", "last_activity_at": None, "created_at": "2026-01-01"}]
        rows += [{"state": "open", "last_activity_at": "2026-01-01", "created_at": "2026-01-01"}]
        assert measure(deals(*rows), self.idle).reason == "activities_not_logged"

    def test_where_no_deal_is_open_there_is_nobody_to_examine(self) -> None:
        row = {"state": "won", "created_at": "2026-01-01", "close_date": "2026-02-01"}
        assert measure(deals(row), self.stalled).reason == "nobody_to_examine"


class TestErrors:
    def test_a_check_that_breaks_is_an_error_and_the_others_go_on(self) -> None:
        context = deals({"name": "x", "amount": 1}, {"name": "y", "amount": -1})
        found = measured(
            context, spec("amount < 0", id="good"), spec("length(amount) > name", id="bad")
        ).measurements
        assert counts(found["good"]) == (2, 1)
        assert hit_ids(context, found["good"]) == ["d2"]
        bad = found["bad"]
        assert (bad.reason, bad.coverage, bad.owners) == ("error", 0.0, ())

    def test_what_records_hold_stays_out_of_the_error(self) -> None:
        context = context_of({"deals": [{"secret": "Ann Lee"}]})
        found = measure(context, spec('"secret" > 5'))
        assert found.reason == "error"
        assert "Ann" not in str(found.reason_facts)

    def test_a_predicate_that_cannot_be_read_is_an_error_of_its_check_alone(self) -> None:
        found = measured(
            deals({"amount": 1}), spec("upper(name) = 'X'", id="bad"), spec("amount < 0", id="good")
        ).measurements
        assert (found["bad"].reason, found["good"].reason) == ("error", None)


class TestMeasures:
    """Checks that a function decides get their population, and give their own hits."""

    check = spec(measure="odd_amounts", population="is_open", id="odd")

    @pytest.fixture(autouse=True)
    def _with_measures(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def odd_amounts(context: Context, check: CheckSpec) -> Measurement:
            hits = hits_relation(check)
            context.snapshot.run(
                f"create or replace table {hits} as "
                "select p.row_no, p.record_id, 'amount' as field "
                f"from {population_relation(check)} as p join deals using (row_no) "
                "where amount % 2 = 1"
            )
            owners = count_by_owner(context.snapshot, population_relation(check), hits)
            return Measurement(owners=owners, hits=hits)

        def broken(context: Context, check: CheckSpec) -> Measurement:
            raise ZeroDivisionError

        monkeypatch.setitem(measures.MEASURES, "odd_amounts", odd_amounts)
        monkeypatch.setitem(measures.MEASURES, "broken", broken)

    def test_a_measure_decides_over_the_population_laid_out_for_it(self) -> None:
        rows = [
            {"state": "open", "amount": 3, "owner_id": "u1"},
            {"state": "open", "amount": 4, "owner_id": "u1"},
            {"state": "won", "amount": 5, "owner_id": "u1"},
        ]
        assert measure(deals(*rows), self.check).owners == (OwnerCount("u1", 2, 1),)

    def test_an_empty_population_is_not_a_pass(self) -> None:
        found = measure(deals({"state": "won", "amount": 3}), self.check)
        assert found.reason == "nobody_to_examine"

    def test_a_measure_that_raises_is_an_error(self) -> None:
        check = spec(measure="broken", population="is_live")
        found = measure(deals({"amount": 3}), check)
        assert (found.reason, found.reason_facts) == ("error", {"exception": "ZeroDivisionError"})

    def test_a_measure_whose_population_cannot_be_seen_is_not_called(self) -> None:
        check = spec(measure="broken", population="amount > 0")
        assert measure(deals({"name": "x"}), check).reason == "column_absent"


def test_measuring_twice_gives_the_same() -> None:
    context = deals({"amount": 1, "state": "open"}, {"amount": -1, "state": "open"})
    checks = [spec("amount < 0"), spec("true", id="b-check", population="is_open")]
    assert measured(context, *checks) == measured(context, *checks)
