"""The verdict on CRMs whose truth is known: a small fixed sample here, the grid behind `long`."""

from __future__ import annotations

import pytest

from checks.results import VerdictState
from tests.checks.simulated_crm import World, simulate, verdicts

SIZES = [(3, 45), (5, 100), (8, 240), (20, 2000)]
SAMPLE, GRID = 8, 300
HEALTHY = World()
UNEVEN = World(sloppiness=1.0)
TWO_SICK = World(sick_signals=2)


@pytest.mark.parametrize(("owners", "deals"), SIZES)
@pytest.mark.parametrize("world", [HEALTHY, UNEVEN], ids=["even", "uneven"])
def test_healthy_crms_are_never_said_to_fail(world, owners, deals):
    found = verdicts(world, owners, deals, runs=SAMPLE)

    assert found[VerdictState.ESTABLISHED] == found[VerdictState.SUSPECTED] == 0


@pytest.mark.parametrize(("owners", "deals"), SIZES[1:])
def test_two_sick_signals_are_found(owners, deals):
    assert verdicts(TWO_SICK, owners, deals, runs=SAMPLE) == {VerdictState.ESTABLISHED: SAMPLE}


def test_two_sick_signals_on_little_data_are_suspected():
    assert verdicts(TWO_SICK, 3, 45, runs=SAMPLE) == {VerdictState.SUSPECTED: SAMPLE}


@pytest.mark.parametrize(("owners", "deals"), [(5, 100), (8, 240)])
def test_two_signals_that_one_owner_causes_are_not_established(owners, deals):
    found = verdicts(World(sick_signals=2, bad_owners=1), owners, deals, runs=SAMPLE)

    assert found[VerdictState.ESTABLISHED] == 0


def test_a_large_healthy_crm_is_said_to_be_healthy():
    assert simulate(HEALTHY, 20, 2000, seed=0).state == VerdictState.NOT_ESTABLISHED


@pytest.mark.long
@pytest.mark.parametrize(("owners", "deals"), SIZES)
@pytest.mark.parametrize("world", [HEALTHY, UNEVEN], ids=["even", "uneven"])
def test_of_three_hundred_healthy_crms_none_is_established(world, owners, deals):
    """None of 300 puts the true share below 1 % with 95 % confidence (the rule of three)."""
    found = verdicts(world, owners, deals, runs=GRID)

    assert found[VerdictState.ESTABLISHED] == 0
    assert found[VerdictState.SUSPECTED] <= 3


@pytest.mark.long
@pytest.mark.parametrize(("owners", "deals"), SIZES)
@pytest.mark.parametrize("sloppiness", [0.0, 1.0])
def test_borderline_crms_are_never_established(sloppiness, owners, deals):
    world = World(healthy=(0.6, 1.0), sloppiness=sloppiness)

    assert verdicts(world, owners, deals, runs=GRID)[VerdictState.ESTABLISHED] == 0


@pytest.mark.long
@pytest.mark.parametrize(("owners", "deals"), SIZES[1:])
@pytest.mark.parametrize("sick", [(2.0, 3.0), (3.0, 5.0)])
@pytest.mark.parametrize("sick_families", [2, 5])
def test_two_sick_signals_are_found_in_nearly_every_crm(sick_families, sick, owners, deals):
    world = World(sick_signals=2, sick=sick, sick_families=sick_families)

    assert verdicts(world, owners, deals, runs=GRID)[VerdictState.ESTABLISHED] >= 0.97 * GRID
