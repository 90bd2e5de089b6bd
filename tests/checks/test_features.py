from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checks.context import Context
from checks.features.composing import compose
from checks.features.definitions import feature_names, features_of, is_met
from checks.lexicon.junk import define_junk
from connectors.model import RECORD_TABLES
from connectors.snapshot import Availability
from tests.checks.snapshots import AS_OF, context_of

_ARCHITECTURE = Path(__file__).parents[2] / "docs" / "architecture.md"


def values(context: Context, table: str, *names: str) -> list[Any]:
    """The features named, of every record in the order of the source."""
    define_junk(context.snapshot, context.profile)
    layers = compose(context, features_of(table, context.snapshot.capabilities), names)
    wanted = ", ".join(layers.name(name) for name in names)
    rows = context.snapshot.rows(f"select {wanted} from ({layers.sql}) order by row_no")
    return [row[0] if len(row) == 1 else row for row in rows]


def deals(*rows: dict[str, Any], **tables: list[dict[str, Any]]) -> Context:
    return context_of({"deals": list(rows), **tables})


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


class TestNextStep:
    @pytest.mark.parametrize(
        ("row", "has"),
        [
            ({"next_step": "Send the offer"}, True),
            ({"next_step": "tbd"}, False),
            ({"next_step": "Autre"}, False),
            ({"next_step": None}, False),
            ({"next_activity_at": "2026-06-30 09:00"}, True),
            ({"next_activity_at": "2026-06-29 09:00"}, False),
            ({"has_open_activity": True}, True),
            ({"has_open_activity": False}, False),
        ],
    )
    def test_words_or_something_planned_from_today_on(self, row: dict[str, Any], has: bool) -> None:
        assert values(deals({"state": "open", **row}), "deals", "has_next_step") == [has]

    @pytest.mark.parametrize(
        ("activity", "has"),
        [
            ({"kind": "task", "due_date": "2026-06-30"}, True),
            ({"kind": "task", "due_date": "2026-06-29"}, False),
            ({"kind": "task", "due_date": "2026-07-02", "is_closed": True}, False),
            ({"kind": "meeting", "happened_at": "2026-07-02 10:00"}, True),
            ({"kind": "email", "happened_at": "2026-07-02 10:00"}, False),
            ({"kind": "task", "due_date": "2026-07-02", "is_deleted": True}, False),
        ],
    )
    def test_an_open_task_or_meeting_counts(self, activity: dict[str, Any], has: bool) -> None:
        context = deals({"id": "d"}, activities=[{"deal_id": "d", **activity}])
        assert values(context, "deals", "has_next_step") == [has]

    def test_any_one_source_makes_it_observable(self) -> None:
        for column in ("next_step", "next_activity_at", "has_open_activity"):
            context = context_of({"deals": [{column: None}]})
            capabilities = context.snapshot.capabilities
            needs = features_of("deals", capabilities).needs(["has_next_step"])
            assert all(is_met(need, capabilities) for need in needs), column
        capabilities = context_of({"deals": [{"name": "x"}]}).snapshot.capabilities
        needs = features_of("deals", capabilities).needs(["has_next_step"])
        assert not all(is_met(need, capabilities) for need in needs)


class TestIdleDays:
    def test_activities_come_first(self) -> None:
        context = deals(
            {
                "id": "d",
                "state": "open",
                "created_at": "2026-01-01",
                "last_activity_at": "2026-06-29",
            },
            activities=[{"deal_id": "d", "kind": "call", "happened_at": "2026-06-01 12:00"}],
        )
        assert values(context, "deals", "idle_days") == [29]

    def test_without_any_activity_it_counts_from_the_creation(self) -> None:
        context = deals(
            {"id": "d", "state": "open", "created_at": "2026-06-10"},
            activities=[{"deal_id": "other", "happened_at": "2026-06-01"}],
        )
        assert values(context, "deals", "idle_days") == [20]

    def test_activities_of_programs_and_open_tasks_do_not_count(self) -> None:
        context = deals(
            {"id": "d", "state": "open", "created_at": "2026-01-01"},
            users=[{"id": "bot", "is_integration": True}, {"id": "u", "is_integration": False}],
            activities=[
                {"deal_id": "d", "happened_at": "2026-06-29", "created_by_id": "bot"},
                {"deal_id": "d", "happened_at": "2026-06-28", "source": "IMPORT"},
                {"deal_id": "d", "kind": "task", "due_date": "2026-06-27", "is_closed": False},
                {"deal_id": "d", "happened_at": "2026-05-31", "created_by_id": "u"},
            ],
        )
        assert values(context, "deals", "idle_days") == [30]

    def test_the_crms_last_activity_is_next_and_capped_at_the_day_of_the_audit(self) -> None:
        context = deals(
            {"state": "open", "created_at": "2026-01-01", "last_activity_at": "2026-06-20"},
            {"state": "open", "created_at": "2026-01-01", "last_activity_at": "2026-09-01"},
            {"state": "open", "created_at": "2026-06-01", "last_activity_at": None},
        )
        assert values(context, "deals", "idle_days") == [10, 0, 29]

    def test_the_last_change_counts_only_when_a_person_made_it(self) -> None:
        context = deals(
            {"state": "open", "modified_at": "2026-06-20", "modified_by_id": "u"},
            {"state": "open", "modified_at": "2026-06-20", "modified_by_id": "bot"},
            {"state": "open", "modified_at": "2026-06-20", "modified_by_id": None},
            users=[{"id": "bot", "is_integration": True}, {"id": "u", "is_integration": False}],
        )
        assert values(context, "deals", "idle_days") == [10, None, None]

    def test_nothing_is_said_where_few_won_deals_have_an_activity(self) -> None:
        won = [{"state": "won", "last_activity_at": None} for _ in range(8)]
        logged = [{"state": "won", "last_activity_at": "2026-06-01"} for _ in range(3)]
        still = {"state": "open", "created_at": "2026-06-01", "last_activity_at": None}
        assert values(deals(still, *won, *logged), "deals", "idle_days")[0] is None
        assert values(deals(still, *won[1:], *logged), "deals", "idle_days")[0] == 29


class TestWonCycle:
    def won(self, number: int, days: int, **more: Any) -> list[dict[str, Any]]:
        closed = AS_OF.replace(day=1)
        created = closed.fromordinal(closed.toordinal() - days)
        return [{"state": "won", "created_at": created, "close_date": closed, **more}] * number

    def test_it_is_the_pipelines_own_from_twenty_won_deals_on(self) -> None:
        context = deals(
            {"state": "open", "pipeline": "a"},
            {"state": "open", "pipeline": "b"},
            *self.won(20, 10, pipeline="a"),
            *self.won(19, 100, pipeline="b"),
        )
        own, overall = values(context, "deals", "won_cycle_q90")[:2]
        assert own == 10
        assert overall == 100

    def test_it_is_unknown_below_twenty(self) -> None:
        context = deals({"state": "open"}, *self.won(19, 10))
        assert values(context, "deals", "won_cycle_q90")[0] is None

    def test_nine_of_ten_deals_are_won_within_it(self) -> None:
        rows = [deal for days in range(1, 22) for deal in self.won(1, days)]
        assert values(deals({"state": "open"}, *rows), "deals", "won_cycle_q90")[0] == 19

    def test_a_win_dated_after_the_audit_has_not_happened(self) -> None:
        late = [{"state": "won", "created_at": "2026-01-01", "close_date": "2026-07-01"}] * 20
        assert values(deals({"state": "open"}, *late), "deals", "won_cycle_q90")[0] is None


class TestStageOrder:
    stages = (
        {"id": "s1", "name": "New", "rank": 1},
        {"id": "s2", "name": "Offer", "rank": 2},
        {"id": "s3", "name": "Talks", "rank": 3},
        {"id": "s4", "name": "Yes", "rank": 4},
        {"id": "s5", "name": "Won", "rank": 5, "is_closed": True, "is_won": True},
    )

    def test_the_first_third_is_counted_in_open_stages(self) -> None:
        context = deals(
            *({"stage": stage} for stage in ("New", "Offer", "s3", "Won", "?")),
            stages=list(self.stages),
        )
        names = ("stage_rank", "open_stages", "past_first_third")
        assert values(context, "deals", *names) == [
            (1, 4, False),
            (2, 4, True),
            (3, 4, True),
            (None, None, False),
            (None, None, False),
        ]

    def test_with_three_open_stages_the_first_is_a_third_of_the_way(self) -> None:
        context = deals({"stage": "New"}, stages=list(self.stages[:3]))
        assert values(context, "deals", "past_first_third") == [True]

    def test_one_name_in_two_pipelines_is_two_stages(self) -> None:
        stages = [
            {"id": "x1", "name": "Offer", "pipeline": "x", "rank": 1},
            {"id": "y1", "name": "Call", "pipeline": "y", "rank": 1},
            {"id": "y2", "name": "Offer", "pipeline": "y", "rank": 2},
        ]
        context = deals(
            {"stage": "Offer", "pipeline": "x"},
            {"stage": "Offer", "pipeline": "y"},
            {"stage": "Offer", "pipeline": None},
            {"stage": "Call", "pipeline": None},
            stages=stages,
        )
        assert values(context, "deals", "stage_rank") == [1, 2, None, 1]


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
