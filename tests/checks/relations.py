"""What tests of the measures need: a check, its population, and the rows it hit."""

from __future__ import annotations

from typing import Any

from checks.context import Context, hits_relation
from checks.lexicon.junk import define_junk
from checks.measurement import Measurement
from checks.measures import MEASURES
from checks.rows import flags
from checks.spec import CheckSpec
from tests.checks.snapshots import context_of, spec

Rows = list[dict[str, Any]]


def measure(
    name: str, table: str, tables: dict[str, Rows], **profile: Any
) -> tuple[Context, CheckSpec, Measurement]:
    """Run one measure on the live records of a table."""
    context = context_of(tables, **profile)
    check = spec(id=name.replace("_", "-"), table=table, measure=name)
    lay_out(context, check)
    return context, check, MEASURES[name](context, check)


def lay_out(context: Context, check: CheckSpec) -> None:
    """Do what happens before a measure runs: define junk, and lay out the population."""
    define_junk(context.snapshot, context.profile)
    flags.lay_out(context, check, "is_live")


def hits(context: Context, check: CheckSpec, *columns: str) -> list[Any]:
    """Return columns of the hits, in their order; bare values when one column is asked for."""
    rows = context.snapshot.rows(f"select {', '.join(columns)} from {hits_relation(check)}")
    return [row[0] for row in rows] if len(columns) == 1 else rows


def counts(measurement: Measurement) -> tuple[int, int]:
    """Return the records that failed, and the records examined."""
    return measurement.k_defect, measurement.n_eligible


def groups(measurement: Measurement, dimension: str) -> dict[str, tuple[int, int]]:
    """Return failed and examined by key, for one dimension."""
    return {
        group.key: (group.k_defect, group.n_eligible)
        for group in measurement.groups
        if group.dimension == dimension
    }
