"""Differences between reps, told from chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.statistics.dispersion import Counts, Spread
from checks.statistics.significance import adjusted, tail

SEEDS = 120


def world(
    seed: int, reps: int, each: int, strata: int, sd: float = 0.0, *, mixed: bool = True
) -> Counts:
    """Reps with ``each`` records on work of their own mix, whose true rates lie ``sd`` apart."""
    rng = np.random.default_rng(seed)
    rates = rng.uniform(0.1, 0.9, strata)
    mix = rng.dirichlet(np.ones(strata), reps) if mixed else np.full((reps, strata), 1 / strata)
    n = np.array([rng.multinomial(each, share) for share in mix]).T
    own = np.zeros(reps)
    if sd:
        size = 0.25 / sd**2 - 1
        own = rng.beta(size / 2, size / 2, reps) - 0.5
    return Counts(n, rng.binomial(n, np.clip(rates[:, None] + own, 0, 1)))


def pooled(counts: Counts) -> Counts:
    return Counts(counts.n.sum(axis=0, keepdims=True), counts.k.sum(axis=0, keepdims=True))


def spreads(count: int = SEEDS, **of: object) -> list[Spread]:
    return [Spread(world(seed, **of), seed) for seed in range(count)]  # type: ignore[arg-type]


def share(flags: list[bool]) -> float:
    return float(np.mean(flags))


# --- the test


@pytest.mark.parametrize(("reps", "each", "strata"), [(3, 20, 2), (5, 20, 3), (12, 100, 5)])
def test_reps_who_do_not_differ_are_told_apart_hardly_ever(
    reps: int, each: int, strata: int
) -> None:
    found = spreads(400, reps=reps, each=each, strata=strata)
    assert share([one.p <= 0.01 for one in found]) <= 0.03
    assert 0.4 < np.mean([one.p for one in found]) < 0.65


def test_another_mix_of_work_is_no_difference_but_looks_like_one_without_strata() -> None:
    worlds = [world(seed, reps=8, each=60, strata=4) for seed in range(SEEDS)]
    assert share([Spread(one, 1).p <= 0.01 for one in worlds]) <= 0.03
    assert share([Spread(pooled(one), 1).p <= 0.01 for one in worlds]) > 0.2


@pytest.mark.parametrize(
    ("reps", "each", "sd", "power"), [(8, 50, 0.12, 0.5), (15, 30, 0.15, 0.75), (20, 100, 0.2, 1)]
)
def test_reps_who_differ_are_found(reps: int, each: int, sd: float, power: float) -> None:
    found = spreads(reps=reps, each=each, strata=3, sd=sd)
    assert share([one.p <= 0.01 for one in found]) >= power


def test_a_difference_that_is_plain_has_a_p_below_what_draws_alone_can_show() -> None:
    counts = Counts(np.full((1, 10), 100), np.array([[0] * 5 + [100] * 5]))
    assert Spread(counts, 1).p < 1e-6


@pytest.mark.parametrize("each", [30, 120])
def test_small_counts_drawn_and_large_ones_approximated_agree_with_chi_square(each: int) -> None:
    from scipy.stats import chi2_contingency

    shift = np.array([-3, -1, 1, 3]) if each == 30 else np.array([-7, -2, 2, 7])
    counts = Counts(np.full((1, 4), each), each // 2 + shift[None, :])
    table = np.vstack([counts.k, counts.n - counts.k])
    expected = chi2_contingency(table, correction=False).pvalue
    # Small counts are discrete: of two outcomes as likely, both count as "as much".
    assert Spread(counts, 1).p == pytest.approx(expected, abs=0.08)


# --- how far they lie apart


@pytest.mark.parametrize("sd", [0.05, 0.10, 0.20])
def test_the_spread_is_estimated_as_planted(sd: float) -> None:
    found = spreads(60, reps=20, each=100, strata=3, sd=sd)
    assert np.sqrt(np.mean([one.sd**2 for one in found])) == pytest.approx(sd, rel=0.15)


def test_the_spread_of_two_kinds_of_reps_is_half_their_distance() -> None:
    counts = Counts(np.full((1, 20), 1000), np.array([[300] * 10 + [700] * 10]))
    assert Spread(counts, 1).sd == pytest.approx(0.2 * np.sqrt(20 / 19), rel=0.02)


def test_bounds_hold_the_planted_spread_nine_times_of_ten() -> None:
    bounds = [one.bounds() for one in spreads(60, reps=12, each=60, strata=2, sd=0.12)]
    assert share([low <= 0.12 <= high for low, high in bounds]) >= 0.8


def test_many_records_prove_that_reps_do_not_differ_and_few_do_not() -> None:
    many = spreads(30, reps=20, each=100, strata=3)
    few = spreads(30, reps=5, each=20, strata=3)
    assert share([one.beyond(0.10) < 0.10 for one in many]) > 0.95
    assert share([one.beyond(0.10) < 0.10 for one in few]) < 0.6


def test_with_more_records_smaller_differences_can_be_detected() -> None:
    def detectable(reps: int, each: int) -> float | None:
        return Spread(world(1, reps, each, 1, mixed=False), 1).detectable()

    few, some, more = detectable(3, 20), detectable(8, 30), detectable(20, 100)
    assert few is None or few > 0.28
    assert some is not None and more is not None
    assert 0.12 < some < 0.25
    assert 0.04 < more < 0.09


# --- where there is nothing to compare


def test_whoever_works_alone_is_not_compared() -> None:
    counts = Counts(np.array([[50, 0, 0], [0, 50, 50]]), np.array([[50, 0, 0], [0, 20, 25]]))
    assert Spread(counts, 1).comparable.tolist() == [False, True, True]


def test_reps_who_share_no_work_have_no_spread() -> None:
    counts = Counts(np.diag([50, 50]), np.diag([50, 0]))
    found = Spread(counts, 1)
    assert (found.p, found.sd, found.beyond(0.1), found.detectable()) == (1.0, 0.0, 0.0, None)


# --- laws

tables = st.integers(2, 6).flatmap(
    lambda reps: st.lists(
        st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=reps, max_size=reps),
        min_size=1,
        max_size=4,
    )
)


def counts_of(table: list[list[tuple[int, int]]]) -> Counts:
    n = np.array([[max(cell) for cell in row] for row in table])
    k = np.array([[min(cell) for cell in row] for row in table])
    return Counts(n, k)


def ordered(counts: Counts) -> Counts:
    return counts.of(counts.order())


@settings(max_examples=60, deadline=None)
@given(tables, st.randoms(use_true_random=False))
def test_renaming_the_reps_changes_nothing(table: list, random: object) -> None:
    counts = counts_of(table)
    shuffled = list(range(counts.n.shape[1]))
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one = Spread(ordered(counts), 7)
    other = Spread(ordered(counts.of(np.array(shuffled))), 7)
    assert (one.p, one.sd, one.beyond(0.1)) == (other.p, other.sd, other.beyond(0.1))


@settings(max_examples=60, deadline=None)
@given(tables)
def test_empty_and_filled_are_as_far_apart(table: list) -> None:
    counts = counts_of(table)
    one, other = Spread(counts, 7), Spread(Counts(counts.n, counts.n - counts.k), 7)
    assert one.statistic == pytest.approx(other.statistic, abs=1e-6)
    assert one.sd == pytest.approx(other.sd, abs=0.02)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_every_record_twice_leaves_expectations_and_makes_differences_surer(table: list) -> None:
    counts = counts_of(table)
    one, twice = Spread(counts, 7), Spread(Counts(2 * counts.n, 2 * counts.k), 7)
    assert twice.expected == pytest.approx(2 * one.expected)
    assert twice.statistic >= one.statistic - 1e-9


@settings(max_examples=60, deadline=None)
@given(tables)
def test_nothing_is_ever_out_of_its_range(table: list) -> None:
    found = Spread(counts_of(table), 7)
    assert 0 < found.p <= 1
    assert 0 <= found.sd <= 0.5
    low, high = found.bounds()
    assert 0 <= low <= high <= 0.5


# --- many tests


def test_p_values_allow_for_how_many_were_looked_at() -> None:
    p = [0.01, 0.02, 0.03, 0.04, 0.05]
    assert adjusted(p) == pytest.approx([0.05] * 5)
    assert adjusted([0.001, 0.5, 0.9, 0.02]) == pytest.approx([0.004, 0.5 * 4 / 3, 0.9, 0.04])
    assert adjusted([]) == []


@given(st.lists(st.floats(0, 1), max_size=20))
def test_adjusted_p_values_keep_their_order_and_never_fall(p: list[float]) -> None:
    found = adjusted(p)
    assert all(after >= before - 1e-12 for before, after in zip(p, found, strict=True))
    ranked = [found[i] for i in np.argsort(p, kind="stable")]
    assert ranked == sorted(ranked)


def test_a_tail_is_counted_where_draws_reach_it_and_fitted_beyond() -> None:
    draws = np.random.default_rng(1).chisquare(5, 999)
    assert tail(9.236, draws) == pytest.approx(0.10, abs=0.02)
    assert tail(25.0, draws) == pytest.approx(1.4e-4, rel=0.7)
