"""From whatever the user gives to raw text tables in the engine.

What a file is, its content decides, not its name: a workbook may be called ``.csv``, and
Salesforce calls an HTML page ``.xls``.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from connectors.csv_export.files.found import Content, FoundFile, Scratch, find_files, readable
from connectors.csv_export.files.grid import Grid, arrange
from connectors.csv_export.files.html_table import html_rows
from connectors.csv_export.files.layout import Layout, find_layout
from connectors.csv_export.files.records import Account, careful_records
from connectors.csv_export.files.refusals import NotATableError, refusal
from connectors.csv_export.files.staging import is_no_record, load_records, view_file
from connectors.csv_export.files.text import MAX_LINE, CleanText, clean_text
from connectors.csv_export.files.workbook import read_sheets
from connectors.engines.duckdb import Engine
from connectors.errors import InputError
from connectors.intake.raw_table import Body, RawTable, UnusedFile


def open_tables(
    path: Path, engine: Engine, workdir: Path, copies: ExitStack
) -> tuple[list[RawTable], list[UnusedFile]]:
    """Open every table of a source for the engine, as text.

    Args:
        path: Folder, CSV, TSV or TXT file, zip, workbook, or an HTML page called ``.xls``.
        engine: Engine that receives one relation ``raw_0, raw_1...`` a table.
        workdir: Folder of this audit; temporary files are written there and nowhere else.
        copies: Closed when the tables were read, it removes the copies of their files.

    Returns:
        The tables and the files that hold none, both in the order of their names.

    Raises:
        InputError: If the source holds no table, cannot be read, or is an unsafe archive.
    """
    scratch = Scratch(workdir)
    found, unused = find_files(path, scratch)
    engine.make_room(sum(file.path.stat().st_size for file in found))
    intake = _Intake(engine, unused)
    tables = []
    for file in found:
        with readable(file.name):
            tables += intake.tables_of(file, Path(copies.enter_context(scratch.folder())))
    unused.sort(key=lambda file: file.name)
    if not tables:
        raise _nothing_read(path, unused)
    return tables, unused


class _Intake:
    """The tables of one source, as they come."""

    def __init__(self, engine: Engine, unused: list[UnusedFile]) -> None:
        self._engine = engine
        self._unused = unused
        self._given = 0

    def tables_of(self, file: FoundFile, copies: Path) -> list[RawTable]:
        """Open one file: one table, several sheets, or none.

        Args:
            file: The file.
            copies: Folder for temporary copies of it.
        """
        try:
            if file.content is Content.WORKBOOK:
                return self._sheets(file, copies)
            if file.content is Content.HTML:
                rows, encoding = html_rows(file.path, copies / "page.html")
                return [self._grid(arrange(rows), copies, file.name, file.stem, encoding=encoding)]
            return [self._text(file, copies)]
        except NotATableError as refused:
            self._unused.append(UnusedFile(file.name, refused.reason, refused.facts))
            return []

    def _text(self, file: FoundFile, copies: Path) -> RawTable:
        text = clean_text(file.path, copies / "text.csv")
        layout = find_layout(text)
        opened = RawTable(
            name=file.name,
            stem=file.stem,
            relation=self._next_relation(),
            headers=layout.headers,
            encoding=text.encoding,
            separator=layout.separator,
            header_line=layout.header_line,
            body_line=layout.body_line,
            rows_in=0,
            rows_loaded=0,
            lines_set_aside=layout.header_line - 1 + layout.footer_lines,
        )

        def read_with_care() -> RawTable:
            with readable(file.name):
                return self._with_care(opened, text, layout, copies / "records.csv")

        if text.longest_line >= MAX_LINE:
            return read_with_care()
        lines = view_file(self._engine, opened.relation, text, layout, copies / "body.csv")
        no_record = is_no_record(len(layout.headers))
        body = Body(text.path, layout.body_start, layout.body_end, no_record, read_with_care)
        return replace(opened, rows_in=lines, rows_loaded=lines, body=body)

    def _with_care(self, opened: RawTable, text: CleanText, layout: Layout, copy: Path) -> RawTable:
        """Read a text file record by record."""
        account = Account()
        staged = load_records(
            self._engine,
            opened.relation,
            careful_records(text.path, layout, account),
            copy,
            account=account,
            width=len(layout.headers),
            separator=layout.separator,
        )
        return replace(
            opened,
            rows_in=staged.rows + account.rows_rejected,
            rows_loaded=staged.rows,
            rejected=tuple(account.rejected),
            rows_rejected=account.rows_rejected,
            lines_set_aside=opened.lines_set_aside + account.lines_set_aside,
            lines=staged.lines,
        )

    def _sheets(self, file: FoundFile, copies: Path) -> list[RawTable]:
        sheets = read_sheets(file.path)
        several = len(sheets) > 1
        tables = []
        for sheet in sheets:
            name = f"{file.name}!{sheet.name}" if several else file.name
            stem = sheet.name if several else file.stem
            try:
                if sheet.hidden:
                    raise NotATableError("hidden_sheet")
                rows = arrange(sheet.rows())
                tables.append(self._grid(rows, copies, name, stem, excel_dates=True))
            except NotATableError as refused:
                self._unused.append(UnusedFile(name, refused.reason, refused.facts))
        return tables

    def _grid(
        self,
        grid: Grid,
        copies: Path,
        name: str,
        stem: str,
        *,
        encoding: str = "",
        excel_dates: bool = False,
    ) -> RawTable:
        relation, account = self._next_relation(), Account()
        staged = load_records(
            self._engine,
            relation,
            grid.records,
            copies / "records.csv",
            account=account,
            width=len(grid.headers),
        )
        return RawTable(
            name=name,
            stem=stem,
            relation=relation,
            headers=grid.headers,
            encoding=encoding,
            separator="",
            header_line=grid.header_row,
            body_line=grid.header_row + 1,
            rows_in=staged.rows + account.rows_rejected,
            rows_loaded=staged.rows,
            rows_rejected=account.rows_rejected,
            lines_set_aside=grid.rows_set_aside,
            excel_dates=excel_dates,
            lines=staged.lines,
        )

    def _next_relation(self) -> str:
        self._given += 1
        return f"raw_{self._given - 1}"


def _nothing_read(path: Path, unused: list[UnusedFile]) -> InputError:
    visible = [file for file in unused if file.reason != "hidden_file"]
    if len(visible) == 1:
        return refusal(visible[0])
    if not visible:
        return InputError(
            "there is no file in {source}",
            next_step="Give the folder that holds the exported CSV, XLSX or zip files.",
            source=path.name,
        )
    return InputError(
        "none of the {count} files in {source} holds a table; the first are {names}",
        next_step="Give the folder that holds the exported CSV, XLSX or zip files.",
        count=len(visible),
        source=path.name,
        names=", ".join(file.name for file in visible[:5]),
    )
