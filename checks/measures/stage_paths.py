"""The way through the stages: usual stages that were left out, and steps back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checks.context import Context, hits_relation
from checks.events.relations import relation, unseen
from checks.events.settled import STANDS_ON, is_young, settle_relation
from checks.learned_limits import FIRM
from checks.measurement import Measurement
from checks.measures.comparing import (
    FEWEST_REPS,
    Comparison,
    compare,
    count_outcomes,
    rule_by_worst,
    whether,
    worst,
)
from checks.measures.examined import eligible_relation, measured, rate_of
from checks.results import State
from checks.rows.flags import members_relation
from checks.spec import CheckSpec
from connectors.engines.duckdb import literal

#: A stage is usual where this share of at least so many won deals of a pipeline go through it.
_USUAL_SHARE, _FEWEST_WON = 0.80, 20
#: Or where that is so for the half of these many people, with so many won deals each, who use it.
_FEWEST_PEOPLE, _FEWEST_OF_EACH = 5, 5
#: A deal closed so soon, where so many days are usual, has a check of its own.
_AT_ONCE, _USUAL_DAYS = 1, 14
#: Whether reps differ is asked for stages that so many of the won deals go through.
_COMMON_SHARE, _MOST_STAGES = 0.30, 12
#: Reps may differ by so much in how often they leave out a stage, or step back.
_TOLERATED_SPREAD = 0.10


def skipped_stage(context: Context, spec: CheckSpec) -> Measurement:
    """Measure how many won deals did not go through a stage that nearly all go through.

    Deals that were entered late, or at their closing, have checks of their own: they say nothing of
    what is usual, and are not counted once more. Where reps differ in whether they use a stage at
    all, this alone makes it present.
    """
    missing = unseen(context, "deal_paths")
    if missing:
        return missing
    eligible = eligible_relation(spec)
    at_once = f"days between 0 and {_AT_ONCE} and usual_days >= {_USUAL_DAYS}"
    _lay_out(
        context,
        spec,
        f"is_whole and is_sold and state = 'won' and not is_born_late "
        f"and not coalesce({at_once}, false)",
    )
    _lay_out_usual_stages(context, eligible)
    context.snapshot.run(
        f"create or replace table {hits_relation(spec)} as "
        "select row_no, record_id, owner_id, "
        "string_agg(usual_stages.stage, ', ' order by usual_stages.stage) as skipped "
        f"from {eligible} join usual_stages using (pipeline) "
        "where not list_contains(stages, usual_stages.stage) group by all"
    )
    groups = [
        rate_of("stage", stage, deals, deals - visits)
        for stage, deals, visits in context.snapshot.rows(
            "select usual_stages.stage, count(*), "
            "count(*) filter (list_contains(stages, usual_stages.stage)) "
            f"from {eligible} join usual_stages using (pipeline) group by all order by all"
        )
    ]
    found = replace(
        measured(context, spec, groups=groups), coverage=_whole(context, spec, "state = 'won'")
    )
    return _unless_reps_differ(found, _compare_skips(context, spec))


def backward_stage_move(context: Context, spec: CheckSpec) -> Measurement:
    """Measure how many closed deals somebody had taken back to an earlier stage.

    Where reps differ in it, this alone makes it present.
    """
    missing = unseen(context, "deal_paths")
    if missing:
        return missing
    _lay_out(context, spec, "is_whole")
    context.snapshot.run(
        f"create or replace table {hits_relation(spec)} as "
        f"select row_no, record_id, owner_id, moves_back from {eligible_relation(spec)} "
        "where moves_back > 0"
    )
    found = replace(measured(context, spec), coverage=_whole(context, spec, "true"))
    return _unless_reps_differ(found, _compare_steps_back(context, spec))


def _compare_skips(context: Context, spec: CheckSpec) -> list[Comparison]:
    """Compare reps in which stages they leave out; the eligible deals are laid out already."""
    if unseen(context, "deal_strata"):
        return []
    stages = context.snapshot.rows(
        "select stage, list(pipeline order by pipeline) "
        f"from ({_usual_stages(eligible_relation(spec), _COMMON_SHARE)}) "
        f"group by stage order by stage limit {_MOST_STAGES}"
    )
    questions = {
        stage: whether(
            f"case when pipeline in ({', '.join(map(literal, pipelines))}) "
            f"then not list_contains(stages, {literal(stage)}) end"
        )
        for stage, pipelines in stages
    }
    return compare(
        context, count_outcomes(context, _compared(context, spec), questions), _TOLERATED_SPREAD
    )


def _compare_steps_back(context: Context, spec: CheckSpec) -> list[Comparison]:
    """Compare reps in how often their deals went back."""
    if unseen(context, "deal_strata"):
        return []
    questions = {"back": whether("moves_back > 0")}
    return compare(
        context, count_outcomes(context, _compared(context, spec), questions), _TOLERATED_SPREAD
    )


def _lay_out(context: Context, spec: CheckSpec, condition: str) -> None:
    context.snapshot.run(
        f"create or replace temp table {eligible_relation(spec)} as "
        "select * from (select *, median(days) filter (state = 'won') over (partition by pipeline) "
        f"as usual_days from {relation(context, 'deal_paths')}) "
        f"where {condition} and row_no in (select row_no from {members_relation(spec)})"
    )


def _compared(context: Context, spec: CheckSpec) -> str:
    strata = relation(context, "deal_strata")
    return f"{eligible_relation(spec)} join {strata} using (row_no)"


def _lay_out_usual_stages(context: Context, eligible: str) -> None:
    """Lay out the stages that deals usually go through, as long as a pipeline keeps its stages."""
    context.snapshot.run(
        "create or replace temp table usual_stages as "
        f"select pipeline, stage, orders.stages as {STANDS_ON}, $firm as {FIRM} "
        f"from ({_usual_stages(eligible, _COMMON_SHARE)}) "
        f"left join {relation(context, 'stage_orders')} as orders using (pipeline) "
        f"where visits >= {_USUAL_SHARE} * deals "
        f"or (pipeline, stage) in ({_usual_of_people(eligible)})",
        {"firm": not is_young(context)},
    )
    settle_relation(context, "usual_stages", ["pipeline"])


def _usual_stages(eligible: str, share: float) -> str:
    return (
        "select pipeline, stage, any_value(deals) as deals, count(*) as visits from ("
        "select pipeline, unnest(list_distinct(stages)) as stage, deals from ("
        f"select *, count(*) over (partition by pipeline) as deals from {eligible})) "
        f"where deals >= {_FEWEST_WON} group by pipeline, stage "
        f"having count(*) >= {share} * any_value(deals)"
    )


def _usual_of_people(eligible: str) -> str:
    """Return the pipelines and stages that half of the people use, and then nearly always.

    Where the others leave a stage out for good, fewer than 80 % of all deals go through it; it is
    not a bit less usual for that. A person uses a stage who leads most deals through it.
    """
    return (
        "with person as (select pipeline, owner_id, count(*) as deals, "
        "count(*) over (partition by pipeline) as people "
        f"from {eligible} where owner_id is not null group by pipeline, owner_id "
        f"having count(*) >= {_FEWEST_OF_EACH}), "
        "way as (select pipeline, owner_id, unnest(list_distinct(stages)) as stage "
        f"from {eligible}), "
        "use as (select pipeline, stage, people, any_value(deals) as deals, count(*) as visits "
        "from way join person using (pipeline, owner_id) "
        "group by pipeline, stage, people, owner_id having 2 * count(*) > any_value(deals)) "
        f"select pipeline, stage from use where people >= {_FEWEST_PEOPLE} "
        "group by pipeline, stage, people "
        f"having 2 * count(*) >= people and sum(visits) >= {_USUAL_SHARE} * sum(deals)"
    )


def _whole(context: Context, spec: CheckSpec, condition: str) -> float:
    """Return the share of the deals whose whole life lies in the time that is tracked."""
    ((share,),) = context.snapshot.rows(
        f"select avg(cast(is_whole as integer)) from {relation(context, 'deal_paths')} "
        f"where {condition} and row_no in (select row_no from {members_relation(spec)})"
    )
    return float(share or 0.0)


def _unless_reps_differ(found: Measurement, compared: Sequence[Comparison]) -> Measurement:
    """Return the measurement, ruled where reps differ for sure; else its rate decides."""
    tested = [one for one in compared if one.reps >= FEWEST_REPS]
    if not tested:
        return found
    widest = worst(tested)
    found = replace(found, spread=widest.metric())
    if widest.state is not State.PRESENT:
        return found
    return replace(
        found, ruling=rule_by_worst(tested), groups=(*found.groups, *widest.owner_groups())
    )
