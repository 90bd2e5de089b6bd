"""Salesforce's ``.xls`` that is an HTML page with one table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from connectors.csv_export.files.text import clean_text

if TYPE_CHECKING:
    from lxml.etree import _Element

#: No report has more columns; a larger span is a trap.
_WIDEST_SPAN = 1_000


def html_rows(path: Path, copy: Path) -> tuple[list[list[str]], str]:
    """Return the rows of the page's tables as text, and the encoding of the page.

    Args:
        path: The page.
        copy: Where a UTF-8 copy may be written.

    Raises:
        NotATableError: If the page is empty or no text.
    """
    from lxml import etree

    page = clean_text(path, copy, endless=True)
    rows: list[list[str]] = []
    with page.path.open("rb") as file:
        events = etree.iterparse(
            file,
            events=("end",),
            tag="tr",
            html=True,
            encoding="utf-8",
            recover=True,
            no_network=True,
            huge_tree=True,
        )
        for _, row in events:
            rows.append(_cells(row))
            _forget(row)
    return rows, page.encoding


def _cells(row: _Element) -> list[str]:
    cells: list[str] = []
    for cell in row.iterchildren("td", "th"):
        cells.append(_text(cell).replace("\xa0", " ").strip())
        span = cell.get("colspan", "1")
        if span.isascii() and span.isdigit():
            cells.extend([""] * (min(int(span[:6]), _WIDEST_SPAN) - 1))
    return cells


def _text(cell: _Element) -> str:
    from lxml import etree

    parts: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if event == "start":
            parts += ["\n" if element.tag == "br" else "", element.text or ""]
        elif element is not cell:
            parts.append(element.tail or "")
    return "".join(parts)


def _forget(row: _Element) -> None:
    """Let go of a row that was read, so that memory does not grow with the page."""
    row.clear()
    parent = row.getparent()
    while parent is not None and row.getprevious() is not None:
        del parent[0]
