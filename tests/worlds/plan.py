"""What a world should be like: how large, how careful, and what goes wrong on purpose."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum


class Cause(StrEnum):
    """Why something goes wrong: everybody, one team, one or two people, or one source."""

    SYSTEMIC = "systemic"
    TEAM = "team"
    INDIVIDUAL = "individual"
    TECHNICAL = "technical"


@dataclass(frozen=True)
class Planted:
    """One habit that goes wrong on purpose.

    Attributes:
        habit: Name in ``habits.HABITS``: the id of the check that should see it.
        rate: Share of the records concerned, of those whom the cause reaches; for forecasts the
            excess over what comes true (0.6: forecasts are 1.6 times the outcome).
        cause: Whom it reaches.
        reps: Share of the reps who have a habit of people (bursts, dialects, deserts...).
        concentration: How alike reps are under a systemic cause: their rates, which together make
            ``rate``, stand to each other as draws from
            ``Beta(rate * concentration, (1 - rate) * concentration)``.
    """

    habit: str
    rate: float = 0.30
    cause: Cause = Cause.SYSTEMIC
    reps: float = 0.5
    concentration: float = 8.0


@dataclass(frozen=True)
class Ritual:
    """The weekly review of the pipeline, in the CRM.

    Attributes:
        weekday: 0 is Monday.
        hour: When it begins, on the clock of the office.
        regularity: Share of the weeks in which it is held.
        coverage: Share of the open deals that are touched in it.
        by_manager: Share of those edits that the manager types.
        weeks: For how many weeks back it has left traces.
    """

    weekday: int = 0
    hour: float = 9.0
    regularity: float = 0.95
    coverage: float = 0.80
    by_manager: float = 0.35
    weeks: int = 130


@dataclass(frozen=True)
class Plan:
    """One world.

    Attributes:
        reps: Sellers who have been there for long; leavers and new hires come on top.
        deals: About how many deals the CRM holds.
        months: Months since the CRM went live.
        carelessness: Range, as a share of what is tolerable, of the rates of every habit that
            is not planted; each habit draws its own.
        likeness: How alike the reps of a world are where nothing is planted, see
            ``Planted.concentration``.
        ritual: The weekly review; None where nobody reviews anything in the CRM.
        tracked_months: Months since field history was switched on; None since the beginning.
        activity: Activities per deal and week.
        touches: Edits of next steps per deal and week, outside reviews.
        time_zones: Whether one team works five hours behind the others.
        extras: Whether optional columns of the company's own are there.
    """

    seed: int = 1
    reps: int = 20
    deals: int = 2_000
    months: int = 24
    team_size: int = 4
    language: str = "fr"
    as_of: date = date(2026, 10, 30)
    planted: tuple[Planted, ...] = ()
    carelessness: tuple[float, float] = (0.2, 0.8)
    likeness: float = 60.0
    ritual: Ritual | None = field(default_factory=Ritual)
    tracked_months: int | None = 20
    activity: float = 1.2
    touches: float = 0.6
    time_zones: bool = True
    extras: bool = True

    def planting(self, *planted: Planted | str) -> Plan:
        """Return the same world, but for these habits."""
        new = tuple(Planted(each) if isinstance(each, str) else each for each in planted)
        ritual = self.ritual
        if any(each.habit == "missing-review-ritual" for each in new):
            ritual = None
        return replace(self, planted=self.planted + new, ritual=ritual)

    def plants(self, habit: str) -> Planted | None:
        """Return how a habit is planted, or None."""
        return next((each for each in self.planted if each.habit == habit), None)


def healthy(seed: int = 1, **changes: object) -> Plan:
    """Return the plan of a CRM that is well kept, with everything that only looks like failure."""
    return replace(Plan(seed=seed), **changes)  # type: ignore[arg-type]


def borderline(seed: int = 1, **changes: object) -> Plan:
    """Return the plan of a CRM whose habits are all just tolerable."""
    return replace(Plan(seed=seed, carelessness=(0.6, 1.0)), **changes)  # type: ignore[arg-type]
