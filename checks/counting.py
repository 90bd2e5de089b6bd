"""Counts by owner: the grain that every statistic starts from."""

from __future__ import annotations

from checks.measurement import OwnerCount
from connectors.engines.duckdb import identifier
from connectors.snapshot import Snapshot


def count_by_owner(
    snapshot: Snapshot, population_relation: str, hits_relation: str | None
) -> tuple[OwnerCount, ...]:
    """Count the records examined and those hit, by owner.

    Args:
        snapshot: Snapshot that holds both relations.
        population_relation: Relation with ``row_no`` and ``owner_id``, one row a record.
        hits_relation: Relation with ``row_no``, any number of rows a record; None when
            nothing failed.

    Returns:
        One count an owner, by owner id, records without an owner last.
    """
    population = identifier(population_relation)
    failed = (
        f"row_no in (select row_no from {identifier(hits_relation)})" if hits_relation else "false"
    )
    counts = snapshot.rows(
        f"select owner_id, count(*), count(*) filter ({failed}) from {population} "
        "group by owner_id order by owner_id nulls last"
    )
    return tuple(OwnerCount(owner, n, k) for owner, n, k in counts)
