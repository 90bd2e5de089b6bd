"""What records are called: a reader knows an account by its name, not by its key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checks.context import Context
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier, literal
from connectors.model import TABLES, Kind

#: Tables whose records are people: a value picked from them names or reaches one.
OF_PEOPLE = ("contacts", "leads", "users")
#: What the records of other tables are called by, where a list holds records of several.
_CALLED_BY = {"accounts": "name", "deals": "name", "activities": "subject", "analytics": "name"}


@dataclass(frozen=True)
class Pointed:
    """The name of what a key points to, beside the key.

    Attributes:
        key: The key's column.
        target: Table of the record that it names.
    """

    key: str
    target: str

    @property
    def name(self) -> str:
        """``account_name`` beside ``account_id``."""
        return f"{self.key.removesuffix('_id')}_name"

    @property
    def alias(self) -> str:
        """What the names are called in a query that joins them."""
        return f"named_{self.key}"

    @property
    def is_person(self) -> bool:
        """Whether it names a person."""
        return self.target in OF_PEOPLE


def pointed(table: str, column: str) -> Pointed | None:
    """Return the name that stands beside a column; None where it is no key of a named record."""
    if table not in TABLES or column not in TABLES[table]:
        return None
    key = TABLES[table][column]
    named = key.kind is Kind.KEY and key.target in TABLES and "name" in TABLES[key.target]
    return Pointed(column, key.target) if named and key.target else None


def names_of(context: Context, table: str) -> str:
    """Return the relation ``id, name`` of a table's records, made when a list first asks.

    One line an id, so that nothing is listed twice where an export repeats a record. It is no
    temporary table, for lists are joined on two connections.
    """
    relation = f"names_of_{table}"
    if relation not in context.shared:
        context.snapshot.run(
            f"create or replace table {relation} as "
            f"select id, min(name) as name from {identifier(table)} group by id"
        )
        context.shared[relation] = True
    return relation


def lay_out_names(context: Context, specs: Iterable[CheckSpec]) -> None:
    """Make the names that the lists of these checks show, before two connections ask at once."""
    keys = [pointed(spec.table, name) for spec in specs for name in spec.worklist.columns]
    for table in sorted({beside.target for beside in keys if beside}):
        names_of(context, table)


def names_of_others(hits: str, tables: Iterable[str]) -> str | None:
    """Return the query ``table_name, id, name`` of the hits that are records of other tables.

    People are left out: what they are called is not shown where deals are named.
    """
    named = [
        f"select {literal(table)} as table_name, id, min({_CALLED_BY[table]}) as name "
        f"from {identifier(table)} where id in (select record_id from {hits}) group by id"
        for table in tables
        if table in _CALLED_BY
    ]
    return " union all ".join(named) or None
