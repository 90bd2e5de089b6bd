"""Every record behind a check, as a CSV file that a spreadsheet opens without harm.

The engine writes the files itself: a list may hold a million rows, and none of them passes
through Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from checks.lists.list_queries import ListColumn, ListQuery, list_query
from connectors.engines.duckdb import identifier, literal
from connectors.model import Kind

if TYPE_CHECKING:
    from checks.context import Context
    from checks.measuring import Measured
    from checks.spec import CheckSpec
    from connectors.snapshot import Snapshot

Style = Literal["us", "eu"]

#: First characters that make a spreadsheet read a text as a formula, and those it skips
#: before it looks (OWASP, "CSV injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")

#: The same as one text of the engine, which takes longer over a pattern or a list of values.
_STARTS = " || ".join(f"chr({ord(start)})" for start in FORMULA_STARTS)

_TEXTUAL = (Kind.KEY, Kind.TEXT)
_DECIMAL = (Kind.MONEY, Kind.NUMBER)
#: What tells a European Excel that a file is UTF-8.
BYTE_ORDER_MARK = "\ufeff"


class CheckList(NamedTuple):
    """The list of one check, ``rows`` long."""

    spec: CheckSpec
    query: ListQuery
    rows: int


def write_lists(
    context: Context,
    specs: Sequence[CheckSpec],
    measured: Measured,
    folder: Path,
    *,
    style: Style,
    redact: bool = False,
) -> dict[str, int]:
    """Write ``<check-id>.csv`` for every check that hit a record.

    Args:
        context: The audit; its engine may write below ``folder``.
        specs: Checks, in the order in which their files are written.
        measured: What measuring them yielded.
        folder: The ``worklists`` folder; created.
        style: ``us`` is ``,`` and ``.``; ``eu`` is ``;``, a decimal comma and a byte order
            mark, which is what a European Excel expects.
        redact: Whether columns that may name an owner, an account or a contact are left out.

    Returns:
        Rows written, by check id; a check without hits has no file and no entry.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: dict[str, int] = {}
    for one in lists_of(context, specs, measured, redact=redact):
        write_list(context.snapshot, one.query, folder / f"{one.spec.id}.csv", style=style)
        written[one.spec.id] = one.rows
    return written


def lists_of(
    context: Context, specs: Sequence[CheckSpec], measured: Measured, *, redact: bool
) -> Iterator[CheckList]:
    """Yield the list of every check that hit a record, in the order of the checks."""
    for spec, measurement in measured.with_hits(specs):
        query = list_query(context, spec, measurement)
        if query.rows:
            yield CheckList(spec, without_names(query) if redact else query, query.rows)


def without_names(query: ListQuery) -> ListQuery:
    """Return a list without the columns that may name an owner, an account or a contact."""
    kept = tuple(column for column in query.columns if not column.may_name)
    names = ", ".join(identifier(column.name) for column in kept)
    return ListQuery(f"select {names} from ({query.sql})", kept, query.rows)


def write_list(snapshot: Snapshot, query: ListQuery, path: Path, *, style: Style) -> None:
    """Write one list that is not empty; every cell is quoted, a missing value is empty."""
    separator = ";" if style == "eu" else ","
    cells = ", ".join(_cell(column, style) for column in query.columns)
    # PREFIX and SUFFIX are how the engine writes a byte order mark before our own header;
    # SUFFIX ends the last row.
    header = separator.join(_quoted(guarded(column.name)) for column in query.columns) + "\n"
    mark = BYTE_ORDER_MARK if style == "eu" else ""
    snapshot.run(
        f"copy (select {cells} from ({query.sql})) to {literal(str(path))} "
        f"(format csv, header false, force_quote *, delimiter '{separator}', "
        f"prefix {literal(mark + header)}, suffix '\n')"
    )


def guarded(text: str) -> str:
    """Return a text that no spreadsheet reads as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _cell(column: ListColumn, style: Style) -> str:
    name = identifier(column.name)
    text = f"cast({name} as varchar)"
    if column.kind in _TEXTUAL:
        at_risk = f"{text} <> '' and contains({_STARTS}, left({text}, 1))"
        text = f"case when {at_risk} then '''' || {text} else {text} end"
    elif column.kind in _DECIMAL:
        if column.kind is Kind.NUMBER:
            whole = f"rtrim(rtrim({text}, '0'), '.')"
            text = f"case when contains({text}, '.') then {whole} else {text} end"
        if style == "eu":
            text = f"replace({text}, '.', ',')"
    return f"coalesce({text}, '') as {name}"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
