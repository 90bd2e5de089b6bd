"""How often the cause of a finding is right, on counts whose truth is known."""

from __future__ import annotations

import pytest

from checks.judgement.causes.triage import triage
from tests.checks.simulated_causes import found, simulate

RUNS = 60
EQUAL_MIX = ("systemic", "team", "individual", "technical")


def test_nine_of_ten_causes_are_right_at_eight_people_with_forty_records():
    right = sum(found(cause, RUNS)[cause] for cause in EQUAL_MIX)

    assert right >= 0.9 * RUNS * len(EQUAL_MIX)


@pytest.mark.parametrize("cause", EQUAL_MIX)
@pytest.mark.parametrize(("size", "records"), [(8, 40), (20, 60)])
def test_each_cause_is_found_for_itself(cause, size, records):
    assert found(cause, RUNS, people=size, records=records)[cause] >= 0.9 * RUNS


@pytest.mark.parametrize("size", [4, 8, 20])
def test_healthy_people_have_no_cause(size):
    assert found("healthy", RUNS, people=size)["none"] >= 0.9 * RUNS


def test_weak_effects_are_found_less_often_and_never_blamed_on_a_process():
    weak = found("weak individual", RUNS) + found("weak systemic", RUNS)

    assert weak["technical"] <= 2


@pytest.mark.long
@pytest.mark.parametrize("cause", EQUAL_MIX)
@pytest.mark.parametrize("size", [8, 12, 20, 60])
def test_each_cause_is_found_in_a_large_sample(cause, size):
    assert found(cause, 300, people=size)[cause] >= 0.95 * 300


@pytest.mark.parametrize(
    ("causes", "kinds", "least"),
    [
        ("technical+individual", {"technical", "individual"}, 0.9),
        ("technical+team", {"technical", "team"}, 0.8),
        ("technical+systemic", {"technical", "systemic"}, 0.6),
    ],
)
def test_two_causes_show_as_two_parts(causes, kinds, least):
    shown = [{part.kind for part in triage(simulate(causes, seed=i)).parts} for i in range(RUNS)]

    assert sum(kinds <= parts for parts in shown) >= least * RUNS


def test_two_causes_of_like_weight_are_named_mixed():
    assert found("technical+individual", RUNS)["mixed"] >= 0.5 * RUNS


def test_the_parts_of_a_finding_share_its_excess():
    result = triage(simulate("technical+individual", seed=3))

    assert sum(result.share(part) for part in result.parts) == pytest.approx(1)
