"""findings.parquet: one row a finding, for whoever wants to go on from here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from checks.context import Context
from checks.lists.list_queries import columns_of
from checks.measuring import Measured
from checks.rows.flags import examined_relation
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
    table = spec.table
    of_hits = columns_of(context, hits)
    field = _field(context, spec, hits)
    flags = (
        f" join {examined_relation(table)} as flags using (row_no)"
        if field.startswith("flags.")
        else ""
    )
    of_table = (
        f"coalesce(hits.table_name, {literal(table)})"
        if "table_name" in of_hits
        else literal(table)
    )
    owner = "records.owner_id" if "owner_id" in TABLES[table] else _NOTHING
    if "owner_id" in of_hits:
        owner = "hits.owner_id"
    counted = " where hits.counted" if "counted" in of_hits else ""
    amount = "records.amount" if "amount" in TABLES[table] else "cast(null as decimal(18, 2))"
    return (
        f"select {number} as place, hits.row_no, {literal(spec.id)} as check_id, "
        f'{of_table} as "table", hits.record_id, {owner} as owner_id, '
        f"{field} as field, {amount} as amount "
        f"from {identifier(hits)} as hits left join {table} as records using (row_no)"
        f"{flags}{counted}"
    )


def _field(context: Context, spec: CheckSpec, hits: str) -> str:
    if "field" in columns_of(context, hits):
        return "hits.field"
    if spec.collects:
        return literal(spec.collects)
    if spec.defect and "required_defect" in spec.defect:
        return "flags.required_missing"
    return _NOTHING


def _no_findings() -> str:
    return (
        f'select 0 as place, 0 as row_no, {_NOTHING} as check_id, {_NOTHING} as "table", '
        f"{_NOTHING} as record_id, {_NOTHING} as owner_id, {_NOTHING} as field, "
        "cast(null as decimal(18, 2)) as amount where false"
    )
