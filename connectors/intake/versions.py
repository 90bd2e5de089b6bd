"""Files that hold a record each time it was saved, turned into what changed from save to save.

Salesforce keeps such a file of every deal, whether or not its administrator tracks fields, so it
is often the only history that an export has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from connectors.engines.duckdb import Engine, literal
from connectors.intake.raw_table import Lines, RawTable
from connectors.intake.recognition.claims import claims_by_header
from connectors.intake.recognition.dialects import Versions, spelling
from connectors.intake.recognition.recognise import Recognised
from connectors.snapshot import Note

#: The changes bear the headers of a history of fields of the same system.
_FIELD, _OLD, _NEW = "Field", "OldValue", "NewValue"


def with_changes(
    engine: Engine, versions: Recognised, told: Versions, others: Sequence[Recognised]
) -> tuple[Recognised, Note]:
    """Replace a file of versions by the changes between them.

    What a history of fields in the same export tells of a field is left to it, from the day on
    that it began to be kept.

    Args:
        engine: Holds the file's table of text, which is let go.
        versions: The file, recognised.
        told: What its headers mean.
        others: The other files of the export.

    Returns:
        The file with its changes for rows, and what is to be said of it.
    """
    raw = versions.raw
    columns = {spelling(header): f"c{at}" for at, header in reversed([*enumerate(raw.headers)])}
    fields = [field for field in told.fields if spelling(field) in columns]
    since = _kept_since(engine, versions, fields, others)
    relation = f"{raw.relation}_changes"
    engine.run(
        f"create or replace temp table {relation}_told as"
        f" {_changes(raw, columns, told, fields, since)}"
    )
    engine.run(
        f"create or replace temp table {relation}_text as"
        f" select c0, c1, c2, c3, c4, c5 from {relation}_told order by version_no, place"
    )
    engine.run(
        f"create or replace temp table {relation}_lines as select"
        " row_number() over (order by version_no, place) as row_no, line"
        f" from {relation}_told join ({raw.lines_of_rows(engine)}) as lines"
        " on lines.row_no = version_no"
    )
    engine.run(f"drop table {relation}_told")
    engine.run(
        f"create or replace temp view {relation} as"
        f" select rowid + 1 as row_no, * from {relation}_text"
    )
    changes = int(engine.value(f"select count(*) from {relation}_text"))
    raw.drop(engine)
    changed = replace(
        raw,
        relation=relation,
        headers=(told.record, _FIELD, _OLD, _NEW, told.at, told.by),
        rows_in=changes,
        rows_loaded=changes,
        lines=Lines.LISTED,
    )
    claims = claims_by_header(changed, versions.entry, None, generic=False)
    facts: dict[str, str | int] = {"file": raw.name, "rows": raw.rows_loaded, "changes": changes}
    return replace(versions, raw=changed, claims=claims), Note("versions_compared", facts)


def _changes(
    raw: RawTable,
    columns: Mapping[str, str],
    told: Versions,
    fields: Sequence[str],
    since: Mapping[str, str],
) -> str:
    """Return the SQL of what changed: the cells, and from which row and field they come."""
    record, at = columns[spelling(told.record)], columns[spelling(told.at)]
    by = columns.get(spelling(told.by), "null")
    cells = [columns[spelling(field)] for field in fields]
    kept = ", ".join(f"{cell} as new_{cell}, lag({cell}) over w as old_{cell}" for cell in cells)
    each = " union all ".join(
        f"select version_no, {place} as place, {literal(field)} as field,"
        f" old_{cell} as was, new_{cell} as became, record, moment, by_whom from version"
        f" where turn > 1 and old_{cell} is distinct from new_{cell}"
        + (f" and {_second('moment')} < {literal(since[field])}" if field in since else "")
        for place, (field, cell) in enumerate(zip(fields, cells, strict=True))
    )
    return (
        f"with version as (select row_no as version_no, {record} as record, {at} as moment,"
        f" {by} as by_whom, row_number() over w as turn, {kept} from {raw.relation}"
        f" where {record} is not null window w as (partition by {record} order by {at}, row_no))"
        " select version_no, place, record as c0, field as c1, was as c2, became as c3,"
        f" moment as c4, by_whom as c5 from ({each})"
    )


def _kept_since(
    engine: Engine, versions: Recognised, fields: Sequence[str], others: Sequence[Recognised]
) -> dict[str, str]:
    """Return the second of the first change that a history of fields has of each field."""
    meant = {field: _meant(versions, field) for field in fields}
    first: dict[str, str] = {}
    for other in others:
        if other.table != "field_history" or other.entry.constants != versions.entry.constants:
            continue
        if not {"field", "changed_at"} <= other.claims.keys():
            continue
        field, at = (f"c{other.claims[name].column}" for name in ("field", "changed_at"))
        for name, moment in engine.rows(
            f"select {field}, min({_second(at)}) from {other.raw.relation}"
            f" where {field} is not null and {at} is not null group by 1"
        ):
            for own, ways in meant.items():
                if ways & _meant(versions, name):
                    first[own] = min(moment, first.get(own, moment))
    return first


def _meant(versions: Recognised, header: str) -> set[str]:
    """Return the fields of a deal that a header of the same system may feed."""
    table = versions.entry.constants.get("table_name")
    return {
        name
        for entry in versions.dialect.entries
        if entry.table == table
        for name, _ in entry.labels.get(spelling(header), [])
    }


def _second(stamp: str) -> str:
    """Return the SQL of a stamp of a system's interface, to the second, as text that sorts."""
    return f"replace(left({stamp}, 19), 'T', ' ')"
