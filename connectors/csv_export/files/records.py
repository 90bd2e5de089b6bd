"""The careful reading of a table that the engine's reader stumbled over.

A quote that is opened and never closed swallows every line down to the next quote. Here such a
line is rejected alone, and reading goes on with the line below it, so that one broken line
costs one record. Blank lines and subtotals are told apart from records on the way.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from connectors.csv_export.files.layout import Layout, is_total
from connectors.csv_export.files.text import MAX_LINE
from connectors.intake.raw_table import LISTED_REJECTS, SHOWN_CHARACTERS, RejectedLine


class Record(NamedTuple):
    """One record: the physical line where it starts, its cells, and its number of fields."""

    line: int
    cells: list[str]
    width: int


@dataclass
class Account:
    """What became of the lines that are no records; every line ends up in one place."""

    rejected: list[RejectedLine] = field(default_factory=list)
    rows_rejected: int = 0
    lines_set_aside: int = 0

    def reject(self, line: int, text: str, reason: str) -> None:
        """Count a record that could not be read, and list it while there is room."""
        self.rows_rejected += 1
        if len(self.rejected) < LISTED_REJECTS:
            self.rejected.append(RejectedLine(line, text[:SHOWN_CHARACTERS], reason))


def careful_records(path: Path, layout: Layout, account: Account) -> Iterator[Record]:
    """Yield the records of a table, with as many cells as it has headers.

    Args:
        path: UTF-8 file.
        layout: Where the table lies in it.
        account: Receives what is rejected or set aside.

    Records with too few fields are yielded too, filled up with empty cells: whether a file
    leaves out the empty cells at the end of a row is known at its end only.
    """
    width = len(layout.headers)
    lines = _Lines(path, layout)
    limit = csv.field_size_limit(MAX_LINE)
    below_total = False
    try:
        for line, fields in _records(lines, layout.separator, width, account):
            initial = fields[0][:1].strip() if fields else ""
            if len(fields) == width and not below_total and initial not in _MAY_BE_NO_RECORD:
                yield Record(line, fields, width)
                continue
            filled = any(cell.strip() for cell in fields)
            below_total = filled and is_total(fields, below_records=below_total)
            if not filled or below_total:
                account.lines_set_aside += len(lines.taken)
            elif len(fields) > width and any(cell.strip() for cell in fields[width:]):
                account.reject(line, lines.text(), "too_many_fields")
            elif len(fields) == 1 < width:
                account.reject(line, lines.text(), "too_few_fields")
            else:
                cells = fields[:width] + [""] * (width - len(fields))
                yield Record(line, cells, min(len(fields), width))
    finally:
        csv.field_size_limit(limit)
        lines.close()


#: Nearly every record begins otherwise, and is spared a closer look: a blank, or the first
#: letter of "Total", "Grand total", "Subtotal".
_MAY_BE_NO_RECORD = frozenset(("", *"tTgGsS"))

#: Stands for a line that is too long to be held; clean text has no such character.
_ENDLESS = "\0"


class _SwallowedError(Exception):
    """A record has grown longer than any record can be."""


class _Lines:
    """Physical lines of the table; those of the present record can be given back."""

    def __init__(self, path: Path, layout: Layout) -> None:
        self._file = path.open("rb")
        self._file.seek(layout.body_start)
        self._left = layout.body_end - layout.body_start
        self._given_back: list[str] = []
        self.next_line = layout.body_line
        self.taken: list[str] = []
        self._length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        text = self._given_back.pop() if self._given_back else self._read()
        if not text:
            raise StopIteration
        self.taken.append(text)
        self.next_line += 1
        self._length += len(text)
        if self._length > MAX_LINE:
            raise _SwallowedError
        return text

    def begin(self) -> None:
        """Start a new record."""
        self.taken = []
        self._length = 0

    def text(self) -> str:
        """Return the beginning of the present record as it stands in the file."""
        return "".join(self.taken[:SHOWN_CHARACTERS]).rstrip("\r\n")

    def give_back(self, kept: int) -> None:
        """Return the lines after the first ``kept`` of the present record."""
        returned = self.taken[kept:]
        self._given_back.extend(reversed(returned))
        self.next_line -= len(returned)
        del self.taken[kept:]

    def close(self) -> None:
        self._file.close()

    def _read(self) -> str:
        line = self._file.readline(min(self._left, MAX_LINE))
        self._left -= len(line)
        if len(line) < MAX_LINE or line.endswith(b"\n"):
            return line.decode("utf-8", "replace")
        shown = line[: 4 * SHOWN_CHARACTERS].decode("utf-8", "replace")
        while line and not line.endswith(b"\n"):
            line = self._file.readline(min(self._left, MAX_LINE))
            self._left -= len(line)
        return _ENDLESS + shown.replace('"', " ") + "\n"


def _records(
    lines: _Lines, separator: str, width: int, account: Account
) -> Iterator[tuple[int, list[str]]]:
    """Yield where each record starts and its fields, rejecting lines that break the others."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        lines.begin()
        line = lines.next_line
        try:
            fields = next(reader)
        except StopIteration:
            return
        except (csv.Error, _SwallowedError):
            broken = True
        else:
            one_line = len(lines.taken) == 1
            broken = one_line and fields[:1] != [] and fields[0].startswith(_ENDLESS)
            if not one_line and len(fields) != width:
                broken = _hides_records(lines.taken, separator, width)
        if broken:
            first = lines.taken[0]
            endless = first.startswith(_ENDLESS)
            reason = "line_too_long" if endless else "unbalanced_quote"
            account.reject(line, first.lstrip(_ENDLESS).rstrip("\r\n"), reason)
            lines.give_back(1)
            reader = csv.reader(lines, delimiter=separator, strict=True)
        else:
            yield line, fields


def _hides_records(taken: list[str], separator: str, width: int) -> bool:
    """Tell whether a record of the wrong width spans lines that are records by themselves."""
    for text in taken[1:]:
        try:
            fields = next(csv.reader([text], delimiter=separator, strict=True), [])
        except csv.Error:
            continue
        if len(fields) == width > 1:
            return True
    return any(text.startswith(_ENDLESS) for text in taken)
