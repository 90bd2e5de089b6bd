"""From canonical tables of a world to CSV files, written by the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.engines.duckdb import Engine, identifier
from connectors.model import TABLES, Kind
from tests.worlds.adapters.canonical import lay_out
from tests.worlds.adapters.masks import NOTHING, Mask
from tests.worlds.world import World


@dataclass(frozen=True)
class File:
    """One file of an export.

    Attributes:
        table: Canonical table that its rows come from.
        columns: Header to canonical column, or to SQL in parentheses.
        rows: Which rows, as SQL.
        keeps_own: Whether it ends with the company's own columns.
        needs: Column without which there is no such file.
        relation: Where the rows are, if not in the table's own relation.
    """

    table: str
    columns: Mapping[str, str]
    rows: str = "true"
    keeps_own: bool = False
    needs: str = "id"
    relation: str = ""


@dataclass(frozen=True)
class Style:
    """How values are written."""

    stamp: str = "%Y-%m-%dT%H:%M:%S.000Z"
    day: str = "%Y-%m-%d"
    separator: str = ","
    decimal: str = "."
    quoted: bool = True
    yes: str = "true"
    no: str = "false"


def write_files(
    world: World,
    folder: Path,
    files: Mapping[str, File],
    style: Style,
    mask: Mask = NOTHING,
    preparing: Sequence[str] = (),
) -> None:
    """Write the files of an export; columns that are masked or never filled are left out.

    Args:
        world: The world.
        folder: Where the files go; made if it is not there.
        files: By name.
        style: How values are written.
        mask: What is left out.
        preparing: Statements to run first, for tables that a system has of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    engine = Engine()
    engine.run("set memory_limit = '6GB'")
    lay_out(world, engine)
    for statement in preparing:
        engine.run(statement)
    for name, file in files.items():
        if not mask.hides(file.table, file.needs):
            _write(engine, folder / name, file, style, mask)
    engine.close()


def _write(engine: Engine, path: Path, file: File, style: Style, mask: Mask) -> None:
    relation = f"world_{file.relation or file.table}"
    there = [row[0] for row in engine.rows(f"describe {relation}")]
    items = []
    for header, column in file.columns.items():
        if column.startswith("("):
            items.append(f"{column} as {identifier(header)}")
        elif column in there and not mask.hides(file.table, column):
            items.append(f"{_text(column, file.table, style)} as {identifier(header)}")
    if file.keeps_own:
        model = TABLES[file.table]
        own = [c for c in there if c not in model and not mask.hides(file.table, c)]
        items += [f"cast({identifier(c)} as varchar) as {identifier(c)}" for c in own]
    if not items:
        return
    options = ["header", f"delimiter '{style.separator}'"]
    options += ["force_quote *"] if style.quoted else []
    engine.run(
        f"copy (select {', '.join(items)} from {relation} where {file.rows} order by rowid)"
        f" to '{path}' ({', '.join(options)})"
    )


def _text(column: str, table: str, style: Style) -> str:
    kind = TABLES[table][column].kind if column in TABLES[table] else None
    name = identifier(column)
    if kind is Kind.STAMP:
        return f"strftime({name}, '{style.stamp}')"
    if kind is Kind.DATE:
        return f"strftime({name}, '{style.day}')"
    if kind is Kind.FLAG:
        return f"case when {name} then '{style.yes}' else '{style.no}' end"
    if kind is Kind.NUMBER:
        return f"cast(cast({name} as integer) as varchar)"
    if kind is Kind.MONEY and style.decimal != ".":
        return f"replace(cast({name} as varchar), '.', '{style.decimal}')"
    return name
