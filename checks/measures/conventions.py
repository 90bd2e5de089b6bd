"""Conventions for figures: how amounts are written, and when a stage's probability is overruled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checks.context import Context, hits_relation
from checks.events.relations import relation, unseen
from checks.measurement import Measurement, OwnerCount, Ruling, not_observable
from checks.measures.comparing import (
    DIFFERING,
    FEWEST_REPS,
    compare,
    count_outcomes,
    rule_by_worst,
    whether,
    worst,
)
from checks.measures.examined import rate_of
from checks.measures.people import rule_people
from checks.results import State
from checks.rows.flags import members_relation
from checks.spec import CheckSpec
from checks.statistics.significance import adjusted

#: A number of thousands, or one digit and zeros behind it; holds for amounts above zero.
_IS_ROUND = (
    "amount % case when amount < 10 then 1 when amount < 100 then 10 "
    "when amount < 1000 then 100 else 1000 end = 0"
)
#: One amount stands for none where it is on so many of somebody's open deals, and on hardly any
#: of the others'.
_PLACEHOLDER_SHARE, _FEWEST_OPEN, _OTHERS_UP_TO = 0.25, 12, 0.10
_SURE = 0.01
#: Points of probability that a person changed something by.
_OVERRIDDEN_BY = 0.5


def amount_convention_spread(context: Context, spec: CheckSpec) -> Measurement:
    """Measure how reps differ in writing amounts: round ones, and one amount that stands for none.

    Round amounts alone, or a repeated amount alone, may come from price lists: they are no more
    than emerging. ``n`` counts the amounts compared and ``k`` the round ones.
    """
    missing = unseen(context, "reps", "deal_strata")
    if missing:
        return missing
    strata = relation(context, "deal_strata")
    source = (
        "(select rep, stratum || ' ' || coalesce(currency, '') as stratum, "
        f"{_IS_ROUND} as is_round from {members_relation(spec)} join {strata} using (row_no) "
        "where amount > 0)"
    )
    outcomes = count_outcomes(context, source, {"round": whether("is_round")})
    if not outcomes or not outcomes[0].n.sum():
        return not_observable("nobody_to_examine")
    (compared,) = compare(context, outcomes, spec.tolerance.t_lo)
    repeated = _find_placeholders(context, spec)
    ruling = _cap(rule_by_worst([compared]), rule_people(repeated.reps, repeated.people))
    whole = outcomes[0]
    return Measurement(
        owners=(OwnerCount(None, int(whole.n.sum()), int(whole.k.sum())),),
        hits=hits_relation(spec) if repeated.people else None,
        groups=(
            rate_of("habit", "placeholder_amount", repeated.reps, repeated.people),
            *(compared.owner_groups() if compared.state in DIFFERING else ()),
        ),
        metric=compared.metric(),
        ruling=ruling,
    )


@dataclass(frozen=True)
class _Placeholders:
    reps: int
    people: int


def _cap(rounding: Ruling, repeating: Ruling) -> Ruling:
    """Return present only where both habits are; either alone is emerging at most."""
    if rounding.state is State.PRESENT and repeating.state is State.PRESENT:
        return rounding
    beyond = [one for one in (rounding, repeating) if one.state in DIFFERING]
    if beyond:
        severity = min(0.5, max(one.severity or 0.0 for one in beyond))
        sure = max(one.probability or 0.0 for one in beyond)
        return Ruling(State.EMERGING, severity, sure)
    return rounding


def _find_placeholders(context: Context, spec: CheckSpec) -> _Placeholders:
    """Find the amounts that some people repeat, list them, and count these people."""
    rows = context.snapshot.rows(
        f"""
        with priced as (
            select rep, coalesce(currency, '') as currency, amount
            from {members_relation(spec)}
            join {relation(context, "deal_strata")} using (row_no)
            where state = 'open' and amount > 0
        ),
        reps as (
            select rep, count(*) as of_rep, sum(count(*)) over () as of_all
            from priced group by rep
        ),
        amounts as (
            select *, sum(deals) over (partition by currency, amount) as of_amount
            from (
                select rep, currency, amount, count(*) as deals
                from priced group by all
                having count(*) >= {_PLACEHOLDER_SHARE * _FEWEST_OPEN}
            )
        )
        select rep, currency, amount, coalesce(deals, 0), of_rep,
            coalesce(of_amount - deals, 0), of_all - of_rep
        from reps left join amounts using (rep)
        where of_rep >= {_FEWEST_OPEN}
        qualify row_number() over (
            partition by rep order by deals desc nulls last, amount, currency
        ) = 1
        order by rep
        """
    )
    repeated = _repeated(rows)
    context.snapshot.run(
        f"create or replace table {hits_relation(spec)} as "
        f"select row_no, id as record_id, owner_id from {members_relation(spec)} "
        "join (select unnest($owners) as owner_id, unnest($amounts) as amount) "
        "using (owner_id, amount) where state = 'open'",
        {"owners": [row[0] for row in repeated], "amounts": [row[2] for row in repeated]},
    )
    return _Placeholders(len(rows), len(repeated))


def _repeated(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    from scipy.special import bdtrc

    p_values = []
    for _, _, _, deals, own, of_others, others in rows:
        often = deals >= _PLACEHOLDER_SHARE * own and of_others <= _OTHERS_UP_TO * others
        chance = (of_others + 1) / (others + 2)
        p_values.append(float(bdtrc(deals - 1, own, chance)) if often else 1.0)
    return [row for row, p in zip(rows, adjusted(p_values), strict=True) if p <= _SURE]


def probability_override_spread(context: Context, spec: CheckSpec) -> Measurement:
    """Measure how reps differ in raising or lowering the probability that a stage stands for.

    ``n`` counts the open deals whose stage has a default, ``k`` those with another probability.
    """
    missing = unseen(context, "reps", "deal_strata", "stage_defaults")
    if missing:
        return missing
    source = (
        f"(select rep, work, probability - usual as moved from {members_relation(spec)} "
        f"join {relation(context, 'deal_strata')} using (row_no) "
        f"join {relation(context, 'stage_defaults')} using (row_no))"
    )
    questions = {
        "raised": whether(f"moved > {_OVERRIDDEN_BY}"),
        "lowered": whether(f"moved < -{_OVERRIDDEN_BY}"),
    }
    raised, lowered = count_outcomes(context, source, questions, "work") or (None, None)
    if raised is None or lowered is None or not raised.n.sum():
        return not_observable("no_stage_default", missing=(("stages", "probability"),))
    compared = compare(context, [raised, lowered], spec.tolerance.t_lo)
    widest = worst(compared)
    return Measurement(
        owners=(OwnerCount(None, int(raised.n.sum()), int(raised.k.sum() + lowered.k.sum())),),
        groups=(
            *(one.group("direction", one.name) for one in compared if one.reps >= FEWEST_REPS),
            *(widest.owner_groups() if widest.state in DIFFERING else ()),
        ),
        metric=widest.metric(),
        ruling=rule_by_worst(compared),
    )
