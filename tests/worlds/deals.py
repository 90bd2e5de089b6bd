"""Deals as they stand in the CRM: what sellers fill in, skip, or fill with nonsense."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from tests.worlds.beliefs import Amounts, Dates
from tests.worlds.customers import Customers
from tests.worlds.habits import Habits, Ints, Mask
from tests.worlds.journeys import DEFAULT_CHANCES, LOST, NEW, OPEN_STAGES, WON, Journeys
from tests.worlds.labels import Labels, numbers
from tests.worlds.people import People
from tests.worlds.pipeline import Pipeline
from tests.worlds.plan import Plan
from tests.worlds.slips import junk
from tests.worlds.workdays import Workdays

#: From this stage on an amount and a close date are known, if anybody asks.
PRICED = 1
#: Share of their deals that people with a way of their own treat in it.
_ALMOST_ALL = 0.92


def enter(
    plan: Plan,
    words: ModuleType,
    habits: Habits,
    people: People,
    calendar: Workdays,
    labels: Labels,
    journeys: Journeys,
    pipeline: Pipeline,
    dates: Dates,
    amounts: Amounts,
    customers: Customers,
) -> pd.DataFrame:
    """Return the deals as typed, one row each in the order of their numbers."""
    rng = habits.rng("deals")
    count = len(journeys)
    stage = pipeline.stage
    closing_day = np.where(np.isfinite(pipeline.closing), pipeline.signed, np.nan)
    ended = stage >= OPEN_STAGES
    amount = np.where(stage == WON, amounts.after, amounts.before)
    amount = np.where((stage == LOST) & (rng.random(count) < 0.10), 0.0, amount)
    amount = np.where((stage < PRICED) & (rng.random(count) < 0.5), np.nan, amount)
    frame = pd.DataFrame(
        {
            "project": _pick(rng, words.PROJECTS, count),
            "site": _pick(rng, words.SITES, count),
            "account": customers.account_of,
            "contact": customers.contact_of,
            "owner": journeys.rep,
            "kind": journeys.kind,
            "stage": stage,
            "amount": amount,
            "chance": np.array(DEFAULT_CHANCES)[stage],
            "category": stage,
            "close": np.where(ended, np.nan_to_num(closing_day), dates.last),
            "lost_reason": _reasons(rng, words, stage),
            "lead_source": _sources(rng, words, journeys),
            "name": None,
            "type": None,
            "description": None,
            "created": pipeline.created,
            "deleted": rng.random(count) < 0.01,
            "by_program": journeys.imported | journeys.from_web,
        }
    )
    entry = _Entry(habits, labels, journeys, pipeline, calendar, frame)
    entry.hand_over(people)
    entry.skip_fields()
    entry.close_carelessly()
    entry.go_own_way(plan, words)
    entry.fill_with_nonsense()
    return entry.type_again(customers)


class _Entry:
    """The carelessness with which a world's deals are typed."""

    def __init__(
        self,
        habits: Habits,
        labels: Labels,
        journeys: Journeys,
        pipeline: Pipeline,
        calendar: Workdays,
        frame: pd.DataFrame,
    ) -> None:
        self.habits, self.labels, self.frame = habits, labels, frame
        self.journeys, self.pipeline, self.calendar = journeys, pipeline, calendar
        self.rep = journeys.rep
        self.stage = pipeline.stage
        self.open = pipeline.is_open & ~frame["deleted"].to_numpy()
        self.live = ~frame["deleted"].to_numpy()
        # Nothing is planted where a day would decide whether it counts.
        self.recent = np.isfinite(pipeline.closing) & (pipeline.closing > calendar.back(350))
        self.this_year = np.isfinite(pipeline.closing) & (pipeline.closing > calendar.back(365))
        self.incomplete = np.zeros(len(frame), dtype=bool)

    def struck(self, habit: str, among: Mask, of: Mask | None = None) -> Mask:
        """Return on which of some deals a habit strikes; a planted rate may be of others."""
        web = self.journeys.from_web
        return self.habits.strikes(habit, self.rep, among=among, of=of, from_source=web)

    def note(self, check_id: str, which: Mask, habit: str = "", form: Any = "") -> None:
        """Label deals."""
        deals = numbers(which)
        self.labels.add(check_id, "deals", deals, rep=self.rep[deals], habit=habit, form=form)

    def hand_over(self, people: People) -> None:
        """Give the open deals of those who left to colleagues, but for those nobody minded."""
        gone = np.isfinite(people.left[self.rep]) & (self.stage < OPEN_STAGES)
        kept = gone & (
            self.habits.rng("hand-over").random(len(gone))
            < self.habits.base("deal-owned-by-inactive-user")
        )
        planted = self.habits.plan.plants("deal-owned-by-inactive-user")
        stays = np.zeros(len(gone), dtype=bool)
        if planted:
            leavers = numbers(np.isfinite(people.left))
            stays = self.struck("deal-owned-by-inactive-user", self.open & ~gone)
            new = self.habits.rng("hand-over/leavers").choice(leavers, len(gone))
            self.frame["owner"] = np.where(stays, new, self.frame["owner"])
            kept = gone & self.struck("deal-owned-by-inactive-user", gone)
        sellers = numbers(people.seller)
        heirs = self.habits.rng("hand-over/heirs").choice(sellers, len(gone))
        self.frame["owner"] = np.where(gone & ~kept, heirs, self.frame["owner"])
        self.frame["heir"] = np.where(gone & ~kept, heirs, -1)
        self.note("deal-owned-by-inactive-user", (kept | stays) & self.open)

    def skip_fields(self) -> None:
        """Leave fields empty that somebody needs."""
        priced = self.open & (self.stage >= PRICED)
        spread = self.habits.have("field-completion-spread")[self.rep]
        idle = self.habits.rng("field-completion-spread/idle").random(len(spread)) < 0.55
        no_amount = self.struck("open-deal-without-amount", priced) | (priced & spread & idle)
        self.frame.loc[no_amount, "amount"] = np.nan
        zero = numbers(no_amount)[::4]
        self.frame.loc[zero, "amount"] = 0.0
        still = priced & ~no_amount & self.frame["amount"].isna().to_numpy()
        self.frame.loc[still, "amount"] = 9_900.0
        self.note("open-deal-without-amount", no_amount)
        no_date = self.struck("open-deal-without-close-date", self.open)
        self.frame.loc[no_date, "close"] = np.nan
        self.note("open-deal-without-close-date", no_date)
        for check_id in ("open-deal-past-close-date",):
            self.labels.forget(check_id, "deals", numbers(no_date))
        today = self.live & (self.open | self.recent)
        of_today = self.live & (self.open | self.this_year)
        no_account = self.struck("deal-without-account", today, of_today)
        self.frame.loc[no_account, "account"] = -1
        self.note("deal-without-account", no_account)
        no_owner = self.struck("deal-without-owner", today, of_today)
        self.frame.loc[no_owner, "owner"] = -1
        self.note("deal-without-owner", no_owner)
        self.labels.forget("deal-owned-by-inactive-user", "deals", numbers(no_owner))
        nobody = self.habits.rng("deals/contact").random(len(self.frame)) < 0.04
        self.frame.loc[nobody | (spread & self.open & np.roll(idle, 7)), "contact"] = -1
        gaps = no_account | no_owner | no_amount | (no_date & priced)
        self.note(
            "open-deal-with-missing-required-field", gaps & self.open, "open-deal-without-amount"
        )

    def close_carelessly(self) -> None:
        """Close deals without an amount, a reason, or with a date that cannot be."""
        rng = self.habits.rng("closing")
        won, lost = (
            self.recent & self.live & (self.stage == WON),
            self.recent & self.live & (self.stage == LOST),
        )
        of_won, of_lost = (
            self.this_year & self.live & (self.stage == ending) for ending in (WON, LOST)
        )
        bare = self.struck("won-deal-without-amount", won, of_won)
        self.frame.loc[bare, "amount"] = np.nan
        self.frame.loc[numbers(bare)[::2], "amount"] = 0.0
        self.note("won-deal-without-amount", bare)
        silent = self.struck("lost-deal-without-reason", lost, of_lost)
        self.frame["lost_reason"] = self.frame["lost_reason"].astype(object)
        self.frame.loc[silent, "lost_reason"] = None
        self.note("lost-deal-without-reason", silent)
        end = self.calendar.end
        ahead = self.struck("closed-deal-with-future-close-date", won | lost)
        self.frame.loc[ahead, "close"] = end + rng.uniform(4, 50, int(ahead.sum()))
        self.note("closed-deal-with-future-close-date", ahead)
        before = self.struck("close-date-before-creation", (won | lost) & ~ahead)
        early = self.frame["created"].to_numpy()[before] - rng.uniform(2, 20, int(before.sum()))
        self.frame.loc[before, "close"] = np.maximum(early, 0)
        self.note("close-date-before-creation", before & (self.frame["created"] > 3).to_numpy())

    def fill_with_nonsense(self) -> None:
        """Fill what the screen demands with the first thing that the screen accepts."""
        struck = numbers(self.struck("junk-in-deals", self.open | (self.recent & self.live)))
        rng = self.habits.rng("deals/junk")
        words, form = junk(rng, len(struck))
        column = np.array(["type", "description", "lead_source"])[rng.integers(0, 3, len(struck))]
        self.frame["lead_source"] = self.frame["lead_source"].astype(object)
        for name in ("type", "description", "lead_source"):
            self.frame.loc[struck[column == name], name] = words[column == name]
        self.labels.add("junk-in-deals", "deals", struck, rep=self.rep[struck], form=form)

    def go_own_way(self, plan: Plan, words: ModuleType) -> None:
        """Use fields, picklists and probabilities as a few people think right."""
        rng = self.habits.rng("deals/own-way")
        count = len(self.frame)
        dumped = self.habits.have("picklist-dump")[self.rep] & (rng.random(count) < _ALMOST_ALL)
        self.frame.loc[dumped, "lead_source"] = words.SOURCES[-1]
        overridden = self.struck("manual-forecast-override", self.open)
        spread = self.habits.have("probability-override-spread")[self.rep] & self.open
        own = spread & (rng.random(count) < _ALMOST_ALL)
        moved = overridden | own
        chance = self.frame["chance"].to_numpy()
        shift = np.where(rng.random(count) < 0.7, 20.0, -20.0)
        new = np.clip(
            np.where((chance + shift > 5) & (chance + shift < 98), chance + shift, chance - shift),
            5,
            99,
        )
        self.frame["overridden"] = moved
        self.frame["chance"] = np.where(moved, new, chance)
        up = moved & (rng.random(count) < 0.5)
        self.frame["category"] = np.where(up & (self.stage < 4), 4, self.stage)
        self.note("manual-forecast-override", moved)
        for habit in (
            "picklist-dump",
            "probability-override-spread",
            "field-completion-spread",
            "private-field",
            "stage-dialect",
            "amount-convention-spread",
            "definition-spread",
            "burst-updates",
            "proxy-typing",
        ):
            users = numbers(self.habits.have(habit))
            self.labels.add(habit, "users", users, rep=users)
        if plan.extras:
            self._extras(rng, count)

    def _extras(self, rng: np.random.Generator, count: int) -> None:
        """Fill columns of the company's own: two that all use, two that only some do."""
        self.frame["budget"] = np.where(
            rng.random(count) < 0.8, np.where(rng.random(count) < 0.6, "yes", "no"), None
        )
        self.frame["competitor"] = np.where(
            rng.random(count) < 0.7, rng.choice(["A", "B", "C"], count), None
        )
        private = self.habits.have("private-field")[self.rep]
        for name in ("segment", "second_offer"):
            fills = np.where(private, 0.85, 0.03 if private.any() else 0.6)
            self.frame[name] = np.where(
                rng.random(count) < fills, rng.choice(["1", "2", "3"], count), None
            )

    def type_again(self, customers: Customers) -> pd.DataFrame:
        """Enter some deals a second time, a day or two later."""
        fit = (
            self.live
            & self.frame["amount"].gt(0).to_numpy()
            & (self.frame["account"] >= 0).to_numpy()
        )
        fit = fit & (
            (self.frame["created"] < self.calendar.end - 3).to_numpy() & (self.stage < OPEN_STAGES)
        )
        fit = fit & (~self.labels.marked("deals", len(fit)))
        twice = numbers(self.struck("duplicate-deal", fit))
        self.frame["copy_of"] = -1
        copies = self.frame.iloc[twice].copy()
        copies["created"] += 1.0
        copies["copy_of"] = twice
        copies[["stage", "chance", "category"]] = (0, DEFAULT_CHANCES[0], 0)
        new = np.arange(len(self.frame), len(self.frame) + len(copies))
        rep = self.rep[twice]
        self.labels.add("duplicate-deal", "deals", new, rep=rep, twin=twice)
        # Nobody works on a copy: it is as dead as a deal that was never touched.
        days = (self.calendar.end - copies["created"]).to_numpy()
        for check_id, least in (
            ("open-deal-without-activity", 15), ("zombie-deal", 90), ("stalled-open-deal", 90),
        ):  # fmt: skip
            old, habit = days > least, "duplicate-deal"
            self.labels.add(check_id, "deals", new[old], rep=rep[old], habit=habit)
        self.labels.add("zombie-deal", "deals", new[~old], rep=rep[~old], habit=habit, form="young")
        return pd.concat([self.frame, copies], ignore_index=True)


def _reasons(rng: np.random.Generator, words: ModuleType, stage: Ints) -> pd.Categorical:
    codes = np.where(stage == LOST, rng.integers(0, len(words.LOST_REASONS), len(stage)), -1)
    return pd.Categorical.from_codes(codes, list(words.LOST_REASONS))


def _sources(rng: np.random.Generator, words: ModuleType, journeys: Journeys) -> pd.Categorical:
    sources = [*words.SOURCES, words.WEB_SOURCE]
    codes = rng.choice(len(words.SOURCES), len(journeys), p=[0.2, 0.22, 0.2, 0.2, 0.13, 0.05])
    codes = np.where(journeys.from_web | (journeys.kind > NEW + 1), len(words.SOURCES), codes)
    return pd.Categorical.from_codes(codes, sources)


def _pick(rng: np.random.Generator, words: tuple[str, ...], count: int) -> pd.Categorical:
    return pd.Categorical.from_codes(rng.integers(0, len(words), count), list(words))
