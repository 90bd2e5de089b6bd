"""Features of records: states, days and the window, what they refer to, and leads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checks.features.definitions import feature_names
from connectors.model import RECORD_TABLES
from connectors.snapshot import Availability
from tests.checks.feature_values import deals, values
from tests.checks.snapshots import context_of

_ARCHITECTURE = Path(__file__).parents[2] / "docs" / "architecture.md"


def test_every_feature_of_every_table_runs_on_an_empty_snapshot() -> None:
    context = context_of({table: [] for table in RECORD_TABLES})
    for table in RECORD_TABLES:
        assert values(context, table, *sorted(feature_names(table))) == []


def test_every_feature_is_listed_in_the_plan_of_the_house() -> None:
    plan = _ARCHITECTURE.read_text("utf-8")
    for table in RECORD_TABLES:
        for name in feature_names(table):
            assert f"`{name}`" in plan, f"{table}.{name}"


def test_only_live_deals_of_a_known_state_are_open_won_or_lost() -> None:
    context = deals(
        {"state": "open"},
        {"state": "won"},
        {"state": "lost"},
        {"state": None},
        {"state": "open", "is_deleted": True},
    )
    assert values(context, "deals", "is_open", "is_won", "is_lost", "is_closed") == [
        (True, False, False, False),
        (False, True, False, True),
        (False, False, True, True),
        (None, None, None, None),
        (False, False, False, False),
    ]


def test_days_are_calendar_days_whatever_the_hour() -> None:
    row = {"state": "won", "created_at": "2026-06-28 23:59", "close_date": "2026-06-29"}
    names = ("age_days", "days_past_close", "closes_in_days", "cycle_days")
    assert values(deals(row), "deals", *names) == [(2, 1, -1, 1)]


@pytest.mark.parametrize(
    ("zone", "age", "in_window", "has_next_step"),
    [
        ("UTC", 1, False, False),
        ("Europe/Paris", 0, True, True),
        ("America/New_York", 1, False, False),
    ],
)
def test_days_are_those_of_the_organisations_calendar(
    zone: str, age: int, in_window: bool, has_next_step: bool
) -> None:
    context = deals(
        {"state": "won", "created_at": "2026-06-29 22:30"},
        {"state": "won", "created_at": "2025-06-29 22:30"},
        {"state": "open", "next_activity_at": "2026-06-29 22:30"},
    )
    context.snapshot.engine.use_time_zone(zone)
    assert values(context, "deals", "age_days")[0] == age
    assert values(context, "deals", "in_window")[1] is in_window
    assert values(context, "deals", "has_next_step")[2] is has_next_step


class TestWindow:
    @pytest.mark.parametrize(
        ("row", "inside"),
        [
            ({"created_at": "2025-06-30 00:00"}, True),
            ({"created_at": "2025-06-29 23:59"}, False),
            ({"created_at": "2020-01-01", "modified_at": "2026-01-01"}, True),
            ({"created_at": "2020-01-01", "close_date": "2025-06-30"}, True),
            ({"created_at": "2020-01-01", "close_date": "2027-06-30"}, True),
            ({"created_at": "2020-01-01", "state": "open"}, True),
            ({"created_at": None}, True),
        ],
    )
    def test_a_deal_counts_that_was_created_edited_or_closed_in_it(
        self, row: dict[str, Any], inside: bool
    ) -> None:
        assert values(deals({"state": "won", **row}), "deals", "in_window") == [inside]

    def test_its_length_is_the_profiles(self) -> None:
        rows = [{"created_at": "2026-05-30"}, {"created_at": "2026-05-29"}]
        context = context_of({"contacts": rows}, window_months=1)
        assert values(context, "contacts", "in_window") == [True, False]


class TestReferences:
    def test_a_deal_has_an_account_that_is_in_the_table_of_accounts(self) -> None:
        context = deals(
            {"account_id": "a1"},
            {"account_id": "a2"},
            {"account_id": None},
            accounts=[{"id": "a1"}],
        )
        assert values(context, "deals", "has_account") == [True, False, False]

    def test_without_that_table_a_name_is_enough(self) -> None:
        context = deals({"account_id": "a2"}, {"account_id": None})
        assert values(context, "deals", "has_account") == [True, False]

    def test_a_table_derived_from_names_confirms_nothing(self) -> None:
        context = deals({"owner_id": "u9"}, users=[{"id": "u1"}])
        context.snapshot.capabilities.tables["users"] = Availability.DERIVED
        assert values(context, "deals", "has_owner") == [True]

    def test_an_account_listed_twice_does_not_double_its_deals(self) -> None:
        context = deals({"account_id": "a1"}, accounts=[{"id": "a1"}, {"id": "a1"}])
        assert values(context, "deals", "has_account") == [True]

    def test_an_owner_is_active_unknown_or_gone(self) -> None:
        users = [{"id": "u1", "is_active": True}, {"id": "u2", "is_active": False}]
        context = deals({"owner_id": "u1"}, {"owner_id": "u2"}, {"owner_id": "u3"}, users=users)
        assert values(context, "deals", "owner_is_active") == [True, False, None]


class TestLeads:
    @pytest.mark.parametrize(
        ("row", "is_open"),
        [
            ({"status": "New"}, True),
            ({"status": "Closed - Not Converted"}, False),
            ({"status": "UNQUALIFIED"}, False),
            ({"status": "Non qualifié"}, False),
            ({"status": "BAD_TIMING"}, True),
            ({"status": None}, True),
            ({"is_converted": True}, False),
            ({"status": "New", "is_deleted": True}, False),
        ],
    )
    def test_a_lead_is_open_until_it_is_converted_or_closed(
        self, row: dict[str, Any], is_open: bool
    ) -> None:
        assert values(context_of({"leads": [row]}), "leads", "is_open_lead") == [is_open]

    @pytest.mark.parametrize(
        ("row", "touched"),
        [
            ({"modified_at": "2026-06-01 09:00:30"}, False),
            ({"modified_at": "2026-06-01 09:02"}, True),
            ({"modified_at": "2026-06-02 09:00", "modified_by_id": "bot"}, None),
            ({"modified_at": "2026-06-01 09:00", "last_activity_at": "2026-06-05"}, True),
        ],
    )
    def test_a_lead_is_touched_by_an_activity_or_a_later_edit_of_a_person(
        self, row: dict[str, Any], touched: bool | None
    ) -> None:
        lead = {"created_at": "2026-06-01 09:00", **row}
        context = context_of({"leads": [lead], "users": [{"id": "bot", "is_integration": True}]})
        assert values(context, "leads", "was_touched") == [touched]
