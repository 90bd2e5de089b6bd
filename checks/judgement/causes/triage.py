"""Triage of one finding: who, or what, its defects come from.

A rule, tried in this order; the first that fits is taken out, and the rest is tried again
(*peeling*), so that two causes show as two parts:

- **technical**: records that carry one level (an import, a program, a source) fail far more often
  than all others, whoever owns them;
- **team**: most people of some teams exceed what is tolerated, and few of all others;
- **systemic**: a third of the people have it as a habit, that is in most of their records;
- **individual**: without the worst few people, at most a quarter, the rest is within tolerance;
- **systemic** again: at least half of the people exceed what is tolerated.

Whether a person exceeds it is read from an empirical Bayes posterior (Carlin and Louis, Bayes and
Empirical Bayes Methods for Data Analysis), so few records of one person prove little. Everything
here works on counts, and is pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from checks.cause_results import CauseClass
from checks.judgement.causes.finding import Finding
from checks.judgement.causes.levels import of_technical_process
from checks.judgement.causes.owners import bad_people, of_people_alone
from checks.judgement.causes.part import Part

if TYPE_CHECKING:
    from checks.judgement.causes.finding import Flags

#: Fewer records or people than these allow no answer.
FEWEST_RECORDS = 60
FEWEST_PEOPLE = 4
#: Share of the excess from which one part names the whole.
_NAMES_THE_WHOLE = 0.60
_MOST_PARTS = 5


@dataclass(frozen=True)
class Triage:
    """The cause of a finding, and the parts that it was peeled into, in that order."""

    kind: CauseClass
    parts: tuple[Part, ...] = ()

    def share(self, part: Part) -> float:
        """Return the share of a part in the excess of all."""
        return part.excess / (sum(one.excess for one in self.parts) or 1.0)


def can_be_triaged(finding: Finding) -> bool:
    """Return whether there are enough records and people to ask for a cause."""
    return finding.people >= FEWEST_PEOPLE and int(finding.records.sum()) >= FEWEST_RECORDS


def triage_all(findings: Sequence[Finding]) -> tuple[Triage, ...]:
    """Triage draws of one finding: who exceeds what is tolerated is found out of all at once."""
    records = np.stack([one.records_of for one in findings])
    defects = np.stack([one.defects_of for one in findings])
    bad = bad_people(records, defects, findings[0].tolerated)
    return tuple(triage(one, of_draw) for one, of_draw in zip(findings, bad, strict=True))


def triage(finding: Finding, bad: Flags | None = None) -> Triage:
    """Peel a finding into parts and name it by the greatest, or ``mixed`` where none prevails.

    Args:
        finding: The counts of one check.
        bad: Who exceeds what is tolerated, where that was found out before.
    """
    if not can_be_triaged(finding):
        return Triage("undetermined")
    parts: list[Part] = []
    rest, exceptions = finding, max(1, finding.people // 4)
    while len(parts) < _MOST_PARTS:
        hit = of_technical_process(rest) or of_people_alone(rest, exceptions, bad)
        if hit is None:
            break
        part, cells = hit
        parts.append(part)
        if part.kind in ("systemic", "mixed"):
            break  # these are everything that was left
        rest, bad = rest.kept(~cells), None
        exceptions -= len(part.people) if part.kind == "individual" else 0
    return Triage(_named(parts), tuple(parts))


def _named(parts: list[Part]) -> CauseClass:
    if not parts:
        return "none"
    excess = dict.fromkeys((part.kind for part in parts), 0.0)
    for part in parts:
        excess[part.kind] += part.excess
    greatest = max(excess, key=lambda kind: excess[kind])
    share = excess[greatest] / (sum(excess.values()) or 1.0)
    return greatest if share >= _NAMES_THE_WHOLE else "mixed"
