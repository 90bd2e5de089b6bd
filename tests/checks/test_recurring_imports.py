"""Files that somebody loads every month, told from migrations and interfaces."""

from __future__ import annotations

from typing import Any

import pytest

from checks.authoring.catalogue import load_catalogue
from checks.measurement import Measurement
from checks.results import State
from tests.checks.half_year import Row, deal
from tests.checks.snapshots import context_of, counts, judged, measure

IMPORTS = load_catalogue()["recurring-import"]
OLD = deal(1, 1, created_at="2024-01-08 09:30")
MONTHLY = ("2026-02-03", "2026-03-03", "2026-04-07", "2026-05-05")


def batch(day: str, count: int = 60, user: str = "admin", **more: Any) -> list[Row]:
    return [
        deal(
            0,
            n,
            id=f"{day}-{user}-{n}",
            created_at=f"{day} 10:0{n % 10}:{n % 60:02}",
            created_by_id=user,
            **more,
        )
        for n in range(count)
    ]


def imported(*batches: list[Row], first: Row = OLD, **more: list[Row]) -> Measurement:
    rows = [first, *(row for one in batches for row in one)]
    return measure(context_of({"deals": rows, **more}), IMPORTS)


def test_an_import_every_month_is_present() -> None:
    one = imported(*map(batch, MONTHLY))
    assert (counts(one), one.metric and one.metric.value) == ((6, 4), 4)
    assert judged(one, IMPORTS).state is State.PRESENT


def test_a_migration_at_go_live_is_no_habit() -> None:
    waves = map(batch, ("2026-01-13", "2026-02-03", "2026-03-03"))
    one = imported(*waves, first=deal(1, 1, created_at="2026-01-12 09:30"))
    assert judged(one, IMPORTS).state is State.NOT_OBSERVABLE
    assert one.reason == "too_young_crm"
    one = imported(
        *map(batch, ("2025-11-04", "2025-12-02", "2026-01-06")),
        first=deal(1, 1, created_at="2025-10-30 09:30"),
    )
    assert judged(one, IMPORTS).state is State.ABSENT


def test_one_import_of_three_days_is_emerging_and_of_one_day_is_nothing() -> None:
    three = imported(*map(batch, ("2026-04-01", "2026-04-02", "2026-04-03")))
    assert judged(three, IMPORTS).state is State.EMERGING
    assert judged(imported(batch("2026-04-01")), IMPORTS).state is State.ABSENT


@pytest.mark.parametrize(
    "batches",
    [
        [batch(day, 49) for day in MONTHLY],
        [batch(day, type="Renewal") for day in MONTHLY],
        [batch(day, user="robot") for day in MONTHLY],
    ],
    ids=["less than fifty", "renewals", "an interface"],
)
def test_what_is_no_file_of_somebody_is_no_import(batches: list[list[Row]]) -> None:
    robot = [{"id": "robot", "name": "ERP", "is_integration": True}]
    assert judged(imported(*batches, users=robot), IMPORTS).state is State.ABSENT


def test_activities_are_imported_too_and_mailings_are_not() -> None:
    def sent(kind: str) -> list[Row]:
        return [
            {
                "kind": kind,
                "owner_id": "u1",
                "created_by_id": "u1",
                "happened_at": f"{day} 09:00",
                "created_at": f"{day} 10:0{n % 10}:{n % 60:02}",
                "source": None,
            }
            for day in MONTHLY
            for n in range(60)
        ]

    assert judged(imported(activities=sent("call")), IMPORTS).state is State.PRESENT
    assert judged(imported(activities=sent("email")), IMPORTS).state is State.ABSENT


def test_without_creation_dates_imports_are_not_observable() -> None:
    context = context_of({"deals": [{"id": "d1", "state": "open"}]})
    assert measure(context, IMPORTS).reason == "column_absent"
