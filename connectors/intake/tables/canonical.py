"""From the typed files of a table to the canonical table: united, keys filled, finished.

``typed_<table>`` holds the records of all its files. It becomes the canonical table in place,
column by column: nothing that was read is written twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
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
    """Create ``typed_<table>`` from all files of a table, and return what they fill of it."""
    first, united = sources[0], f"typed_{table}"
    if len(sources) == 1:
        engine.run(f"alter table {first.relation} rename to {united}")
    else:
        selects = " union all by name ".join(
            f"select * replace (row_no + {source.offset} as row_no) from {source.relation}"
            for source in sources
        )
        engine.run(f"create table {united} as {selects}")
        for source in sources:
            engine.run(f"drop table {source.relation}")
    return {name for source in sources for name in source.columns()}


def complete(
    engine: Engine,
    table: str,
    columns: Collection[str],
    supplied: Collection[str],
    pairs: Sequence[Pairs],
) -> None:
    """Give ``typed_<table>`` every canonical column, and fill keys from names and pairs.

    Args:
        engine: Holds ``typed_<table>``.
        table: Canonical table.
        columns: Columns that its files fill.
        supplied: Tables that came with the export; names are looked up in them.
        pairs: Files of pairs.
    """
    model = TABLES[table]
    for column in model.columns:
        if column.name not in columns:
            kind = column.kind.engine_type
            engine.run(f"alter table typed_{table} add column {column.name} {kind}")
    for column in model.columns:
        for filling in _fillings(model, column, columns, supplied, pairs):
            filling.run(engine, table, column.name)


def finish(engine: Engine, table: str, helpers: Collection[str], state: str = "") -> None:
    """Turn the completed ``typed_<table>`` into the canonical table.

    Args:
        engine: Holds ``typed_<table>``, complete.
        table: Canonical table.
        helpers: Columns that nobody needs afterwards.
        state: SQL of the state that a deal tells itself.
    """
    typed, model = f"typed_{table}", TABLES[table]
    engine.run(f"alter table {typed} add column is_live boolean default true")
    if gone := _gone(model):
        engine.run(f"update {typed} set is_live = false where {gone}")
    if table == "deals":
        engine.run(f"alter table {typed} add column state varchar")
        engine.run(f"update {typed} set state = {state or 'null'}")
        engine.run(
            f"update {typed} as t set state = coalesce(s.configured, t.state, s.state)"
            " from stage_states as s where s.stage = t.stage"
            " and s.pipeline = coalesce(t.pipeline, '')"
            " and (s.configured is not null or t.state is null)"
        )
    for helper in helpers:
        engine.run(f"alter table {typed} drop column {identifier(helper)}")
    engine.run(f"alter table {typed} rename to {table}")


def named_keys(table: str, columns: Collection[str], target: str) -> list[tuple[str, str]]:
    """Return SQL of (id, name) over ``typed_<table>`` for each key to a target that has names."""
    found = []
    for column in TABLES[table].columns:
        helper = f"helper_{name_field(column.name)}"
        if column.target == target and helper in columns and table != target:
            options = [name for name in (column.name, f"{helper}_key", helper) if name in columns]
            found.append((f"coalesce({', '.join(options)})", helper))
    return found


@dataclass(frozen=True)
class _Filling:
    """One way to fill a column of ``typed_<table> as t``.

    Attributes:
        value: SQL of the value, over ``t`` and ``j``.
        relation: SQL of a relation ``j`` that is looked up; empty for none.
        match: Condition under which a row of ``j`` belongs to one of ``t``.
        first: Whether it goes before what the column holds already.
    """

    value: str
    relation: str = ""
    match: str = "true"
    first: bool = False

    def run(self, engine: Engine, table: str, column: str) -> None:
        """Fill the column where it is empty, or where this comes first."""
        source = f" from {self.relation} as j" if self.relation else ""
        where = f"{self.value} is not null" if self.first else f"t.{column} is null"
        engine.run(
            f"update typed_{table} as t set {column} = {self.value}{source}"
            f" where {self.match} and {where}"
        )


def _fillings(
    model: Table,
    column: Column,
    columns: Collection[str],
    supplied: Collection[str],
    pairs: Sequence[Pairs],
) -> Iterator[_Filling]:
    """Yield the ways to fill a column, in the order in which they are tried."""
    for each in pairs:
        if each.link.table == model.name and each.link.sets == column.name:
            yield _Filling("j.value", each.relation, "j.key = t.id")
    helper = f"helper_{name_field(column.name)}"
    if column.target and helper in columns:
        if f"{helper}_key" in columns:
            yield _Filling(f"t.{helper}_key")
        elif column.target in supplied:
            relation = f"typed_{model.name}" if column.target == model.name else column.target
            names = f"(select fold(name) as name, min(id) as id from {relation} group by 1)"
            yield _Filling("j.id", names, f"j.name = fold(t.{helper})")
        yield _Filling(f"t.{helper}")
    if column.name == "merged_into_id" and "helper_merged_ids" in columns:
        merged = (
            "(select trim(unnest(string_split(helper_merged_ids, ';'))) as merged, min(id) as id"
            f" from typed_{model.name} where helper_merged_ids is not null group by 1)"
        )
        yield _Filling("j.id", merged, "j.merged = t.id and j.id <> t.id")
    if model.name == "deals" and column.name == "stage" and "stages" in supplied:
        stages = "(select id, min(name) as name from stages group by 1)"
        yield _Filling("j.name", stages, "j.id = t.stage", first=True)
    if (model.name, column.name) == ("field_history", "field"):
        place = "concat(t.table_name, '.', t.field)" if "table_name" in columns else "t.field"
        yield _Filling("j.field", "changed_fields", f"j.place = {place}", first=True)


def _gone(model: Table) -> str:
    """Return the condition that a record was removed; empty where no column tells."""
    tests = [f"coalesce({flag}, false)" for flag in ("is_deleted", "is_archived") if flag in model]
    if "merged_into_id" in model:
        tests.append("merged_into_id is not null")
    return " or ".join(tests)
