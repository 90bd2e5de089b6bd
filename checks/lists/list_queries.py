"""The list behind a check: which columns, in which order, as one query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checks.context import Context, list_relation
from checks.measurement import Measurement
from checks.rows.flags import examined_relation, failed_flag, failing_relation
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier, literal
from connectors.model import TABLES, Kind
from connectors.record_links import RecordLinks

_KIND_OF_ENGINE_TYPE = {
    "DATE": Kind.DATE,
    "TIMESTAMP": Kind.STAMP,
    "BOOLEAN": Kind.FLAG,
    "BIGINT": Kind.INTEGER,
    "INTEGER": Kind.INTEGER,
    "DECIMAL(18,2)": Kind.MONEY,
}
#: Column with the address of a record in its CRM.
LINK = "link"
_NUMBERS = ("DECIMAL", "DOUBLE", "FLOAT", "HUGEINT", "SMALLINT", "TINYINT", "U")
_NOTHING = "cast(null as varchar)"
_NO_AMOUNT = "cast(null as decimal(18, 2))"
#: Tables whose records are people: a value picked from them names or reaches one.
_OF_PEOPLE = ("contacts", "leads", "users")
#: Files are named after who keeps them.
_NAMED_AFTER_PEOPLE = ("spreadsheet",)
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
    """

    name: str
    kind: Kind
    person: bool

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
    the table's columns; what this export cannot show stays empty. Beside ``owner_id`` comes
    ``owner_name``; where the address of the CRM is known, ``link`` comes last.
    """
    if spec.id not in context.lists:
        context.lists[spec.id] = _prepared(context, spec, measurement)
    prepared: ListQuery = context.lists[spec.id]
    return prepared


def finding_column(name: str) -> str:
    """Return, quoted, what a column of ``findings.parquet`` is called beside those of a list."""
    return identifier(f"finding.{name}")


def _prepared(context: Context, spec: CheckSpec, measurement: Measurement) -> ListQuery:
    sources = _Sources(context, spec, measurement.hits or "")
    # The record of a user is a person.
    columns = [_Located("record_id", "hits.record_id", Kind.KEY, spec.table == "users")]
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
        tuple(ListColumn(one.name, one.kind, one.person) for one in columns),
        rows,
    )


@dataclass(frozen=True)
class _Located:
    name: str
    sql: str
    kind: Kind
    person: bool


class _Sources:
    """The relations that a list draws from."""

    def __init__(self, context: Context, spec: CheckSpec, hits: str) -> None:
        self._spec = spec
        self._hits = identifier(hits)
        self._of_hits = columns_of(context, hits)
        self._of_flags = columns_of(context, examined_relation(spec.table))
        self._of_table = columns_of(context, spec.table)
        self._link_base = context.snapshot.provenance.link_base
        # Who fails a row check is a flag among the others: hits and flags are the same rows.
        self._failed = failed_flag(hits)
        self._is_row_check = self._failed in self._of_flags
        self._flags = "hits" if self._is_row_check else "flags"

    def relations(self) -> str:
        """Return the joins: one row a hit, whatever they add."""
        examined = examined_relation(self._spec.table)
        if self._is_row_check:
            hits = f"{failing_relation(self._spec)} as hits "
        else:
            hits = f"{self._hits} as hits left join {examined} as flags using (row_no) "
        return (
            f"{hits}left join {self._spec.table} as records using (row_no) "
            "left join (select id, min(name) as name from users group by id) as owners "
            f"on owners.id = {self._owner()}"
        )

    def _owner(self) -> str:
        """Return the owner of a hit, which may be a record of another table."""
        return "hits.owner_id" if "owner_id" in self._of_hits else f"{self._flags}.owner_id"

    def locate(self, name: str) -> Iterator[_Located]:
        """Yield the column named, and the name of the owner beside the owner."""
        known = (column for column in TABLES[self._spec.table].columns if column.name == name)
        canonical = next(known, None)
        person = canonical is not None and (canonical.person or canonical.target == "users")
        if name == "value":
            person = self._spec.table in _OF_PEOPLE
        if name in _NAMED_AFTER_PEOPLE:
            person = True
        kind = canonical.kind if canonical else Kind.TEXT
        if name in self._of_hits:
            found = _kind(self._of_hits[name])
            if canonical is not None and kind.engine_type == found.engine_type:
                found = kind  # a key is no text, though the engine stores both alike
            yield _Located(name, f"hits.{identifier(name)}", found, person)
        elif canonical is None and name in self._of_flags:
            flag = f"{self._flags}.{identifier(name)}"
            yield _Located(name, flag, _kind(self._of_flags[name]), person)
        elif name in self._of_table:
            yield _Located(name, _on_the_clock(f"records.{identifier(name)}", kind), kind, person)
        else:
            yield _Located(name, f"CAST(NULL AS {kind.engine_type})", kind, person)
        if name == "owner_id":
            yield _Located("owner_name", "owners.name", Kind.TEXT, True)

    def finding(self) -> Iterator[tuple[str, str]]:
        """Yield what the finding of a row consists of besides its check and record.

        Hits that are listed and are no defect do not count.
        """
        table = self._spec.table
        owner = "records.owner_id" if "owner_id" in TABLES[table] else _NOTHING
        if self._is_row_check or "owner_id" in self._of_hits:
            owner = "hits.owner_id"
        of_table = literal(table)
        if "table_name" in self._of_hits:
            of_table = f"coalesce(hits.table_name, {of_table})"
        yield "row_no", "hits.row_no"
        yield "table", of_table
        yield "owner_id", owner
        yield "field", self._field()
        yield "amount", "records.amount" if "amount" in TABLES[table] else _NO_AMOUNT
        yield "counts", "hits.counted" if "counted" in self._of_hits else "true"

    def _field(self) -> str:
        """Return what a hit says, else what its check is about, else what the record lacks."""
        spec = self._spec
        if "field" in self._of_hits:
            return "hits.field"
        if spec.collects:
            return literal(spec.collects)
        lacking = self._is_row_check and "required_defect" in str(spec.defect)
        return "hits.required_missing" if lacking else _NOTHING

    def links(self) -> Iterator[_Located]:
        """Yield where each record can be opened, when it is known where the CRM is."""
        base = self._link_base
        if base is not None:
            table = literal(self._spec.table)
            if "table_name" in self._of_hits:
                table = f"coalesce(hits.table_name, {table})"
            address = RecordLinks(base).sql(table, "hits.record_id")
            yield _Located(LINK, address, Kind.TEXT, self._spec.table == "users")

    def order(self) -> Iterator[str]:
        """Yield the order asked for, then what makes it total."""
        for key in self._spec.worklist.sort:
            located = next(self.locate(key.lstrip("-")))
            yield f"{located.sql} {'desc' if key.startswith('-') else 'asc'} nulls last"
        yield "hits.record_id"
        yield "hits.row_no"
        for name in self._of_hits:
            if name not in ("row_no", "record_id"):
                yield f"hits.{identifier(name)} nulls last"


def _on_the_clock(sql: str, kind: Kind) -> str:
    """Show stamps as the organisation's clock did."""
    return f"local_time({sql})" if kind is Kind.STAMP else sql


def columns_of(context: Context, relation: str) -> dict[str, str]:
    """Return the engine's type of each column of a finished relation, by name."""
    if relation not in context.columns:
        described = context.snapshot.rows(
            f"select name, type from pragma_table_info({literal(relation)}) order by cid"
        )
        context.columns[relation] = dict(described)
    return context.columns[relation]


def _kind(engine_type: str) -> Kind:
    numeric = Kind.NUMBER if engine_type.startswith(_NUMBERS) else Kind.TEXT
    return _KIND_OF_ENGINE_TYPE.get(engine_type, numeric)
