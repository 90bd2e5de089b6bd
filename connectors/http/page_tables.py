"""From pages to relations of the engine: read as text, counted, and as tables of text."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from connectors.engines.duckdb import Engine, literal
from connectors.errors import InputError
from connectors.http.pages import Page, PageStore
from connectors.intake.raw_table import RawTable, number_rows

#: Column that tells which of several copies of a record is the latest; no data of the audit.
STAMP = "saved_at"


#: A value in a page of JSON.
TEXT = "VARCHAR"

T = TypeVar("T")


def in_little_memory(engine: Engine, store: PageStore, make: Callable[[], T]) -> T:
    """Make tables of text of all pages, and leave the engine with room to type them.

    Args:
        engine: Receives the tables.
        store: Where the pages are.
        make: Makes the tables; called anew, with all the room there is, where little is too little.
    """
    import duckdb

    size = sum(page.size for page in store.pages)
    try:
        engine.spare_memory()
        made = make()
    except duckdb.OutOfMemoryException:
        engine.make_room(size)
        return make()
    engine.make_room(size)
    return made


def rows_of_json(store: PageStore, pages: Sequence[Page], member: str, form: Any) -> str:
    """Return SQL of ``r``: the records in a member of each page.

    A page is read as one text: the engine's own reader of JSON is made for large files, and takes
    ten times as long over small ones.

    Args:
        store: Where the pages are.
        pages: Those that hold records.
        member: For example ``records``.
        form: Form of a record: ``TEXT``, or members by name, or a list of what it holds.
    """
    if not pages:
        return f"(select {_transformed(literal('{}'), form)} as r limit 0)"
    files = ", ".join(literal(str(store.path(page))) for page in pages)
    records = f"{_transformed('content', {member: [form]})}.{member}"
    return f"(select unnest({records}) as r from read_text([{files}]))"


def _transformed(text: str, form: Any) -> str:
    return f"from_json({text}, {literal(json.dumps(form))})"


def require_all(
    engine: Engine, store: PageStore, relation: str, key: str, name: str, expected: int
) -> int:
    """Return how many records with an id a relation holds.

    Raises:
        InputError: If they are not those that came.
    """
    loaded = int(engine.value(f"select count({key}) from {relation}"))
    if loaded != expected:
        raise InputError(
            "{object} holds {loaded} records where {expected} came",
            where=store.folder.name,
            next_step="Delete this folder and pull again.",
            object=name,
            loaded=loaded,
            expected=expected,
        )
    return loaded


def keep_latest(engine: Engine, table: str, key: str, rows: int) -> None:
    """Leave each record once, as it was last saved.

    A record that changes while it is pulled may come in two slices or on two pages, and one that
    changed since an earlier pull is in the pages of both.

    Args:
        engine: Holds the table.
        table: Table of text; a column ``STAMP`` tells when each row was saved, and falls away.
        key: Its column of ids.
        rows: Rows that it holds.
    """
    stamped = bool(engine.rows(f"select 1 from (describe {table}) where column_name = '{STAMP}'"))
    # Numbers are told apart in half the time; where two ids share one, the ids themselves decide.
    if engine.value(f"select count(distinct hash({key})) from {table}") < rows:
        order = f"{STAMP} desc nulls last, rowid desc" if stamped else "rowid desc"
        again = f"select hash({key}) from {table} group by 1 having count(*) > 1"
        engine.run(
            f"delete from {table} where rowid in (select line from (select rowid as line,"
            f" row_number() over (partition by {key} order by {order}) as place"
            f" from {table} where hash({key}) in ({again})) where place > 1)"
        )
        # Row numbers have no holes.
        engine.run(f"create or replace temp table {table} as select * from {table}")
    if stamped:
        engine.run(f"alter table {table} drop column {STAMP}")


def table_of_text(
    engine: Engine, relation: str, name: str, headers: Sequence[str], system: str
) -> RawTable:
    """Return what is handed over to be typed.

    Args:
        engine: Holds ``<relation>_text``, with a column ``c0, c1...`` for each header.
        relation: Its name.
        name: What the service calls such a record.
        headers: Names of the columns.
        system: System whose API told what the table holds.
    """
    number_rows(engine, relation)
    kept = int(engine.value(f"select count(*) from {relation}_text"))
    return RawTable(
        name=name,
        stem=name,
        relation=relation,
        headers=tuple(headers),
        encoding="",
        separator="",
        header_line=1,
        body_line=2,
        rows_in=kept,
        rows_loaded=kept,
        system=system,
    )
