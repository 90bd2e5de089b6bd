"""What people did in a CRM: activities, reps, and what a relation of events needs."""

from __future__ import annotations

from typing import Any

import pytest

from checks.events.relations import events, relation, unseen
from tests.checks.snapshots import context_of, measure, spec
from tests.checks.told_history import CREATED, DEAL, change, crm, rows


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


def test_a_feature_may_read_a_relation_and_needs_what_it_needs() -> None:
    check = spec("stage_rank > 2", population="is_open")
    found = measure(crm(), check)
    assert (found.k_defect, found.n_eligible) == (1, 1)
