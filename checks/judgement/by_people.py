"""The rate of a check by person and by team, beside what chance allows around that of all.

Nobody is ranked: the page orders people by their pseudonyms. What is shown is how far a finding
is spread, so that single people are not corrected for what everybody does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from checks.context import Context
from checks.events.relations import relation
from checks.measurement import Measurement
from checks.results import GroupStat
from checks.statistics.funnels import exact_limits
from checks.statistics.shares import wilson

#: People from which on they are compared; and more than a reader can take in one by one.
FEWEST, MOST = 3, 60


@dataclass(frozen=True)
class Staff:
    """Who owns records, and in which team.

    Attributes:
        programs: Users that are programs; what they own is nobody's.
        team_of: Key of the team by user.
        team_names: Name of the team by key.
        team_sizes: Number of active people by key of the team.
    """

    programs: frozenset[str] = frozenset()
    team_of: Mapping[str, str] = field(default_factory=dict)
    team_names: Mapping[str, str] = field(default_factory=dict)
    team_sizes: Mapping[str, int] = field(default_factory=dict)


def read_staff(context: Context) -> Staff:
    """Read programs and teams from the users of the CRM."""
    programs = relation(context, "programs")
    rows = context.snapshot.rows
    of_teams = "from users where team_id is not null"
    return Staff(
        programs=frozenset(key for (key,) in rows(f"select user_id from {programs}")),
        team_of=dict(rows(f"select id, min(team_id) {of_teams} group by id")),
        team_names=dict(rows("select id, min(name) from teams where name is not null group by id")),
        team_sizes=dict(
            rows(
                f"select team_id, count(distinct id) {of_teams} and coalesce(is_active, true) "
                "group by team_id"
            )
        ),
    )


def people_groups(measured: Measurement, staff: Staff) -> tuple[GroupStat, ...]:
    """Return the rates of a check by owner and by team; none where people are not compared.

    Args:
        measured: The check. One that compares people itself, examines people, or is no rate, gets
            no groups from here.
        staff: Who is a person, and in which team.
    """
    if measured.ruling or measured.metric or measured.counts_people:
        return ()
    counts = {
        one.owner_id: (one.n_eligible, one.k_defect)
        for one in measured.owners
        if one.owner_id is not None and one.owner_id not in staff.programs and one.n_eligible
    }
    if len(counts) < FEWEST:
        return ()
    teams: dict[str, tuple[int, int]] = {}
    for owner_id, (n, k) in counts.items():
        team = staff.team_of.get(owner_id)
        if team is not None:
            examined, failed = teams.get(team, (0, 0))
            teams[team] = examined + n, failed + k
    shown = _groups("team", teams, staff.team_names) if len(teams) > 1 else []
    if len(counts) <= MOST:
        shown += _groups("owner", counts, {})
    return tuple(shown)


def _groups(
    dimension: str, counts: Mapping[str, tuple[int, int]], names: Mapping[str, str]
) -> list[GroupStat]:
    """Return each rate with its interval, and the band that chance allows around that of all."""
    keys: Sequence[str] = sorted(counts)
    n = np.array([counts[key][0] for key in keys])
    k = np.array([counts[key][1] for key in keys])
    usual = float(k.sum() / n.sum())
    band = exact_limits(n, n * usual)
    groups = []
    for i, key in enumerate(keys):
        low, high = wilson(int(k[i]), int(n[i]))
        groups.append(
            GroupStat(
                dimension=dimension,
                key=key,
                label=names.get(key) or key,
                n_eligible=int(n[i]),
                k_defect=int(k[i]),
                rate=round(float(k[i] / n[i]), 6),
                expected=round(usual, 6),
                lo=round(float(band.low[i]), 6),
                hi=round(float(band.high[i]), 6),
                ci_lo=round(low, 6),
                ci_hi=round(high, 6),
            )
        )
    return groups
