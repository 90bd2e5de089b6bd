"""Who works there: sellers in teams, their managers, a director, an assistant and a program."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np

from tests.worlds.habits import Floats, Ints, Mask
from tests.worlds.plan import Plan
from tests.worlds.workdays import Workdays


@dataclass(frozen=True)
class People:
    """Everyone with an account in the CRM; positions are the numbers of users.

    Attributes:
        job: ``rep``, ``manager``, ``director``, ``assistant`` or ``program``.
        team: Team of reps and managers, -1 for others.
        manager: Number of the manager, -1 for none.
        hired: Work time of the first day; 0 for who was there before the CRM.
        left: Work time of the last day; infinite for who is still there.
        seller: Reps of long standing who are still there: those whom plans count.
        weight: Share of a full-time rep's deals.
        pace: Factor on the time that deals take.
        size: Factor on the size of deals (territories differ).
        hours: Hours that the clock of the rep's office is away from the organisation's.
    """

    name: list[str]
    job: list[str]
    team: Ints
    manager: Ints
    hired: Floats
    left: Floats
    seller: Mask
    weight: Floats
    pace: Floats
    size: Floats
    hours: Floats

    def only(self, job: str) -> Ints:
        """Return the numbers of everybody with a job."""
        return np.array([number for number, each in enumerate(self.job) if each == job])

    @property
    def reps(self) -> Ints:
        """Everyone who sells or sold."""
        return self.only("rep")

    @property
    def assistant(self) -> int:
        """The assistant of all sellers."""
        return int(self.only("assistant")[0])

    @property
    def program(self) -> int:
        """The program that imports and syncs."""
        return int(self.only("program")[0])


def hire(plan: Plan, words: ModuleType, calendar: Workdays) -> People:
    """Return the people of a world: the plan's reps, with leavers and a new hire on top."""
    rng = np.random.default_rng([plan.seed, 101])
    teams = max(1, round(plan.reps / plan.team_size))
    leavers = 0 if plan.reps < 5 else max(1, plan.reps // 10)
    newcomers = 1 if plan.reps >= 8 else 0
    jobs = ["rep"] * (plan.reps + leavers + newcomers) + ["manager"] * teams
    jobs += ["director", "assistant", "program"]
    everyone = len(jobs)
    selling = plan.reps + leavers + newcomers
    team = np.full(everyone, -1)
    team[:selling] = np.arange(selling) % teams
    team[selling : selling + teams] = np.arange(teams)
    manager = np.full(everyone, -1)
    manager[:selling] = selling + team[:selling]
    manager[selling : selling + teams] = selling + teams
    end = calendar.end
    hired, left = np.zeros(everyone), np.full(everyone, np.inf)
    gone = slice(plan.reps, plan.reps + leavers)
    left[gone] = end * rng.uniform(0.5, 0.85, leavers)
    hired[plan.reps + leavers : selling] = end - rng.uniform(15, 35, newcomers)
    weight = np.where(rng.random(everyone) < 0.12, 0.6, 1.0)
    seller = np.zeros(everyone, dtype=bool)
    seller[: plan.reps] = True
    hours = np.zeros(everyone)
    if plan.time_zones and teams > 2:
        hours[team == teams - 1] = 5.0
    return People(
        name=[*_names(rng, words, everyone - 1), words.PROGRAM],
        job=jobs,
        team=team,
        manager=manager,
        hired=hired,
        left=left,
        seller=seller,
        weight=weight,
        pace=rng.lognormal(0, 0.12, everyone),
        size=rng.lognormal(0, 0.25, teams)[team],
        hours=hours,
    )


def _names(rng: np.random.Generator, words: ModuleType, people: int) -> list[str]:
    first = rng.permutation(np.resize(words.FIRST_NAMES, people))
    last = rng.permutation(np.resize(rng.permutation(words.LAST_NAMES), people))
    return [f"{one} {other}" for one, other in zip(first, last, strict=True)]
