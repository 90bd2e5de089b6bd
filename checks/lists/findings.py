"""findings.parquet: one row a finding, for whoever wants to go on from here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from checks.context import Context
from checks.lists.list_queries import columns_of
from checks.measuring import Measured
from checks.rows.flags import examined_relation, failed_flag
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier, literal
from connectors.model import TABLES

_NOTHING = "cast(null as varchar)"


def write_findings(
    context: Context,
    specs: Sequence[CheckSpec],
    measured: Measured,
    path: Path,
    *,
    redact: bool = False,
) -> int:
    """Write every finding as ``check_id, table, record_id, owner_id, field, amount``.

    ``field`` is what the check's own rows say, else the field that the check is about, else
    the required fields that the record lacks. ``amount`` is that of the deal hit. Checks come
    in the order of the catalogue, records in the order of the source.

    Args:
        context: The audit; ``path`` must lie in the folder that its engine may write to.
        specs: The checks that were measured.
        measured: What they found.
        path: File to write.
        redact: Whether the owner of a record is left out, and the record itself where it is a user.

    Returns:
        The number of findings.
    """
    parts = [
        _findings_of(context, spec, number, hits)
        for number, spec in enumerate(specs)
        if (hits := measured.measurements[spec.id].hits) is not None
    ]
    sql = "\nunion all\n".join(parts) or _no_findings()
    hidden = ""
    if redact:
        record = "case when \"table\" <> 'users' then record_id end"
        hidden = f" replace ({_NOTHING} as owner_id, {record} as record_id)"
    ((written,),) = context.snapshot.rows(
        f"copy (select * exclude (place, row_no){hidden} from ({sql}) "
        "order by place, row_no, field nulls first) "
        f"to {literal(str(path))} (format parquet)"
    )
    return int(written)


def _findings_of(context: Context, spec: CheckSpec, number: int, hits: str) -> str:
    if spec.defect and failed_flag(hits) in columns_of(context, examined_relation(spec.table)):
        return _findings_of_rows(spec, number, hits)
    table, of_hits = spec.table, columns_of(context, hits)
    of_table = literal(table)
    if "table_name" in of_hits:
        of_table = f"coalesce(hits.table_name, {of_table})"
    owner = "records.owner_id" if "owner_id" in TABLES[table] else _NOTHING
    if "owner_id" in of_hits:
        owner = "hits.owner_id"
    field = "hits.field" if "field" in of_hits else _field(spec)
    counted = " where hits.counted" if "counted" in of_hits else ""
    return (
        f"select {number} as place, hits.row_no, {literal(spec.id)} as check_id, "
        f'{of_table} as "table", hits.record_id, {owner} as owner_id, '
        f"{field} as field, {_amount(table, 'records')} as amount "
        f"from {identifier(hits)} as hits left join {table} as records using (row_no){counted}"
    )


def _findings_of_rows(spec: CheckSpec, number: int, hits: str) -> str:
    """Return the findings of a row check: all they say is beside its flag."""
    field = _field(spec)
    if not spec.collects and "required_defect" in str(spec.defect):
        field = "required_missing"
    return (
        f"select {number} as place, row_no, {literal(spec.id)} as check_id, "
        f'{literal(spec.table)} as "table", record_id, owner_id, {field} as field, '
        f"{_amount(spec.table, 'flags')} as amount "
        f"from {examined_relation(spec.table)} as flags where {failed_flag(hits)}"
    )


def _field(spec: CheckSpec) -> str:
    return literal(spec.collects) if spec.collects else _NOTHING


def _amount(table: str, relation: str) -> str:
    has_amount = "amount" in TABLES[table]
    return f"{relation}.amount" if has_amount else "cast(null as decimal(18, 2))"


def _no_findings() -> str:
    return (
        f'select 0 as place, 0 as row_no, {_NOTHING} as check_id, {_NOTHING} as "table", '
        f"{_NOTHING} as record_id, {_NOTHING} as owner_id, {_NOTHING} as field, "
        "cast(null as decimal(18, 2)) as amount where false"
    )
