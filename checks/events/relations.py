"""Relations of the engine that tell what happened, each made once, when first asked for.

A file ``events/<name>.sql`` is one query; its relation bears the file's name. Comment lines on
top say what a row is, and:

* ``-- needs: deals.stage, field_history.changed_at`` - columns without which it cannot be;
* ``-- builds on: history, programs`` - relations that the query reads;
* ``-- limits by: pipeline, stage`` - its rows are limits that the past teaches, for what these
  columns say (nothing, where it is one for all): they are learned once and kept, as
  ``checks.events.settled`` has it.

``$as_of`` is the day of the audit, inclusive, and ``$window_start`` the first day of the window.

What a query alone cannot make is made by ``checks.events.learned`` and read in the same way.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from checks.context import Context
from checks.events.learned import stage_limits
from checks.events.settled import settle_relation
from checks.measurement import Measurement, not_observable

if TYPE_CHECKING:
    import pandas as pd

_HEADER = re.compile(r"-- (?P<rule>needs|builds on|limits by):(?P<value>.*)")


@dataclass(frozen=True)
class Event:
    """One relation, as its file declares it.

    Attributes:
        sql: The query; empty if the relation is learned.
        needs: Source columns that its own query cannot do without, as (table, column).
        builds_on: Relations that it reads.
        learn: Makes its few rows, if no query can.
        limits_by: What its rows are limits for, as columns; None where they are none.
    """

    name: str
    sql: str = ""
    needs: tuple[tuple[str, str], ...] = ()
    builds_on: tuple[str, ...] = ()
    learn: Callable[[Context], pd.DataFrame] | None = None
    limits_by: tuple[str, ...] | None = None


_LEARNED = (
    Event(
        "stage_limits",
        builds_on=("stage_visits",),
        learn=stage_limits,
        limits_by=("pipeline", "stage"),
    ),
)


def relation(context: Context, name: str) -> str:
    """Lay out a relation, and what it builds on, unless that was done; return its name.

    Whether its columns were supplied is another question: without them it may be empty.
    """
    event = events()[name]
    if name not in context.relations:
        for other in event.builds_on:
            relation(context, other)
        if event.learn:
            _lay_out(context, name, event.learn(context))
        else:
            context.snapshot.run(
                f"create or replace temp table {name} as\n{event.sql}", _values(context, event.sql)
            )
        if event.limits_by is not None:
            settle_relation(context, name, event.limits_by)
        context.relations.add(name)
    return name


def _lay_out(context: Context, name: str, frame: pd.DataFrame) -> None:
    learned = f"learned_{name}"
    context.snapshot.engine.register(learned, frame)
    context.snapshot.run(
        f"create or replace temp table {name} as select * from {learned}; drop view {learned}"
    )


def signs(context: Context, name: str) -> list[str]:
    """Return the codes that a relation of signs holds, in their order."""
    rows = context.snapshot.rows(f"select sign from {relation(context, name)} order by sign")
    return [sign for (sign,) in rows]


def needs(*names: str) -> tuple[tuple[str, str], ...]:
    """Return the source columns that relations need, with all that they build on."""
    return tuple(dict.fromkeys(column for name in names for column in _needs(name)))


def unseen(context: Context, *names: str) -> Measurement | None:
    """Return "not observable" naming the columns that relations lack; None if they lack none."""
    capabilities = context.snapshot.capabilities
    missing = tuple(
        column for column in needs(*names) if not capabilities.column(*column).observable
    )
    if not missing:
        return None
    reason = str(capabilities.column(*missing[0]))
    columns = [f"{table}.{column}" for table, column in missing]
    return not_observable(reason, missing=missing, columns=columns)


@cache
def events() -> dict[str, Event]:
    """Return every relation that can be laid out, by name."""
    folder = resources.files(__package__ or "checks.events")
    files = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    written = {
        name.removesuffix(".sql"): _parsed(
            name.removesuffix(".sql"), folder.joinpath(name).read_text("utf-8")
        )
        for name in files
    }
    return written | {event.name: event for event in _LEARNED}


def _parsed(name: str, sql: str) -> Event:
    declared: dict[str, list[str]] = defaultdict(list)
    for line in sql.splitlines():
        if match := _HEADER.fullmatch(line):
            parts = map(str.strip, match["value"].split(","))
            declared[match["rule"]] += [part for part in parts if part]
    columns = [tuple(column.split(".", 1)) for column in declared["needs"]]
    return Event(
        name,
        sql,
        tuple((table, column) for table, column in columns),
        tuple(declared["builds on"]),
        limits_by=tuple(declared["limits by"]) if "limits by" in declared else None,
    )


def _needs(name: str) -> Iterator[tuple[str, str]]:
    event = events()[name]
    for other in event.builds_on:
        yield from _needs(other)
    yield from event.needs


def _values(context: Context, sql: str) -> dict[str, object] | None:
    """Return what the placeholders of a query stand for; the engine accepts no others."""
    months = {"as_of": context.as_of, "months": context.profile.window_months}
    values: dict[str, object] = {}
    if "$as_of" in sql:
        values["as_of"] = context.as_of
    if "$window_start" in sql:
        ((start,),) = context.snapshot.rows("select months_before($as_of, $months)", months)
        values["window_start"] = start
    return values or None
