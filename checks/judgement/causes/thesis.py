"""The thesis "it is the organisation, not single people and no technical process", tried.

All present findings together are asked where their excess comes from. Each finding speaks with
the share of its records that are in excess, weighed in money: a table with more rows has no more
say than a shorter one. Pure functions on triages and on their bootstrap draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from checks.cause_results import CauseClass
from checks.judgement.causes.triage import Triage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shares = NDArray[np.float64]

Outcome = Literal["supports", "contradicts", "individual", "undetermined"]

#: Order of the classes in an array of shares.
CLASSES: tuple[CauseClass, ...] = ("systemic", "team", "individual", "technical", "mixed")
#: A cause is that of all findings if its share lies above this with 97.5 % probability.
_MOST = 0.5
#: Share from which a cause is named as one of several.
_ONE_OF_SEVERAL = 0.25
_TAILS = (2.5, 97.5)


@dataclass(frozen=True)
class Sifted:
    """One finding with its cause, and the causes of its bootstrap draws.

    Attributes:
        records: Records, or people, that were examined.
    """

    check_id: str
    records: int
    triage: Triage
    draws: tuple[Triage, ...]

    @property
    def confidence(self) -> float:
        """Share of the draws that give the same class."""
        same = sum(draw.kind == self.triage.kind for draw in self.draws)
        return same / max(len(self.draws), 1)


@dataclass(frozen=True)
class Share:
    """A share of the excess of all findings, with its 95 % interval."""

    value: float
    lo: float
    hi: float


@dataclass(frozen=True)
class Judgement:
    """What the findings together say.

    Attributes:
        shares: By name: ``organisational``, ``individual``, ``technical``, ``unexplained``,
            ``of_teams``; empty where no finding could be examined.
    """

    outcome: Outcome
    shares: dict[str, Share]


def try_thesis(findings: Sequence[Sifted]) -> Judgement:
    """Say what most of the excess of these findings comes from.

    *Supports*: the organisation, that is systemic and team causes. *Contradicts*: a technical
    process. *Individual*: single people. Each only if its interval lies above one half.
    """
    if not findings:
        return Judgement("undetermined", {})
    number = min(len(finding.draws) for finding in findings)
    point = _shares([(finding.triage, finding.records) for finding in findings])
    drawn = np.array(
        [_shares([(one.draws[draw], one.records) for one in findings]) for draw in range(number)]
    ).reshape(number, len(CLASSES))
    groups = {
        "organisational": ("systemic", "team"),
        "individual": ("individual",),
        "technical": ("technical",),
        "unexplained": ("mixed",),
        "of_teams": ("team",),
    }
    shares = {}
    for name, kinds in groups.items():
        columns = [CLASSES.index(kind) for kind in kinds]
        ends = drawn[:, columns].sum(axis=1) if number else point[columns].sum()[None]
        low, high = np.percentile(ends, _TAILS)
        shares[name] = Share(float(point[columns].sum()), float(low), float(high))
    return Judgement(_outcome(shares), shares)


def several_causes(judgement: Judgement) -> bool:
    """Return whether two causes or more have a quarter of the excess each."""
    named = (judgement.shares.get(name) for name in ("organisational", "individual", "technical"))
    return sum(share is not None and share.value >= _ONE_OF_SEVERAL for share in named) >= 2


def mostly_teams(judgement: Judgement) -> bool:
    """Return whether single teams account for most of what is the organisation's."""
    shares = judgement.shares
    return bool(shares) and shares["of_teams"].value > shares["organisational"].value / 2


def _outcome(shares: dict[str, Share]) -> Outcome:
    if shares["organisational"].lo > _MOST:
        return "supports"
    if shares["technical"].lo > _MOST:
        return "contradicts"
    return "individual" if shares["individual"].lo > _MOST else "undetermined"


def _shares(findings: Sequence[tuple[Triage, int]]) -> Shares:
    """Return the share of each class in the money-weighted excess, per record examined."""
    excess = np.zeros(len(CLASSES))
    for triage, records in findings:
        for part in triage.parts:
            excess[CLASSES.index(part.kind)] += part.money / max(records, 1)
    return excess / (excess.sum() or 1.0)
