"""The life of findings: what became of each since the audit before.

Pure. Findings are rows ``kind, record_key``; what they are about is the store's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from checks.comparison import LifeCounts

if TYPE_CHECKING:
    import pandas as pd

#: What became of a record whose finding is gone.
PASSES, GONE, UNSEEN = "passes", "gone", "unseen"

#: Months of an uninterrupted life from which a finding is long-lived.
LONG_LIVED = 3
_FINDING = ["kind", "record_key"]


class Turn(StrEnum):
    """What happened to one finding between two audits."""

    NEW = "new"
    REOPENED = "reopened"
    SEEN_AGAIN = "seen_again"
    PERSISTING = "persisting"
    RESOLVED = "resolved"
    VANISHED = "vanished"
    UNKNOWN = "unknown"
    #: Out of sight in the audit before, and still.
    STILL_UNKNOWN = "still_unknown"
    #: Out of sight in the audit before; now seen to pass, or to be gone.
    SETTLED_RESOLVED = "settled_resolved"
    SETTLED_VANISHED = "settled_vanished"


OPEN = (Turn.NEW, Turn.REOPENED, Turn.SEEN_AGAIN, Turn.PERSISTING)
ENTERED = (Turn.NEW, Turn.REOPENED, Turn.SEEN_AGAIN)
LEFT = (Turn.RESOLVED, Turn.VANISHED, Turn.UNKNOWN)

_ENDS_OPEN = {PASSES: Turn.RESOLVED, GONE: Turn.VANISHED, UNSEEN: Turn.UNKNOWN}
_ENDS_HIDDEN = {
    PASSES: Turn.SETTLED_RESOLVED,
    GONE: Turn.SETTLED_VANISHED,
    UNSEEN: Turn.STILL_UNKNOWN,
}
_CODE = {turn: code for code, turn in enumerate(Turn)}


@dataclass(frozen=True)
class Meeting:
    """The findings of an audit beside those that the history remembers; see ``meet``.

    Attributes:
        found: ``kind, record_key, owner_key``: findings of this audit, in order.
        alive: ``kind, record_key, hidden, since``, in order: findings that were open in the audit
            before, or (``hidden``) out of sight since an earlier one; ``since`` is the ordinal of
            the day on which its present life began.
        place: Where each finding of this audit is among those alive; -1 where it is not.
    """

    found: pd.DataFrame
    alive: pd.DataFrame
    place: NDArray[np.intp]

    def arrived(self) -> pd.DataFrame:
        """Return the findings of this audit that were not alive: ``kind, record_key``."""
        return self.found.loc[self.place < 0, _FINDING].reset_index(drop=True)

    def missing(self) -> pd.DataFrame:
        """Return the findings alive that this audit did not find: ``kind, record_key``."""
        is_missing = np.ones(len(self.alive), dtype=bool)
        is_missing[self.place[self.place >= 0]] = False
        return self.alive.loc[is_missing, _FINDING].reset_index(drop=True)


def meet(found: pd.DataFrame, alive: pd.DataFrame) -> Meeting:
    """Lay the findings of an audit beside those that are remembered; both in order."""
    return Meeting(found, alive, _places(found, alive))


def _places(these: pd.DataFrame, those: pd.DataFrame) -> NDArray[np.intp]:
    """Return where each finding is among others, or -1; both ordered by kind and record."""
    place = np.full(len(these), -1, dtype=np.intp)
    kinds, other_kinds = these["kind"].to_numpy(), those["kind"].to_numpy()
    keys, other_keys = these["record_key"].to_numpy(), those["record_key"].to_numpy()
    for kind in np.unique(kinds):
        begin, end = np.searchsorted(kinds, [kind, kind + 1])
        first, last = np.searchsorted(other_kinds, [kind, kind + 1])
        wanted, offered = keys[begin:end], other_keys[first:last]
        if len(offered):
            at = np.minimum(np.searchsorted(offered, wanted), len(offered) - 1)
            place[begin:end] = np.where(offered[at] == wanted, first + at, -1)
    return place


def turns(
    meeting: Meeting, ended: pd.DataFrame, outcomes: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """Return what happened to every finding: ``kind, record_key, turn, since, owner_key``.

    Args:
        meeting: The findings of this audit beside those that the history remembers.
        ended: Those of this audit that were open once and ended: ``kind, record_key``, in order.
        outcomes: What became of the missing ones: ``kind, record_key, outcome, owner_key``.
        as_of: Day of this audit.

    Returns:
        The findings of this audit in order, then the missing ones in theirs; ``turn`` is a
        category.
    """
    import pandas as pd

    found, alive, place = meeting.found, meeting.alive, meeting.place
    was_alive = place >= 0
    known = place[was_alive]
    turn = np.full(len(found), _CODE[Turn.NEW], dtype=np.int8)
    turn[_places(found, ended) >= 0] = _CODE[Turn.REOPENED]
    turn[was_alive] = np.where(
        alive["hidden"].to_numpy(dtype=bool)[known], _CODE[Turn.SEEN_AGAIN], _CODE[Turn.PERSISTING]
    )
    since = np.full(len(found), as_of.toordinal(), dtype=np.int64)
    since[was_alive] = alive["since"].to_numpy()[known]
    here = found.assign(turn=_category(turn), since=since)

    at = _places(outcomes, alive)
    was_hidden = alive["hidden"].to_numpy(dtype=bool)[at]
    ends = np.where(
        was_hidden,
        outcomes["outcome"].map(_codes(_ENDS_HIDDEN)),
        outcomes["outcome"].map(_codes(_ENDS_OPEN)),
    ).astype(np.int8)
    gone = outcomes.assign(turn=_category(ends), since=alive["since"].to_numpy()[at])
    both = [frame for frame in (here, gone) if len(frame)] or [here]
    return pd.concat(both, ignore_index=True)[[*_FINDING, "turn", "since", "owner_key"]]


def _category(codes: NDArray[np.int8]) -> pd.Categorical[str]:
    import pandas as pd

    return pd.Categorical.from_codes(codes, categories=pd.Index([turn.value for turn in Turn]))


def _codes(ends: Mapping[str, Turn]) -> dict[str, int]:
    return {outcome: _CODE[turn] for outcome, turn in ends.items()}


def count_life(moved: pd.DataFrame, as_of: date) -> LifeCounts:
    """Count the turns of some findings; the identity of ``LifeCounts`` holds by construction."""
    counts = moved["turn"].value_counts()
    number = {turn: int(counts.get(turn.value, 0)) for turn in Turn}
    left = {turn: number[turn] for turn in LEFT}
    still = moved.loc[moved["turn"].isin([turn.value for turn in OPEN]), "since"]
    kept = moved.loc[moved["turn"] == Turn.PERSISTING.value, "since"]
    return LifeCounts(
        before=number[Turn.PERSISTING] + sum(left.values()),
        new=number[Turn.NEW],
        reopened=number[Turn.REOPENED],
        seen_again=number[Turn.SEEN_AGAIN],
        persisting=number[Turn.PERSISTING],
        resolved=left[Turn.RESOLVED],
        vanished=left[Turn.VANISHED],
        unknown=left[Turn.UNKNOWN],
        now=sum(number[turn] for turn in OPEN),
        oldest_months=months_between(int(still.min()), as_of) if len(still) else None,
        long_lived=_older_than(kept, LONG_LIVED, as_of),
    )


def _older_than(since: pd.Series[int], months: int, as_of: date) -> int:
    days, findings = np.unique(since.to_numpy(), return_counts=True)
    return sum(
        int(count)
        for day, count in zip(days.tolist(), findings, strict=True)
        if months_between(day, as_of) >= months
    )


def months_between(first: int, as_of: date) -> int:
    """Return whole months from the ordinal of a day to another day; month ends count as such."""
    from calendar import monthrange

    begin = date.fromordinal(first)
    months = 12 * (as_of.year - begin.year) + as_of.month - begin.month
    is_last = as_of.day == monthrange(as_of.year, as_of.month)[1]
    return months if as_of.day >= begin.day or is_last else max(0, months - 1)
