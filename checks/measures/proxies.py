"""Deals that somebody else keeps up to date for those who own them."""

from __future__ import annotations

from collections import Counter

from checks.context import Context, hits_relation
from checks.events.relations import relation, unseen
from checks.few_people import enough_people
from checks.measurement import Measurement, OwnerCount, Ruling
from checks.results import State
from checks.spec import CheckSpec

#: Severity from which a check is present.
_PRESENT = 0.5


def proxy_typing(context: Context, spec: CheckSpec) -> Measurement:
    """Count the edits on open deals by people who neither own them nor owned them.

    What managers edit in the weekly review is left out. Somebody who makes half of the edits for
    three owners or more types for a team: that is present, whatever the rate of all.
    """
    missing = unseen(context, "edits", "reps")
    if missing:
        return missing
    edits = relation(context, "open_deal_edits")
    rows = context.snapshot.rows(
        f"select owner_id, count(*), count(*) filter (not is_own) from {edits} "
        f"where not is_review and owner_id in (select owner_id from {relation(context, 'reps')}) "
        "group by owner_id order by owner_id"
    )
    owners = tuple(OwnerCount(*row) for row in rows)
    context.snapshot.run(
        f"create or replace table {hits_relation(spec)} as "
        "select row_no, min(record_id) as record_id, count(*) as edits, "
        f"count_if(not is_own) as edits_by_others from {edits} where not is_review "
        "group by row_no having count_if(not is_own) * 2 >= count(*)"
    )
    ruling = _ruling(spec, owners, _helped(context, spec))
    return Measurement(
        owners=owners,
        hits=hits_relation(spec),
        ruling=ruling,
        is_capped=ruling is None and not enough_people(_typed_for(owners), len(owners)),
    )


def _helped(context: Context, spec: CheckSpec) -> int:
    """Return for how many owners the busiest other person makes the better part of the edits."""
    rows = context.snapshot.rows(
        f"""
        select user_id, owner_id
        from (
            select owner_id, user_id, is_own, count(*) as edits,
                sum(count(*)) over (partition by owner_id) as of_owner
            from {relation(context, "open_deal_edits")}
            where not is_review and owner_id in (select owner_id from reps)
            group by owner_id, user_id, is_own
        )
        where not is_own and of_owner >= $edits and edits >= $share * of_owner
        order by user_id, owner_id
        """,
        {"edits": spec.params["edits"], "share": spec.params["share"]},
    )
    return max(Counter(user for user, _ in rows).values(), default=0)


def _ruling(spec: CheckSpec, owners: tuple[OwnerCount, ...], helped: int) -> Ruling | None:
    n = sum(owner.n_eligible for owner in owners)
    k = sum(owner.k_defect for owner in owners)
    if n < spec.tolerance.n_min:
        return None
    if helped >= int(spec.params["owners"]):
        high, critical = spec.tolerance.high, spec.tolerance.critical
        beyond = min(1.0, max(0.0, (k / n - high) / (critical - high)))
        return Ruling(State.PRESENT, _PRESENT + (1 - _PRESENT) * beyond, 1.0)
    return None


def _typed_for(owners: tuple[OwnerCount, ...]) -> int:
    """Return for how many owners others make the better part of the edits."""
    return sum(2 * one.k_defect >= one.n_eligible for one in owners)
