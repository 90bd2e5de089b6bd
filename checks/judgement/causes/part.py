"""One part of a finding: what a single cause explains of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from checks.cause_results import CauseClass
from checks.judgement.causes.finding import Finding

if TYPE_CHECKING:
    from checks.judgement.causes.finding import Counts, Flags


@dataclass(frozen=True)
class Part:
    """What one cause explains of a finding.

    Attributes:
        kind: The cause; ``mixed`` for people above tolerance whom no rule explains.
        excess: Defects beyond what is tolerated.
        money: The same, weighed in money.
        people: People concerned, as positions in the finding.
        level: Position of the level, where the cause is technical.
        teams: Numbers of the teams, where the cause is one.
    """

    kind: CauseClass
    excess: float
    money: float
    people: tuple[int, ...]
    level: int | None = None
    teams: tuple[int, ...] = ()


#: A part, and the cells of the finding (people x kinds) that it takes out.
Hit = tuple[Part, "Flags"]


def part_of(
    kind: CauseClass,
    finding: Finding,
    people: Counts,
    usual: float,
    *,
    level: int | None = None,
    teams: tuple[int, ...] = (),
) -> Part:
    """Return a part of which everything in ``finding`` belongs.

    Args:
        kind: The cause.
        finding: The records of the part alone.
        people: Positions of the people concerned.
        usual: Rate that would be there without this cause.
        level: Position of the level behind it.
        teams: Numbers of the teams behind it.
    """
    defects = finding.defects_of
    excess = float(np.maximum(0.0, defects - usual * finding.records_of).sum())
    each = float(finding.money.sum()) / max(int(defects.sum()), 1)
    return Part(kind, excess, excess * each, tuple(int(p) for p in people), level, teams)
