"""Signs that figures were made rather than work done: they are said, and change no figure.

Each of them has honest explanations too (a clean-up with a list, a new rule), so the page asks for
a second look and accuses nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from checks.change.life import Turn
from checks.change.records import found_again_relation
from checks.context import Context
from checks.run_info import Notice
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier, literal
from connectors.model import TABLES

if TYPE_CHECKING:
    import pandas as pd

#: Findings of one check that were resolved within ten minutes.
_MASS = 20
#: Filled fields of which so many hold one value: an obligation was defeated.
_FILLED, _ALIKE = 30, 0.6
#: Close dates that moved by exactly so many days, and how many of them it takes.
_JUMPS, _JUMPED, _SHARE_JUMPED = (30, 90), 10, 0.25
#: Deals without a future that were closed as lost without a reason.
_CLOSED = 10
_ZOMBIES = ("zombie-deal", "open-deal-past-close-date", "stalled-open-deal")

_TURNED, _MOVED = "turned_findings", "findings_that_turned"


def signs(
    context: Context, specs: Sequence[CheckSpec], moved: pd.DataFrame, since: date
) -> list[Notice]:
    """Return the signs, in a fixed order.

    Args:
        context: The audit.
        specs: The checks that were measured.
        moved: The turns of all findings: ``check_id, table_name, record_key, turn``.
        since: Day of the audit before.
    """
    wanted = moved["turn"].isin([Turn.RESOLVED.value, Turn.VANISHED.value])
    turned = moved.loc[wanted, ["check_id", "table_name", "record_key", "turn"]]
    turned = turned.astype({"check_id": str, "table_name": str, "turn": str})
    if turned.empty:
        return list(_jumps(context, since))
    context.snapshot.engine.register(_MOVED, turned)
    _find_records(context)
    return [
        *_mass_resolutions(context),
        *_filled_alike(context, specs),
        *_jumps(context, since),
        *_closed_without_reason(context),
    ]


def _find_records(context: Context) -> None:
    """Lay out what turned with its record: ``check_id, turn, table_name, row_no, modified_at``."""
    found = (
        "select distinct table_name, record_key, row_no "
        f"from {found_again_relation()} where row_no is not null"
    )
    rows = context.snapshot.rows(f"select distinct table_name from {_MOVED} order by all")
    tables = [table for (table,) in rows if "modified_at" in TABLES[table]]
    stamps = "\nunion all\n".join(
        f"select {literal(table)} as table_name, row_no, modified_at from {identifier(table)} "
        f"where row_no in (select row_no from {found_again_relation()})"
        for table in tables
    )
    nothing = (
        "select '' as table_name, 0 as row_no, cast(null as timestamp) as modified_at where false"
    )
    context.snapshot.run(
        f"create or replace temp table {_TURNED} as select * from {_MOVED} "
        f"join ({found}) as found using (table_name, record_key) "
        f"left join ({stamps or nothing}) as stamps using (table_name, row_no)"
    )


def _mass_resolutions(context: Context) -> Iterator[Notice]:
    rows = context.snapshot.rows(
        "select check_id, max(within) from ("
        "select check_id, count(*) over (partition by check_id order by modified_at "
        "range between interval 10 minutes preceding and current row) as within "
        f"from {_TURNED} where turn = 'resolved' and modified_at is not null "
        "and modified_at <> date_trunc('day', modified_at)) "
        f"group by check_id having max(within) >= {_MASS} order by check_id"
    )
    for check_id, count in rows:
        yield Notice(code="mass_resolution", facts={"check": check_id, "count": count})


def _filled_alike(context: Context, specs: Sequence[CheckSpec]) -> Iterator[Notice]:
    """Yield the fields that were filled with one value over and over; the value is not told."""
    for spec in specs:
        if not spec.collects or spec.collects not in TABLES[spec.table]:
            continue
        ((filled, alike),) = context.snapshot.rows(
            f"select coalesce(sum(records), 0), coalesce(max(records), 0) from ("
            f"select count(*) as records from {_TURNED} join {identifier(spec.table)} as record "
            f"using (row_no) where check_id = {literal(spec.id)} and turn = 'resolved' "
            f"and table_name = {literal(spec.table)} and record.{identifier(spec.collects)} is not "
            f"null group by record.{identifier(spec.collects)})"
        )
        if filled >= _FILLED and alike >= _ALIKE * filled:
            facts = {"check": spec.id, "column": f"{spec.table}.{spec.collects}"}
            yield Notice(code="filled_alike", facts=facts | {"count": alike, "of": filled})


def _jumps(context: Context, since: date) -> Iterator[Notice]:
    """Yield the close dates that moved by exactly a month or a quarter, as a whole."""
    jumps = ", ".join(map(str, _JUMPS))
    ((moves, jumped),) = context.snapshot.rows(
        "select count(*), count(*) filter (abs(days) in "
        f"({jumps})) from (select date_diff('day', try_cast(old_value as date), "
        "try_cast(new_value as date)) as days from field_history where table_name = 'deals' "
        "and field = 'close_date' and day_of(changed_at) > $since) where days is not null",
        {"since": since},
    )
    if jumped >= _JUMPED and jumped >= _SHARE_JUMPED * moves:
        yield Notice(code="pushed_alike", facts={"count": jumped, "of": moves})


def _closed_without_reason(context: Context) -> Iterator[Notice]:
    """Yield the deals without a future that were closed as lost, and nobody said why."""
    checks = ", ".join(map(literal, _ZOMBIES))
    ((count,),) = context.snapshot.rows(
        f"select count(distinct row_no) from {_TURNED} join deals using (row_no) "
        f"where table_name = 'deals' and check_id in ({checks}) and turn = 'vanished' "
        "and state = 'lost' and filled(lost_reason) is null "
        "and exists (select 1 from deals where filled(lost_reason) is not null)"
    )
    if count >= _CLOSED:
        yield Notice(code="closed_without_reason", facts={"count": count})
