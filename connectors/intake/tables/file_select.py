"""One file of one table: the columns that its text is turned into.

Beside the canonical columns there are ``helper_*`` columns, which later steps use to fill keys
and states and which never reach the snapshot, the text of what does not parse, and columns that
only tell how the reading went.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from connectors.engines.duckdb import literal
from connectors.intake.notation.numbers import currency_in
from connectors.intake.recognition.claims import Claim
from connectors.intake.recognition.dialects import name_field
from connectors.intake.recognition.recognise import Recognised
from connectors.intake.tables.reading import Reading, text_cell, value_of
from connectors.model import TABLES, Kind
from connectors.snapshot import UnreadValue

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


#: Columns about the reading itself, gone before anybody else sees the table. No header begins
#: with a blank.
GOES_ON, HOLDS_LISTS = " goes on", " holds lists"


@dataclass
class Source:
    """A recognised file of a canonical table, with how its columns are read.

    Attributes:
        found: What the file was recognised as.
        table: Canonical table.
        readings: Field to reading.
        listed_ids: Whether ids come in lists, or behind names.
        kept: Position to the unique name of a column that no field claims.
        kept_filled: Position to the number of its filled values.
        offset: What is added to the file's row numbers to make them unique in the table.
        continued: Rows that go on with the record above.
        id_lengths: Lengths of the shortest and the longest of its ids.
        unread: The first values that do not parse.
    """

    found: Recognised
    table: str
    readings: dict[str, Reading]
    listed_ids: bool = False
    kept: dict[int, str] = field(init=False)
    kept_filled: dict[int, int] = field(default_factory=dict)
    offset: int = 0
    continued: int = 0
    id_lengths: set[int] = field(default_factory=set)
    unread: list[UnreadValue] = field(default_factory=list)

    def __post_init__(self) -> None:
        taken = {column.name for column in TABLES[self.table].columns} | _ENGINE_COLUMNS
        taken |= {reading.as_written for reading in self.typed}
        self.kept = _unique_names(taken, self.found.raw.headers, self.found.kept)

    @property
    def relation(self) -> str:
        """Name of the table that holds the file once it is typed."""
        return f"typed_{self.found.raw.relation}"

    @property
    def claims(self) -> Iterable[Claim]:
        """The claims, canonical columns first."""
        readings = self.readings.values()
        known = TABLES[self.table]
        return sorted((r.claim for r in readings), key=lambda claim: claim.field not in known)

    @property
    def typed(self) -> list[Reading]:
        """Readings of dates, numbers and flags: their values may fail to parse."""
        return [reading for reading in self.readings.values() if reading.is_typed]

    @property
    def keys(self) -> list[Reading]:
        """Readings of ids, and of names that stand for them."""
        names = {name_field(column.name) for column in TABLES[self.table].columns if column.target}
        return [r for f, r in self.readings.items() if r.kind is Kind.KEY or f in names]

    @property
    def may_hold_lists(self) -> bool:
        """Whether ids of this system may come in lists."""
        return self.found.dialect.keys == "first_of_list" and bool(self.keys)

    @property
    def may_continue(self) -> bool:
        """Whether rows of this system may go on with the record above."""
        return self.found.dialect.continuation and bool(self.readings)

    def layers(self, time_zone: str) -> tuple[dict[str, str], ...]:
        """Return the columns that are computed from the raw table, each layer from the one below.

        A text is looked at several times, and the engine would compute it as often.
        """
        texts = {reading.text: reading.cell for reading in self.readings.values()}
        values = {each.value: value_of(each.text, each, time_zone) for each in self.typed}
        return texts, values, self.columns()

    def columns(self) -> dict[str, str]:
        """Return the columns of ``relation`` with the SQL of each over texts and values."""
        canonical = self._canonical()
        columns = {
            column.name: f"cast({canonical[column.name]} as {column.kind.engine_type})"
            for column in TABLES[self.table].columns
            if column.name in canonical
        }
        columns |= {f"helper_{name}": sql for name, sql in self._helpers().items()}
        columns |= {
            each.as_written: f"case when {each.value} is null then {each.text} end"
            for each in self.typed
        }
        columns |= {
            given(each): f"{each.text} is not null"
            for name, each in self.readings.items()
            if not self.fills(name)
        }
        columns |= {name: text_cell(column) for column, name in self.kept.items()}
        if self.may_hold_lists and not self.listed_ids:
            listed = (f"contains({r.text}, ';') or suffix({r.text}, ')')" for r in self.keys)
            columns[HOLDS_LISTS] = " or ".join(listed)
        if self.may_continue:
            own = (f"{reading.text} is not null" for reading in self.readings.values())
            columns[GOES_ON] = f"not ({' or '.join(own)})"
        return columns

    def fills(self, name: str) -> bool:
        """Whether a field fills the canonical column of its name all by itself."""
        if name not in TABLES[self.table] or name in self.found.entry.constants:
            return False
        direct = self._direct()
        return name not in self._split_keys(direct) | self._composed(direct)

    def _canonical(self) -> dict[str, str]:
        """Return canonical column to SQL."""
        columns = self._direct()
        return columns | self._split_keys(columns) | self._composed(columns)

    def _direct(self) -> dict[str, str]:
        """Return the canonical columns that a field or a constant gives; ids may be missing."""
        columns: dict[str, str] = {"id": "null"}
        columns |= {name: literal(value) for name, value in self.found.entry.constants.items()}
        for name, reading in self.readings.items():
            if name in TABLES[self.table]:
                columns[name] = self._value(name, reading)
        return columns

    def _value(self, name: str, reading: Reading) -> str:
        constant = self.found.entry.constants.get(name)
        if constant is not None:
            return f"coalesce({reading.value}, {literal(constant)})"
        return self._key(reading.value) if reading.kind is Kind.KEY else reading.value

    def _key(self, cell: str) -> str:
        """Return the SQL of an id: the first of a list, its case untouched."""
        if not self.listed_ids:
            return cell
        first = f"trim(split_part({cell}, ';', 1))"
        return f"coalesce(nullif(regexp_extract({first}, '\\((\\d+)\\)$', 1), ''), {first})"

    def _split_keys(self, columns: dict[str, str]) -> dict[str, str]:
        """Tell Salesforce's ``WhatId`` and ``WhoId`` apart by the prefix of the id."""
        split = {}
        for source, names in (
            ("what_id", ("deal_id", "account_id")),
            ("who_id", ("contact_id", "lead_id")),
        ):
            if source not in self.readings:
                continue
            key = self._key(self.readings[source].value)
            for name in names:
                part = f"case when starts_with({key}, '{_PREFIXES[name]}') then {key} end"
                split[name] = f"coalesce({columns[name]}, {part})" if name in columns else part
        return split

    def _composed(self, columns: dict[str, str]) -> dict[str, str]:
        """Return columns that are put together from others."""
        composed = {}
        parts = [self.readings[n].text for n in ("first_name", "last_name") if n in self.readings]
        if parts and "name" in TABLES[self.table] and "name" not in columns:
            composed["name"] = f"nullif(concat_ws(' ', {', '.join(parts)}), '')"
        ends = [
            self.readings[n].value for n in ("won_at", "lost_at", "closed_at") if n in self.readings
        ]
        if ends:
            planned = [columns["close_date"]] if "close_date" in columns else []
            composed["close_date"] = f"coalesce({', '.join(ends + planned)})"
        amount = self.readings.get("amount")
        if self.table == "deals" and amount and "currency" not in columns:
            currency = amount.style.currency or currency_in(amount.claim.header)
            if currency:
                composed["currency"] = (
                    f"case when {amount.text} is not null then {literal(currency)} end"
                )
        return composed

    def _helpers(self) -> dict[str, str]:
        helpers = {}
        for name, reading in self.readings.items():
            if name.endswith("_name") and name not in TABLES[self.table]:
                helpers[name] = self._name(reading.text)
                if self.listed_ids:
                    helpers[f"{name}_key"] = self._key(reading.text)
            elif name in ("is_lost", "merged_ids"):
                helpers[name] = reading.value
        return helpers

    def _name(self, cell: str) -> str:
        """Return the SQL of a name, without the id that some exports put behind it."""
        if not self.listed_ids:
            return cell
        return f"regexp_replace(trim(split_part({cell}, ';', 1)), '\\s*\\(\\d+\\)$', '')"


def given(reading: Reading) -> str:
    """Return the column that tells whether a field that fills no column of its own is filled."""
    return f" given {reading.claim.field}"


def _unique_names(
    taken: set[str], headers: tuple[str, ...], columns: Iterable[int]
) -> dict[int, str]:
    """Give each kept column a name of its own, apart from those taken; case does not count."""
    taken = set(taken)
    names = {}
    for column in columns:
        name, number = headers[column], 1
        while name.casefold() in taken or not name:
            number += 1
            name = f"{headers[column]} ({number})".strip()
        taken.add(name.casefold())
        names[column] = name
    return names


def lengthened(cell: str) -> str:
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
