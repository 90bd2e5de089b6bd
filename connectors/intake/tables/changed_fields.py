"""Fields as a history names them: ``StageName``, ``dealstage`` and ``Stage`` are all ``stage``.

A name is looked up among the headers of the export's own tables, then in what the dialects of
the same system call the fields of that table, then in all dialects as far as they agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connectors.engines.duckdb import Engine
from connectors.intake.recognition.dialects import (
    Dialect,
    generic_dialect,
    known_dialects,
    spelling,
)
from connectors.intake.tables.file_select import Source
from connectors.intake.tables.provenance import feeds
from connectors.model import TABLES

#: Relation of ``place`` (table and field as written, joined by a point) and canonical ``field``.
RELATION = "changed_fields"

Names = Mapping[str, str]


def name_changed_fields(engine: Engine, sources: Mapping[str, Sequence[Source]]) -> None:
    """Create the relation of canonical fields for what ``typed_field_history`` holds."""
    engine.run(f"create or replace temp table {RELATION} (place varchar, field varchar)")
    columns = {row[0] for row in engine.rows("describe typed_field_history")}
    if not {"table_name", "field"} <= columns:
        return
    written = engine.rows(
        "select distinct table_name, field from typed_field_history"
        " where table_name is not null and field is not null order by all"
    )
    systems = {source.found.dialect.system for source in sources["field_history"]}
    for table, name in written:
        if table in TABLES and (field := _field(table, name, sources.get(table, ()), systems)):
            engine.run(f"insert into {RELATION} values (?, ?)", [f"{table}.{name}", field])


def _field(table: str, name: str, sources: Sequence[Source], systems: set[str]) -> str | None:
    spelled = spelling(name)
    if name in TABLES[table] or spelled in _IDS:
        return _IDS.get(spelled, name)
    for names in _ways(table, sources, systems):
        if spelled in names:
            return names[spelled] if _is_changed(table, names[spelled]) else None
    return None


def _is_changed(table: str, name: str) -> bool:
    """Return whether a history can be about a column; stamps are what it is made of."""
    return not any(c.name == name and c.written_by_system for c in TABLES[table].columns)


#: What histories call a key by the record behind it.
_IDS = {"owner": "owner_id", "ownerassignment": "owner_id", "account": "account_id"}


def _ways(table: str, sources: Sequence[Source], systems: set[str]) -> Iterator[Names]:
    """Yield what may tell a field by its spelling, the most telling first."""
    yield {
        spelling(claim.header): feeds(table, claim.field)
        for source in sources
        for claim in source.claims
    }
    dialects = (*known_dialects(), generic_dialect())
    yield _agreed(table, [one for one in dialects if one.system in systems])
    yield _agreed(table, dialects)


def _agreed(table: str, dialects: Sequence[Dialect]) -> Names:
    """Return the spellings on whose canonical field all these dialects agree."""
    meant: dict[str, set[str]] = {}
    for dialect in dialects:
        for entry in dialect.entries:
            if entry.table == table:
                for label, fields in entry.labels.items():
                    meant.setdefault(label, set()).add(feeds(table, min(fields, key=_rank)[0]))
    return {label: fields.pop() for label, fields in meant.items() if len(fields) == 1}


def _rank(named: tuple[str, int]) -> int:
    return named[1]
