"""From whatever the user gives to raw text tables in the engine."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

from connectors.engines.duckdb import Engine, literal
from connectors.errors import InputError


@dataclass(frozen=True)
class RejectedLine:
    """A record that could not be read: physical line, its text cut short, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class UnusedFile:
    """A file that holds no table that could be read."""

    name: str
    reason: str
    facts: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class RawTable:
    """One table of text, as it stands in the file."""

    name: str
    stem: str
    relation: str
    headers: tuple[str, ...]
    encoding: str = ""
    separator: str = ""
    header_line: int = 1
    rows_in: int = 0
    rows_loaded: int = 0
    rejected: tuple[RejectedLine, ...] = ()
    rows_rejected: int = 0
    lines_set_aside: int = 0
    excel_dates: bool = False

    def line_of(self, engine: Engine, row_no: int) -> int:
        """Return the physical line of a record."""
        return self.header_line + row_no


def read_raw_tables(
    path: Path, engine: Engine, workdir: Path
) -> tuple[list[RawTable], list[UnusedFile]]:
    """Read every table of a source into the engine, as text."""
    if not path.exists():
        raise InputError("{source} does not exist", next_step="Check the path.", source=path)
    files = sorted(path.rglob("*.csv")) if path.is_dir() else [path]
    tables = []
    for number, file in enumerate(files):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            headers = next(csv.reader(lines))
        relation = f"raw_{number}"
        columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(headers)))
        engine.run(
            f"create temp table {relation} as select row_number() over () as row_no, * from"
            f" read_csv({literal(str(file))}, auto_detect = false, header = false, skip = 1,"
            f" columns = {{{columns}}}, delim = ',', quote = '\"', escape = '\"')"
        )
        rows = int(engine.value(f"select count(*) from {relation}"))
        tables.append(
            RawTable(
                name=str(file.relative_to(path)) if path.is_dir() else file.name,
                stem=file.stem,
                relation=relation,
                headers=tuple(header.strip() for header in headers),
                encoding="utf-8",
                separator=",",
                rows_in=rows,
                rows_loaded=rows,
            )
        )
    return tables, []
