"""From pages to relations of the engine: read as text, counted, and as tables of text."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.engines.duckdb import Engine, literal
from connectors.errors import InputError
from connectors.http.pages import Page, PageStore
from connectors.intake.raw_table import RawTable, number_rows


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
