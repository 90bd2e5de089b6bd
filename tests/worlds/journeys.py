"""What really happens to deals: how they advance, when they die, and which ones are forgotten.

A semi-Markov process: a deal stays in each stage for a log-normal time and may be lost in it.
Nothing here knows what is typed into the CRM, or when.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.worlds.habits import Floats, Habits, Ints, Mask, first_of_each
from tests.worlds.labels import Labels, numbers
from tests.worlds.people import People
from tests.worlds.plan import Cause, Plan
from tests.worlds.workdays import Workdays

#: Median working days in each open stage, and their spread on the log scale.
TIMES, SPREAD = (10.0, 15.0, 20.0, 18.0, 10.0), 0.7
#: Chance to be lost in each open stage.
LOSSES = (0.30, 0.25, 0.22, 0.20, 0.12)
#: What the CRM shows as the chance of winning in each open stage, then won and lost.
DEFAULT_CHANCES = (30.0, 40.0, 55.0, 70.0, 90.0, 100.0, 0.0)
OPEN_STAGES = len(TIMES)
WON, LOST = OPEN_STAGES, OPEN_STAGES + 1
NEW, RENEWAL, WEB = 0, 1, 2
#: Months that a world runs before its CRM exists.
WARM_UP = 6


@dataclass
class Journeys:
    """One entry a deal, in the order of creation; moments are work times.

    Attributes:
        rep: Who sells it.
        kind: New business, renewal or web order.
        from_web: Came in by the form of the web site.
        created: When it begins.
        entered: When it enters each open stage, if it is still alive then; else infinite.
        winning: When it is or would have been won.
        death: When the buyer goes elsewhere; infinite for deals that are won or alive.
        closing: When it is closed; infinite while it is not.
        won: Whether it is won by the end.
        forgotten: Dead long since, and still open.
        untouched: Created and never looked at again; dead too.
        imported: Brought over when the CRM went live.
    """

    rep: Ints
    kind: Ints
    from_web: Mask
    created: Floats
    entered: Floats
    winning: Floats
    death: Floats
    closing: Floats
    won: Mask
    forgotten: Mask
    untouched: Mask
    imported: Mask

    def __len__(self) -> int:
        return len(self.rep)

    def of(self, chosen: Mask) -> Journeys:
        """Return the journeys of some deals."""
        return Journeys(**{name: values[chosen] for name, values in vars(self).items()})

    @property
    def dead(self) -> Mask:
        """Whether the deal is open in the CRM and dead in truth."""
        return self.forgotten | self.untouched


def travel(
    plan: Plan, habits: Habits, people: People, calendar: Workdays, labels: Labels
) -> Journeys:
    """Return the journeys of a world's deals, and label those that are dead and left open."""
    rng = habits.rng("journeys")
    count = round(plan.deals * (plan.months + WARM_UP) / plan.months * 0.945)
    rep, created = _begin(rng, people, calendar, count)
    kind = rng.choice([NEW, RENEWAL, WEB], count, p=[0.89, 0.08, 0.03])
    stays = rng.lognormal(np.log(TIMES), SPREAD, (count, OPEN_STAGES)) * people.pace[rep][:, None]
    stays[kind != NEW] = 0.05
    ends = created[:, None] + np.cumsum(stays, axis=1)
    starts = np.column_stack([created, ends[:, :-1]])
    lost_in, death = _lose(rng, habits, kind, starts, stays)
    alive = np.arange(OPEN_STAGES) <= lost_in[:, None]
    won = lost_in == OPEN_STAGES
    closing = np.where(won, ends[:, -1], death + rng.exponential(4.0, count).clip(0.05, 15))
    journeys = Journeys(
        rep=rep,
        kind=kind,
        from_web=(rng.random(count) < 0.14) & (kind == NEW),
        created=created,
        entered=np.where(alive, starts, np.inf),
        winning=ends[:, -1],
        death=death,
        closing=closing,
        won=won & (closing < calendar.end),
        forgotten=np.zeros(count, dtype=bool),
        untouched=np.zeros(count, dtype=bool),
        imported=np.zeros(count, dtype=bool),
    )
    journeys = _go_live(plan, calendar, journeys)
    _forget(plan, habits, calendar, labels, journeys)
    return journeys


def _begin(
    rng: np.random.Generator, people: People, calendar: Workdays, count: int
) -> tuple[Ints, Floats]:
    """Return who begins deals, and when: evenly over the time that each seller is there."""
    reps = people.reps
    until = np.minimum(people.left[reps], calendar.end)
    share = people.weight[reps] * (until - people.hired[reps])
    rep = rng.choice(reps, count, p=share / share.sum())
    begun = people.hired[rep] + rng.random(count) * (
        np.minimum(people.left[rep], calendar.end) - people.hired[rep]
    )
    order = np.argsort(begun, kind="stable")
    return rep[order], begun[order]


def _lose(
    rng: np.random.Generator, habits: Habits, kind: Ints, starts: Floats, stays: Floats
) -> tuple[Ints, Floats]:
    """Return in which stage each deal is lost (the number of stages: won), and when it dies.

    Where forecasts are too high by plan, less is won in the end than the chances shown promise.
    """
    excess = habits.excess("forecast-bias", "forecast-miscalibrated", "forecast-error")
    losses = np.array(LOSSES)
    losses[-1] = 1 - (1 - losses[-1]) / (1 + excess)
    lost = rng.random(stays.shape) < losses
    lost[kind != NEW] = False
    lost_in = np.where(lost.any(axis=1), lost.argmax(axis=1), OPEN_STAGES)
    stage = np.minimum(lost_in, OPEN_STAGES - 1)[:, None]
    start = np.take_along_axis(starts, stage, 1)[:, 0]
    stay = np.take_along_axis(stays, stage, 1)[:, 0]
    death = start + rng.uniform(0.3, 1.0, len(kind)) * stay
    return lost_in, np.where(lost_in == OPEN_STAGES, np.inf, death)


def _go_live(plan: Plan, calendar: Workdays, journeys: Journeys) -> Journeys:
    """Bring over, on the first day of the CRM, the deals that are open then."""
    live = calendar.back(plan.months * 30.44)
    kept = journeys.of(journeys.closing > live)
    kept.imported = kept.created < live
    kept.created = np.maximum(kept.created, live)
    return kept


def _forget(
    plan: Plan, habits: Habits, calendar: Workdays, labels: Labels, journeys: Journeys
) -> None:
    """Leave dead deals open, and never look again at some that were just created."""
    end = calendar.end
    rates = np.minimum(habits.rates("zombie-deal"), 0.9)
    open_alive = (journeys.closing > end) & (journeys.death > end)
    alive = np.bincount(journeys.rep[open_alive], minlength=len(rates))
    exact = rates / (1 - rates) * alive
    planted = plan.plants("zombie-deal")
    if planted is not None and planted.cause is Cause.SYSTEMIC:
        left_open = int((journeys.closing > end).sum())
        exact *= planted.rate / (1 - planted.rate) * left_open / exact.sum()
    wanted = np.floor(exact + habits.rng("zombie-deal/rounding").random(len(exact)))
    long_dead = (journeys.death < end - 40) & (journeys.kind == NEW)
    group = np.where(long_dead, journeys.rep, len(rates))
    journeys.forgotten = first_of_each(
        habits.rng("zombie-deal/which"), group, np.append(wanted, 0).astype(np.int64)
    )
    fresh = open_alive & (journeys.created < end - 15) & (journeys.kind == NEW)
    fresh &= ~journeys.imported
    journeys.untouched = habits.strikes("never-touched-deal", journeys.rep, among=fresh)
    left_open = journeys.dead
    journeys.closing[left_open] = np.inf
    journeys.death[journeys.untouched] = journeys.created[journeys.untouched]
    journeys.entered[journeys.untouched, 1:] = np.inf
    untouched, forgotten = numbers(journeys.untouched), numbers(journeys.forgotten)
    is_old = journeys.created[untouched] < end - 90
    for deals in (forgotten, untouched[is_old]):
        for check_id in ("zombie-deal", "stalled-open-deal"):
            labels.add(check_id, "deals", deals, rep=journeys.rep[deals], habit="zombie-deal")
    # Dead too, and too young for anybody to know.
    young, habit = untouched[~is_old], "zombie-deal"
    labels.add(habit, "deals", young, rep=journeys.rep[young], form="young")
    check_id = "open-deal-without-next-step"
    labels.add(check_id, "deals", forgotten, rep=journeys.rep[forgotten], habit="zombie-deal")
    for deals in (forgotten, untouched):
        check_id = "open-deal-without-activity"
        labels.add(check_id, "deals", deals, rep=journeys.rep[deals], habit="zombie-deal")
