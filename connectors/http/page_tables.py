"""From pages to relations of the engine: read as text, counted, and as tables of text."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.engines.duckdb import Engine, literal
from connectors.errors import InputError
from connectors.http.pages import Page, PageStore
from connectors.intake.raw_table import RawTable, number_rows

#: Column that tells which of several copies of a record is the latest; no data of the audit.
STAMP = "saved_at"


def rows_of_json(store: PageStore, pages: Sequence[Page], member: str, kind: str) -> str:
    """Return SQL of ``r``: the records in a member of each page.

    Args:
        store: Where the pages are.
        pages: Those that hold records.
        member: For example ``records``.
        kind: Type of a record in the engine.
    """
    files = ", ".join(literal(str(store.path(page))) for page in pages)
    size = 2 * max(page.size for page in pages) + 1024
    return (
        f"(select unnest({member}) as r from read_json([{files}],"
        f" columns = {{{member}: {literal(f'{kind}[]')}}}, format = 'unstructured',"
        f" maximum_object_size = {size}))"
    )


def require_all(engine: Engine, store: PageStore, relation: str, name: str, expected: int) -> int:
    """Return how many records a relation holds.

    Raises:
        InputError: If they are not those that came.
    """
    loaded = int(engine.value(f"select count(*) from {relation}"))
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
    distinct = int(engine.value(f"select count(distinct {key}) from {table}"))
    if distinct < rows:
        order = f"{STAMP} desc nulls last, rowid desc" if stamped else "rowid desc"
        engine.run(
            f"create or replace temp table {table} as select * from {table} qualify row_number()"
            f" over (partition by {key} order by {order}) = 1 order by rowid"
        )
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
