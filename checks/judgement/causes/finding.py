"""What a cause is read from: the records of a check, counted by person and by what they carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Weights = NDArray[np.float64]
    Flags = NDArray[np.bool_]

#: Team of a person of whom no team is known.
NO_TEAM = -1


@dataclass(frozen=True)
class Level:
    """One value of a technical attribute, for example the records of one import.

    Attributes:
        attribute: ``import_batch``, ``created_by``, ``source``, ``pipeline``...
        value: The value, as it stands in the CRM.
        is_process: Whether the attribute names a process by itself, an import or a program; a
            pipeline or an origin of leads may simply be the work of one team.
    """

    attribute: str
    value: str
    is_process: bool = False


@dataclass(frozen=True)
class Finding:
    """The counts of one check.

    A *kind* of records is a combination of levels that occurs. Arrays of counts are people x
    kinds; those of people who are not known, or are programs, are left out.

    Attributes:
        tolerated: Rate that is still normal.
        records: Records examined.
        defects: Records that failed.
        money: What the defects weigh together: their number, or their money in units of an
            average deal.
        teams: Number of each person's team, or ``NO_TEAM``.
        levels: Levels that records can carry.
        carries: Kinds x levels: whether records of the kind carry the level.
    """

    tolerated: float
    records: Counts
    defects: Counts
    money: Weights
    teams: Counts
    levels: tuple[Level, ...]
    carries: Flags

    @cached_property
    def records_of(self) -> Counts:
        """Records of each person."""
        return np.asarray(self.records.sum(axis=1))

    @cached_property
    def defects_of(self) -> Counts:
        """Defects of each person."""
        return np.asarray(self.defects.sum(axis=1))

    @cached_property
    def people(self) -> int:
        """People with at least one record."""
        return int((self.records_of > 0).sum())

    def kept(self, cells: Flags) -> Finding:
        """Return the counts of some cells alone, the others being zero.

        Args:
            cells: Anything that stretches to people x kinds.
        """
        return replace(
            self,
            records=np.where(cells, self.records, 0),
            defects=np.where(cells, self.defects, 0),
            money=np.where(cells, self.money, 0.0),
        )

    def redrawn(self, rng: np.random.Generator, draws: int) -> list[Finding]:
        """Draw the records of every person anew with replacement: a bootstrap of counts.

        Everybody keeps their number of records; what these carry, and whether they failed, is
        drawn from that person's own records.
        """
        kinds = self.records.shape[1]
        cells = np.concatenate([self.defects, self.records - self.defects], axis=1)
        totals = cells.sum(axis=1)
        shares = cells / np.maximum(totals, 1)[:, None]
        shares[totals == 0] = 1 / cells.shape[1]
        drawn = rng.multinomial(totals, shares, size=(draws, len(totals)))
        each = self.money / np.maximum(self.defects, 1)
        return [
            replace(
                self,
                defects=one[:, :kinds],
                records=one[:, :kinds] + one[:, kinds:],
                money=one[:, :kinds] * each,
            )
            for one in drawn
        ]


def finding_of_people(
    tolerated: float, records: Sequence[int], defects: Sequence[int], teams: Sequence[int]
) -> Finding:
    """Return a finding of which nothing but the people is known; every defect weighs one."""
    counts = np.asarray(defects, dtype=np.int64)[:, None]
    return Finding(
        tolerated=tolerated,
        records=np.asarray(records, dtype=np.int64)[:, None],
        defects=counts,
        money=counts.astype(np.float64),
        teams=np.asarray(teams, dtype=np.int64),
        levels=(),
        carries=np.zeros((1, 0), dtype=np.bool_),
    )
