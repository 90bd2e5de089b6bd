"""Ask of every finding where it comes from, and of all of them whether it is the organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
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
from checks.judgement.causes.discriminators import FRICTION, discriminate
from checks.judgement.causes.finding import Finding
from checks.judgement.causes.origins import Origins
from checks.judgement.causes.people import redrawn_people, triage_people
from checks.judgement.causes.roster import Roster, read_roster
from checks.judgement.causes.thesis import (
    Judgement,
    Sifted,
    mostly_teams,
    several_causes,
    try_thesis,
)
from checks.judgement.causes.triage import (
    FEWEST_PEOPLE,
    FEWEST_RECORDS,
    Part,
    can_be_triaged,
    triage,
)
from checks.judgement.scoring import JudgedCheck
from checks.measurement import Measurement
from checks.measuring import Measured
from checks.results import State
from checks.spec import CheckSpec
from connectors.model import RECORD_TABLES

#: Bootstrap draws of each finding.
DRAWS = 100
_RAISED = (State.PRESENT, State.EMERGING)
#: Share of the draws that must give the same class for it to be called the cause.
_SURE_FROM = 0.5
#: Share of the excess that the fewest people are counted for.
_MOST_OF_IT = 0.8
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
        triages: By check id, for checks that are present or emerging.
        thesis: The thesis, tried on the present findings; None where there are none.
        cause: What the present findings together come from; None where there are none.
    """

    triages: Mapping[str, CheckTriage]
    thesis: Thesis | None = None
    cause: Cause | None = None

    def of_check(self, check_id: str) -> Cause | None:
        """Return the cause of one check, None unless it is present or emerging."""
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
) -> Causes:
    """Triage the checks that are present or emerging, and try the thesis on the present ones.

    Args:
        context: The snapshot that was measured.
        specs: Checks that ran.
        measured: What they found.
        judged: Their states.
    """
    raised = [spec for spec in specs if judged[spec.id].state in _RAISED]
    roster = read_roster(context)
    findings = _findings(context, raised, measured, roster)
    sifted, triages = dict[str, Sifted](), dict[str, CheckTriage]()
    for spec in raised:
        one = measured.measurements[spec.id]
        if spec.id not in findings:
            triages[spec.id] = _undetermined(roster, one)
            continue
        finding = findings[spec.id]
        sifted[spec.id] = _sift(context, spec, finding, by_people=one.counts_people)
        triages[spec.id] = _described(sifted[spec.id], finding)
    present = [
        spec for spec in raised if judged[spec.id].state == State.PRESENT and judged[spec.id].weighs
    ]
    if not present:
        return Causes(triages)
    judgement = try_thesis([sifted[spec.id] for spec in present if spec.id in sifted])
    evidence = discriminate(context, present, roster)
    thesis = _thesis(judgement, evidence, len(present), sum(s.id in sifted for s in present))
    return Causes(triages, thesis, _cause(judgement, evidence))


def _findings(
    context: Context, raised: Sequence[CheckSpec], measured: Measured, roster: Roster
) -> dict[str, Finding]:
    """Return the counts of the checks whose cause can be asked for, with origins where known."""
    found, by_table = dict[str, Finding](), dict[str, list[tuple[CheckSpec, Measurement]]]()
    for spec in raised:
        one = measured.measurements[spec.id]
        plain = roster.finding(spec.tolerance.t_lo, one)
        if one.counts_people:
            if plain.people >= FEWEST_PEOPLE:
                found[spec.id] = plain
        elif one.ruling is None and can_be_triaged(plain) and _is_of_people(plain, one):
            found[spec.id] = plain
            if one.hits and spec.table in RECORD_TABLES:
                by_table.setdefault(spec.table, []).append((spec, one))
    for table, of_table in by_table.items():
        origins = Origins(context, table, of_table, roster)
        found |= {spec.id: origins.finding(spec, one) for spec, one in of_table}
    return found


def _is_of_people(finding: Finding, measured: Measurement) -> bool:
    """Return whether most defects belong to people at all."""
    return bool(2 * finding.defects.sum() >= measured.k_defect)


def _sift(context: Context, spec: CheckSpec, finding: Finding, *, by_people: bool) -> Sifted:
    rng = np.random.default_rng([context.profile.seed, crc32(spec.id.encode())])
    if by_people:
        hit = finding.defects_of > 0
        draws = redrawn_people(hit, finding.teams, rng, DRAWS)
        return Sifted(spec.id, finding.people, triage_people(hit, finding.teams), draws)
    drawn = tuple(triage(one) for one in finding.redrawn(rng, DRAWS))
    return Sifted(spec.id, int(finding.records.sum()), triage(finding), drawn)


def _described(sifted: Sifted, finding: Finding) -> CheckTriage:
    parts = sifted.triage.parts
    return CheckTriage(
        kind=sifted.triage.kind,
        confidence=round(sifted.confidence, 2),
        people=len({person for part in parts for person in part.people}),
        of_people=finding.people,
        holding_most=_holding_most(finding),
        parts=[_part(part, finding, sifted.triage.share(part)) for part in parts],
    )


def _part(part: Part, finding: Finding, share: float) -> CausePart:
    level = None if part.level is None else finding.levels[part.level]
    return CausePart(
        kind=part.kind,
        share=round(share, 4),
        excess=round(part.excess, 1),
        people=len(part.people),
        attribute=level.attribute if level else None,
        level=level.value if level else None,
        teams=len(part.teams),
    )


def _holding_most(finding: Finding) -> int:
    """Return the fewest people who hold 80 % of the defects beyond what is tolerated."""
    excess = np.maximum(0.0, finding.defects_of - finding.tolerated * finding.records_of)
    held = np.cumsum(-np.sort(-excess))
    return int(np.searchsorted(held, _MOST_OF_IT * held[-1])) + 1 if held[-1] > 0 else 0


def _undetermined(roster: Roster, measured: Measurement) -> CheckTriage:
    people = roster.people(measured)
    because, facts = "measured_as_a_whole", dict[str, Any]()
    if measured.ruling is None or measured.counts_people:
        records = sum(one.n_eligible for one in people)
        if 2 * sum(one.k_defect for one in people) < measured.k_defect:
            because = "owner_unknown"
        elif len(people) < FEWEST_PEOPLE:
            because, facts = "too_few_people", {"people": len(people), "needed": FEWEST_PEOPLE}
        else:
            because, facts = "too_few_records", {"records": records, "needed": FEWEST_RECORDS}
    return CheckTriage(
        kind="undetermined",
        undetermined_because=because,
        facts=facts,
        people=sum(one.k_defect > 0 for one in people) if measured.counts_people else 0,
        of_people=len(people) if measured.counts_people else 0,
    )


def _thesis(
    judgement: Judgement, evidence: Sequence[Discriminator], findings: int, examined: int
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
        friction_measured=any(one.measured for one in evidence if one.code in FRICTION),
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
    points = {one.points_to for one in evidence}
    return (
        "not_separable" if "tool" in points and "organisation" not in points else "organisational"
    )
