"""Pulls a fake portal as the program does, without its waits."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.engines.duckdb import Engine
from connectors.http.limiter import Clock
from connectors.http.pages import PageStore
from connectors.hubspot.connector import HubSpot
from connectors.hubspot.pull import plans_of
from connectors.hubspot.settings import HubSpotSource
from connectors.hubspot.tables import raw_tables
from tests.connectors.clocks import Skipping
from tests.fakes.hubspot.process import RunningPortal
from tests.fakes.hubspot.server import GIVEN_TOKEN

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)

Records = dict[str, list[tuple[Any, ...]]]


def source_of(portal: RunningPortal, **changes: Any) -> HubSpotSource:
    """Return the settings of a fake portal."""
    told = {"system": "hubspot", "host": portal.host, "secret": "env:TOKEN", "timeout": 1.0}
    return HubSpotSource.model_validate(told | changes)


def connector(
    portal: RunningPortal,
    folder: Path,
    *,
    secrets: dict[str, str] | None = None,
    now: datetime = NOW,
    clock: Callable[[], Clock] = Skipping,
    **changes: Any,
) -> HubSpot:
    """Return the connector of a fake portal."""
    known = secrets or {"env:TOKEN": GIVEN_TOKEN}
    return HubSpot(
        "prod",
        source_of(portal, **changes),
        known.__getitem__,
        folder=folder,
        now=now,
        clock=clock,
    )


def pull(portal: RunningPortal, folder: Path, **changes: Any) -> PageStore:
    """Pull a fake portal."""
    return connector(portal, folder, **changes).pull()


def records_of(store: PageStore) -> Records:
    """Return every row of the tables of a pull, by name, in one order."""
    engine = Engine()
    found = {}
    tables, _ = raw_tables(store, plans_of(store), engine)
    for table in tables:
        cells = ", ".join(f"c{n}" for n in range(len(table.headers)))
        rows = engine.rows(f"select {cells} from {table.relation} order by all")
        found[table.name] = [table.headers, *rows]
    engine.close()
    return found


if __name__ == "__main__":  # pulled in a process of its own, which a test kills
    pull(RunningPortal(sys.argv[1]), Path(sys.argv[2]), timeout=60.0)
