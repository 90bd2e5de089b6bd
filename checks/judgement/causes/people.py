"""Triage of checks that examine people, not records: who is hit, not how often.

"Two of eight reps enter everything on one evening" has no rate of records behind it, so the rules
of ``triage`` are read on who is hit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from checks.cause_results import CauseClass
from checks.judgement.causes.finding import NO_TEAM
from checks.judgement.causes.owners import (
    MANY,
    OF_ALL,
    OF_BAD_TEAM,
    OF_OTHER_TEAMS,
    beyond_chance,
)
from checks.judgement.causes.part import Part
from checks.judgement.causes.triage import FEWEST_PEOPLE, Triage

if TYPE_CHECKING:
    from checks.judgement.causes.finding import Counts, Flags

#: How often a check of people is wrong about one of them.
MISTAKEN = 0.05


def triage_people(hit: Flags, teams: Counts) -> Triage:
    """Return where the people hit are: in some teams, few of all, or a third of all and more.

    Args:
        hit: Whether each person is hit.
        teams: Number of each person's team, or ``NO_TEAM``.
    """
    if len(hit) < FEWEST_PEOPLE:
        return Triage("undetermined")
    people = np.flatnonzero(hit)
    if not len(people):
        return Triage("none")
    worst = _worst_teams(hit, teams)
    if worst:
        inside = np.isin(teams, worst)
        parts = [replace(_part("team", np.flatnonzero(hit & inside)), teams=worst)]
        others = np.flatnonzero(hit & ~inside)
        parts += [_part("individual", others)] if len(others) else []
        return Triage("team", tuple(parts))
    kind: CauseClass = "mixed"
    if len(people) <= max(1, len(hit) // 4):
        kind = "individual"
    elif len(people) >= max(MANY, OF_ALL * len(hit)):
        kind = "systemic"
    return Triage(kind, (_part(kind, people),))


def redrawn_people(
    hit: Flags, teams: Counts, rng: np.random.Generator, draws: int
) -> tuple[Triage, ...]:
    """Return the triages of the same people, each of whom may have been taken for another kind.

    A company's people are all there and are no sample of it. What may be wrong is whether one of
    them is hit.
    """
    mistaken = rng.random((draws, len(hit))) < MISTAKEN
    return tuple(triage_people(one, teams) for one in hit ^ mistaken)


def _worst_teams(hit: Flags, teams: Counts) -> tuple[int, ...]:
    names, sizes = np.unique(teams[teams != NO_TEAM], return_counts=True)
    shares = {int(team): float(hit[teams == team].mean()) for team in names[sizes >= 2]}
    worst = tuple(team for team, share in shares.items() if share >= OF_BAD_TEAM)
    others = [share for share in shares.values() if share < OF_BAD_TEAM]
    inside = np.isin(teams, worst)
    if not worst or not others or max(others) > OF_OTHER_TEAMS or hit[inside].sum() < 2:
        return ()
    return worst if beyond_chance(hit, inside, ~inside) else ()


def _part(kind: CauseClass, people: Counts) -> Part:
    number = float(len(people))
    return Part(kind, number, number, tuple(int(one) for one in people))
