"""Where the columns of a list come from, and how they are joined: one row a hit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checks.context import Context
from checks.lists.record_names import OF_PEOPLE, Pointed, names_of, names_of_others, pointed
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
#: Files are named after who keeps them.
_NAMED_AFTER_PEOPLE = ("spreadsheet",)


@dataclass(frozen=True)
class Located:
    """A column of a list, and the expression that yields it."""

    name: str
    sql: str
    kind: Kind
    person: bool
    names: str | None = None


class Sources:
    """The relations that a list draws from."""

    def __init__(self, context: Context, spec: CheckSpec, hits: str) -> None:
        self._context = context
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
        self._others = self._names_of_others()

    def _names_of_others(self) -> str | None:
        """Return what hits of other tables are called, where the hits do not say it."""
        if "table_name" not in self._of_hits or "name" in self._of_hits:
            return None
        found = self._context.snapshot.rows(
            f"select distinct table_name from {self._hits} "
            f"where table_name <> {literal(self._spec.table)} order by table_name"
        )
        return names_of_others(self._hits, [table for (table,) in found])

    def relations(self) -> str:
        """Return the joins: one row a hit, whatever they add."""
        examined = examined_relation(self._spec.table)
        if self._is_row_check:
            hits = f"{failing_relation(self._spec)} as hits "
        else:
            hits = f"{self._hits} as hits left join {examined} as flags using (row_no) "
        joins = [f"{hits}left join {self._spec.table} as records using (row_no)"]
        for name in dict.fromkeys(self._spec.worklist.columns):
            if beside := pointed(self._spec.table, name):
                key = next(self.locate(name)).sql
                names = names_of(self._context, beside.target)
                joins.append(f"left join {names} as {beside.alias} on {beside.alias}.id = {key}")
        if self._others:
            joins.append(
                f"left join ({self._others}) as others "
                "on others.table_name = hits.table_name and others.id = hits.record_id"
            )
        return " ".join(joins)

    def locate(self, name: str) -> Iterator[Located]:
        """Yield the column named, and beside a key the name of its record."""
        yield self._located(name)
        if beside := pointed(self._spec.table, name):
            yield _named(beside)

    def _located(self, name: str) -> Located:
        known = (column for column in TABLES[self._spec.table].columns if column.name == name)
        canonical = next(known, None)
        person = self._is_person(name)
        kind = canonical.kind if canonical else Kind.TEXT
        if name in self._of_hits:
            found = _kind(self._of_hits[name])
            if canonical is not None and kind.engine_type == found.engine_type:
                found = kind  # a key is no text, though the engine stores both alike
            return Located(name, f"hits.{identifier(name)}", found, person)
        if canonical is None and name in self._of_flags:
            flag = f"{self._flags}.{identifier(name)}"
            return Located(name, flag, _kind(self._of_flags[name]), person)
        if name not in self._of_table:
            return Located(name, f"CAST(NULL AS {kind.engine_type})", kind, person)
        value = _on_the_clock(f"records.{identifier(name)}", kind)
        if name != "name":
            return Located(name, value, kind, person)
        if self._others:
            value = f"coalesce({value}, others.name)"
        # What a user is called stands beside the key of this very user.
        return Located(name, value, kind, person, "record_id" if self._of_users else None)

    @property
    def _of_users(self) -> bool:
        return self._spec.table == "users"

    def _is_person(self, name: str) -> bool:
        """Return whether a value names or reaches a person, or is the key of a user."""
        if name in _NAMED_AFTER_PEOPLE:
            return True
        if name == "value":
            return self._spec.table in OF_PEOPLE
        of_table = TABLES[self._spec.table]
        return name in of_table and (of_table[name].person or of_table[name].target == "users")

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

    def links(self) -> Iterator[Located]:
        """Yield where each record can be opened, when it is known where the CRM is."""
        base = self._link_base
        if base is not None:
            table = literal(self._spec.table)
            if "table_name" in self._of_hits:
                table = f"coalesce(hits.table_name, {table})"
            address = RecordLinks(base).sql(table, "hits.record_id")
            yield Located(LINK, address, Kind.TEXT, self._spec.table == "users")

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


def _named(beside: Pointed) -> Located:
    """Return the name beside a key."""
    value = f"{beside.alias}.name"
    return Located(beside.name, value, Kind.TEXT, beside.is_person, beside.key)


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
