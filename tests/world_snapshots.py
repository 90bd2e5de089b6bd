"""A world handed to the checks directly, for hundreds of worlds: no files, no recognition.

It knows the checks, so it stands beside the worlds, which do not.
"""

from __future__ import annotations

from typing import Any

from checks.context import Context
from checks.profile import Profile
from connectors.engines.duckdb import Engine, identifier
from connectors.model import TABLES
from connectors.snapshot import Availability, Capabilities, Snapshot, create_missing_tables
from tests.worlds.adapters.canonical import lay_out
from tests.worlds.adapters.masks import NOTHING, Mask
from tests.worlds.world import World

_REMOVED = ("is_deleted", "is_archived")
_STATE = "case when is_won then 'won' when is_closed then 'lost' when not is_closed then 'open' end"


def snapshot_of(world: World, mask: Mask = NOTHING) -> Snapshot:
    """Return the snapshot that an export of everything would give, but for what is masked."""
    engine = Engine()
    lay_out(world, engine)
    capabilities = Capabilities()
    for name in TABLES:
        if not mask.hides(name):
            _create(engine, capabilities, name, mask)
        engine.run(f"drop table world_{name}")
    create_missing_tables(engine)
    return Snapshot(engine, capabilities)


def context_of(world: World, mask: Mask = NOTHING, **profile: Any) -> Context:
    """Return what checks are given: the snapshot, the profile, and the day of the audit."""
    return Context(snapshot_of(world, mask), Profile(**profile), world.plan.as_of)


def _create(engine: Engine, capabilities: Capabilities, name: str, mask: Mask) -> None:
    """Create one canonical table of what is there, and say which columns are."""
    model = TABLES[name]
    there = [row[0] for row in engine.rows(f"describe world_{name}")]
    shown = [column for column in there if not mask.hides(name, column)]
    counts = ", ".join(f"count({identifier(column)})" for column in shown)
    filled = engine.rows(f"select {counts} from world_{name}")[0]
    capabilities.tables[name] = Availability.SUPPLIED
    for column, count in zip(shown, filled, strict=True):
        state = Availability.SUPPLIED if count else Availability.COLUMN_EMPTY
        capabilities.columns[name, column] = state
    items = [
        f"cast({column.name if column.name in shown else 'null'} as {column.kind.engine_type})"
        f" as {column.name}"
        for column in model.columns
    ]
    items += [
        f"cast({identifier(c)} as varchar) as {identifier(c)}" for c in shown if c not in model
    ]
    removed = [f"coalesce({flag}, false)" for flag in _REMOVED if flag in shown]
    items.append("row_number() over (order by id) as row_no")
    items.append(f"not ({' or '.join(removed)}) as is_live" if removed else "true as is_live")
    if name == "deals":
        items.append(f"{_STATE if 'is_won' in shown else 'cast(null as varchar)'} as state")
    engine.run(f"create table {name} as select {', '.join(items)} from world_{name}")
