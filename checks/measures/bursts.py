"""People who bring the CRM up to date in one go: once a month, or just before the review.

That most edits of a month lie within one hour, and most of a quarter on three days, tells those
who catch up from those who work in the CRM. Measures of bursty time series (Goh and Barabási
2008) do not: an office day is bursty by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.context import Context
from checks.events.relations import relation, unseen
from checks.measurement import Measurement, OwnerCount, not_observable
from checks.spec import CheckSpec

#: Whole months looked back on, and how many of them must hold enough edits: nobody edits much in
#: the month of holidays.
_MONTHS, _ENOUGH_MONTHS = 6, 3


@dataclass(frozen=True)
class _Habit:
    """How one person edits.

    Attributes:
        in_hour: Share of a month's edits within one hour, in the median month.
        in_days: Share of all edits on the three busiest days.
        before_review: Share of all edits in the day before the weekly review.
        late_days: Business days after which half of what the person does is logged, or None.
    """

    person: str
    in_hour: float
    in_days: float
    before_review: float
    late_days: float | None

    def catches_up(self, params: dict[str, float | int | str]) -> bool:
        """Return whether the CRM is brought up to date once a month."""
        return self.in_hour >= float(params["in_hour"]) and self.in_days >= float(params["in_days"])

    def prepares(self, params: dict[str, float | int | str]) -> bool:
        """Return whether it is brought up to date for the weekly review."""
        return self.before_review >= float(params["before_review"])

    def is_late(self, params: dict[str, float | int | str]) -> bool:
        """Return whether what happened is logged when it is long over."""
        return self.late_days is not None and self.late_days > float(params["late_days"])


def burst_updates(context: Context, spec: CheckSpec) -> Measurement:
    """Count the salespeople who make their edits in bursts.

    Updating just before the weekly review is also a ritual that works: it makes the check
    emerging at most, unless what these people do is logged days late as well.
    """
    missing = unseen(context, "edits", "reps")
    if missing:
        return missing
    if not _covers_months(context):
        return not_observable("too_short_history")
    habits = _habits(context, spec)
    firm = {one.person: one.catches_up(spec.params) for one in habits}
    weekly = {one.person: one.prepares(spec.params) for one in habits}
    late = {one.person: one.is_late(spec.params) for one in habits}
    sure = [firm[p] or (weekly[p] and late[p]) for p in firm]
    owners = tuple(OwnerCount(p, 1, int(firm[p] or weekly[p])) for p in firm)
    is_capped = sum(sure) < spec.tolerance.high * len(habits)
    return Measurement(owners=owners, counts_people=True, is_capped=is_capped)


def _covers_months(context: Context) -> bool:
    """Return whether the history covers as many whole months as are compared."""
    ((covered,),) = context.snapshot.rows(
        f"select min(since) <= {_first_month(_ENOUGH_MONTHS)} + 7 "
        f"from {relation(context, 'tracked')}",
        {"as_of": context.as_of},
    )
    return bool(covered)


def _first_month(months: int = _MONTHS) -> str:
    """Return the first day of the last whole months, in SQL."""
    return f"cast(date_trunc('month', $as_of + 1) - interval {months} month as date)"


def _habits(context: Context, spec: CheckSpec) -> list[_Habit]:
    """Return how everybody edits of whom there is enough to see."""
    for name in ("reps", "review_hours"):
        relation(context, name)
    late = _lateness(context)
    rows = context.snapshot.rows(
        f"""
        with of_reps as (
            select user_id, edited_at, local_at, cast(local_at as date) as day,
                date_trunc('month', local_at) as month
            from {relation(context, "edits")}
            where user_id in (select owner_id from reps where not is_new)
              and cast(local_at as date) >= {_first_month()}
              and cast(local_at as date) < date_trunc('month', $as_of + 1)
        ),
        sliding as (
            select user_id, month, count(*) over (
                partition by user_id, month order by edited_at
                range between current row and interval 1 hour following
            ) as within_hour
            from of_reps
        ),
        days as (select user_id, month, day, count(*) as edits from of_reps group by all),
        active as (
            select user_id, date_trunc('month', day) as month, count(distinct day) as days
            from (select user_id, day from days union all {_worked_days(context)}) group by all
        ),
        months as (
            select user_id, month, max(within_hour) / count(*) as in_hour
            from sliding join active using (user_id, month)
            group by user_id, month, days
            having count(*) >= $edits and days >= $days
            qualify row_number() over (partition by user_id order by month desc)
                <= {_ENOUGH_MONTHS}
        ),
        weekly as (
            select user_id, avg(cast(
                isodow(local_at) <= 5 and hours_before between 0 and 23 as integer
            )) as before_review
            from (
                select user_id, local_at, (
                    (24 * day_of_review + hour_of_review)
                    - (24 * (isodow(local_at) - 1) + hour(local_at)) - 1 + 168
                ) % 168 as hours_before
                from of_reps join ({_reviews_of_people()}) using (user_id)
            )
            group by user_id
        )
        select user_id, median(in_hour), any_value(busiest.share),
            coalesce(any_value(before_review), 0)
        from months
        join (
            select user_id, list_sum(list_reverse_sort(list(edits))[1:3]) / sum(edits) as share
            from days join months using (user_id, month) group by user_id
        ) as busiest using (user_id)
        left join weekly using (user_id)
        group by user_id
        having count(*) = {_ENOUGH_MONTHS}
        order by user_id
        """,
        {
            "as_of": context.as_of,
            "edits": spec.params["edits"],
            "days": spec.params["days"],
        },
    )
    return [
        _Habit(person, in_hour, in_days, before_review, late.get(person))
        for person, in_hour, in_days, before_review in rows
    ]


def _reviews_of_people() -> str:
    return (
        "select owner_id as user_id, day as day_of_review, hour as hour_of_review "
        "from reps join review_hours on review_hours.team = coalesce(reps.team_id, '')"
    )


def _worked_days(context: Context) -> str:
    """Return on which days people logged something: in the CRM, if not in its fields."""
    if unseen(context, "human_activities"):
        return "select null, null where false"
    logged = relation(context, "human_activities")
    return (
        f"select user_id, day_of(logged_at) from {logged} where logged_at is not null "
        f"and day_of(logged_at) >= {_first_month()} group by all"
    )


def _lateness(context: Context) -> dict[str, float]:
    """Return the business days after which half of what a person does by hand is logged."""
    if unseen(context, "human_activities"):
        return {}
    rows = context.snapshot.rows(
        f"""
        select user_id, median(business_days_between(happened_day, day_of(logged_at)))
        from {relation(context, "human_activities")}
        where is_manual and logged_at is not null and happened_day >= {_first_month()}
          and user_id in (select owner_id from {relation(context, "reps")})
        group by user_id order by user_id
        """,
        {"as_of": context.as_of},
    )
    return dict(rows)
