"""From keys that records share to clusters of records that are one and the same.

A key that many records of many accounts hold (a switchboard, a catch-all mailbox) is shared,
and identifies nobody. Records joined by what is left are one cluster; the oldest survives.

What joins two records is certain (a key that only one can hold), probable (names that resemble
one another, and a second key) or possible (resembling names alone: worth a look, never counted).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from checks.context import Context, hits_relation, population_relation, slug
from checks.measurement import Measurement
from checks.measures.examined import eligible_relation, measured, rate_of
from checks.results import GroupStat
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

Tier = Literal["certain", "probable", "possible"]

#: A key value on so many records of so many accounts is shared.
_SHARED_RECORDS, _SHARED_ACCOUNTS = 5, 3


@dataclass(frozen=True)
class Key:
    """One way to recognise a record; ``sql`` is NULL where the record cannot be recognised so.

    Attributes:
        name: Field that the key is read from.
        sql: Expression over ``record``.
    """

    name: str
    sql: str


@dataclass(frozen=True)
class Links:
    """Pairs of records that are one and the same.

    Attributes:
        field: What the two share.
        tier: How far that proves it.
        left: Row number of one record of each pair.
        right: Row number of the other.
    """

    field: str
    tier: Tier
    left: Rows
    right: Rows


def links(context: Context, query: str, field: str, tier: Tier = "certain") -> Links:
    """Return the pairs of row numbers that a query yields in its two columns."""
    return links_of(context.snapshot.sql(query), field, tier)


def links_of(pairs: pd.DataFrame, field: str, tier: Tier) -> Links:
    """Return the pairs of row numbers in the first two columns of a frame."""
    import numpy as np

    left, right = (pairs[name].to_numpy(np.int64) for name in pairs.columns[:2])
    return Links(field, tier, left, right)


def links_of_keys(
    context: Context,
    spec: CheckSpec,
    keys: Sequence[Key],
    source: str,
    account: str,
    recognisable: str = "false",
) -> list[Links]:
    """Join the live records that share a key, and note in ``eligible_<slug>`` who has one.

    Args:
        context: The audit.
        spec: The check; its population exists in the engine.
        keys: In order of strength; at least one.
        source: Relation of the live records, with what the keys read.
        account: Expression over ``record`` for the account that it belongs to.
        recognisable: Condition over ``record`` that something less than a key can tell who
            it is.
    """
    snapshot, keyed = context.snapshot, f"keyed_{slug(spec)}"
    columns = ", ".join(f"{key.sql} as key_{number}" for number, key in enumerate(keys))
    snapshot.run(
        f"create or replace table {keyed} as select record.row_no, {account} as account, "
        f"{recognisable} as is_recognisable, {columns} from {source} record"
    )
    found, usable = [], ["is_recognisable"]
    for number, key in enumerate(keys):
        column, held = f"key_{number}", f"held_{number}"
        snapshot.run(f"create or replace temp table {held} as {_held(keyed, column)}")
        pairs = (
            f"select first, row_no from {keyed} join {held} on {column} = key "
            "where first <> row_no and not is_shared order by row_no"
        )
        found.append(links(context, pairs, key.name))
        shared = f"select key from {held} where is_shared"
        usable.append(f"({column} is not null and {column} not in ({shared}))")
    snapshot.run(
        f"create or replace table {eligible_relation(spec)} as "
        f"select row_no, record_id, owner_id from {population_relation(spec)} where row_no in "
        f"(select row_no from {keyed} where {' or '.join(usable)})"
    )
    snapshot.run(
        ";".join(f"drop table {name}" for name in (keyed, *(f"held_{n}" for n in range(len(keys)))))
    )
    return found


def _held(keyed: str, column: str) -> str:
    """Return the query of the keys that several records hold, and whether many accounts do."""
    return (
        f"with held as (select {column} as key, min(row_no) as first, count(*) as records "
        f"from {keyed} where {column} is not null group by {column} having count(*) > 1), "
        f"shared as (select {column} as key from {keyed} "
        f"where {column} in (select key from held where records >= {_SHARED_RECORDS}) "
        f"group by {column} having count(distinct account) >= {_SHARED_ACCOUNTS}) "
        "select key, first, key in (select key from shared) as is_shared from held"
    )


def measure_clusters(context: Context, spec: CheckSpec, joined: Sequence[Links]) -> Measurement:
    """Cluster the records, list every member, and count those beyond the survivor.

    Hits hold ``cluster_id``, ``tier`` (of the strongest pair that the record is in), ``field``
    (what it shares there), ``survivor`` (id of the record to keep), ``is_survivor`` and
    ``counted``. Possible duplicates are clusters of their own, after the others: they are
    listed, join nothing, and never count. Groups give the excess by tier.

    Args:
        context: The audit; ``eligible_<slug>`` exists in its engine.
        spec: The check.
        joined: Pairs, the strongest first.
    """
    members = _members(joined)
    context.snapshot.engine.register("clustered_rows", members)
    _create_hits(context, spec)
    context.snapshot.run("drop view clustered_rows")
    return measured(context, spec, groups=_by_tier(context, spec), counted="counted")


def _members(joined: Sequence[Links]) -> pd.DataFrame:
    """Return ``row_no, cluster, tier, field`` of every record in a cluster.

    A record may be in two: with what it duplicates, and with what it possibly does.
    """
    import pandas as pd

    sure = [pair for pair in joined if pair.tier != "possible"]
    rows = _rows_of(sure)
    cluster = _components(rows, sure)
    doubtful = [_apart(pair, rows, cluster) for pair in joined if pair.tier == "possible"]
    others = _rows_of(doubtful)
    return pd.concat(
        [
            _clustered(rows, cluster, sure),
            _clustered(others, _components(others, doubtful), doubtful),
        ],
        ignore_index=True,
    )


def _clustered(rows: Rows, cluster: Rows, joined: Sequence[Links]) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    frame = pd.DataFrame({"row_no": rows, "cluster": cluster, "tier": "", "field": ""})
    for pair in reversed(joined):
        held = np.isin(rows, pair.left) | np.isin(rows, pair.right)
        frame.loc[held, ["tier", "field"]] = pair.tier, pair.field
    return frame


def _rows_of(joined: Sequence[Links]) -> Rows:
    import numpy as np

    sides = [side for pair in joined for side in (pair.left, pair.right)]
    return np.unique(np.concatenate(sides)) if sides else np.empty(0, np.int64)


def _apart(pair: Links, rows: Rows, cluster: Rows) -> Links:
    """Return the pairs that are not in one cluster already."""
    import numpy as np

    def cluster_of(side: Rows) -> Rows:
        if not len(rows):
            return side
        place = np.minimum(np.searchsorted(rows, side), len(rows) - 1)
        return np.where(rows[place] == side, cluster[place], side)

    apart = cluster_of(pair.left) != cluster_of(pair.right)
    return replace(pair, left=pair.left[apart], right=pair.right[apart])


def _components(rows: Rows, joined: Sequence[Links]) -> Rows:
    """Return, for each of the sorted rows, the first row of its connected component."""
    import numpy as np
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    if not len(rows) or not joined:
        return rows
    left = np.searchsorted(rows, np.concatenate([pair.left for pair in joined]))
    right = np.searchsorted(rows, np.concatenate([pair.right for pair in joined]))
    graph = coo_matrix((np.ones(len(left), np.int8), (left, right)), shape=(len(rows), len(rows)))
    count, label = connected_components(graph, directed=False)
    first = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(first, label, rows)
    return np.asarray(first[label], np.int64)


def _create_hits(context: Context, spec: CheckSpec) -> None:
    context.snapshot.run(
        f"create or replace table {hits_relation(spec)} as with member as ("
        "select member.*, tier = 'possible' as is_doubtful, record.id as record_id, "
        "first_value(record.id) over oldest as survivor, "
        "row_number() over oldest = 1 as is_survivor, "
        f"member.row_no in (select row_no from {eligible_relation(spec)}) as examined "
        f"from clustered_rows member join {identifier(spec.table)} record "
        "on record.row_no = member.row_no "
        "window oldest as (partition by tier = 'possible', cluster "
        "order by record.created_at nulls last, record.id, member.row_no)) "
        "select row_no, record_id, "
        "dense_rank() over (order by is_doubtful, cluster) as cluster_id, "
        "tier, field, survivor, is_survivor, "
        "examined and not is_survivor and not is_doubtful as counted from member "
        "where (is_doubtful, cluster) in "
        "(select (is_doubtful, cluster) from member where examined and not is_survivor) "
        "order by cluster_id, is_survivor desc, record_id, row_no"
    )


def _by_tier(context: Context, spec: CheckSpec) -> list[GroupStat]:
    """Return how many records each tier counts; what is only possible counts none."""
    ((total,),) = context.snapshot.rows(f"select count(*) from {eligible_relation(spec)}")
    tiers = context.snapshot.rows(
        f"select tier, count(*) filter (counted) from {hits_relation(spec)} "
        "where tier <> 'possible' group by tier order by tier"
    )
    return [rate_of("tier", tier, total, excess) for tier, excess in tiers]
