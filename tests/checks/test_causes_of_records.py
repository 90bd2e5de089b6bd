"""Whose records fail, on real tables: everybody's, a team's, some people's, or too few to say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from checks.measurement import Measurement, OwnerCount
from tests.checks.judged_samples import spec as weighing
from tests.checks.missing_amounts import NO_AMOUNT, causes, deals, of_amounts, users

UNTIMED = weighing("S1.B4", "deal-without-close-date", 0.05, defect="close_date is null")


def test_a_habit_of_everybody_is_the_organisations():
    found = causes(deals(lambda rep, number: number % 3 == 0))

    assert found.triages[NO_AMOUNT.id].kind == "systemic"
    assert (found.triages[NO_AMOUNT.id].people, found.triages[NO_AMOUNT.id].of_people) == (8, 8)
    assert (found.cause, found.thesis.outcome) == ("organisational", "supports")
    assert found.of_check(NO_AMOUNT.id) == "organisational"


def test_one_person_is_an_individual():
    """One person of eight makes a finding emerge: it is explained, and no case for the thesis."""
    found = causes(deals(lambda rep, number: rep == 3 and number % 5))

    assert found.triages[NO_AMOUNT.id].kind == "individual"
    assert found.triages[NO_AMOUNT.id].people == 1
    assert (found.of_check(NO_AMOUNT.id), found.thesis) == ("individual", None)


def test_a_rate_that_one_person_brings_close_to_its_tolerance_is_explained():
    found = causes(deals(lambda rep, number: rep == 3 and number < 22))

    assert found.triages[NO_AMOUNT.id].kind == "individual"
    assert (found.of_check(NO_AMOUNT.id), found.thesis) == ("individual", None)


def test_a_rate_of_everybody_close_to_its_tolerance_is_not():
    assert causes(deals(lambda rep, number: (40 * rep + number) % 18 == 0)).triages == {}


def test_two_people_of_eight_are_individuals():
    found = causes(deals(lambda rep, number: rep in (1, 5) and number % 5))

    assert found.triages[NO_AMOUNT.id].people == 2
    assert (found.cause, found.thesis.outcome) == ("individual", "individual")


def test_one_team_is_a_team():
    found = causes(deals(lambda rep, number: rep < 4 and number % 3 == 0))

    assert found.triages[NO_AMOUNT.id].kind == "team"
    assert found.cause == "team"


def test_people_of_one_manager_are_a_team_where_no_team_is_known():
    people = [{**one, "team_id": None, "manager_id": one.get("team_id")} for one in users()]

    found = of_amounts(deals(lambda rep, number: rep < 4 and number % 3 == 0), people=people)

    assert found.kind == "team"


@pytest.mark.parametrize(
    ("reps", "each", "because"), [(3, 40, "too_few_people"), (5, 11, "too_few_records")]
)
def test_few_counts_are_undetermined_with_their_reason(reps, each, because):
    found = causes(deals(lambda rep, number: True, reps=reps, each=each))

    assert found.triages[NO_AMOUNT.id].undetermined_because == because
    assert found.of_check(NO_AMOUNT.id) == "not_separable"
    assert (found.thesis.findings, found.thesis.examined) == (1, 0)
    assert found.cause == "not_separable"


def test_a_healthy_crm_has_no_cause():
    found = causes(deals(lambda rep, number: False))

    assert (found.triages, found.thesis, found.cause) == ({}, None, None)


def test_money_weighs_the_causes_of_findings():
    """A program leaves the dates of its deals empty, one person those of others."""
    rows = deals(
        lambda rep, number: False,
        created_by_id=lambda rep, number: "robot" if number < 8 else f"u{rep}",
        close_date=lambda rep, number: (
            None if number < 7 or (rep == 0 and number % 2) else date(2026, 8, 1)
        ),
        amount=lambda rep, number: Decimal(10_000 if number < 8 else 100),
    )
    alike = [{**row, "amount": Decimal(100)} for row in rows]

    heavy, even = (causes(one, UNTIMED).thesis.technical.value for one in (rows, alike))

    assert heavy > even + 0.1


def test_amounts_in_two_currencies_are_never_added_up():
    rows = deals(
        lambda rep, number: number % 3 == 0,
        currency=lambda rep, number: "EUR" if rep % 2 else "USD",
    )

    assert of_amounts(rows).kind == "systemic"


@pytest.mark.parametrize("amount", [Decimal("1e15"), Decimal(-5), Decimal(0), None])
def test_strange_amounts_break_nothing(amount):
    rows = deals(
        lambda rep, number: False,
        close_date=lambda rep, number: None if number % 3 == 0 else date(2026, 8, 1),
        amount=lambda rep, number: amount,
    )

    assert causes(rows, UNTIMED).triages[UNTIMED.id].kind == "systemic"


def test_the_names_of_people_change_nothing():
    rows = deals(lambda rep, number: (rep * 7 + number) % (2 + rep) == 0)
    other = [{**row, "owner_id": f"u{7 - int(row['owner_id'][1:])}"} for row in rows]
    alike = [{**one, "team_id": "t"} for one in users()]

    first, second = (of_amounts(one, people=alike) for one in (rows, other))

    assert first == second


def test_the_same_data_gives_the_same_causes():
    rows = deals(lambda rep, number: (rep + number) % 4 == 0)

    assert causes(rows) == causes(rows)


def test_owners_without_records_are_no_people():
    from checks.judgement.causes.roster import Roster

    roster = Roster(frozenset({"robot"}), {})
    counts = (OwnerCount("a", 0, 0), OwnerCount("robot", 9, 9), OwnerCount(None, 9, 9))

    assert roster.people(Measurement(owners=counts)) == []


def test_hostile_users_break_nothing():
    people = [{"id": "u0", "name": None}, {"id": "u0", "name": "Twice"}, {"id": "x'; --"}]

    assert of_amounts(deals(lambda rep, number: True), people=people).kind == "systemic"
