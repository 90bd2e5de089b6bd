from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.judgement.families import family_state, judge_signals, signal_state
from checks.judgement.scoring import judge_check, rate_state, severity
from checks.judgement.signals import confidence, evidence, headline, index
from checks.measurement import not_observable
from checks.profile import DEFAULT_WEIGHTS, Profile
from checks.results import SignalId, State
from checks.spec import FAMILIES, Tolerance
from tests.checks.judged_samples import HEALTHY, S1, SICK, counted, judged, one_check_a_family, spec

P, E, A, I, N = (  # noqa: E741
    State.PRESENT,
    State.EMERGING,
    State.ABSENT,
    State.INCONCLUSIVE,
    State.NOT_OBSERVABLE,
)
TOLERANCE = Tolerance(t_lo=0.05, n_min=30)
PROFILE = Profile()


def first_signal(checks, profile=PROFILE):
    return judge_signals(checks, profile)[0]


# --- a check


@pytest.mark.parametrize(
    ("probability", "mean", "state"),
    [
        (0.95, 0.10, P),
        (0.95, 0.099, E),
        (0.94, 0.30, E),
        (0.80, 0.06, E),
        (0.79, 0.06, I),
        (0.21, 0.04, I),
        (0.20, 0.04, A),
    ],
)
def test_a_rate_is_judged_by_its_probability_and_its_size(probability, mean, state):
    assert rate_state(probability, mean, TOLERANCE) == state


@pytest.mark.parametrize(
    ("rate", "expected"),
    [(0, 0), (0.05, 0), (0.075, 0.25), (0.10, 0.5), (0.15, 0.75), (0.20, 1), (0.9, 1)],
)
def test_severity_runs_from_the_tolerated_to_the_critical_rate(rate, expected):
    assert severity(rate, TOLERANCE) == pytest.approx(expected)


@settings(deadline=None)
@given(
    st.floats(0.001, 0.999), st.lists(st.floats(0, 1), min_size=2, max_size=2), st.integers(1, 9)
)
def test_severity_never_falls_when_the_rate_rises(t_lo, rates, n_min):
    low, high = sorted(rates)
    tolerance = Tolerance(t_lo=t_lo, n_min=n_min)

    assert 0 <= severity(low, tolerance) <= severity(high, tolerance) <= 1


def test_nobody_to_examine_is_not_observable():
    check = judge_check(spec(), counted(0, 0))

    assert (check.state, check.reason, check.severity) == (N, "nobody_to_examine", None)


def test_fewer_records_than_needed_are_inconclusive_however_bad():
    check = judge_check(spec(n_min=30), counted(29, 29))

    assert (check.state, check.reason) == (I, "too_few_records")
    assert check.reason_facts == {"n": 29, "n_min": 30}
    assert check.severity is None
    assert check.posterior is not None


def test_a_population_seen_by_less_than_half_is_not_observable():
    assert judge_check(spec(), counted(400, 0, coverage=0.49)).state == N
    assert judge_check(spec(), counted(400, 0, coverage=0.50)).state == A


def test_a_missing_column_keeps_its_reason():
    measured = not_observable("column_absent", missing=(("deals", "amount"),), columns=["amount"])

    check = judge_check(spec(), measured)

    assert (check.state, check.reason) == (N, "column_absent")
    assert check.reason_facts == {"columns": ["amount"]}


def test_a_check_that_raised_is_an_error_and_no_pass():
    assert judge_check(spec(), not_observable("error")).state == State.ERROR


def test_states_of_real_counts():
    assert [judged("S1.B2", k).state for k in (0, 20, 30, 60)] == [A, I, E, P]


# --- a family


@pytest.mark.parametrize(
    ("checks", "state"),
    [
        ([], N),
        ([N, N], N),
        ([A, P, N], P),
        ([A, E, I], E),
        ([A, I], A),
        ([A, I, I], I),
        ([A, N, N], A),
        ([A, State.ERROR], N),
        ([State.ERROR, P], P),
        ([State.ERROR, E], E),
    ],
)
def test_a_family_is_as_bad_as_its_worst_observable_check(checks, state):
    assert family_state(checks) == state


def test_experimental_checks_are_shown_but_never_decide():
    signal = first_signal([judged("S1.B2", SICK, lifecycle="experimental")])
    staleness = signal.families[1]

    assert [check.check_id for check in staleness.checks] == ["check-s1-b2"]
    assert (staleness.state, staleness.severity) == (N, None)
    assert headline(signal) is None


def test_a_broken_check_takes_its_family_out_of_the_index():
    broken = judge_check(spec("S1.B3"), not_observable("error"))

    staleness = first_signal([judged("S1.B2"), broken]).families[1]

    assert (staleness.state, staleness.severity) == (N, None)


# --- a signal


@pytest.mark.parametrize(
    ("families", "state"),
    [
        ([P, P, N, N, N], P),
        ([P, E, E, A, A], P),
        ([P, E, A, A, A], E),
        ([P, N, N, N, N], E),
        ([E, E, A, A, A], E),
        ([E, A, A, A, A], A),
        ([E, A, N, N, N], N),
        ([A, N, N, N, N], N),
        ([E, N, N, N, N], N),
        ([A, A, N, N, N], N),
        ([A, A, A, N, N], A),
        ([A, I, I, N, N], I),
        ([A, A, I, I, N], A),
        ([A, A, I, I, I], I),
        ([N, N, N, N, N], N),
    ],
)
def test_a_signal_follows_from_its_families(families, state):
    assert signal_state(families) == state


@settings(deadline=None)
@given(st.permutations([P, E, E, A, N]))
def test_the_order_of_families_changes_nothing(families):
    assert signal_state(families) == P


def test_no_signal_is_absent_unless_half_of_its_families_were_seen():
    for families in itertools.product([P, E, A, I, N], repeat=5):
        if signal_state(list(families)) == A:
            assert families.count(N) <= 2
            assert families.count(A) >= 2


def test_families_that_nothing_measures_yet_still_count():
    signal = first_signal([judged("S1.A1"), judged("S1.B2")])

    assert [family.id for family in signal.families] == list(FAMILIES[S1].values())
    assert signal.coverage == pytest.approx(5 / 8)


def test_a_profile_may_weigh_one_family_otherwise():
    profile = Profile(weights={S1: {"staleness": 9}})

    weights = [family.weight for family in first_signal([], profile).families]

    assert weights == [2, 9, 1, 1, 1]


# --- the index


def test_a_signal_without_defects_has_the_full_index():
    bounds = index(first_signal(one_check_a_family()))

    assert (bounds.value, bounds.low, bounds.high) == (100, 100, 100)


def test_the_index_is_the_weighted_mean_of_the_families_seen():
    checks = [judged("S1.A1"), judged("S1.B2", SICK)]

    bounds = index(first_signal(checks))

    assert bounds.value == pytest.approx(100 * (1 - 3 / 5))
    assert bounds.low == pytest.approx(100 * (1 - 6 / 8))
    assert bounds.high == pytest.approx(100 * (1 - 3 / 8))


def test_the_index_is_withheld_below_half_the_weight():
    bounds = index(first_signal([judged("S1.B2", SICK)]))

    assert bounds.value is None
    assert (bounds.low, bounds.high) == pytest.approx((0, 62.5))


def test_a_family_seen_in_part_may_be_at_its_worst():
    hidden = judge_check(spec("S1.B3"), not_observable("column_absent"))
    checks = [c for c in one_check_a_family() if c.signal == S1]

    bounds = index(first_signal([*checks, hidden]))

    assert bounds.value == 100
    assert bounds.low == pytest.approx(100 * (1 - 3 / 8))


def test_a_check_that_lacked_part_of_its_evidence_may_be_at_its_worst():
    partial = judge_check(spec("S1.B2"), counted(400, 0, missing=(("activities", "due_date"),)))

    assert index(first_signal([partial])).low == 0


codes = [f"{letter}{n}" for letter in "ABCDE" for n in (1, 2)]
measured_signals = st.fixed_dictionaries(
    {}, optional={code: st.sampled_from([0, 22, 30, 40, 80, 200]) for code in codes}
)


@settings(deadline=None)
@given(measured_signals, st.sets(st.sampled_from(codes)))
def test_hiding_checks_never_raises_the_lowest_index(defects, hidden):
    seen = [judged(f"S1.{code}", k) for code, k in defects.items()]
    blind = [
        judge_check(spec(f"S1.{code}"), not_observable("column_absent"))
        if code in hidden
        else judged(f"S1.{code}", k)
        for code, k in defects.items()
    ]

    before, after = (index(first_signal(checks)) for checks in (seen, blind))

    assert after.low <= before.low + 1e-9
    assert after.high >= before.high - 1e-9
    for bounds in (before, after):
        assert -1e-9 <= bounds.low <= bounds.high <= 100 + 1e-9
        if bounds.value is not None:
            assert bounds.low - 1e-9 <= bounds.value <= bounds.high + 1e-9


# --- confidence, evidence, headline


def test_confidence_falls_with_coverage():
    everything = [c for c in one_check_a_family() if c.signal == S1]

    assert confidence(first_signal(everything)) == "high"
    assert confidence(first_signal(everything[:2])) == "high"
    assert confidence(first_signal(everything[1:2])) == "medium"
    assert confidence(first_signal(everything[:1])) == "low"
    assert confidence(first_signal([])) is None


def test_confidence_falls_where_checks_are_undecided():
    assert confidence(first_signal([judged(f"S1.{letter}1", 20) for letter in "ABCDE"])) == "low"


def test_declared_evidence_is_never_more_than_medium():
    declared = [
        dataclasses.replace(c, evidence="declared") for c in one_check_a_family() if c.signal == S1
    ]

    assert confidence(first_signal(declared)) == "medium"
    assert evidence(first_signal(declared)) == "declared"


def test_the_headline_is_the_worst_check_seen():
    checks = [judged("S1.A1", 50), judged("S1.B2", HEALTHY), judged("S1.C1", SICK)]

    assert headline(first_signal(checks)).check_id == "check-s1-c1"


def test_among_equally_bad_checks_the_heaviest_family_makes_the_headline():
    checks = [judged("S1.A1", SICK + 1), judged("S1.B2", SICK), judged("S1.B1", SICK + 2)]

    assert headline(first_signal(checks)).check_id == "check-s1-b1"


def test_every_family_has_a_weight():
    for signal in SignalId:
        assert set(DEFAULT_WEIGHTS[signal]) == set(FAMILIES[signal].values())
