"""Whether what was learned is itself unwell: a CRM of slow deals teaches that slow is usual."""

from __future__ import annotations

from collections.abc import Iterator

from checks.context import Context
from checks.events.relations import relation, unseen
from checks.results import ConfigurationFinding

#: From so many times the declared sales cycle on, what deals take here is no measure of health.
_TOO_MANY_TIMES = 2


def long_cycles(context: Context) -> Iterator[ConfigurationFinding]:
    """Yield a finding where learned limits exceed twice the sales cycle that the profile declares.

    Limits are the days that deals may stay in a stage, and those within which nine won deals in
    ten were won.
    """
    declared = context.profile.sales_cycle_days
    if declared is None:
        return
    days = max((limit for limit in _limits(context) if limit is not None), default=0.0)
    if days > _TOO_MANY_TIMES * declared:
        yield ConfigurationFinding(
            code="learned_limits_too_long",
            table="deals",
            facts={"days": round(days), "declared": declared},
        )


def _limits(context: Context) -> Iterator[float | None]:
    cycles = relation(context, "won_cycles")
    for (cycle,) in context.snapshot.rows(f"select q90 from {cycles} where pipeline is null"):
        yield cycle
    if unseen(context, "stage_limits") is None:
        limits = relation(context, "stage_limits")
        ((longest,),) = context.snapshot.rows(
            f"select max(stall_days) from {limits} where stall_basis <> 'default'"
        )
        yield longest
