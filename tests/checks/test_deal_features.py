"""Features of how a deal is worked: its next step, its silence, its stage, the usual time."""

from __future__ import annotations

from typing import Any

import pytest

from checks.features.definitions import features_of, is_met
from tests.checks.feature_values import deals, values
from tests.checks.snapshots import AS_OF, context_of


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

    def test_an_activity_without_a_day_was_neither_today_nor_never(self) -> None:
        context = deals(
            {"id": "d", "state": "open", "created_at": "2026-01-01"},
            {"id": "e", "state": "open", "created_at": "2026-01-01"},
            activities=[
                {"deal_id": "d", "kind": "call", "happened_at": None},
                {"deal_id": "e", "kind": "call", "happened_at": None},
                {"deal_id": "e", "kind": "call", "happened_at": "2026-06-01"},
            ],
        )
        assert values(context, "deals", "idle_days") == [None, 29]

    def test_the_crms_last_activity_is_next_and_capped_at_the_day_of_the_audit(self) -> None:
        context = deals(
            {"state": "open", "created_at": "2026-01-01", "last_activity_at": "2026-06-20"},
            {"state": "open", "created_at": "2026-01-01", "last_activity_at": "2026-09-01"},
            {"state": "open", "created_at": "2026-06-01", "last_activity_at": None},
            {"state": "open", "created_at": None, "last_activity_at": None},
        )
        assert values(context, "deals", "idle_days") == [10, 0, 29, None]

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
