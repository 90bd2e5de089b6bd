"""One team's week: which day stands out, where its review lies, and whether it is one.

Only teams of three people or more have a rhythm here; one person's working hours are nobody's
business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from checks.blocks import Ritual
from checks.rhythm.slot import Slot, Windows, find_slot, in_fortnights
from checks.rhythm.weekdays import SIGNIFICANT, Shuffled, ordinary, standing_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

#: Fewest people of a team, weeks observed, and edits in a usual week.
FEWEST_PEOPLE, FEWEST_WEEKS, FEWEST_EDITS = 3, 12, 10
#: From here on a review is regular, and covers the pipeline; from the second on, partly.
REGULAR, PARTLY_REGULAR = 0.7, 0.4
COVERED, PARTLY_COVERED = 0.5, 0.25
#: Probability of seeing a review from which not seeing one means that there is none.
POWERFUL = 0.8


@dataclass(frozen=True)
class Week:
    """Edits of a team's deals, week by week; holidays are left out.

    Attributes:
        numbers: Number of each week, since 1970.
        by_day: Edits as weeks x 5 business days.
        windows: What happened in each window of two hours.
    """

    numbers: NDArray[np.int64]
    by_day: Array
    windows: Windows

    def without_holidays(self) -> Week:
        """Return the weeks that hold a quarter of the usual edits or more."""
        kept = ordinary(self.by_day.sum(axis=1))
        windows = Windows(
            self.windows.deals[kept], self.windows.people[kept], self.windows.by_manager[kept]
        )
        return Week(self.numbers[kept], self.by_day[kept], windows)

    @property
    def edits_a_week(self) -> float:
        """Median number of edits in a week."""
        volumes = self.by_day.sum(axis=1)
        return float(np.median(volumes)) if volumes.size else 0.0

    @property
    def is_enough(self) -> bool:
        """Whether there are weeks and edits enough to judge."""
        return len(self.numbers) >= FEWEST_WEEKS and self.edits_a_week >= FEWEST_EDITS


@dataclass(frozen=True)
class Beat:
    """What a team's weeks show.

    Attributes:
        slot: The window of the review, if there is one.
        days: The test whether a day of the week stands out.
        every_weeks: 1 for a weekly review, 2 for one every other week.
    """

    slot: Slot
    days: Shuffled
    every_weeks: int = 1

    @property
    def regularity(self) -> float:
        """Share of weeks, or of fortnights, in which it was held."""
        return self.slot.regularity if self.every_weeks == 1 else in_fortnights(self.slot)

    def ritual(self, coverage: float | None) -> Ritual:
        """Return whether there is a review.

        Args:
            coverage: Median share of the open amount touched within a day of it; None where none
                was held, or where nobody knows which deals were open.
        """
        stands_out = self.days.p <= SIGNIFICANT
        if coverage is None and self.regularity >= PARTLY_REGULAR:
            return "unknown"
        covered = coverage or 0.0
        if stands_out and self.regularity >= PARTLY_REGULAR and covered >= PARTLY_COVERED:
            whole = self.regularity >= REGULAR and covered >= COVERED
            return "present" if whole else "partial"
        if self.regularity < PARTLY_REGULAR or covered < PARTLY_COVERED:
            return "none" if stands_out or self.days.power >= POWERFUL else "unknown"
        # A review that is regular and covers the pipeline would have made its day stand out.
        whole = self.regularity >= REGULAR and covered >= COVERED
        is_even = self.days.p > 0.05 and self.days.power >= POWERFUL
        return "none" if is_even and not whole else "unknown"


def beat_of(week: Week, seed: int) -> Beat:
    """Return what a team's weeks show; a review every other week is looked for after a weekly."""
    slot = find_slot(week.windows)
    weekly = standing_out(week.by_day, seed)
    even = week.by_day[: len(week.by_day) // 2 * 2]
    if weekly.p > SIGNIFICANT and len(even) >= 2 * FEWEST_WEEKS:
        fortnightly = standing_out(even.reshape(-1, 10), seed)
        if fortnightly.p <= SIGNIFICANT:
            return Beat(slot, fortnightly, every_weeks=2)
    return Beat(slot, weekly)
