"""The edits of deals, read from the engine as counts by week, day and hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from checks.context import Context
from checks.events.relations import relation
from checks.rhythm.slot import WIDTH, Slot, Windows
from checks.rhythm.team import Week
from connectors.engines.duckdb import literal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

#: Key of everybody together; no team of a CRM is called so.
EVERYBODY = ""
#: Hours before and after a review within which a touch of a deal belongs to it.
WITHIN_HOURS = 24
#: The Monday that weeks are counted from.
_FIRST_MONDAY = date(1970, 1, 5)


@dataclass(frozen=True)
class Edits:
    """The edits of one team, or of everybody.

    Attributes:
        team: Its key; ``EVERYBODY`` for all.
        label: Its name.
        people: People who edited deals.
        by_hour: Edits as 7 days x 24 hours.
        week: The same week by week.
        months: Edits of the business days of each full month.
    """

    team: str
    label: str
    people: int
    by_hour: Array
    week: Week
    months: tuple[Array, ...]


def read_edits(context: Context) -> list[Edits]:
    """Return the edits of everybody, then of each team, by its key."""
    of_teams = _of_teams(context)
    people = context.snapshot.rows(
        f"select team, min(teams.name), count(distinct user_id) from {of_teams} "
        "left join teams on teams.id = team group by team order by team"
    )
    by_hour = {team: np.zeros((7, 24)) for team, *_ in people}
    hours = f"select team, day, hour, count(*) from {of_teams} group by all"
    for team, day, hour, edits in context.snapshot.rows(hours):
        by_hour[team][day, hour] = edits
    weeks, days, windows = _weeks(context, of_teams), _days(context, of_teams), {}
    for team, *_ in people:
        windows[team] = Windows(*(np.zeros((len(weeks), 5, 24)) for _ in range(3)))
    for team, week, day, hour, *counts in _windows_rows(context, of_teams):
        place = week - weeks[0], day, hour
        for array, count in zip(_arrays(windows[team]), counts, strict=True):
            array[place] = count
    return [
        Edits(
            team,
            name or team,
            count,
            by_hour[team],
            Week(np.array(weeks), _by_weekday(days[team], weeks), windows[team]),
            _months(days[team], weeks),
        )
        for team, name, count in people
    ]


def _of_teams(context: Context) -> str:
    """Lay out the edits once for everybody, and once for the team of who made them."""
    context.snapshot.run(
        "create or replace temp view edits_of_teams as "
        f"select * replace ('' as team) from {relation(context, 'deal_edits')} "
        f"union all select * from {relation(context, 'deal_edits')} where team is not null"
    )
    return "edits_of_teams"


def _weeks(context: Context, of_teams: str) -> list[int]:
    ((first, last),) = context.snapshot.rows(f"select min(week), max(week) from {of_teams}")
    return [] if first is None else list(range(first, last + 1))


def _days(context: Context, of_teams: str) -> dict[str, dict[date, int]]:
    rows = context.snapshot.rows(
        f"select team, cast(local_at as date) as edited, count(*) from {of_teams} group by all"
    )
    days: dict[str, dict[date, int]] = {}
    for team, day, edits in rows:
        days.setdefault(team, {})[day] = edits
    return days


def _by_weekday(days: dict[date, int], weeks: list[int]) -> Array:
    counts = np.zeros((len(weeks), 5))
    for day, edits in days.items():
        week, weekday = divmod((day - _FIRST_MONDAY).days, 7)
        if weekday < 5:
            counts[week - weeks[0], weekday] = edits
    return counts


def _months(days: dict[date, int], weeks: list[int]) -> tuple[Array, ...]:
    """Return the edits of the business days of every month that lies in the weeks as a whole."""
    if not weeks:
        return ()
    first = _FIRST_MONDAY + timedelta(weeks=weeks[0])
    last = _FIRST_MONDAY + timedelta(weeks=weeks[-1], days=6)
    months: dict[tuple[int, int], list[int]] = {}
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day.weekday() < 5:
            months.setdefault((day.year, day.month), []).append(days.get(day, 0))
    # The month of the first and of the last week are rarely whole.
    return tuple(np.array(counts, dtype=np.float64) for counts in list(months.values())[1:-1])


def _windows_rows(context: Context, of_teams: str) -> list[tuple[Any, ...]]:
    """Count deals, people, and the deals of the busiest manager in every window of two hours."""
    return context.snapshot.rows(
        f"""
        with covering as (
            select team, week, day, row_no, user_id, is_manager,
                unnest(range(greatest(hour - {WIDTH - 1}, 0), hour + 1)) as start
            from {of_teams} where day < 5
        ),
        managers as (
            select team, week, day, start, max(deals) as deals from (
                select team, week, day, start, user_id, count(distinct row_no) as deals
                from covering where is_manager group by all
            ) group by all
        ),
        everybody as (
            select team, week, day, start,
                count(distinct row_no) as deals, count(distinct user_id) as people
            from covering group by all
        )
        select team, week, day, start, everybody.deals, people, coalesce(managers.deals, 0)
        from everybody left join managers using (team, week, day, start)
        """
    )


def _arrays(windows: Windows) -> Sequence[Array]:
    return windows.deals, windows.people, windows.by_manager


@dataclass(frozen=True)
class Meeting:
    """What the reviews of a team touched; medians over the weeks in which one was held.

    Attributes:
        coverage: Share of the open amount that was touched within a day of it.
        reach: Share of the team's people who edited deals in it.
        by_managers: Share of the edits in it that managers made.
    """

    coverage: float | None
    reach: float | None
    by_managers: float | None


def read_meeting(context: Context, edits: Edits, slot: Slot, *, by_amount: bool) -> Meeting:
    """Return what the reviews of a team touched.

    Args:
        context: The audit.
        edits: The team, with the weeks that ``slot`` was found in.
        slot: When the reviews were held.
        by_amount: Whether deals weigh their amounts; each weighs 1 otherwise.
    """
    held = np.flatnonzero(slot.held)
    if not held.size:
        return Meeting(None, None, None)
    hour = time(slot.hour)
    starts = [
        datetime.combine(_FIRST_MONDAY + timedelta(weeks=int(week), days=int(day)), hour)
        for week, day in zip(edits.week.numbers[held], slot.days[held], strict=True)
    ]
    context.snapshot.run(
        "create or replace temp table reviews as "
        "select unnest(cast($starts as timestamp[])) as starts_at",
        {"starts": starts},
    )
    weight = "greatest(coalesce(amount, 0), 0)" if by_amount else "1"
    shares = context.snapshot.rows(
        f"""
        with open_then as (
            select starts_at, row_no, {weight} as weight
            from reviews join ({_deals_of(context, edits.team)}) as lives
                on local_time(created_at) <= starts_at
                and (state = 'open' or local_time(closed_at) > starts_at)
        ),
        touched as (
            select distinct starts_at, row_no
            from reviews join {relation(context, "deal_touches")}
                on touched_at between starts_at - interval {WITHIN_HOURS} hour
                and starts_at + interval {WITHIN_HOURS + WIDTH} hour
        )
        select sum(weight) filter (touched.row_no is not null) / sum(weight)
        from open_then left join touched using (starts_at, row_no)
        group by starts_at having sum(weight) > 0 order by starts_at
        """
    )
    people = context.snapshot.rows(
        """
        select count(distinct user_id), avg(cast(is_manager as integer))
        from reviews join edits_of_teams
            on local_at >= starts_at - interval 2 hour and local_at < starts_at + interval 4 hour
        where team = $team group by starts_at order by starts_at
        """,
        {"team": edits.team},
    )
    return Meeting(
        _median([share for (share,) in shares]),
        _median([count / edits.people for count, _ in people]),
        _median([share for _, share in people]),
    )


def _deals_of(context: Context, team: str) -> str:
    """Return the deals whose owner belongs to a team; all of them for everybody."""
    lives = f"select * from {relation(context, 'deal_lives')}"
    if team == EVERYBODY:
        return lives
    members = f"select distinct user_id from edits_of_teams where team = {literal(team)}"
    return f"{lives} where owner_id in ({members})"


def _median(shares: list[float | None]) -> float | None:
    known = [float(share) for share in shares if share is not None]
    return float(np.median(known)) if known else None
