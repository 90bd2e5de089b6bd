"""Whether a regular review of the pipeline leaves its trace in the CRM."""

from __future__ import annotations

from collections.abc import Sequence

from checks.blocks import TeamRhythm
from checks.context import Context
from checks.measurement import Measurement, OwnerCount, Ruling
from checks.results import Metric, State
from checks.rhythm.review import judged, review
from checks.spec import CheckSpec

#: How bad the absence of a review is, and one that is irregular or touches few deals.
_SEVERITY = {"none": 1.0, "partial": 0.4, "present": 0.0}
_MOST_SURE = 0.99
#: Share of the people without a review from which it is missing, not only in some teams.
_MOST = 0.6


def missing_review_ritual(context: Context, spec: CheckSpec) -> Measurement:
    """Rule on the review; n are weeks of teams, k those without one."""
    found = review(context)
    if isinstance(found, Measurement):
        return found
    teams = judged(found)
    weeks = sum(team.weeks for team in teams)
    without = sum(
        int((~found.beats[team.team].slot.held).sum()) for team in teams if team.team in found.beats
    )
    everybody = found.block.everybody
    return Measurement(
        owners=(OwnerCount(None, weeks, without),),
        metric=Metric(
            name="review_regularity",
            value=None if everybody.regularity is None else round(100 * everybody.regularity, 2),
            unit="percent",
        ),
        ruling=_ruling(teams),
        blocks={"rhythm": found.block},
    )


def _ruling(teams: Sequence[TeamRhythm]) -> Ruling:
    """Rule on several teams, each by its number of people."""
    people = sum(team.people for team in teams)
    if all(team.ritual == "unknown" for team in teams):
        return Ruling(State.INCONCLUSIVE, None, reason="review_unclear")
    share = {
        ritual: sum(team.people for team in teams if team.ritual == ritual) / people
        for ritual in _SEVERITY
    }
    severity = sum(_SEVERITY[ritual] * part for ritual, part in share.items())
    sure = min(
        (team.power for team in teams if team.ritual == "none" and team.power is not None),
        default=_MOST_SURE,
    )
    if share["none"] >= _MOST:
        return Ruling(State.PRESENT, severity, max(0.8, min(sure, _MOST_SURE)))
    if share["none"] + share["partial"] > 0:
        return Ruling(State.EMERGING, severity, 0.8)
    return Ruling(State.ABSENT, severity, 0.05)
