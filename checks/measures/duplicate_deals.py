"""Deals entered twice: same account, and same amount within days or same name while both open."""

from __future__ import annotations

from checks.context import Context, population_relation
from checks.measurement import Measurement
from checks.measures.clusters import Links, links, measure_clusters
from checks.measures.examined import absent, eligible_relation, observable
from checks.spec import CheckSpec

#: Days between two deals of one account that may be one: of the same amount, of the same name.
_AMOUNT_DAYS, _NAME_DAYS = 7, 30


def duplicate_deal(context: Context, spec: CheckSpec) -> Measurement:
    """Compare each deal with the one created before it in the same account.

    Deals of one amount (or name) that lie close together are joined one to the next, so sorting
    finds every pair: no deal is compared with all others of its account.
    """
    missing = absent(context, spec.table, ["account_id", "created_at"])
    if missing:
        return missing
    joined = []
    if observable(context, spec.table, ["amount"]):
        joined.append(_neighbours(context, "amount", _OF_ONE_AMOUNT, _AMOUNT_DAYS))
    if observable(context, spec.table, ["name"]):
        joined.append(_neighbours(context, "name", _OPEN_WITH_NAME, _NAME_DAYS))
    if not joined:
        return absent(context, spec.table, ["amount", "name"]) or Measurement()
    context.snapshot.run(
        f"create or replace view {eligible_relation(spec)} as "
        f"select row_no, record_id, owner_id from {population_relation(spec)}"
    )
    return measure_clusters(context, spec, joined)


_COMPARABLE = "is_live and account_id is not null and created_at is not null"

#: Deals whose account and amount occur more than once: most are left out before any sorting.
_OF_ONE_AMOUNT = f"""
with priced as (
  select row_no, account_id, created_at, amount as key, hash(account_id, amount) as hashed
  from deals where {_COMPARABLE} and amount > 0)
select row_no, account_id, created_at, key from priced
where hashed in (select hashed from priced group by hashed having count(*) > 1)"""

#: Open deals with another one of their account close in time: names are folded for them only.
_OPEN_WITH_NAME = f"""
select row_no, account_id, created_at, fold(name) as key from (
  select row_no, account_id, created_at, name from deals
  where {_COMPARABLE} and state = 'open' and name <> ''
  window one as (partition by account_id order by created_at)
  qualify days_between(lag(created_at) over one, created_at) <= {_NAME_DAYS}
    or days_between(created_at, lead(created_at) over one) <= {_NAME_DAYS})"""


def _neighbours(context: Context, field: str, candidates: str, days: int) -> Links:
    """Join candidates of one account and one key whose creation lies within ``days``."""
    pairs = (
        "select before, row_no from (select row_no, created_at, lag(row_no) over one as before, "
        f"lag(created_at) over one as created_before from ({candidates}) "
        "window one as (partition by account_id, key order by created_at, row_no)) "
        f"where days_between(created_before, created_at) <= {days} order by before, row_no"
    )
    return links(context, pairs, field)
