"""The frames of a world as canonical rows: ids, stamps, texts; made by the engine, so fast.

Every adapter starts here: ``lay_out`` creates one table ``world_<table>`` a canonical table, with
the columns that a CRM would hold and no others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pandas as pd

from tests.worlds.adapters import events, records
from tests.worlds.world import World


class Engine(Protocol):
    """What laying out needs of an engine."""

    def run(self, statement: str) -> None:
        """Run statements."""

    def register(self, name: str, frame: pd.DataFrame) -> None:
        """Make a frame readable under a name."""


def lay_out(world: World, engine: Engine) -> None:
    """Create ``world_<table>`` for every table of a world."""
    for name, make in _TABLES.items():
        frame, query = make(world)
        engine.register(f"frame_{name}", frame)
        source = f"(select *, row_number() over () - 1 as n from frame_{name})"
        engine.run(f"create table world_{name} as {query.format(source=source)}")
    engine.run(
        "update world_deals set last_activity_at = a.last_at from (select deal_id,"
        " max(happened_at) as last_at from world_activities where is_closed group by 1) as a"
        " where a.deal_id = world_deals.id"
    )


_TABLES: dict[str, Callable[[World], tuple[pd.DataFrame, str]]] = {
    "users": records.users,
    "teams": records.teams,
    "accounts": records.accounts,
    "contacts": records.contacts,
    "leads": records.leads,
    "deals": records.deals,
    "stages": records.stages,
    "activities": events.activities,
    "field_history": events.history,
    "attachments": events.attachments,
    "logins": events.logins,
    "analytics": events.analytics,
}
