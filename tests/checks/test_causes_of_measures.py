"""The causes of what is no row-by-row test: measures that rule, list records or count people."""

from __future__ import annotations

from datetime import timedelta

from checks.judgement.causes.examine import find_causes
from checks.judgement.scoring import judge_check
from checks.measurement import Measurement, OwnerCount, Ruling
from checks.measuring import Measured
from checks.results import GroupStat, State
from checks.spec import Tolerance
from tests.checks.judged_samples import spec as weighing
from tests.checks.missing_amounts import REPS, START, causes, deals, users
from tests.checks.snapshots import context_of


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


RULING = weighing("S2.A1", "a-ruling", 0.10, measure="value_variant", defect=None)
PRESENT = Ruling(State.PRESENT, 0.7, 0.99)


def of_measurement(measurement, check=RULING):
    context = context_of({"users": users()})
    found = Measured({check.id: measurement}, (), {check.id: check.table})
    causes = find_causes(context, [check], found, {check.id: judge_check(check, measurement)})
    return causes.triages[check.id], causes


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
