"""Worlds that are changed in a way that must not matter, or must matter in one direction only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

import numpy as np

from checks.context import Context
from checks.judgement.judging import judge
from checks.measuring import measure_all
from checks.profile import Profile
from checks.results import AuditResult, CheckResult
from connectors.model import RECORD_TABLES, TABLES, Kind
from connectors.snapshot import Availability, Snapshot
from tests.accuracy.audited import TRUSTED, run_of, specs
from tests.accuracy.sickness import all_families
from tests.world_snapshots import snapshot_of
from tests.worlds.plan import Plan, healthy
from tests.worlds.workdays import Workdays
from tests.worlds.world import World, make_world

Change = Callable[[Snapshot], None]


#: Reps and deals of small worlds, in turn.
_SIZES = ((8, 450), (5, 150), (12, 700), (8, 240))


def some_plan(seed: int) -> Plan:
    """A small world that is sick in two signals."""
    reps, deals = _SIZES[seed % len(_SIZES)]
    plan = healthy(seed, reps=reps, deals=deals)
    for signal in (1, 1 + seed % 3 + 1):
        plan = plan.planting(*all_families(signal, seed))
    return plan


@cache
def some_world(seed: int) -> World:
    """The world of that plan."""
    return make_world(some_plan(seed))


def audit(world: World, change: Change | None = None, only: Iterable[str] = ()) -> AuditResult:
    """Audit a world whose snapshot was changed first; by some checks alone, if any are named."""
    chosen = [spec for spec in specs() if not only or spec.id in only]
    snapshot = snapshot_of(world)
    if change is not None:
        change(snapshot)
    context = Context(snapshot, Profile(), world.plan.as_of)
    measured = measure_all(context, chosen)
    result = judge(context, chosen, measured, TRUSTED, run_of(world), named=True)
    snapshot.close()
    return result


@cache
def as_it_is(seed: int) -> AuditResult:
    """The audit of a world that nothing was changed in."""
    return audit(some_world(seed))


def by_id(result: AuditResult) -> dict[str, CheckResult]:
    """The checks of a result by their ids."""
    return {check.check_id: check for check in result.checks}


def later_by_four_weeks(world: World) -> World:
    """The same world, with everything that happens 28 days later."""
    return replace(
        world,
        plan=replace(world.plan, as_of=world.plan.as_of + np.timedelta64(28, "D").item()),
        calendar=Workdays(world.calendar.days + np.timedelta64(28, "D")),
    )


def without(names: Iterable[str]) -> Change:
    """Leave columns out, each named with its table, as an export would that has them not."""

    def leave_out(snapshot: Snapshot) -> None:
        for name in names:
            table, column = name.split(".")
            snapshot.run(f'update {table} set "{column}" = null')
            snapshot.capabilities.columns[table, column] = Availability.COLUMN_ABSENT

    return leave_out


@cache
def columns_of(seed: int) -> tuple[str, ...]:
    """What can be read in a world: columns that a check may need, named with their tables."""
    snapshot = snapshot_of(some_world(seed))
    columns = [
        f"{table}.{column}"
        for (table, column), state in snapshot.capabilities.columns.items()
        if table in (*RECORD_TABLES, "users", "field_history")
        and column not in ("id", "is_won")
        and state.observable
    ]
    snapshot.close()
    return tuple(sorted(columns))


def in_money_of_another_unit(snapshot: Snapshot) -> None:
    """Count money in a thousandth of its unit, in records and in their history."""
    snapshot.run("update deals set amount = amount * 1000")
    snapshot.run(
        "update field_history set old_value = cast(cast(old_value as decimal(18, 2)) * 1000 as"
        " varchar), new_value = cast(cast(new_value as decimal(18, 2)) * 1000 as varchar)"
        " where field = 'amount'"
    )


def deal_out_anew(snapshot: Snapshot) -> None:
    """Give every deal and lead to the owner of another one, so that nobody has habits any more."""
    for table in ("deals", "leads"):
        snapshot.run(
            f"update {table} set owner_id = dealt.owner_id from ("
            f"with taken as (select row_no, row_number() over (order by hash(id)) as place"
            f" from {table}), given as (select owner_id, row_number() over (order by row_no)"
            f" as place from {table}) select row_no, given.owner_id from taken join given"
            f" using (place)) as dealt where dealt.row_no = {table}.row_no"
        )


def double(snapshot: Snapshot) -> None:
    """Add a second company that is like the first in everything but its keys."""
    for name, table in TABLES.items():
        if name == "stages" or not snapshot.count(name):
            continue
        keys = ", ".join(
            f"{column.name} || '-b' as {column.name}"
            for column in table.columns
            if column.kind is Kind.KEY
        )
        snapshot.run(
            f"insert into {name} select * replace ({keys}, row_no + (select max(row_no)"
            f" from {name}) as row_no) from {name}"
        )


def hire_a_careful_seller(snapshot: Snapshot) -> None:
    """Add somebody with twelve live deals, each with everything that a deal should have."""
    ((as_of,),) = snapshot.rows("select max(modified_at) from deals")
    snapshot.run(
        "insert into users (id, name, email, is_active, is_integration, team_id, manager_id,"
        " created_at, last_login_at, row_no, is_live) select 'u-careful', 'Ada Careful',"
        f" 'ada@careful.example', true, false, team_id, manager_id, created_at, '{as_of}', 9000,"
        " true from users where team_id is not null order by id limit 1"
    )
    snapshot.run(
        "insert into deals by name select 'd-careful-' || i as id, 'Careful deal ' || i as name,"
        " account_id, contact_id, 'u-careful' as owner_id, pipeline, 'open' as state,"
        " (select name from stages where rank = 2) as stage, false as is_closed, false as is_won,"
        " 10500 + 137 * i as amount, currency,"
        " (select probability from stages where rank = 2) as probability, forecast_category,"
        f" cast('{as_of}' as date) + 40 + cast(i as integer) as close_date,"
        " 'Send the contract ' || i as next_step, type, lead_source,"
        f" timestamp '{as_of}' - to_days(8) as created_at, 'u-careful' as created_by_id,"
        f" timestamp '{as_of}' - to_days(1) as modified_at, 'u-careful' as modified_by_id,"
        f" timestamp '{as_of}' - to_days(8) as stage_changed_at, false as is_deleted,"
        " 900000 + i as row_no, true as is_live"
        " from (select *, row_number() over (order by id) as i from deals where state = 'open'"
        " and is_live and account_id is not null and contact_id is not null and type is not null"
        " and description is null and lead_source in (select lead_source from deals group by 1"
        " order by count(*) desc, 1 limit 3)) where i <= 12"
    )
    snapshot.run(
        "insert into activities by name select 'a-careful-' || d.id as id, 'call' as kind,"
        " 'Call' as subject, 'u-careful' as owner_id, d.id as deal_id, d.account_id,"
        f" timestamp '{as_of}' - to_days(1) as happened_at, true as is_closed,"
        f" timestamp '{as_of}' - to_days(1) as created_at, 'u-careful' as created_by_id,"
        " 'CRM_UI' as source, false as is_deleted, 9000000 + d.row_no as row_no, true as is_live"
        " from deals as d where d.owner_id = 'u-careful'"
    )
