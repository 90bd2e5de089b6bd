"""The cause of one finding: each rule by hand, and what holds whatever the counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.judgement.causes.finding import NO_TEAM, finding_of_people
from checks.judgement.causes.triage import triage
from tests.checks.simulated_causes import TOLERATED, counted, simulate


def people(*rates, records=40, teams=None, tolerated=TOLERATED):
    """Return a finding of people with these rates, exactly."""
    numbers = teams if teams is not None else [NO_TEAM] * len(rates)
    defects = [round(rate * records) for rate in rates]
    return finding_of_people(tolerated, [records] * len(rates), defects, numbers)


def test_one_bad_person_of_eight_is_an_individual_cause():
    result = triage(people(0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.60))

    assert result.kind == "individual"
    assert result.parts[0].people == (7,)
    assert result.parts[0].excess == pytest.approx(24 - 4)


def test_one_bad_team_of_two_is_a_team_cause():
    result = triage(people(0.4, 0.4, 0.3, 0.5, 0.05, 0.05, 0.05, 0.05, teams=[1] * 4 + [0] * 4))

    assert result.kind == "team"
    assert result.parts[0].teams == (1,)


def test_the_same_people_without_teams_are_no_team_cause():
    assert triage(people(0.4, 0.4, 0.3, 0.5, 0.05, 0.05, 0.05, 0.05)).kind == "systemic"


def test_nearly_everybody_is_systemic():
    result = triage(people(0.3, 0.4, 0.3, 0.5, 0.35, 0.3, 0.4, 0.05))

    assert result.kind == "systemic"
    assert len(result.parts[0].people) == 7


def test_people_too_many_for_exceptions_and_too_few_for_all_are_mixed():
    result = triage(people(*[0.4] * 5, *[0.02] * 7))

    assert (result.kind, [part.kind for part in result.parts]) == ("mixed", ["mixed"])


def test_no_more_than_a_quarter_of_the_people_are_exceptions():
    parts = triage(people(*[0.4] * 4, *[0.02] * 8)).parts

    assert [(part.kind, len(part.people)) for part in parts] == [("individual", 3), ("mixed", 1)]


def test_four_of_ten_who_always_do_it_are_no_exceptions():
    """Without two of them the rate of the rest is tolerable, and two of the rest are no better."""
    result = triage(people(*[0.92] * 4, *[0.0] * 6, tolerated=0.25))

    assert [(part.kind, part.people) for part in result.parts] == [("systemic", (0, 1, 2, 3))]


@pytest.mark.parametrize(("always", "never"), [(2, 6), (3, 9), (1, 9)])
def test_a_quarter_of_the_people_who_always_do_it_are_exceptions(always, never):
    result = triage(people(*[0.0] * never, *[0.92] * always, tolerated=0.10))

    assert [(part.kind, len(part.people)) for part in result.parts] == [("individual", always)]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_fewer_than_four_people_allow_no_answer(size):
    assert triage(people(*[0.5] * size)).kind == "undetermined"


def test_fewer_than_sixty_records_allow_no_answer():
    assert triage(people(*[0.5] * 5, records=11)).kind == "undetermined"
    assert triage(people(*[0.5] * 5, records=12)).kind == "systemic"


def with_level(rate_inside, *, owners_of_level, size=8, records=40, inside=8):
    """Return people whose first records carry a level and fail at a rate; others at 5 %."""
    person = np.repeat(np.arange(size), records)
    number = np.tile(np.arange(records), size)
    carries = (number < inside) & (person < owners_of_level)
    failed = np.where(carries, number < rate_inside * inside, number % 20 == 19)
    return counted(person, carries[:, None], failed, np.arange(size) % 2)


def test_an_origin_that_fails_whoever_owns_its_records_is_technical():
    result = triage(with_level(0.75, owners_of_level=8))

    assert result.kind == "technical"
    assert result.parts[0].level == 0


def test_an_origin_that_only_one_person_uses_is_that_person():
    assert triage(with_level(1.0, owners_of_level=1, inside=20)).kind == "individual"


def test_a_pipeline_that_is_all_the_work_of_a_bad_team_is_that_team():
    """Nobody works in both pipelines, so the pipeline cannot be told from the people."""
    person = np.repeat(np.arange(8), 40)
    level = person < 4
    failed = np.where(level, np.tile(np.arange(40), 8) % 2 == 0, np.tile(np.arange(40), 8) == 0)

    result = triage(counted(person, level[:, None], failed, np.arange(8) // 4))

    assert result.kind == "team"


def test_a_technical_cause_needs_fifteen_records_of_its_origin():
    enough = with_level(0.75, owners_of_level=8, inside=2)
    few = with_level(0.75, owners_of_level=7, inside=2)

    assert (enough.records[:, 1].sum(), few.records[:, 1].sum()) == (16, 14)
    assert triage(few).kind != "technical"


rates = st.lists(st.integers(0, 40), min_size=4, max_size=9)


@settings(max_examples=80, deadline=None)
@given(rates, st.permutations(range(9)))
def test_the_order_of_people_changes_nothing(defects, order):
    teams = [i % 3 for i in range(len(defects))]
    moved = [i for i in order if i < len(defects)]
    plain = finding_of_people(TOLERATED, [40] * len(defects), defects, teams)
    other = finding_of_people(
        TOLERATED, [40] * len(defects), [defects[i] for i in moved], [teams[i] for i in moved]
    )

    assert triage(plain).kind == triage(other).kind
    assert sum(p.excess for p in triage(plain).parts) == pytest.approx(
        sum(p.excess for p in triage(other).parts)
    )


@settings(max_examples=80, deadline=None)
@given(rates)
def test_no_part_explains_more_than_there_is(defects):
    parts = triage(finding_of_people(TOLERATED, [40] * len(defects), defects, defects)).parts

    assert sum(part.excess for part in parts) <= sum(max(0, k - 4) for k in defects) + 1e-9
    assert all(part.excess >= 0 for part in parts)


def test_a_redrawn_finding_keeps_everybodys_records():
    finding = simulate("technical")

    for drawn in finding.redrawn(np.random.default_rng(1), 5):
        assert (drawn.records_of == finding.records_of).all()
        assert (drawn.defects <= drawn.records).all()
        assert drawn.money[finding.defects == 0].sum() == 0


def test_people_without_records_take_no_part():
    finding = finding_of_people(TOLERATED, [40] * 5 + [0] * 5, [20] * 5 + [0] * 5, [0] * 10)

    assert finding.people == 5
    assert triage(finding).kind == "systemic"
