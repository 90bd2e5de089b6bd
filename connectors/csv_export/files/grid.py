"""Sheets and HTML tables: rows of cells that are already apart.

A formatted report groups its rows: the group is written once, on its first row, and a row of
sums follows. The group is written down to each of its records, and the sums are set aside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.csv_export.files.layout import footer_length, header_at, is_total, labels
from connectors.csv_export.files.records import Record
from connectors.csv_export.files.refusals import NotATableError

#: Salesforce marks the columns that a formatted report is grouped by.
_GROUP_MARKS = ("↑", "↓")

_SAMPLE_ROWS = 200


@dataclass(frozen=True)
class Grid:
    """A table of cells; rows are counted from 1, as a spreadsheet does."""

    headers: tuple[str, ...]
    header_row: int
    records: list[Record]
    rows_set_aside: int


def arrange(rows: list[list[str]]) -> Grid:
    """Tell titles, header, records, sums and footer of a sheet apart.

    Raises:
        NotATableError: If the sheet is empty or no row looks like a header.
    """
    if not any(any(row) for row in rows):
        raise NotATableError("empty_sheet")
    at = header_at(rows[:_SAMPLE_ROWS])
    if at is None:
        raise NotATableError("not_a_table")
    below = rows[at + 1 :]
    outlines = [_outline(row) for row in below[-_SAMPLE_ROWS:]]
    below = below[: len(below) - footer_length(outlines, len(rows[at]))]
    kept = _used_columns(rows[at], below)
    header = [_cell(rows[at], place) for place in kept]
    grouped = [place for place, label in enumerate(header) if label.endswith(_GROUP_MARKS)]
    records = list(_records(below, at + 2, kept, grouped))
    plain = [label.rstrip(" ".join(_GROUP_MARKS)) for label in header]
    return Grid(
        headers=labels(plain, len(plain)),
        header_row=at + 1,
        records=records,
        rows_set_aside=len(rows) - 1 - len(records),
    )


def _records(
    rows: list[list[str]], first_row: int, kept: list[int], grouped: list[int]
) -> Iterator[Record]:
    below_total = False
    group = [""] * len(kept)
    for number, row in enumerate(rows, first_row):
        cells = [_cell(row, place) for place in kept]
        below_total = is_total(cells, below_records=below_total)
        if below_total or not any(cell.strip() for cell in cells):
            continue
        for place in grouped:
            if cells[place]:
                group[place] = cells[place]
            else:
                cells[place] = group[place]
        yield Record(number, cells, len(cells))


def _used_columns(header: list[str], rows: list[list[str]]) -> list[int]:
    """Return the places of the columns that have a label or a value."""
    used = {place for place, label in enumerate(header) if label.strip()}
    for row in rows:
        if len(used) < len(row):
            used.update(place for place, cell in enumerate(row) if cell)
    return sorted(used)


def _cell(row: list[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def _outline(row: list[str]) -> list[str]:
    """Return a row as a CSV would have it: titles and notices are one or two cells."""
    filled = [cell for cell in row if cell.strip()]
    return filled if len(filled) <= 2 else row
