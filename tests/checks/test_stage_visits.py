"""How long a deal stood in which stage, and how it left."""

from __future__ import annotations

from typing import Any

from checks.context import Context
from tests.checks.told_history import CREATED, change, crm, rows


def visits(context: Context, columns: str = "stage, leaving") -> list[Any]:
    return rows(context, "stage_visits", columns, "row_no, visit_no")


def test_a_deal_stands_where_its_first_change_found_it_since_it_was_created() -> None:
    context = crm(
        change("2026-05-11 09:00", "Visit", "Call"), change("2026-05-31 09:00", "Offer", "Visit")
    )
    assert visits(context, "stage, position, leaving, round(days, 1)") == [
        ("Call", 1, "advance", 10.0),
        ("Visit", 2, "advance", 20.0),
        ("Offer", 3, "open", 30.6),
    ]


def test_a_history_that_writes_down_the_first_stage_begins_with_it() -> None:
    context = crm(change(CREATED, "Call"), change("2026-05-11 09:00", "Visit"))
    assert visits(context) == [("Call", "advance"), ("Visit", "open")]


def test_a_deal_without_any_change_has_stood_where_it_stands() -> None:
    assert visits(crm(), "stage, leaving, visit_no") == [("Offer", "open", 1)]


def test_ways_out_of_a_stage_are_told_apart() -> None:
    context = crm(
        change("2026-05-02", "Offer", "Call"),
        change("2026-05-03", "Visit", "Offer"),
        change("2026-05-04", "Won", "Visit"),
        deal={"stage": "Won", "state": "won", "close_date": "2026-05-04"},
    )
    assert visits(context, "stage, leaving, is_closing") == [
        ("Call", "advance", False),
        ("Offer", "back", False),
        ("Visit", "won", False),
        ("Won", None, True),
    ]


def test_going_back_is_seen_without_an_order_of_stages() -> None:
    context = crm(
        change("2026-05-02", "Beta", "Alpha"),
        change("2026-05-03", "Alpha", "Beta"),
        change("2026-05-04", "Gamma", "Alpha"),
        deal={"stage": "Gamma"},
        stages=[],
    )
    assert [leaving for _, leaving in visits(context)] == ["advance", "back", "advance", "open"]


def test_a_closed_deal_whose_history_lacks_the_end_left_on_its_close_date() -> None:
    context = crm(
        change("2026-05-11", "Visit", "Call"),
        deal={"stage": "Lost", "state": "lost", "close_date": "2026-05-21"},
    )
    assert visits(context, "stage, leaving, days")[-1] == ("Visit", "lost", 10.0)


def test_how_long_a_closed_deal_stood_is_not_known_where_nothing_says_when_it_was_closed() -> None:
    context = crm(
        change("2026-05-11", "Visit", "Call"),
        deal={"stage": "Lost", "state": "lost", "close_date": None},
    )
    assert visits(context, "stage, leaving, days")[-1] == ("Visit", "lost", None)


def test_stages_by_id_and_of_no_pipeline_are_taken_as_they_come() -> None:
    context = crm(change("2026-05-02", "s2", "s1"), change("2026-05-03", "Elsewhere", "s2"))
    assert visits(context, "stage, position") == [("Call", 1), ("Visit", 2), ("Elsewhere", None)]


def test_changes_before_creation_and_out_of_order_make_no_negative_stay() -> None:
    context = crm(change("2026-05-20", "Offer", "Visit"), change("2026-04-01", "Visit", "Call"))
    assert visits(context, "stage, days >= 0") == [
        ("Call", True),
        ("Visit", True),
        ("Offer", True),
    ]


def test_a_deal_older_than_its_history_may_have_entered_its_stage_later() -> None:
    old = crm(
        change("2026-05-11", "Visit", "Call"), deal={"created_at": "2025-01-01", "stage": "Visit"}
    )
    assert visits(old, "is_entry_known, visit_no") == [(False, 1), (True, 2)]
    young = crm(
        change("2026-05-11", "Visit", "Call"),
        change("2026-04-01", "x", "y", record_id="another"),
    )
    assert visits(young, "is_entry_known, visit_no") == [(True, 1), (True, 2)]


def test_the_same_stage_written_again_is_no_visit() -> None:
    assert visits(crm(change("2026-05-02", "Offer", "Offer"))) == [("Offer", "open")]


def test_a_move_that_is_told_twice_is_one_move() -> None:
    told = [change("2026-05-11", "Visit", "Call"), change("2026-05-12", "Offer", "Visit")]
    assert visits(crm(*told, *told)) == visits(crm(*told))
