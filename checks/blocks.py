"""Parts of a result that stand beside the checks: forecast, rhythm and pipeline."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from checks.run_info import ResultPart

Ritual = Literal["present", "partial", "none", "unknown"]


class ForecastWindow(ResultPart):
    """One month as it was forecast when it began, and as it came; money as decimal strings.

    Attributes:
        month: First day of the month that was forecast.
        deals: Open deals whose announced close date lay in it when it began.
        forecast: Sum of their amounts times their probabilities.
        actual: Won in it from deals that were in the pipeline when it began.
        all_won: Won in it from all deals, those that came later included.
        lo: What a calibrated forecast of the same deals would reach at least, in 95 of 100 cases.
        hi: What it would reach at most.
        learned: What the past of this CRM would have forecast; None for the first month.
        usual: Mean of what the three months before brought; None for the first three.
    """

    month: date
    deals: int
    forecast: str
    actual: str
    all_won: str
    lo: str
    hi: str
    learned: str | None = None
    usual: str | None = None


class StageReliability(ResultPart):
    """What a stage promised and kept.

    Attributes:
        stage: The stage, after its pipeline where there are several.
        deals: Deals that stood in it, each counted once.
        won: How many of them were won in the end.
        promised: Their mean probability, 0 to 1.
        rate: Share won.
        lo: Lower end of Wilson's 95 % interval of that share.
        hi: Upper end.
    """

    stage: str
    deals: int
    won: int
    promised: float
    rate: float
    lo: float
    hi: float


class ForecastBlock(ResultPart):
    """The forecast of the CRM, held month by month against what was won.

    Attributes:
        currency: ISO code, or None when the export names none.
        largest_amount: The amount that larger ones are counted as, so that one huge deal decides
            nothing: 99 of 100 deals do not exceed it. None where there are few deals.
        bias: Forecast over actual, minus 1, all months together; None where nothing was won.
        bias_lo: Lower end of its 95 % interval.
        bias_hi: Upper end.
        wape: Sum of absolute errors over the sum of actuals.
        wape_by_chance: What it would be if every probability were true.
        learned_wape: The same for the forecast learned from the past, on the months that have one.
        skill: 1 minus the error over the error of "as in the last three months"; 0 or less adds
            nothing.
        in_pipeline: Share of the money won that came from deals in the pipeline when its month
            began.
        z: Wins missing or in excess, in standard deviations.
        spiegelhalter: Spiegelhalter's Z.
        brier: Mean squared distance between probability and outcome.
        brier_of_rate: The same, had every deal been given the share won.
        coverage: Share of the deals announced for a month whose amount and probability were known.
    """

    currency: str | None = None
    largest_amount: str | None = None
    windows: list[ForecastWindow] = Field(default_factory=list)
    bias: float | None = None
    bias_lo: float | None = None
    bias_hi: float | None = None
    wape: float | None = None
    wape_by_chance: float | None = None
    learned_wape: float | None = None
    skill: float | None = None
    in_pipeline: float | None = None
    z: float | None = None
    spiegelhalter: float | None = None
    brier: float | None = None
    brier_of_rate: float | None = None
    stages: list[StageReliability] = Field(default_factory=list)
    coverage: float = 1.0


class TeamRhythm(ResultPart):
    """How a team of three people or more works on its deals; never one person.

    Attributes:
        team: Key of the team; None for everybody together.
        label: Name of the team.
        people: People who edited deals.
        weeks: Weeks observed, holidays left out.
        edits_a_week: Median number of edits of deals in a week.
        by_hour: Edits as 7 days x 24 hours on the organisation's clock, Monday first; empty
            where fewer than three people made them.
        ritual: Whether a review of the pipeline leaves a trace.
        every_weeks: 1 for a weekly review, 2 for one every other week.
        day: Day of the review, 1 is Monday; None without a window that stands out.
        hour: First hour of it.
        regularity: Share of the weeks in which it was held.
        coverage: Median share of the open amount that was touched within a day of it.
        reach: Median share of the people of the team who edited deals in it.
        by_managers: Share of the edits in it that managers made.
        p: Probability that days this uneven come by chance.
        power: Probability that a review would have been seen.
        at_month_end: Share of the edits on the last three business days of months.
        at_month_end_p: Probability that this much comes by chance.
    """

    team: str | None
    label: str
    people: int
    weeks: int
    edits_a_week: float
    by_hour: list[list[int]] = Field(default_factory=list)
    ritual: Ritual = "unknown"
    every_weeks: int = 1
    day: int | None = None
    hour: int | None = None
    regularity: float | None = None
    coverage: float | None = None
    reach: float | None = None
    by_managers: float | None = None
    p: float | None = None
    power: float | None = None
    at_month_end: float | None = None
    at_month_end_p: float | None = None


class RhythmBlock(ResultPart):
    """When the CRM is worked on: everybody together, then team by team."""

    everybody: TeamRhythm
    teams: list[TeamRhythm] = Field(default_factory=list)


class PipelineSum(ResultPart):
    """Open deals and their amounts; ``amount`` is None when they are in several currencies."""

    deals: int
    amount: str | None


class PipelineStage(ResultPart):
    """The open deals of one stage.

    Attributes:
        stage: The stage; None where a deal has none.
        as_said: All of them.
        alive: Without those that are zombies or have stalled.
    """

    stage: str | None
    as_said: PipelineSum
    alive: PipelineSum


class PipelineBlock(ResultPart):
    """The pipeline as the CRM states it, and without the deals that no longer move.

    Attributes:
        currency: ISO code, or None when the export names none or several.
        without_zombies: None when zombies could not be told.
        without_stalled: Without zombies and without stalled deals; None when neither could be told.
    """

    currency: str | None
    as_said: PipelineSum
    without_zombies: PipelineSum | None
    without_stalled: PipelineSum | None
    stages: list[PipelineStage] = Field(default_factory=list)
