"""Which findings an audit has, and what became of those that the audit before had.

Records appear under ``record_key``, a number that stands for a table and an id, so that nothing
that is kept of them names a record, let alone a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from checks.change.life import GONE, PASSES, UNSEEN
from checks.context import Context, population_relation, slug
from checks.lists.findings import findings_query
from checks.lists.list_sources import columns_of
from checks.measuring import Measured
from checks.rows.flags import examined_relation
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier, literal
from connectors.model import TABLES

if TYPE_CHECKING:
    import pandas as pd

_KINDS, _EXPECTED, _FOUND = "kinds_of_findings", "expected_findings", "found_again"
_RECORDS = "records_found_again"
_FINDINGS = "keyed_findings"
_OF_KINDS = ("check_id", "table_name")


def found_again_relation() -> str:
    """Name of the relation of findings that are missing, each with its record, by ``outcomes``."""
    return _FOUND


def findings_relation() -> str:
    """Name of the relation that ``lay_out_findings`` makes."""
    return _FINDINGS


class Kind(NamedTuple):
    """What findings have in common, whatever their record.

    Attributes:
        version: Of the check: findings of another meaning are other findings.
        table: Of the record.
        spot: What tells findings on one record apart; mostly nothing.
    """

    check_id: str
    version: int
    table: str
    spot: str


def lay_out_findings(
    context: Context, specs: Sequence[CheckSpec], measured: Measured, *, without_people: bool
) -> None:
    """Lay out the findings of the audit under their keys, unless that was done.

    A check is told by its ``place`` among those measured: numbers group faster than its id.

    Args:
        context: The audit.
        specs: The checks that were measured.
        measured: What they found.
        without_people: Whether findings on people are left out.
    """
    if _FINDINGS in context.relations:
        return
    query = findings_query(context, specs, measured)
    hidden = " and \"table\" <> 'users'" if without_people else ""
    context.snapshot.run(
        f'create or replace temp table {_FINDINGS} as select place, "table" as table_name, '
        "coalesce(spot, '') as spot, record_key(\"table\", record_id) as record_key, "
        f"arg_min(owner_key, row_no) as owner_key from ({query}) left join ("
        "select owner_id, record_key('users', owner_id) as owner_key "
        f"from (select distinct owner_id from ({query}))) using (owner_id) "
        f"where record_id is not null{hidden} group by all"
    )
    context.relations.add(_FINDINGS)


def kinds_found(
    context: Context, specs: Sequence[CheckSpec], measured: Measured, *, without_people: bool
) -> list[Kind]:
    """Return the kinds of the findings of the audit, in order; they are laid out by then.

    Args:
        context: The audit.
        specs: The checks that were measured.
        measured: What they found.
        without_people: Whether findings on people are left out.
    """
    lay_out_findings(context, specs, measured, without_people=without_people)
    rows = context.snapshot.rows(f"select distinct place, table_name, spot from {_FINDINGS}")
    return sorted(
        Kind(specs[place].id, specs[place].version, table, spot) for place, table, spot in rows
    )


def findings_by_key(
    context: Context, specs: Sequence[CheckSpec], kinds: pd.DataFrame
) -> pd.DataFrame:
    """Return the findings laid out: ``kind, record_key, owner_key``, in order.

    Args:
        context: The audit; ``lay_out_findings`` was called.
        specs: The checks that were measured.
        kinds: The number of each kind: ``kind, check_id, version, table_name, spot``.
    """
    places = {(spec.id, spec.version): place for place, spec in enumerate(specs)}
    named = zip(kinds["check_id"], kinds["version"], strict=True)
    placed = kinds.assign(place=[places.get(name, -1) for name in named])
    context.snapshot.engine.register(_KINDS, placed)
    return context.snapshot.sql(
        f"select kind, record_key, coalesce(owner_key, 0) as owner_key from {_FINDINGS} "
        f"join {_KINDS} using (place, table_name, spot) order by kind, record_key"
    )


def with_kinds(moved: pd.DataFrame, kinds: pd.DataFrame) -> pd.DataFrame:
    """Return findings with the ``check_id`` and ``table_name`` of their kind, as categories.

    Args:
        moved: Findings: ``kind`` and anything else.
        kinds: What each kind is: ``kind, check_id, table_name``, in order.
    """
    at = kinds["kind"].searchsorted(moved["kind"])
    named = {name: kinds[name].astype("category").iloc[at].array for name in _OF_KINDS}
    return moved.assign(**named)


def outcomes(
    context: Context,
    specs: Sequence[CheckSpec],
    measured: Measured,
    kinds: pd.DataFrame,
    expected: pd.DataFrame,
) -> pd.DataFrame:
    """Return what became of findings that are no longer there.

    A record passes only where its check could examine it. It is gone where the CRM no longer
    holds it, or the check no longer asks about it; anything else is unseen.

    Args:
        context: The audit.
        specs: The checks that were measured.
        measured: What they found.
        kinds: The number of each kind, those of earlier audits included.
        expected: The findings asked for: ``kind, record_key``.

    Returns:
        ``kind, record_key, outcome, owner_key``, in order.
    """
    if expected.empty:
        return expected.assign(outcome="", owner_key=0)
    engine = context.snapshot.engine
    kinds = kinds[kinds["kind"].isin(expected["kind"].unique())]
    engine.register(_KINDS, kinds)
    engine.register(_EXPECTED, expected)
    tables = sorted(set(kinds["table_name"]))
    _find_again(context, tables)
    for table in tables:
        _cut_flags(context, table)
    by_id = {spec.id: spec for spec in specs}
    parts = []
    for check_id, version in sorted(set(zip(kinds["check_id"], kinds["version"], strict=True))):
        spec = by_id.get(check_id)
        if spec is not None and spec.version == version:
            parts.append(_outcomes_of(context, spec, measured))
    nothing = f"select *, '{UNSEEN}' as outcome from {_FOUND} where false"
    seen = "\nunion all\n".join(parts) or nothing
    return context.snapshot.sql(
        f"select kind, record_key, coalesce(seen.outcome, '{UNSEEN}') as outcome, "
        f"coalesce(seen.owner_key, 0) as owner_key from {_EXPECTED} "
        f"left join ({seen}) as seen using (kind, record_key) order by kind, record_key"
    )


def _find_again(context: Context, tables: Iterable[str]) -> None:
    """Lay out the live records that the expected findings are about, then the findings with them.

    Keys are looked for in one scan of each table; from there on records have numbers.
    """
    parts = []
    for table in tables:
        owner = "owner_id" if "owner_id" in TABLES[table] else "cast(null as varchar)"
        key, digits = (f"record_{name}({literal(table)}, id)" for name in ("key", "digits"))
        parts.append(
            f"select {literal(table)} as table_name, {key} as record_key, id as record_id, row_no, "
            f"{owner} as owner_id from {identifier(table)} where is_live and id is not null "
            f"and {digits} in (select printf('%015x', record_key) from {_EXPECTED})"
        )
    context.snapshot.run(
        f"create or replace temp table {_RECORDS} as " + "\nunion all\n".join(parts)
    )
    context.snapshot.run(
        f"create or replace temp table {_FOUND} as "
        "select kind, record_key, check_id, version, table_name, "
        "any_value(record_id) as record_id, any_value(row_no) as row_no, "
        "record_key('users', any_value(owner_id)) as owner_key "
        f"from {_EXPECTED} join {_KINDS} using (kind) "
        f"left join {_RECORDS} using (table_name, record_key) group by all"
    )


def _outcomes_of(context: Context, spec: CheckSpec, measured: Measured) -> str:
    """Return the query of the outcomes of one check's expected findings."""
    mine = (
        f"(select * from {_FOUND} where check_id = {literal(spec.id)} and version = {spec.version})"
    )
    if measured.measurements[spec.id].reason is not None:
        return f"select kind, record_key, owner_key, '{UNSEEN}' as outcome from {mine}"

    # Cut to the few that are expected first: a check may examine every record of the CRM.
    def among(column: str, relation: str) -> str:
        wanted = f"select {column} from {relation} where {column} in (select {column} from {mine})"
        return f"{column} in ({wanted})"

    flags = _flags_again(spec.table)
    known = columns_of(context, flags) if _exists(context, flags) else {}
    asked, passed = f"p_{slug(spec)}", f"e_{slug(spec)}"
    unseen = ""
    if asked in known:
        unseen = f" when row_no in (select row_no from {flags} where {asked}) then '{UNSEEN}'"
    if spec.defect is not None and passed in known:
        examined = f"record_id in (select record_id from {flags} where {passed})"
    else:
        examined = among("record_id", _examined(context, spec))
    return (
        f"select kind, record_key, owner_key, case when record_id is null then '{GONE}' "
        f"when {examined} then '{PASSES}'{unseen} else '{GONE}' end as outcome from {mine}"
    )


def _cut_flags(context: Context, table: str) -> None:
    """Lay out what was asked of the records found again, all checks of a table at once."""
    flags = examined_relation(table)
    if _exists(context, flags):
        context.snapshot.run(
            f"create or replace temp table {_flags_again(table)} as select * from {flags} "
            f"where row_no in (select row_no from {_RECORDS} where table_name = {literal(table)})"
        )


def _flags_again(table: str) -> str:
    return f"{examined_relation(table)}_again"


def _examined(context: Context, spec: CheckSpec) -> str:
    """Return the relation of the records that a check could judge."""
    eligible = f"eligible_{slug(spec)}"
    return eligible if _exists(context, eligible) else population_relation(spec)


def _exists(context: Context, relation: str) -> bool:
    named = f"= {literal(relation)}"
    return bool(
        context.snapshot.rows(
            f"select 1 from duckdb_tables() where table_name {named} "
            f"union all select 1 from duckdb_views() where view_name {named}"
        )
    )
