"""Rates of people and teams beside what chance allows: who is compared, under which name."""

from __future__ import annotations

from checks.judgement.by_people import MOST, Staff, people_groups, read_staff
from checks.judgement.people import FOLDED, Privacy, Pseudonyms
from checks.measurement import Measurement, OwnerCount, Ruling
from checks.results import Metric, State
from tests.checks.snapshots import context_of

NORTH = {f"n{i}": "north" for i in range(4)}
SOUTH = {f"s{i}": "south" for i in range(2)}
STAFF = Staff(
    programs=frozenset({"robot"}),
    team_of=NORTH | SOUTH,
    team_names={"north": "North", "south": "South"},
    team_sizes={"north": 4, "south": 2},
)


def measured(counts, **fields):
    owners = tuple(OwnerCount(owner, n, k) for owner, (n, k) in counts.items())
    return Measurement(owners=owners, **fields)


def everybody(n=40, k=10):
    return dict.fromkeys([*NORTH, *SOUTH], (n, k))


def of(dimension, groups):
    return [group for group in groups if group.dimension == dimension]


def test_every_person_is_compared_with_the_rate_of_all():
    groups = of("owner", people_groups(measured(everybody() | {"n0": (40, 30)}), STAFF))

    assert len(groups) == 6
    assert {group.expected for group in groups} == {round(80 / 240, 6)}
    outside = [group.key for group in groups if not group.lo <= group.rate <= group.hi]
    assert outside == ["n0"]


def test_few_records_allow_a_wider_band_and_give_a_wider_interval():
    groups = of("owner", people_groups(measured(everybody(400, 100) | {"s0": (8, 2)}), STAFF))

    few = next(group for group in groups if group.key == "s0")
    many = next(group for group in groups if group.key == "n0")
    assert few.hi - few.lo > 3 * (many.hi - many.lo)
    assert few.ci_hi - few.ci_lo > 3 * (many.ci_hi - many.ci_lo)


def test_teams_are_sums_of_their_people_under_their_names():
    teams = of("team", people_groups(measured(everybody()), STAFF))

    assert [(one.label, one.n_eligible, one.k_defect) for one in teams] == [
        ("North", 160, 40),
        ("South", 80, 20),
    ]


def test_a_team_of_two_is_folded_and_owners_stand_under_pseudonyms():
    privacy = Privacy(Pseudonyms(dict.fromkeys(everybody(), "")), team_sizes=STAFF.team_sizes)

    shown = privacy.groups(people_groups(measured(everybody()), STAFF))

    assert [group.label for group in of("team", shown)] == ["North", FOLDED]
    assert all(group.label.startswith("rep-") for group in of("owner", shown))


def test_a_single_team_is_compared_with_nothing():
    counts = dict.fromkeys(NORTH, (40, 10))

    assert of("team", people_groups(measured(counts), STAFF)) == []


def test_programs_and_records_of_nobody_are_no_people():
    counts = everybody() | {"robot": (900, 900), None: (50, 50)}

    groups = people_groups(measured(counts), STAFF)

    assert "robot" not in {group.key for group in groups}
    assert {group.expected for group in groups} == {0.25}


def test_two_people_are_not_compared():
    assert people_groups(measured({"n0": (40, 10), "n1": (40, 0)}), STAFF) == ()


def test_of_very_many_people_only_the_teams_are_shown():
    owners = {f"p{i:03}": (30, 3) for i in range(MOST + 1)}
    staff = Staff(team_of={owner: "ab"[i % 2] for i, owner in enumerate(owners)})

    groups = people_groups(measured(owners), staff)

    assert {group.dimension for group in groups} == {"team"}


def test_what_is_no_rate_of_records_gets_no_groups_from_here():
    counts = everybody()

    assert people_groups(measured(counts, counts_people=True), STAFF) == ()
    assert people_groups(measured(counts, ruling=Ruling(State.PRESENT, 1.0)), STAFF) == ()
    metric = Metric(name="bias", value=1.0, unit="percent")
    assert people_groups(measured(counts, metric=metric), STAFF) == ()


def test_teams_are_read_from_the_users_and_only_the_active_count():
    context = context_of(
        {
            "users": [
                {"id": "u1", "team_id": "t1", "is_active": True},
                {"id": "u2", "team_id": "t1", "is_active": False},
                {"id": "u3", "team_id": None, "is_active": True},
            ],
            "teams": [{"id": "t1", "name": "North"}],
        }
    )

    staff = read_staff(context)

    assert staff.team_of == {"u1": "t1", "u2": "t1"}
    assert staff.team_names == {"t1": "North"}
    assert staff.team_sizes == {"t1": 1}
