"""Whether the pipeline is reviewed in the CRM: the rhythm of everybody and of each team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from checks.blocks import RhythmBlock, TeamRhythm
from checks.context import Context
from checks.events.relations import unseen
from checks.measurement import Measurement, not_observable
from checks.rhythm.reading import Edits, read_edits, read_meeting
from checks.rhythm.team import FEWEST_EDITS, FEWEST_PEOPLE, FEWEST_WEEKS, Beat, beat_of
from checks.rhythm.weekdays import is_human, share_at_end

#: Stamps at midnight from which on they are days, not moments.
_DAYS_ONLY = 0.9


@dataclass(frozen=True)
class Review:
    """What was found.

    Attributes:
        block: As the page shows it.
        beats: By key of a team, the weeks that were judged.
    """

    block: RhythmBlock
    beats: dict[str | None, Beat]


def review(context: Context) -> Review | Measurement:
    """Return the rhythm of the CRM, or why it cannot be seen."""
    missing = unseen(context, "deal_edits", "deal_lives")
    if missing:
        return missing
    found = read_edits(context)
    if not found:
        return not_observable("too_few_edits", n=0, n_min=FEWEST_EDITS)
    everybody, *teams = found
    if not is_human(everybody.by_hour):
        return not_observable("stamps_not_human")
    if everybody.by_hour[:, 0].sum() > _DAYS_ONLY * everybody.by_hour.sum():
        return not_observable("stamps_without_time")
    whole = everybody.week.without_holidays()
    if len(whole.numbers) < FEWEST_WEEKS:
        return not_observable("too_few_weeks", n=len(whole.numbers), n_min=FEWEST_WEEKS)
    by_amount = _has_amounts_of_one_currency(context)
    rhythms = [
        _rhythm(context, each, by_amount=by_amount)
        for each in [everybody, *(team for team in teams if team.people >= FEWEST_PEOPLE)]
    ]
    block = RhythmBlock(everybody=rhythms[0][0], teams=[rhythm for rhythm, _ in rhythms[1:]])
    return Review(block, {rhythm.team: beat for rhythm, beat in rhythms if beat is not None})


def _rhythm(context: Context, edits: Edits, *, by_amount: bool) -> tuple[TeamRhythm, Beat | None]:
    week = edits.week.without_holidays()
    at_end, at_end_p = share_at_end(edits.months, context.profile.seed)
    shown = TeamRhythm(
        team=edits.team or None,
        label=edits.label,
        people=edits.people,
        weeks=len(week.numbers),
        edits_a_week=week.edits_a_week,
        # The hours of one or two people are nobody's business.
        by_hour=edits.by_hour.astype(np.int64).tolist() if edits.people >= FEWEST_PEOPLE else [],
        at_month_end=round(at_end, 6) if edits.months else None,
        at_month_end_p=round(at_end_p, 6) if edits.months else None,
    )
    if not week.is_enough:
        return shown, None
    beat = beat_of(week, context.profile.seed)
    judged = Edits(edits.team, edits.label, edits.people, edits.by_hour, week, edits.months)
    meeting = read_meeting(context, judged, beat.slot, by_amount=by_amount)
    figures = {
        "ritual": beat.ritual(meeting.coverage),
        "every_weeks": beat.every_weeks,
        "p": round(beat.days.p, 6),
        "power": round(beat.days.power, 6),
        "regularity": round(beat.regularity, 6),
    }
    if beat.slot.held.any():
        figures |= {"day": beat.slot.day + 1, "hour": beat.slot.hour}
        figures |= {
            name: round(value, 6)
            for name, value in (
                ("coverage", meeting.coverage),
                ("reach", meeting.reach),
                ("by_managers", meeting.by_managers),
            )
            if value is not None
        }
    return shown.model_copy(update=figures), beat


def judged(found: Review) -> Sequence[TeamRhythm]:
    """Return the rhythms that decide: the teams, or everybody where few people's team is known.

    A review of everybody together shows in each team; reviews of teams, one week this one and one
    week that one, make none of everybody.
    """
    known = [team for team in found.block.teams if team.ritual != "unknown"]
    everybody = found.block.everybody
    if sum(team.people for team in known) * 2 < everybody.people:
        return [everybody]
    return known


def _has_amounts_of_one_currency(context: Context) -> bool:
    ((currencies,),) = context.snapshot.rows(
        "select count(distinct coalesce(upper(filled(currency)), $ours)) from deals "
        "where is_live and amount > 0",
        {"ours": context.profile.currency},
    )
    return bool(currencies == 1)
