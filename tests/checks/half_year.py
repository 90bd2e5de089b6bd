"""Half a year of eight reps: their deals, the edits of their working days, the calls they log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from checks.context import Context
from tests.checks.snapshots import context_of

REPS = 8
#: Working days of the first half of 2026, at nine.
DAYS = [
    day
    for n in range(181)
    if (day := datetime.fromisoformat("2026-01-01 09:00") + timedelta(days=n)).weekday() < 5
]
#: Its months.
HALF = range(1, 7)
Row = dict[str, Any]


def deal(rep: int, number: int, **more: Any) -> Row:
    """Return an open deal of a rep."""
    row = {
        "id": f"d{rep}-{number}",
        "owner_id": f"u{rep}",
        "state": "open",
        "stage": "Offer",
        "name": f"Deal {number}",
        "type": "New business",
        "created_at": "2025-06-02 09:00",
        "created_by_id": f"u{rep}",
        "close_date": None,
    }
    return {**row, **more}


def deals(reps: int = REPS, each: int = 10) -> list[Row]:
    """Return so many deals of every rep."""
    return [deal(rep, number) for rep in range(reps) for number in range(each)]


def edit(rep: int, number: int, at: datetime, **more: Any) -> Row:
    """Return what a rep changed in the next step of a deal."""
    row = {
        "table_name": "deals",
        "record_id": f"d{rep}-{number % 10}",
        "field": "next_step",
        "old_value": None,
        "new_value": f"{at}",
        "changed_at": at,
        "user_id": f"u{rep}",
        "source": None,
    }
    return {**row, **more}


def daily(rep: int) -> Iterator[Row]:
    """One edit every working day, at hours that wander."""
    for n, day in enumerate(DAYS):
        yield edit(rep, n, day + timedelta(minutes=37 * (n + rep) % 480))


def edited(*histories: Iterable[Row], **more: list[Row]) -> Context:
    """Return the deals with these edits as their history."""
    rows = [row for history in histories for row in history]
    return context_of({"deals": deals(), "field_history": rows, **more})


def calls(rep: int, months: Iterable[int], each: int = 20, **more: Any) -> Iterator[Row]:
    """Log so many calls a month, each within the hour."""
    for month in months:
        of_month = [day for day in DAYS if day.month == month]
        for n in range(each):
            row = {
                "kind": "call",
                "owner_id": f"u{rep}",
                "deal_id": f"d{rep}-{n % 10}",
                "account_id": None,
                "happened_at": of_month[n % len(of_month)],
                "created_at": of_month[n % len(of_month)] + timedelta(hours=1),
                "source": None,
            }
            yield {**row, **more}
