"""Fields that some fill and others leave empty, on the same work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from checks.context import Context, hits_relation
from checks.events.relations import unseen
from checks.measurement import Measurement, OwnerCount, Ruling, not_observable
from checks.measures.compared_fields import (
    count_empty_fields,
    count_empty_fields_of_open_deals,
    is_filled,
    unseen_fields,
)
from checks.measures.comparing import (
    DIFFERING,
    FEWEST_RECORDS,
    FEWEST_REPS,
    FIRM_REPS,
    Comparison,
    Outcome,
    compare,
    in_points,
    ramp,
    undecided,
    worst,
)
from checks.results import Metric, State
from checks.rows.flags import members_relation
from checks.spec import CheckSpec
from checks.statistics.funnels import exact_limits
from connectors.engines.duckdb import literal

#: The fields differ from person to person if at least so many do, and this share of them.
_FEWEST_FIELDS, _LEAST_SHARE = 2, 0.20
#: A field is somebody's own: these people fill it on half of their deals, those on hardly any.
_USED_FROM, _UNUSED_UP_TO, _PEOPLE_EACH = 0.5, 0.1, 2
_SURE, _PROBABLE = 0.01, 0.2
_SHOWN_FIELDS = 30
#: A field that is left empty on fewer deals tells nothing about who fills what.
_LEAST_EMPTY = 0.02


def field_completion_spread(context: Context, spec: CheckSpec) -> Measurement:
    """Measure in how many fields reps differ in what they leave empty.

    Looked at are all recent deals, and the open ones alone: closing a deal makes many fields due.
    ``n`` counts the fields that somebody leaves empty and ``k`` those in which reps differ.
    """
    missing = unseen(context, "reps", "deal_strata")
    if missing:
        return missing
    compared = _compare_both(context, spec)
    if not compared:
        return not_observable("no_field_to_compare")
    tested = [one for one in compared if one.reps >= FEWEST_REPS]
    differing = [one for one in tested if one.state in DIFFERING]
    _list_empty(context, spec, [one.name for one in differing])
    shown = sorted(compared, key=lambda one: (-one.shown_spread, one.name))[:_SHOWN_FIELDS]
    return Measurement(
        owners=(OwnerCount(None, len(compared), len(differing)),),
        missing=unseen_fields(context),
        hits=hits_relation(spec),
        groups=(
            *(one.group("field", one.name) for one in shown),
            *(worst(differing).owner_groups() if differing else ()),
        ),
        metric=_mean_spread(tested),
        ruling=_rule_fields(compared, tested),
    )


def _compare_both(context: Context, spec: CheckSpec) -> list[Comparison]:
    """Compare reps in each field on recent and on open deals, and keep what tells more."""
    recent = _left_empty_at_times(count_empty_fields(context, spec))
    still_open = _left_empty_at_times(count_empty_fields_of_open_deals(context, spec))
    named = [replace(one, name=f"{one.name} while open") for one in still_open]
    found = compare(context, [*recent, *named], spec.tolerance.t_lo)
    by_field: dict[str, list[Comparison]] = {}
    for one, outcome in zip(found, [*recent, *still_open], strict=True):
        same = replace(one, outcome=replace(one.outcome, name=outcome.name))
        by_field.setdefault(outcome.name, []).append(same)
    return [min(ways, key=_tells_less) for ways in by_field.values()]


def _tells_less(one: Comparison) -> tuple[int, float]:
    order = (State.PRESENT, State.EMERGING, State.ABSENT, State.INCONCLUSIVE)
    return order.index(one.state), -one.shown_spread


def _left_empty_at_times(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the fields that somebody leaves empty; all of them if nobody leaves one empty."""
    some = [one for one in outcomes if one.rate >= _LEAST_EMPTY]
    return some or list(outcomes)


def _rule_fields(compared: Sequence[Comparison], tested: Sequence[Comparison]) -> Ruling:
    states = [one.state for one in tested]
    present, emerging = states.count(State.PRESENT), states.count(State.EMERGING)
    severities = sorted((one.severity for one in tested), reverse=True)
    beyond = sorted((one.beyond for one in tested), reverse=True)
    if present >= _FEWEST_FIELDS and present >= _LEAST_SHARE * len(tested):
        # It takes two fields, so it is as bad and as sure as the second.
        return Ruling(State.PRESENT, max(0.5, severities[1]), beyond[1])
    differing = present + emerging
    if present or (differing >= _FEWEST_FIELDS and differing >= _LEAST_SHARE * len(tested)):
        return Ruling(State.EMERGING, min(0.5, severities[0]), beyond[0])
    if states.count(State.ABSENT) * 2 >= len(states) > 0:
        return Ruling(State.ABSENT, 0.0, float(np.median(beyond)))
    return undecided(compared)


def _mean_spread(tested: Sequence[Comparison]) -> Metric | None:
    if not tested:
        return None
    mean = float(np.mean([one.shown_spread for one in tested]))
    redrawn = np.mean([one.spread.redrawn() for one in tested], axis=0)
    low, high = np.quantile(redrawn, [0.05, 0.95])
    return in_points("mean_spread_between_reps", mean, float(low), float(high))


def _list_empty(context: Context, spec: CheckSpec, fields: Sequence[str]) -> None:
    """List the open deals on which a field is empty that some of the colleagues fill."""
    empty = [
        f"select row_no, id as record_id, owner_id, {literal(field)} as field "
        f"from {members_relation(spec)} where state = 'open' and not {is_filled(field)}"
        for field in fields
        if field != "lost_reason"
    ]
    nothing = (
        "select row_no, id as record_id, owner_id, '' as field "
        f"from {members_relation(spec)} where false"
    )
    context.snapshot.run(
        f"create or replace table {hits_relation(spec)} as {' union all '.join([nothing, *empty])}"
    )


def private_field(context: Context, spec: CheckSpec) -> Measurement:
    """Measure how many fields some people use while others, on the same work, leave them empty.

    ``n`` counts the fields compared and ``k`` those that are somebody's own.
    """
    missing = unseen(context, "reps", "deal_strata")
    if missing:
        return missing
    outcomes = count_empty_fields(context, spec)
    if not outcomes:
        return not_observable("no_field_to_compare")
    compared = compare(context, _left_empty_at_times(outcomes), spec.tolerance.t_lo)
    private = [one for one in compared if one.p <= _SURE and _is_private(one)]
    return Measurement(
        owners=(OwnerCount(None, len(compared), len(private)),),
        missing=unseen_fields(context),
        groups=(
            *(one.group("field", one.name) for one in private[:_SHOWN_FIELDS]),
            *(worst(private).owner_groups() if private else ()),
        ),
        ruling=_rule_private(spec, compared, len(private)),
    )


def _is_private(one: Comparison) -> bool:
    n, k = one.outcome.n, one.outcome.k
    many = n >= FEWEST_RECORDS
    filled, limits = 1 - k / n, exact_limits(n, one.spread.expected)
    users = many & (filled >= _USED_FROM) & (k / n < limits.low)
    others = many & (filled <= _UNUSED_UP_TO) & (k / n > limits.high)
    return min(int(users.sum()), int(others.sum())) >= _PEOPLE_EACH


def _rule_private(spec: CheckSpec, compared: Sequence[Comparison], private: int) -> Ruling:
    share = private / len(compared)
    tolerance = spec.tolerance
    severity = ramp(share, tolerance.t_lo, tolerance.high, tolerance.critical)
    firm = max(one.reps for one in compared) >= FIRM_REPS
    if private >= _FEWEST_FIELDS and share >= spec.tolerance.high and firm:
        return Ruling(State.PRESENT, severity, 1 - _SURE)
    if private:
        return Ruling(State.EMERGING, min(0.5, severity), 1 - _PROBABLE)
    if firm:
        return Ruling(State.ABSENT, 0.0, _PROBABLE)
    return undecided(compared)
