"""findings.parquet: one row a finding, for whoever wants to go on from here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from checks.context import Context, list_relation
from checks.lists.list_queries import finding_column, list_query
from checks.measurement import Measurement
from checks.measuring import Measured
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier, literal

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
    sql = findings_query(context, specs, measured)
    record, owner = "record_id", "owner_id"
    if redact:
        record = "case when \"table\" <> 'users' then record_id end as record_id"
        owner = f"{_NOTHING} as owner_id"
    ((written,),) = context.snapshot.rows(
        f'copy (select check_id, "table", {record}, {owner}, field, amount from ({sql}) '
        "order by place, row_no, field nulls first) "
        f"to {literal(str(path))} (format parquet)"
    )
    return int(written)


def findings_query(context: Context, specs: Sequence[CheckSpec], measured: Measured) -> str:
    """Return the query of all findings.

    Besides the columns of the file it has ``place`` (of the check in the catalogue), ``row_no``
    and ``spot``: what tells two findings of a check on one record apart, the same month after
    month. The required fields that a record lacks are no spot: it is one finding, whichever they
    are.
    """
    parts = [
        _findings_of(context, spec, number, measurement)
        for number, spec in enumerate(specs)
        if (measurement := measured.measurements[spec.id]).hits is not None
    ]
    return "\nunion all\n".join(parts) or _no_findings()


def _findings_of(context: Context, spec: CheckSpec, number: int, measurement: Measurement) -> str:
    """Return the findings behind a list, which says of each row all that there is to say."""
    list_query(context, spec, measurement)
    columns = ", ".join(
        f"{finding_column(name)} as {identifier(name)}"
        for name in ("row_no", "table", "owner_id", "field", "amount")
    )
    lacks_fields = not spec.collects and "required_defect" in str(spec.defect)
    spot = _NOTHING if lacks_fields else finding_column("field")
    return (
        f"select {number} as place, {literal(spec.id)} as check_id, record_id, {columns}, "
        f"{spot} as spot "
        f"from {list_relation(spec)} where {finding_column('counts')}"
    )


def _no_findings() -> str:
    return (
        f'select 0 as place, 0 as row_no, {_NOTHING} as check_id, {_NOTHING} as "table", '
        f"{_NOTHING} as record_id, {_NOTHING} as owner_id, {_NOTHING} as field, "
        f"cast(null as decimal(18, 2)) as amount, {_NOTHING} as spot where false"
    )
