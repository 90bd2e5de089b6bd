"""Who stands out, and who spreads records over other answers than the others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.statistics.divergence import corrected_entropy, divergence, entropy, from_the_others
from checks.statistics.funnels import exact_limits, shrunken, variation, widened_limits

# --- funnels


def test_exact_limits_are_those_of_the_binomial_distribution() -> None:
    found = exact_limits(np.array([20.0, 200.0]), np.array([10.0, 100.0]))
    assert found.low * [20, 200] == pytest.approx([6, 86])
    assert found.high * [20, 200] == pytest.approx([14, 114])


def test_a_team_that_varies_by_chance_alone_has_no_variation() -> None:
    rng = np.random.default_rng(1)
    n = np.full(40, 100.0)
    assert variation(rng.binomial(100, 0.3, 40).astype(float), n, n * 0.3) < 0.002


def test_a_team_that_varies_more_widens_its_limits_so_that_not_everybody_stands_out() -> None:
    rng = np.random.default_rng(1)
    n = np.full(40, 400.0)
    k = rng.binomial(400, rng.beta(3, 7, 40)).astype(float)
    expected = n * k.sum() / n.sum()
    narrow, wide = exact_limits(n, expected, 0.998), widened_limits(k, n, expected)
    outside = [(k / n < one.low) | (k / n > one.high) for one in (narrow, wide)]
    assert outside[0].mean() >= 0.4
    assert outside[1].mean() < 0.1


def test_one_who_does_otherwise_stands_out_even_of_a_team_that_varies() -> None:
    n = np.full(12, 100.0)
    k = np.array([28.0, 31, 30, 25, 33, 29, 35, 27, 30, 32, 28, 95])
    found = widened_limits(k, n, np.full(12, 30.0))
    assert np.flatnonzero(k / n > found.high).tolist() == [11]


def test_rates_of_few_records_are_drawn_towards_what_is_expected() -> None:
    found = shrunken(np.array([5.0, 500.0]), np.array([10.0, 1000.0]), np.array([1.0, 100.0]), 0.1)
    assert 0.1 < found[0] < found[1] < 0.5
    assert found[1] == pytest.approx(0.5, abs=0.02)


# --- entropy and divergence


def test_entropy_of_equal_shares_is_the_logarithm_of_their_number() -> None:
    assert entropy(np.array([5, 5, 5, 5])) == pytest.approx(2.0)
    assert entropy(np.array([7, 0])) == pytest.approx(0.0)


def test_entropy_of_few_records_is_corrected_by_miller_and_madow() -> None:
    counts = np.array([5, 5, 5, 5])
    assert corrected_entropy(counts) == pytest.approx(2 + 3 / (2 * 20 * np.log(2)))
    drawn = np.random.default_rng(1).multinomial(15, np.full(6, 1 / 6), 2000)
    assert corrected_entropy(drawn).mean() == pytest.approx(np.log2(6), abs=0.06)
    assert entropy(drawn).mean() < np.log2(6) - 0.15


def test_divergence_is_nothing_for_equal_shares_and_one_bit_for_nothing_in_common() -> None:
    assert divergence(np.array([2, 4]), np.array([10, 20])) == pytest.approx(0.0)
    assert divergence(np.array([3, 0]), np.array([0, 9])) == pytest.approx(1.0)
    # H(3/4, 1/4) less the mean of one bit and none
    expected = 0.75 * np.log2(4 / 3) + 0.25 * 2 - 0.5
    assert divergence(np.array([1, 1]), np.array([1, 0])) == pytest.approx(expected)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8))
def test_divergence_is_the_same_both_ways_and_within_a_bit(pairs: list) -> None:
    one, other = np.array(pairs).T
    if one.sum() and other.sum():
        there, back = divergence(one, other), divergence(other, one)
        assert there == pytest.approx(back)
        assert -1e-9 <= there <= 1 + 1e-9


def team(rng: np.random.Generator, reps: int, each: int, shares: list[list[float]]) -> np.ndarray:
    """Counts as strata x reps x answers, strata mixed differently by rep."""
    mix = rng.dirichlet(np.ones(len(shares)), reps)
    counts = np.zeros((len(shares), reps, len(shares[0])), dtype=np.int64)
    for rep in range(reps):
        for stratum, records in enumerate(rng.multinomial(each, mix[rep])):
            counts[stratum, rep] = rng.multinomial(records, shares[stratum])
    return counts


TWO_KINDS = [[0.6, 0.2, 0.1, 0.05, 0.05], [0.05, 0.05, 0.2, 0.3, 0.4]]


@pytest.mark.parametrize("each", [20, 80])
def test_other_work_is_no_dialect(each: int) -> None:
    found = []
    for seed in range(150):
        counts = team(np.random.default_rng(seed), 8, each, TWO_KINDS)
        found.append(from_the_others(counts[:, 0], counts.sum(axis=1), seed))
    assert np.mean([one.p <= 0.01 for one in found]) <= 0.035
    assert np.mean([one.bits for one in found]) == pytest.approx(0.0, abs=0.005)


def test_one_who_leaves_out_the_middle_stages_is_found_on_twenty_deals() -> None:
    equal, skipping = [[0.2] * 5], [[0.33, 0.0, 0.0, 0.33, 0.34]]
    found = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        counts = np.concatenate([team(rng, 1, 20, skipping), team(rng, 9, 20, equal)], axis=1)
        found.append(from_the_others(counts[:, 0], counts.sum(axis=1), seed))
    assert np.mean([one.p <= 0.01 and one.bits >= 0.05 for one in found]) > 0.85


def test_one_who_holds_everything_in_the_first_stage_is_found_for_sure() -> None:
    counts = team(np.random.default_rng(1), 8, 40, [[0.2] * 5])
    counts[0, 0] = [40, 0, 0, 0, 0]
    found = from_the_others(counts[:, 0], counts.sum(axis=1), 1)
    assert found.p < 1e-5
    assert found.bits > 0.3


def test_who_works_alone_has_no_dialect() -> None:
    counts = np.array([[[30, 0]], [[0, 0]]])
    assert from_the_others(counts[:, 0], counts.sum(axis=1), 1).p == 1.0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1000))
def test_the_order_of_the_answers_changes_no_observed_divergence(seed: int) -> None:
    counts = team(np.random.default_rng(seed), 4, 30, TWO_KINDS)
    one = from_the_others(counts[:, 0], counts.sum(axis=1), seed)
    other = from_the_others(counts[:, 0, ::-1], counts.sum(axis=1)[:, ::-1], seed)
    assert one.bits == pytest.approx(other.bits, abs=0.02)
