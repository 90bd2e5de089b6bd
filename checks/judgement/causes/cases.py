"""Findings whose cause can be asked for: a rate of records, people hit, people who differ."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from checks.cause_results import About
from checks.judgement.causes.differences import Compared, triage_differences
from checks.judgement.causes.finding import Finding, Level
from checks.judgement.causes.people import redrawn_people, triage_people
from checks.judgement.causes.triage import Triage, triage, triage_all

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from checks.judgement.causes.finding import Counts, Flags

#: Share of the excess that the fewest people are counted for.
_MOST_OF_IT = 0.8


class Case(ABC):
    """One finding, ready to be asked for its cause."""

    about: ClassVar[About]

    @property
    @abstractmethod
    def people(self) -> int:
        """People behind it."""

    @property
    @abstractmethod
    def examined(self) -> int:
        """Records, or people, that were examined."""

    @property
    def levels(self) -> tuple[Level, ...]:
        """Origins of records that its parts may name."""
        return ()

    @property
    @abstractmethod
    def holding_most(self) -> int:
        """Fewest people who hold 80 % of the excess together."""

    @abstractmethod
    def triage(self) -> Triage:
        """Return its cause."""

    @abstractmethod
    def redrawn(self, rng: np.random.Generator, draws: int) -> tuple[Triage, ...]:
        """Return the causes of bootstrap draws."""


@dataclass(frozen=True)
class RateCase(Case):
    """A rate of records, by person and origin."""

    finding: Finding
    about = "records"

    @property
    def people(self) -> int:
        """People who own such records."""
        return self.finding.people

    @property
    def examined(self) -> int:
        """Records examined."""
        return int(self.finding.records.sum())

    @property
    def levels(self) -> tuple[Level, ...]:
        """Origins of records that its parts may name."""
        return self.finding.levels

    @property
    def holding_most(self) -> int:
        """Fewest people who hold 80 % of the defects beyond what is tolerated."""
        tolerated = self.finding.tolerated * self.finding.records_of
        return _holding_most(np.maximum(0.0, self.finding.defects_of - tolerated))

    def triage(self) -> Triage:
        """Return its cause."""
        return triage(self.finding)

    def redrawn(self, rng: np.random.Generator, draws: int) -> tuple[Triage, ...]:
        """Draw everybody's records anew."""
        return triage_all(self.finding.redrawn(rng, draws))


@dataclass(frozen=True)
class PeopleCase(Case):
    """People of whom each is hit or not."""

    hit: Flags
    teams: Counts
    about = "people"

    @property
    def people(self) -> int:
        """People examined."""
        return len(self.hit)

    @property
    def examined(self) -> int:
        """People examined."""
        return len(self.hit)

    @property
    def holding_most(self) -> int:
        """Fewest people who make up 80 % of those hit."""
        return _holding_most(self.hit.astype(np.float64))

    def triage(self) -> Triage:
        """Return the cause."""
        return triage_people(self.hit, self.teams)

    def redrawn(self, rng: np.random.Generator, draws: int) -> tuple[Triage, ...]:
        """Doubt everybody's outcome a little: each has but one record, and they are all there."""
        return redrawn_people(self.hit, self.teams, rng, draws)


@dataclass(frozen=True)
class DifferenceCase(Case):
    """People who are compared on like work."""

    compared: Compared
    about = "differences"

    @property
    def people(self) -> int:
        """People compared."""
        return self.compared.people

    @property
    def examined(self) -> int:
        """Records on which they are compared."""
        return int(self.compared.records.sum())

    @property
    def holding_most(self) -> int:
        """Fewest people who make up 80 % of the distance from what was expected."""
        return _holding_most(np.abs(self.compared.counts - self.compared.expected))

    def triage(self) -> Triage:
        """Return the cause."""
        return triage_differences(self.compared)

    def redrawn(self, rng: np.random.Generator, draws: int) -> tuple[Triage, ...]:
        """Draw everybody's records anew."""
        return tuple(triage_differences(one) for one in self.compared.redrawn(rng, draws))


def _holding_most(excess: NDArray[np.float64]) -> int:
    held = np.cumsum(-np.sort(-excess))
    if not len(held) or held[-1] <= 0:
        return 0
    return int(np.searchsorted(held, _MOST_OF_IT * held[-1])) + 1
