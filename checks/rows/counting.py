"""Counts by owner: the grain that every statistic starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks.context import Context
from checks.measurement import OwnerCount
from checks.results import Stock
from checks.rows.flags import RowCheck, counted_relation
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


@dataclass(frozen=True)
class Tally:
    """What one row check counted.

    Attributes:
        owners: By owner, those without a record left out.
        population: Records whose outcome should have been seen.
        stages: Records examined and failed by stage, for deals whose stage is known.
        stock: The counts on records outside the window, or None.
    """

    owners: tuple[OwnerCount, ...]
    population: int
    stages: tuple[tuple[str, int, int], ...]
    stock: Stock | None


def tally(context: Context, table: str, checks: Sequence[RowCheck]) -> list[Tally]:
    """Count every check of a table in one pass over its flags, the same ones taken together."""
    by_stage = table == "deals"
    flags = [flag for check in checks for flag in _counted(check)]
    if not flags:
        return []
    counts = ", ".join(f"sum(case when {flag} then records else 0 end)" for flag in flags)
    rows = context.snapshot.rows(
        f"select owner_id, {'stage' if by_stage else 'null'} as stage, {counts} "
        f"from {counted_relation(table)} group by all order by owner_id nulls last, stage"
    )
    width = len(flags) // len(checks)
    return [
        _tally(check, [(row[0], row[1], row[2 + i * width : 2 + (i + 1) * width]) for row in rows])
        for i, check in enumerate(checks)
    ]


def _counted(check: RowCheck) -> tuple[str, ...]:
    """Return what is counted of each check: as many conditions for one as for another."""
    name = check.slug
    population = f"p_{name}" if check.sees_gaps else f"e_{name}"
    stock = (f"stock_e_{name}", f"stock_d_{name}") if check.spec.window else ("false", "false")
    return (f"e_{name}", f"d_{name}", population, *stock)


def _tally(check: RowCheck, rows: list[tuple[str | None, str | None, tuple[int, ...]]]) -> Tally:
    owners: dict[str | None, list[int]] = {}
    stages: dict[str, list[int]] = {}
    population = stock_n = stock_k = 0
    for owner, stage, (n, k, asked, old_n, old_k) in rows:
        _add(owners.setdefault(owner, [0, 0]), n, k)
        if stage is not None:
            _add(stages.setdefault(stage, [0, 0]), n, k)
        population, stock_n, stock_k = population + asked, stock_n + old_n, stock_k + old_k
    return Tally(
        owners=tuple(OwnerCount(owner, n, k) for owner, (n, k) in owners.items() if n),
        population=population,
        stages=tuple((stage, n, k) for stage, (n, k) in sorted(stages.items()) if n),
        stock=Stock(n_eligible=stock_n, k_defect=stock_k) if check.spec.window else None,
    )


def _add(pair: list[int], n: int, k: int) -> None:
    pair[0] += n
    pair[1] += k
