"""The cause of what counts or compares people: individuals, teams, or a way of working."""

from __future__ import annotations

import numpy as np

from checks.judgement.causes.differences import compared, triage_differences
from checks.judgement.causes.finding import NO_TEAM
from checks.judgement.causes.people import redrawn_people, triage_people
from checks.results import GroupStat


def hit(*people):
    return np.array(people, dtype=bool)


def test_two_of_eight_people_are_individuals_and_three_are_a_way_of_working():
    teams = np.full(8, NO_TEAM)

    assert triage_people(hit(1, 1, 0, 0, 0, 0, 0, 0), teams).kind == "individual"
    assert triage_people(hit(1, 1, 1, 0, 0, 0, 0, 0), teams).kind == "systemic"
    assert triage_people(hit(1, 1, 1, *[0] * 8), np.full(11, NO_TEAM)).kind == "mixed"
    assert triage_people(hit(0, 0, 0, 0), teams[:4]).kind == "none"
    assert triage_people(hit(1, 1, 1), teams[:3]).kind == "undetermined"


def test_people_of_one_team_are_that_team():
    teams = np.array([0, 0, 0, 0, 1, 1, 1, 1])

    assert triage_people(hit(1, 1, 1, 1, 0, 0, 0, 0), teams).kind == "team"
    assert triage_people(hit(1, 1, 0, 0, 1, 1, 0, 0), teams).kind == "systemic"


def test_redrawn_people_mostly_agree_where_all_are_hit():
    rng = np.random.default_rng(1)

    drawn = redrawn_people(hit(*[1] * 10), np.full(10, NO_TEAM), rng, 20)

    assert {one.kind for one in drawn} == {"systemic"}


def test_a_companys_people_are_all_there():
    rng, nobody = np.random.default_rng(1), np.full(8, NO_TEAM)

    def share(kind, *people):
        drawn = redrawn_people(hit(*people), nobody, rng, 400)
        return np.mean([one.kind == kind for one in drawn])

    assert share("systemic", 1, 1, 1, 1, 0, 0, 0, 0) > 0.975
    assert share("individual", 1, 0, 0, 0, 0, 0, 0, 0) > 0.9
    assert 0.5 < share("individual", 1, 1, 0, 0, 0, 0, 0, 0) < 0.9


def differing(*rates, teams=None, records=60, tolerated=0.10):
    """Return people with these rates on like work: the mean of all is expected of each."""
    mean = sum(rates) / len(rates)
    groups = [
        GroupStat(
            dimension="owner",
            key=str(i),
            label=str(i),
            n_eligible=records,
            k_defect=round(rate * records),
            rate=rate,
            expected=mean,
            lo=mean - 0.2,
            hi=mean + 0.2,
        )
        for i, rate in enumerate(rates)
    ]
    return compared(groups, teams or [NO_TEAM] * len(rates), tolerated)


def test_one_person_with_a_way_of_their_own_is_an_individual():
    found = triage_differences(differing(0.2, 0.25, 0.15, 0.2, 0.22, 0.18, 0.2, 0.9))

    assert found.kind == "individual"
    assert len(found.parts[0].people) == 1


def test_differences_that_run_through_all_are_systemic():
    found = triage_differences(differing(0.1, 0.9, 0.3, 0.7, 0.5, 0.2, 0.8, 0.6))

    assert found.kind == "systemic"
    assert len(found.parts[0].people) == 5


def test_teams_that_differ_while_their_people_are_alike_are_teams():
    rates = (0.2, 0.22, 0.18, 0.2, 0.7, 0.68, 0.72, 0.7)

    assert triage_differences(differing(*rates, teams=[0] * 4 + [1] * 4)).kind == "team"
    assert triage_differences(differing(*rates)).kind == "systemic"


def test_three_people_are_too_few_to_say_who_differs():
    assert triage_differences(differing(0.1, 0.5, 0.9)).kind == "undetermined"


def test_differences_redrawn_mostly_agree():
    people = differing(0.1, 0.9, 0.3, 0.7, 0.5, 0.2, 0.8, 0.6)

    kinds = [triage_differences(one).kind for one in people.redrawn(np.random.default_rng(1), 20)]

    assert kinds.count("systemic") >= 18
