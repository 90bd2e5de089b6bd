"""Whom a measure examined and whom it hit, and the counts that follow from that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checks.context import Context, hits_relation, population_relation, slug
from checks.features.composing import compose
from checks.features.definitions import features_of
from checks.measurement import Measurement, not_observable
from checks.results import GroupStat, Metric
from checks.rows.counting import count_by_owner
from checks.spec import CheckSpec
from connectors.engines.duckdb import literal


def eligible_relation(spec: CheckSpec) -> str:
    """Name of the relation of the records that a measure could judge."""
    return f"eligible_{slug(spec)}"


def measured(
    context: Context,
    spec: CheckSpec,
    *,
    groups: Iterable[GroupStat] = (),
    counted: str = "true",
    metric: Metric | None = None,
) -> Measurement:
    """Count ``hits_<slug>`` on ``eligible_<slug>``, by owner.

    Args:
        context: The audit; both relations exist in its engine.
        spec: The check.
        groups: Shown beside the rate.
        counted: Condition on the hits that count as defects.
        metric: Shown beside the rate.
    """
    failed = f"failed_{slug(spec)}"
    context.snapshot.run(
        f"create or replace view {failed} as "
        f"select distinct row_no from {hits_relation(spec)} where {counted}"
    )
    owners = count_by_owner(context.snapshot, eligible_relation(spec), failed)
    return Measurement(owners=owners, hits=hits_relation(spec), groups=tuple(groups), metric=metric)


def observable(context: Context, table: str, columns: Iterable[str]) -> list[str]:
    """Return those of the columns that can be read, in the order given."""
    capabilities = context.snapshot.capabilities
    return [column for column in columns if capabilities.column(table, column).observable]


def absent(context: Context, table: str, columns: Sequence[str]) -> Measurement | None:
    """Return "not observable" naming the columns that cannot be read; None if all can."""
    readable = observable(context, table, columns)
    missing = tuple((table, column) for column in columns if column not in readable)
    if not missing:
        return None
    reason = str(context.snapshot.capabilities.column(*missing[0]))
    names = [f"{one}.{column}" for one, column in missing]
    return not_observable(reason, missing=missing, columns=names)


def span(context: Context, spec: CheckSpec, others: Sequence[str] = ()) -> dict[str, str]:
    """Return, by table, the query of the records of a check that spans several tables.

    These are the population of the check's own table, and the live records of the other
    tables, in the window if the check has one. Each query yields ``row_no, source_row,
    record_id, owner_id, table_name``. ``source_row`` is the row number in the record's own
    table; ``row_no`` is negative for other tables, so that it never meets a row of the
    check's own.

    Args:
        context: The audit.
        spec: The check; its own population exists in the engine.
        others: Further tables; those that were not supplied are left out.
    """
    queries = {
        spec.table: f"select row_no, row_no as source_row, record_id, owner_id, "
        f"{literal(spec.table)} as table_name from {population_relation(spec)}"
    }
    for number, table in enumerate(others):
        if table != spec.table and context.snapshot.capabilities.table(table).observable:
            queries[table] = (
                f"select -(row_no * {len(others)} + {number}) as row_no, row_no as source_row, "
                f"record_id, owner_id, {literal(table)} as table_name "
                f"from ({_live(context, table, in_window=spec.window)})"
            )
    return queries


def rate_of(dimension: str, key: str, n_eligible: int, k_defect: int, label: str = "") -> GroupStat:
    """Return the rate of one group."""
    return GroupStat(
        dimension=dimension,
        key=key,
        label=label or key,
        n_eligible=n_eligible,
        k_defect=k_defect,
        rate=k_defect / n_eligible if n_eligible else None,
    )


def _live(context: Context, table: str, *, in_window: bool) -> str:
    names = ["is_live", *(["in_window"] if in_window else [])]
    layers = compose(context, features_of(table, context.snapshot.capabilities), names)
    condition = " and ".join(layers.name(name) for name in names)
    return f"select row_no, record_id, owner_id from ({layers.sql}) where {condition}"
