"""What technical origins the records of a table can have, in SQL: imports, programs, sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.context import Context
from checks.events.relations import relation
from connectors.engines.duckdb import identifier
from connectors.model import TABLES

#: Records that one user creates within ten minutes before it is an import, not typing.
BATCH = 50
#: Where only days of creation are known: times the usual number of a day.
_TIMES_A_USUAL_DAY = 20

#: Canonical columns whose values may stand for a form, a channel or a pipeline of their own.
#: The kind of an activity is none: calls are typed by nature, and mails come by themselves.
_ORIGINS = ("pipeline", "type", "lead_source")
#: Columns of the export that no canonical one claims, but whose names speak of an origin.
_SPEAKS_OF_ORIGIN = re.compile(r"source|origin|record.?type|import|batch|integration|migrat", re.I)
_MOST_SOURCE_COLUMNS = 4


@dataclass(frozen=True)
class Attribute:
    """One origin of records.

    Attributes:
        name: ``import_batch``, ``created_by``, ``source``, or the column.
        sql: Its value for a record of the table; NULL where the record has none.
        is_process: Whether a value names a process by itself, whoever owns its records.
        is_text: Whether people typed it: blanks around it, or alone, say nothing.
    """

    name: str
    sql: str
    is_process: bool = False
    is_text: bool = False


def attributes_of(context: Context, table: str) -> list[Attribute]:
    """Return the origins that the records of a table can be told by, in a fixed order."""
    return [
        *_programs(context, table),
        *_batches(context, table),
        *_columns(context, table),
    ]


def _programs(context: Context, table: str) -> Iterator[Attribute]:
    if _reads(context, table, "created_by_id"):
        programs = relation(context, "programs")
        sql = f"case when created_by_id in (select user_id from {programs}) then 'program' end"
        yield Attribute("created_by", sql, is_process=True)
    if _reads(context, table, "source"):
        sql = "case when made_by_program(source) then filled(source) end"
        yield Attribute("source", sql, is_process=True)


def _batches(context: Context, table: str) -> Iterator[Attribute]:
    """Yield the day of the import that made a record, where it was one."""
    if not _reads(context, table, "created_at"):
        return
    ((timed,),) = context.snapshot.rows(
        f"select coalesce(bool_or(created_at <> date_trunc('day', created_at)), false) "
        f"from {identifier(table)} where is_live"
    )
    moment = "time_bucket(interval 10 minutes, created_at)" if timed else "created_at"
    user = "coalesce(created_by_id, '')" if _reads(context, table, "created_by_id") else "''"
    batches = f"batches_{table}"
    fewest = (
        str(BATCH)
        if timed
        else f"greatest({BATCH}, {_TIMES_A_USUAL_DAY} * (select median(made) from made))"
    )
    counted = f"from {identifier(table)} where is_live and created_at is not null"
    if timed:  # most moments made few records, which their hashes tell: they are quick to count
        mark = f"hash({moment}, {user})"
        counted += f" and {mark} in (select {mark} {counted} group by 1 having count(*) >= {BATCH})"
    context.snapshot.run(
        f"create or replace temp table {batches} as with made as ("
        f"select {moment} as moment, {user} as made_by, count(*) as made {counted} group by all) "
        f"select moment, made_by from made where made >= {fewest}"
    )
    inside = f"({moment}, {user}) in (select (moment, made_by) from {batches})"
    day = "strftime(day_of(created_at), '%Y-%m-%d')"
    yield Attribute("import_batch", f"case when {inside} then {day} end", is_process=True)


def _columns(context: Context, table: str) -> Iterator[Attribute]:
    for name in _ORIGINS:
        if name in TABLES[table] and _reads(context, table, name):
            yield Attribute(name, identifier(name), is_text=True)
    own = sorted(
        column
        for (of, column), state in context.snapshot.capabilities.columns.items()
        if of == table
        and state.observable
        and column not in TABLES[table]
        and _SPEAKS_OF_ORIGIN.search(column)
    )
    for name in own[:_MOST_SOURCE_COLUMNS]:
        yield Attribute(name, f"cast({identifier(name)} as varchar)", is_text=True)


def _reads(context: Context, table: str, column: str) -> bool:
    return context.snapshot.capabilities.column(table, column).observable
