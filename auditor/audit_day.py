"""The day of the audit: named by the user, today, or read from the export's own stamps."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.errors import ConfigurationError, InputError
from connectors.model import RECORD_TABLES

if TYPE_CHECKING:
    from connectors.snapshot import Snapshot

LATEST = "latest"
TODAY = "today"


def is_day_choice(choice: str) -> bool:
    """Return whether a text is a day, ``latest`` or ``today``."""
    return choice in (LATEST, TODAY) or _day(choice) is not None


def audit_day(
    choice: str, snapshot: Snapshot, *, now: datetime, time_zone: str
) -> tuple[date, str]:
    """Return the day of the audit, and where it comes from.

    Args:
        choice: A day, ``latest`` or ``today``.
        snapshot: The loaded export.
        now: The present moment, with its time zone.
        time_zone: Time zone of the organisation's calendar, IANA name.

    Returns:
        The day, and ``argument``, ``today`` or the ``table.column`` it was read from.

    Raises:
        ConfigurationError: If the choice is no day, or lies in the future.
        InputError: If ``latest`` finds no stamp that the CRM wrote itself.
    """
    today = now.astimezone(zone(time_zone)).date()
    if choice == TODAY:
        return today, TODAY
    if choice == LATEST:
        from connectors.snapshot import latest_day

        found = latest_day(snapshot, now.astimezone(UTC).replace(tzinfo=None))
        if found is None and not any(snapshot.count(table) for table in RECORD_TABLES):
            raise InputError(
                "this export holds headers and not one record",
                next_step="Export the records again, without a filter.",
            )
        if found is None:
            raise InputError(
                "no column of this export tells on which day it was made",
                next_step="Say it with --as-of 2026-06-30 (a day), or --as-of today.",
            )
        return found
    day = _day(choice)
    if day is None:
        raise ConfigurationError(
            '--as-of does not take "{choice}"',
            next_step="It takes a day such as 2026-06-30, or latest, or today.",
            choice=choice,
        )
    if day > today:
        raise ConfigurationError(
            "--as-of {day} lies in the future",
            next_step="Today is {today}; nothing can be known after it.",
            day=day,
            today=today,
        )
    return day, "argument"


def zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name.

    Raises:
        ConfigurationError: If there is no such time zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigurationError(
            '"{name}" is no time zone',
            where="profile.time_zone",
            next_step="Write an IANA name such as Europe/Paris.",
            name=name,
        ) from error


def _day(choice: str) -> date | None:
    try:
        return date.fromisoformat(choice)
    except ValueError:
        return None
