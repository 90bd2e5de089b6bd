"""A few thousand records of a table, from its start and spread over the whole of it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from connectors.engines.duckdb import Engine
from connectors.intake.raw_table import Body, RawTable

Row = tuple[str | None, ...]

#: Records of the start, and as many from elsewhere.
_HALF = 1_500

_LONGEST_CELL = 2**31 - 1

#: Places of a file to look at, since each costs a seek; several records are taken at each.
_PLACES = 60


def sample_rows(engine: Engine, raw: RawTable) -> list[Row]:
    """Return up to 3,000 rows of a table of text, empty cells as None."""
    return _of_file(raw, raw.body) if raw.body else _of_table(engine, raw)


def _of_table(engine: Engine, raw: RawTable) -> list[Row]:
    columns = ", ".join(f"c{column}" for column in range(len(raw.headers)))
    step = max(1, raw.rows_loaded // _HALF)
    return engine.rows(
        f"select {columns} from {raw.text} where rowid in (select range from range({_HALF})"
        f" union all select range from range({step - 1}, {raw.rows_loaded}, {step}))"
        f" order by rowid limit {2 * _HALF}"
    )


def _of_file(raw: RawTable, body: Body) -> list[Row]:
    """Take records at many places of a file, without reading what lies between."""
    width = len(raw.headers)
    limit = csv.field_size_limit(_LONGEST_CELL)
    rows: list[Row] = []
    try:
        with body.path.open("rb") as file:
            file.seek(body.start)
            rows += _rows(file, body.end, raw.separator, width, _HALF)
            begun, left = file.tell(), body.end - file.tell()
            for place in range(_PLACES if left > 0 else 0):
                file.seek(max(file.tell(), begun + left * place // _PLACES))
                file.readline()  # the rest of a record
                rows += _rows(file, body.end, raw.separator, width, _HALF // _PLACES)
    finally:
        csv.field_size_limit(limit)
    return rows


def _rows(file: BinaryIO, end: int, separator: str, width: int, most: int) -> list[Row]:
    """Return the next records of a file; those of another width begin within a cell."""
    rows: list[Row] = []
    try:
        for fields in islice(csv.reader(_lines(file, end), delimiter=separator), most):
            if len(fields) == width:
                rows.append(tuple(cell or None for cell in fields))
    except csv.Error:
        pass  # whether the file is broken is found out when it is read
    return rows


def _lines(file: BinaryIO, end: int) -> Iterator[str]:
    left = end - file.tell()
    while left > 0 and (line := file.readline()):
        left -= len(line)
        yield line.decode("utf-8", "replace")
