"""The data of the fake org, and who may see what of it."""

from __future__ import annotations

import csv
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb

from tests.fakes.salesforce.schema import (
    FEATURES,
    OBJECTS,
    PREFIXES,
    TOOLING,
    TRACKED,
    TRUE_BY_DEFAULT,
    FakeField,
    fields_of,
)
from tests.fakes.salesforce.soql import Query

#: Activities that were closed longer ago than this are archived.
_ARCHIVED_AFTER_DAYS = 365


class FakeOrg:
    """An org filled from the files that an export by API name has.

    Args:
        folder: CSV files, one an object.
        hidden: Objects (``LoginHistory``) and fields (``Opportunity.Amount``) that the user may
            not see.
        further: Fields of an object that its export leaves out, such as
            ``{"Opportunity": [FakeField("HasOpenActivity", "boolean")]}``.
        features: What was switched on, see ``FEATURES``.
    """

    def __init__(
        self,
        folder: Path | None = None,
        hidden: Collection[str] = (),
        further: Mapping[str, list[FakeField]] = MappingProxyType({}),
        features: Collection[str] = (),
    ) -> None:
        off = (names for feature, names in FEATURES.items() if feature not in features)
        self._off = set(chain.from_iterable(off))
        self.hidden = {*hidden, *self._off}
        self._connection = duckdb.connect()
        self._lock = threading.Lock()
        self._fields = {name: [*fields_of(name), *further.get(name, [])] for name in OBJECTS}
        self._extend(folder)
        for name in OBJECTS:
            self._create(name, folder / f"{name}.csv" if folder else None)
        self._complete()
        self._define()

    def visible(self, name: str) -> dict[str, FakeField] | None:
        """Return the fields of an object that the user may see; None when it is hidden."""
        if name not in OBJECTS or name in self.hidden:
            return None
        return {
            field.name: field
            for field in self._fields[name]
            if f"{name}.{field.name}" not in self.hidden
        }

    def in_setup(self, name: str) -> dict[str, FakeField] | None:
        """Return the fields of an object of the Tooling API; None when Setup may not be viewed."""
        if name not in TOOLING or name in self.hidden:
            return None
        return {field.name: field for field in fields_of(name)}

    def describe(self, name: str) -> dict[str, Any]:
        """Return what describe says."""
        fields = self.visible(name) or {}
        return {
            "name": name,
            "keyPrefix": PREFIXES.get(name),
            "queryable": True,
            "fields": [field.described() for field in fields.values()],
        }

    def run(self, statement: str) -> None:
        """Change the data, as people do who work while it is pulled."""
        with self._lock:
            self._connection.execute(statement)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return rows of a query."""
        with self._lock:
            return self._connection.execute(sql).fetchall()

    def types(self, query: Query) -> list[FakeField | None]:
        """Return the field behind each path of a query; None for those of a parent."""
        fields = self.visible(query.name) or {}
        return [fields.get(path) for path in query.paths]

    def _extend(self, folder: Path | None) -> None:
        """Add the custom fields that an export brings and the schema does not know."""
        for file in sorted(folder.glob("*.csv")) if folder else ():
            with file.open(encoding="utf-8", newline="") as lines:
                header = next(csv.reader(lines))
            known = {field.name for field in self._fields.get(file.stem, [])}
            self._fields.setdefault(file.stem, []).extend(
                FakeField(name, "string")
                for name in header
                if name.endswith("__c") and name not in known
            )

    def _create(self, name: str, file: Path | None) -> None:
        fields = self._fields[name]
        header = self._header(file)
        items = []
        for field in fields:
            if field.name in header:
                cell = f"nullif(\"{field.name}\", '')"
                if field.sql_type == "TIMESTAMP":
                    cell = f"cast({cell} as timestamptz) at time zone 'UTC'"
                elif field.sql_type == "DATE":
                    cell = f"left({cell}, 10)"
                items.append(f'cast({cell} as {field.sql_type}) as "{field.name}"')
            else:
                given = {"boolean": str((name, field.name) in TRUE_BY_DEFAULT).lower()}
                empty = given.get(field.type, "null")
                items.append(f'cast({empty} as {field.sql_type}) as "{field.name}"')
        extra = [f'"{h}"' for h in header if "." in h]
        source = (
            f"read_csv('{file}', all_varchar = true, header = true, nullstr = '',"
            " quote = '\"', escape = '\"', auto_detect = false, delim = ',',"
            f" columns = {{{', '.join(repr(h) + ': ' + repr('VARCHAR') for h in header)}}})"
            if header
            else "(select 1 where false)"
        )
        self._connection.execute("set TimeZone = 'UTC'")
        self._connection.execute(
            f'create table "{name}" as select {", ".join([*items, *extra])} from {source}'
        )

    @staticmethod
    def _header(file: Path | None) -> list[str]:
        if file is None or not file.exists():
            return []
        with file.open(encoding="utf-8", newline="") as lines:
            return next(csv.reader(lines))

    def _complete(self) -> None:
        """Fill in what follows from the rest: system stamps, record types, archives, the org."""
        run = self._connection.execute
        for name, fields in self._fields.items():
            names = {field.name for field in fields}
            if "SystemModstamp" in names:
                stamps = [c for c in ("LastModifiedDate", "CreatedDate") if c in names]
                filled = ", ".join(f'"{c}"' for c in (*stamps,)) or "null"
                run(f'update "{name}" set "SystemModstamp" = coalesce({filled}, now()::timestamp)')
        for name in ("Contact", "Lead"):
            run(
                f'update "{name}" set "Name" = nullif(concat_ws(\' \', "FirstName", "LastName"),'
                " '')"
            )
        run(
            'insert into "Organization" ("Id", "Name", "IsSandbox", "OrganizationType",'
            " \"TimeZoneSidKey\") values ('00DKz0000000001MAA', 'Fake', false,"
            " 'Enterprise Edition', 'Europe/Paris')"
        )
        columns = [row[0] for row in run('describe "Opportunity"').fetchall()]
        if "RecordType.Name" in columns:
            run(
                'insert into "RecordType" ("Id", "Name", "SobjectType", "IsActive") select'
                " '012Kz' || lpad(cast(row_number() over (order by n) as varchar), 10, '0')"
                " || 'AAA', n, 'Opportunity', true from (select distinct \"RecordType.Name\" as n"
                ' from "Opportunity" where "RecordType.Name" is not null)'
            )
            run(
                'update "Opportunity" set "RecordTypeId" = r."Id" from "RecordType" r'
                ' where r."Name" = "Opportunity"."RecordType.Name"'
            )
        run(
            'update "ContentVersion" set "ContentDocumentId" = \'069\' || substr("Id", 4)'
            ' where "ContentDocumentId" is null'
        )
        run(
            'insert into "ContentDocumentLink" ("Id", "ContentDocumentId", "LinkedEntityId")'
            ' select \'06A\' || substr("Id", 4), "ContentDocumentId",'
            ' "FirstPublishLocationId" from "ContentVersion"'
            ' where "FirstPublishLocationId" is not null'
        )
        run(
            'insert into "UserLogin" ("Id", "UserId", "IsFrozen") select'
            ' \'0Yw\' || substr("Id", 4), "Id", false from "User"'
        )
        latest = run('select max("LastModifiedDate") from "Task"').fetchone()
        if latest and latest[0]:
            run(
                'update "Task" set "IsArchived" = true where "IsClosed" and'
                f" \"ActivityDate\" < date '{latest[0]:%Y-%m-%d}' - {_ARCHIVED_AFTER_DAYS}"
            )

    def _define(self) -> None:
        """Fill Setup: every object, all its fields, seen by the user or not, and no rule."""
        for name in TOOLING:
            self._fields[name] = fields_of(name)
            self._create(name, None)
        run = self._connection.execute
        objects = ", ".join(f"('{name}', '{name}')" for name in OBJECTS)
        run(f'insert into "EntityDefinition" values {objects}')
        fields = ", ".join(
            f"('{name}.{field.name}', '{name}', '{field.name}', {(name, field.name) in TRACKED},"
            f" '{field.type}')"
            for name in OBJECTS
            for field in self._fields[name]
            if f"{name}.{field.name}" not in self._off
        )
        run(f'insert into "FieldDefinition" values {fields}')


def as_json(value: Any) -> Any:
    """Return a value as the REST API writes it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}+0000"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value


def as_text(value: Any) -> str:
    """Return a value as a bulk result writes it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(as_json(value))


def records(query: Query, rows: Sequence[Sequence[Any]], version: str) -> Iterator[dict[str, Any]]:
    """Yield rows as records of the REST API: attributes first, parents as objects."""
    for row in rows:
        record: dict[str, Any] = {"attributes": {"type": query.name}}
        for path, value in zip(query.paths, row, strict=True):
            parent, point, child = path.partition(".")
            if not point:
                record[path] = as_json(value)
            elif value is None:
                record.setdefault(parent, None)
            else:
                inner = record.get(parent) or {"attributes": {"type": parent}}
                record[parent] = {**inner, child: as_json(value)}
        if record.get("Id"):
            url = f"/services/data/v{version}/sobjects/{query.name}/{record['Id']}"
            record["attributes"]["url"] = url
        yield record


def csv_text(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return rows as the Bulk API writes them: everything quoted, lines that end in LF."""
    lines = [",".join(f'"{name}"' for name in header)]
    for row in rows:
        cells = (as_text(value).replace('"', '""') for value in row)
        lines.append(",".join(f'"{cell}"' for cell in cells))
    return "\n".join(lines) + "\n"
