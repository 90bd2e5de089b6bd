"""One file of one table: the SELECT that turns its text into canonical columns.

Beside the canonical columns the SELECT yields ``helper_*`` columns, which later steps use to
fill keys and states and which never reach the snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from connectors.engines.duckdb import Engine, identifier, literal
from connectors.intake.notation.numbers import currency_in
from connectors.intake.recognition.claims import Claim
from connectors.intake.recognition.dialects import name_field
from connectors.intake.recognition.recognise import Recognised
from connectors.intake.tables.reading import Reading, text_cell
from connectors.model import TABLES, Kind

#: What a field that is no canonical column helps to fill.
FEEDS = {
    "is_lost": "is_closed",
    "won_at": "close_date",
    "lost_at": "close_date",
    "closed_at": "close_date",
    "what_id": "deal_id",
    "who_id": "contact_id",
    "merged_ids": "merged_into_id",
}
_ENGINE_COLUMNS = {"row_no", "is_live", "state"}
_PREFIXES = {"deal_id": "006", "account_id": "001", "contact_id": "003", "lead_id": "00Q"}


@dataclass
class Source:
    """A recognised file of a canonical table, with how its columns are read.

    Attributes:
        found: What the file was recognised as.
        table: Canonical table.
        readings: Field to reading.
        kept: Position to the unique name of a column that no field claims.
        kept_filled: Position to the number of its filled values.
        offset: What is added to the file's row numbers to make them unique in the table.
        continued: Rows that go on with the record above.
        long_ids: Whether ids of 15 characters are lengthened to 18.
    """

    found: Recognised
    table: str
    readings: dict[str, Reading]
    kept: dict[int, str] = field(default_factory=dict)
    kept_filled: dict[int, int] = field(default_factory=dict)
    offset: int = 0
    continued: int = 0
    long_ids: bool = False
    listed_ids: bool = False

    @property
    def claims(self) -> Iterable[Claim]:
        """The claims, canonical columns first."""
        readings = self.readings.values()
        known = TABLES[self.table]
        return sorted((r.claim for r in readings), key=lambda claim: claim.field not in known)

    @property
    def unread(self) -> list[Reading]:
        """Readings with values that do not parse."""
        return [reading for reading in self.readings.values() if reading.unparsed]

    def prepare(self, engine: Engine, *, long_ids: bool) -> None:
        """Look at the whole file once for what the SELECT depends on."""
        raw = self.found.raw
        self.long_ids = long_ids
        self.kept = _unique_names(self.table, raw.headers, self.found.kept)
        sums = [f"count({text_cell(column)})" for column in self.kept]
        listed = " or ".join(
            f"contains({each.cell}, ';') or suffix({each.cell}, ')')" for each in self._keys()
        )
        lists = self.found.dialect.keys == "first_of_list" and bool(listed)
        sums.append(f"coalesce(bool_or({listed}), false)" if lists else "bool_or(false)")
        sums.append(
            f"count_if(not ({self._own_row()}))" if self._continues() else "count_if(false)"
        )
        counts = engine.rows(f"select {', '.join(sums)} from {raw.relation}")[0]
        self.kept_filled = dict(zip(self.kept, counts, strict=False))
        self.listed_ids = bool(counts[-2])
        self.continued = int(counts[-1] or 0)  # NULL where there is no record

    def select(self) -> str:
        """Return the SELECT over the raw table."""
        raw = self.found.raw
        columns = self._canonical()
        items = [
            f"cast({expression} as {TABLES[self.table][name].kind.engine_type}) as {name}"
            for name, expression in columns.items()
        ]
        items += [f"{sql} as helper_{name}" for name, sql in self._helpers().items()]
        items += [
            f"case when {reading.expression} is null then {reading.cell} end"
            f" as {reading.claim.field}_as_written"
            for reading in self.unread
        ]
        items += [
            f"{text_cell(column)} as {identifier(name)}" for column, name in self.kept.items()
        ]
        items.append(f"row_no + {self.offset} as row_no")
        where = f" where {self._own_row()}" if self._continues() else ""
        return f"select {', '.join(items)} from {raw.relation}{where}"

    def _keys(self) -> list[Reading]:
        names = {name_field(column.name) for column in TABLES[self.table].columns if column.target}
        return [r for f, r in self.readings.items() if r.kind is Kind.KEY or f in names]

    def _continues(self) -> bool:
        return self.found.dialect.continuation and bool(self.readings)

    def _own_row(self) -> str:
        """SQL that tells a record from a row that goes on with the lists of the one above."""
        return " or ".join(f"{r.cell} is not null" for r in self.readings.values())

    def _canonical(self) -> dict[str, str]:
        """Return canonical column to SQL."""
        stem = literal(self.found.raw.stem + ":")
        number = f"{stem} || row_no"
        columns: dict[str, str] = {
            name: literal(value) for name, value in self.found.entry.constants.items()
        }
        for name, reading in self.readings.items():
            if name in TABLES[self.table]:
                columns[name] = self._value(name, reading)
        columns["id"] = f"coalesce({columns['id']}, {number})" if "id" in columns else number
        columns |= self._split_keys(columns) | self._composed(columns)
        return columns

    def _value(self, name: str, reading: Reading) -> str:
        constant = self.found.entry.constants.get(name)
        if constant is not None:
            return f"coalesce({reading.expression}, {literal(constant)})"
        return self._key(reading.expression) if reading.kind is Kind.KEY else reading.expression

    def _key(self, cell: str) -> str:
        """Return the SQL of an id: the first of a list, at full length, its case untouched."""
        if self.listed_ids:
            first = f"trim(split_part({cell}, ';', 1))"
            cell = f"coalesce(nullif(regexp_extract({first}, '\\((\\d+)\\)$', 1), ''), {first})"
        return _lengthened(cell) if self.long_ids else cell

    def _split_keys(self, columns: dict[str, str]) -> dict[str, str]:
        """Tell Salesforce's ``WhatId`` and ``WhoId`` apart by the prefix of the id."""
        split = {}
        for source, names in (
            ("what_id", ("deal_id", "account_id")),
            ("who_id", ("contact_id", "lead_id")),
        ):
            if source not in self.readings:
                continue
            key = self._key(self.readings[source].expression)
            for name in names:
                part = f"case when starts_with({key}, '{_PREFIXES[name]}') then {key} end"
                split[name] = f"coalesce({columns[name]}, {part})" if name in columns else part
        return split

    def _composed(self, columns: dict[str, str]) -> dict[str, str]:
        """Return columns that are put together from others."""
        composed = {}
        parts = [self.readings[n].cell for n in ("first_name", "last_name") if n in self.readings]
        if parts and "name" in TABLES[self.table] and "name" not in columns:
            composed["name"] = f"nullif(concat_ws(' ', {', '.join(parts)}), '')"
        ends = [
            self.readings[n].expression
            for n in ("won_at", "lost_at", "closed_at")
            if n in self.readings
        ]
        if ends:
            planned = [columns["close_date"]] if "close_date" in columns else []
            composed["close_date"] = f"coalesce({', '.join(ends + planned)})"
        amount = self.readings.get("amount")
        if self.table == "deals" and amount and "currency" not in columns:
            currency = amount.style.currency or currency_in(amount.claim.header)
            if currency:
                composed["currency"] = (
                    f"case when {amount.cell} is not null then {literal(currency)} end"
                )
        return composed

    def _helpers(self) -> dict[str, str]:
        helpers = {}
        for name, reading in self.readings.items():
            if name.endswith("_name") and name not in TABLES[self.table]:
                helpers[name] = self._name(reading.cell)
                if self.listed_ids:
                    helpers[f"{name}_key"] = self._key(reading.cell)
            elif name in ("is_lost", "merged_ids"):
                helpers[name] = reading.expression
        return helpers

    def _name(self, cell: str) -> str:
        """Return the SQL of a name, without the id that some exports put behind it."""
        if not self.listed_ids:
            return cell
        return f"regexp_replace(trim(split_part({cell}, ';', 1)), '\\s*\\(\\d+\\)$', '')"


def _unique_names(table: str, headers: tuple[str, ...], columns: Iterable[int]) -> dict[int, str]:
    """Give each kept column a name of its own, apart from canonical ones; case does not count."""
    taken = {column.name for column in TABLES[table].columns} | _ENGINE_COLUMNS
    names = {}
    for column in columns:
        name, number = headers[column], 1
        while name.casefold() in taken or not name:
            number += 1
            name = f"{headers[column]} ({number})".strip()
        taken.add(name.casefold())
        names[column] = name
    return names


def _lengthened(cell: str) -> str:
    """Return the SQL that adds the three check characters to an id of 15 characters."""
    checks = []
    for block in (1, 6, 11):
        bits = " + ".join(
            f"case when {cell}[{block + place}] between 'A' and 'Z' then {2**place} else 0 end"
            for place in range(5)
        )
        checks.append(f"'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'[1 + {bits}]")
    return (
        f"case when length({cell}) = 15 and regexp_full_match({cell}, '[A-Za-z0-9]+')"
        f" then {cell} || {' || '.join(checks)} else {cell} end"
    )
