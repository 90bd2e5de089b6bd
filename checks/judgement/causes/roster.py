"""Who counts as a person, and in which team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checks.context import Context
from checks.events.relations import relation
from checks.judgement.causes.finding import NO_TEAM, Finding, finding_of_people
from checks.measurement import Measurement, OwnerCount


@dataclass(frozen=True)
class Roster:
    """The users of the CRM.

    Attributes:
        programs: Users that are programs; what they own is nobody's.
        teams: Number of the team by user; users without a team are left out.
    """

    programs: frozenset[str]
    teams: Mapping[str, int]

    def is_person(self, owner_id: str | None) -> bool:
        """Return whether an owner is a person who is known."""
        return owner_id is not None and owner_id not in self.programs

    def team(self, owner_id: str | None) -> int:
        """Return the number of an owner's team, or ``NO_TEAM``."""
        return self.teams.get(owner_id or "", NO_TEAM)

    def people(self, measured: Measurement) -> list[OwnerCount]:
        """Return the counts of people, in the order of the counts: names change nothing."""
        known = [one for one in measured.owners if self.is_person(one.owner_id) and one.n_eligible]
        return sorted(
            known, key=lambda one: (one.n_eligible, one.k_defect, self.team(one.owner_id))
        )

    def finding(self, tolerated: float, measured: Measurement) -> Finding:
        """Return the counts of people alone, as a check itself made them."""
        people = self.people(measured)
        return finding_of_people(
            tolerated,
            [one.n_eligible for one in people],
            [one.k_defect for one in people],
            [self.team(one.owner_id) for one in people],
        )


def read_roster(context: Context) -> Roster:
    """Read programs and teams; where no user has a team, people of one manager are one."""
    programs = relation(context, "programs")
    rows = context.snapshot.rows(
        f"select id, id in (select user_id from {programs}), team_id, manager_id from users "
        "where id is not null order by id"
    )
    column = 2 if any(row[2] is not None for row in rows) else 3
    names = sorted({row[column] for row in rows if row[column] is not None})
    numbers = {name: number for number, name in enumerate(names)}
    return Roster(
        programs=frozenset(row[0] for row in rows if row[1]),
        teams={row[0]: numbers[row[column]] for row in rows if row[column] is not None},
    )
