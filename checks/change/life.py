"""The life of findings: what became of each since the audit before.

Pure. Findings are rows ``kind, record_key``; what they are about is the store's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

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


@dataclass(frozen=True)
class Remembered:
    """What the history knows of findings before an audit.

    Attributes:
        alive: ``kind, record_key, hidden, since``: findings that were open in the audit
            before, or (``hidden``) out of sight since an earlier one; ``since`` is the
            ordinal of the day on which its present life began.
        ended: ``kind, record_key``: findings of today that were open once and ended.
    """

    alive: pd.DataFrame
    ended: pd.DataFrame


def missing(these: pd.DataFrame, those: pd.DataFrame) -> pd.DataFrame:
    """Return the findings that are among these and not among those."""
    joined = these[_FINDING].merge(those[_FINDING], on=_FINDING, how="left", indicator=True)
    return joined.loc[joined["_merge"] == "left_only", _FINDING].reset_index(drop=True)


def turns(
    remembered: Remembered, found: pd.DataFrame, outcomes: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """Return what happened to every finding: ``kind, record_key, turn, since, owner_key``.

    Args:
        remembered: What the history knows.
        found: Findings of this audit: ``kind, record_key, owner_key``.
        outcomes: What became of those that are missing: the same with ``outcome``.
        as_of: Day of this audit.
    """
    import pandas as pd

    known = found.merge(remembered.alive, on=_FINDING, how="left", indicator="was")
    ended = found[_FINDING].merge(
        remembered.ended[_FINDING].drop_duplicates(), on=_FINDING, how="left", indicator="once"
    )
    was_alive = (known["was"] == "both").to_numpy()
    hidden = was_alive & (known["hidden"].fillna(0).to_numpy(dtype=bool))
    had_ended = (ended["once"] == "both").to_numpy()
    turn = np.select(
        [hidden, was_alive, had_ended],
        [Turn.SEEN_AGAIN, Turn.PERSISTING, Turn.REOPENED],
        Turn.NEW,
    )
    here = known[[*_FINDING, "owner_key"]].assign(
        turn=turn, since=known["since"].fillna(as_of.toordinal()).astype("int64")
    )
    lost = outcomes.merge(remembered.alive, on=_FINDING, how="left")
    was_hidden = lost["hidden"].to_numpy(dtype=bool)
    gone = lost[[*_FINDING, "owner_key", "since"]].assign(
        turn=np.where(
            was_hidden, lost["outcome"].map(_ENDS_HIDDEN), lost["outcome"].map(_ENDS_OPEN)
        )
    )
    both = [frame for frame in (here, gone) if len(frame)] or [here]
    columns = [*_FINDING, "turn", "since", "owner_key"]
    return pd.concat(both, ignore_index=True)[columns].sort_values(_FINDING, ignore_index=True)


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
