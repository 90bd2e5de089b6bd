"""The history of records: rows that count, edits of people, close dates and amounts that moved."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.checks.snapshots import context_of
from tests.checks.told_history import CREATED, DEAL, change, crm, rows


def test_rows_of_records_that_do_not_exist_or_were_deleted_are_left_out() -> None:
    context = crm(
        change("2026-05-02", "Visit", record_id="nowhere"),
        change("2026-05-02", "Visit", record_id="d2"),
        change("2026-05-02", "Visit", record_id=None),
        deal={"is_deleted": None},
    )
    assert rows(context, "history", "row_no") == []


def test_rows_after_the_day_of_the_audit_or_without_a_moment_are_left_out() -> None:
    context = crm(
        change("2026-06-30 23:59", "Visit"), change("2026-07-01 00:00", "Offer"), change(None, "X")
    )
    assert rows(context, "history", "new_value") == ["Visit"]


@pytest.mark.parametrize(
    ("row", "is_human"),
    [
        ({}, True),
        ({"source": "CRM_UI"}, True),
        ({"user_id": None}, True),
        ({"source": "IMPORT"}, False),
        ({"source": "CALCULATED"}, False),
        ({"source": "WORKFLOWS"}, False),
        ({"user_id": "robot"}, False),
        ({"user_id": "named"}, False),
    ],
)
def test_what_a_program_wrote_is_not_human(row: dict[str, Any], is_human: bool) -> None:
    users = [
        {"id": "robot", "name": "Relay", "is_integration": True},
        {"id": "named", "name": "Automated Process", "is_integration": None},
        {"id": "u1", "name": "Robin Martin", "is_integration": False},
    ]
    context = crm(change("2026-05-02", "Visit", **row), users=users)
    assert rows(context, "history", "is_human") == [is_human]


def test_twenty_records_in_one_second_are_no_human_edits() -> None:
    def crm_of(records: int, at: str) -> list[bool]:
        deals = [{**DEAL, "id": f"d{n}", "created_at": CREATED} for n in range(records)]
        changes = [change(at, "Visit", record_id=f"d{n}") for n in range(records)]
        return rows(context_of({"deals": deals, "field_history": changes}), "history", "is_human")

    assert set(crm_of(20, "2026-05-02 10:00:01")) == {False}
    assert set(crm_of(19, "2026-05-02 10:00:01")) == {True}
    # A stamp that is only a day does not tell the second.
    assert set(crm_of(20, "2026-05-02")) == {True}


def test_a_history_of_new_values_alone_takes_the_old_ones_from_the_row_before() -> None:
    context = crm(change("2026-05-03", "Offer"), change("2026-05-02", "Visit"))
    assert rows(context, "history", "old_value, new_value", "changed_at") == [
        (None, "Visit"),
        ("Visit", "Offer"),
    ]


def test_all_fields_saved_in_one_minute_are_one_edit() -> None:
    context = crm(
        change("2026-05-02 10:00:05", "Visit", "Call"),
        change("2026-05-02 10:00:05", "2026-09-01", "2026-08-01", field="close_date"),
        change("2026-05-02 10:00:59", "8000", "5000", field="amount"),
        change("2026-05-02 10:01:00", "9000", "8000", field="amount"),
        change("2026-05-01 09:00:10", "Call", None),
    )
    assert rows(context, "edits", "is_creating", "edited_at") == [True, False, False]


def test_nights_on_which_the_clock_is_put_back_break_nothing() -> None:
    changes = [change(f"2025-10-26 0{h}:30", f"S{h}", f"S{h - 1}") for h in range(1, 4)]
    context = context_of(
        {"deals": [{**DEAL, "created_at": "2025-10-01"}], "field_history": changes},
        time_zone="Europe/Paris",
    )
    context.snapshot.engine.use_time_zone("Europe/Paris")
    assert str(rows(context, "edits", "local_at", "edited_at")[0]) == "2025-10-26 02:30:00"


@pytest.mark.parametrize(
    ("old", "new", "days", "is_push"),
    [
        ("2026-06-01", "2026-06-14", 13, False),
        ("2026-06-01", "2026-06-15", 14, True),
        ("2026-06-29", "2026-07-01", 2, True),
        ("2026-07-01", "2026-06-01", -30, False),
        ("2026-06-01T00:00:00.000Z", "2026-07-01T00:00:00.000Z", 30, True),
        ("1780272000000", "1782864000000", 30, True),
    ],
)
def test_a_close_date_that_leaves_its_month_or_moves_two_weeks_is_pushed(
    old: str, new: str, days: int, is_push: bool
) -> None:
    context = crm(change("2026-05-02", new, old, field="close_date"))
    assert rows(context, "close_date_moves", "days, is_push") == [(days, is_push)]


def test_days_with_slashes_are_read_only_where_the_column_tells_their_order() -> None:
    told = crm(
        change("2026-05-02", "05/06/2026", "04/06/2026", field="close_date"),
        change("2026-05-03", "28/06/2026", "05/06/2026", field="close_date"),
    )
    assert rows(told, "close_date_moves", "new_date") == [date(2026, 6, 5), date(2026, 6, 28)]
    untold = crm(change("2026-05-02", "05/06/2026", "04/06/2026", field="close_date"))
    assert rows(untold, "close_date_moves", "new_date") == []


@pytest.mark.parametrize(
    ("written", "amount"),
    [("5000", 5000), ("5,000.50", 5000.5), ("5 000,50 €", 5000.5), ("-3", -3), ("soon", None)],
)
def test_amounts_are_read_as_a_history_writes_them(written: str, amount: float | None) -> None:
    context = crm(change("2026-05-02", "1", written, field="amount"))
    assert rows(context, "amount_moves", "cast(old_amount as double)") == [amount]
