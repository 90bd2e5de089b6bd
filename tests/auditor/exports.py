"""Small exports as a CRM would make them, written where a test wants them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

#: The day on which these exports are audited, as options of the program.
AS_OF = ("--as-of", "2026-06-30")

DEAL_HEADERS = (
    "Id", "Name", "AccountId", "OwnerId", "StageName", "Amount", "CloseDate", "NextStep",
    "IsClosed", "IsWon", "IsDeleted", "CreatedDate", "LastModifiedDate",
)  # fmt: skip


def deal(number: int, **changes: str) -> dict[str, str]:
    """Return one healthy open deal of a Salesforce export, with the changes given."""
    return {
        "Id": f"006A00000000{number:03d}AAA",
        "Name": f"Ferme {number}",
        "AccountId": f"001A00000000{number % 7:03d}AAA",
        "OwnerId": f"005A00000000{number % 5:03d}AAA",
        "StageName": "Proposal",
        "Amount": str(1000 + number),
        "CloseDate": "2026-07-20",
        "NextStep": f"Call on day {number}",
        "IsClosed": "false",
        "IsWon": "false",
        "IsDeleted": "false",
        "CreatedDate": "2026-05-01T09:00:00.000Z",
        "LastModifiedDate": "2026-06-30T09:00:00.000Z",
    } | changes


def deals(count: int = 40, *, overdue: int = 0) -> list[dict[str, str]]:
    """Return open deals, of which the first ``overdue`` should have closed a month ago."""
    late = {"CloseDate": "2026-05-30"}
    return [deal(n, **(late if n < overdue else {})) for n in range(count)]


def write_csv(file: Path, rows: Iterable[dict[str, str]]) -> Path:
    """Write rows with their keys as header; the folder is made."""
    listed = list(rows)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(listed[0]) if listed else DEAL_HEADERS)
        writer.writeheader()
        writer.writerows(listed)
    return file


def write_export(folder: Path, *, overdue: int = 0) -> Path:
    """Write a folder with one file of deals."""
    write_csv(folder / "Opportunity.csv", deals(overdue=overdue))
    return folder
