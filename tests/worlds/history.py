"""Field history as a CRM writes it: several rows for one save, and only since it is tracked."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pandas as pd

from tests.worlds.beliefs import Amounts, Dates
from tests.worlds.habits import Floats, Habits, Ints, Mask
from tests.worlds.journeys import DEFAULT_CHANCES, Journeys
from tests.worlds.labels import Labels
from tests.worlds.people import People
from tests.worlds.pipeline import Pipeline
from tests.worlds.plan import Plan
from tests.worlds.rhythm import Rhythm
from tests.worlds.workdays import Workdays

#: What history holds; values are numbers: of stages, days of work time, money, texts, users.
FIELDS = (
    "stage", "probability", "forecast_category", "close_date", "amount", "next_step", "owner_id",
)  # fmt: skip
STAGE, CHANCE, CATEGORY, CLOSE, AMOUNT, STEP, OWNER = range(len(FIELDS))


def record_history(
    plan: Plan,
    words: ModuleType,
    habits: Habits,
    people: People,
    rhythm: Rhythm,
    calendar: Workdays,
    labels: Labels,
    journeys: Journeys,
    pipeline: Pipeline,
    dates: Dates,
    amounts: Amounts,
    deals: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return every change that was saved, and per deal the last text typed as next step.

    The rows hold ``deal, field, old, new, at, user``, in order of time.
    """
    writer = _Writer(habits, people, rhythm, calendar, journeys, pipeline, deals)
    writer.stages()
    writer.close_dates(dates)
    writer.amounts(amounts)
    writer.owners()
    steps = writer.next_steps(plan, len(words.NEXT_STEPS))
    _label_silence(calendar, labels, journeys, pipeline, writer.silent, steps, deals)
    frame = pd.concat(writer.parts, ignore_index=True)
    created = pipeline.created[frame["deal"].to_numpy()]
    at = frame["at"].to_numpy()
    saved = (at < calendar.end) & (at >= created)
    return frame[saved].sort_values(["at", "deal", "field"], ignore_index=True), steps


def tracked(plan: Plan, calendar: Workdays, edits: pd.DataFrame) -> pd.DataFrame:
    """Return the changes that were saved since the CRM keeps a history of them."""
    since = calendar.back(plan.tracked_months * 30.44) if plan.tracked_months else 0.0
    return edits[edits["at"] >= since].reset_index(drop=True)


def _label_silence(
    calendar: Workdays,
    labels: Labels,
    journeys: Journeys,
    pipeline: Pipeline,
    silent: Mask,
    steps: pd.DataFrame,
    deals: pd.DataFrame,
) -> None:
    """Label the open deals that say nothing of what happens next.

    A copy says for ever what was copied: after a month that is nothing either.
    """
    check_id = "open-deal-without-next-step"
    unsaid = np.flatnonzero(silent & pipeline.is_open)
    labels.add(check_id, "deals", unsaid, rep=journeys.rep[unsaid])
    copy_of = deals["copy_of"].to_numpy()
    said_nothing = steps["text"].to_numpy()[copy_of] < 0
    out_of_date = deals["created"].to_numpy() < calendar.back(30)
    copies = np.flatnonzero((copy_of >= 0) & (said_nothing | out_of_date))
    rep = journeys.rep[copy_of[copies]]
    labels.add(check_id, "deals", copies, rep=rep, habit="duplicate-deal")


class _Writer:
    """Writes history rows, field by field."""

    def __init__(
        self,
        habits: Habits,
        people: People,
        rhythm: Rhythm,
        calendar: Workdays,
        journeys: Journeys,
        pipeline: Pipeline,
        deals: pd.DataFrame,
    ) -> None:
        self.habits, self.people, self.rhythm, self.calendar = habits, people, rhythm, calendar
        self.journeys, self.pipeline, self.deals = journeys, pipeline, deals
        self.count = len(journeys)
        self.parts: list[pd.DataFrame] = []
        self.until = np.minimum(np.minimum(journeys.closing, journeys.death), calendar.end)

    def row(self, field: int, deal: Ints, at: Floats, old: Floats, new: Floats, user: Ints) -> None:
        """Add rows of one field."""
        self.parts.append(
            pd.DataFrame(
                {
                    "deal": deal,
                    "field": field,
                    "old": np.asarray(old, dtype=float),
                    "new": np.asarray(new, dtype=float),
                    "at": at,
                    "user": user,
                }
            )
        )

    def stages(self) -> None:
        """A move of stage is saved with the probability and category that come with it."""
        pipeline, chances = self.pipeline, np.array(DEFAULT_CHANCES)
        deal, at, old, new = pipeline.deal, pipeline.at, pipeline.old, pipeline.new
        user = self.rhythm.typist(self.journeys.rep[deal], at, "stages")
        self.row(STAGE, deal, at, old, new, user)
        self.row(CHANCE, deal, at, chances[old], chances[new], user)
        moved = (old >= 3) | (new >= 3)
        self.row(CATEGORY, deal[moved], at[moved], old[moved], new[moved], user[moved])
        overridden = np.flatnonzero(self.deals["overridden"].to_numpy()[: self.count])
        rng = self.habits.rng("history/overrides")
        last = np.zeros(self.count)
        np.maximum.at(last, deal, at)
        start = np.maximum(last, pipeline.created)[overridden]
        when = start + rng.uniform(0.05, 0.95, len(overridden)) * (self.calendar.end - start)
        chance = self.deals["chance"].to_numpy()[overridden]
        user = self.rhythm.typist(self.journeys.rep[overridden], when, "overrides")
        stage = pipeline.stage[overridden]
        self.row(CHANCE, overridden, when, chances[stage], chance, user)

    def close_dates(self, dates: Dates) -> None:
        """Pushes, and the real day when a deal is closed."""
        at = self.rhythm.typed(self.journeys.rep[dates.deal], dates.deal, dates.at)
        user = self.rhythm.typist(self.journeys.rep[dates.deal], at, "dates")
        self.row(CLOSE, dates.deal, at, dates.old, dates.new, user)
        closed = np.flatnonzero(np.isfinite(self.pipeline.closing))
        at = self.pipeline.closing[closed]
        final = self.deals["close"].to_numpy()[closed]
        moved = np.floor(final) != np.floor(dates.last[closed])
        closed, at, final = closed[moved], at[moved], final[moved]
        user = self.rhythm.typist(self.journeys.rep[closed], at, "stages")
        self.row(CLOSE, closed, at, dates.last[closed], final, user)

    def amounts(self, amounts: Amounts) -> None:
        """Amounts that are settled when a deal is signed."""
        deal = np.flatnonzero(amounts.changed & np.isfinite(self.pipeline.closing))
        at = self.rhythm.typed(self.journeys.rep[deal], deal, amounts.at[deal])
        user = self.rhythm.typist(self.journeys.rep[deal], at, "amounts")
        self.row(AMOUNT, deal, at, amounts.before[deal], amounts.after[deal], user)

    def owners(self) -> None:
        """Deals of those who left are handed over by the manager."""
        heirs = self.deals["heir"].to_numpy()[: self.count]
        deal = np.flatnonzero(heirs >= 0)
        rep = self.journeys.rep[deal]
        at = np.maximum(self.people.left[rep] + 0.4, self.pipeline.created[deal])
        self.row(OWNER, deal, at, rep, heirs[deal], self.people.manager[rep])

    def next_steps(self, plan: Plan, phrases: int) -> pd.DataFrame:
        """What happens next is typed anew between reviews and in them; return how it stands."""
        habits, rng = self.habits, self.habits.rng("history/steps")
        silent = habits.strikes(
            "open-deal-without-next-step", self.journeys.rep, of=self.pipeline.is_open
        )
        silent |= self.journeys.untouched
        self.silent = silent
        since = np.maximum(self.pipeline.created, 0)
        span = np.maximum(self.until - since, 0)
        number = np.where(silent, 0, rng.poisson(plan.touches / 5 * span))
        deal = np.repeat(np.arange(self.count), number)
        at = since[deal] + rng.random(len(deal)) * span[deal]
        live = self.pipeline.is_open & ~self.journeys.dead & ~silent
        fresh = np.flatnonzero(live & (since < self.calendar.end - 1))
        newest = np.maximum(
            since[fresh] + 0.3, self.calendar.end - rng.uniform(0.3, 17, len(fresh))
        )
        team = self.people.team[self.journeys.rep]
        absent = self.rhythm.batches[self.journeys.rep] | silent
        reviewed, when = self.rhythm.review_touches(team, since, self.until, absent)
        own = np.concatenate([deal, fresh])
        own_at = np.concatenate([at, newest])
        own_at = self.rhythm.typed(self.journeys.rep[own], own, own_at)
        user = self.rhythm.typist(self.journeys.rep[own], own_at, "steps")
        rep = self.journeys.rep[reviewed]
        ritual = plan.ritual
        leads = rng.random(len(reviewed)) < (ritual.by_manager if ritual else 0)
        reviewer = np.where(leads, self.people.manager[rep], rep)
        deal = np.concatenate([own, reviewed])
        at = np.concatenate([own_at, when])
        user = np.concatenate([user, reviewer])
        known = at < self.calendar.end
        deal, at, user = deal[known], at[known], user[known]
        order = np.lexsort((at, deal))
        deal, at, user = deal[order], at[order], user[order]
        text = rng.integers(0, phrases, self.count)
        new = (text[deal] + 1 + np.arange(len(deal)) % (phrases - 1)) % phrases
        opening = np.append(True, deal[1:] != deal[:-1])[: len(deal)]
        old = np.where(opening, text[deal], np.append(-1, new[:-1])[: len(new)])
        self.row(STEP, deal, at, old, new, user)
        text = np.where(silent, -1, text)
        text[deal] = new
        return pd.DataFrame({"text": text})


def last_changes(
    history: pd.DataFrame, deals: pd.DataFrame, count: int
) -> tuple[Floats, Ints, Floats]:
    """Return when each deal was last modified and by whom, and when its stage last changed."""
    modified = deals["created"].to_numpy().copy()
    user = deals["owner"].to_numpy().copy()
    deal, at = history["deal"].to_numpy(), history["at"].to_numpy()
    modified[deal] = np.maximum(modified[deal], at)  # rows are in order of time: the last one stays
    user[deal] = history["user"].to_numpy()
    stage: Mask = (history["field"] == STAGE).to_numpy()
    changed = deals["created"].to_numpy().copy()
    changed[deal[stage]] = at[stage]
    return modified[:count], user[:count], changed[:count]
