"""Small snapshots from rows: what the examples of check files, and tests, run on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from connectors.engines.duckdb import Engine, identifier
from connectors.model import TABLES
from connectors.snapshot import Availability, Capabilities, Snapshot, table_definition

Rows = Sequence[Mapping[str, Any]]

_ENGINE_COLUMNS = ("row_no", "is_live", "state")
#: Rows of one statement.
_AT_ONCE = 200
_REMOVED = ("is_deleted", "is_archived", "merged_into_id")


def snapshot_from_rows(
    tables: Mapping[str, Rows], *, supplied: Mapping[str, Iterable[str]] | None = None
) -> Snapshot:
    """Return a snapshot, in memory, of the rows given.

    A row names canonical columns, ``state`` of a deal (else it follows from ``is_closed`` and
    ``is_won``), ``is_live`` (else it follows from the removal flags), or source columns, which
    are texts. Blank text becomes NULL, and a record without an id gets its row number.

    Args:
        tables: Rows by canonical table. A table with an empty list is supplied, and empty.
        supplied: Columns that count as supplied, per table; the columns named in the rows,
            and ``id``, when a table is not listed.
    """
    snapshot = Snapshot(Engine(), Capabilities())
    for name, table in TABLES.items():
        rows = tables.get(name, [])
        named = dict.fromkeys(column for row in rows for column in row)
        kept = [c for c in named if c not in table and c not in _ENGINE_COLUMNS]
        definition = "".join(f", {identifier(column)} VARCHAR" for column in kept)
        snapshot.run(f"create table {name} ({table_definition(table)}{definition})")
        _insert(snapshot, name, [_completed(name, *numbered) for numbered in enumerate(rows, 1)])
        if name in tables:
            listed = (supplied or {}).get(name, ["id", *named])
            _declare(snapshot.capabilities, name, listed)
    return snapshot


def _completed(table: str, number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: _blank_as_null(value) for name, value in row.items()}
    values.setdefault("id", f"{table[:1]}{number}")
    values["row_no"] = number
    values.setdefault("is_live", not any(values.get(column) for column in _REMOVED))
    if table == "deals" and "state" not in values:
        values["state"] = _state(values.get("is_closed"), values.get("is_won"))
    return values


def _blank_as_null(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _state(is_closed: Any, is_won: Any) -> str | None:
    if is_won:
        return "won"
    if is_closed is None:
        return None
    return "lost" if is_closed else "open"


def _insert(snapshot: Snapshot, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, those that name the same columns together."""
    for columns, alike in groupby(rows, key=tuple):
        names = ", ".join(identifier(name) for name in columns)
        marks = f"({', '.join('?' for _ in columns)})"
        values = [list(row.values()) for row in alike]
        for start in range(0, len(values), _AT_ONCE):
            batch = values[start : start + _AT_ONCE]
            snapshot.run(
                f"insert into {table} ({names}) values {', '.join([marks] * len(batch))}",
                [value for row in batch for value in row],
            )


def _declare(capabilities: Capabilities, table: str, columns: Iterable[str]) -> None:
    capabilities.tables[table] = Availability.SUPPLIED
    for column in columns:
        capabilities.columns[table, column] = Availability.SUPPLIED
