"""Days that stand out and reviews: false alarms on offices without one, and power on others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.rhythm.slot import Slot, Windows, find_slot, in_fortnights
from checks.rhythm.team import Beat, Week, beat_of
from checks.rhythm.weekdays import (
    SIGNIFICANT,
    Shuffled,
    is_human,
    ordinary,
    share_at_end,
    standing_out,
)

WORLDS = 40


def office(seed: int, weeks: int, a_week: float, factor: float = 1.0):
    """Edits by day of an office whose days differ from each other, Tuesday by a factor."""
    rng = np.random.default_rng(seed)
    busy = rng.gamma(2.0, a_week / 10, (weeks, 5))
    busy[:, 1] *= factor
    return rng.poisson(busy).astype(float)


def alarms(weeks: int, a_week: float, factor: float) -> float:
    found = [
        standing_out(office(seed, weeks, a_week, factor), 1).p <= SIGNIFICANT
        for seed in range(WORLDS)
    ]
    return float(np.mean(found))


def team(seed: int, reps: int, sessions: float, regularity: float = 0.0, coverage: float = 0.6):
    """What a team does in 26 weeks: sessions at any hour, and a review on Tuesdays at nine."""
    rng = np.random.default_rng(seed)
    weeks, deals_of = 26, 8
    saved = {}
    by_day = np.zeros((weeks, 5))

    def save(week: int, day: int, hour: int, rep: int, deals: int) -> None:
        chosen = rng.choice(deals_of, min(deals, deals_of), replace=False)
        saved.setdefault((week, day, hour), set()).update((rep, int(deal)) for deal in chosen)
        by_day[week, day] += len(chosen)

    for week in range(weeks):
        held = rng.random() < regularity
        for day in range(5):
            for rep in range(reps):
                for _ in range(rng.poisson(sessions)):
                    save(week, day, int(rng.integers(8, 18)), rep, 1 + rng.poisson(2))
                if held and day == 1:
                    save(week, day, 9, rep, rng.binomial(deals_of, coverage))
    deals, people = np.zeros((weeks, 5, 24)), np.zeros((weeks, 5, 24))
    for (week, day, hour), ones in saved.items():
        for start in (hour - 1, hour):
            both = ones | saved.get((week, day, 2 * start + 1 - hour), set())
            deals[week, day, start] = len(both)
            people[week, day, start] = len({rep for rep, _ in both})
    return Week(np.arange(weeks), by_day, Windows(deals, people, np.zeros_like(deals)))


# --- one day of the week


@pytest.mark.parametrize("a_week", [10, 40])
def test_offices_without_a_review_rarely_seem_to_have_one(a_week: float):
    assert alarms(26, a_week, 1.0) <= 0.05


@pytest.mark.parametrize(("weeks", "a_week", "least"), [(26, 15, 0.9), (12, 40, 0.6)])
def test_a_day_three_times_as_busy_is_seen(weeks: int, a_week: float, least: float):
    assert alarms(weeks, a_week, 3.0) >= least


def test_the_power_is_that_of_seeing_a_day_three_times_as_busy():
    assert standing_out(office(1, 26, 40), 1).power >= 0.95
    assert standing_out(office(1, 4, 5), 1).power <= 0.5


def test_weeks_without_an_edit_prove_nothing():
    assert standing_out(np.zeros((12, 5)), 1) == Shuffled(1.0, 0.0)
    assert standing_out(np.zeros((0, 5)), 1) == Shuffled(1.0, 0.0)


@settings(max_examples=20)
@given(st.permutations(range(5)))
def test_which_day_it_is_makes_no_difference(days):
    counts = office(3, 20, 20, 2.0)
    plain, other = standing_out(counts, 1), standing_out(counts[:, days], 1)
    assert (plain.p <= SIGNIFICANT) == (other.p <= SIGNIFICANT)


def test_the_end_of_the_month_stands_out_where_people_type_then():
    rng = np.random.default_rng(1)
    even = [rng.poisson(5, 21).astype(float) for _ in range(6)]
    late = [np.r_[month[:-3], month[-3:] * 6] for month in even]
    share, p = share_at_end(even, 1)
    assert share == pytest.approx(3 / 21, abs=0.04)
    assert p > SIGNIFICANT
    assert share_at_end(late, 1)[1] <= SIGNIFICANT
    assert share_at_end([], 1) == (0.0, 1.0)


def test_holidays_are_weeks_with_less_than_a_quarter_of_the_usual():
    assert ordinary(np.array([40.0, 44.0, 10.0, 9.0, 52.0])).tolist() == [
        True, True, True, False, True,
    ]  # fmt: skip


def test_stamps_of_programs_are_told_from_those_of_people():
    flat = np.full((7, 24), 20.0)
    assert not is_human(flat)
    assert not is_human(np.zeros((7, 24)))
    working = flat.copy()
    working[5:] = 1
    assert is_human(working)
    # Open on weekends, closed at night.
    shop = np.zeros((7, 24))
    shop[:, 9:19] = 20
    assert is_human(shop)


# --- the review


@pytest.mark.parametrize(("reps", "sessions"), [(3, 0.2), (5, 0.5), (8, 1.5), (20, 0.5)])
def test_a_regular_review_is_found_at_its_hour(reps: int, sessions: float):
    slot = find_slot(team(1, reps, sessions, 0.92).windows)
    assert slot.day == 1
    assert slot.hour in (8, 9)
    assert slot.regularity >= 0.7


@pytest.mark.parametrize(("reps", "sessions"), [(3, 0.5), (5, 0.5), (8, 1.5), (20, 0.5), (20, 1.5)])
def test_no_review_is_found_however_busy_the_team(reps: int, sessions: float):
    found = [find_slot(team(seed, reps, sessions).windows).regularity for seed in range(4)]
    assert float(np.median(found)) < 0.4


def test_a_manager_alone_can_hold_a_review():
    quiet = np.zeros((12, 5, 24))
    by_manager = quiet.copy()
    by_manager[:, 3, 14] = 6
    slot = find_slot(Windows(quiet, quiet, by_manager))
    assert (slot.day, slot.hour, slot.regularity) == (3, 14, 1.0)


def test_a_review_may_move_to_the_next_day_once_a_month():
    deals = np.zeros((8, 5, 24))
    deals[:, :, 8:18] = 1
    deals[[0, 1, 2, 4, 5], 1, 9] = 9
    deals[[3, 6, 7], 2, 9] = 9
    slot = find_slot(Windows(deals, np.minimum(deals, 3), np.zeros_like(deals)))
    assert slot.day == 1
    # Three weeks are on another day; eight weeks allow two moves.
    assert slot.held.sum() == 7
    assert slot.days[3] == 2


def test_a_review_every_other_week_is_regular_by_fortnights():
    held = np.array([True, False] * 6)
    assert in_fortnights(Slot(1, 9, held, np.ones(12, int))) == 1.0


@pytest.mark.parametrize(
    ("regularity", "coverage", "ritual"),
    [
        (0.95, 0.8, "present"),
        (0.95, 0.3, "partial"),
        (0.55, 0.8, "partial"),
        (0.95, 0.1, "none"),
        (0.95, None, "unknown"),
        (0.2, None, "none"),
    ],
)
def test_what_a_review_is_worth(regularity: float, coverage: float | None, ritual: str):
    held = np.arange(20) < 20 * regularity
    beat = Beat(Slot(1, 9, held, np.ones(20, int)), Shuffled(0.001, 0.7))
    assert beat.ritual(coverage) == ritual


def test_no_day_that_stands_out_means_no_review_only_where_one_would_have_been_seen():
    seldom = Slot(1, 9, np.arange(20) < 3, np.ones(20, int))
    often = Slot(1, 9, np.arange(20) < 18, np.ones(20, int))
    assert Beat(seldom, Shuffled(0.5, 0.95)).ritual(0.8) == "none"
    assert Beat(seldom, Shuffled(0.5, 0.6)).ritual(0.8) == "unknown"
    assert Beat(often, Shuffled(0.5, 0.95)).ritual(0.8) == "unknown"
    # Regular enough, but hardly any deal is touched: its day would have stood out.
    assert Beat(often, Shuffled(0.5, 0.95)).ritual(0.4) == "none"
    assert Beat(often, Shuffled(0.03, 0.95)).ritual(0.4) == "unknown"


def test_a_month_typed_in_one_sitting_drowns_no_other_week():
    with_review, without = office(4, 24, 20, 3.0), office(4, 24, 20)
    for counts in (with_review, without):
        counts[range(3, 24, 4), [0, 2, 4, 1, 3, 0]] += 500
    assert standing_out(with_review, 1).p <= 0.05
    quiet = standing_out(without, 1)
    assert quiet.p > SIGNIFICANT
    assert quiet.power >= 0.7


def test_a_team_with_a_review_and_one_without_are_told_apart():
    with_review = beat_of(team(2, 5, 0.5, 0.92), 1)
    assert with_review.ritual(0.7) == "present"
    without = beat_of(team(2, 5, 0.5), 1)
    assert without.ritual(0.2) == "none"
