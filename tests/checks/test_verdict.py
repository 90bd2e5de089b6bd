from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.judgement.families import JudgedFamily, JudgedSignal, judge_signals, signal_state
from checks.judgement.resampling import probability_of_two
from checks.judgement.scoring import judge_check
from checks.judgement.verdict import decide, is_robust
from checks.measurement import Measurement, OwnerCount, not_observable
from checks.profile import Profile
from checks.results import State, VerdictState
from checks.spec import FAMILIES
from tests.checks.judged_samples import (
    HEALTHY,
    S1,
    S2,
    S3,
    S4,
    SICK,
    code_of,
    judged,
    one_check_a_family,
    spec,
)

PROFILE = Profile()
MILD = 30  # emerging
TWO_SICK_SIGNALS = ("S1.A1", "S1.B1", "S3.A1", "S3.B1")


def verdict(checks, reps=10, deals=400):
    signals = judge_signals(checks, PROFILE)
    return decide(signals, reps=reps, deals=deals, seed=PROFILE.seed)


def without(checks, *hidden):
    return [
        judge_check(spec(code, check_id=c.check_id), not_observable("column_absent"))
        if (code := code_of_check(c)) in hidden
        else c
        for c in checks
    ]


def code_of_check(check):
    letters = {name: letter for letter, name in FAMILIES[check.signal].items()}
    return code_of(check.signal, letters[check.family])


# --- the four states


def test_two_signals_present_on_enough_data_are_established():
    found = verdict(one_check_a_family(TWO_SICK_SIGNALS))

    assert found.state == VerdictState.ESTABLISHED
    assert (found.present, found.observable) == (2, 4)
    assert found.gates == {"reps": True, "deals": True, "robust": True, "probability": True}
    assert found.confidence == "high"
    assert found.decided_by == ("check-s1-a1", "check-s1-b1", "check-s3-a1", "check-s3-b1")


@pytest.mark.parametrize(
    ("reps", "deals", "gate"), [(4, 400, "reps"), (10, 99, "deals"), (0, 0, "deals")]
)
def test_two_signals_on_little_data_are_only_suspected(reps, deals, gate):
    found = verdict(one_check_a_family(TWO_SICK_SIGNALS), reps=reps, deals=deals)

    assert found.state == VerdictState.SUSPECTED
    assert not found.gates[gate]
    assert found.confidence == "medium"


def test_one_signal_present_and_one_emerging_are_suspected():
    found = verdict(one_check_a_family(("S1.A1", "S1.B1", "S3.A1")))

    assert found.state == VerdictState.SUSPECTED
    assert found.present == 1
    assert found.decided_by == ("check-s1-a1", "check-s1-b1", "check-s3-a1")
    assert found.confidence == "low"


def test_nothing_present_in_a_crm_seen_whole_is_not_established():
    found = verdict(one_check_a_family())

    assert (found.state, found.present, found.observable) == (VerdictState.NOT_ESTABLISHED, 0, 4)
    assert found.confidence == "high"
    assert found.decided_by == ()


def test_one_sick_signal_alone_in_a_crm_seen_whole_is_not_established():
    found = verdict(one_check_a_family(("S1.A1", "S1.B1")))

    assert (found.state, found.present) == (VerdictState.NOT_ESTABLISHED, 1)


def test_a_healthy_crm_of_which_one_signal_was_seen_allows_no_conclusion():
    found = verdict([c for c in one_check_a_family() if c.signal == S1])

    assert found.state == VerdictState.CANNOT_CONCLUDE
    assert (found.present, found.observable, found.confidence) == (0, 1, None)


def test_a_sick_signal_alone_of_one_that_was_seen_allows_no_conclusion():
    checks = [c for c in one_check_a_family(("S1.A1", "S1.B1")) if c.signal == S1]

    found = verdict(checks)

    assert (found.state, found.present, found.observable) == (VerdictState.CANNOT_CONCLUDE, 1, 1)


def test_nothing_measured_allows_no_conclusion():
    found = verdict([])

    assert (found.state, found.observable) == (VerdictState.CANNOT_CONCLUDE, 0)
    assert (found.probability, found.confidence) == (None, None)


def test_three_absent_signals_and_one_unseen_are_not_established():
    checks = [c for c in one_check_a_family() if c.signal != S4]

    assert verdict(checks).state == VerdictState.NOT_ESTABLISHED


def test_two_absent_signals_and_two_unseen_allow_no_conclusion():
    checks = [c for c in one_check_a_family() if c.signal in (S1, S2)]

    assert verdict(checks).state == VerdictState.CANNOT_CONCLUDE


def test_signals_on_too_few_records_are_not_taken_for_healthy():
    few = [judged(code_of_check(c), n=20, n_min=30) for c in one_check_a_family()]

    assert verdict(few).state == VerdictState.CANNOT_CONCLUDE


def test_signals_too_close_to_call_are_not_taken_for_healthy():
    close = [judged(code_of_check(c), 20) for c in one_check_a_family()]

    assert {c.state for c in close} == {State.INCONCLUSIVE}
    assert verdict(close).state == VerdictState.CANNOT_CONCLUDE


def test_a_broken_check_is_not_taken_for_healthy():
    two_signals = [c for c in one_check_a_family() if c.signal in (S1, S2)]
    others = [c for c in one_check_a_family() if c.signal not in (S1, S2)]
    broken = [judge_check(spec(code_of_check(c)), not_observable("error")) for c in others]

    assert verdict(two_signals + broken).state == VerdictState.CANNOT_CONCLUDE


# --- laws

deviations = st.dictionaries(
    st.sampled_from([code_of_check(c) for c in one_check_a_family()]),
    st.sampled_from([20, MILD, SICK, None]),
    max_size=20,
)


def crm(deviating):
    checks = []
    for check in one_check_a_family():
        code = code_of_check(check)
        k = deviating.get(code, HEALTHY)
        checks.append(without([check], code)[0] if k is None else judged(code, k))
    return checks


@settings(max_examples=60, deadline=None)
@given(deviations, st.sets(st.sampled_from([code_of_check(c) for c in one_check_a_family()])))
def test_hiding_columns_never_turns_another_verdict_into_not_established(deviating, hidden):
    checks = crm(deviating)

    before, after = verdict(checks).state, verdict(without(checks, *hidden)).state

    if after == VerdictState.NOT_ESTABLISHED:
        assert before == VerdictState.NOT_ESTABLISHED


@settings(max_examples=60, deadline=None)
@given(deviations)
def test_a_verdict_other_than_cannot_conclude_rests_on_what_was_seen(deviating):
    found = verdict(crm(deviating))

    if found.state == VerdictState.ESTABLISHED:
        assert found.present >= 2
        assert all(found.gates.values())
    if found.state == VerdictState.NOT_ESTABLISHED:
        assert found.present < 2
        assert found.observable >= 3


# --- robustness


def test_one_family_can_never_carry_a_signal_by_itself():
    """The signal rule asks for two families or more, so this gate cannot fail alone."""
    states = [State.PRESENT, State.EMERGING, State.ABSENT, State.NOT_OBSERVABLE]
    for families in itertools.combinations_with_replacement(states, 5):
        if signal_state(families) == State.PRESENT:
            for left in range(5):
                rest = families[:left] + families[left + 1 :]
                assert signal_state(rest) in (State.PRESENT, State.EMERGING)


def test_two_signals_do_not_stand_if_one_rests_on_a_single_family():
    def signal(identity, *states):
        families = tuple(
            JudgedFamily(f"family-{i}", 1, state, None, False) for i, state in enumerate(states)
        )
        return JudgedSignal(identity, State.PRESENT, families)

    present, absent = State.PRESENT, State.ABSENT
    firm = signal(S1, present, present, absent)
    fragile = signal(S3, present, absent, absent)

    assert is_robust([firm, signal(S3, present, present, present)])
    assert not is_robust([firm, fragile])
    assert not is_robust([firm])


# --- probability


def test_the_probability_is_near_one_for_two_sick_signals_and_near_zero_for_none():
    sick = judge_signals(one_check_a_family(TWO_SICK_SIGNALS), PROFILE)
    healthy = judge_signals(one_check_a_family(), PROFILE)

    assert probability_of_two(sick, seed=1) == 1.0
    assert probability_of_two(healthy, seed=1) == 0.0


def uneven(code, rename, owners, worst=0):
    """Return a check in which one owner has all the defects."""
    counts = [OwnerCount(rename(i), 40, 40 if i == worst else 0) for i in range(owners)]
    return judge_check(spec(code), Measurement(owners=tuple(counts)))


@pytest.mark.parametrize("owners", [4, 9])
def test_the_names_of_owners_change_nothing(owners):
    renamed = {i: f"owner-{(i + 1) % owners}" for i in range(owners)}
    plain = [uneven(code, lambda i: f"owner-{i}", owners) for code in TWO_SICK_SIGNALS]
    other = [uneven(code, renamed.get, owners) for code in TWO_SICK_SIGNALS]

    first, second = (probability_of_two(judge_signals(c, PROFILE), seed=3) for c in (plain, other))

    assert first == second


def test_signals_that_rest_on_one_owner_are_not_established():
    """Everything hangs on whether that owner is drawn, so the probability stays below the gate."""
    checks = [c for c in one_check_a_family() if code_of_check(c) not in TWO_SICK_SIGNALS]
    checks += [uneven(code, lambda i: f"owner-{i:03}", 10) for code in TWO_SICK_SIGNALS]

    found = verdict(checks)

    assert found.probability < 0.8
    assert found.state != VerdictState.ESTABLISHED


def test_few_owners_are_judged_by_drawn_rates():
    checks = [
        judge_check(
            spec(code),
            Measurement(owners=tuple(OwnerCount(f"o{i}", 60, 24) for i in range(4))),
        )
        for code in TWO_SICK_SIGNALS
    ]

    assert probability_of_two(judge_signals(checks, PROFILE), seed=1) > 0.95


def test_records_without_an_owner_take_part():
    nobody = Measurement(owners=(OwnerCount(None, 400, 120),))
    checks = [judge_check(spec(code), nobody) for code in TWO_SICK_SIGNALS]

    assert probability_of_two(judge_signals(checks, PROFILE), seed=1) > 0.95


def test_the_same_seed_gives_the_same_probability():
    checks = [uneven(code, lambda i: f"owner-{i}", 9) for code in TWO_SICK_SIGNALS]
    signals = judge_signals(checks, PROFILE)

    assert probability_of_two(signals, seed=5) == probability_of_two(signals, seed=5)
