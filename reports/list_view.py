"""The first rows of a check's list, as the page shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from checks.results import CheckResult
from connectors.model import Kind
from reports.numbers import as_decimal
from reports.record_text import cell_text
from reports.sentences import canonical_column, column_name, column_of, person
from reports.wording import Wording

LONGEST_CELL = 200
_LIST_FILE = re.compile(r"worklists/[a-z0-9-]+\.csv")
_NUMERIC = (Kind.MONEY, Kind.NUMBER, Kind.INTEGER)
_DATED = (Kind.DATE, Kind.STAMP)
_PEOPLE = ("owner_id", "owner_name", "created_by_id", "modified_by_id", "manager_id")
_COLUMN_NAMES = ("field", "column", "missing_field", "missing_fields", "required_missing")


@dataclass(frozen=True)
class Cell:
    """A value as shown, and as sorted where that differs."""

    text: str
    sort: str | None = None


@dataclass(frozen=True)
class Heading:
    """A column of the list; numbers stand to the right."""

    label: str
    numeric: bool


@dataclass(frozen=True)
class ListView:
    """The first rows of a list, and where the others are."""

    caption: str
    link: str | None
    headings: list[Heading]
    rows: list[list[Cell]]


def list_view(
    words: Wording, check: CheckResult, rows: int, currency: str | None
) -> ListView | None:
    """Return at most ``rows`` rows of a check's list; None when there is none to show."""
    shown = check.sample[:rows]
    if not shown:
        return None
    columns = list(dict.fromkeys(name for row in check.sample for name in row))
    numeric = {name: _is_numeric(check, name) for name in columns}
    return ListView(
        caption=_caption(words, check, len(shown)),
        link=list_link(check),
        headings=[
            Heading(column_name(words, name, check.table), numeric[name]) for name in columns
        ],
        rows=[
            [_cell(words, check.table, name, row, currency, numeric[name]) for name in columns]
            for row in shown
        ],
    )


def list_link(check: CheckResult) -> str | None:
    """Return the relative address of a check's full list; None for anything else."""
    file = check.worklist.file if check.worklist else ""
    return file if _LIST_FILE.fullmatch(file) else None


def list_rows(check: CheckResult) -> int:
    """Return how many rows the full list has."""
    return check.worklist.rows if check.worklist else check.k_defect


def _caption(words: Wording, check: CheckResult, shown: int) -> str:
    total = list_rows(check)
    if shown >= total:
        return words.plural("list.all", shown)
    return words("list.first", shown=shown, total=total)


def _is_numeric(check: CheckResult, name: str) -> bool:
    column = canonical_column(check.table, name)
    if column is not None:
        return column.kind in _NUMERIC
    values = [row[name] for row in check.sample if row.get(name) is not None]
    return bool(values) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in values
    )


def _cell(
    words: Wording,
    table: str,
    name: str,
    row: Mapping[str, Any],
    currency: str | None,
    numeric: bool,
) -> Cell:
    value = row.get(name)
    if value is None or value == "":
        return Cell("")
    if isinstance(value, bool):
        return Cell(words("word.yes" if value else "word.no"))
    column = canonical_column(table, name)
    kind = column.kind if column else None
    number = as_decimal(value) if numeric else None
    if number is not None:
        if kind is Kind.MONEY:
            own = row.get("currency")
            code = own if isinstance(own, str) and re.fullmatch("[A-Z]{3}", own) else currency
            return Cell(words.numbers.money(number, code), str(number))
        return Cell(words.numbers.decimal(number), str(number))
    text = str(value)
    if kind in _DATED or (kind is None and name.endswith(("_date", "_at"))):
        return _dated(words, text)
    if name in _PEOPLE:
        return Cell(person(words, text))
    if name in _COLUMN_NAMES:
        names = [column_of(words, part.strip()) for part in text.split(",")]
        return Cell(cell_text(", ".join(names), LONGEST_CELL))
    return Cell(cell_text(text, LONGEST_CELL))


def _dated(words: Wording, text: str) -> Cell:
    try:
        return Cell(words.numbers.short_day(date.fromisoformat(text[:10])), text[:19])
    except ValueError:
        return Cell(cell_text(text, LONGEST_CELL))
