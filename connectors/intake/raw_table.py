"""What is handed over to be typed: tables of text in the engine, and the files that hold none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from connectors.engines.duckdb import Engine

#: Rejected lines that are listed; the count is always complete.
LISTED_REJECTS = 1_000

#: A rejected line is shown up to this many characters.
SHOWN_CHARACTERS = 200


class Lines(StrEnum):
    """How the physical line of a record is found."""

    ONE_EACH = "one_each"  # every record is one line: counting is enough
    IN_CELLS = "in_cells"  # cells hold line breaks: they are counted when first asked
    LISTED = "listed"  # a relation ``<relation>_lines`` tells


@dataclass(frozen=True)
class RejectedLine:
    """A record that could not be read.

    Attributes:
        line: Physical line where it starts, from 1.
        text: Its text, cut at 200 characters.
        reason: Code: ``too_few_fields``, ``too_many_fields``, ``unbalanced_quote``,
            ``line_too_long``.
    """

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class UnusedFile:
    """A file, sheet or member that was seen and not read; ``reason`` is a code."""

    name: str
    reason: str
    facts: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Body:
    """Where the records of a table lie in a UTF-8 file that nobody has read to its end yet.

    Attributes:
        path: The file.
        start: Byte where the first record starts.
        end: Byte after the last record.
        no_record: SQL over ``c0, c1...`` that tells rows which are blank or sum up others.
        read_with_care: Reads it record by record, into a table of text.
    """

    path: Path
    start: int
    end: int
    no_record: str
    read_with_care: Callable[[], RawTable]


@dataclass(frozen=True)
class RawTable:
    """One table of text, exactly as its file has it.

    ``rows_in = rows_loaded + rows_rejected`` always holds, and ``rows_in`` is the number of
    physical lines without the header, the lines set aside and the line breaks inside cells. Of
    a table that still has its ``body`` both are a promise: ``pour`` makes it true.

    Attributes:
        name: Path relative to the source, such as ``WE_00D.zip!Account.csv`` or
            ``book.xlsx!Sheet 1``.
        stem: Name of the file without its suffix, or of the sheet where there are several.
        relation: View of the engine: ``row_no BIGINT`` (from 1, in file order), then text
            columns ``c0, c1...`` in file order. Empty cells are NULL, NUL bytes are gone.
        headers: Labels of ``c0, c1...``, trimmed; repeated labels stay, an empty one reads
            ``column 7``.
        encoding: As read; empty for workbooks.
        separator: As read; empty for workbooks and HTML.
        header_line: Physical line (or sheet row) of the header, from 1.
        body_line: Physical line of the first record.
        rows_in: Records below the header.
        rows_loaded: Records in ``relation``.
        rejected: The first 1,000 records that could not be read, in file order.
        rows_rejected: How many there are.
        lines_set_aside: Lines of titles, filters, subtotals and footers, and blank lines.
        excel_dates: Whether the cells come from a workbook: date cells are given as ISO text,
            numbers that stand for days may remain.
        lines: How ``line_of`` finds a line.
        system: System whose API told what the table holds: ``stem`` is then the name of the
            object, and nothing is guessed. Empty for files.
        body: Where its text lies until it was read once; None when every line is accounted for.
    """

    name: str
    stem: str
    relation: str
    headers: tuple[str, ...]
    encoding: str
    separator: str
    header_line: int
    body_line: int
    rows_in: int
    rows_loaded: int
    rejected: tuple[RejectedLine, ...] = ()
    rows_rejected: int = 0
    lines_set_aside: int = 0
    excel_dates: bool = False
    lines: Lines = Lines.ONE_EACH
    system: str = ""
    body: Body | None = None

    @property
    def text(self) -> str:
        """The table behind ``relation`` where text is stored.

        Its ``rowid`` is one less than ``row_no``, and the engine finds a few rows of it by their
        ``rowid`` without reading the others.
        """
        return f"{self.relation}_text"

    def line_of(self, engine: Engine, row_no: int) -> int:
        """Return the physical line on which a record starts, from 1."""
        if self.lines is Lines.ONE_EACH:
            return self.body_line + row_no - 1
        if self.lines is Lines.IN_CELLS:
            self._count_lines(engine)
        return int(
            engine.value(f"select line from {self.relation}_lines where row_no = ?", [row_no])
        )

    def lines_of_rows(self, engine: Engine) -> str:
        """Return the SQL of ``row_no`` and ``line`` of every record."""
        if self.lines is Lines.ONE_EACH:
            return f"select row_no, {self.body_line} - 1 + row_no as line from {self.relation}"
        if self.lines is Lines.IN_CELLS:
            self._count_lines(engine)
        return f"select row_no, line from {self.relation}_lines"

    def drop(self, engine: Engine) -> None:
        """Let go of the text; the lines of its records stay known."""
        engine.run(f"drop view if exists {self.relation}")
        engine.run(f"drop table if exists {self.text}")

    def _count_lines(self, engine: Engine) -> None:
        breaks = line_breaks(len(self.headers))
        engine.run(
            f"create temp table if not exists {self.relation}_lines as select row_no,"
            f" {self.body_line} + row_no - 1 + coalesce(sum({breaks}) over (order by row_no"
            f" rows between unbounded preceding and 1 preceding), 0) as line from {self.relation}"
        )


def number_rows(engine: Engine, relation: str) -> None:
    """Put the engine's own row numbers beside the text; a window would keep to one core."""
    engine.run(
        f"create or replace temp view {relation} as"
        f" select rowid + 1 as row_no, * from {relation}_text"
    )


def line_breaks(width: int) -> str:
    """Return the SQL expression that counts the line breaks inside the cells of a row."""
    counts = (
        f"coalesce(length(c{i}) - length(replace(c{i}, chr(10), '')), 0)" for i in range(width)
    )
    return "(" + " + ".join(counts) + ")"
