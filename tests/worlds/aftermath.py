"""What came of it all: labels of records that no single habit decides.

Whether nobody ever touched a deal, or can reach a customer, is known only once everything has been
done, typed, left out or lost. So these labels are read off what there is in the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tests.worlds.activities import CALL, EMAIL, MEETING
from tests.worlds.beliefs import Amounts
from tests.worlds.customers import Customers
from tests.worlds.habits import Floats, Ints, Mask
from tests.worlds.history import AMOUNT, CLOSE
from tests.worlds.journeys import NEW, OPEN_STAGES, WON, Journeys
from tests.worlds.labels import Labels, numbers
from tests.worlds.pipeline import Pipeline
from tests.worlds.workdays import Workdays

#: One save of a form, as a share of a working day.
_ONE_SAVE = 0.002
#: Activities that an import brought, not a person.
_IMPORTED = 2


@dataclass(frozen=True)
class Aftermath:
    """A world once it is typed.

    Attributes:
        deals: As typed, copies last.
        edits: Every change of a deal that was ever saved.
        tracked: Those that the CRM kept a history of.
        done: Activities.
    """

    calendar: Workdays
    labels: Labels
    journeys: Journeys
    pipeline: Pipeline
    customers: Customers
    amounts: Amounts
    deals: pd.DataFrame
    edits: pd.DataFrame
    tracked: pd.DataFrame
    done: pd.DataFrame

    def label(self) -> None:
        """Label what came of it."""
        self._note("never-touched-deal", self._untouched())
        self._note("stalled-open-deal", self._slow(), form="slow")
        self._note("won-deal-without-activity", self._unworked())
        self._note("serially-pushed-deal", self._pushed())
        self._note("late-amount-change", self._settled_late())
        accounts, contacts = numbers(self._out_of_reach()), numbers(self._out_of_touch())
        owner = self.customers.accounts["owner"].to_numpy()[accounts]
        self.labels.add("won-account-without-reachable-contact", "accounts", accounts, rep=owner)
        owner = self.customers.contacts["owner"].to_numpy()[contacts]
        self.labels.add("obsolete-contact", "contacts", contacts, rep=owner)

    def _note(self, check_id: str, which: Mask, form: str = "") -> None:
        deals = numbers(which)
        source = self._source[deals]
        self.labels.add(check_id, "deals", deals, rep=self.journeys.rep[source], form=form)

    @property
    def _source(self) -> Ints:
        """The deal that each record stands for: itself, or the one that it repeats."""
        copy_of: Ints = self.deals["copy_of"].to_numpy()
        return np.where(copy_of >= 0, copy_of, np.arange(len(copy_of)))

    def _of_deals(self, values: np.ndarray, copies: float) -> np.ndarray:
        """Return what is known of each journey, and something else for copies."""
        return np.append(values, np.full(len(self.deals) - len(values), copies, values.dtype))

    @property
    def _open(self) -> Mask:
        return (self.deals["stage"] < OPEN_STAGES).to_numpy()

    def _day(self, moment: Floats) -> np.ndarray:
        return self.calendar.day(moment).astype(np.int64)

    def _untouched(self) -> Mask:
        """Open deals of two weeks or more that nobody ever changed or did anything for."""
        created, touched = self.deals["created"].to_numpy(), np.zeros(len(self.deals), dtype=bool)
        deal, at = self.edits["deal"].to_numpy(), self.edits["at"].to_numpy()
        touched[deal[at > created[deal] + _ONE_SAVE]] = True
        touched[self._by_hand["deal"].to_numpy()] = True
        return self._open & (created < self.calendar.back(14)) & ~touched

    @property
    def _by_hand(self) -> pd.DataFrame:
        """What people did for a deal that the CRM knows of."""
        done = self.done
        return done[done["is_closed"] & (done["deal"] >= 0) & (done["source"] != _IMPORTED)]

    def _slow(self) -> Mask:
        """Open deals that have stood in their stage for longer than nine in ten of those that
        went on really stay there: dead, or alive and slow."""
        journeys = self.journeys
        leaving = np.column_stack([journeys.entered[:, 1:], journeys.winning])
        leaving[np.isfinite(journeys.death), -1] = np.inf
        goes_on = np.isfinite(leaving) & np.isfinite(journeys.entered)
        goes_on &= (journeys.kind == NEW)[:, None]
        usual = np.zeros(OPEN_STAGES + 2)
        for stage in range(OPEN_STAGES):
            which = goes_on[:, stage]
            days = self._day(leaving[which, stage]) - self._day(journeys.entered[which, stage])
            usual[stage] = np.quantile(days, 0.9) if len(days) else np.inf
        since = self.deals["created"].to_numpy().copy()
        np.maximum.at(since, self.pipeline.deal, self.pipeline.at)
        stood = self._day(np.array([self.calendar.end])) - self._day(since)
        return self._open & (stood > usual[self.deals["stage"].to_numpy()])

    def _unworked(self) -> Mask:
        """Deals won in a year on which nothing is logged that was done while they lived.

        They lived until they were signed, whatever close date was typed.
        """
        journeys, pipeline = self.journeys, self.pipeline
        sold = journeys.won & (journeys.kind == NEW) & np.isfinite(pipeline.closing)
        sold &= ~pipeline.at_once & ~journeys.from_web & ~journeys.imported
        sold &= pipeline.closing >= self.calendar.back(365)
        deal = self._by_hand["deal"].to_numpy()
        day = self._day(self._by_hand["at"].to_numpy())
        within = (day >= self._day(pipeline.created)[deal]) & (
            day <= self._day(pipeline.signed)[deal]
        )
        worked = np.zeros(len(self.deals), dtype=bool)
        worked[deal[within]] = True
        return self._of_deals(sold, False) & ~worked

    def _pushed(self) -> Mask:
        """Open deals of which the history shows two moves of the close date or more."""
        moved = self.tracked.loc[self.tracked["field"] == CLOSE, "deal"].to_numpy()
        return self._open & (np.bincount(moved, minlength=len(self.deals)) >= 2)

    def _settled_late(self) -> Mask:
        """Deals that had an amount for a week or more, and another one when they were won."""
        created, closing = self._day(self.pipeline.created), self._day(self.pipeline.closing)
        rows = self.tracked[self.tracked["field"] == AMOUNT]
        deal = rows["deal"].to_numpy()
        before = closing[deal] - self._day(rows["at"].to_numpy())
        since = np.maximum(created, self._day(np.array([self.tracked["at"].min()])))
        last_week = np.zeros(len(created), dtype=bool)
        last_week[deal[(before >= 0) & (before < 7) & ((closing - since)[deal] >= 7)]] = True
        year = np.isfinite(self.pipeline.closing) & (
            self.pipeline.closing >= self.calendar.back(365)
        )
        return self._of_deals(self.amounts.late & last_week & year, False)

    def _out_of_reach(self) -> Mask:
        """Accounts that bought in a year, of which the CRM knows nobody to write to or to call."""
        people, deals = self.customers.contacts, self.deals
        known = (
            people[["email", "phone", "mobile"]].notna().any(axis=1) & ~people["deleted"]
        ).to_numpy()
        live = (~deals["deleted"] & (deals["account"] >= 0)).to_numpy()
        lately = (deals["close"] >= self.calendar.back(365)) & (deals["close"] <= self.calendar.end)
        bought, reached = (np.zeros(len(self.customers.accounts), dtype=bool) for _ in range(2))
        account = deals["account"].to_numpy()
        bought[account[live & lately.to_numpy() & (deals["stage"] == WON).to_numpy()]] = True
        theirs = people["account"].to_numpy()
        reached[theirs[known & (theirs >= 0)]] = True
        contact = deals["contact"].to_numpy()
        reached[account[live & (contact >= 0) & known[contact]]] = True
        return bought & ~reached & ~self.customers.accounts["deleted"].to_numpy()

    def _out_of_touch(self) -> Mask:
        """People at customers to whom mail bounces, or with whom nobody talked in two years."""
        people, deals = self.customers.contacts, self.deals
        today = self.calendar.days[-1].astype(object)
        two_years_ago = np.datetime64(today.replace(year=today.year - 2)).astype(np.int64)
        won = (deals["stage"] == WON).to_numpy() & (deals["close"] <= self.calendar.end).to_numpy()
        won &= self._day(deals["close"].fillna(0).to_numpy()) >= two_years_ago
        live = (~deals["deleted"] & (deals["account"] >= 0)).to_numpy() & (self._open | won)
        customer = np.zeros(len(self.customers.accounts) + 1, dtype=bool)
        customer[deals["account"].to_numpy()[live]] = True
        talked = self.done[
            self.done["is_closed"]
            & self.done["kind"].isin([EMAIL, CALL, MEETING])
            & (self.done["contact"] >= 0)
            & (self.done["source"] != _IMPORTED)
        ]
        recent = self._day(talked["at"].to_numpy()) >= two_years_ago
        silent = self._day(people["created"].to_numpy()) < two_years_ago
        silent[talked["contact"].to_numpy()[recent]] = False
        theirs = customer[people["account"].to_numpy()]
        return theirs & (silent | people["bounced"].to_numpy(dtype=bool))
