"""Ask of every finding where it comes from, and of all of them whether it is the organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from checks.cause_results import (
    Cause,
    CauseClass,
    CausePart,
    CauseShare,
    CheckTriage,
    Discriminator,
    Thesis,
)
from checks.context import Context
from checks.interview.answers import Answers
from checks.judgement.causes.cases import Case
from checks.judgement.causes.discriminators import FRICTION, discriminate
from checks.judgement.causes.gathering import gather, undetermined
from checks.judgement.causes.part import Part
from checks.judgement.causes.roster import read_roster
from checks.judgement.causes.spoken import SPOKEN
from checks.judgement.causes.thesis import (
    Judgement,
    Sifted,
    mostly_teams,
    several_causes,
    try_thesis,
)
from checks.judgement.scoring import JudgedCheck
from checks.measuring import Measured
from checks.results import State
from checks.spec import CheckSpec

#: Bootstrap draws of each finding.
DRAWS = 100
_RAISED = (State.PRESENT, State.EMERGING)
#: Causes that explain why a rate is close to its tolerance.
_EXCEPTIONS = ("technical", "team", "individual")
#: Share of the draws that must give the same class for it to be called the cause.
_SURE_FROM = 0.5
_CAUSE_OF_CLASS: dict[CauseClass, Cause] = {
    "systemic": "organisational",
    "team": "team",
    "individual": "individual",
    "technical": "technical",
    "mixed": "mixed",
    "none": "not_separable",
    "undetermined": "not_separable",
}


@dataclass(frozen=True)
class Causes:
    """What was found out about causes.

    Attributes:
        triages: By check id, for checks that are present or emerging, and for those whose rate
            lies close to its tolerance because of some people or of a process.
        thesis: The thesis, tried on the present findings; None where there are none.
        cause: What the present findings together come from; None where there are none.
    """

    triages: Mapping[str, CheckTriage]
    thesis: Thesis | None = None
    cause: Cause | None = None

    def of_check(self, check_id: str) -> Cause | None:
        """Return the cause of one check, None where none was looked for or found."""
        found = self.triages.get(check_id)
        if found is None:
            return None
        sure = found.confidence is not None and found.confidence >= _SURE_FROM
        return _CAUSE_OF_CLASS[found.kind] if sure else "not_separable"


def find_causes(
    context: Context,
    specs: Sequence[CheckSpec],
    measured: Measured,
    judged: Mapping[str, JudgedCheck],
    answers: Answers | None = None,
) -> Causes:
    """Triage the checks that are present or emerging, and try the thesis on the present ones.

    A rate that one person, one team or one process made is often too close to its tolerance to be
    judged: such a check is explained, too, and nothing is said of one that is everybody's.

    Args:
        context: The snapshot that was measured.
        specs: Checks that ran.
        measured: What they found.
        judged: Their states.
        answers: What people answered; shown beside the causes, and deciding none.
    """
    raised = [spec for spec in specs if judged[spec.id].state in _RAISED]
    close = [spec for spec in specs if _is_close(judged[spec.id])]
    roster = read_roster(context)
    cases = gather(context, [*raised, *close], measured, roster)
    sifted = {check_id: _sift(context, check_id, case) for check_id, case in cases.items()}
    triages = {
        spec.id: _described(sifted[spec.id], cases[spec.id])
        if spec.id in cases
        else undetermined(roster, measured.measurements[spec.id])
        for spec in raised
    }
    triages |= {
        spec.id: _described(sifted[spec.id], cases[spec.id])
        for spec in close
        if spec.id in cases and _is_exception(sifted[spec.id])
    }
    present = [
        spec for spec in raised if judged[spec.id].state == State.PRESENT and judged[spec.id].weighs
    ]
    if not present:
        return Causes(triages)
    examined = [sifted[spec.id] for spec in present if spec.id in sifted]
    judgement = try_thesis(examined)
    evidence = discriminate(context, present, roster, answers)
    thesis = _thesis(judgement, evidence, findings=len(present), examined=len(examined))
    return Causes(triages, thesis, _cause(judgement, evidence))


def _is_close(check: JudgedCheck) -> bool:
    """Return whether a rate lies above what is tolerated, and too close to it to be judged."""
    records = sum(count.n_eligible for count in check.counts)
    defects = sum(count.k_defect for count in check.counts)
    return (
        check.state == State.INCONCLUSIVE
        and check.reason == "too_close_to_tolerance"
        and defects > check.tolerance.t_lo * records
    )


def _is_exception(sifted: Sifted) -> bool:
    """Return whether a finding is surely that of some people, or of a process."""
    return sifted.triage.kind in _EXCEPTIONS and sifted.confidence >= _SURE_FROM


def _sift(context: Context, check_id: str, case: Case) -> Sifted:
    rng = np.random.default_rng([context.profile.seed, crc32(check_id.encode())])
    return Sifted(check_id, case.examined, case.triage(), case.redrawn(rng, DRAWS))


def _described(sifted: Sifted, case: Case) -> CheckTriage:
    parts = sifted.triage.parts
    return CheckTriage(
        kind=sifted.triage.kind,
        about=case.about,
        confidence=round(sifted.confidence, 2),
        people=len({person for part in parts for person in part.people}),
        of_people=case.people,
        holding_most=case.holding_most,
        parts=[_part(part, case, sifted.triage.share(part)) for part in parts],
    )


def _part(part: Part, case: Case, share: float) -> CausePart:
    level = None if part.level is None else case.levels[part.level]
    return CausePart(
        kind=part.kind,
        share=round(share, 4),
        excess=round(part.excess, 1),
        people=len(part.people),
        attribute=level.attribute if level else None,
        level=level.value if level else None,
        teams=len(part.teams),
    )


def _thesis(
    judgement: Judgement, evidence: Sequence[Discriminator], *, findings: int, examined: int
) -> Thesis:
    shares = {
        name: CauseShare(value=round(share.value, 4), lo=round(share.lo, 4), hi=round(share.hi, 4))
        for name, share in judgement.shares.items()
    }
    return Thesis(
        outcome=judgement.outcome,
        findings=findings,
        examined=examined,
        organisational=shares.get("organisational"),
        individual=shares.get("individual"),
        technical=shares.get("technical"),
        unexplained=shares.get("unexplained"),
        of_teams=shares.get("of_teams"),
        friction_measured=all(one.measured for one in evidence if one.code in FRICTION),
        discriminators=list(evidence),
    )


def _cause(judgement: Judgement, evidence: Sequence[Discriminator]) -> Cause:
    """Return the cause of all present findings together.

    A finding in everybody's records can come from the organisation or from the way the tool is
    made. Where the tool's friction was measured and is high, and no team does better, the data
    cannot tell these two apart.
    """
    if judgement.outcome == "contradicts":
        return "technical"
    if judgement.outcome == "individual":
        return "individual"
    if judgement.outcome == "undetermined":
        return "mixed" if several_causes(judgement) else "not_separable"
    if mostly_teams(judgement):
        return "team"
    points = {one.points_to for one in evidence if one.code not in SPOKEN}
    return (
        "not_separable" if "tool" in points and "organisation" not in points else "organisational"
    )
