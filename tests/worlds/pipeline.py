"""The pipeline as it is typed: which moves of a deal from stage to stage the CRM learns of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.worlds.habits import Floats, Habits, Ints, Mask
from tests.worlds.journeys import LOST, NEW, OPEN_STAGES, WON, Journeys
from tests.worlds.labels import Labels, numbers
from tests.worlds.rhythm import Rhythm
from tests.worlds.workdays import Workdays

#: A stage and a half a minute, as a share of a working day.
_AT_ONCE = 0.0026


@dataclass(frozen=True)
class Pipeline:
    """Typed moves, in order of deal and time, and what they come to.

    Attributes:
        created: When each deal is created in the CRM.
        first_stage: Stage that each deal is created in.
        closing: When its closing is typed; infinite while it is open in the CRM.
        signed: When it was closed in truth; never before it was created.
        at_once: Won deals that were created on the day of their closing.
        stage: Stage that it is in at the end.
        deal: Deal of each move.
        at: When it is typed.
        old: Stage before.
        new: Stage after.
    """

    created: Floats
    first_stage: Ints
    closing: Floats
    signed: Floats
    at_once: Mask
    stage: Ints
    deal: Ints
    at: Floats
    old: Ints
    new: Ints

    @property
    def is_open(self) -> Mask:
        """Whether each deal is open in the CRM."""
        return self.stage < OPEN_STAGES


def type_moves(
    habits: Habits, rhythm: Rhythm, calendar: Workdays, labels: Labels, journeys: Journeys
) -> Pipeline:
    """Return the pipeline that the CRM sees, with what is skipped, hurried or typed late."""
    count, end = len(journeys), calendar.end
    everyone = np.arange(count)
    closing = rhythm.typed(journeys.rep, everyone, journeys.closing)
    closing = np.where(closing < end, closing, np.inf)
    won = journeys.won & np.isfinite(closing)
    recent = np.isfinite(closing) & (closing >= calendar.back(365))
    sold = won & (journeys.kind == NEW)
    until = np.minimum(np.minimum(journeys.closing, journeys.death), end)
    seen = (journeys.entered < until[:, None]) & np.isfinite(journeys.entered)
    seen[:, 0] = True

    same_day = habits.strikes(
        "deal-created-and-won-same-day",
        journeys.rep,
        among=sold,
        of=sold & recent,
        from_source=journeys.from_web,
    )
    late = _born_late(habits, calendar, journeys, seen) & ~same_day
    created = np.where(late, journeys.entered[:, 3], journeys.created)
    sold_at = np.where(same_day, closing, 0.0)
    that_day = np.floor(sold_at) + np.minimum(0.6 * (sold_at % 1), 0.7)
    created = np.where(same_day, that_day, created)
    signed = np.where(journeys.closing < created, closing, journeys.closing)
    first = np.where(late, 3, 0)
    hidden = _hidden(habits, journeys, seen)
    told = seen & ~hidden & ~same_day[:, None] & (np.arange(OPEN_STAGES) > first[:, None])
    told[:, 0] = False

    deal, stage = np.nonzero(told)
    at = rhythm.typed(journeys.rep[deal], deal, journeys.entered[deal, stage])
    hurried = sold & (told.sum(axis=1) >= 2) & ~same_day
    hurried = habits.strikes(
        "stages-typed-at-closing", journeys.rep, among=hurried, of=hurried & recent
    )
    in_haste = closing[deal] - (OPEN_STAGES - stage) * _AT_ONCE
    same_morning = np.floor(closing[deal]) + stage * 1e-5
    in_haste = np.where(np.floor(in_haste) < np.floor(closing[deal]), same_morning, in_haste)
    at = np.where(hurried[deal], np.maximum(in_haste, created[deal] + 1e-4), at)
    back = _backward(habits, journeys, told & ~hurried[:, None], until)
    back_at = rhythm.typed(journeys.rep[back[0]], back[0], back[1])

    closed = numbers(np.isfinite(closing))
    ending = np.where(won, WON, LOST)
    deal = np.concatenate([deal, back[0], closed])
    at = np.concatenate([at, back_at, closing[closed]])
    new = np.concatenate([stage, back[2], ending[closed]])
    known = at < end
    deal, at, new = deal[known], at[known], new[known]
    order = np.lexsort((new, at, deal))
    deal, at, new = deal[order], at[order], new[order]
    opening = np.append(True, deal[1:] != deal[:-1]) if len(deal) else np.zeros(0, dtype=bool)
    old = np.where(opening, first[deal], np.append(-1, new[:-1])[: len(new)])
    final = first.copy()
    final[deal] = new
    pipeline = Pipeline(created, first, closing, signed, same_day, final, deal, at, old, new)

    batched = sold & rhythm.batches[journeys.rep] & _sat_at_closing(pipeline)
    visits = 2 + told.sum(axis=1)
    not_lost = (final != LOST) & (journeys.kind == NEW)
    young = created >= calendar.back(365)
    months = habits.plan.tracked_months
    followed = recent & (created >= (calendar.back(months * 30.44) if months else 0.0))
    by_hand = ~journeys.from_web & ~journeys.imported
    # What was entered late, or at its closing, is a failure of its own.
    shown = told.copy()
    shown[back[0], back[2]] = True
    missed = sold & by_hand & ~late & ~same_day & (seen & ~shown)[:, 1:].any(axis=1)
    moved_back = np.bincount(back[0], minlength=count) > 0
    for check_id, which in (
        ("deal-created-and-won-same-day", same_day & recent & by_hand),
        ("stages-typed-at-closing", (hurried | batched) & followed & (visits >= 3)),
        ("deal-born-late", late & not_lost & young & by_hand),
        ("skipped-stage", missed & followed),
        ("backward-stage-move", moved_back & followed),
    ):
        deals = numbers(which)
        labels.add(check_id, "deals", deals, rep=journeys.rep[deals])
    return pipeline


def _born_late(habits: Habits, calendar: Workdays, journeys: Journeys, seen: Mask) -> Mask:
    """Return the deals that are entered only once the offer is nearly written.

    Its rate is about all that were begun within the year and not lost, also those that are not
    so far yet.
    """
    by_hand = (journeys.kind == NEW) & ~journeys.imported
    begun = seen[:, 3] & by_hand & ~journeys.dead
    goes_on = journeys.won | (journeys.closing > calendar.end)
    this_year = by_hand & goes_on & (journeys.created >= calendar.back(365))
    return habits.strikes("deal-born-late", journeys.rep, among=begun, of=this_year)


def _hidden(habits: Habits, journeys: Journeys, seen: Mask) -> Mask:
    """Return the stages that a deal went through and nobody typed."""
    count = len(journeys)
    rng = habits.rng("pipeline/hidden")
    hidden = np.zeros_like(seen)
    skips = habits.strikes("skipped-stage", journeys.rep, among=journeys.kind == NEW)
    one = rng.integers(1, OPEN_STAGES, count)
    hidden[np.arange(count)[skips], one[skips]] = True
    dialect = habits.have("stage-dialect")
    dumps = dialect & (np.arange(len(dialect)) % 2 == 0)
    hidden[dumps[journeys.rep], 1:] = True
    leaps = dialect & ~dumps
    hidden[leaps[journeys.rep], 2:4] = True
    return hidden | ((journeys.kind != NEW)[:, None] & (np.arange(OPEN_STAGES) > 0))


def _backward(
    habits: Habits, journeys: Journeys, told: Mask, until: Floats
) -> tuple[Ints, Floats, Ints]:
    """Return extra moves: back one stage during a visit, and forward again."""
    rng = habits.rng("pipeline/backward")
    count = len(journeys)
    leaving = np.column_stack([journeys.entered[:, 1:], journeys.winning])
    leaving = np.minimum(leaving, until[:, None])
    long_stay = told & (leaving - journeys.entered > 3)
    fit = long_stay.any(axis=1)
    times = 1 / max(float(fit.mean()), 0.1)
    possible = habits.strikes(
        "backward-stage-move",
        journeys.rep,
        among=fit,
        of=np.isfinite(journeys.closing),
        times=times,
    )
    preference = np.where(long_stay, rng.random((count, OPEN_STAGES)), -1)
    deal = numbers(possible)
    stage = preference.argmax(axis=1)[deal]
    start, stop = journeys.entered[deal, stage], leaving[deal, stage]
    back, again = start + 0.3 * (stop - start), start + 0.6 * (stop - start)
    return (
        np.concatenate([deal, deal]),
        np.concatenate([back, again]),
        np.concatenate([stage - 1, stage]),
    )


def _sat_at_closing(pipeline: Pipeline) -> Mask:
    """Return the deals of which a move was typed in the sitting that closed them."""
    before = pipeline.closing[pipeline.deal] - pipeline.at
    near = (before > 0) & (before < 0.01) & (pipeline.new < OPEN_STAGES)
    return np.bincount(pipeline.deal[near], minlength=len(pipeline.stage)) > 0
