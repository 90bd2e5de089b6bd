"""What sellers believe and announce: close dates that are pushed, and amounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.worlds.habits import Floats, Habits, Ints, Mask
from tests.worlds.journeys import NEW, Journeys
from tests.worlds.labels import Labels, numbers
from tests.worlds.people import People
from tests.worlds.workdays import Workdays

#: Spread, on the log scale, of how far off a seller sees the closing of a deal.
_FORESIGHT = 0.22
_MOST_PUSHES = 14
#: Working days by which a serial pusher moves a date.
_NEXT_MONTH, _IN_TWO_WEEKS = (18.0, 23.0), (11.0, 14.0)


@dataclass(frozen=True)
class Dates:
    """Announced close dates: the first, and every move after it.

    Attributes:
        first: Announced at creation, one a deal.
        deal: Deal of each move, in order of deal and time.
        at: When it is moved.
        old: Announced before.
        new: Announced after.
        last: What stands in the end, one a deal.
    """

    first: Floats
    deal: Ints
    at: Floats
    old: Floats
    new: Floats
    last: Floats


def announce(
    habits: Habits, calendar: Workdays, labels: Labels, journeys: Journeys, created: Floats
) -> Dates:
    """Return what is announced about the closing of each deal.

    It starts when the deal is created in the CRM. A seller announces the day that he or she
    foresees, and moves it within a day when it passes; a neglected deal keeps its date, and a
    serial pusher always says next month, or in two weeks where everybody pushes.
    """
    rng = habits.rng("dates")
    count, end = len(journeys), calendar.end
    unskilled = habits.excess("forecast-without-skill") > 0
    neglected = _neglect(habits, calendar, journeys, created)
    serial, ahead = _serial(habits, calendar, journeys, created, neglected)
    until = np.minimum(np.minimum(journeys.closing, journeys.death), end)
    drifting = journeys.forgotten & (rng.random(count) < 0.15)
    until = np.where(drifting, end, until)

    def foresee(now: Floats) -> Floats:
        left = np.maximum(journeys.winning - now, 0)
        if unskilled:
            return now + 14 + rng.lognormal(np.log(45), 1.0, count)
        seen = np.maximum(left * rng.lognormal(0.03, _FORESIGHT, count), 13)
        return now + np.where(serial, rng.uniform(*ahead, count), seen)

    belief = foresee(created)
    quick = journeys.kind != NEW
    belief[quick] = journeys.winning[quick] + rng.uniform(0, 3, int(quick.sum()))
    passed = end - rng.uniform(4, 60, count)
    belief = np.where(neglected, np.maximum(passed, created + 5), belief)
    first, parts = belief.copy(), []
    for _ in range(_MOST_PUSHES):
        at = belief + rng.uniform(0.02, 0.9, count)
        moves = ~neglected & (at < until)
        if not moves.any():
            break
        new = foresee(at)
        deals = np.flatnonzero(moves)
        parts.append((deals, at[deals], belief[deals], new[deals]))
        belief = np.where(moves, new, belief)
    deal, at, old, new = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((at, deal))
    dates = Dates(first, deal[order], at[order], old[order], new[order], belief)
    _label(labels, calendar, journeys, dates)
    return dates


def _neglect(habits: Habits, calendar: Workdays, journeys: Journeys, created: Floats) -> Mask:
    """Return the open deals whose date goes by without anyone moving it."""
    left_open = journeys.closing > calendar.end
    return habits.strikes(
        "open-deal-past-close-date",
        journeys.rep,
        among=left_open & (created < calendar.end - 12) & ~journeys.dead,
        of=left_open,
        from_source=journeys.from_web,
    )


def _serial(
    habits: Habits, calendar: Workdays, journeys: Journeys, created: Floats, neglected: Mask
) -> tuple[Mask, tuple[float, float]]:
    """Return the deals whose date is pushed again and again, and for how many days each time.

    Pushing shows once it was done twice: of the open deals no more can be planted than are as old
    as that.
    """
    fit = journeys.kind == NEW
    if habits.plan.plants("serially-pushed-deal") is None:
        return habits.strikes("serially-pushed-deal", journeys.rep, among=fit), _NEXT_MONTH
    left_open = journeys.closing > calendar.end
    fit &= (created < calendar.end - 2 * _IN_TWO_WEEKS[1]) & ~neglected
    struck = habits.strikes("serially-pushed-deal", journeys.rep, among=fit, of=left_open)
    return struck, _IN_TWO_WEEKS


def _label(labels: Labels, calendar: Workdays, journeys: Journeys, dates: Dates) -> None:
    left_open = journeys.closing > calendar.end
    gone_by = left_open & (np.floor(dates.last) < np.floor(calendar.end) - 3)
    past = numbers(gone_by)
    dead = journeys.dead[past]
    for deals, habit in ((past[~dead], "open-deal-past-close-date"), (past[dead], "zombie-deal")):
        labels.add(
            "open-deal-past-close-date", "deals", deals, rep=journeys.rep[deals], habit=habit
        )


@dataclass(frozen=True)
class Amounts:
    """Amounts while deals are open, and in the end; ``changed`` where closing changes them.

    Attributes:
        before: While open.
        after: Once closed.
        changed: Whether it changes on the day of closing.
        late: Whether it changes by much.
        at: When it was changed, near the closing.
    """

    before: Floats
    after: Floats
    changed: Mask
    late: Mask
    at: Floats


def estimate(habits: Habits, people: People, calendar: Workdays, journeys: Journeys) -> Amounts:
    """Return amounts: log-normal, a third rounded, one huge; some change when they are signed."""
    rng = habits.rng("amounts")
    count = len(journeys)
    raw = rng.lognormal(9.0, 1.0, count) * people.size[journeys.rep]
    rounded = rng.random(count) < 0.3
    before = np.where(rounded, np.maximum(np.round(raw / 500) * 500, 500), np.round(raw, 2))
    before[rng.integers(count)] = 2_400_000.0
    rounders = habits.have("amount-convention-spread")[journeys.rep]
    before = np.where(rounders, np.maximum(np.round(before / 10_000) * 10_000, 10_000), before)
    closes = journeys.won & (journeys.kind == NEW)
    this_year = closes & (journeys.closing >= calendar.back(365))
    late = habits.strikes("late-amount-change", journeys.rep, among=closes, of=this_year)
    slight = closes & ~late & (rng.random(count) < 0.25)
    factor = np.where(
        rng.random(count) < 0.5, rng.uniform(1.35, 1.9, count), rng.uniform(0.45, 0.7, count)
    )
    after = np.where(late, np.round(before * factor, 2), before)
    after = np.where(slight, np.round(before * rng.uniform(0.94, 1.06, count), 2), after)
    changed = late | slight
    at = journeys.closing - rng.uniform(0.02, 2.5, count)
    at = np.maximum(at, journeys.created + 0.01)
    return Amounts(before, after, changed, late, np.where(changed, at, np.inf))
