"""When the team works on its deals: the week as a heat map, the review, the end of the month.

Only everybody together and teams of three people or more are shown; one person's hours are
nobody's business.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from checks.blocks import TeamRhythm
from checks.judgement.people import FEWEST_PEOPLE
from checks.results import AuditResult
from reports.charts import HeatMap, heat_map
from reports.method import Table
from reports.missing import why_missing
from reports.record_text import cell_text
from reports.wording import Wording

#: Check that leaves the rhythm for the result.
_CHECK = "missing-review-ritual"
_MOST_TEAMS = 12
#: Hours that are drawn even where nobody works in them, and how long a review is looked for.
_FROM, _TO, _WIDTH = 7, 20, 2
_NUMBERED_TEAM = re.compile(r"team-(\d+)")
#: Probability up to which chance does not explain that work heaps up at the end of months.
_SURE = 0.01
_SHAPE = {"present": "absent", "partial": "emerging", "none": "present", "unknown": "inconclusive"}


@dataclass(frozen=True)
class WeekView:
    """The week of everybody, or of one team.

    Attributes:
        shape: Shape of the state of its review, among those that the page draws for checks.
        title: What the picture shows, for those who do not see it.
        ticks: A name for each column; empty for those without room.
    """

    name: str
    shape: str
    state_word: str
    facts: str
    sentences: list[str]
    title: str
    heat: HeatMap
    days: list[str]
    ticks: list[str]
    table: Table


@dataclass(frozen=True)
class RhythmView:
    """The rhythm of all, then of each team; ``missing`` says why there is none."""

    everybody: WeekView | None
    teams: list[WeekView]
    left_out: str
    missing: str


def rhythm_view(words: Wording, result: AuditResult) -> RhythmView:
    """Return the rhythm, or why it could not be seen."""
    block = result.rhythm
    if block is None:
        return RhythmView(None, [], "", why_missing(words, result, _CHECK))
    if not _may_be_shown(block.everybody):
        return RhythmView(None, [], "", words("rhythm.few_people"))
    hours = _hours(block.everybody)
    teams = [team for team in block.teams if _may_be_shown(team)]
    hidden = len(teams) - _MOST_TEAMS
    return RhythmView(
        everybody=_week(words, block.everybody, words("rhythm.everybody"), hours),
        teams=[
            _week(words, team, _name(words, team), hours)
            for team in sorted(teams, key=lambda one: (one.label, one.team or ""))[:_MOST_TEAMS]
        ],
        left_out=words.plural("group.left_out", hidden) if hidden > 0 else "",
        missing="",
    )


def _may_be_shown(team: TeamRhythm) -> bool:
    return team.people >= FEWEST_PEOPLE and len(team.by_hour) == 7


def _name(words: Wording, team: TeamRhythm) -> str:
    numbered = _NUMBERED_TEAM.fullmatch(team.label)
    if numbered:
        return words("rhythm.team_number", number=numbered[1])
    return cell_text(team.label or team.team or "", 60)


def _hours(everybody: TeamRhythm) -> range:
    """Return the hours in which anybody works, the usual ones included."""
    worked = [hour for row in everybody.by_hour for hour, edits in enumerate(row) if edits]
    return range(min([_FROM, *worked]), max([_TO - 1, *worked]) + 1)


def _week(words: Wording, team: TeamRhythm, name: str, hours: range) -> WeekView:
    counts = [[row[hour] for hour in hours] for row in team.by_hour]
    frame = None
    if team.day is not None and team.hour is not None and team.hour in hours:
        frame = (team.hour - hours[0], team.day - 1, min(_WIDTH, hours[-1] + 1 - team.hour))
    return WeekView(
        name=name,
        shape=_SHAPE[team.ritual],
        state_word=words(f"ritual.{team.ritual}"),
        facts=words(
            "rhythm.facts",
            people=team.people,
            weeks=team.weeks,
            edits=words.numbers.decimal(team.edits_a_week),
        ),
        sentences=[_review(words, team), *_month_end(words, team)],
        title=_picture(words, team, name, counts),
        heat=heat_map(counts, frame),
        days=[words.numbers.weekday(day, "abbreviated") for day in range(1, 8)],
        ticks=[words("rhythm.hour", hour=hour) if hour % 4 == 0 else "" for hour in hours],
        table=_table(words, name, hours, counts),
    )


def _month_end(words: Wording, team: TeamRhythm) -> list[str]:
    """Return how much is entered for the end of the month; said once, of everybody."""
    if team.team is not None or team.at_month_end is None or team.at_month_end_p is None:
        return []
    key = "heaped" if team.at_month_end_p <= _SURE else "even"
    return [words(f"rhythm.month_end_{key}", share=words.numbers.percent(team.at_month_end))]


def _review(words: Wording, team: TeamRhythm) -> str:
    """Return whether a review was found, or what comes nearest to one."""
    if team.day is None or team.hour is None or team.regularity is None:
        return words(f"rhythm.review_{team.ritual}")
    percent = words.numbers.percent
    facts = {
        "slot": _slot(words, team.day, team.hour, team.every_weeks),
        "regularity": percent(team.regularity),
        "coverage": percent(team.coverage),
        "reach": percent(team.reach),
    }
    sentence = words(f"rhythm.review_{team.ritual}_slot", **facts)
    if team.coverage is None or team.reach is None:
        return sentence
    return f"{sentence} {words('rhythm.review_reach', **facts)}"


def _slot(words: Wording, day: int, hour: int, every_weeks: int) -> str:
    return words(
        "rhythm.slot" if every_weeks == 1 else "rhythm.slot_fortnight",
        day=words.numbers.weekday(day),
        start=words("rhythm.hour", hour=hour),
        end=words("rhythm.hour", hour=(hour + _WIDTH) % 24),
    )


def _picture(words: Wording, team: TeamRhythm, name: str, counts: Sequence[Sequence[int]]) -> str:
    """Return what the heat map shows, in words: where it is darkest."""
    total = sum(map(sum, counts))
    day = max(range(7), key=lambda one: sum(counts[one]))
    share = words.numbers.percent(sum(counts[day]) / total) if total else words.numbers.percent(0)
    return words(
        "rhythm.picture", name=name, day=words.numbers.weekday(day + 1), share=share, edits=total
    )


def _table(words: Wording, name: str, hours: range, counts: Sequence[Sequence[int]]) -> Table:
    """Return the same as numbers, an hour a line."""
    return Table(
        caption=words("rhythm.table", name=name),
        headings=[
            words("rhythm.hour_heading"),
            *(words.numbers.weekday(day, "abbreviated") for day in range(1, 8)),
        ],
        rows=[
            [words("rhythm.hour", hour=hour), *(words.numbers.integer(row[i]) for row in counts)]
            for i, hour in enumerate(hours)
        ],
        numeric=tuple(range(1, 8)),
    )
