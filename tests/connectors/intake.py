"""What the intake tests share: write an export, read it, look at the rows."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from connectors.csv_export.files.raw_tables import open_tables
from connectors.engines.duckdb import Engine
from connectors.intake.pour import stored
from connectors.intake.raw_table import RawTable, UnusedFile


@dataclass
class Intake:
    engine: Engine
    tables: list[RawTable]
    unused: list[UnusedFile]

    @property
    def table(self) -> RawTable:
        (table,) = self.tables
        return table

    def rows(self, table: RawTable | None = None) -> list[tuple[str | None, ...]]:
        found = table or self.table
        rows = self.engine.rows(f"select * from {found.relation} order by row_no")
        assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
        return [row[1:] for row in rows]

    def lines(self) -> list[int]:
        table = self.table
        return [table.line_of(self.engine, n) for n in range(1, table.rows_loaded + 1)]

    def reasons(self) -> dict[str, str]:
        return {file.name: file.reason for file in self.unused}


def read(source: Path, workdir: Path) -> Intake:
    workdir.mkdir(exist_ok=True)
    engine = Engine()
    with ExitStack() as copies:
        opened, unused = open_tables(source, engine, workdir, copies)
        tables = [stored(engine, table) for table in opened]
    assert not [path for path in workdir.iterdir() if path.name.startswith("copies-")]
    return Intake(engine, tables, unused)


def read_bytes(content: bytes, folder: Path, name: str = "export.csv") -> Intake:
    source = folder / name
    source.write_bytes(content)
    return read(source, folder / "work")
