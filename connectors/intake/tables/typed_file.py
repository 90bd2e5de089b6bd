"""One file, from text to a typed table: read as a sample proposes, and again if that was wrong.

The file is read once. What the sample proposed is held against every value on the way, so that
a second reading is needed only where values did not parse and a better way to read them shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from connectors.engines.duckdb import Engine, identifier, literal
from connectors.intake.inferred import Question
from connectors.intake.mapping import TableMapping
from connectors.intake.pour import pour
from connectors.intake.recognition.recognise import Recognised
from connectors.intake.sample import Row
from connectors.intake.tables.file_select import GOES_ON, HOLDS_LISTS, Source, given, lengthened
from connectors.intake.tables.intake import unread_values
from connectors.intake.tables.reading import Reading
from connectors.intake.tables.values import (
    Readings,
    looked_at_again,
    ordered,
    proposed,
    reads_more,
)
from connectors.model import TABLES, Kind


def type_file(
    engine: Engine,
    found: Recognised,
    table: str,
    rows: Sequence[Row],
    told: TableMapping | None,
    time_zone: str,
) -> tuple[Source, list[Question]]:
    """Create the typed table of a file, with its figures, and let its text go.

    Args:
        engine: Holds the raw table.
        found: What the file was recognised as.
        table: Canonical table that it feeds.
        rows: Sample of its rows.
        told: What the user told about the table.
        time_zone: Time zone of the organisation.

    Returns:
        The source with its table, and the questions that the values leave open.
    """
    readings = proposed(table, found.claims, rows, told)
    readings, questions = ordered(engine, found.raw, table, readings, told, rows)
    source = Source(found, table, readings)
    source.listed_ids = source.may_hold_lists and _holds_lists(source, rows)
    _read(engine, source, time_zone)
    learnt, asked = _learnt(engine, source, told, time_zone)
    if learnt:
        source.readings, questions = learnt, asked
        _read(engine, source, time_zone)
    _settle(engine, source)
    _number(engine, source)
    source.unread = unread_values(engine, source)
    source.found.raw.drop(engine)
    return source, questions


def _holds_lists(source: Source, rows: Sequence[Row]) -> bool:
    places = [reading.claim.column for reading in source.keys]
    cells = (row[place] or "" for row in rows for place in places)
    return any(";" in cell or cell.endswith(")") for cell in cells)


def _read(engine: Engine, source: Source, time_zone: str) -> None:
    """Read the file into its table, and count what each column holds."""
    raw = pour(engine, source.found.raw, source.relation, *source.layers(time_zone))
    source.found = replace(source.found, raw=raw)
    counted = [_sums(source, name, reading) for name, reading in source.readings.items()]
    kept = [f"count({identifier(name)})" for name in source.kept.values()]
    sums = [each for pair in counted for each in pair] + kept
    figures = engine.rows(f"select {', '.join([*sums, 'count(*)'])} from {source.relation}")[0]
    source.readings = {
        name: replace(reading, filled=figures[2 * at], unparsed=figures[2 * at + 1])
        for at, (name, reading) in enumerate(source.readings.items())
    }
    source.kept_filled = dict(zip(source.kept, figures[len(sums) - len(kept) :], strict=False))


def _sums(source: Source, name: str, reading: Reading) -> tuple[str, str]:
    """Return the SQL that counts the filled cells of a field, and of these the unparsed."""
    unparsed = f"count({identifier(reading.as_written)})" if reading.is_typed else "0"
    if not source.fills(name):
        return f"count_if({identifier(given(reading))})", unparsed
    return f"count({name}) + {unparsed}", unparsed


def _learnt(
    engine: Engine, source: Source, told: TableMapping | None, time_zone: str
) -> tuple[Readings, list[Question]]:
    """Return better readings where the values that did not parse show them; else none."""
    relation, raw = source.relation, source.found.raw
    lists = HOLDS_LISTS in source.columns() and bool(
        engine.rows(f"select 1 from {relation} where {identifier(HOLDS_LISTS)} limit 1")
    )
    again = {
        name: looked_at_again(engine, relation, reading)
        for name, reading in source.readings.items()
        if reading.unparsed
    }
    if not again and not lists:
        return {}, []
    readings, questions = ordered(engine, raw, source.table, source.readings | again, told)
    more = any(reads_more(engine, relation, readings[name], time_zone) for name in again)
    others = any(readings[n].order != each.order for n, each in source.readings.items())
    if not (lists or more or others):
        return {}, []
    source.listed_ids = source.listed_ids or lists
    return readings, questions


def _settle(engine: Engine, source: Source) -> None:
    """Give values the meaning that only the whole column tells, and drop what told it."""
    relation = source.relation
    for name, reading in source.readings.items():
        if reading.kind is Kind.FLAG and reading.filled > reading.unparsed:
            column = name if source.fills(name) else f"helper_{name}"
            # Only yes occurs: an empty cell is a no.
            engine.run(
                f"update {relation} set {column} = false where {column} is null"
                f" and {identifier(reading.as_written)} is null"
                f" and not exists (from {relation} where not {column})"
            )
        if name == "probability" and not reading.style.percent and source.fills(name):
            engine.run(
                f"update {relation} set {name} = {name} * 100"
                f" where (select max({name}) from {relation}) <= 1"
            )
    spent = [each.as_written for each in source.typed if not each.unparsed]
    spent += [given(each) for name, each in source.readings.items() if not source.fills(name)]
    spent += [HOLDS_LISTS] if HOLDS_LISTS in source.columns() else []
    for column in spent:
        engine.run(f"alter table {relation} drop column {identifier(column)}")


def _number(engine: Engine, source: Source) -> None:
    """Number the rows as they stand in the file, and give an id to those without."""
    relation, raw = source.relation, source.found.raw
    if source.found.dialect.keys == "salesforce":
        source.id_lengths = _id_lengths(engine, source)
    engine.run(f"alter table {relation} add column row_no bigint")
    engine.run(f"update {relation} set row_no = rowid + 1")
    engine.run(f"update {relation} set id = {literal(raw.stem + ':')} || row_no where id is null")
    if source.may_continue:
        mark = identifier(GOES_ON)
        source.continued = int(engine.value(f"select count_if({mark}) from {relation}"))
        engine.run(f"delete from {relation} where {mark}")
        engine.run(f"alter table {relation} drop column {mark}")


def lengthen_ids(engine: Engine, source: Source) -> None:
    """Bring Salesforce's ids of 15 characters to 18, so that they meet those of other files."""
    if source.id_lengths:
        longer = (f"{name} = {lengthened(name)}" for name in _key_columns(source))
        engine.run(f"update {source.relation} set {', '.join(longer)}")


def _id_lengths(engine: Engine, source: Source) -> set[int]:
    ends = (f"min(length({name})), max(length({name}))" for name in _key_columns(source))
    lengths = engine.rows(f"select {', '.join(ends)} from {source.relation}")[0]
    return {length for length in lengths if length is not None}


def _key_columns(source: Source) -> list[str]:
    """Return the canonical columns of a source's table that hold ids."""
    columns = source.columns()
    keys = (each.name for each in TABLES[source.table].columns if each.kind is Kind.KEY)
    return [name for name in keys if name in columns]
