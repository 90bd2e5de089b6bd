"""The pipeline as the CRM states it, and what remains without the deals that no longer move."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from checks.blocks import PipelineBlock, PipelineStage, PipelineSum
from checks.context import Context
from checks.lists.money import OpenDeals
from checks.measuring import Measured
from connectors.engines.duckdb import identifier

#: Checks whose hits no longer move: those without a future, and those that stand still.
_ZOMBIES, _STALLED = "zombie-deal", "stalled-open-deal"
#: Where a row of the query counts all deals, those that are no zombies, those that move.
_AS_SAID, _ALIVE, _MOVING = 1, 3, 5
#: More stages than that say nothing on a page.
_MOST_STAGES = 30


def read_pipeline(
    context: Context, measured: Measured, open_deals: OpenDeals
) -> PipelineBlock | None:
    """Return the open deals and their amounts; None when no deal is open.

    Args:
        context: The audit.
        measured: What the checks found.
        open_deals: Tells whether amounts may be added up.
    """
    zombies, stalled = _hits(measured, [_ZOMBIES]), _hits(measured, [_ZOMBIES, _STALLED])
    rows = context.snapshot.rows(
        f"""
        select
            stage,
            count(*), sum(open_deals.amount),
            count(*) filter (row_no not in ({zombies})),
            sum(open_deals.amount) filter (row_no not in ({zombies})),
            count(*) filter (row_no not in ({stalled})),
            sum(open_deals.amount) filter (row_no not in ({stalled}))
        from open_deals join deals using (row_no)
        group by stage order by count(*) desc, stage nulls last
        """
    )
    if not rows:
        return None
    is_summable = open_deals.total() is not None
    seen = [one for one in (_ZOMBIES, _STALLED) if _is_seen(measured, one)]
    return PipelineBlock(
        currency=open_deals.currency,
        as_said=_added(rows, _AS_SAID, is_summable),
        without_zombies=_added(rows, _ALIVE, is_summable) if _ZOMBIES in seen else None,
        without_stalled=_added(rows, _MOVING, is_summable) if seen else None,
        stages=[
            PipelineStage(
                stage=row[0],
                as_said=_added([row], _AS_SAID, is_summable),
                alive=_added([row], _MOVING, is_summable),
            )
            for row in rows[:_MOST_STAGES]
        ],
    )


def _added(rows: Sequence[tuple[Any, ...]], place: int, is_summable: bool) -> PipelineSum:
    amount = sum((Decimal(row[place + 1] or 0) for row in rows), Decimal(0))
    return PipelineSum(
        deals=sum(row[place] for row in rows), amount=f"{amount:.2f}" if is_summable else None
    )


def _is_seen(measured: Measured, check_id: str) -> bool:
    one = measured.measurements.get(check_id)
    return one is not None and one.hits is not None


def _hits(measured: Measured, check_ids: Sequence[str]) -> str:
    """Return the query of the deals that any of these checks hit."""
    hits = [
        f"select row_no from {identifier(relation)}"
        for check_id in check_ids
        if _is_seen(measured, check_id)
        and (relation := measured.measurements[check_id].hits) is not None
    ]
    return " union all ".join(hits) or "select 0 where false"
