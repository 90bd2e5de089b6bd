"""Whether a weekly review is seen in whole companies, and when its absence may not be claimed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from checks.authoring.catalogue import load_catalogue
from checks.blocks import RhythmBlock
from checks.context import Context
from checks.judgement.scoring import judge_check
from checks.measurement import Measurement
from checks.measures.review_ritual import missing_review_ritual
from checks.results import State
from tests.checks.snapshots import context_of
from tests.world_snapshots import context_of as context_of_world
from tests.worlds.adapters.masks import NOTHING, without
from tests.worlds.plan import Plan, Ritual, healthy
from tests.worlds.world import make_world

CHECK = load_catalogue()["missing-review-ritual"]
SMALL = {"reps": 8, "deals": 500}


def reviewed(plan: Plan, mask: Any = NOTHING) -> Measurement:
    return missing_review_ritual(context_of_world(make_world(plan), mask), CHECK)


def state_of(plan: Plan) -> State:
    return judge_check(CHECK, reviewed(plan)).state


@pytest.mark.parametrize("seed", [1, 2])
def test_a_company_that_reviews_its_pipeline_weekly_is_healthy(seed: int):
    assert state_of(healthy(seed, **SMALL)) is State.ABSENT


@pytest.mark.parametrize("seed", [1, 2])
def test_a_company_that_never_does_is_found(seed: int):
    assert state_of(healthy(seed, **SMALL).planting("missing-review-ritual")) is State.PRESENT


@pytest.mark.parametrize("column", ["owner_id", "amount", "is_won", "close_date"])
def test_which_deals_were_open_may_be_unknown_and_makes_no_review_a_bad_one(column: str):
    found = reviewed(healthy(1, **SMALL), without(f"deals.{column}"))
    assert judge_check(CHECK, found).state in (
        State.ABSENT,
        State.INCONCLUSIVE,
        State.NOT_OBSERVABLE,
    )


def test_a_review_that_is_held_now_and_then_is_not_called_missing_nor_healthy():
    plan = replace(healthy(3, **SMALL), ritual=Ritual(regularity=0.55))
    assert state_of(plan) in (State.EMERGING, State.INCONCLUSIVE)


def test_the_hour_of_the_review_is_told_whatever_clock_one_team_lives_by():
    plan = replace(healthy(1, reps=20, deals=1500), ritual=Ritual(weekday=2, hour=10.0))
    block = reviewed(plan).blocks["rhythm"]
    assert isinstance(block, RhythmBlock)
    hours = {(team.day, team.hour) for team in block.teams if team.ritual == "present"}
    # One team works five hours behind the others, and all hours are on our clock.
    assert {day for day, _ in hours} == {3}
    assert any(hour in (9, 10) for _, hour in hours)
    assert any(hour in (14, 15) for _, hour in hours)


def test_teams_are_told_from_managers_where_no_export_names_them():
    found = reviewed(healthy(1, **SMALL), without("teams", "users.team_id"))
    block = found.blocks["rhythm"]
    assert isinstance(block, RhythmBlock)
    assert block.teams
    assert all(team.team and team.team.startswith("team-") for team in block.teams)


def test_a_team_of_two_is_never_shown():
    block = reviewed(replace(healthy(1, **SMALL), team_size=1)).blocks["rhythm"]
    assert isinstance(block, RhythmBlock)
    assert all(team.people >= 3 for team in block.teams)


# --- what is no rhythm


def edits(stamps: list[datetime], users: int = 6) -> Context:
    """One deal saved at each of these moments."""
    deals = [
        {"id": f"d{n}", "owner_id": f"u{n % users}", "stage": "Offer", "state": "open",
         "created_at": "2024-01-01 09:00", "close_date": "2026-09-01", "amount": 100}
        for n in range(40)
    ]  # fmt: skip
    history = [
        {"table_name": "deals", "record_id": f"d{n % 40}", "field": "next_step", "old_value": "a",
         "new_value": str(n), "changed_at": stamp, "user_id": f"u{n % users}"}
        for n, stamp in enumerate(stamps)
    ]  # fmt: skip
    return context_of({"deals": deals, "field_history": history})


START = datetime(2025, 12, 1)  # noqa: DTZ001 - stamps of a snapshot have no zone


def test_stamps_spread_over_nights_and_weekends_are_no_rhythm():
    rng = np.random.default_rng(1)
    stamps = [START + timedelta(minutes=int(m)) for m in rng.integers(0, 210 * 1440, 1500)]
    assert missing_review_ritual(edits(stamps), CHECK).reason == "stamps_not_human"


def test_days_without_hours_have_no_hour_of_a_review():
    stamps = [START + timedelta(days=n % 200) for n in range(1400)]
    stamps = [stamp for stamp in stamps if stamp.weekday() < 5]
    assert missing_review_ritual(edits(stamps), CHECK).reason == "stamps_without_time"


def test_a_few_weeks_or_no_history_say_nothing():
    office = [START + timedelta(days=150 + n % 50, hours=9 + n % 8) for n in range(400)]
    weekdays = [stamp for stamp in office if stamp.weekday() < 5]
    assert missing_review_ritual(edits(weekdays), CHECK).reason == "too_few_weeks"
    assert missing_review_ritual(context_of({"deals": []}), CHECK).reason == "table_absent"


def test_a_quiet_company_is_not_told_that_its_review_is_missing():
    rng = np.random.default_rng(2)
    days = [START + timedelta(days=n) for n in range(210)]
    stamps = [
        day + timedelta(hours=int(rng.integers(9, 18)))
        for day in days
        if day.weekday() < 5 and rng.random() < 0.6
    ]
    found = missing_review_ritual(edits(stamps), CHECK)
    assert judge_check(CHECK, found).state is State.INCONCLUSIVE
    assert found.ruling is not None
    assert found.ruling.severity is None
