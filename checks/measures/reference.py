"""Values that their list of legal values does not hold."""

from __future__ import annotations

from checks.context import Context, hits_relation
from checks.measurement import Measurement, not_observable
from checks.measures.examined import Members, eligible_relation, measured, rate_of, span
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier, literal
from connectors.model import RECORD_TABLES
from connectors.snapshot import Availability

#: Column of stages that deals may quote: their label, or their identifier.
_STAGE_NAMES = ("name", "id")


_STAGE = ("deals", "stage")


def value_not_in_reference(context: Context, spec: CheckSpec) -> Measurement:
    """Compare values, folded, with ``profile.values`` and with the stages that were supplied.

    A list that was derived from the values themselves is no reference. Groups give the rate
    of every column.
    """
    columns = _referenced(context)
    if not columns:
        return not_observable("no_reference")
    spans = span(context, spec, [t for t in RECORD_TABLES if any(t == c[0] for c in columns)])
    snapshot, hits = context.snapshot, hits_relation(spec)
    values, legal = f"values_{eligible_relation(spec)}", f"legal_{eligible_relation(spec)}"
    _create_values(context, spans, columns, values)
    _create_legal(context, columns, legal)
    snapshot.run(
        f"create or replace table {hits} as with illegal as ("
        f"select position, value from (select distinct position, value from {values}) "
        f"where (position, fold(value)) not in (select (position, word) from {legal})) "
        f"select row_no, record_id, table_name, field, value, owner_id from {values} "
        "where (position, value) in (select (position, value) from illegal) "
        "order by table_name, abs(row_no), position"
    )
    snapshot.run(
        f"create or replace table {eligible_relation(spec)} as "
        f"select distinct row_no, record_id, owner_id from {values}"
    )
    counts = snapshot.rows(
        f"select table_name || '.' || field as place, count(*), count(hit.row_no) from {values} "
        f"left join {hits} hit using (row_no, table_name, field) group by place order by place"
    )
    return measured(context, spec, groups=[rate_of("column", *count) for count in counts])


def _referenced(context: Context) -> list[tuple[str, str]]:
    """Return ``(table, column)`` of what has a list of legal values and can be read."""
    named = [tuple(name.split(".", 1)) for name in sorted(context.profile.values) if "." in name]
    columns = [(table, column) for table, column in named if table in RECORD_TABLES]
    stages = context.snapshot.capabilities.table("stages")
    if _STAGE not in columns and stages is Availability.SUPPLIED:
        columns.append(_STAGE)
    capabilities = context.snapshot.capabilities
    return [column for column in columns if capabilities.column(*column).observable]


def _create_values(
    context: Context, spans: list[Members], columns: list[tuple[str, str]], relation: str
) -> None:
    members = {one.table: one for one in spans}
    parts = []
    for position, (table, column) in enumerate(columns):
        value = f"cast(record.{identifier(column)} as varchar)"
        shown = (f"{position} as position", f"{literal(column)} as field", f"{value} as value")
        parts.append(f"{members[table].select(*shown)} where is_filled({value})")
    context.snapshot.run(f"create or replace table {relation} as {' union all '.join(parts)}")


def _create_legal(context: Context, columns: list[tuple[str, str]], relation: str) -> None:
    listed = [
        (position, value)
        for position, (table, column) in enumerate(columns)
        for value in context.profile.values.get(f"{table}.{column}", ())
    ]
    # The stages of the CRM itself stand in for a list that the profile does not give.
    from_stages = ""
    if _STAGE in columns and "deals.stage" not in context.profile.values:
        from_stages = "".join(
            f" union all select {columns.index(_STAGE)}, {name} from stages "
            f"where {name} is not null"
            for name in _STAGE_NAMES
        )
    context.snapshot.run(
        f"create or replace table {relation} as select position, fold(value) as word from ("
        f"select unnest($positions) as position, unnest($listed) as value{from_stages})",
        {"positions": [p for p, _ in listed], "listed": [value for _, value in listed]},
    )
