"""Deals entered twice: same account, and same amount within days or same name while both open."""

from __future__ import annotations

from checks.context import Context, population_relation, slug
from checks.measurement import Measurement
from checks.measures.clusters import Links, Tier, links, links_of, measure_clusters
from checks.measures.examined import absent, eligible_relation, observable
from checks.measures.resembling import Block, alike
from checks.spec import CheckSpec

#: An amount that so many deals bear, and this share of them, is a price: it marks no deal.
_PRICE_FROM, _PRICE_SHARE = 5, 0.01
#: Days between two deals of one account that may be one: of the same amount, of the same name.
_AMOUNT_DAYS, _NAME_DAYS = 7, 30


def duplicate_deal(context: Context, spec: CheckSpec) -> Measurement:
    """Compare each deal with the one created before it in the same account.

    Deals of one amount (or name) that lie close together are joined one to the next, so sorting
    finds every pair: no deal is compared with all others of its account. Amount and name
    together make certain duplicates, one of them probable ones; names that only resemble one
    another possible ones. An amount that many deals bear says nothing without the name.
    """
    missing = absent(context, spec.table, ["account_id", "created_at"])
    if missing:
        return missing
    seen = observable(context, spec.table, ["amount", "name"])
    priced, named = f"priced_{slug(spec)}", f"names_{slug(spec)}"
    joined = []
    if "amount" in seen:
        context.snapshot.run(f"create or replace temp table {priced} as {_OF_ONE_AMOUNT}")
        if "name" in seen:
            candidates = (
                "select row_no, account_id, created_at, (fold(name), amount) as key "
                f"from {priced} where name <> ''"
            )
            joined.append(_neighbours(context, "name", candidates, _AMOUNT_DAYS, "certain"))
        candidates = (
            f"select row_no, account_id, created_at, amount as key from {priced} "
            f"where amount not in ({_PRICES})"
        )
        joined.append(_neighbours(context, "amount", candidates, _AMOUNT_DAYS, "probable"))
        context.snapshot.run(f"drop table {priced}")
    if "name" in seen:
        context.snapshot.run(f"create or replace temp table {named} as {_OPEN_WITH_NAME}")
        candidates = f"select row_no, account_id, created_at, name as key from {named}"
        joined.append(_neighbours(context, "name", candidates, _NAME_DAYS, "probable"))
        joined.append(_resembling(context, named))
        context.snapshot.run(f"drop table {named}")
    if not joined:
        return absent(context, spec.table, ["amount", "name"]) or Measurement()
    context.snapshot.run(
        f"create or replace view {eligible_relation(spec)} as "
        f"select row_no, record_id, owner_id from {population_relation(spec)}"
    )
    return measure_clusters(context, spec, joined)


_COMPARABLE = "is_live and account_id is not null and created_at is not null"

#: Few deals share account and amount: the names of the others need not be read.
_OF_ONE_AMOUNT = f"""
with priced as (
    select row_no, account_id, created_at, amount, name from deals
    where {_COMPARABLE} and amount > 0
)
select * from priced where hash(account_id, amount) in
(select hash(account_id, amount) from priced group by all having count(*) > 1)"""

_PRICES = f"""
select amount from deals where is_live and amount > 0 group by amount having count(*) >=
greatest({_PRICE_FROM}, {_PRICE_SHARE} * (select count(*) from deals where is_live and amount > 0))
"""

_OPEN_WITH_NAME = f"""
select row_no, account_id, created_at, nullif(amount, 0) as amount, fold(name) as name from deals
where {_COMPARABLE} and state = 'open' and name <> ''"""


def _neighbours(context: Context, field: str, candidates: str, days: int, tier: Tier) -> Links:
    """Join candidates of one account and one key whose creation lies within ``days``.

    Most have an account and key of their own, and are left out before any sorting.
    """
    pairs = (
        f"with candidate as (select *, hash(account_id, key) as hashed from ({candidates})) "
        "select before, row_no from (select row_no, created_at, lag(row_no) over one as before, "
        "lag(created_at) over one as created_before from candidate where hashed in "
        "(select hashed from candidate group by hashed having count(*) > 1) "
        "window one as (partition by account_id, key order by created_at, row_no)) "
        f"where days_between(created_before, created_at) <= {days} order by before, row_no"
    )
    return links(context, pairs, field, tier)


def _resembling(context: Context, named: str) -> Links:
    """Return the open deals of one account whose names resemble one another.

    Two that both have an amount, and not the same, are two deals.
    """
    pairs = alike(
        context,
        named,
        [Block(("account_id",))],
        {},
        told_apart_by=["amount"],
        condition=f"abs(days_between(one.created_at, other.created_at)) <= {_NAME_DAYS}",
    )
    return links_of(pairs, "name", "possible")
