"""Pulls a fake org as the program does, without its waits."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.engines.duckdb import Engine
from connectors.http.limiter import Clock
from connectors.http.pages import PageStore
from connectors.salesforce.connector import Salesforce
from connectors.salesforce.pull import plans_of
from connectors.salesforce.settings import SalesforceSource
from connectors.salesforce.tables import raw_tables
from tests.connectors.clocks import Skipping
from tests.fakes.salesforce.process import RunningOrg
from tests.fakes.salesforce.tokens import GIVEN_TOKEN

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)

Records = dict[str, list[tuple[Any, ...]]]


def source_of(org: RunningOrg, **changes: Any) -> SalesforceSource:
    """Return the settings of a fake org, with the token that is always accepted."""
    told = {
        "system": "salesforce",
        "host": org.host,
        "sign_in": "access-token",
        "secret": "env:TOKEN",
        "bulk_from": 500,
        "timeout": 1.0,
    }
    return SalesforceSource.model_validate(told | changes)


def connector(
    org: RunningOrg,
    folder: Path,
    *,
    secret: str = GIVEN_TOKEN,
    now: datetime = NOW,
    clock: Callable[[], Clock] = Skipping,
    **changes: Any,
) -> Salesforce:
    """Return the connector of a fake org."""
    source = source_of(org, **changes)
    return Salesforce(
        "prod",
        source,
        {"env:TOKEN": secret}.__getitem__,
        folder=folder,
        now=now,
        clock=clock,
    )


def pull(org: RunningOrg, folder: Path, **changes: Any) -> PageStore:
    """Pull a fake org."""
    return connector(org, folder, **changes).pull()


def records_of(store: PageStore) -> Records:
    """Return every record of a pull, by object, in the order of ids."""
    engine = Engine()
    tables, _ = raw_tables(store, plans_of(store), engine)
    found = {}
    for table in tables:
        at = table.headers.index("Id")
        cells = ", ".join(f"c{n}" for n in range(len(table.headers)))
        rows = engine.rows(f"select {cells} from {table.relation} order by c{at}")
        found[table.name] = [table.headers, *rows]
    engine.close()
    return found


def as_text(records: Records) -> Records:
    """Return records with stamps and numbers written one way: REST and Bulk write them apart."""
    return {
        name: [tuple(_plain(cell) for cell in row) if at else row for at, row in enumerate(rows)]
        for name, rows in records.items()
    }


def _plain(cell: str | None) -> str | None:
    return cell.replace("+0000", "Z") if cell and cell[10:11] == "T" else cell


if __name__ == "__main__":  # pulled in a process of its own, which a test kills
    pull(RunningOrg(sys.argv[1]), Path(sys.argv[2]), timeout=60.0)
