"""Bias, error, skill and calibration: false alarms on honest forecasts, and power on others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.forecast.accuracy import DRAWS, Stakes, drawn_actuals, ratio_of_sums, usual, wape
from checks.forecast.calibration import StageRecord, calibration
from checks.forecast.learned import PRIOR_DEALS, Past, learned_forecast
from checks.forecast.rulings import rule_on_bias, rule_on_calibration, rule_on_error, rule_on_skill
from checks.results import State
from checks.spec import Tolerance
from checks.statistics.shares import wilson

BIAS = Tolerance(t_lo=0.15, n_min=30)
GAP = Tolerance(t_lo=0.15, n_min=50)
WORLDS = 60


def sold(seed: int, months: int, deals: int, promise: float = 1.0):
    """Months of deals whose probabilities promise so many times what comes true."""
    rng = np.random.default_rng(seed)
    window = np.repeat(np.arange(months), rng.poisson(deals, months))
    amount = np.round(rng.lognormal(9, 1, len(window)), -2)
    chance = rng.choice([0.1, 0.3, 0.5, 0.7, 0.9], len(window))
    won = rng.random(len(window)) < np.clip(chance / promise, 0, 1)
    forecast = np.bincount(window, amount * chance, months)
    actual = np.bincount(window, amount * won, months)
    stakes = Stakes(window, np.ones(len(window), dtype=np.int64), chance, amount)
    return forecast, actual, stakes


def bias_states(months: int, deals: int, promise: float) -> list[State]:
    ratios = [ratio_of_sums(*sold(seed, months, deals, promise)[:2]) for seed in range(WORLDS)]
    return [rule_on_bias(ratio, months, deals, BIAS).state for ratio in ratios if ratio]


def error_states(months: int, deals: int, promise: float) -> list[State]:
    states = []
    for seed in range(20):
        forecast, actual, stakes = sold(seed, months, deals, promise)
        by_chance = np.abs(drawn_actuals(stakes, months, 1) - forecast).mean(axis=0)
        ratio, error = ratio_of_sums(np.abs(forecast - actual), by_chance), wape(forecast, actual)
        states.append(rule_on_error(ratio, error, (1.5, 0.2), months, deals).state)
    return states


# --- bias


def test_an_honest_forecast_is_rarely_called_biased():
    for months, deals in ((6, 10), (12, 10), (12, 30), (24, 80)):
        assert bias_states(months, deals, 1.0).count(State.PRESENT) == 0
    assert bias_states(24, 80, 1.0).count(State.ABSENT) >= 0.95 * WORLDS


def test_promising_half_as_much_again_is_seen_with_enough_months_and_deals():
    assert bias_states(12, 30, 1.5).count(State.PRESENT) >= 0.6 * WORLDS
    assert bias_states(24, 80, 1.5).count(State.PRESENT) >= 0.98 * WORLDS


def test_below_twelve_months_a_bias_is_emerging_at_most():
    states = bias_states(11, 80, 2.0)
    assert State.PRESENT not in states
    assert states.count(State.EMERGING) >= 0.9 * WORLDS


def test_below_eight_closings_a_month_nothing_is_concluded_from_a_bias():
    ratio = ratio_of_sums(np.full(12, 2.0), np.array([1.0, 1.1] * 6))
    assert rule_on_bias(ratio, 12, 8, BIAS).state is State.PRESENT
    few = rule_on_bias(ratio, 12, 7.9, BIAS)
    assert (few.state, few.reason) == (State.INCONCLUSIVE, "too_few_closings")


def test_one_huge_deal_makes_a_bias_uncertain_not_sure():
    forecast, actual, _ = sold(3, 12, 30)
    forecast[5] += 30 * forecast.sum()
    ruling = rule_on_bias(ratio_of_sums(forecast, actual), 12, 30, BIAS)
    assert ruling.state is not State.PRESENT


def test_a_ratio_needs_something_on_both_sides():
    nothing, something = np.zeros(6), np.ones(6)
    assert ratio_of_sums(something, nothing) is None
    assert ratio_of_sums(nothing, something) is None
    assert ratio_of_sums(np.ones(1), np.ones(1)) is None
    assert wape(something, nothing) is None


CENTS = st.integers(0, 10**17)


@given(st.lists(st.tuples(CENTS, CENTS), min_size=2, max_size=24))
def test_any_ratio_is_a_number_within_its_interval(pairs):
    above, below = np.array(pairs, dtype=float).T / 100
    ratio = ratio_of_sums(above, below)
    if ratio is not None:
        low, high = ratio.interval()
        assert np.isfinite([ratio.log, ratio.error, low, high]).all()
        assert 0 <= ratio.above(1.15) <= ratio.above(0.85) <= 1


@given(st.floats(0.01, 1e6))
def test_the_currency_of_amounts_changes_no_ratio(factor):
    forecast, actual, _ = sold(1, 12, 30)
    plain, scaled = (
        ratio_of_sums(forecast, actual),
        ratio_of_sums(forecast * factor, actual * factor),
    )
    assert plain.log == pytest.approx(scaled.log, abs=1e-9)
    assert plain.error == pytest.approx(scaled.error, abs=1e-9)


# --- error


def test_an_honest_forecast_errs_no_more_than_chance_whatever_its_size():
    for deals in (10, 30, 100):
        assert State.PRESENT not in error_states(12, deals, 1.0)
    forecast, actual, _ = sold(1, 24, 10)
    assert wape(forecast, actual) > 0.25


def test_an_error_far_beyond_chance_is_seen():
    assert error_states(24, 80, 1.8).count(State.PRESENT) >= 18


def test_an_error_needs_both_the_ratio_and_the_size():
    ratio = ratio_of_sums(np.array([3.0, 3.1] * 6), np.ones(12))
    assert rule_on_error(ratio, 0.19, (1.5, 0.2), 12, 500).state is State.ABSENT
    assert rule_on_error(ratio, 0.20, (1.5, 0.2), 12, 500).state is State.PRESENT
    by_chance = ratio_of_sums(np.array([1.0, 1.1] * 6), np.ones(12))
    assert rule_on_error(by_chance, 0.60, (1.5, 0.2), 12, 10).state is State.ABSENT
    assert rule_on_error(ratio, 0.60, (1.5, 0.2), 12, 29).state is State.EMERGING


def test_draws_are_right_on_average_and_the_same_for_one_seed():
    forecast, _, stakes = sold(5, 6, 60)
    drawn = drawn_actuals(stakes, 6, 7)
    assert drawn.shape == (DRAWS, 6)
    assert drawn.mean(axis=0) == pytest.approx(forecast, rel=0.05)
    assert (drawn == drawn_actuals(stakes, 6, 7)).all()
    assert (drawn != drawn_actuals(stakes, 6, 8)).any()


def test_alike_deals_drawn_together_scatter_as_each_by_itself():
    together = Stakes(np.zeros(1, int), np.array([50]), np.array([0.4]), np.array([100.0]))
    apart = Stakes(np.zeros(50, int), np.ones(50, int), np.full(50, 0.4), np.full(50, 100.0))
    spreads = [drawn_actuals(one, 1, 3).std() for one in (together, apart)]
    assert spreads[0] == pytest.approx(spreads[1], rel=0.15)


# --- skill


def test_as_usual_is_the_mean_of_the_three_months_before():
    forecast = usual(np.array([3.0, 6.0, 9.0, 0.0, 3.0]))
    assert np.isnan(forecast[:3]).all()
    assert forecast[3:].tolist() == [6.0, 5.0]


def test_a_forecast_that_sees_further_has_skill_and_one_that_does_not_has_none():
    def state(error: float) -> State:
        errors = np.tile([error, error * 1.3], 8)
        return rule_on_skill(ratio_of_sums(errors, np.tile([10.0, 9.0], 8)), 16, 30).state

    assert state(4.0) is State.ABSENT
    assert state(14.0) is State.PRESENT
    assert state(8.5) is State.INCONCLUSIVE


def test_the_learned_forecast_never_looks_ahead():
    def past(last_won: float) -> Past:
        return Past(
            window=np.array([0, 1, 2]),
            kind=np.zeros(3, int),
            pipeline=np.zeros(3, int),
            deals=np.full(3, 100.0),
            won=np.array([50.0, 50.0, last_won]),
            amount=np.full(3, 1000.0),
        )

    forecast = learned_forecast(past(100.0), 3)
    assert np.isnan(forecast[0])
    assert forecast[1:].tolist() == learned_forecast(past(0.0), 3)[1:].tolist()
    assert forecast[1] == pytest.approx(500)


def test_a_kind_of_few_deals_leans_on_its_pipeline():
    past = Past(
        window=np.array([0, 0, 1]),
        kind=np.array([0, 1, 1]),
        pipeline=np.zeros(3, int),
        deals=np.array([198.0, 2.0, 1.0]),
        won=np.array([18.0, 2.0, 0.0]),
        amount=np.array([0.0, 0.0, 1.0]),
    )
    leaned = (2 + PRIOR_DEALS * 0.1) / (2 + PRIOR_DEALS)
    assert learned_forecast(past, 2)[1] == pytest.approx(leaned, rel=0.01)


# --- calibration


def stage(promised: float, won: int, deals: int = 100) -> StageRecord:
    return StageRecord("Offer", deals, won, promised)


def overall(*stages: StageRecord):
    deals = np.array([float(one.deals) for one in stages])
    won = np.array([float(one.won) for one in stages])
    promised = np.array([one.promised for one in stages])
    return calibration(deals, won, promised, distinct=int(deals.sum()))


def test_kept_promises_are_absent_and_broken_ones_present():
    kept = (stage(0.3, 30), stage(0.6, 58))
    assert rule_on_calibration(overall(*kept), kept, GAP).state is State.ABSENT
    broken = (stage(0.5, 30), stage(0.8, 55))
    assert rule_on_calibration(overall(*broken), broken, GAP).state is State.PRESENT


def test_two_stages_that_break_their_promise_both_ways_are_present_though_the_sum_is_right():
    opposed = (stage(0.3, 50), stage(0.7, 50))
    assert overall(*opposed).gap == pytest.approx(0)
    assert rule_on_calibration(overall(*opposed), opposed, GAP).state is State.PRESENT


def test_one_stage_is_emerging_and_one_of_few_deals_is_nothing():
    one = (stage(0.3, 50), stage(0.6, 540, 900))
    assert rule_on_calibration(overall(*one), one, GAP).state is State.EMERGING
    few = (stage(0.3, 20, 20), stage(0.6, 540, 900))
    assert rule_on_calibration(overall(*few), few, GAP).state is State.ABSENT


def test_a_gap_of_few_deals_is_inconclusive():
    few = (stage(0.5, 20, 50),)
    ruling = rule_on_calibration(overall(*few), few, GAP)
    assert (ruling.state, ruling.reason) == (State.INCONCLUSIVE, "too_close_to_tolerance")


def test_deals_seen_in_several_stages_weigh_once():
    deals, won, promised = np.array([100.0, 100.0]), np.array([30.0, 30.0]), np.array([0.5, 0.5])
    apart = calibration(deals, won, promised, distinct=200)
    same = calibration(deals, won, promised, distinct=100)
    assert same.z == pytest.approx(apart.z / np.sqrt(2))
    assert calibration(np.zeros(1), np.zeros(1), np.zeros(1), distinct=0) is None


def test_certain_promises_are_broken_by_one_deal_and_kept_by_all():
    assert overall(stage(1.0, 100)).z == 0
    assert overall(stage(1.0, 99)).z < -10


def test_known_values_of_wilson_and_brier():
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-3)
    assert wilson(0, 0) == (0.0, 1.0)
    assert overall(stage(0.5, 50)).brier == pytest.approx(0.25)
