"""What happened in a CRM: who changed what, how long deals stood where, who did it by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from checks.context import Context
from checks.events.relations import events, relation, unseen
from tests.checks.snapshots import context_of, measure, spec

STAGES = [
    {"id": "s1", "name": "Call", "rank": 1},
    {"id": "s2", "name": "Visit", "rank": 2},
    {"id": "s3", "name": "Offer", "rank": 3},
    {"id": "s4", "name": "Won", "rank": 4, "is_closed": True, "is_won": True},
    {"id": "s5", "name": "Lost", "rank": 5, "is_closed": True, "is_won": False},
]
DEAL = {"id": "d1", "owner_id": "u1", "stage": "Offer", "state": "open", "pipeline": None}
CREATED = "2026-05-01 09:00"


def change(at: str, new: Any, old: Any = None, **fields: Any) -> dict[str, Any]:
    """One row of the history of the deal d1: of its stage, by the user u1, unless said."""
    row = {"table_name": "deals", "record_id": "d1", "field": "stage", "user_id": "u1"}
    return {**row, "changed_at": at, "old_value": old, "new_value": new, "source": None, **fields}


def crm(*changes: dict[str, Any], **more: Any) -> Context:
    deal = {**DEAL, "created_at": CREATED, **more.pop("deal", {})}
    tables = {"deals": [deal], "stages": STAGES, "field_history": list(changes), **more}
    return context_of(tables)


def rows(context: Context, name: str, columns: str, order: str = "all") -> list[Any]:
    found = context.snapshot.rows(
        f"select {columns} from {relation(context, name)} order by {order}"
    )
    return [row[0] for row in found] if "," not in columns else found


def visits(context: Context, columns: str = "stage, leaving") -> list[Any]:
    return rows(context, "stage_visits", columns, "row_no, visit_no")


# --- history


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


# --- edits


def test_all_fields_saved_in_one_minute_are_one_edit() -> None:
    context = crm(
        change("2026-05-02 10:00:05", "Visit", "Call"),
        change("2026-05-02 10:00:05", "2026-09-01", "2026-08-01", field="close_date"),
        change("2026-05-02 10:00:59", "8000", "5000", field="amount"),
        change("2026-05-02 10:01:00", "9000", "8000", field="amount"),
        change("2026-05-01 09:00:10", "Call", None),
    )
    assert rows(context, "edits", "is_creating", "edited_at") == [True, False, False]


# --- stage visits


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


# --- close dates and amounts


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


# --- activities


@pytest.mark.parametrize(
    ("activity", "counts"),
    [
        ({"kind": "call", "happened_at": "2026-06-01"}, True),
        ({"kind": "Task", "is_closed": True, "due_date": "2026-06-01"}, True),
        ({"kind": "task", "is_closed": False, "due_date": "2026-06-01"}, False),
        ({"kind": "meeting", "happened_at": "2026-07-01"}, False),
        ({"kind": "call", "happened_at": "2026-06-01", "is_archived": True}, True),
        ({"kind": "call", "happened_at": "2026-06-01", "is_deleted": True}, False),
        ({"kind": "email", "happened_at": "2026-06-01", "source": "inbox sync"}, True),
        ({"kind": "email", "happened_at": "2026-06-01", "source": "workflow"}, False),
        ({"kind": "call", "happened_at": "2026-06-01", "created_by_id": "robot"}, False),
        ({"kind": "call", "happened_at": None, "created_at": None}, False),
    ],
)
def test_an_activity_counts_if_a_person_has_done_it(activity: dict[str, Any], counts: bool) -> None:
    users = [{"id": "robot", "is_integration": True}]
    context = crm(users=users, activities=[{"deal_id": "d1", "owner_id": "u1", **activity}])
    assert len(rows(context, "human_activities", "row_no")) == counts


def test_mail_filed_as_it_was_sent_was_not_typed_in() -> None:
    sent = {"kind": "email", "happened_at": "2026-06-01 10:00", "owner_id": "u1"}
    context = crm(
        activities=[
            {**sent, "created_at": "2026-06-01 10:01"},
            {**sent, "created_at": "2026-06-01 18:00"},
            {**sent, "created_at": "2026-06-01 18:00", "source": "Gmail"},
            {**sent, "kind": "call", "created_at": "2026-06-01 10:01"},
        ]
    )
    assert rows(context, "human_activities", "is_manual", "row_no") == [False, True, False, True]


# --- reps


def test_reps_are_active_people_with_a_deal_that_is_open_or_closed_lately() -> None:
    users = [
        {"id": "u1", "is_active": True, "created_at": "2020-01-01", "team_id": "t1"},
        {"id": "new", "is_active": True, "created_at": "2026-06-01"},
        {"id": "gone", "is_active": False, "created_at": "2020-01-01"},
        {"id": "robot", "is_integration": True, "created_at": "2020-01-01"},
        {"id": "past", "is_active": True, "created_at": "2020-01-01"},
    ]
    deals = [
        {"owner_id": user["id"], "state": "open", "created_at": "2026-06-02"} for user in users[:4]
    ]
    deals.append(
        {
            "owner_id": "past",
            "state": "won",
            "created_at": "2024-01-01",
            "close_date": "2024-06-01",
        }
    )
    context = context_of({"users": users, "deals": deals})
    assert rows(context, "reps", "owner_id, team_id, is_new", "owner_id") == [
        ("new", None, True),
        ("u1", "t1", False),
    ]


# --- what a relation needs


def test_what_a_relation_lacks_is_named() -> None:
    context = context_of({"deals": [DEAL]})
    found = unseen(context, "stage_visits")
    assert found is not None
    assert (found.reason, found.missing[0]) == ("table_absent", ("field_history", "record_id"))
    assert unseen(crm(change(CREATED, "Call")), "stage_visits", "edits") is None


def test_every_relation_can_be_laid_out_on_a_crm_without_a_record() -> None:
    context = context_of({"deals": []})
    for name in events():
        assert rows(context, name, "count(*)") == [0]


def test_a_relation_is_laid_out_once() -> None:
    context = crm(change("2026-05-02", "Visit", "Call"))
    relation(context, "edits")
    context.snapshot.run("delete from field_history")
    assert len(rows(context, "edits", "row_no")) == 1


def test_nights_on_which_the_clock_is_put_back_break_nothing() -> None:
    changes = [change(f"2025-10-26 0{h}:30", f"S{h}", f"S{h - 1}") for h in range(1, 4)]
    context = context_of(
        {"deals": [{**DEAL, "created_at": "2025-10-01"}], "field_history": changes},
        time_zone="Europe/Paris",
    )
    context.snapshot.engine.use_time_zone("Europe/Paris")
    assert str(rows(context, "edits", "local_at", "edited_at")[0]) == "2025-10-26 02:30:00"


def test_a_feature_may_read_a_relation_and_needs_what_it_needs() -> None:
    check = spec("stage_rank > 2", population="is_open")
    found = measure(crm(), check)
    assert (found.k_defect, found.n_eligible) == (1, 1)
