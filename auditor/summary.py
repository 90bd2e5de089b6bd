"""What ``auditor audit`` prints: the answer, how the export was read, where the report is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.output import OWNERS, RESULT, WORKBOOK, WORKLISTS, page_name, pdf_name
from auditor.recognised import column_reason, read_otherwise, recognised_by
from auditor.terminal import Terminal, in_columns, visible
from auditor.thresholds import is_trusted

if TYPE_CHECKING:
    from auditor.audit import Audit
    from connectors.snapshot import ColumnSource, Provenance, SourceFile
    from reports.wording import Wording

_KEPT = "kept"
#: Stands for a blank that wrapping must not break at.
_JOINT = "\N{NO-BREAK SPACE}"
_INDENT = "  "


def print_summary(terminal: Terminal, done: Audit, out: Path, *, width: int) -> None:
    """Print an audit for a person: verdict, signals, trust, mapping, files."""
    from reports.method import warnings
    from reports.wording import Wording

    words = Wording(terminal.language)
    trusted = is_trusted(done.result)
    lines = [
        *([] if trusted else _distrust(terminal, words, done)),
        *_answer(words, done),
        *(_first_action(terminal, words, done) if trusted else []),
        "",
        *_trust(terminal, words, done),
        "",
        terminal.translate(
            "How the export was read (auditor init writes it down to be corrected):"
        ),
        *mapping_lines(terminal, words, done.provenance, width=width),
        *(f"{_INDENT}{warning}" for warning in warnings(words, done.result)),
        "",
        *_files(terminal, done, out),
    ]
    terminal.show(visible("\n".join(lines)))


def mapping_lines(
    terminal: Terminal, words: Wording, provenance: Provenance, *, width: int
) -> Iterator[str]:
    """Yield which file became which table, and which header which field, and why."""
    unused = [file for file in provenance.files if file.table is None]
    for file in provenance.files:
        if file.table is None:
            continue
        yield _INDENT + _file_line(terminal, words, file)
        columns = [c for c in provenance.columns if (c.file, c.table) == (file.name, file.table)]
        for line in _column_lines(terminal, words, columns):
            for row in textwrap.wrap(
                line, width, initial_indent=2 * _INDENT, subsequent_indent=4 * _INDENT
            ):
                yield row.replace(_JOINT, " ")
    for file in unused:
        yield _INDENT + read_otherwise(terminal.translate, words, file)


def _answer(words: Wording, done: Audit) -> Iterator[str]:
    from reports.first_screen import tiles
    from reports.verdict_view import verdict_view

    yield verdict_view(words, done.result).sentence
    yield from in_columns(
        [
            (str(tile.number), tile.name, tile.state_word, f"{tile.figure} {tile.caption}".strip())
            for tile in tiles(words, done.result)
        ]
    )


def _first_action(terminal: Terminal, words: Wording, done: Audit) -> Iterator[str]:
    from reports.action_view import action_text, owner_word, rhythm

    for action in (done.result.actions or [])[:1]:
        yield terminal.translate("To do first: {title} ({owner}; {rhythm}).").format(
            title=action_text(words, action, "title"),
            owner=owner_word(words, action),
            rhythm=rhythm(words, action),
        )


def _distrust(terminal: Terminal, words: Wording, done: Audit) -> Iterator[str]:
    """Yield why nothing below is to be relied on."""
    from reports.verdict_view import broken_contract

    yield terminal.translate("Do not trust this audit:")
    yield from (f"{_INDENT}{breach}" for breach in broken_contract(words, done.result))
    failed = [c.check_id for c in done.result.checks if c.state == "error"]
    yield from (f"{_INDENT}{line}" for line in _failed(terminal, failed))
    yield ""


def _failed(terminal: Terminal, checks: list[str]) -> Iterator[str]:
    if checks:
        yield terminal.translate("Checks that failed to run: {checks}.").format(
            checks=", ".join(checks)
        )


def _trust(terminal: Terminal, words: Wording, done: Audit) -> Iterator[str]:
    run = done.result.run
    origin = {"argument": "--as-of", "today": "--as-of today"}.get(run.as_of_origin)
    yield terminal.translate("As of {day}, from {origin}.").format(
        day=run.as_of, origin=origin or run.as_of_origin
    )
    counts = ", ".join(
        f"{words.either(f'table.{table}', table)} {words.numbers.integer(rows.rows)}"
        for table, rows in run.tables.items()
    )
    yield terminal.translate("Records: {counts}.").format(counts=counts)
    yield from _unread(terminal, words, done)
    if is_trusted(done.result):
        failed = [c.check_id for c in done.result.checks if c.state == "error"]
        yield from _failed(terminal, failed)


def _unread(terminal: Terminal, words: Wording, done: Audit) -> Iterator[str]:
    """Yield how many lines were left out, with the first of them: no row is lost silently."""
    intake = done.result.run.provenance["intake"]
    lines = sum(table["rows_unread"] for table in intake["tables"])
    first = next((unread for unread in intake["unread"] if not unread["column"]), None)
    if lines and first:
        yield terminal.translate(
            "Lines that could not be read: {count}, the first is {file}, line {line}. "
            "The report lists them."
        ).format(
            count=words.numbers.integer(lines),
            file=first["file"],
            line=words.numbers.integer(first["line"]),
        )


def _file_line(terminal: Terminal, words: Wording, file: SourceFile) -> str:
    return terminal.translate("{file} → {table}: {records} ({how}, {sure})").format(
        file=file.name,
        table=file.table,
        records=words.plural("files.records", file.rows_loaded),
        how=recognised_by(words, file),
        sure=words.numbers.percent(file.confidence),
    )


def _column_lines(
    terminal: Terminal, words: Wording, columns: Iterable[ColumnSource]
) -> Iterator[str]:
    def why(column: ColumnSource) -> tuple[bool, float, str]:
        return (column.reason == _KEPT, -column.confidence, column.reason)

    for (kept, _, _reason), group in groupby(sorted(columns, key=why), key=why):
        alike = list(group)
        if kept:
            yield terminal.translate("kept under their own names: {count} column(s)").format(
                count=len(alike)
            )
            continue
        pairs = ", ".join(_unbroken(f"{c.header} → {c.column}") for c in alike)
        yield terminal.translate("{reason} {sure}: {pairs}").format(
            reason=column_reason(words, alike[0]),
            sure=words.numbers.percent(alike[0].confidence),
            pairs=pairs,
        )


def _files(terminal: Terminal, done: Audit, out: Path) -> list[str]:
    result = done.result
    languages = result.run.parameters.get("languages", [])
    lists = sum(check.worklist is not None for check in result.checks)
    pages = [out / name(language) for name in (page_name, pdf_name) for language in languages]
    rows = [(terminal.translate("Report"), str(page)) for page in pages if page.is_file()]
    rows.append((terminal.translate("Lists"), f"{out / WORKLISTS}/ ({lists}), {out / WORKBOOK}"))
    if owners := len(list((out / OWNERS).glob("*.xlsx"))):
        rows.append((terminal.translate("For owners"), f"{out / OWNERS}/ ({owners})"))
    rows.append((terminal.translate("Data"), str(out / RESULT)))
    return in_columns(rows, indent="")


def _unbroken(pair: str) -> str:
    """Return a pair that wrapping keeps on one line."""
    return pair.replace(" ", _JOINT)
