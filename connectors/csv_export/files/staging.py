"""Let the engine see the text of a file: where it lies, or stored record by record."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from connectors.csv_export.files.layout import SUBTOTAL, Layout
from connectors.csv_export.files.records import Account, Record
from connectors.csv_export.files.text import CleanText
from connectors.engines.duckdb import Engine, literal
from connectors.intake.raw_table import LISTED_REJECTS, Lines, number_rows

#: Share of the records that must be short before leaving out empty cells is a habit of the file.
HABIT = 0.01

_ENGINE_LINE = 2 * 1024 * 1024

#: Told to the engine, that else may take a line break inside the first cells for it.
_LINE_ENDS = {"\n": r"\n", "\r\n": r"\r\n"}


@dataclass(frozen=True)
class Staged:
    """How many records are in the relation, and how their lines are found."""

    rows: int
    lines: Lines


def view_file(engine: Engine, relation: str, text: CleanText, layout: Layout, body: Path) -> int:
    """Let the engine read a table where it lies.

    Args:
        engine: The engine.
        relation: Name of the view to create.
        text: The file.
        layout: Where the table lies in it.
        body: Where a copy may be written of a table that does not fill its file.

    Returns:
        How many records there are if each is one line.
    """
    source, skip = _body(text, layout, body)
    reader = _reader(
        source,
        _text_columns(len(layout.headers)),
        text.longest_line,
        separator=layout.separator,
        line_end=layout.line_end,
        skip=skip,
    )
    # A window keeps the reading to one core, and vanishes where nobody asks for the numbers.
    engine.run(
        f"create or replace temp view {relation} as"
        f" select row_number() over () as row_no, * from {reader}"
    )
    return text.lines - (layout.body_line - 1) - layout.footer_lines


def load_records(
    engine: Engine,
    relation: str,
    records: Iterable[Record],
    copy: Path,
    *,
    account: Account,
    width: int,
    separator: str = ",",
) -> Staged:
    """Load a table record by record, through a file that holds the line of each.

    Short records are kept where leaving out the empty cells at the end of a row is a habit of
    the file; else they are broken, and go to ``account``.
    """
    written, longest = _write(records, copy)
    types = {"line": "BIGINT", "width": "INTEGER"} | _text_columns(width)
    text = f"{relation}_text"
    engine.run(f"create or replace table {text} as select * from {_reader(copy, types, longest)}")
    account.rows_rejected += written - _count(engine, text)
    if _reject_broken(engine, text, account, width, separator):
        engine.run(f"create or replace table {text} as select * from {text}")
    engine.run(
        f"create or replace temp table {relation}_lines as"
        f" select rowid + 1 as row_no, line from {text}"
    )
    engine.run(f"alter table {text} drop column line")
    engine.run(f"alter table {text} drop column width")
    number_rows(engine, relation)
    return Staged(_count(engine, relation), Lines.LISTED)


def _body(text: CleanText, layout: Layout, body: Path) -> tuple[Path, int]:
    """Return a file that ends with the last record, and how many records to skip in it."""
    if layout.header_line == 1 and layout.footer_lines == 0:
        return text.path, 1
    with text.path.open("rb") as file, body.open("wb") as out:
        file.seek(layout.body_start)
        left = layout.body_end - layout.body_start
        while left > 0 and (chunk := file.read(min(left, _ENGINE_LINE))):
            out.write(chunk)
            left -= len(chunk)
    return body, 0


def _text_columns(width: int) -> dict[str, str]:
    return {f"c{i}": "VARCHAR" for i in range(width)}


def _reader(
    path: Path,
    types: dict[str, str],
    longest: int,
    *,
    separator: str = ",",
    line_end: str = "\n",
    skip: int = 0,
) -> str:
    columns = ", ".join(f"'{column}': '{kind}'" for column, kind in types.items())
    size = max(_ENGINE_LINE, 2 * longest)
    return (
        f"read_csv({literal(str(path))}, auto_detect = false, header = false, skip = {skip},"
        f" columns = {{{columns}}}, delim = {literal(separator)}, quote = '\"', escape = '\"',"
        f" new_line = '{_LINE_ENDS[line_end]}', max_line_size = {size})"
    )


def is_no_record(width: int) -> str:
    """Return the condition that a row is blank or sums up others.

    Most rows begin with a digit or a letter that begins no sum: their first cell settles them. In
    a case the engine asks the rest of what is left alone; in a conjunction it asks of all rows.
    """
    cells = ", ".join(f"c{i}" for i in range(width))
    first = f"coalesce({cells}, '')"
    return (
        f"case when {_is_printable('c0')} and not contains('gstGST', left(c0, 1)) then false"
        f" else regexp_matches({first}, {literal(SUBTOTAL)}) or not {_is_printable(first)}"
        f" and not regexp_matches(concat({cells}), '[^\\s\\p{{Z}}]') end"
    )


def _is_printable(cell: str) -> str:
    """Return the condition that a cell begins with a sign of ASCII that is no blank."""
    return f"(left({cell}, 1) > ' ' and left({cell}, 1) <= '~')"


def _count(engine: Engine, relation: str) -> int:
    return int(engine.value(f"select count(*) from {relation}"))


def _write(records: Iterable[Record], copy: Path) -> tuple[int, int]:
    """Write records as the engine reads them best.

    Returns:
        How many they are, and a bound on the bytes of the longest.
    """
    written = longest = 0
    with copy.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for line, cells, width in records:
            joined = '","'.join(cells)
            written += 1
            longest = max(longest, len(joined))
            if joined.count('"') == 2 * (len(cells) - 1):
                out.write(f'{line},{width},"{joined}"\n')
            else:
                writer.writerow([line, width, *cells])
    return written, 8 * longest


def _reject_broken(
    engine: Engine, relation: str, account: Account, width: int, separator: str
) -> bool:
    """Take out the short records of a file in which they are no habit; tell whether any were."""
    shorts = engine.rows(
        f"select width, count(*) from {relation} where width <> {width} group by 1 order by 1"
    )
    total = _count(engine, relation)
    habit = sum(count for _, count in shorts) >= HABIT * total
    broken = [
        (fields, count)
        for fields, count in shorts
        if not (habit and 2 * fields >= width)
        and not _mostly_empty(engine, relation, fields, width)
    ]
    for fields, count in broken:
        text = f" || {literal(separator)} || ".join(f"coalesce(c{i}, '')" for i in range(fields))
        of_width = f"from {relation} where width = {fields}"
        listed = engine.rows(f"select line, {text} {of_width} order by 1 limit {LISTED_REJECTS}")
        for line, shown in listed:
            account.reject(line, shown, "too_few_fields")
        account.rows_rejected += count - len(listed)
        engine.run(f"delete {of_width}")
    account.rejected.sort(key=lambda rejected: rejected.line)
    return bool(broken)


def _mostly_empty(engine: Engine, relation: str, fields: int, width: int) -> bool:
    """Tell whether complete records leave the columns beyond ``fields`` empty as well."""
    filled = ", ".join(f"count(c{i})" for i in range(fields, width))
    (row,) = engine.rows(f"select count(*), {filled} from {relation} where width = {width}")
    return row[0] > 0 and all(2 * count <= row[0] for count in row[1:])
