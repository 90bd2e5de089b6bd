"""Whom a measure examined and whom it hit, and the counts that follow from that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checks.context import Context, hits_relation, slug
from checks.features.composing import on_columns
from checks.features.definitions import features_of
from checks.measurement import Measurement, not_observable
from checks.results import GroupStat, Metric
from checks.rows.counting import count_by_owner
from checks.rows.flags import members_relation
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier, literal


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


@dataclass(frozen=True)
class Members:
    """The records of one table that a check examines.

    Attributes:
        table: Their table.
        relation: Query or relation of these records, with all columns of their table.
        row_no: Expression over ``record`` for its number among all tables of the check.
    """

    table: str
    relation: str
    row_no: str

    def select(self, *columns: str) -> str:
        """Return the query of ``row_no, record_id, owner_id, table_name`` and more columns.

        Args:
            columns: Expressions over ``record``, with their names.
        """
        selected = (
            f"{self.row_no} as row_no",
            "record.id as record_id",
            "record.owner_id",
            f"{literal(self.table)} as table_name",
            *columns,
        )
        return f"select {', '.join(selected)} from {self.relation} record"


def span(context: Context, spec: CheckSpec, others: Sequence[str] = ()) -> list[Members]:
    """Return the records of a check that spans several tables, its own table first.

    These are the population of the check's own table, and the live records of the other
    tables, in the window if the check has one. Row numbers are negative for other tables, so
    that they never meet a row of the check's own.

    Args:
        context: The audit.
        spec: The check; its own members exist in the engine.
        others: Further tables; those that were not supplied are left out.
    """
    spanned = [Members(spec.table, members_relation(spec), "record.row_no")]
    for number, table in enumerate(others):
        if table != spec.table and context.snapshot.capabilities.table(table).observable:
            live = _live(context, table, in_window=spec.window)
            row_no = f"-(record.row_no * {len(others)} + {number})"
            spanned.append(Members(table, f"({live})", row_no))
    return spanned


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
    conditions = ["is_live"]
    if in_window:
        features = features_of(table, context.snapshot.capabilities)
        conditions.append(str(on_columns(context, features, "in_window")))
    return f"select * from {identifier(table)} where {' and '.join(conditions)}"
