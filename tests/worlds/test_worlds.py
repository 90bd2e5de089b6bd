"""Worlds are what their plans say, keep their books in order, and know nothing of the checks."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.worlds.activities import EMAIL, TASK
from tests.worlds.history import CLOSE, STAGE
from tests.worlds.journeys import NEW, OPEN_STAGES, RENEWAL
from tests.worlds.plan import Cause, Plan, Planted, Ritual, borderline, healthy
from tests.worlds.words import french, mistakes
from tests.worlds.world import World, make_world, record_id

HERE = Path(__file__).parent
SMALL = healthy(seed=3, reps=8, deals=800)


@pytest.fixture(scope="module")
def world() -> World:
    """A healthy world."""
    return make_world(SMALL)


def test_worlds_know_nothing_of_the_checks() -> None:
    for path in sorted(HERE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.split(".")[0] in ("checks", "reports")], path
            assert not any(name.startswith("tests.checks") for name in names), path


def test_the_same_plan_gives_the_same_world(world: World) -> None:
    again = make_world(SMALL)
    for name, frame in world.frames.items():
        pd.testing.assert_frame_equal(frame, again.frames[name])
    pd.testing.assert_frame_equal(world.labels, again.labels)


def test_another_seed_gives_another_world(world: World) -> None:
    other = make_world(replace(SMALL, seed=4))
    assert not np.array_equal(other.frames["deals"]["amount"], world.frames["deals"]["amount"])


def test_planting_one_habit_leaves_the_others_alone(world: World) -> None:
    planted = make_world(SMALL.planting(Planted("lost-deal-without-reason", 0.6)))
    before, after = world.labels, planted.labels
    kept = before["check_id"] != "lost-deal-without-reason"
    others = after["check_id"] != "lost-deal-without-reason"
    pd.testing.assert_frame_equal(
        before[kept].reset_index(drop=True), after[others].reset_index(drop=True)
    )
    assert (~others).sum() > 3 * (~kept).sum()


def test_a_planted_rate_is_met() -> None:
    world = make_world(Plan(seed=5, planted=(Planted("contact-without-account", 0.4),)))
    contacts = world.frames["contacts"]
    typed = contacts[~contacts["deleted"]]
    assert 0.32 < (typed["account"] < 0).mean() < 0.48


def test_a_team_has_the_habits_that_its_cause_gives_it() -> None:
    habit = "lost-deal-without-reason"
    world = make_world(SMALL.planting(Planted(habit, 0.8, Cause.TEAM)))
    struck = world.labels[world.labels["check_id"] == habit]
    teams = world.people.team[struck["rep"].to_numpy()]
    assert pd.Series(teams).value_counts(normalize=True).iloc[0] > 0.85


def test_one_person_has_the_habits_that_are_hers_alone() -> None:
    habit = "lost-deal-without-reason"
    world = make_world(SMALL.planting(Planted(habit, 0.9, Cause.INDIVIDUAL)))
    struck = world.labels.loc[world.labels["check_id"] == habit, "rep"]
    assert struck.value_counts(normalize=True).iloc[0] > 0.5


def test_a_technical_cause_strikes_what_came_in_by_the_form() -> None:
    habit = "deal-without-account"
    world = make_world(SMALL.planting(Planted(habit, 0.75, Cause.TECHNICAL)))
    struck = world.labels.loc[world.labels["check_id"] == habit, "number"].to_numpy()
    by_program = world.frames["deals"]["by_program"].to_numpy()[struck]
    assert by_program.mean() > 0.7


def test_a_habit_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no such habit"):
        make_world(SMALL.planting(Planted("lost-deal-without-raisin")))


def test_borderline_worlds_fail_more_often_than_healthy_ones_and_less_than_planted() -> None:
    sizes = [
        len(make_world(plan).labelled("contact-without-account"))
        for plan in (
            healthy(seed=6, carelessness=(0.2, 0.4)),
            borderline(seed=6),
            healthy(seed=6).planting(Planted("contact-without-account", 0.4)),
        )
    ]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[2]


def test_healthy_worlds_hold_what_only_looks_like_failure(world: World) -> None:
    deals, people = world.frames["deals"], world.people
    assert (deals["kind"] == RENEWAL).sum() > 20
    assert deals["deleted"].any()
    assert deals["amount"].max() == 2_400_000.0
    lost = deals[deals["stage"] == OPEN_STAGES + 1]
    assert (lost["amount"] == 0).any()
    assert french.SURNAME_LIKE_JUNK in set(world.frames["contacts"]["last_name"])
    assert french.NAME_LIKE_TEST in set(world.frames["accounts"]["name"])
    assert (people.hired > world.calendar.end - 60).any()
    assert np.isfinite(people.left).any()
    assert (people.weight < 1).any() or len(people.weight) < 10
    assert french.PRICE_LIST in set(world.frames["attachments"]["name"])
    assert (world.frames["activities"]["source"] == 1).mean() > 0.2
    assert world.frames["field_history"]["at"].min() > deals["created"].min() + 40


def test_nobody_works_in_the_middle_of_august_or_on_sundays(world: World) -> None:
    days = pd.DatetimeIndex(world.calendar.days.astype("datetime64[ns]"))
    assert not ((days.month == 8) & (days.day == 12)).any()
    assert (days.day_of_week < 5).all()


def test_history_is_in_order_and_ends_where_the_deal_stands(world: World) -> None:
    history, deals = world.frames["field_history"], world.frames["deals"]
    moves = history[history["field"] == STAGE].sort_values(["deal", "at"], kind="stable")
    same = moves["deal"].to_numpy()[1:] == moves["deal"].to_numpy()[:-1]
    assert (moves["old"].to_numpy()[1:][same] == moves["new"].to_numpy()[:-1][same]).all()
    last = moves.groupby("deal")["new"].last()
    assert (deals["stage"].to_numpy()[last.index] == last.to_numpy()).all()
    created = deals["created"].to_numpy()[history["deal"]]
    assert (history["at"].to_numpy() >= created).all()
    assert (history["at"] <= world.calendar.end).all()


def test_pushes_move_the_date_that_stood_there(world: World) -> None:
    history, deals = world.frames["field_history"], world.frames["deals"]
    pushes = history[history["field"] == CLOSE].sort_values(["deal", "at"], kind="stable")
    same = pushes["deal"].to_numpy()[1:] == pushes["deal"].to_numpy()[:-1]
    np.testing.assert_allclose(
        pushes["old"].to_numpy()[1:][same], pushes["new"].to_numpy()[:-1][same]
    )
    still_open = deals["stage"] < OPEN_STAGES
    last = pushes.groupby("deal")["new"].last()
    last = last[still_open.to_numpy()[last.index] & deals["close"].notna().to_numpy()[last.index]]
    np.testing.assert_allclose(deals["close"].to_numpy()[last.index], last)


def test_a_weekly_review_leaves_a_day_that_stands_out() -> None:
    plan = healthy(seed=7, reps=8, deals=800, time_zones=False, ritual=Ritual(weekday=1))
    weekday = _edits_by_weekday(make_world(plan))
    assert weekday.idxmax() == 1
    assert weekday.max() > 2 * weekday.median()
    without = _edits_by_weekday(make_world(plan.planting("missing-review-ritual")))
    assert without.max() < 1.6 * without.median()


def test_who_types_in_batches_does_so_on_the_last_day_of_the_month() -> None:
    world = make_world(SMALL.planting(Planted("burst-updates", reps=0.5)))
    batchers = world.labels.loc[world.labels["check_id"] == "burst-updates", "rep"]
    history = world.frames["field_history"]
    mine = history[history["user"].isin(batchers)]
    index = mine["at"].to_numpy().astype(int)
    assert (world.calendar.month_end[index] == index).mean() > 0.8
    assert len(batchers) == 4


def test_in_a_desert_nothing_is_logged_by_hand_on_leads_either() -> None:
    world = make_world(SMALL.planting(Planted("activity-desert")))
    done = world.frames["activities"][world.frames["activities"]["kind"] != EMAIL]
    done = done[done["is_closed"] & (done["owner"] >= 0)]
    months = world.calendar.month[done["at"].to_numpy().astype(np.int64)]
    lively = pd.Series(months).groupby(done["owner"].to_numpy()).nunique()
    dry = world.labels.loc[world.labels["check_id"] == "activity-desert", "number"]
    sellers = world.people.seller.nonzero()[0]
    others = [rep for rep in sellers if rep not in set(dry) and rep in lively.index]
    assert lively[dry].max() < 0.75 * lively[others].max()


def test_tasks_are_overdue_as_often_as_planned() -> None:
    world = make_world(SMALL.planting(Planted("overdue-task", 0.6)))
    todo = world.frames["activities"][~world.frames["activities"]["is_closed"]]
    tasks = todo[todo["kind"] == TASK]
    assert 0.45 < (tasks["due"] < world.calendar.end).mean() < 0.7


def test_dead_deals_are_open_and_nothing_happens_to_them_any_more() -> None:
    world = make_world(SMALL.planting(Planted("zombie-deal", 0.35)))
    deals = world.frames["deals"]
    dead = np.flatnonzero(world.dead)
    assert (deals["stage"].to_numpy()[dead] < OPEN_STAGES).all()
    acts = world.frames["activities"]
    done = acts[acts["is_closed"] & acts["deal"].isin(dead)]
    assert done["at"].max() < world.calendar.end - 15
    share = len(dead) / (deals["stage"] < OPEN_STAGES).sum()
    assert 0.2 < share < 0.5
    assert {record_id("deals", n) for n in dead[~deals["deleted"].to_numpy()[dead]]} >= (
        world.labelled("zombie-deal")
    )


def test_the_last_change_is_known_though_its_history_was_not_yet_kept(world: World) -> None:
    deals, began = world.frames["deals"], world.frames["field_history"]["at"].min()
    assert ((deals["modified"] > deals["created"] + 1) & (deals["modified"] < began)).any()


def test_untouched_are_deals_to_which_nothing_ever_happened() -> None:
    world = make_world(
        SMALL.planting(
            Planted("never-touched-deal", 0.3),
            Planted("manual-forecast-override", 0.3),
            Planted("zombie-deal", 0.3),
        )
    )
    labels = world.labels
    untouched = labels.loc[labels["check_id"] == "never-touched-deal", "number"]
    overridden = labels.loc[labels["check_id"] == "manual-forecast-override", "number"]
    assert len(untouched) > 3
    assert not set(untouched) & set(overridden)
    assert not set(untouched) & set(world.frames["field_history"]["deal"])


def test_a_deal_may_be_slow_and_alive() -> None:
    world = make_world(SMALL.planting(Planted("zombie-deal", 0.3)))
    stalled = world.labels[world.labels["check_id"] == "stalled-open-deal"]
    slow = stalled["form"] == "slow"
    assert world.dead[stalled.loc[~slow, "number"]].all()
    assert not world.dead[stalled.loc[slow, "number"]].all()


def test_a_customer_is_within_reach_through_the_contact_of_a_deal() -> None:
    habit = "won-account-without-reachable-contact"
    world = make_world(SMALL.planting(Planted(habit, 0.4), Planted("contact-without-account", 0.4)))
    deals, people = world.frames["deals"], world.frames["contacts"]
    lost = world.labels.loc[world.labels["check_id"] == habit, "number"]
    theirs = deals[deals["account"].isin(lost) & (deals["contact"] >= 0) & ~deals["deleted"]]
    known = people.loc[theirs["contact"]]
    known = known[~known["deleted"]]
    assert len(lost) > 10
    assert known[["email", "phone", "mobile"]].isna().all().all()


def test_a_quarter_of_the_nonsense_is_of_forms_that_no_list_holds() -> None:
    world = make_world(healthy(seed=8).planting(Planted("junk-in-deals", 0.4)))
    found = world.labels[world.labels["check_id"] == "junk-in-deals"]
    assert 0.18 < (found["form"] == "outside").mean() < 0.32
    assert not set(mistakes.JUNK_KNOWN) & set(mistakes.JUNK_OUTSIDE)


def test_a_twin_stands_for_the_same_company_and_others_do_not() -> None:
    world = make_world(SMALL.planting(Planted("duplicate-account", 0.2)))
    accounts = world.frames["accounts"]
    twins = world.labels[world.labels["check_id"] == "duplicate-account"]
    entity = accounts["entity"].to_numpy()
    assert (entity[twins["number"]] == entity[twins["twin"].astype(int)]).all()
    assert accounts["entity"].nunique() == len(accounts) - len(twins)


@pytest.mark.parametrize("reps", [3, 5, 8, 60])
def test_worlds_come_in_all_sizes(reps: int) -> None:
    world = make_world(healthy(seed=9, reps=reps, deals=max(45, 20 * reps)))
    assert len(world.reps) == reps
    assert abs(len(world.frames["deals"]) / max(45, 20 * reps) - 1) < 0.35
    assert (world.frames["deals"]["kind"] == NEW).any()


def _edits_by_weekday(world: World) -> pd.Series:
    at = world.frames["field_history"]["at"].to_numpy().astype(int)
    return pd.Series(world.calendar.weekday[at]).value_counts()
