"""Limits that the past taught once, and that are kept.

One that is learned anew each month moves with the records that it is to judge, and what gets
slowly worse never shows. An audit with a history takes over what the first audit of that history
learned, and learns only what that one could not: a stage that is new, or one of which too little
was known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from checks.context import Context
from checks.learned_limits import FIRM, SINCE, LearnedLimits, Row
from connectors.earlier import SOURCE
from connectors.engines.duckdb import identifier

#: A column of limits with this name says what they stand on: where that changed, they are void.
STANDS_ON = "stands_on"
#: For so many months a history that audits themselves began is too young to settle anything.
_YOUNG = 12

_Key = tuple[object, ...]


def settle(context: Context, name: str, keys: Sequence[str], learned: Iterable[Row]) -> list[Row]:
    """Return the limits that hold: those of the first audit before those of today.

    Args:
        context: The audit; what holds is noted in it.
        name: What they limit.
        keys: Columns that say what a limit is for.
        learned: What today's records teach.
    """
    today = _by_key(({**row, SINCE: context.as_of.isoformat()} for row in learned), keys)
    earlier = context.baseline.get(name, LearnedLimits(name=name))
    kept = {
        key: rows
        for key, rows in _by_key(earlier.rows, keys).items()
        if _hold(rows, today.get(key, []))
    }
    settled = today | kept
    rows = [row for key in sorted(settled, key=_order) for row in settled[key]]
    context.learned[name] = LearnedLimits(name=name, keys=list(keys), rows=rows)
    return rows


def settle_relation(context: Context, name: str, keys: Sequence[str]) -> None:
    """Put into a relation of limits, just learned, those that hold."""
    frame = context.snapshot.sql(f"select * from {name} limit 0")
    columns = list(frame.columns)
    learned = [
        dict(zip(columns, row, strict=True))
        for row in context.snapshot.rows(f"select * from {name} order by all")
    ]
    rows = settle(context, name, keys, learned)
    if name not in context.baseline:
        return
    context.snapshot.run(f"delete from {name}")
    named = ", ".join(map(identifier, columns))
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    for row in rows:
        context.snapshot.run(
            f"insert into {name} ({named}) values ({places})", [row.get(each) for each in columns]
        )


def is_young(context: Context) -> bool:
    """Return whether audits themselves began the history of stages, and too short a time ago."""
    ((young,),) = context.snapshot.rows(
        "select count(*) > 0 and bool_and(source is not distinct from $source) "
        "and day_of(min(changed_at)) > months_before($as_of, $months) "
        "from field_history where coalesce(table_name, 'deals') = 'deals' and field = 'stage' "
        "and changed_at is not null",
        {"source": SOURCE, "as_of": context.as_of, "months": _YOUNG},
    )
    return bool(young)


def _by_key(rows: Iterable[Row], keys: Sequence[str]) -> dict[_Key, list[Row]]:
    found: dict[_Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row.get(key) for key in keys)].append(row)
    return dict(found)


def _hold(earlier: Sequence[Row], today: Sequence[Row]) -> bool:
    """Return whether limits of an earlier audit are firm, and stand on what is still there."""
    firm = all(row.get(FIRM) is not False for row in earlier)
    stands = {row.get(STANDS_ON) for row in earlier}
    return firm and (not today or stands == {row.get(STANDS_ON) for row in today})


def _order(key: _Key) -> list[tuple[bool, str]]:
    return [(part is not None, str(part)) for part in key]
