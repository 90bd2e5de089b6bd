"""Relations that a query alone cannot make: what the organisation's own past teaches.

How long a deal stays in a stage before it advances is estimated with losing it as a competing
risk (Aalen and Johansen 1978): deals that still wait count for as long as they have waited, and
lost ones are not taken for ones that would have advanced later. The engine counts stays by
length; only these counts, one row a day and stage, come to numpy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from checks.context import Context
from checks.events.settled import is_young

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

#: Advances from which the time that nine in ten take can be read off, or that three in four do.
_FOR_NINE_IN_TEN, _FOR_THREE_IN_FOUR = 50, 20
#: From the time that three in four take to that of nine in ten, for log-normal times.
_STRETCH = 1.6
#: Days in a stage where nothing can be learned, and the bounds of what is.
_UNLEARNED, _LEAST, _MOST = 45, 7, 180
#: Stays from which the chance of a deal that still waits can be told.
_FOR_CHANCES = 150
#: Share of the usual chance to advance below which a deal is as good as dead.
_HOPELESS = 1 / 3


class Incidence(NamedTuple):
    """What became of the stays in a stage, by day.

    Attributes:
        day: Days on which a stay ended, ascending.
        waiting: Share of stays that last longer.
        advanced: Share that has advanced by then; the last is the share that ever does.
    """

    day: Numbers
    waiting: Numbers
    advanced: Numbers


def incidence(days: Numbers, advances: Numbers, others: Numbers, waits: Numbers) -> Incidence:
    """Return the Aalen-Johansen estimate of advancing, with other ends as a competing risk.

    Args:
        days: Lengths of stays, ascending, each once.
        advances: Stays of that length that ended by advancing.
        others: Those that ended otherwise.
        waits: Those that have not ended.
    """
    import numpy as np

    here = advances + others + waits
    at_risk = np.cumsum(here[::-1])[::-1]
    ends = (advances + others) > 0
    at_risk, advances, others = at_risk[ends], advances[ends], others[ends]
    waiting = np.cumprod(1 - (advances + others) / at_risk, dtype=np.float64)
    before = np.concatenate([[1.0], waiting[:-1]])[: len(waiting)]
    advanced = np.cumsum(before * advances / at_risk, dtype=np.float64)
    return Incidence(days[ends], waiting, advanced)


def time_of(curve: Incidence, share: float) -> float | None:
    """Return the days after which that share of those that ever advance has; None without any."""
    import numpy as np

    if not len(curve.advanced) or curve.advanced[-1] <= 0:
        return None
    # The last digit of a sum decides nothing: nine of ten are nine of ten.
    return float(curve.day[np.argmax(curve.advanced >= share * curve.advanced[-1] - 1e-9)])


def hopeless_after(curve: Incidence, usual: float) -> float | None:
    """Return the days after which a waiting deal has less than a third of the usual chance.

    The chance to advance of a deal that still waits on day t is (F(end) - F(t)) / S(t).

    Args:
        curve: Of its stage.
        usual: Share of stays that ever advance.
    """
    import numpy as np

    if not len(curve.advanced) or curve.advanced[-1] <= 0:
        return None
    left = curve.advanced[-1] - curve.advanced
    chance = np.where(curve.waiting > 1e-9, left / np.maximum(curve.waiting, 1e-9), 0.0)
    return float(curve.day[np.argmax(chance < _HOPELESS * usual)])


@dataclass(frozen=True)
class _Stays:
    """Counts of stays by length in whole days."""

    days: Numbers
    advances: Numbers
    others: Numbers
    waits: Numbers

    @property
    def advanced(self) -> int:
        return int(self.advances.sum())

    @property
    def stays(self) -> int:
        return int((self.advances + self.others + self.waits).sum())

    def curve(self) -> Incidence:
        return incidence(self.days, self.advances, self.others, self.waits)


def stage_limits(context: Context) -> pd.DataFrame:
    """Return how long a deal may stay in each stage, and when it is as good as dead there.

    Days come from nine in ten of the deals that advance where 50 did, from three in four of
    them times 1.6 where 20 did, from the stages of the pipeline taken together where fewer
    did, and are 45 where these teach nothing either; never less than 7 or more than 180.

    Returns:
        ``pipeline, stage, stall_days, stall_basis, hopeless_days, is_firm``; hopeless_days is NULL
        where neither the stage nor its pipeline has seen 150 stays. Limits are not firm where
        nothing taught them, or a history that has only begun.
    """
    import pandas as pd

    counts = context.snapshot.sql(_COUNTS)
    rows = [row for _, of_pipeline in counts.groupby("pipeline") for row in _limits(of_pipeline)]
    columns = ["pipeline", "stage", "stall_days", "stall_basis", "hopeless_days"]
    limits = pd.DataFrame(rows, columns=columns)
    limits["is_firm"] = (limits["stall_basis"] != "default") & (not is_young(context))
    return limits.astype(
        {
            "pipeline": "string",
            "stage": "string",
            "stall_days": "float64",
            "stall_basis": "string",
            "hopeless_days": "float64",
            "is_firm": "bool",
        }
    )


_COUNTS = """
select coalesce(pipeline, '') as pipeline, stage, cast(floor(days) as bigint) as day,
    count(*) filter (leaving in ('advance', 'won')) as advances,
    count(*) filter (leaving in ('lost', 'back')) as others,
    count(*) filter (leaving = 'open') as waits
from stage_visits
where not is_closing and is_entry_known and days is not null
group by all order by all
"""


def _limits(counts: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    """Yield the limits of the stages of one pipeline."""
    pooled = _stays(counts.groupby("day", as_index=False)[["advances", "others", "waits"]].sum())
    curve = pooled.curve()
    usual = float(curve.advanced[-1]) if len(curve.advanced) else 0.0
    for (pipeline, stage), of_stage in counts.groupby(["pipeline", "stage"]):
        stays = _stays(of_stage)
        limit, basis = _limit(stays)
        if limit is None:
            limit, basis = _limit(pooled)[0], "pooled"
        if limit is None:
            limit, basis = _UNLEARNED, "default"
        stall = min(max(limit, _LEAST), _MOST)
        known = next((one for one in (stays, pooled) if one.stays >= _FOR_CHANCES), None)
        hopeless = hopeless_after(known.curve(), usual) if known else None
        # Where deals may still stay, none is given up.
        dead = None if hopeless is None else max(hopeless, stall)
        yield pipeline, stage, stall, basis, dead


def _limit(stays: _Stays) -> tuple[float | None, str]:
    if stays.advanced >= _FOR_NINE_IN_TEN:
        return time_of(stays.curve(), 0.9), "nine_in_ten"
    if stays.advanced >= _FOR_THREE_IN_FOUR:
        third = time_of(stays.curve(), 0.75)
        return None if third is None else _STRETCH * third, "three_in_four"
    return None, ""


def _stays(counts: pd.DataFrame) -> _Stays:
    import numpy as np

    return _Stays(
        *(counts[name].to_numpy(np.float64) for name in ("day", "advances", "others", "waits"))
    )
