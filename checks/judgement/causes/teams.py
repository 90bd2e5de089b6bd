"""How much teams differ in a rate, given what their records are. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from checks.judgement.causes.finding import NO_TEAM

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from checks.judgement.causes.finding import Counts

#: Probability, by chance alone, of differences that are called real.
_BY_CHANCE = 0.05
_FEWEST_RECORDS = 10


def between_teams(
    records: NDArray[np.float64], defects: NDArray[np.float64], teams: Counts, *, tried: int = 1
) -> float | None:
    """Return the standard deviation between teams, in points of the rate.

    The rate of every person is first freed from the mix of their records (indirect
    standardisation: defects over those expected at the rates of each stratum). An analysis of
    variance with people as units then tells teams from people: a team of two sloppy people
    differs by chance.

    Args:
        records: Strata x people.
        defects: Strata x people.
        teams: Number of each person's team, or ``NO_TEAM``.
        tried: Findings that are looked at together; one of many differs by chance.

    Returns:
        0 where differences are no more than chance; None with fewer than two teams of two people
        who own ten records each.
    """
    from scipy.special import fdtrc

    examined = records.sum(axis=0)
    known = (examined >= _FEWEST_RECORDS) & (teams != NO_TEAM)
    names, sizes = np.unique(teams[known], return_counts=True)
    known &= np.isin(teams, names[sizes >= 2])
    names = np.unique(teams[known])
    if len(names) < 2 or defects.sum() == 0:
        return None
    usual = defects.sum(axis=1) / np.maximum(records.sum(axis=1), 1)
    expected = usual @ records
    overall = defects.sum() / records.sum()
    rates = (overall * defects.sum(axis=0) / np.maximum(expected, 1e-9))[known]
    groups = [rates[teams[known] == team] for team in names]
    people, mean = len(rates), rates.mean()
    between = sum(len(g) * (g.mean() - mean) ** 2 for g in groups) / (len(groups) - 1)
    within = sum(((g - g.mean()) ** 2).sum() for g in groups) / (people - len(groups))
    chance = float(fdtrc(len(groups) - 1, people - len(groups), between / max(within, 1e-12)))
    if chance > _BY_CHANCE / max(tried, 1):
        return 0.0
    typical = (people - sum(len(g) ** 2 for g in groups) / people) / (len(groups) - 1)
    return float(np.sqrt(max(between - within, 0.0) / typical))
