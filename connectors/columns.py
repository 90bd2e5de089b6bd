"""What a canonical table is made of: columns, and the kinds of values that they hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a canonical column holds; decides how text is parsed and the engine's type."""

    KEY = "key"
    TEXT = "text"
    DATE = "date"
    STAMP = "stamp"
    MONEY = "money"
    NUMBER = "number"
    INTEGER = "integer"
    FLAG = "flag"

    @property
    def engine_type(self) -> str:
        """The DuckDB type; money is decimal so that sums do not depend on their order."""
        return _ENGINE_TYPES[self]


_ENGINE_TYPES = {
    Kind.KEY: "VARCHAR",
    Kind.TEXT: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.STAMP: "TIMESTAMP",
    Kind.MONEY: "DECIMAL(18,2)",
    Kind.NUMBER: "DECIMAL(18,6)",
    Kind.INTEGER: "BIGINT",
    Kind.FLAG: "BOOLEAN",
}


@dataclass(frozen=True)
class Column:
    """One canonical column.

    Attributes:
        name: Canonical name, the only one used outside the connectors.
        kind: What the column holds.
        meaning: One line for the generated reference.
        target: Table that a key points to.
        written_by_system: True for stamps that the CRM writes itself; the date of the audit
            is read from these and from nothing else.
        person: True where the value names or reaches a person.
    """

    name: str
    kind: Kind
    meaning: str
    target: str | None = None
    written_by_system: bool = False
    person: bool = False


@dataclass(frozen=True)
class Table:
    """One canonical table; ``columns`` come in the order in which they are shown."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.columns)
