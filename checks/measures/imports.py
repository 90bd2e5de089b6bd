"""Deals and activities that come in from a file month after month: the file is the master."""

from __future__ import annotations

from checks.context import Context, hits_relation
from checks.events.relations import relation
from checks.measurement import Measurement, OwnerCount, Ruling, not_observable
from checks.measures.examined import observable
from checks.results import Metric, State
from checks.spec import CheckSpec

#: Months that are looked at, and those that must be left after the migration to say anything.
_MONTHS, _FEWEST_MONTHS = 6, 3
#: Days of import, one every other week, from which the severity is greatest.
_CRITICAL_DAYS = 12


def recurring_import(context: Context, spec: CheckSpec) -> Measurement:
    """Count the months in which deals or activities were imported.

    ``n`` counts the last six months, without those of the migration: the first ones of the CRM's
    own records. ``hits`` are the imported records, those of other tables with ``table_name``.
    """
    missing = _without_dates(context)
    if len(missing) == 2:
        return not_observable(
            str(context.snapshot.capabilities.column(*missing[0])),
            missing=missing,
            columns=[f"{table}.{column}" for table, column in missing],
        )
    _create_hits(context, spec)
    ((months, imports, days),) = context.snapshot.rows(
        f"""
        with went_live as ({_went_live(context)}),
        months as (
            select number, $as_of - to_months(cast(number + 1 as integer)) as after,
                $as_of - to_months(cast(number as integer)) as until
            from (select unnest(range({_MONTHS})) as number)
        ),
        counted as (
            select number, count(distinct imports.day) as days
            from months
            left join (select distinct day from {relation(context, "imported")}) as imports
                on imports.day > months.after and imports.day <= months.until
            where months.after >= (select day from went_live)
            group by number
        )
        select count(*), count(*) filter (days > 0), coalesce(sum(days), 0) from counted
        """,
        {"as_of": context.as_of, "months": int(spec.params["migration_months"])},
    )
    if months < _FEWEST_MONTHS:
        return not_observable("too_young_crm")
    return Measurement(
        owners=(OwnerCount(None, months, imports),),
        hits=hits_relation(spec),
        missing=missing,
        metric=Metric(name="import_days", value=float(days), unit="days"),
        ruling=_ruling(int(days), imports, spec),
    )


def _without_dates(context: Context) -> tuple[tuple[str, str], ...]:
    return tuple(
        (table, "created_at")
        for table in ("deals", "activities")
        if not observable(context, table, ["created_at"])
    )


def _went_live(context: Context) -> str:
    """Return the query of the day on which the migration was over, at the latest."""
    return (
        "select months_before(coalesce(min(day_of(created_at)), date '0001-01-01'), -$months) "
        "as day from (select created_at from deals where is_live union all"
        " select created_at from activities where not coalesce(is_deleted, false))"
    )


def _create_hits(context: Context, spec: CheckSpec) -> None:
    """List what was imported in these months, the last time that it was."""
    context.snapshot.run(
        f"""
        create or replace table {hits_relation(spec)} as
        select
            if(table_name = 'deals', row_no, -row_no) as row_no, min(record_id) as record_id,
            table_name, max(imported_at) as imported_at
        from {relation(context, "imported")}, (select $as_of - to_months({_MONTHS}) as after)
        where day > after
        group by table_name, row_no
        """,
        {"as_of": context.as_of},
    )


def _ruling(days: int, months: int, spec: CheckSpec) -> Ruling:
    """Return the state: a few days in a row may be one late migration, months are a habit."""
    least_days, least_months = int(spec.params["days"]), int(spec.params["months"])
    if days < least_days:
        return Ruling(State.ABSENT, 0.0, 0.0)
    if months < least_months:
        return Ruling(State.EMERGING, 0.25, 0.85)
    beyond = (days - least_days) / (_CRITICAL_DAYS - least_days)
    return Ruling(State.PRESENT, min(1.0, 0.5 + 0.5 * beyond), 1.0)
