"""A CRM as it stood on one day: typed tables, what is observable, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.engines.duckdb import Engine, identifier, literal
from connectors.model import TABLES, Table

if TYPE_CHECKING:
    import pandas as pd


class Availability(StrEnum):
    """Why a table or column can or cannot be read; only the first two are observable."""

    SUPPLIED = "supplied"
    DERIVED = "derived"
    TABLE_ABSENT = "table_absent"
    COLUMN_ABSENT = "column_absent"
    COLUMN_EMPTY = "column_empty"
    NO_PERMISSION = "no_permission"
    NOT_TRACKED = "not_tracked"
    NOT_READ = "not_read"

    @property
    def observable(self) -> bool:
        """Whether a check may read it."""
        return self in (Availability.SUPPLIED, Availability.DERIVED)


@dataclass
class Capabilities:
    """What can be observed, per table and per column.

    Attributes:
        tables: State of each canonical table; a table that is not listed is absent.
        columns: State of each ``(table, column)``; a column not listed is absent. Source
            columns that no canonical column claims are listed under their source name.
        required: Each ``(table, column)`` that the CRM itself makes people fill, where it tells.
    """

    tables: dict[str, Availability] = field(default_factory=dict)
    columns: dict[tuple[str, str], Availability] = field(default_factory=dict)
    required: set[tuple[str, str]] = field(default_factory=set)

    def table(self, name: str) -> Availability:
        """Return whether a table was supplied, derived from another one, or why not."""
        return self.tables.get(name, Availability.TABLE_ABSENT)

    def column(self, table: str, name: str) -> Availability:
        """Return whether a column can be read, or why not."""
        of_table = self.table(table)
        if not of_table.observable:
            return of_table
        return self.columns.get((table, name), Availability.COLUMN_ABSENT)


@dataclass(frozen=True)
class Note:
    """Something the reader of the report should know; worded in both languages by reports.

    Attributes:
        code: Key of the sentence, for example ``users_derived_from_names``.
        facts: Values for the sentence.
    """

    code: str
    facts: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceFile:
    """What became of one file, sheet or zip member.

    Attributes:
        name: Path relative to the source, with the sheet or member after ``!``.
        table: Canonical table, or None when the file was not used.
        system: CRM whose export it was recognised as, for example ``salesforce-report``.
        language: Language of its headers (``en``, ``fr``, ``api``...).
        links: Tables whose records a file of pairs links; such a file is no table itself.
        reason: Code of the reason why it was recognised so, or why it was not used.
        confidence: 0 to 1.
        encoding: Encoding as read; empty for workbooks.
        separator: Separator as read; empty for workbooks.
        rows_in: Records of the file below its header, without footers.
        rows_loaded: Records that reached the snapshot.
        lines_set_aside: Title, footer and blank lines, that are no records.
    """

    name: str
    table: str | None
    system: str = ""
    language: str = ""
    links: tuple[str, ...] = ()
    reason: str = ""
    confidence: float = 0.0
    encoding: str = ""
    separator: str = ""
    rows_in: int = 0
    rows_loaded: int = 0
    lines_set_aside: int = 0


@dataclass(frozen=True)
class ColumnSource:
    """Where one column of a table came from.

    Attributes:
        table: Canonical table.
        column: Canonical column, or the source name for a column kept as it is.
        file: Name of the source file.
        header: Header as written in the file.
        reason: Code of the reason, for example ``dialect``, ``synonym``, ``values``,
            ``configured``, ``kept``.
        confidence: 0 to 1.
        format: How values were read, for example ``dd/mm/yyyy`` or ``decimal comma``.
    """

    table: str
    column: str
    file: str
    header: str
    reason: str
    confidence: float
    format: str = ""


@dataclass
class Provenance:
    """Where a snapshot came from; printed in the report's method section.

    Attributes:
        source: Name of the source as the user gave it, never an absolute path.
        system: CRM that most of the records came from.
        removed: Records that stay outside every population, per table and reason
            (``deleted``, ``archived``, ``merged``).
        link_base: Address of the CRM for links to its records, or None.
    """

    source: str = ""
    system: str = ""
    link_base: str | None = None
    files: list[SourceFile] = field(default_factory=list)
    columns: list[ColumnSource] = field(default_factory=list)
    removed: dict[str, dict[str, int]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class TableIntake:
    """How one table was read: ``rows_in = rows_loaded + rows_unread`` always holds."""

    table: str
    rows_in: int
    rows_loaded: int
    rows_unread: int
    duplicate_ids: int


@dataclass(frozen=True)
class ColumnIntake:
    """How the values of one date, number or flag column were read."""

    table: str
    column: str
    filled: int
    unparsed: int


@dataclass(frozen=True)
class KeyIntake:
    """How many filled values of a foreign key were found in the table they point to."""

    table: str
    column: str
    target: str
    filled: int
    unresolved: int


@dataclass(frozen=True)
class UnreadValue:
    """A line that could not be read, or a value kept as text because it did not parse."""

    table: str
    column: str
    file: str
    line: int
    value: str
    reason: str


@dataclass
class IntakeProfile:
    """The figures that the intake contract is judged on.

    Attributes:
        unread: The first of the unread lines and values, in file order; the counts are
            complete in ``tables`` and ``columns``.
    """

    tables: list[TableIntake] = field(default_factory=list)
    columns: list[ColumnIntake] = field(default_factory=list)
    keys: list[KeyIntake] = field(default_factory=list)
    unread: list[UnreadValue] = field(default_factory=list)


@dataclass
class Snapshot:
    """The canonical tables in an engine, with capabilities and provenance.

    Every table of ``connectors.model`` exists in the engine with all its canonical columns,
    followed by the source columns that no canonical column claims. Record tables hold
    ``is_live`` (not deleted, archived or merged away), ``row_no`` (order in the source, from
    1, unique within the table), and deals hold ``state`` (``open``, ``won``, ``lost`` or NULL
    where nothing tells).
    """

    engine: Engine
    capabilities: Capabilities = field(default_factory=Capabilities)
    provenance: Provenance = field(default_factory=Provenance)
    intake: IntakeProfile = field(default_factory=IntakeProfile)

    def sql(self, query: str, parameters: object = None) -> pd.DataFrame:
        """Return the rows of a query as a small data frame."""
        return self.engine.frame(query, parameters)

    def rows(self, query: str, parameters: object = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query that yields few of them."""
        return self.engine.rows(query, parameters)

    def run(self, statement: str, parameters: object = None) -> None:
        """Create a derived relation, or write one to a file of the output folder."""
        self.engine.run(statement, parameters)

    def count(self, table: str) -> int:
        """Return the number of rows of a table, removed records included."""
        return int(self.engine.value(f"select count(*) from {identifier(table)}"))

    def lock(self, output: Path | None = None) -> None:
        """Close the engine to everything but ``output``; loading is over."""
        self.engine.lock(output)

    def beside(self) -> Snapshot:
        """Return the same snapshot for another thread; it sees no temporary relation."""
        return replace(self, engine=self.engine.beside())

    def close(self) -> None:
        """Let go of the engine."""
        self.engine.close()


def latest_day(snapshot: Snapshot, not_after: datetime) -> tuple[date, str] | None:
    """Return the day of the greatest system-written stamp, and the ``table.column`` it is from.

    Args:
        snapshot: The loaded snapshot.
        not_after: The present moment in UTC; later stamps are wrong and are ignored.

    Returns:
        None when no column with such stamps was supplied, or all are empty.
    """
    greatest: list[tuple[datetime, str]] = []
    for table in TABLES.values():
        stamps = [
            column.name
            for column in table.columns
            if column.written_by_system
            and snapshot.capabilities.column(table.name, column.name).observable
        ]
        if not stamps:
            continue
        maxima = ", ".join(f"max({name}) filter ({name} <= $not_after)" for name in stamps)
        (row,) = snapshot.rows(f"select {maxima} from {table.name}", {"not_after": not_after})
        greatest += [
            (stamp, f"{table.name}.{name}")
            for stamp, name in zip(row, stamps, strict=True)
            if stamp is not None
        ]
    if not greatest:
        return None
    stamp, name = max(greatest)
    day: date = snapshot.engine.value(f"select day_of(cast({literal(str(stamp))} as timestamp))")
    return day, name


def table_definition(table: Table) -> str:
    """Return the column list of a canonical table, engine columns included."""
    columns = [f"{identifier(c.name)} {c.kind.engine_type}" for c in table.columns]
    columns.append("row_no BIGINT")
    columns.append("is_live BOOLEAN")
    if table.name == "deals":
        columns.append("state VARCHAR")
    return ", ".join(columns)


def create_missing_tables(engine: Engine) -> None:
    """Create, empty, every canonical table that the source did not bring."""
    for table in TABLES.values():
        engine.run(f"create table if not exists {table.name} ({table_definition(table)})")
