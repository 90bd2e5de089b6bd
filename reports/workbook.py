"""The first records of every check in one workbook, a sheet a check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from checks.lists.list_queries import ListColumn, ListQuery
from checks.lists.list_sources import LINK
from connectors.model import Kind
from reports.list_values import in_words
from reports.record_text import visible_controls
from reports.sentences import column_name
from reports.wording import Wording
from reports.worklists import CheckList, lists_of

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from checks.context import Context
    from checks.measuring import Measured
    from checks.spec import CheckSpec

_LONGEST_CELL = 32_767
_LONGEST_SHEET_NAME = 31
#: A sheet cannot hold more links than this; records beyond keep their id.
_MOST_LINKS = 65_000
_WIDTHS = {Kind.KEY: 20, Kind.TEXT: 30, Kind.MONEY: 14, Kind.STAMP: 18}
_MONEY = "#,##0.00"
_ID = "record_id"


class Sheet(NamedTuple):
    """The first records of one list, read and ready to be written."""

    behind: CheckList
    records: list[tuple[Any, ...]]


class _Line(NamedTuple):
    """One line of the index."""

    name: str
    title: str
    shown: int
    rows: int
    file: str


def sheets_of(
    context: Context,
    specs: Sequence[CheckSpec],
    measured: Measured,
    *,
    rows_per_sheet: int = 1000,
    redact: bool = False,
) -> Iterator[Sheet]:
    """Read the first records of every check that hit one, a sheet at a time.

    Args:
        context: The audit.
        specs: Checks, in the order of their sheets.
        measured: What measuring them yielded.
        rows_per_sheet: Records a sheet holds at most; the index says how many the CSV has.
        redact: Whether columns that may name an owner, an account or a contact are left out.
    """
    for one in lists_of(context, specs, measured, redact=redact):
        yield Sheet(one, context.snapshot.rows(f"{one.query.sql} limit {int(rows_per_sheet)}"))


def write_workbook(sheets: Iterable[Sheet], path: Path, *, as_of: date, language: str) -> None:
    """Write an index sheet, and a sheet a list.

    Every text is written as text: nothing in a record can become a formula, a link or a
    number. Owners, accounts and deals stand under their names, as far as the CRM gives one; their
    keys are in the CSV. Where the address of the CRM is known, the id of a record opens it there.
    The file's dates are the day of the audit, so that equal lists give equal bytes.

    Args:
        sheets: The lists, in the order of their sheets.
        path: The file to write; its folder exists.
        as_of: Day of the audit.
        language: Language of headers and titles.
    """
    import xlsxwriter

    words = Wording(language)
    book = xlsxwriter.Workbook(
        str(path),
        {
            "constant_memory": True,
            "tmpdir": str(path.parent),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"created": datetime.combine(as_of, time())})
    head = book.add_format({"bold": True, "bottom": 1})
    day = words("workbook.date")
    codes = {Kind.MONEY: _MONEY, Kind.DATE: day, Kind.STAMP: f"{day} hh:mm"}
    formats = {kind: book.add_format({"num_format": code}) for kind, code in codes.items()}
    index = book.add_worksheet(words("workbook.index"))
    lines: list[_Line] = []
    for one in sheets:
        spec, shown = one.behind.spec, _shown(one.behind.query)
        name = _sheet_name(spec.id, {line.name for line in lines})
        sheet = book.add_worksheet(name)
        _write_headings(sheet, shown, spec.table, words, head)
        _write_records(sheet, one, shown, words, formats)
        title = getattr(spec.text, language, spec.text.en).title
        file = f"worklists/{spec.id}.csv"
        lines.append(_Line(name, title, len(one.records), one.behind.rows, file))
    _write_index(index, lines, words, head)
    book.close()


def _sheet_name(check_id: str, taken: set[str]) -> str:
    name = check_id[:_LONGEST_SHEET_NAME]
    number = 2
    while name in taken:
        name = f"{check_id[: _LONGEST_SHEET_NAME - 3]}~{number}"
        number += 1
    return name


class _Shown(NamedTuple):
    """A column of a sheet: a key and the name of its record are one.

    Attributes:
        places: Where its value stands in a record, the first that is filled.
        column: What the value is.
        heading: Name of the column above it.
    """

    places: tuple[int, ...]
    column: ListColumn
    heading: str


def _shown(query: ListQuery) -> list[_Shown]:
    """Return the columns of a sheet; the key of a named record stands in the CSV alone."""
    places = {column.name: place for place, column in enumerate(query.columns)}
    named = {column.names for column in query.columns} - {_ID}
    return [
        _Shown((place, places[column.names]), column, column.names)
        if column.names in named and column.names in places
        else _Shown((place,), column, column.name)
        for place, column in enumerate(query.columns)
        if column.name != LINK and column.name not in named
    ]


def _write_headings(
    sheet: Worksheet, shown: Sequence[_Shown], table: str, words: Wording, head: Format
) -> None:
    # Records of several tables are no deals, though the check is about deals.
    mixed = any(one.heading == "table_name" for one in shown)
    for at, one in enumerate(shown):
        of = "" if mixed and one.heading == "name" else table
        sheet.set_column(at, at, _WIDTHS.get(one.column.kind, 12))
        sheet.write_string(0, at, column_name(words, one.heading, of), head)


def _write_records(
    sheet: Worksheet,
    one: Sheet,
    shown: Sequence[_Shown],
    words: Wording,
    formats: Mapping[Kind, Format],
) -> None:
    names = [column.name for column in one.behind.query.columns]
    link = names.index(LINK) if LINK in names else None
    for row, record in enumerate(one.records, start=1):
        for at, (places, column, _) in enumerate(shown):
            value = next((record[place] for place in places if record[place]), record[places[0]])
            if isinstance(value, str):
                value = in_words(words, column.name, value)
            _write_cell(sheet, row, at, value, formats.get(column.kind))
        if link is not None and record[link] and row <= _MOST_LINKS:
            sheet.write_url(row, 0, record[link], string=_cell_text(str(record[0])))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(one.records), len(shown) - 1)


def _write_cell(sheet: Worksheet, row: int, at: int, value: object, form: Format | None) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, at, value)
        case int() | float() | Decimal():
            sheet.write_number(row, at, float(value), form)
        case date():
            sheet.write_datetime(row, at, value, form)
        case _:
            sheet.write_string(row, at, _cell_text(str(value)))


def _cell_text(text: str) -> str:
    return visible_controls(text)[:_LONGEST_CELL]


def _write_index(sheet: Worksheet, lines: list[_Line], words: Wording, head: Format) -> None:
    headings = ("sheet", "check", "shown", "rows", "more", "file")
    for at, (heading, width) in enumerate(zip(headings, (34, 60, 12, 12, 16, 52), strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, words(f"workbook.{heading}"), head)
    for row, line in enumerate(lines, start=1):
        for at, text in enumerate((line.name, line.title)):
            sheet.write_url(row, at, f"internal:'{line.name}'!A1", string=text)
        sheet.write_number(row, 2, line.shown)
        sheet.write_number(row, 3, line.rows)
        sheet.write_number(row, 4, line.rows - line.shown)
        sheet.write_string(row, 5, line.file)
    sheet.freeze_panes(1, 0)
    if lines:
        sheet.autofilter(0, 0, len(lines), len(headings) - 1)
