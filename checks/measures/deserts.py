"""Months in which somebody with open deals logged nothing by hand, against all expectation.

Activities are over-dispersed: with ten to be expected, a month without any is impossible under a
Poisson law and ordinary under a negative binomial one. So the law is fitted to the months that
are no desert, and only a month that it makes all but impossible counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from checks.context import Context
from checks.events.relations import relation, signs, unseen
from checks.few_people import enough_people
from checks.measurement import Measurement, OwnerCount, Ruling, not_observable
from checks.results import State
from checks.spec import CheckSpec

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_FEWEST_REPS = 3
#: Months of one calendar month that its level is learned from; of all months where there are fewer.
_FEWEST_OF_MONTH = 3
#: Bounds of the dispersion: below, activities would be all or nothing; above, it is a Poisson law.
_LEAST_K, _MOST_K = 0.5, 1e6
#: From this share on, a person's activities are logged by a program, and say nothing of typing.
_ALL_BY_PROGRAM = 0.9


@dataclass(frozen=True)
class Months:
    """Months of people; arrays have one entry a person and month.

    Attributes:
        load: Activities to be expected of the open deals, if everybody logged alike.
        present: Share of the month's business days that the person was there.
        done: Activities logged by hand.
    """

    people: list[str]
    months: list[date]
    load: Array
    present: Array
    done: Array


def activity_desert(context: Context, spec: CheckSpec) -> Measurement:
    """Count the months in which people with open deals logged nothing, though they must have.

    Months in which nothing could be expected anyway are neither deserts nor healthy: where
    nothing was logged in them, they are left out and lower the coverage.
    """
    missing = unseen(context, "human_activities", "reps", "deal_months")
    if missing:
        return missing
    if not _is_usual(context):
        return not_observable("activities_not_logged")
    months = _read(context, float(spec.params["open_deals"]))
    reps = sorted(set(months.people))
    if len(reps) < _FEWEST_REPS:
        ruling = Ruling(
            State.INCONCLUSIVE,
            None,
            reason="nobody_to_compare",
            reason_facts={"reps": len(reps), "needed": _FEWEST_REPS},
        )
        return Measurement(owners=tuple(OwnerCount(r, 1, 0) for r in reps), ruling=ruling)
    silent = months.done == 0
    unlikely = chance_of_nothing(months) < float(spec.params["p"])
    owners = _by_person(months.people, ~silent | unlikely, silent & unlikely)
    doubts = signs(context, "inbox")
    return Measurement(
        owners=owners,
        coverage=float((~silent | unlikely).mean()) if silent.size else 0.0,
        evidence="estimated" if doubts else "measured",
        reason_facts={"doubts": doubts} if doubts else {},
        is_capped=not enough_people(sum(one.k_defect > 0 for one in owners), len(owners)),
    )


def chance_of_nothing(months: Months) -> Array:
    """Return P(no activity) of each month, from the months that have some.

    Each calendar month has a level of its own, for holidays; a person away for half of it is
    expected to log half. The dispersion of the negative binomial law is fitted by moments.
    """
    lively = months.done > 0
    expected = months.load * months.present * _levels(months, lively)
    mean, seen = expected[lively], months.done[lively]
    excess = float(((seen - mean) ** 2 - mean).sum())
    dispersion = float((mean**2).sum()) / excess if excess > 0 else _MOST_K
    k = min(max(dispersion, _LEAST_K), _MOST_K)
    return np.asarray((1 + expected / k) ** -k)


def _levels(months: Months, lively: NDArray[np.bool_]) -> Array:
    """Return activities over load, of the calendar month of each entry."""
    weight = months.load * months.present
    overall = months.done[lively].sum() / max(float(weight[lively].sum()), 1e-9)
    levels = np.full(len(months.done), overall)
    of_month = np.array([month.toordinal() for month in months.months])
    for month in np.unique(of_month):
        there = lively & (of_month == month)
        if there.sum() >= _FEWEST_OF_MONTH and weight[there].sum() > 0:
            levels[of_month == month] = months.done[there].sum() / weight[there].sum()
    return levels


def _is_usual(context: Context) -> bool:
    """Return whether this organisation logs its activities at all."""
    if unseen(context, "activity_logging"):
        return True
    logging = context.snapshot.rows(f"select is_usual from {relation(context, 'activity_logging')}")
    return all(is_usual for (is_usual,) in logging)


def _read(context: Context, least_open: float) -> Months:
    """Return the months of people who have deals to work on and log some of it by hand."""
    for name in ("deal_months", "presence"):
        relation(context, name)
    rows = context.snapshot.rows(
        f"""
        with of_pairs as (
            select owner_id, user_id, cast(date_trunc('month', happened_day) as date) as month,
                count(*) filter (is_manual) as by_hand, count(*) as logged
            from {relation(context, "human_activities")}
            where happened_day >= (select min(month) from deal_months)
            group by all
        ),
        manual as (
            select person, month, sum(by_hand) as by_hand, sum(logged) as logged
            from (
                select unnest(list_distinct([owner_id, user_id])) as person,
                    month, by_hand, logged
                from of_pairs
            )
            where person in (select owner_id from reps where not is_new)
            group by all
        ),
        by_program as (
            select person from manual group by person
            having sum(by_hand) < (1 - {_ALL_BY_PROGRAM}) * sum(logged)
        ),
        rates as (
            select pipeline, sum(activities) / nullif(sum(deals), 0) as rate
            from deal_months group by pipeline
        )
        select owner_id, deal_months.month, sum(deals * rate) as load,
            1 - coalesce(any_value(presence.days), 0) / any_value(business_days),
            coalesce(any_value(by_hand), 0)
        from deal_months
        join rates using (pipeline)
        join reps using (owner_id)
        left join manual on manual.person = owner_id and manual.month = deal_months.month
        left join presence
            on presence.user_id = owner_id and presence.month = deal_months.month
        where not is_new and since <= deal_months.month
          and owner_id not in (select person from by_program)
        group by owner_id, deal_months.month
        having sum(deals) >= $least_open
        order by owner_id, deal_months.month
        """,
        {"least_open": least_open},
    )
    kept = [row for row in rows if row[3] > 0]
    return Months(
        [row[0] for row in kept],
        [row[1] for row in kept],
        *(np.array([float(row[i] or 0) for row in kept]) for i in (2, 3, 4)),
    )


def _by_person(
    people: list[str], judged: NDArray[np.bool_], deserts: NDArray[np.bool_]
) -> tuple[OwnerCount, ...]:
    counts: dict[str, list[int]] = {}
    for person, n, k in zip(people, judged, deserts, strict=True):
        pair = counts.setdefault(person, [0, 0])
        pair[0] += int(n)
        pair[1] += int(k)
    return tuple(OwnerCount(person, n, k) for person, (n, k) in sorted(counts.items()) if n)
