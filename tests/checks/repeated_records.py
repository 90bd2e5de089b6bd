"""Repeated records: the days they were made on, and how they are listed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.checks.relations import hits, measure


def day(number: int) -> datetime:
    """Return a day of January 2026."""
    return datetime.fromisoformat(f"2026-01-{number:02}")


def listed(name: str, table: str, *rows: dict[str, Any]) -> tuple[list[Any], int]:
    """The tiers of the records listed, by record, and how many count."""
    context, check, found = measure(name, table, {table: list(rows)})
    tiers = sorted(hits(context, check, "record_id", "tier"))
    return tiers, found.k_defect
