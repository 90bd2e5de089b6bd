"""Causes that lie with people: some teams, few of all, or most of them."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

import numpy as np

from checks.cause_results import CauseClass
from checks.judgement.causes.finding import NO_TEAM, Finding
from checks.judgement.causes.part import Hit, part_of
from checks.judgement.stats import (
    OwnerSums,
    Posterior,
    independent_posterior,
    intraclass_correlation,
)

if TYPE_CHECKING:
    from checks.judgement.causes.finding import Counts, Flags, Weights

#: P(rate above tolerance) of a person who is called bad; P(rate within tolerance) of a rest that
#: is called healthy.
_BAD_PERSON = 0.80
_HEALTHY_REST = 0.80
#: Share of the people who are bad: of a bad team, and of any other team.
OF_BAD_TEAM = 0.60
OF_OTHER_TEAMS = 0.34
#: Probability, by chance alone, of as many bad people in a team, at most.
_TEAM_BY_CHANCE = 0.17
#: Share of the people from which a finding is systemic.
SYSTEMIC_FROM = 0.50
#: From so many people, and this share of all, a habit is no exception: what sets people apart
#: from their colleagues can hardly be seen in more than half of them.
MANY, OF_ALL = 3, 1 / 3
#: Share of a person's records from which failing is a habit.
_MOST_RECORDS = 0.50
#: Limits of the correlation behind the empirical Bayes prior.
_LEAST_LIKE, _MOST_LIKE = 0.005, 0.9


def of_people_alone(finding: Finding, exceptions: int, bad: Flags | None = None) -> Hit | None:
    """Find a cause in who owns the records; ``mixed`` where people exceed and no rule says why.

    Args:
        finding: What is left to explain.
        exceptions: How many people may still be exceptions.
        bad: Who exceeds what is tolerated, where that was found out before.
    """
    if bad is None:
        bad = bad_people(finding.records_of, finding.defects_of, finding.tolerated)
    if not bad.any():
        return None
    return (
        _team(finding, bad)
        or _habit_of_many(finding, bad)
        or _individual(finding, exceptions)
        or _systemic(finding, bad)
        or _of_people("mixed", finding, bad)
    )


def _team(finding: Finding, bad: Flags) -> Hit | None:
    """Find teams most of whose people exceed what is tolerated, while few others do."""
    active, has_team = finding.records_of > 0, finding.teams != NO_TEAM
    placed = active & has_team
    if bad.sum() < 2 or not placed.any():
        return None
    numbers, everybody = finding.teams[placed], int(finding.teams.max()) + 1
    sizes = np.bincount(numbers, minlength=everybody)
    shares = np.bincount(numbers, bad[placed], everybody) / np.maximum(sizes, 1)
    teams = sizes >= 2
    worst, others = teams & (shares >= OF_BAD_TEAM), teams & (shares < OF_BAD_TEAM)
    if not worst.any() or not others.any() or shares[others].max() > OF_OTHER_TEAMS:
        return None
    of_worst = has_team & worst[finding.teams]
    alone = active & ~(has_team & teams[finding.teams])
    if alone.any() and bad[alone].mean() > OF_OTHER_TEAMS:
        return None
    if not beyond_chance(bad, of_worst & active, active & ~of_worst):
        return None
    cells = of_worst[:, None]
    people = np.flatnonzero(of_worst & bad)
    teams_hit = tuple(int(team) for team in np.flatnonzero(worst))
    return part_of("team", finding.kept(cells), people, finding.tolerated, teams=teams_hit), cells


def beyond_chance(bad: Flags, team: Flags, others: Flags) -> bool:
    """Return whether so many bad people in these teams are more than chance would put there.

    Fisher's exact test, one-sided: people drawn by lot often make one team the worse one.
    """
    inside, all_bad = int(team.sum()), int((bad & (team | others)).sum())
    everybody = inside + int(others.sum())
    seen = int((bad & team).sum())
    ways = (
        comb(all_bad, hit) * comb(everybody - all_bad, inside - hit)
        for hit in range(seen, min(inside, all_bad) + 1)
    )
    return sum(ways) <= _TEAM_BY_CHANCE * comb(everybody, inside)


def _habit_of_many(finding: Finding, bad: Flags) -> Hit | None:
    """Find out whether a third of the people fail in most of their records.

    Where people do something always or never, a rate of all records says little: without two of
    the four in ten who do, it may be tolerable, and the other two are no better for it.
    """
    records, defects, active = finding.records_of, finding.defects_of, finding.records_of > 0
    fewest = max(MANY, OF_ALL * active.sum())
    if (defects > _MOST_RECORDS * records).sum() < fewest:
        return None
    if bad_people(records, defects, _MOST_RECORDS).sum() < fewest:
        return None
    return _of_people("systemic", finding, active, bad)


def _individual(finding: Finding, most: int) -> Hit | None:
    """Find the fewest people, at most so many, without whom the rest is within tolerance."""
    records, defects = finding.records_of, finding.defects_of
    excess = defects - finding.tolerated * records
    order = np.argsort(-excess, kind="stable")
    n = records.sum() - np.cumsum(records[order[:most]])
    k = defects.sum() - np.cumsum(defects[order[:most]])
    rest = independent_posterior(k, n)
    healthy = rest.is_within(finding.tolerated, _HEALTHY_REST) & (n > 0)
    if not healthy.any():  # nor where nobody may be an exception any more
        return None
    worst = np.zeros(len(records), dtype=np.bool_)
    worst[order[: int(np.argmax(healthy)) + 1]] = True
    return _of_people("individual", finding, worst)


def _systemic(finding: Finding, bad: Flags) -> Hit | None:
    """Find out whether at least half of the people exceed what is tolerated."""
    active = finding.records_of > 0
    if bad[active].mean() < SYSTEMIC_FROM:
        return None
    return _of_people("systemic", finding, active, bad)


def _of_people(
    kind: CauseClass, finding: Finding, taken: Flags, counted: Flags | None = None
) -> Hit:
    cells = taken[:, None]
    people = np.flatnonzero(taken if counted is None else taken & counted)
    return part_of(kind, finding.kept(cells), people, finding.tolerated), cells


def bad_people(records: Counts, defects: Counts, tolerated: float) -> Flags:
    """Return who exceeds what is tolerated, P ≥ 0.80, each shrunk towards the rate of all.

    Args:
        records: Records of each person; people come last, draws of the same people before.
        defects: Defects of each person, in the same shape.
        tolerated: Rate that is still normal.
    """
    total = np.maximum(records.sum(axis=-1, keepdims=True), 1)
    correlation = np.clip(_likeness(records, defects), _LEAST_LIKE, _MOST_LIKE)[..., None]
    prior = 1 / correlation - 1
    rate = defects.sum(axis=-1, keepdims=True) / total
    alpha = prior * rate + defects + 1e-9
    beta = prior * (1 - rate) + records - defects + 1e-9
    return np.asarray(Posterior(alpha, beta).is_above(tolerated, _BAD_PERSON) & (records > 0))


def _likeness(records: Counts, defects: Counts) -> Weights:
    """Return how much records of one person resemble each other."""
    n, k = records.astype(np.float64), defects.astype(np.float64)
    sums = OwnerSums(
        records=n.sum(axis=-1),
        defects=k.sum(axis=-1),
        owners=(n > 0).sum(axis=-1).astype(np.float64),
        owned=n.sum(axis=-1),
        owned_defects=k.sum(axis=-1),
        squares=(n**2).sum(axis=-1),
        concentration=(k**2 / np.maximum(n, 1)).sum(axis=-1),
    )
    return intraclass_correlation(sums)
