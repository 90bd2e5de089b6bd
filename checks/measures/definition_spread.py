"""What words mean to whom: a lead that counts as converted, a deal that counts as lost."""

from __future__ import annotations

from checks.context import Context
from checks.events.relations import relation, unseen
from checks.measurement import Measurement, OwnerCount, not_observable
from checks.measures.comparing import (
    DIFFERING,
    FEWEST_REPS,
    Outcome,
    compare,
    count_outcomes,
    rule_by_worst,
    whether,
    worst,
)
from checks.rows.flags import members_relation
from checks.spec import CheckSpec


def definition_spread(context: Context, spec: CheckSpec) -> Measurement:
    """Measure in how many definitions reps differ, as far as their records show it.

    Compared are, on like work: whether a deal that will not come is closed as lost or left open
    beyond the age of nearly all won deals; whether deals are won out of the first stage; whether
    a lead becomes a deal, and how soon. ``n`` counts these, ``k`` those in which reps differ.
    """
    missing = unseen(context, "reps", "deal_strata")
    if missing:
        return missing
    outcomes = [*_endings(context, spec), *_first_stages(context, spec), *_conversions(context)]
    outcomes = [one for one in outcomes if one.n.sum()]
    if not outcomes:
        return not_observable("no_definition_to_compare")
    compared = compare(context, outcomes, spec.tolerance.t_lo)
    tested = [one for one in compared if one.reps >= FEWEST_REPS]
    differing = [one for one in tested if one.state in DIFFERING]
    widest = worst(compared)
    return Measurement(
        owners=(OwnerCount(None, len(compared), len(differing)),),
        missing=_unseen_parts(context),
        groups=(
            *(one.group("meaning", one.name) for one in compared),
            *(widest.owner_groups() if widest in differing else ()),
        ),
        metric=widest.metric(),
        ruling=rule_by_worst(tested or compared),
    )


def _unseen_parts(context: Context) -> tuple[tuple[str, str], ...]:
    """Return the columns without which some of the definitions stay in the dark."""
    parts = (unseen(context, name) for name in ("overdue_deals", "deal_paths", "ripe_leads"))
    return tuple(dict.fromkeys(column for part in parts if part for column in part.missing))


def _endings(context: Context, spec: CheckSpec) -> list[Outcome]:
    """Deals that will not come: those closed as lost among them."""
    if unseen(context, "overdue_deals"):
        return []
    source = (
        f"{members_relation(spec)} join {relation(context, 'deal_strata')} using (row_no) "
        f"join {relation(context, 'overdue_deals')} using (row_no)"
    )
    question = {"lost_rather_than_open": whether("state = 'lost'")}
    return count_outcomes(context, source, question, "coalesce(pipeline, '')")


def _first_stages(context: Context, spec: CheckSpec) -> list[Outcome]:
    """Won deals that never saw another stage than the first one."""
    if unseen(context, "deal_paths"):
        return []
    source = (
        f"(select rep, work, len(list_distinct(stages)) <= 1 as at_once "
        f"from {members_relation(spec)} as members "
        f"join {relation(context, 'deal_paths')} as paths using (row_no) "
        f"join {relation(context, 'deal_strata')} using (row_no) "
        "where paths.state = 'won' and is_whole and is_sold)"
    )
    return count_outcomes(context, source, {"won_at_first_stage": whether("at_once")}, "work")


def _conversions(context: Context) -> list[Outcome]:
    """Leads that had time to be converted, and how soon those were that are."""
    if unseen(context, "ripe_leads"):
        return []
    questions = {
        "lead_became_deal": whether("is_converted"),
        "lead_converted_soon": whether("is_soon"),
    }
    return count_outcomes(context, relation(context, "ripe_leads"), questions)
