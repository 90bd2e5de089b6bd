"""Pour a table of text into the columns that are wanted of it, in one reading.

The engine reads a regular file where it lies. Its reader is fast and, on a file with a broken
quote, may leave out rows that it does not report. So its count is held against the number of lines
of the file, and whatever does not agree is read again with care.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from connectors.engines.duckdb import Engine, identifier
from connectors.intake.raw_table import Lines, RawTable, line_breaks, number_rows

#: Marks rows that are blank or sums; no header begins with a blank.
_NO_RECORD = " is no record"


def pour(engine: Engine, raw: RawTable, target: str, *layers: Mapping[str, str]) -> RawTable:
    """Create a table from a table of text, in its order, in one reading.

    Args:
        engine: Holds ``raw``.
        raw: Table of text.
        target: Name of the table to create.
        layers: Name to the SQL of each column, over ``c0, c1...`` and the layers before. The
            last layer gives the columns of the table.

    Returns:
        ``raw`` with every line of its file accounted for: as it was, or read with care when the
        reader stops, the records do not account for every line, or some are blank or sums.
    """
    import duckdb

    *inner, wanted = layers
    source = raw.relation
    for layer in filter(None, inner):
        source = f"(select *, {_listed(layer)} from {source})"
    create = f"create or replace table {target} as select {_listed(wanted)}"
    if raw.body is None:
        engine.run(f"{create} from {source}")
        return raw
    mark = identifier(_NO_RECORD)
    try:
        engine.run(f"{create}, {raw.body.no_record} as {mark} from {source}")
        regular = _accounted(engine, raw, target)
    except duckdb.Error:
        regular = None
    if regular:
        engine.run(f"alter table {target} drop column {mark}")
        return regular
    engine.run(f"drop table if exists {target}")
    return pour(engine, raw.body.read_with_care(), target, *layers)


def stored(engine: Engine, raw: RawTable) -> RawTable:
    """Return a table whose text is in the engine, whatever becomes of its file."""
    if raw.body is None:
        return raw
    cells = {f"c{i}": f"c{i}" for i in range(len(raw.headers))}
    accounted = pour(engine, raw, raw.text, cells)
    number_rows(engine, raw.relation)
    return accounted


def _listed(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{sql} as {identifier(name)}" for name, sql in columns.items())


def _accounted(engine: Engine, raw: RawTable, target: str) -> RawTable | None:
    """Hold the rows of a table against the lines of its file; None where they do not agree."""
    rows, others = engine.rows(
        f"select count(*), count_if({identifier(_NO_RECORD)}) from {target}"
    )[0]
    if others:
        return None
    if rows == raw.rows_in:
        return replace(raw, body=None)
    breaks = line_breaks(len(raw.headers))
    in_cells = int(engine.value(f"select coalesce(sum({breaks}), 0) from {raw.relation}"))
    if rows + in_cells != raw.rows_in:
        return None
    return replace(raw, rows_in=rows, rows_loaded=rows, lines=Lines.IN_CELLS, body=None)
