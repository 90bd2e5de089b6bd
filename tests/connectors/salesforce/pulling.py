"""Pulls a fake org as the program does, with less patience."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.engines.duckdb import Engine
from connectors.http.pages import PageStore
from connectors.http.retries import RetryPolicy
from connectors.salesforce.connector import Salesforce
from connectors.salesforce.pull import Options, plans_of
from connectors.salesforce.settings import SalesforceSource
from connectors.salesforce.tables import raw_tables
from tests.fakes.salesforce.process import RunningOrg

TOKEN = "00DKz!given.token"
NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
#: Waits that a person would not notice.
HASTY = RetryPolicy(first=0.01, most=5.0)

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
    secret: str = TOKEN,
    now: datetime = NOW,
    policy: RetryPolicy = HASTY,
    **changes: Any,
) -> Salesforce:
    """Return the connector of a fake org."""
    source = source_of(org, **changes)
    return Salesforce(
        "prod",
        source,
        lambda: secret,
        folder=folder,
        now=now,
        policy=policy,
        options=Options(source.readers, source.bulk_from, first_look=0.01),
    )


def pull(org: RunningOrg, folder: Path, **changes: Any) -> PageStore:
    """Pull a fake org."""
    return connector(org, folder, **changes).pull()


def records_of(store: PageStore) -> Records:
    """Return every record of a pull, by object, in the order of ids."""
    engine = Engine()
    tables = raw_tables(store, plans_of(store), engine)
    found = {}
    for table in tables:
        at = table.headers.index("Id")
        cells = ", ".join(f"c{n}" for n in range(len(table.headers)))
        rows = engine.rows(f"select {cells} from {table.relation} order by c{at}")
        found[table.name] = [table.headers, *rows]
    engine.close()
    return found
