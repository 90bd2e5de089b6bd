"""Checks whose measure reached a state by a rule of its own."""

from __future__ import annotations

import pytest

from checks.judgement.families import judge_signals
from checks.judgement.resampling import DRAWS, probability_of_two
from checks.judgement.scoring import judge_check
from checks.judgement.signals import confidence
from checks.measurement import Measurement, OwnerCount, Ruling
from checks.profile import Profile
from checks.results import State
from tests.checks.judged_samples import judged, spec

SEED = Profile().seed


def ruled(code, state=State.PRESENT, severity=0.7, probability=1.0, n=8, **fields):
    measurement = Measurement(
        owners=(OwnerCount(None, n, 3),),
        ruling=Ruling(state, severity, probability),
        **fields,
    )
    return judge_check(spec(code), measurement)


def chance(*checks):
    return probability_of_two(judge_signals(checks, Profile()), SEED)


def test_a_ruling_decides_where_a_rate_of_few_would_be_inconclusive():
    check = ruled("S2.A1")

    assert (check.state, check.severity, check.probability) == (State.PRESENT, 0.7, 1.0)
    assert check.observed


def test_a_ruling_on_nobody_is_not_observable():
    assert ruled("S2.A1", n=0).state == State.NOT_OBSERVABLE


def test_a_ruling_on_less_than_half_of_the_population_is_not_observable():
    assert ruled("S2.A1", coverage=0.4).state == State.NOT_OBSERVABLE


def test_a_ruling_that_could_not_decide_says_why():
    measurement = Measurement(
        owners=(OwnerCount(None, 2, 0),),
        ruling=Ruling(State.INCONCLUSIVE, None, None, "too_few_reps", {"reps": 2}),
    )
    check = judge_check(spec("S2.A1"), measurement)

    assert (check.state, check.reason, check.reason_facts) == (
        State.INCONCLUSIVE,
        "too_few_reps",
        {"reps": 2},
    )
    assert not check.observed


@pytest.mark.parametrize("owners", [0, 10])
def test_rulings_and_rates_are_drawn_together(owners):
    rates = [judged(code, 300) for code in ("S1.A1", "S1.B1")] if owners else []
    rulings = [ruled(code) for code in ("S2.A1", "S2.B1", "S4.B1", "S4.E1")]

    assert chance(*rates, *rulings) == 1.0


def test_a_ruling_is_present_in_as_many_draws_as_its_probability_says():
    sure = [ruled(code) for code in ("S1.A1", "S1.B1", "S2.A1")]
    # One signal is sure; the other needs this last family.
    found = chance(*sure, ruled("S2.B1", probability=0.7))

    assert 0.6 < found < 0.8
    assert found * DRAWS == int(found * DRAWS)


def test_the_probability_of_a_ruling_counts_for_the_confidence():
    def of(probability):
        checks = [ruled(f"S3.{letter}1", State.ABSENT, 0.0, probability) for letter in "ABCDE"]
        return confidence(judge_signals(checks, Profile())[2])

    assert (of(0.02), of(0.3), of(0.45)) == ("high", "medium", "low")
