"""Which origins are worth a look, and the counts of people by them: from rows to a finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from checks.judgement.causes.finding import Finding, Level
from checks.judgement.causes.roster import Roster

#: Levels that are looked at person by person, a finding.
MOST_LEVELS = 4
#: Fewest records with a level, and without it; times the rate of the others they must have.
FEWEST = 15
_TIMES = 1.5


def suspicious(
    counts: Iterable[tuple[Level, int, int]], examined: int, failed: int, tolerated: float
) -> list[Level]:
    """Return the levels whose records fail more often than all others, most excess first.

    A pipeline or a channel that holds most of the records is no exception from the rest.

    Args:
        counts: Records examined and failed by level.
        examined: Records of the whole finding.
        failed: Those that failed.
        tolerated: Rate that is still normal.
    """
    found = []
    for level, n, k in counts:
        others = examined - n
        if min(n, others) < FEWEST or (n > others and not level.is_process):
            continue
        elsewhere = (failed - k) / others
        if k > tolerated * n and k > _TIMES * elsewhere * n:
            found.append((k - elsewhere * n, level))
    found.sort(key=lambda one: (-one[0], one[1].attribute, one[1].value))
    return [level for _, level in found[:MOST_LEVELS]]


def counted_by_origin(
    roster: Roster, tolerated: float, levels: Sequence[Level], rows: Sequence[tuple[Any, ...]]
) -> Finding:
    """Arrange counts as people x kinds of records.

    Args:
        roster: Who is a person; rows of others are left out.
        tolerated: Rate that is still normal.
        levels: Levels that were asked for.
        rows: ``owner_id``, one flag a level, records, defects, and what the defects weigh.
    """
    end = 1 + len(levels)
    kept = [row for row in rows if roster.is_person(row[0]) and row[end]]
    kinds = {kind: place for place, kind in enumerate(sorted({row[1:end] for row in kept}))}
    owners = {owner: place for place, owner in enumerate(dict.fromkeys(row[0] for row in kept))}
    shape = (len(owners), max(len(kinds), 1))
    records, defects = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    money = np.zeros(shape)
    for row in kept:
        cell = owners[row[0]], kinds[row[1:end]]
        records[cell], defects[cell], money[cell] = row[end], row[end + 1], float(row[end + 2])
    teams = np.array([roster.team(owner) for owner in owners], dtype=np.int64)
    order = np.lexsort(np.column_stack([teams, defects, records]).T)  # names change nothing
    carries = np.array(sorted(kinds), dtype=np.bool_).reshape(shape[1] if kinds else 1, len(levels))
    return Finding(
        tolerated=tolerated,
        records=records[order],
        defects=defects[order],
        money=money[order],
        teams=teams[order],
        levels=tuple(levels),
        carries=carries,
    )
