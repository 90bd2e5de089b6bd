"""The plan as reminders that any calendar imports (RFC 5545): when to act, when to look again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event
from icalendar.prop import vRecur

from checks.results import AuditResult
from reports.plan_lines import PlanLine, plan_details, plan_lines, plan_title
from reports.wording import Wording

#: How often each cadence comes back; one that is not here has its due day alone.
_RULES: Mapping[str, Mapping[str, Any]] = {
    "daily": {"FREQ": "WEEKLY", "BYDAY": ["MO", "TU", "WE", "TH", "FR"]},
    "weekly": {"FREQ": "WEEKLY"},
    "monthly": {"FREQ": "MONTHLY", "BYDAY": "1{day}"},
    "quarterly": {"FREQ": "MONTHLY", "INTERVAL": 3, "BYDAY": "1{day}"},
}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MONDAY = 0
#: A review that is held; without one, a day says only what comes nearest to it.
_SEEN = ("present", "partial")
#: A series ends after a year: by then another audit has said whether it is still needed.
_SERIES = timedelta(days=365)
#: Nine in the morning of the day before a day that begins at midnight.
_DAY_BEFORE = timedelta(hours=-15)
_WEEK_BEFORE = timedelta(days=-7)
_FIRST_SEQUENCE = date(2000, 1, 1)


def plan_calendar(words: Wording, result: AuditResult) -> bytes:
    """Return all-day reminders: one series an action that comes back, one day each is due.

    The same action keeps its identity from audit to audit and in every language, so that a newer
    file replaces what an older one put into the calendar.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//crm-auditor//action plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", plan_title(words, result))
    for line in plan_lines(words, result):
        for event in _events(words, result, line):
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(words: Wording, result: AuditResult, line: PlanLine) -> Iterator[Event]:
    if line.cadence in _RULES:
        weekday = _day_of_review(result) if line.meeting == "pipeline_review" else _MONDAY
        first = _first_day(line.cadence, result.run.as_of, weekday)
        event = _event(words, result, line, "series", first, line.title, _DAY_BEFORE)
        event.add("rrule", _rule(line.cadence, weekday, result.run.as_of + _SERIES))
        yield event
    title = words("calendar.due", action=line.title)
    yield _event(words, result, line, "due", line.due, title, _WEEK_BEFORE)


def _event(
    words: Wording,
    result: AuditResult,
    line: PlanLine,
    part: str,
    day: date,
    title: str,
    reminder: timedelta,
) -> Event:
    as_of = result.run.as_of
    event = Event()
    event.add("uid", _identity(result, line, part))
    event.add("dtstamp", datetime.combine(as_of, time(), UTC))
    event.add("sequence", max(0, (as_of - _FIRST_SEQUENCE).days))
    event.add("summary", title)
    event.add("description", "\n".join(plan_details(words, line)))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("categories", [line.foundation])
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", reminder)
    event.add_component(alarm)
    return event


def _identity(result: AuditResult, line: PlanLine, part: str) -> str:
    run = result.run
    owner = str(run.parameters.get("client") or run.source)
    digest = hashlib.sha256("\0".join((owner, line.id, part)).encode()).hexdigest()
    return f"{digest[:32]}@crm-auditor"


def _day_of_review(result: AuditResult) -> int:
    """Return the weekday on which a review can be seen, Monday where none can; Monday is 0."""
    week = result.rhythm.everybody if result.rhythm else None
    if week is None or week.ritual not in _SEEN or week.day is None:
        return _MONDAY
    return week.day - 1 if 1 <= week.day <= len(_WEEKDAYS) else _MONDAY


def _first_day(cadence: str, as_of: date, weekday: int) -> date:
    """Return the first day after the audit that the rule of a cadence names."""
    tomorrow = as_of + timedelta(days=1)
    if cadence == "daily":
        return tomorrow if tomorrow.weekday() < 5 else _next(tomorrow, _MONDAY)
    if cadence == "weekly":
        return _next(tomorrow, weekday)
    first = _next(tomorrow.replace(day=1), weekday)
    if first >= tomorrow:
        return first
    return _next((tomorrow.replace(day=28) + timedelta(days=4)).replace(day=1), weekday)


def _next(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _rule(cadence: str, weekday: int, until: date) -> vRecur:
    rule = {
        name: value.format(day=_WEEKDAYS[weekday]) if isinstance(value, str) else value
        for name, value in _RULES[cadence].items()
    }
    return vRecur(rule | {"UNTIL": until})
