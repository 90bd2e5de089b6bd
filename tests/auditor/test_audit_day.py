"""The day of the audit: never after the clock, never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from auditor.audit_day import audit_day, is_day_choice
from checks.authoring.rehearsal import snapshot_from_rows
from connectors.errors import ConfigurationError, InputError
from connectors.snapshot import Snapshot

NOW = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)


def nine_o_clock(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00")


def exported(**stamps: datetime) -> Snapshot:
    return snapshot_from_rows({"deals": [{"id": "1", **stamps}]})


def day(choice: str, snapshot: Snapshot | None = None, zone: str = "UTC") -> tuple[date, str]:
    return audit_day(choice, snapshot or exported(), now=NOW, time_zone=zone)


def test_a_day_is_taken_as_it_is() -> None:
    assert day("2026-06-30") == (date(2026, 6, 30), "argument")


def test_today_is_a_day_of_the_organisation() -> None:
    assert day("today", zone="Europe/Paris") == (date(2026, 7, 2), "today")


def test_latest_is_the_greatest_stamp_that_the_crm_wrote() -> None:
    snapshot = exported(
        created_at=nine_o_clock("2026-05-01"), modified_at=nine_o_clock("2026-06-03")
    )
    assert day("latest", snapshot) == (date(2026, 6, 3), "deals.modified_at")


def test_latest_passes_over_stamps_after_the_clock() -> None:
    snapshot = exported(
        created_at=nine_o_clock("2026-05-01"), modified_at=nine_o_clock("2031-01-01")
    )
    assert day("latest", snapshot) == (date(2026, 5, 1), "deals.created_at")


def test_latest_never_reads_dates_that_people_type() -> None:
    snapshot = snapshot_from_rows({"deals": [{"id": "1", "close_date": date(2026, 6, 1)}]})
    with pytest.raises(InputError, match="--as-of"):
        day("latest", snapshot)


def test_an_export_without_a_record_is_said_to_hold_none() -> None:
    with pytest.raises(InputError, match="headers and not one record"):
        day("latest", snapshot_from_rows({"deals": []}))


def test_a_day_in_the_future_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="future"):
        day("2026-07-02")


def test_an_unknown_time_zone_is_named() -> None:
    with pytest.raises(ConfigurationError, match="Europe/Pari"):
        day("today", zone="Europe/Pari")


@pytest.mark.parametrize("choice", ["yesterday", "30/06/2026", ""])
def test_anything_else_is_no_day(choice: str) -> None:
    assert not is_day_choice(choice)
    with pytest.raises(ConfigurationError, match="It takes a day"):
        day(choice)
