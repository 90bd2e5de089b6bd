"""The hour of the week at which a team goes through its deals, and how regularly it does.

A window of two hours holds a review when several deals are edited in it by several people, or
by one manager, and clearly more of them than in a busy window of the other days: in a large team
any two hours hold many edits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

#: Hours that a review window is wide.
WIDTH = 2
#: Deals, and people, that make a review.
FEWEST_DEALS, FEWEST_PEOPLE = 3, 2
#: A review holds so many times the deals of a busy window, the tenth of the busiest.
STANDS_OUT, BUSY = 1.5, 0.90
#: A review may be so many hours early or late.
SLACK = 2
#: Weeks of which one review may move to the day before or after.
WEEKS_A_MOVE = 4


@dataclass(frozen=True)
class Windows:
    """What happened in each window of two hours; arrays are weeks x 5 days x 24 first hours.

    Attributes:
        deals: Distinct deals edited.
        people: Distinct people who edited them.
        by_manager: Most distinct deals that one manager edited.
    """

    deals: Array
    people: Array
    by_manager: Array

    def reviews(self) -> Flags:
        """Return which windows hold a review."""
        several = _standing_out(self.deals) & (self.people >= FEWEST_PEOPLE)
        return np.logical_or(several, _standing_out(self.by_manager))


def _standing_out(deals: Array) -> Flags:
    """Return which windows hold more deals than the busy working hours of the other days."""
    held = np.zeros(deals.shape, dtype=bool)
    for day in range(deals.shape[1]):
        others = np.delete(deals, day, axis=1)
        by_hour = others.sum(axis=(0, 1))
        working = others[:, :, by_hour >= by_hour.max(initial=0) / 4]
        busy = float(np.quantile(working, BUSY)) if working.size else 0.0
        held[:, day] = deals[:, day] >= max(FEWEST_DEALS, STANDS_OUT * busy)
    return held


@dataclass(frozen=True)
class Slot:
    """The window in which most weeks hold a review.

    Attributes:
        day: Day of the week, 0 is Monday.
        hour: First hour, on the organisation's clock.
        held: By week, whether a review was held then, two hours early or late, or was moved.
        days: By week, the day on which it was held.
    """

    day: int
    hour: int
    held: Flags
    days: NDArray[np.int64]

    @property
    def regularity(self) -> float:
        """Share of weeks with a review."""
        return float(self.held.mean()) if self.held.size else 0.0


def find_slot(windows: Windows) -> Slot:
    """Return the window that holds a review in most weeks; the one of most deals on a tie."""
    reviews = windows.reviews()
    weeks = reviews.sum(axis=0)
    most = np.where(reviews, windows.deals, 0).sum(axis=0)
    place = np.lexsort((-most.ravel(), -weeks.ravel()))[0]
    day, hour = (int(one) for one in np.unravel_index(place, weeks.shape))
    # Early, late or moved, it must be a review of about the usual size, not any busy hour.
    size = windows.deals + windows.by_manager
    usual = np.median(size[reviews[:, day, hour], day, hour]) if reviews.any() else 0.0
    alike = reviews & (size >= usual / 2)
    near: Flags = np.any(alike[:, :, max(0, hour - SLACK) : hour + SLACK + 1], axis=2)
    days = np.full(len(near), day)
    held = near[:, day].copy()
    moves_left = len(near) // WEEKS_A_MOVE
    for week in np.flatnonzero(~held):
        for other in (day - 1, day + 1):
            if moves_left and 0 <= other < near.shape[1] and near[week, other]:
                held[week], days[week] = True, other
                moves_left -= 1
                break
    return Slot(day, hour, held, days)


def in_fortnights(slot: Slot) -> float:
    """Return the share of fortnights with a review, for a team that meets every other week."""
    held = slot.held[: len(slot.held) // 2 * 2].reshape(-1, 2)
    return float(held.any(axis=1).mean()) if held.size else 0.0
