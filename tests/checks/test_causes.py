"""Causes on real tables: who owns the records, where they come from, what the result says."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from checks.judgement.causes.examine import find_causes
from checks.judgement.causes.teams import between_teams
from checks.judgement.scoring import judge_check
from checks.measurement import Measurement, OwnerCount, Ruling
from checks.measuring import Measured
from checks.profile import DEFAULT_REQUIRED, RequiredFields
from checks.results import GroupStat, State
from checks.spec import Tolerance
from tests.checks.judged_samples import spec as weighing
from tests.checks.snapshots import context_of, measured

START = datetime.fromisoformat("2025-09-01T08:00")
NO_AMOUNT = weighing("S1.A3", "deal-without-amount", 0.05, defect="amount is null")
UNTIMED = weighing("S1.B4", "deal-without-close-date", 0.05, defect="close_date is null")
REPS, EACH = 8, 40


def deals(fails, *, reps=REPS, each=EACH, **fields):
    """Return open deals of several reps; ``fails(rep, number)`` says whose amount is missing."""
    return [
        {
            "id": f"d{rep}-{number}",
            "owner_id": f"u{rep}",
            "state": "open",
            "stage": "Offer",
            "amount": None if fails(rep, number) else Decimal(1000),
            "close_date": date(2026, 8, 1),
            "created_at": START + timedelta(days=number, minutes=13 * rep),
            "created_by_id": f"u{rep}",
            **{name: value(rep, number) for name, value in fields.items()},
        }
        for rep in range(reps)
        for number in range(each)
    ]


def users(**fields):
    people = [
        {
            "id": f"u{rep}",
            "name": f"Person {rep}",
            "is_active": True,
            "is_integration": False,
            "team_id": f"t{rep // 4}",
        }
        for rep in range(REPS)
    ]
    return [*people, {"id": "robot", "name": "Sync", "is_active": True, "is_integration": True}]


def causes(rows, *checks, people=None, **profile):
    context = context_of({"deals": rows, "users": people or users()}, **profile)
    found = measured(context, *(checks or (NO_AMOUNT,)))
    judged = {
        one.id: judge_check(one, found.measurements[one.id]) for one in checks or (NO_AMOUNT,)
    }
    return find_causes(context, checks or (NO_AMOUNT,), found, judged)


def of_amounts(rows, **given):
    return causes(rows, **given).triages[NO_AMOUNT.id]


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


def imported(rep, number):
    return number < 8


def test_an_import_is_a_technical_process():
    """64 deals within ten minutes, by one user, most without an amount: nobody's habit."""
    rows = deals(
        lambda rep, number: number < 7,
        created_at=lambda rep, number: (
            datetime.fromisoformat(f"2026-03-03T12:0{rep}")
            if imported(rep, number)
            else START + timedelta(days=number, minutes=13 * rep)
        ),
        created_by_id=lambda rep, number: "u0" if imported(rep, number) else f"u{rep}",
    )

    found = causes(rows)
    (part,) = found.triages[NO_AMOUNT.id].parts

    assert (part.kind, part.attribute, part.level) == ("technical", "import_batch", "2026-03-03")
    assert (found.cause, found.thesis.outcome) == ("technical", "contradicts")


def test_what_a_program_creates_is_a_technical_process():
    rows = deals(
        lambda rep, number: number < 7,
        created_by_id=lambda rep, number: "robot" if imported(rep, number) else f"u{rep}",
    )

    (part,) = of_amounts(rows).parts

    assert (part.kind, part.attribute) == ("technical", "created_by")


def test_a_column_of_the_export_that_names_an_origin_is_read():
    rows = deals(
        lambda rep, number: number < 7,
        **{"Source System": lambda rep, number: "O'Brien; drop" if number < 8 else "CRM"},
    )

    (part,) = of_amounts(rows).parts

    assert (part.kind, part.attribute, part.level) == (
        "technical",
        "Source System",
        "O'Brien; drop",
    )


def test_blanks_around_an_origin_make_no_other_one_of_it():
    def typed(rep, number):
        return f"{' ' * (number % 2)}Web form" if number < 8 else " "

    (part,) = of_amounts(deals(lambda rep, number: number < 7, **{"Source System": typed})).parts

    assert (part.kind, part.level, part.people) == ("technical", "Web form", REPS)


def test_what_people_do_is_no_origin():
    """Calls lack what mails have by themselves: that is no process behind them."""
    calls = [
        {
            "id": f"a{rep}-{number}",
            "owner_id": f"u{rep}",
            "kind": "call" if number < 15 else "email",
            "subject": None if number < 12 else "Offer",
        }
        for rep in range(REPS)
        for number in range(40)
    ]
    check = weighing(
        "S1.D12", "untitled", 0.05, table="activities", population="is_live",
        defect="subject is null",
    )  # fmt: skip
    context = context_of({"activities": calls, "users": users()})
    found = measured(context, check)
    judged = {check.id: judge_check(check, found.measurements[check.id])}

    assert find_causes(context, [check], found, judged).triages[check.id].kind == "systemic"


def test_days_of_creation_without_a_time_are_no_import():
    rows = deals(
        lambda rep, number: number % 3 == 0,
        created_at=lambda rep, number: datetime.fromisoformat(f"2026-01-0{5 + number % 4}"),
    )

    assert of_amounts(rows).kind == "systemic"


def test_what_a_program_owns_belongs_to_no_person():
    rows = deals(
        lambda rep, number: rep == 7,
        owner_id=lambda rep, number: "robot" if rep == 7 else f"u{rep}",
    )

    found = of_amounts(rows)

    assert (found.kind, found.undetermined_because) == ("undetermined", "owner_unknown")


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


def test_a_measure_is_triaged_by_the_records_that_it_judged():
    check = weighing(
        "S1.D4",
        "duplicate-deal",
        0.02,
        measure="duplicate_deal",
        defect=None,
        population="is_open",
    )
    rows = deals(
        lambda rep, number: False,
        account_id=lambda rep, number: f"a{rep}-{number // 2}",
        amount=lambda rep, number: 1_000 + 100 * rep + number // 2,  # no price of many deals
        created_at=lambda rep, number: START + timedelta(hours=rep),
    )

    found = causes(rows, check)

    assert found.triages[check.id].kind == "systemic"
    assert found.triages[check.id].of_people == REPS


def test_a_measure_that_lists_no_records_is_read_from_its_counts():
    check = weighing("S1.D4", "no-records", 0.05, measure="value_variant", defect=None)
    context = context_of({"deals": deals(lambda rep, number: False), "users": users()})
    context.snapshot.run("create temp table hits_no_records as select 1 as week")
    owners = tuple(OwnerCount(f"u{i}", 40, 20) for i in range(8))
    one = Measurement(owners=owners, hits="hits_no_records")

    found = find_causes(
        context,
        [check],
        Measured({check.id: one}, (), {check.id: "deals"}),
        {check.id: judge_check(check, one)},
    )

    assert found.triages[check.id].kind == "systemic"


# --- measures that rule by themselves, or count people


RULING = weighing("S2.A1", "a-ruling", 0.10, measure="value_variant", defect=None)


def of_measurement(measurement, check=RULING):
    context = context_of({"users": users()})
    found = Measured({check.id: measurement}, (), {check.id: check.table})
    causes = find_causes(context, [check], found, {check.id: judge_check(check, measurement)})
    return causes.triages[check.id], causes


PRESENT = Ruling(State.PRESENT, 0.7, 0.99)


def groups_of(*rates):
    return tuple(
        GroupStat(
            dimension="owner",
            key=f"u{i}",
            label=f"u{i}",
            n_eligible=60,
            k_defect=round(60 * rate),
            rate=rate,
            expected=sum(rates) / len(rates),
            lo=sum(rates) / len(rates) - 0.15,
            hi=sum(rates) / len(rates) + 0.15,
        )
        for i, rate in enumerate(rates)
    )


def test_a_ruling_on_differences_is_read_from_the_people_that_it_shows():
    fields = (OwnerCount(None, 6, 3),)
    rates = (0.1, 0.9, 0.3, 0.7, 0.5, 0.2, 0.8, 0.6)

    found, causes = of_measurement(
        Measurement(owners=fields, ruling=PRESENT, groups=groups_of(*rates))
    )

    assert (found.kind, found.about, found.of_people) == ("systemic", "differences", 8)
    assert causes.cause == "organisational"


def test_a_ruling_on_the_whole_says_nothing_of_its_origin():
    found, causes = of_measurement(Measurement(owners=(OwnerCount(None, 12, 9),), ruling=PRESENT))

    assert found.undetermined_because == "measured_as_a_whole"
    assert (causes.thesis.findings, causes.thesis.examined) == (1, 0)


def test_a_check_that_counts_people_is_read_from_who_is_hit():
    owners = tuple(OwnerCount(f"u{i}", 1, int(i < 6)) for i in range(8))

    few = RULING.model_copy(update={"tolerance": Tolerance(t_lo=0.10, n_min=5)})
    found, _ = of_measurement(Measurement(owners=owners, counts_people=True), few)

    assert (found.kind, found.about, found.people, found.of_people) == ("systemic", "people", 6, 8)


def test_a_ruling_on_the_records_of_people_is_read_from_their_rates():
    owners = tuple(OwnerCount(f"u{i}", 12, 5) for i in range(8))

    found, _ = of_measurement(Measurement(owners=owners, ruling=PRESENT))

    assert (found.kind, found.about) == ("systemic", "records")


# --- what tells the organisation from its tool


def evidence(found, code):
    return next(one for one in found.thesis.discriminators if one.code == code)


def test_what_no_export_shows_is_listed_as_not_measured():
    found = causes(deals(lambda rep, number: number % 3 == 0))

    unmeasured = {one.code for one in found.thesis.discriminators if not one.measured}
    assert unmeasured >= {"required_fields", "unused_fields", "tool_change", "declared"}
    assert not found.thesis.friction_measured


def test_stages_that_require_many_fields_may_be_behind_a_finding_of_everybody():
    """Nobody's team does better, so the data cannot tell the organisation from the form."""
    heavy = RequiredFields(critical=tuple(f"field {i}" for i in range(13)))

    found = causes(
        deals(lambda rep, number: number % 3 == 0),
        required_fields={**DEFAULT_REQUIRED, "deals": heavy},
    )

    assert evidence(found, "required_fields").points_to == "tool"
    assert (found.thesis.outcome, found.cause) == ("supports", "not_separable")


def test_fields_that_nobody_fills_are_friction():
    empty = {f"Custom {i}": (lambda rep, number: None) for i in range(40)}

    found = causes(deals(lambda rep, number: number % 3 == 0, **empty))

    assert evidence(found, "unused_fields").points_to == "tool"


def test_one_measure_is_not_enough_to_call_a_tool_light():
    rows = deals(
        lambda rep, number: number % 3 == 0,
        **{f"Custom {i}": (lambda rep, number: "x") for i in range(40)},
    )
    light = RequiredFields(critical=("amount",))

    one = causes(rows).thesis
    both = causes(rows, required_fields={**DEFAULT_REQUIRED, "deals": light}).thesis

    assert (one.friction_measured, both.friction_measured) == (False, True)


def test_teams_that_differ_speak_for_the_organisation():
    found = causes(deals(lambda rep, number: number % (2 if rep < 4 else 5) == 0))

    teams = evidence(found, "between_teams")
    assert (teams.points_to, found.thesis.outcome) == ("organisation", "supports")
    assert teams.value == pytest.approx(0.2, abs=0.05)


def test_teams_alike_decide_nothing():
    found = causes(deals(lambda rep, number: (number + rep) % 3 == 0))

    assert evidence(found, "between_teams").points_to == "neither"


def test_teams_differ_no_more_than_their_deals_do():
    """One team has all deals of a stage where everybody forgets amounts."""
    import numpy as np

    records = np.array([[40.0, 40, 10, 10], [10, 10, 40, 40]])
    rates = np.array([[0.5], [0.1]])

    assert between_teams(records, records * rates, np.array([0, 0, 1, 1])) == 0


def test_two_people_a_team_are_needed_to_tell_teams_from_people():
    import numpy as np

    assert between_teams(np.full((1, 2), 40.0), np.full((1, 2), 8.0), np.array([0, 1])) is None


def test_owners_without_records_are_no_people():
    from checks.judgement.causes.roster import Roster

    roster = Roster(frozenset({"robot"}), {})
    counts = (OwnerCount("a", 0, 0), OwnerCount("robot", 9, 9), OwnerCount(None, 9, 9))

    assert roster.people(Measurement(owners=counts)) == []


def test_hostile_users_break_nothing():
    people = [{"id": "u0", "name": None}, {"id": "u0", "name": "Twice"}, {"id": "x'; --"}]

    assert of_amounts(deals(lambda rep, number: True), people=people).kind == "systemic"
