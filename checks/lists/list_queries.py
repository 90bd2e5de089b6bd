"""The list behind a check: which columns, in which order, as one query."""

from __future__ import annotations

from dataclasses import dataclass

from checks.context import Context, list_relation
from checks.lists.list_sources import LINK, Located, Sources
from checks.measurement import Measurement
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier
from connectors.model import Kind

#: Texts that hold a word of the CRM's set-up or of this audit, and so never a name; any other
#: may hold one, a deal being called after its account more often than not.
_WORDS_OF_THE_SET_UP = frozenset(
    {
        *("stage", "status", "pipeline", "forecast_category", "currency", "type", "industry"),
        *("lead_source", "source", "country", "kind", "extension"),
        *(
            LINK,
            "table_name",
            "field",
            "required_missing",
            "reason",
            "tier",
            "container",
            "skipped",
        ),
    }
)


@dataclass(frozen=True)
class ListColumn:
    """One column of a list.

    Attributes:
        name: Name in the list, and in the query.
        kind: What it holds.
        person: True where a value names or reaches a person, or is the key of a user.
        names: The key whose record the value names, where it stands beside one.
    """

    name: str
    kind: Kind
    person: bool
    names: str | None = None

    @property
    def may_name(self) -> bool:
        """Whether a value may name an owner, an account or a contact."""
        return self.person or (self.kind is Kind.TEXT and self.name not in _WORDS_OF_THE_SET_UP)


@dataclass(frozen=True)
class ListQuery:
    """A query that yields a check's whole list; ``record_id`` comes first.

    Attributes:
        sql: Totally ordered, as the engine keeps the order of a table; ``limit`` may be
            appended.
        columns: Its columns, in order.
        rows: How many it yields.
    """

    sql: str
    columns: tuple[ListColumn, ...]
    rows: int


def list_query(context: Context, spec: CheckSpec, measurement: Measurement) -> ListQuery:
    """Return the query behind the list of a check whose measurement has hits.

    The list is joined and ordered once an audit, into a relation of its own: the page shows
    its first rows, the workbook more, the file all of them. The same relation holds what
    ``findings.parquet`` says of each row, in columns that are named by ``finding_column``.

    A column is looked for among the hits' own columns, then the features of the table, then
    the table's columns; what this export cannot show stays empty. Beside a key comes the name
    of its record, as ``owner_name`` beside ``owner_id``; where the address of the CRM is known,
    ``link`` comes last.
    """
    if spec.id not in context.lists:
        context.lists[spec.id] = _prepared(context, spec, measurement)
    prepared: ListQuery = context.lists[spec.id]
    return prepared


def finding_column(name: str) -> str:
    """Return, quoted, what a column of ``findings.parquet`` is called beside those of a list."""
    return identifier(f"finding.{name}")


def _prepared(context: Context, spec: CheckSpec, measurement: Measurement) -> ListQuery:
    sources = Sources(context, spec, measurement.hits or "")
    # The record of a user is a person.
    columns = [Located("record_id", "hits.record_id", Kind.KEY, spec.table == "users")]
    for name in dict.fromkeys(spec.worklist.columns):
        if name != "record_id":
            columns += sources.locate(name)
    columns += sources.links()
    selected = [f"{one.sql} AS {identifier(one.name)}" for one in columns]
    selected += [f"{sql} AS {finding_column(name)}" for name, sql in sources.finding()]
    order = ", ".join(sources.order())
    relation = list_relation(spec)
    # No temporary table: those are seen by their own connection alone.
    ((rows,),) = context.snapshot.rows(
        f"create or replace table {relation} as"
        f" select {', '.join(selected)} from {sources.relations()} order by {order}"
    )
    return ListQuery(
        f"select {', '.join(identifier(one.name) for one in columns)} from {relation}",
        tuple(ListColumn(one.name, one.kind, one.person, one.names) for one in columns),
        rows,
    )
