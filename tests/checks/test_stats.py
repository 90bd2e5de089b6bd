from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from checks.judgement.stats import (
    Posterior,
    clustered_posterior,
    effective_records,
    intraclass_correlation,
    owner_sums,
)
from checks.measurement import OwnerCount

groups = st.lists(
    st.integers(1, 40).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
    min_size=3,
    max_size=12,
)


def sums_of(groups, nobody=None):
    counts = [OwnerCount(f"owner-{i}", n, k) for i, (n, k) in enumerate(groups)]
    if nobody:
        counts.append(OwnerCount(None, *nobody))
    return owner_sums(counts)


@given(groups)
def test_the_correlation_is_that_of_an_analysis_of_variance_of_the_single_records(groups):
    sizes = np.array([n for n, _ in groups])
    assume(sizes.sum() > len(groups))
    samples = [np.r_[np.ones(k), np.zeros(n - k)] for n, k in groups]
    everything = np.concatenate(samples)
    between = sum(len(s) * (s.mean() - everything.mean()) ** 2 for s in samples)
    within = sum(((s - s.mean()) ** 2).sum() for s in samples)
    mean_between = between / (len(samples) - 1)
    mean_within = within / (len(everything) - len(samples))
    typical = (sizes.sum() - (sizes**2).sum() / sizes.sum()) / (len(samples) - 1)
    spread = mean_between + (typical - 1) * mean_within
    expected = (mean_between - mean_within) / spread if spread > 1e-9 else 0.0

    assert float(intraclass_correlation(sums_of(groups))) == pytest.approx(expected, abs=1e-7)


def test_owners_who_differ_completely_are_perfectly_correlated():
    assert float(intraclass_correlation(sums_of([(50, 50), (50, 0), (50, 0)]))) == pytest.approx(1)


def test_owners_who_do_not_differ_leave_the_least_correlation():
    sums = sums_of([(20, 5)] * 10)

    assert float(intraclass_correlation(sums)) < 0
    assert float(effective_records(sums)) == pytest.approx(200 / (1 + 19 * 0.05))


def test_with_fewer_than_three_owners_the_interval_ignores_differences_between_them():
    assert float(effective_records(sums_of([(100, 90), (100, 0)]))) == 200


def test_records_without_an_owner_count_but_say_nothing_about_owners():
    owned = sums_of([(20, 5)] * 10)
    with_others = sums_of([(20, 5)] * 10, nobody=(100, 100))

    assert float(intraclass_correlation(with_others)) == float(intraclass_correlation(owned))
    assert float(effective_records(with_others)) == pytest.approx(300 / (1 + 19 * 0.05))
    assert float(clustered_posterior(with_others).mean) == pytest.approx(0.5, abs=0.01)


def test_the_interval_and_the_tail_are_those_of_the_beta_distribution():
    posterior = clustered_posterior(sums_of([(100, 12), (100, 20)]))
    beta = stats.beta(32 + 0.5, 168 + 0.5)

    low, high = posterior.interval()

    assert (float(low), float(high)) == pytest.approx((beta.ppf(0.025), beta.ppf(0.975)))
    assert float(posterior.above(0.1)) == pytest.approx(beta.sf(0.1))
    assert float(posterior.mean) == pytest.approx(beta.mean())


@given(
    st.lists(
        st.tuples(st.floats(0.1, 1e6), st.floats(0.1, 1e6), st.floats(0.01, 0.99)),
        min_size=1,
        max_size=9,
    ),
    st.sampled_from([0.80, 0.975]),
    st.booleans(),
)
def test_a_sure_answer_is_the_one_that_the_tail_gives(parameters, sure, one_rate):
    alpha, beta, rate = np.array(parameters).T
    rate = rate[0] if one_rate else rate
    posterior = Posterior(alpha, beta)
    far = np.abs(posterior.above(rate) - sure) > 1e-9

    assert list(posterior.is_above(rate, sure)[far]) == list(posterior.above(rate)[far] >= sure)
    far = np.abs(1 - posterior.above(rate) - sure) > 1e-9
    within = 1 - posterior.above(rate) >= sure
    assert list(posterior.is_within(rate, sure)[far]) == list(within[far])


@given(groups)
def test_knowing_that_owners_differ_never_makes_the_interval_narrower(groups):
    clustered = sums_of(groups)
    pooled = sums_of([(sum(n for n, _ in groups), sum(k for _, k in groups))])

    low, high = clustered_posterior(clustered).interval()
    pooled_low, pooled_high = clustered_posterior(pooled).interval()

    assert float(effective_records(clustered)) <= float(clustered.records) + 1e-9
    assert high - low >= pooled_high - pooled_low - 1e-9


@given(groups, st.randoms())
def test_the_order_of_owners_changes_nothing(groups, random):
    shuffled = list(groups)
    random.shuffle(shuffled)

    first, second = (clustered_posterior(sums_of(some)) for some in (groups, shuffled))

    assert float(first.mean) == pytest.approx(float(second.mean), rel=1e-9)
    assert float(first.above(0.1)) == pytest.approx(float(second.above(0.1)), abs=1e-9)
