"""The baseline: one process that loads every file of the export into DuckDB, and stops."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

if __name__ == "__main__":
    connection = duckdb.connect()
    for file in sorted(Path(sys.argv[1]).glob("*.csv")):
        connection.execute(f"create table {file.stem} as select * from read_csv('{file}')")
