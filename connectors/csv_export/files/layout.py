"""Where the table lies in its file: separator, header, first record, last record.

Reports put titles and filters above their table, and totals and notices below it. Both are
known by position and shape: lines of one cell beside a table of many columns.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.csv_export.files.refusals import NotATableError
from connectors.csv_export.files.text import MAX_LINE, CleanText

SEPARATORS = (",", ";", "\t", "|")

#: First cell of a row that sums up the rows above it, wherever it stands. The engine's regular
#: expressions read it too. Plain "Total" is missing on purpose: a company has that name.
SUBTOTAL = (
    r"(?i)^\s*(grand |sub-?|sub |sous-|sous )(totals?|totaux)\s*(\([^)]*\))?\s*:?\s*$"
    r"|^\s*total g[ée]n[ée]ral\s*:?\s*$"
)

_SAMPLE_BYTES = 256 * 1024
_SAMPLE_RECORDS = 200
_HEADER_WITHIN = 60
_LONGEST_LABEL = 255

_SUBTOTAL = re.compile(SUBTOTAL)
_TOTAL = re.compile(r"(total|totaux|totals)\s*(\([^)]*\))?\s*:?", re.IGNORECASE)
_AGGREGATE = re.compile(
    r"sum|count|average|avg\.?|max|min|median|somme|nombre|moyenne|médiane", re.IGNORECASE
)
_NOTICE = re.compile(
    r"copyright\b|©|\(c\)\s|confidential\b|confidentiel|generated (by|on|at)\b|généré (par|le)"
    r"|grand totals?\b|total général|report (run|generated)"
    r"|exported (by|on)|filtered by|\d[\d\s.,]* (records?|enregistrements?)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?!0\d)[-(]?([A-Z]{3} )?[€$£]?\s?\d[\s\d.,'’]*[%€$£)]?( ?[A-Z]{3})?")
_NO_LABEL = re.compile(
    r"[-+(]?[$€£]?\s?\d[\d\s.,]*[%€)]?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|[^@\s]+@[^@\s]+\.\w+"
    r"|https?://.*|true|false",
    re.IGNORECASE,
)
_DECLARED = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """Place of a table in a UTF-8 file.

    Attributes:
        separator: One character.
        headers: Labels, one a column.
        header_line: Physical line where the header starts, from 1.
        body_line: Physical line of the first record.
        body_start: Byte where the first record starts.
        body_end: Byte after the last record.
        footer_lines: Physical lines below the last record.
        line_end: What ends a record; cells may hold other line breaks.
    """

    separator: str
    headers: tuple[str, ...]
    header_line: int
    body_line: int
    body_start: int
    body_end: int
    footer_lines: int
    line_end: str


@dataclass(frozen=True)
class _Record:
    line: int
    next_line: int
    fields: list[str]


def find_layout(text: CleanText) -> Layout:
    """Find the table of a text file.

    Raises:
        NotATableError: If no line looks like a header of the lines below it.
    """
    lines, whole = _head(text.path)
    marked = lines[0].startswith("\ufeff")
    lines[0] = lines[0].lstrip("\ufeff")
    declared = _DECLARED.fullmatch(lines[0])
    skipped = 1 if declared else 0
    separators = (declared[1],) if declared else SEPARATORS
    parsed = {separator: _parse(lines, skipped, separator, whole) for separator in separators}
    separator = max(separators, key=lambda candidate: _consistency(parsed[candidate]))
    records = parsed[separator]
    at = header_at([record.fields for record in records])
    if at is None or not _has_records(records, at, skipped):
        raise NotATableError("not_a_table")
    header = records[at]
    width = max(len(header.fields), _common_width([record.fields for record in records[at + 1 :]]))
    above = "".join(lines[: header.next_line - 1])
    body_start = len(above.encode()) + (len(codecs.BOM_UTF8) if marked else 0)
    body_end, footer_lines = _without_footer(text.path, body_start, separator, width)
    return Layout(
        separator=separator,
        headers=labels(header.fields, width),
        header_line=header.line,
        body_line=header.next_line,
        body_start=body_start,
        body_end=body_end,
        footer_lines=footer_lines,
        line_end="\r\n" if above.endswith("\r\n") else "\n",
    )


def header_at(rows: Sequence[Sequence[str]]) -> int | None:
    """Return which row holds the labels of the rows below it; None when none can.

    Titles and filters fill one or two cells of a wide table, so the header is the first row
    that fills most of the columns and holds neither numbers, dates nor addresses.
    """
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    several = sorted(count for count in filled if count > 1) or sorted(filter(None, filled))
    if not several:
        return None
    usual = several[3 * (len(several) - 1) // 4]  # a few rows may be wider, and broken
    candidates = [
        index
        for index, row in enumerate(rows[:_HEADER_WITHIN])
        if filled[index] >= 0.6 * usual and _could_be_labels(row)
    ]
    if not candidates:
        return None
    first = candidates[0]
    if all(count == 0 for count in filled[:first]):
        return first
    return next((index for index in candidates if filled[index] >= 0.8 * usual), first)


def labels(header: Sequence[str], width: int) -> tuple[str, ...]:
    """Return the labels of a header; a column without one is named by its place."""
    cells = [cell.replace("\ufeff", "").strip() for cell in header]
    cells += [""] * (width - len(cells))
    return tuple(cell or f"column {place}" for place, cell in enumerate(cells, 1))


def is_total(fields: Sequence[str], *, below_records: bool = False) -> bool:
    """Tell a row of sums from a record: a total's word, numbers, and mostly empty cells.

    Args:
        fields: Cells of the row.
        below_records: Whether the row stands below the last record or another row of sums;
            only there plain *Total*, *Count* or *Max* are no names.
    """
    filled = [cell.strip() for cell in fields if cell.strip()]
    if not filled or len(filled) > max(2, len(fields) // 2 + 1):
        return False
    names_a_total = _SUBTOTAL.match(filled[0]) or (
        below_records and (_TOTAL.fullmatch(filled[0]) or _AGGREGATE.fullmatch(filled[0]))
    )
    alone_at_full_width = len(filled) == 1 and len(fields) > 1 and not _SUBTOTAL.match(filled[0])
    return (
        bool(names_a_total)
        and not alone_at_full_width
        and all(_NUMBER.fullmatch(cell) or _AGGREGATE.fullmatch(cell) for cell in filled[1:])
    )


def footer_length(rows: Sequence[Sequence[str] | None], width: int) -> int:
    """Return how many of the last rows of a file are no records.

    The footer reaches up to the highest blank line, notice or total that only short lines
    separate from the end. A short line that directly follows the records is broken, and stays.

    Args:
        rows: The last rows, from top to bottom; None stands for a line that ends a cell of a
            record.
        width: Columns of the table; notices are rows of one or two cells beside it.
    """
    length = 0
    for distance, row in enumerate(reversed(rows), 1):
        if row is None:
            break
        filled = [cell.strip() for cell in row if cell.strip()]
        sums = is_total(row, below_records=True)
        if (
            not filled
            or _is_notice(filled, row, width)
            or (sums and not _AGGREGATE.fullmatch(filled[0]))
        ):
            length = distance
        elif not sums and (len(row) > 1 or width == 1):
            break
    return length


def _is_notice(filled: list[str], row: Sequence[str], width: int) -> bool:
    return len(row) <= min(2, max(1, width - 1)) and bool(_NOTICE.match(filled[0]))


def _could_be_labels(row: Sequence[str]) -> bool:
    return all(
        len(cell) <= _LONGEST_LABEL and not _NO_LABEL.fullmatch(cell.strip()) for cell in row
    )


def _head(path: Path) -> tuple[list[str], bool]:
    """Return the first complete lines, and whether they are the whole file."""
    size = _SAMPLE_BYTES
    with path.open("rb") as file:
        sample = file.read(size)
        while sample.count(b"\n") < 2 and len(sample) == size and size < 2 * MAX_LINE:
            sample += file.read(size)
            size *= 2
        whole = not file.read(1)
    complete = sample if whole else sample[: sample.rfind(b"\n") + 1] or sample
    lines = complete.decode("utf-8", "replace").split("\n")
    ended = [line + "\n" for line in lines[:-1]]
    return ended + ([lines[-1]] if lines[-1] else []), whole


def _parse(lines: list[str], skipped: int, separator: str, whole: bool) -> list[_Record]:
    limit = csv.field_size_limit(MAX_LINE)
    reader = csv.reader(iter(lines[skipped:]), delimiter=separator)
    records: list[_Record] = []
    line = skipped + 1
    try:
        for fields in reader:
            following = skipped + reader.line_num + 1
            records.append(_Record(line, following, fields))
            line = following
            if len(records) == _SAMPLE_RECORDS:
                return records
    except csv.Error:
        return records
    finally:
        csv.field_size_limit(limit)
    return records if whole or len(records) < 2 else records[:-1]


def _consistency(records: list[_Record]) -> tuple[float, int]:
    """Rank a separator by the share of records with the commonest width, then that width."""
    widths = Counter(len(record.fields) for record in records if any(record.fields))
    split = {width: count for width, count in widths.items() if width > 1}
    if not split:
        return 0.0, 1
    width, count = max(split.items(), key=lambda item: (item[1], item[0]))
    return round(count / widths.total(), 2), width


def _has_records(records: list[_Record], at: int, skipped: int) -> bool:
    """Refuse prose: words in one column with a comma here and there, or nothing below."""
    one_column = sum(1 for cell in records[at].fields if cell.strip()) == 1
    if one_column and any(len(record.fields) > 1 for record in records):
        return False
    return at < len(records) - 1 or records[at].line == 1 + skipped


def _common_width(rows: Sequence[Sequence[str]]) -> int:
    """Return the commonest number of fields, empty ones at the end of a row left out."""
    counts = Counter(_filled_width(row) for row in rows if any(row))
    return max(counts.items(), key=lambda item: (item[1], item[0]))[0] if counts else 0


def _filled_width(row: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(row, 1) if cell.strip()), default=0)


def _without_footer(path: Path, start: int, separator: str, width: int) -> tuple[int, int]:
    """Return the byte after the last record and the number of lines below it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        offset = max(start, size - _SAMPLE_BYTES // 4)
        file.seek(offset)
        tail = file.read()
    if offset > start:
        cut = tail.find(b"\n") + 1
        tail = tail[cut:]
    lines = tail.split(b"\n")
    ended = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    rows = [_fields_of_line(line, separator) for line in ended]
    length = footer_length(rows, width)
    return size - sum(len(line) for line in ended[len(ended) - length :]), length


def _fields_of_line(line: bytes, separator: str) -> list[str] | None:
    """Split one physical line; None when it cannot be a whole record."""
    text = line.decode("utf-8", "replace").rstrip("\r\n")
    if text.count('"') % 2:
        return None
    try:
        return next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        return None
