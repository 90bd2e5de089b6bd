"""The first rows of a check's list, as the page shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from checks.lists.record_names import pointed
from checks.results import CheckResult
from connectors.model import Kind
from connectors.record_links import RecordLinks, crm_address
from reports.list_values import in_words
from reports.numbers import as_decimal
from reports.record_text import cell_text
from reports.sentences import canonical_column, column_name, person
from reports.wording import Wording

LONGEST_CELL = 200
_LIST_FILE = re.compile(r"worklists/[a-z0-9-]+\.csv")
_NUMERIC = (Kind.MONEY, Kind.NUMBER, Kind.INTEGER)
_DATED = (Kind.DATE, Kind.STAMP)
_PEOPLE = ("owner_id", "created_by_id", "modified_by_id", "manager_id")
_OF_PEOPLE = "users"
#: Columns that open the record, the first of them that is filled.
_ID = "record_id"
_TABLE = "table_name"
_LINKED = ("name", "subject", _ID)
#: What the CRM states in percent, and so does the page.
_PERCENT = ("probability", "stage_probability")
#: Features that are money, of which a result keeps the decimals as text.
_MONEY = ("amount_a_week_before",)
#: Limits learned from many deals: their decimals say nothing.
_WHOLE_DAYS = ("stall_days", "won_cycle_median", "won_cycle_q90", "won_cycle_q95")
_STAMP = re.compile(r"\d{4}-\d\d-\d\d([T ][\d:.+Z-]+)?")
_CURRENCY = re.compile("[A-Z]{3}")


@dataclass(frozen=True)
class Cell:
    """A value as shown, as sorted where that differs, and where its record can be opened."""

    text: str
    sort: str | None = None
    href: str | None = None


@dataclass(frozen=True)
class Heading:
    """A column of the list; numbers stand to the right.

    Attributes:
        classes: How its cells are styled: numbers, and what a screen alone has room for.
        is_name: Whether it says what the records are called, and so wants room.
    """

    label: str
    classes: str
    is_name: bool


@dataclass(frozen=True)
class ListView:
    """The first rows of a list, and where the others are.

    Attributes:
        paper_caption: The same of the rows that are printed, where it is another one.
        remark: Why nothing opens in the CRM, where others of its records do.
    """

    caption: str
    paper_caption: str
    remark: str
    link: str | None
    headings: list[Heading]
    rows: list[list[Cell]]


def list_view(
    words: Wording,
    check: CheckResult,
    rows: int,
    currency: str | None,
    link_base: str | None = None,
    *,
    rows_on_paper: int = 10,
) -> ListView | None:
    """Return at most ``rows`` rows of a check's list; None when there is none to show.

    Args:
        words: Language of the page.
        check: The check, with the first rows of its list.
        rows: Rows that the page has room for.
        currency: Of amounts whose row names none.
        link_base: Address of the CRM; anything else makes no link.
        rows_on_paper: Rows that are printed; the style sheet leaves the others out.
    """
    shown = check.sample[:rows]
    if not shown:
        return None
    names = _names(check)
    named = _is_named(check)
    names.sort(key=lambda name: name == _ID and named)
    columns = [_Column(words, check, name, currency) for name in names]
    address = crm_address(link_base) if link_base else None
    links = RecordLinks(address) if address else None
    addresses = [_address(links, check, row) for row in shown]
    lines = [
        _linked(dict(zip(names, (one.cell(row) for one in columns), strict=True)), address)
        for row, address in zip(shown, addresses, strict=True)
    ]
    return ListView(
        caption=_caption(words, check, len(shown)),
        paper_caption=_paper_caption(words, check, len(shown), rows_on_paper),
        remark=words("list.no_page") if links and not any(addresses) else "",
        link=list_link(check),
        headings=[
            Heading(column.label, _classes(column, named=named), name in _LINKED and name != _ID)
            for name, column in zip(names, columns, strict=True)
        ],
        rows=lines,
    )


def _names(check: CheckResult) -> list[str]:
    """Return the columns that are shown: those that a row fills, and of a key and its name one."""
    names = dict.fromkeys(name for row in check.sample for name in row)
    beside = {one.name for name in names if (one := pointed(check.table, name))}
    return [
        name
        for name in names
        if name not in beside and any(row.get(name) not in (None, "") for row in check.sample)
    ]


def _is_named(check: CheckResult) -> bool:
    """Return whether a list tells its records by name, so that their ids may stand back."""
    told = [name for name in _LINKED if name != _ID]
    return all(any(row.get(name) for name in told) for row in check.sample)


def _classes(column: _Column, *, named: bool) -> str:
    on_screen_alone = column.is_key and named
    if column.numeric:
        return "number"
    return "on-screen" if on_screen_alone else "short" if column.is_person else ""


def _address(links: RecordLinks | None, check: CheckResult, row: Mapping[str, Any]) -> str | None:
    table = str(row.get(_TABLE) or check.table)
    return links.address(table, str(row.get("record_id", ""))) if links else None


def _linked(cells: dict[str, Cell], href: str | None) -> list[Cell]:
    """Let the name of a record, else its id, open it in the CRM."""
    link = next((name for name in _LINKED if name in cells and cells[name].text), None)
    if href is not None and link is not None:
        cells[link] = replace(cells[link], href=href)
    return list(cells.values())


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


def _paper_caption(words: Wording, check: CheckResult, shown: int, printed: int) -> str:
    return _caption(words, check, printed) if 0 < printed < shown else ""


class _Column:
    """How the values of one column are shown."""

    def __init__(self, words: Wording, check: CheckResult, name: str, currency: str | None) -> None:
        self._words = words
        self._name = name
        self._currency = currency
        column = canonical_column(check.table, name)
        self._kind = column.kind if column else _kind_of_values(check, name)
        beside = pointed(check.table, name)
        self._beside = beside.name if beside and not beside.is_person else ""
        # Records of several tables are no deals, though the check is about deals.
        mixed = name == "name" and any(_TABLE in row for row in check.sample)
        self.label = column_name(words, name, "" if mixed else check.table)
        self.numeric = self._kind in _NUMERIC or name in _PERCENT
        self.is_person = name in _PEOPLE or (name == _ID and check.table == _OF_PEOPLE)
        is_told = any(row.get(self._beside) for row in check.sample)
        self.is_key = name == _ID or (self._kind is Kind.KEY and not self.is_person and not is_told)

    def cell(self, row: Mapping[str, Any]) -> Cell:
        """Return the cell of a row."""
        value = row.get(self._beside) or row.get(self._name)
        if value is None or value == "":
            return Cell("")
        if isinstance(value, bool):
            return Cell(self._words("word.yes" if value else "word.no"))
        number = as_decimal(value) if self.numeric else None
        if number is not None:
            return Cell(self._number(number, row), str(number))
        if self._kind in _DATED:
            return self._dated(str(value))
        return Cell(cell_text(self._text(str(value)), LONGEST_CELL))

    def _number(self, number: Decimal, row: Mapping[str, Any]) -> str:
        if self._name in _PERCENT:
            return self._words.numbers.percent(float(number) / 100)
        if self._name in _WHOLE_DAYS:
            return self._words.numbers.integer(round(number))
        if self._kind is not Kind.MONEY:
            return self._words.numbers.decimal(number)
        own = row.get("currency")
        known = isinstance(own, str) and _CURRENCY.fullmatch(own)
        return self._words.numbers.money(number, own if known else self._currency)

    def _dated(self, text: str) -> Cell:
        try:
            return Cell(self._words.numbers.short_day(date.fromisoformat(text[:10])), text[:19])
        except ValueError:
            return Cell(cell_text(text, LONGEST_CELL))

    def _text(self, text: str) -> str:
        return (
            person(self._words, text) if self.is_person else in_words(self._words, self._name, text)
        )


def _kind_of_values(check: CheckResult, name: str) -> Kind:
    """Return what a feature or a column of a measure holds, judged by its values."""
    if name in _MONEY:
        return Kind.MONEY
    values = [row[name] for row in check.sample if row.get(name) is not None]
    if values and all(isinstance(value, int | float) for value in values):
        return Kind.FLAG if isinstance(values[0], bool) else Kind.NUMBER
    if values and all(_STAMP.fullmatch(str(value)) for value in values):
        return Kind.STAMP
    return Kind.TEXT
