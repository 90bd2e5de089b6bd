"""Habits: how often something goes wrong, by person, and on which records it does.

Every habit draws from a stream of its own, so planting one leaves the rest of a world as it is.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt

from tests.worlds.plan import Cause, Plan, Planted

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: Share of the records concerned that a well-led team would still put up with.
TOLERABLE: dict[str, float] = {
    # Records incomplete or obsolete.
    "open-deal-past-close-date": 0.025,
    "open-deal-without-amount": 0.05,
    "open-deal-without-close-date": 0.02,
    "open-deal-without-next-step": 0.15,
    "zombie-deal": 0.03,
    "never-touched-deal": 0.03,
    "deal-without-account": 0.02,
    "deal-without-owner": 0.01,
    "deal-owned-by-inactive-user": 0.04,
    "closed-deal-with-future-close-date": 0.01,
    "close-date-before-creation": 0.01,
    "won-deal-without-amount": 0.03,
    "lost-deal-without-reason": 0.10,
    "contact-without-account": 0.10,
    "contact-without-email-or-phone": 0.05,
    "account-with-missing-required-field": 0.08,
    "invalid-email": 0.03,
    "invalid-phone": 0.05,
    "invalid-company-id": 0.02,
    "junk-in-deals": 0.02,
    "junk-in-contacts": 0.02,
    "junk-in-accounts": 0.02,
    "junk-in-leads": 0.02,
    "value-variant": 0.03,
    "duplicate-account": 0.02,
    "duplicate-contact": 0.02,
    "duplicate-lead": 0.02,
    "duplicate-deal": 0.02,
    "obsolete-contact": 0.12,
    "lead-without-owner": 0.03,
    "lead-untouched": 0.20,
    "activity-without-parent": 0.03,
    "late-logged-activity": 0.20,
    "deal-born-late": 0.08,
    # Everyone uses it their own way.
    "skipped-stage": 0.08,
    "backward-stage-move": 0.10,
    # Teams work around it.
    "won-deal-without-activity": 0.10,
    "deal-created-and-won-same-day": 0.03,
    "stages-typed-at-closing": 0.08,
    "won-account-without-reachable-contact": 0.08,
    "pointer-outside-crm": 0.02,
    "spreadsheet-attachment": 0.05,
    # Nobody decides from it.
    "user-without-login": 0.05,
    "unread-report": 0.50,
    "manual-forecast-override": 0.30,
    "serially-pushed-deal": 0.10,
    "late-amount-change": 0.15,
    "overdue-task": 0.20,
}

#: Habits that a person has or has not.
OF_PEOPLE = (
    "field-completion-spread",
    "private-field",
    "stage-dialect",
    "picklist-dump",
    "amount-convention-spread",
    "probability-override-spread",
    "definition-spread",
    "burst-updates",
    "activity-desert",
    "proxy-typing",
    "absent-manager",
)

#: Habits of the whole organisation.
OF_ALL = (
    "recurring-import",
    "forecast-bias",
    "forecast-error",
    "forecast-without-skill",
    "forecast-miscalibrated",
    "missing-review-ritual",
)

HABITS = frozenset((*TOLERABLE, *OF_PEOPLE, *OF_ALL))


@dataclass
class Habits:
    """The habits of a world's people.

    Attributes:
        seller: Per user, whether he or she sells; only sellers are reached by habits of people.
        team: Team of each user, -1 for none.
    """

    plan: Plan
    seller: Mask
    team: Ints

    def __post_init__(self) -> None:
        unknown = {each.habit for each in self.plan.planted} - HABITS
        if unknown:
            raise ValueError(f"no such habit: {', '.join(sorted(unknown))}")

    def rng(self, name: str) -> np.random.Generator:
        """Return the stream of random numbers of that name."""
        return np.random.default_rng([self.plan.seed, zlib.crc32(name.encode())])

    def base(self, name: str) -> float:
        """Return the rate of a habit where nothing is planted."""
        return float(self.rng(f"{name}/base").uniform(*self.plan.carelessness)) * TOLERABLE[name]

    def rates(self, name: str) -> Floats:
        """Return the rate of a habit by user."""
        rng = self.rng(f"{name}/rates")
        rates = _alike(rng, self.base(name), self.plan.likeness, len(self.team))
        planted = self.plan.plants(name)
        if planted is None or planted.cause is Cause.TECHNICAL:
            return rates
        reached = self.reached(name, planted)
        rates[reached] = _alike(rng, planted.rate, planted.concentration, int(reached.sum()))
        return rates

    def reached(self, name: str, planted: Planted) -> Mask:
        """Return which users the cause of a planted habit reaches."""
        if planted.cause in (Cause.SYSTEMIC, Cause.TECHNICAL):
            return np.ones(len(self.team), dtype=bool)
        if planted.cause is Cause.TEAM:
            return self.team == self.rng(f"{name}/team").choice(np.unique(self.team[self.seller]))
        sellers = np.flatnonzero(self.seller)
        one = np.zeros(len(self.team), dtype=bool)
        one[self.rng(f"{name}/person").choice(sellers, 1)] = True
        return one

    def strikes(
        self,
        name: str,
        user: Ints,
        *,
        among: Mask | None = None,
        of: Mask | None = None,
        from_source: Mask | None = None,
        times: float = 1.0,
    ) -> Mask:
        """Return on which records a habit strikes.

        An ordinary habit strikes by chance. A planted one strikes the share that it was told,
        more often those of the people who have more of it.

        Args:
            name: The habit.
            user: Who is behind each record; -1 for nobody.
            among: Records that it can strike; all of them, if not given.
            of: Records that a planted rate is about, where these are others: those that count,
                whether or not it can strike them.
            from_source: Records that came in by the source that a technical cause is about.
            times: Factor on ordinary rates, where few of the records can be struck.
        """
        possible = np.ones(len(user), dtype=bool) if among is None else among
        chance = np.append(self.rates(name), self.base(name))[user]
        lots = self.rng(f"{name}/strikes").random(len(user))
        struck: Mask = possible & (lots < chance * times)
        planted = self.plan.plants(name)
        if planted is None:
            return struck
        if planted.cause is not Cause.TECHNICAL:
            reached = np.append(self.reached(name, planted), False)[user]
        elif from_source is not None:
            reached, chance = from_source, np.ones(len(user))
        else:
            return struck
        counted = reached & (possible if of is None else of)
        told = first_ones(lots / chance, reached & possible, counted, planted.rate)
        return np.where(reached, told, struck)

    def have(self, name: str) -> Mask:
        """Return which users have a habit of people."""
        planted = self.plan.plants(name)
        has = np.zeros(len(self.team), dtype=bool)
        if planted is None:
            return has
        if planted.cause in (Cause.TEAM, Cause.INDIVIDUAL):
            return self.reached(name, planted) & self.seller
        sellers = self.rng(f"{name}/people").permutation(np.flatnonzero(self.seller))
        has[sellers[: at_least(planted.reps, len(sellers))]] = True
        return has

    def excess(self, *names: str) -> float:
        """Return the greatest planted rate of habits of the organisation, 0 without."""
        planted = [self.plan.plants(name) for name in names]
        return max((each.rate for each in planted if each), default=0.0)


def _alike(rng: np.random.Generator, rate: float, concentration: float, people: int) -> Floats:
    if rate <= 0:
        return np.zeros(people)
    rate = min(rate, 0.98)
    return rng.beta(rate * concentration, (1 - rate) * concentration, people)


def at_least(share: float, count: int) -> int:
    """Return how many of so many are a share of them, or a little more."""
    return ceil(share * count - 1e-9)


def first_ones(turn: Floats, among: Mask, of: Mask, share: float) -> Mask:
    """Mark the records whose turn comes first, until those that count are a share of ``of``."""
    turns = np.sort(turn[among & of])
    wanted = min(at_least(share, int(of.sum())), len(turns))
    return among & (turn <= turns[wanted - 1]) if wanted else np.zeros(len(turn), dtype=bool)


def first_of_each(rng: np.random.Generator, group: Ints, wanted: Ints) -> Mask:
    """Mark up to ``wanted[g]`` random members of each group ``g``."""
    order = np.lexsort((rng.random(len(group)), group))
    ranked = group[order]
    starts = np.searchsorted(ranked, ranked, side="left")
    chosen = np.arange(len(group)) - starts < wanted[ranked]
    marked = np.zeros(len(group), dtype=bool)
    marked[order[chosen]] = True
    return marked
