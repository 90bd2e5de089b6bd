"""Triage of checks that compare people: between whom do the differences lie?

Where everybody has a way of their own there is no rate to exceed. So it is asked whether the
others are alike once few people, or once the differences between teams, are taken out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from checks.cause_results import CauseClass
from checks.judgement.causes.finding import NO_TEAM
from checks.judgement.causes.part import Part
from checks.judgement.causes.triage import FEWEST_PEOPLE, Triage
from checks.results import GroupStat

if TYPE_CHECKING:
    from checks.judgement.causes.finding import Counts, Flags, Weights

#: Share of what is tolerated up to which the differences that are left are none.
_ALIKE = 0.5


@dataclass(frozen=True)
class Compared:
    """People who are compared on like work.

    Attributes:
        tolerated: Standard deviation between people that is still normal, as a share.
        records: Records of each.
        counts: Those on which it is so.
        expected: Those to be expected of the work that each does.
        apart: Whether each lies outside the band that chance allows.
        teams: Number of each person's team, or ``NO_TEAM``.
    """

    tolerated: float
    records: Counts
    counts: Counts
    expected: Weights
    apart: Flags
    teams: Counts

    @property
    def people(self) -> int:
        """People compared."""
        return len(self.records)

    def redrawn(self, rng: np.random.Generator, draws: int) -> list[Compared]:
        """Draw everybody's records anew with replacement."""
        shares = self.counts / np.maximum(self.records, 1)
        drawn = rng.binomial(self.records, shares, size=(draws, self.people))
        return [replace(self, counts=one) for one in drawn]


def compared(groups: Sequence[GroupStat], teams: Sequence[int], tolerated: float) -> Compared:
    """Return people from the groups that a check shows of them.

    Args:
        groups: One a person, with what was expected and the band around it.
        teams: Number of each person's team.
        tolerated: Standard deviation between people that is still normal.
    """
    by_counts = sorted(
        (
            group.n_eligible,
            group.k_defect,
            float(group.expected or 0.0),
            not (group.lo or 0.0) <= (group.rate or 0.0) <= (1.0 if group.hi is None else group.hi),
            team,
        )
        for group, team in zip(groups, teams, strict=True)
    )
    records, counts, expected, apart, numbers = (
        np.array([one[column] for one in by_counts]) for column in range(5)
    )
    return Compared(
        tolerated=tolerated,
        records=records.astype(np.int64),
        counts=counts.astype(np.int64),
        expected=expected.astype(np.float64) * records,
        apart=apart.astype(np.bool_),
        teams=numbers.astype(np.int64),
    )


def triage_differences(people: Compared) -> Triage:
    """Return whether single people, teams, or all differ from what like work makes expected."""
    if people.people < FEWEST_PEOPLE:
        return Triage("undetermined")
    distance = np.abs(people.counts - people.expected)
    worst = _exceptions(people, distance)
    if worst is not None:
        return _of("individual", distance, worst)
    if _alike_within_teams(people):
        return _of("team", distance, people.apart)
    return _of("systemic", distance, people.apart)


def _of(kind: CauseClass, distance: Weights, concerned: Flags) -> Triage:
    excess = float(distance[concerned].sum() if kind == "individual" else distance.sum())
    who = tuple(int(person) for person in np.flatnonzero(concerned))
    return Triage(kind, (Part(kind, excess, excess, who),))


def _exceptions(people: Compared, distance: Weights) -> Flags | None:
    """Return the fewest people, at most a quarter, without whom the others are alike."""
    order = np.argsort(-distance, kind="stable")
    for number in range(1, max(1, people.people // 4) + 1):
        rest = np.ones(people.people, dtype=np.bool_)
        rest[order[:number]] = False
        everybody = np.zeros(people.people, dtype=np.int64)
        if _spread(people, rest, everybody) < people.tolerated * _ALIKE:
            return ~rest
    return None


def _alike_within_teams(people: Compared) -> bool:
    names, sizes = np.unique(people.teams[people.teams != NO_TEAM], return_counts=True)
    known = np.isin(people.teams, names[sizes >= 2])
    if len(names[sizes >= 2]) < 2 or known.sum() < people.people * 3 / 4:
        return False
    return _spread(people, known, people.teams) < people.tolerated * _ALIKE


def _spread(people: Compared, chosen: Flags, groups: Counts) -> float:
    """Return the standard deviation between some people, beyond chance, within groups.

    What is expected of each is first fitted to the level of the group (moments, as in the
    additive model of over-dispersion of Spiegelhalter, 2005).
    """
    expected = np.zeros(people.people)
    for group in np.unique(groups[chosen]):
        inside = chosen & (groups == group)
        level = people.counts[inside].sum() / max(people.expected[inside].sum(), 1e-9)
        expected[inside] = people.expected[inside] * level
    n, k, e = people.records[chosen], people.counts[chosen], expected[chosen]
    chance = e * (1 - np.minimum(e / np.maximum(n, 1), 1))
    beyond = float(((k - e) ** 2 - chance).sum())
    return float(np.sqrt(max(0.0, beyond) / max(float((n.astype(float) ** 2).sum()), 1.0)))
