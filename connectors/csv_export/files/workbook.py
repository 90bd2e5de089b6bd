"""Workbooks: XLSX, XLSM and the older binary XLS, every visible sheet."""

from __future__ import annotations

import datetime
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.csv_export.files.refusals import NotATableError

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Cell = int | float | str | bool | datetime.time | datetime.date | datetime.timedelta

#: The largest sheet that Excel can hold unpacks to less.
MAX_UNPACKED = 4 * 1024**3

#: A million records of a hundred columns.
MAX_CELLS = 100_000_000

_BEGINNING = 4 * 1024
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]{1,3})(\d{1,7})"')

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Sheet:
    """One sheet; ``rows`` reads its cells as text, row 1 first."""

    name: str
    hidden: bool
    rows: Callable[[], list[list[str]]]


def read_sheets(path: Path) -> list[Sheet]:
    """Open a workbook.

    Raises:
        NotATableError: If it is damaged, protected by a password, or unpacks to too much.
    """
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    _refuse_unreadable(path)
    workbook = _opened(path)
    return [
        Sheet(
            name=sheet.name,
            hidden=sheet.visible is not SheetVisibleEnum.Visible,
            rows=lambda name=sheet.name: _rows(workbook, name),  # type: ignore[misc]
        )
        for sheet in workbook.sheets_metadata
        if sheet.typ is SheetTypeEnum.WorkSheet
    ]


def _refuse_unreadable(path: Path) -> None:
    """Judge what the workbook's own reader would not: locks, and bombs before they unpack."""
    with path.open("rb") as file:
        if file.read(len(_OLE)) == _OLE:
            overlap = b""
            while chunk := file.read(_MEGABYTE):
                if _ENCRYPTED in overlap + chunk:
                    raise NotATableError("locked_workbook")
                overlap = chunk[-len(_ENCRYPTED) :]
            return
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_oversize(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise NotATableError("broken_workbook") from error


def _refuse_oversize(archive: zipfile.ZipFile) -> None:
    unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > MAX_UNPACKED:
        raise NotATableError("workbook_too_large", megabytes=MAX_UNPACKED // _MEGABYTE)
    for member in archive.infolist():
        if member.filename.startswith("xl/worksheets/sheet"):
            with archive.open(member) as sheet:
                _refuse_stray_cell(sheet.read(_BEGINNING))


def _refuse_stray_cell(beginning: bytes) -> None:
    """One cell in the last corner would make the reader lay out all the cells before it."""
    spanned = _DIMENSION.search(beginning)
    if spanned and _column(spanned[1]) * int(spanned[2]) > MAX_CELLS:
        raise NotATableError("sheet_too_large", corner=(spanned[1] + spanned[2]).decode())


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def _opened(path: Path) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with path.open("rb") as file:  # by content: the reader would believe the suffix
            return CalamineWorkbook.from_filelike(file)
    except PasswordError as error:
        raise NotATableError("locked_workbook") from error
    except CalamineError as error:
        raise NotATableError("broken_workbook") from error


def _rows(workbook: CalamineWorkbook, name: str) -> list[list[str]]:
    from python_calamine import CalamineError

    try:
        return [
            [_text(cell) for cell in row] for row in workbook.get_sheet_by_name(name).iter_rows()
        ]
    except CalamineError as error:
        raise NotATableError("broken_workbook") from error


def _text(cell: Cell) -> str:
    """Write a cell as an export would: whole numbers without a point, days as ISO dates."""
    if isinstance(cell, str):
        return cell.replace("\0", "")
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time.min
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    return str(cell)
