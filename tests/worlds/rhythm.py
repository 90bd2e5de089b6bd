"""When things are typed, and by whom: at once, in one sitting, in the weekly review."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tests.worlds.habits import Floats, Habits, Ints, Mask
from tests.worlds.people import People
from tests.worlds.plan import Plan
from tests.worlds.workdays import Workdays

#: Share of what somebody with the habit types in one sitting, or has typed by somebody else.
_ALMOST_ALL = 0.92


@dataclass
class Rhythm:
    """How people of a world type.

    Attributes:
        reviews: Work times of the weekly reviews, by team.
        batches: Users who type a month's changes within one hour of its last day.
        by_proxy: Users whose changes the assistant types.
        away: Users who no longer log in; their manager types for them.
    """

    plan: Plan
    habits: Habits
    people: People
    calendar: Workdays
    reviews: dict[int, Floats] = field(init=False)
    batches: Mask = field(init=False)
    by_proxy: Mask = field(init=False)
    away: Mask = field(init=False)

    def __post_init__(self) -> None:
        everyone = np.arange(len(self.people.team))
        self.batches = self.habits.have("burst-updates")
        self.by_proxy = self.habits.have("proxy-typing")
        self.away = self.habits.strikes("user-without-login", everyone, among=self.people.seller)
        teams = np.unique(self.people.team[self.people.reps])
        self.reviews = {int(team): self._reviews_of(int(team)) for team in teams}

    @property
    def away_since(self) -> float:
        """When those who no longer log in did for the last time, at the latest."""
        return self.calendar.back(45)

    def typed(self, user: Ints, deal: Ints, at: Floats) -> Floats:
        """Return when something that happened to a deal is typed, in the order in which it did.

        Who types in one sitting goes from deal to deal, and takes five minutes at most for each.
        """
        calendar = self.calendar
        known = np.isfinite(at) & (at < calendar.end)
        index = np.where(known, at, 0).astype(np.int64)
        first, last = calendar.month_start[index], calendar.month_end[index]
        through = (np.where(known, at, 0) - first) / (last - first + 1)
        turn = (deal * 0.6180339887) % 1.0
        sitting = last + 0.80 + 0.06 * turn + 0.008 * np.clip(through, 0, 1)
        in_batch = self.batches[user] & ((deal * 0.7548776662) % 1.0 < _ALMOST_ALL) & known
        return np.where(in_batch, sitting, at)

    def typist(self, user: Ints, at: Floats, stream: str) -> Ints:
        """Return who types."""
        rng = self.habits.rng(f"typist/{stream}")
        proxy = self.by_proxy[user] & (rng.random(len(user)) < _ALMOST_ALL)
        typist = np.where(proxy, self.people.assistant, user)
        absent = self.away[user] & (at > self.away_since)
        return np.where(absent & ~proxy, self.people.manager[user], typist)

    def review_touches(
        self, team: Ints, since: Floats, until: Floats, absent: Mask
    ) -> tuple[Ints, Floats]:
        """Return which deals are touched in which review.

        Args:
            team: Team of each deal.
            since: When it begins.
            until: When nobody looks at it any more.
            absent: Deals of those who take no part.

        Returns:
            Positions of deals and work times, one pair a touch.
        """
        ritual = self.plan.ritual
        found: list[Ints] = []
        times: list[Floats] = []
        if ritual is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        rng = self.habits.rng("reviews/touches")
        for number, moments in self.reviews.items():
            deals = np.flatnonzero((team == number) & ~absent)
            first = np.searchsorted(moments, since[deals], side="right")
            last = np.searchsorted(moments, until[deals], side="left")
            count = np.maximum(last - first, 0)
            deal = np.repeat(deals, count)
            within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
            at = moments[np.repeat(first, count) + within]
            touched = rng.random(len(deal)) < ritual.coverage
            # The meeting takes an hour and a half: 0.15 of a working day.
            found.append(deal[touched])
            times.append(at[touched] + rng.uniform(0.0, 0.15, int(touched.sum())))
        return np.concatenate(found), np.concatenate(times)

    def _reviews_of(self, team: int) -> Floats:
        ritual = self.plan.ritual
        if ritual is None:
            return np.zeros(0)
        rng = self.habits.rng(f"reviews/{team}")
        start = np.interp(ritual.hour, (8.5, 12.4, 13.75, 18.2), (0.0, 0.45, 0.4501, 0.999))
        days = np.flatnonzero(self.calendar.weekday == ritual.weekday)
        days = days[days >= self.calendar.back(7 * ritual.weeks)]
        held = days[rng.random(len(days)) < ritual.regularity]
        return held + float(start)
