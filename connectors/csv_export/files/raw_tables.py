"""From whatever the user gives to raw text tables in the engine.

What a file is, its content decides, not its name: a workbook may be called ``.csv``, and
Salesforce calls an HTML page ``.xls``.
"""

from __future__ import annotations

from pathlib import Path

from connectors.csv_export.files.found import Content, FoundFile, Scratch, find_files, readable
from connectors.csv_export.files.grid import Grid, arrange
from connectors.csv_export.files.html_table import html_rows
from connectors.csv_export.files.layout import find_layout
from connectors.csv_export.files.records import Account, careful_records
from connectors.csv_export.files.refusals import NotATableError, refusal
from connectors.csv_export.files.staging import load_file, load_records
from connectors.csv_export.files.text import clean_text
from connectors.csv_export.files.workbook import read_sheets
from connectors.engines.duckdb import Engine
from connectors.errors import InputError
from connectors.intake.raw_table import RawTable, UnusedFile


def read_raw_tables(
    path: Path, engine: Engine, workdir: Path
) -> tuple[list[RawTable], list[UnusedFile]]:
    """Read every table of a source into the engine, as text.

    Args:
        path: Folder, CSV, TSV or TXT file, zip, workbook, or an HTML page called ``.xls``.
        engine: Engine that receives one relation ``raw_0, raw_1...`` a table.
        workdir: Folder of this audit; temporary files are written there and nowhere else.

    Returns:
        The tables and the files that hold none, both in the order of their names.

    Raises:
        InputError: If the source holds no table, cannot be read, or is an unsafe archive.
    """
    intake = _Intake(engine, Scratch(workdir))
    found, unused = find_files(path, intake.scratch)
    intake.unused.extend(unused)
    engine.make_room(sum(file.path.stat().st_size for file in found))
    for file in found:
        with readable(file.name), intake.scratch.folder() as copies:
            intake.read(file, Path(copies))
    intake.unused.sort(key=lambda file: file.name)
    if not intake.tables:
        raise _nothing_read(path, intake.unused)
    return intake.tables, intake.unused


class _Intake:
    """The tables of one source, as they come."""

    def __init__(self, engine: Engine, scratch: Scratch) -> None:
        self.engine = engine
        self.scratch = scratch
        self.tables: list[RawTable] = []
        self.unused: list[UnusedFile] = []
        self._earlier = int(
            engine.value(
                "select count(*) from duckdb_tables()"
                " where regexp_full_match(table_name, 'raw_[0-9]+_text')"
            )
        )

    def read(self, file: FoundFile, copies: Path) -> None:
        """Read one file: one table, several sheets, or none.

        Args:
            file: The file.
            copies: Folder for temporary copies of it.
        """
        try:
            if file.content is Content.WORKBOOK:
                self._read_workbook(file, copies)
            elif file.content is Content.HTML:
                rows, encoding = html_rows(file.path, copies / "page.html")
                self._add_grid(arrange(rows), copies, file.name, file.stem, encoding=encoding)
            else:
                self._read_text(file, copies)
        except NotATableError as refused:
            self.unused.append(UnusedFile(file.name, refused.reason, refused.facts))

    def _read_text(self, file: FoundFile, copies: Path) -> None:
        text = clean_text(file.path, copies / "text.csv")
        layout = find_layout(text)
        relation, account = self._next_relation(), Account()
        staged = load_file(self.engine, relation, text, layout, copies / "body.csv")
        if staged is None:
            staged = load_records(
                self.engine,
                relation,
                careful_records(text.path, layout, account),
                copies / "records.csv",
                account=account,
                width=len(layout.headers),
                separator=layout.separator,
            )
        self.tables.append(
            RawTable(
                name=file.name,
                stem=file.stem,
                relation=relation,
                headers=layout.headers,
                encoding=text.encoding,
                separator=layout.separator,
                header_line=layout.header_line,
                body_line=layout.body_line,
                rows_in=staged.rows + account.rows_rejected,
                rows_loaded=staged.rows,
                rejected=tuple(account.rejected),
                rows_rejected=account.rows_rejected,
                lines_set_aside=layout.header_line
                - 1
                + layout.footer_lines
                + account.lines_set_aside,
                lines=staged.lines,
            )
        )

    def _read_workbook(self, file: FoundFile, copies: Path) -> None:
        sheets = read_sheets(file.path)
        several = len(sheets) > 1
        for sheet in sheets:
            name = f"{file.name}!{sheet.name}" if several else file.name
            stem = sheet.name if several else file.stem
            try:
                if sheet.hidden:
                    raise NotATableError("hidden_sheet")
                self._add_grid(arrange(sheet.rows()), copies, name, stem, excel_dates=True)
            except NotATableError as refused:
                self.unused.append(UnusedFile(name, refused.reason, refused.facts))

    def _add_grid(
        self,
        grid: Grid,
        copies: Path,
        name: str,
        stem: str,
        *,
        encoding: str = "",
        excel_dates: bool = False,
    ) -> None:
        relation, account = self._next_relation(), Account()
        staged = load_records(
            self.engine,
            relation,
            grid.records,
            copies / "records.csv",
            account=account,
            width=len(grid.headers),
        )
        self.tables.append(
            RawTable(
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
        )

    def _next_relation(self) -> str:
        return f"raw_{self._earlier + len(self.tables)}"


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
