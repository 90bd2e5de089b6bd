"""The cause of one finding: right on counts whose truth is known, and honest on few."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.judgement.causes.differences import compared, triage_differences
from checks.judgement.causes.finding import NO_TEAM, finding_of_people
from checks.judgement.causes.part import Part
from checks.judgement.causes.people import redrawn_people, triage_people
from checks.judgement.causes.thesis import Sifted, mostly_teams, several_causes, try_thesis
from checks.judgement.causes.triage import Triage, triage
from checks.results import GroupStat
from tests.checks.simulated_causes import TOLERATED, counted, found, simulate

RUNS = 60
EQUAL_MIX = ("systemic", "team", "individual", "technical")


def people(*rates, records=40, teams=None, tolerated=TOLERATED):
    """Return a finding of people with these rates, exactly."""
    numbers = teams if teams is not None else [NO_TEAM] * len(rates)
    defects = [round(rate * records) for rate in rates]
    return finding_of_people(tolerated, [records] * len(rates), defects, numbers)


# --- accuracy


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


# --- two causes at once


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


# --- each rule, by hand


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


# --- laws

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


# --- checks that count people


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


# --- checks that compare people


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


# --- the thesis


def sifted(kind, excess=50.0, records=400, draws=40):
    one = Triage(kind, (Part(kind, excess, excess, (0,)),))
    return Sifted("check", records, one, (one,) * draws)


@pytest.mark.parametrize(
    ("kinds", "outcome"),
    [
        (("systemic", "systemic", "individual"), "supports"),
        (("systemic", "team"), "supports"),
        (("technical", "technical", "systemic"), "contradicts"),
        (("individual", "individual", "technical"), "individual"),
        (("systemic", "technical"), "undetermined"),
        (("mixed", "mixed", "systemic"), "undetermined"),
    ],
)
def test_the_thesis_is_decided_by_more_than_half_of_the_excess(kinds, outcome):
    assert try_thesis([sifted(kind) for kind in kinds]).outcome == outcome


def test_the_thesis_needs_its_whole_interval_above_one_half():
    systemic, technical = sifted("systemic").triage, sifted("technical").triage
    shaky = Sifted("check", 400, systemic, (systemic,) * 36 + (technical,) * 4)

    judgement = try_thesis([shaky])

    assert judgement.shares["organisational"].value == 1
    assert judgement.outcome == "undetermined"


def test_a_finding_on_many_records_does_not_outvote_one_on_few():
    contacts = sifted("technical", excess=5_000, records=50_000)
    deals = sifted("systemic", excess=120, records=400)

    judgement = try_thesis([contacts, deals])

    assert judgement.shares["organisational"].value == pytest.approx(0.75)


def test_money_weighs_a_part_and_not_its_number_of_records():
    large = Triage("systemic", (Part("systemic", 10, 100, (0,)), Part("technical", 10, 10, (1,))))

    judgement = try_thesis([Sifted("check", 400, large, (large,) * 10)])

    assert judgement.shares["organisational"].value == pytest.approx(100 / 110)


def test_two_causes_of_a_quarter_each_are_several():
    assert several_causes(try_thesis([sifted("systemic"), sifted("technical")]))
    assert not several_causes(try_thesis([sifted("systemic")] * 4 + [sifted("technical")]))


def test_teams_that_hold_most_of_the_organisations_share_are_named():
    assert mostly_teams(try_thesis([sifted("team"), sifted("team"), sifted("systemic")]))
    assert not mostly_teams(try_thesis([sifted("team"), sifted("systemic")]))


def test_no_finding_is_no_evidence():
    assert try_thesis([]).outcome == "undetermined"
    assert try_thesis([]).shares == {}
