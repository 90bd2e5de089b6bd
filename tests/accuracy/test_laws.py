"""Laws that hold in every world: what must not matter does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.context import Context
from checks.judgement.judging import judge
from checks.measuring import measure_all
from checks.profile import Profile
from checks.results import AuditResult, CheckResult, SignalId, State, VerdictState
from connectors.model import RECORD_TABLES, TABLES, Kind
from connectors.snapshot import Availability, Snapshot
from tests.accuracy.audited import TRUSTED, run_of, specs
from tests.accuracy.sickness import all_families
from tests.world_snapshots import snapshot_of
from tests.worlds.plan import Plan, healthy
from tests.worlds.workdays import Workdays
from tests.worlds.world import World, make_world

#: They read where in a month or a year something happens, or how long history has been kept.
_READ_THE_CALENDAR = frozenset(
    ["serially-pushed-deal", "burst-updates", "activity-desert", "missing-review-ritual",
     "recurring-import", "forecast-bias", "forecast-error", "forecast-without-skill",
     "forecast-miscalibrated", "late-logged-activity"]
)  # fmt: skip
#: They look into other tables too.
_SPAN_TABLES = frozenset(["invalid-email", "invalid-phone"])
#: Columns that one check reads together with others like them: nonsense, spellings, numbers and
#: mails are looked for wherever they may stand, and nobody knows in which columns a CRM has them.
_ALIKE = frozenset(
    f"deals.{name}"
    for name in ("name", "type", "description", "lead_source", "lost_reason", "next_step",
                 "pipeline", "forecast_category", "amount", "close_date")
)  # fmt: skip
#: They count what differs more than chance would have it, and twice the records are surer.
_AGAINST_CHANCE = frozenset(
    ["field-completion-spread", "private-field", "stage-dialect", "picklist-dump",
     "definition-spread", "comparability-index", "forecast-error"]
)  # fmt: skip
#: They learn from so many deals what is usual, and half of them can be too few for it.
_LEARN_WHAT_IS_USUAL = frozenset(["skipped-stage"])
_SETTINGS = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
_ORDER = (State.ABSENT, State.EMERGING, State.PRESENT)


def some_plan(seed: int) -> Plan:
    """A small world that is sick in two signals."""
    plan = healthy(seed, reps=8, deals=450)
    for signal in (1, 1 + seed % 3 + 1):
        plan = plan.planting(*all_families(signal, seed))
    return plan


@cache
def some_world(seed: int) -> World:
    """The world of that plan."""
    return make_world(some_plan(seed))


def audit(world: World, change: Callable[[Snapshot], None] | None = None) -> AuditResult:
    """Audit a world whose snapshot was changed first."""
    snapshot = snapshot_of(world)
    if change is not None:
        change(snapshot)
    context = Context(snapshot, Profile(), world.plan.as_of)
    result = judge(
        context, specs(), measure_all(context, specs()), TRUSTED, run_of(world), named=True
    )
    snapshot.close()
    return result


@cache
def as_it_is(seed: int) -> AuditResult:
    """The audit of a world that nothing was changed in."""
    return audit(some_world(seed))


def by_id(result: AuditResult) -> dict[str, CheckResult]:
    """The checks of a result by their ids."""
    return {check.check_id: check for check in result.checks}


seeds = st.integers(min_value=0, max_value=1)


@_SETTINGS
@given(seed=seeds)
def test_no_check_breaks(seed: int) -> None:
    broken = [c.check_id for c in as_it_is(seed).checks if c.state is State.ERROR]
    assert broken == []


@_SETTINGS
@given(seed=seeds)
def test_four_weeks_later_the_same_records_fail(seed: int) -> None:
    world = some_world(seed)
    later = replace(
        world,
        plan=replace(world.plan, as_of=world.plan.as_of + np.timedelta64(28, "D").item()),
        calendar=Workdays(world.calendar.days + np.timedelta64(28, "D")),
    )
    before, after = by_id(as_it_is(seed)), by_id(audit(later))
    for check_id, check in before.items():
        if check_id not in _READ_THE_CALENDAR:
            assert (check.k_defect, check.n_eligible) == (
                after[check_id].k_defect,
                after[check_id].n_eligible,
            ), check_id


@_SETTINGS
@given(seed=seeds)
def test_of_twice_the_records_the_same_share_fails(seed: int) -> None:
    before, after = by_id(as_it_is(seed)), by_id(audit(some_world(seed), double))
    for check_id, check in before.items():
        if check_id in _AGAINST_CHANCE | _LEARN_WHAT_IS_USUAL or check_id.startswith("duplicate-"):
            continue
        if check.rate is not None:
            assert after[check_id].rate == pytest.approx(check.rate, abs=1e-6), check_id


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


@_SETTINGS
@given(seed=seeds)
def test_another_unit_of_money_changes_no_state(seed: int) -> None:
    def multiply(snapshot: Snapshot) -> None:
        snapshot.run("update deals set amount = amount * 1000")
        snapshot.run(
            "update field_history set old_value = cast(cast(old_value as decimal(18, 2)) * 1000 as"
            " varchar), new_value = cast(cast(new_value as decimal(18, 2)) * 1000 as varchar)"
            " where field = 'amount'"
        )

    before, after = by_id(as_it_is(seed)), by_id(audit(some_world(seed), multiply))
    for check_id, check in before.items():
        # The index sums up what is found in amounts, among others.
        of_amounts = ("amount-convention-spread", "comparability-index")
        if "junk" not in check_id and check_id not in of_amounts:
            assert after[check_id].state is check.state, check_id


@_SETTINGS
@given(seed=seeds, data=st.data())
def test_what_is_left_out_never_clears_anyone(seed: int, data: st.DataObject) -> None:
    whole = as_it_is(seed)
    names = [f"{t}.{c}" for (t, c), s in observable(seed).items() if s.observable]
    gone = data.draw(st.lists(st.sampled_from(sorted(names)), min_size=1, max_size=3))

    def leave_out(snapshot: Snapshot) -> None:
        for name in gone:
            table, column = name.split(".")
            snapshot.run(f'update {table} set "{column}" = null')
            snapshot.capabilities.columns[table, column] = Availability.COLUMN_ABSENT

    less = audit(some_world(seed), leave_out)
    if whole.verdict.state is not VerdictState.NOT_ESTABLISHED:
        assert less.verdict.state is not VerdictState.NOT_ESTABLISHED, gone
    if any(name in _ALIKE or name.split(".")[0] not in ("deals", "users") for name in gone):
        return
    for signal in SignalId:
        assert index_lo(less, signal) <= index_lo(whole, signal) + 1e-9, (gone, signal)


@cache
def observable(seed: int) -> dict[tuple[str, str], Availability]:
    """What can be read in a world, per table and column that a check may need."""
    snapshot = snapshot_of(some_world(seed))
    columns = {
        key: state
        for key, state in snapshot.capabilities.columns.items()
        if key[0] in (*RECORD_TABLES, "users", "field_history") and key[1] not in ("id", "is_won")
    }
    snapshot.close()
    return columns


def index_lo(result: AuditResult, signal: SignalId) -> float:
    """The lowest that a signal's index can be."""
    return next(one.index_lo for one in result.signals if one.id is signal)


@_SETTINGS
@given(seed=seeds)
def test_a_seller_without_a_defect_makes_nothing_worse(seed: int) -> None:
    before, after = by_id(as_it_is(seed)), by_id(audit(some_world(seed), hire_a_careful_seller))
    for check_id, check in before.items():
        spread = check.signal is SignalId.INCONSISTENT_USE
        if spread or check.state not in _ORDER or after[check_id].state not in _ORDER:
            continue
        assert _ORDER.index(after[check_id].state) <= _ORDER.index(check.state), check_id


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


@_SETTINGS
@given(seed=seeds, table=st.sampled_from(["contacts", "accounts", "leads", "activities"]))
def test_an_empty_table_hides_its_checks(seed: int, table: str) -> None:
    def empty(snapshot: Snapshot) -> None:
        snapshot.run(f"delete from {table}")

    result = audit(some_world(seed), empty)
    alone = [c for c in result.checks if c.table == table and c.check_id not in _SPAN_TABLES]
    assert [c.check_id for c in alone if c.n_eligible] == []
    assert {c.state for c in alone} <= {State.NOT_OBSERVABLE}
