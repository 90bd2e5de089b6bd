"""How many weeks the managers of sellers went without a look into the CRM."""

from __future__ import annotations

from checks.context import Context
from checks.events.relations import relation, unseen
from checks.measurement import Measurement, OwnerCount, not_observable
from checks.measures.examined import absent
from checks.spec import CheckSpec

#: Weeks that are looked at, and needed.
WEEKS = 13


def absent_manager(context: Context, spec: CheckSpec) -> Measurement:
    """Count the weeks without a login of who manages sellers; n are weeks of managers.

    The last login alone decides nothing: it says that one week was not missed. Weeks in which
    hardly anybody logs in are holidays. There is no list: the weeks of one person are shown to
    nobody.
    """
    missing = (
        absent(context, "logins", ["user_id", "logged_in_at"])
        or absent(context, "users", ["manager_id", "is_active"])
        or unseen(context, "reps")
    )
    if missing:
        return missing
    ((weeks_kept,),) = context.snapshot.rows(
        "select days_between(min(logged_in_at), $as_of) + 1 from logins "
        "where day_of(logged_in_at) <= $as_of",
        {"as_of": context.as_of},
    )
    if weeks_kept is None or weeks_kept < 7 * WEEKS:
        return not_observable("logins_too_short", n=(weeks_kept or 0) // 7, n_min=WEEKS)
    rows = context.snapshot.rows(
        f"""
        with managers as (
            select manager.id as user_id
            from {relation(context, "reps")} as reps
            join users as seller on seller.id = reps.owner_id
            join users as manager on manager.id = seller.manager_id and manager.is_active
            where manager.id <> seller.id
            group by manager.id having count(distinct seller.id) >= $team
        ),
        seen as (
            select days_between(logged_in_at, $as_of) // 7 as week, user_id
            from logins
            where day_of(logged_in_at) between $as_of - {7 * WEEKS - 1} and $as_of
                and not made_by_program(kind)
        ),
        weeks as (
            select week from (select unnest(range({WEEKS})) as week)
            left join (select week, count(*) as logins from seen group by week) using (week)
            qualify coalesce(logins, 0) * 4 >= median(coalesce(logins, 0)) over ()
        )
        select managers.user_id, count(*), count(*) filter (
            (managers.user_id, weeks.week) not in (select (user_id, week) from seen)
        )
        from managers, weeks group by managers.user_id order by managers.user_id
        """,
        {"as_of": context.as_of, "team": spec.params["team"]},
    )
    return Measurement(owners=tuple(OwnerCount(*row) for row in rows))
