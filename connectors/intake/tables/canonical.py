"""From the files of a table to the canonical table: united, keys filled, typed once.

Each table is created by one statement over the raw text. Views lie between: ``typed_<table>``
unites its files by column name, ``complete_<table>`` fills keys from names and pairs.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from connectors.engines.duckdb import Engine, identifier
from connectors.intake.raw_table import RawTable
from connectors.intake.recognition.dialects import Link, name_field
from connectors.intake.tables.file_select import Source
from connectors.intake.tables.reading import text_cell
from connectors.model import TABLES, Column, Table

#: Tables that others point to come first.
LOAD_ORDER = tuple(
    sorted(TABLES, key=lambda t: (t in ("deals", "activities"), t == "activities", t == "leads"))
)


@dataclass(frozen=True)
class Pairs:
    """A file that links records of two tables.

    Attributes:
        link: What it links.
        raw: The file.
        key: Position of the column with the id in the table that is filled.
        value: Position of the column with the id in the target.
    """

    link: Link
    raw: RawTable
    key: int
    value: int

    @property
    def relation(self) -> str:
        """SQL of the pairs, one value a key: the first in the file."""
        return (
            f"(select {text_cell(self.key)} as key,"
            f" arg_min({text_cell(self.value)}, row_no) as value"
            f" from {self.raw.relation} group by 1)"
        )


def unite(engine: Engine, table: str, sources: Sequence[Source]) -> set[str]:
    """Create ``typed_<table>`` over all files of a table, and return its columns."""
    selects = " union all by name ".join(source.select() for source in sources)
    engine.run(f"create or replace temp view typed_{table} as {selects}")
    return {row[0] for row in engine.rows(f"describe typed_{table}")}


def complete(
    engine: Engine,
    table: str,
    columns: Collection[str],
    supplied: Collection[str],
    pairs: Sequence[Pairs],
) -> None:
    """Create ``complete_<table>``: every canonical column, keys filled from names and pairs.

    Args:
        engine: Holds ``typed_<table>``.
        table: Canonical table.
        columns: Columns of ``typed_<table>``.
        supplied: Tables that came with the export; names are looked up in them.
        pairs: Files of pairs.
    """
    model = TABLES[table]
    joins: list[str] = []
    items = [
        f"{_completed(model, column, columns, supplied, pairs, joins)} as {column.name}"
        for column in model.columns
    ]
    others = sorted(name for name in columns if name not in model)
    items += [f"t.{identifier(name)}" for name in others]
    engine.run(
        f"create or replace temp view complete_{table} as"
        f" select {', '.join(items)} from typed_{table} as t {' '.join(joins)}"
    )


def create(engine: Engine, table: str, columns: Collection[str], state: str = "") -> None:
    """Create the canonical table from ``complete_<table>``.

    Args:
        engine: Holds ``complete_<table>``.
        table: Canonical table.
        columns: Columns of ``typed_<table>``.
        state: SQL of a deal's state over ``c`` (the deal) and ``s`` (its stage).
    """
    model = TABLES[table]
    kept = [name for name in _kept_order(engine, table) if not name.startswith("helper_")]
    items = [
        f"cast(c.{column.name} as {column.kind.engine_type}) as {column.name}"
        for column in model.columns
    ]
    items += [f"c.{identifier(name)}" for name in kept if name not in model and name != "row_no"]
    items += ["c.row_no", f"{_is_live(model)} as is_live"]
    join = ""
    if table == "deals":
        items.append(f"{state or 'cast(null as varchar)'} as state")
        join = (
            " left join stage_states as s on s.stage = c.stage"
            " and s.pipeline = coalesce(c.pipeline, '')"
        )
    engine.run(
        f"create table {table} as select {', '.join(items)} from complete_{table} as c{join}"
    )
    engine.run(f"drop view complete_{table}")


def named_keys(table: str, columns: Collection[str], target: str) -> list[tuple[str, str]]:
    """Return SQL of (id, name) over ``typed_<table>`` for each key to a target that has names."""
    found = []
    for column in TABLES[table].columns:
        helper = f"helper_{name_field(column.name)}"
        if column.target == target and helper in columns and table != target:
            options = [name for name in (column.name, f"{helper}_key", helper) if name in columns]
            found.append((f"coalesce({', '.join(options)})", helper))
    return found


def _completed(
    model: Table,
    column: Column,
    columns: Collection[str],
    supplied: Collection[str],
    pairs: Sequence[Pairs],
    joins: list[str],
) -> str:
    """Return the SQL of one canonical column, and add the joins that it needs."""
    options = [f"t.{column.name}"] if column.name in columns else []
    for each in pairs:
        if each.link.table == model.name and each.link.sets == column.name:
            options.append(_joined(joins, each.relation, "key", "t.id") + ".value")
    helper = f"helper_{name_field(column.name)}"
    if column.target and helper in columns:
        if f"{helper}_key" in columns:
            options.append(f"t.{helper}_key")
        elif column.target in supplied:
            relation = f"typed_{model.name}" if column.target == model.name else column.target
            names = f"(select fold(name) as name, min(id) as id from {relation} group by 1)"
            options.append(_joined(joins, names, "name", f"fold(t.{helper})") + ".id")
        options.append(f"t.{helper}")
    if column.name == "merged_into_id" and "helper_merged_ids" in columns:
        merged = (
            "(select trim(unnest(string_split(helper_merged_ids, ';'))) as merged, min(id) as id"
            f" from typed_{model.name} where helper_merged_ids is not null group by 1)"
        )
        options.append(f"nullif({_joined(joins, merged, 'merged', 't.id')}.id, t.id)")
    if model.name == "deals" and column.name == "stage" and "stages" in supplied and options:
        stages = "(select id, min(name) as name from stages group by 1)"
        options.insert(0, _joined(joins, stages, "id", options[0]) + ".name")
    if (model.name, column.name) == ("field_history", "field") and options:
        place = "concat(t.table_name, '.', t.field)" if "table_name" in columns else "t.field"
        options.insert(0, _joined(joins, "changed_fields", "place", place) + ".field")
    if not options:
        return f"cast(null as {column.kind.engine_type})"
    return options[0] if len(options) == 1 else f"coalesce({', '.join(options)})"


def _joined(joins: list[str], relation: str, key: str, on: str) -> str:
    """Add a left join and return its alias."""
    alias = f"j{len(joins)}"
    joins.append(f"left join {relation} as {alias} on {alias}.{key} = {on}")
    return alias


def _kept_order(engine: Engine, table: str) -> list[str]:
    """Return the columns of a view in the order of the files."""
    return [row[0] for row in engine.rows(f"describe typed_{table}")]


def _is_live(model: Table) -> str:
    gone = [f"coalesce(c.{flag}, false)" for flag in ("is_deleted", "is_archived") if flag in model]
    if "merged_into_id" in model:
        gone.append("c.merged_into_id is not null")
    return f"not ({' or '.join(gone)})" if gone else "true"
