"""From text columns to typed ones: for each column of a file, the SQL that reads it.

A sample proposes how a column is written, one scan over all columns verifies it, and what did
not parse is looked at once more. Values are never copied to Python but for the sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from connectors.engines.duckdb import Engine, literal
from connectors.intake.inferred import Question
from connectors.intake.mapping import DayOrder, TableMapping
from connectors.intake.notation.dates import (
    order_votes,
    patterns_in,
)
from connectors.intake.notation.numbers import number_style
from connectors.intake.raw_table import RawTable
from connectors.intake.recognition.claims import Claim
from connectors.intake.tables.reading import (
    DATES,
    NUMBERS,
    Reading,
    expression_of,
    kind_of,
    settled,
    text_cell,
)
from connectors.model import TABLES, Kind

_SAMPLE = 3_000


def sample_rows(engine: Engine, raw: RawTable) -> list[tuple[str | None, ...]]:
    """Return up to a few thousand rows, from the start and spread over the whole table."""
    columns = ", ".join(f"c{column}" for column in range(len(raw.headers)))
    first, step = _SAMPLE // 2, max(1, raw.rows_loaded // (_SAMPLE // 2))
    return engine.rows(
        f"select {columns} from {raw.text} where rowid in (select range from range({first})"
        f" union all select range from range({step - 1}, {raw.rows_loaded}, {step}))"
        f" order by rowid limit {_SAMPLE}"
    )


def read_columns(
    engine: Engine,
    raw: RawTable,
    table: str,
    claims: Mapping[str, Claim],
    rows: Sequence[Sequence[str | None]],
    told: TableMapping | None,
    time_zone: str,
) -> tuple[dict[str, Reading], list[Question]]:
    """Decide how each claimed column of a file is read.

    Args:
        engine: Holds the raw table.
        raw: The file's table.
        table: Canonical table that it feeds.
        claims: Field to column.
        rows: Sample of rows.
        told: What the user told about the table.
        time_zone: Time zone of the organisation.

    Returns:
        Field to reading, and the questions that the values leave open.
    """
    readings = {}
    for name, claim in claims.items():
        kind = kind_of(table, name)
        cell = _translated(text_cell(claim.column), told.values.get(name, {}) if told else {})
        sample = [text for row in rows if (text := row[claim.column])]
        readings[name] = _proposed(Reading(claim, kind, cell), sample)
    readings, questions = _ordered(engine, raw, table, readings, told)
    readings = _verified(engine, raw, readings, time_zone)
    again = {
        name: _looked_at_again(engine, raw, reading)
        for name, reading in readings.items()
        if reading.unparsed
    }
    if again:
        readings |= again
        readings, questions = _ordered(engine, raw, table, readings, told)
        readings = _verified(engine, raw, readings, time_zone)
    return readings, questions


def _translated(cell: str, words: Mapping[str, str]) -> str:
    """Replace the words that the user gave a meaning to."""
    if not words:
        return cell
    arms = " ".join(f"when {literal(old)} then {literal(new)}" for old, new in words.items())
    return f"case {cell} {arms} else {cell} end"


def _proposed(reading: Reading, sample: Sequence[str]) -> Reading:
    """Propose patterns, a style or words from a sample."""
    if reading.kind in DATES:
        return replace(reading, patterns=patterns_in(sample))
    if reading.kind in NUMBERS:
        money = reading.kind is not Kind.NUMBER
        return replace(reading, style=number_style(sample, money=money))
    if reading.kind is Kind.FLAG:
        return replace(reading, plain={*sample} <= {"true", "false"})
    return reading


def _looked_at_again(engine: Engine, raw: RawTable, reading: Reading) -> Reading:
    """Add to a reading what the values that did not parse have in common, blanks apart."""
    reading = replace(reading, cell=f"trim({reading.cell})")
    rows = engine.rows(
        f"select distinct {reading.cell} as value from {raw.relation}"
        f" where {reading.cell} is not null and {reading.expression} is null"
        f" order by value limit {_SAMPLE}"
    )
    values = [row[0] for row in rows]
    if reading.kind in DATES:
        new = [p for p in patterns_in(values) if p not in reading.patterns]
        return replace(reading, patterns=(*reading.patterns, *new))
    if reading.kind in NUMBERS:
        style = number_style(values, money=reading.kind is not Kind.NUMBER)
        return replace(reading, style=reading.style.joined(style))
    return replace(reading, plain=False)


def _ordered(
    engine: Engine,
    raw: RawTable,
    table: str,
    readings: dict[str, Reading],
    told: TableMapping | None,
) -> tuple[dict[str, Reading], list[Question]]:
    """Decide the order of day and month of each column, or ask."""
    answers = told.dates if told else {}
    open_fields = []
    decided: dict[str, DayOrder] = {}
    for name, reading in readings.items():
        if not any(pattern.ordered for pattern in reading.patterns):
            continue
        answer = answers.get(_asked_as(table, name))
        order = answer or _order_by_values(engine, raw, reading)
        if order == "either":
            readings[name] = replace(reading, order=None)
        elif order is not None:
            decided[name] = order
        else:
            open_fields.append(name)
    everywhere = set(decided.values())
    questions: list[Question] = []
    for name in open_fields:
        if len(everywhere) == 1:
            decided[name] = next(iter(everywhere))
        elif not questions:
            questions.append(_question(engine, raw, table, readings[name]))
    for name, order in decided.items():
        readings[name] = replace(readings[name], order=order)
    return readings, questions


def _order_by_values(
    engine: Engine, raw: RawTable, reading: Reading
) -> DayOrder | Literal["either"] | None:
    """Return the order that impossible days prove; ``either`` where it makes no difference."""
    day, month, unequal = engine.rows(f"select {order_votes(reading.cell)} from {raw.relation}")[0]
    if day or month:
        return "day-first" if day >= month else "month-first"
    if unequal == 0:
        return "either"
    dotted = all(not p.ordered or p.name.startswith("dd.") for p in reading.patterns)
    return "day-first" if dotted else None  # nobody writes the month first before a point


def _asked_as(table: str, name: str) -> str:
    """Return the canonical column under which a question about a field is answered."""
    return name if name in TABLES[table] else "close_date"


def _question(engine: Engine, raw: RawTable, table: str, reading: Reading) -> Question:
    examples = engine.rows(
        f"select distinct {reading.cell} as value from {raw.relation}"
        f" where {reading.cell} is not null order by value limit 3"
    )
    return Question(
        "day_month_order",
        table,
        _asked_as(table, reading.claim.field),
        raw.name,
        reading.claim.header,
        tuple(row[0] for row in examples),
    )


def _verified(
    engine: Engine, raw: RawTable, readings: dict[str, Reading], time_zone: str
) -> dict[str, Reading]:
    """Write the SQL of each reading and count, in one scan, what it does not parse.

    A column without blank cells, or dates that are proven, are read by shorter SQL from then on.
    """
    readings = {
        name: replace(reading, expression=expression_of(reading, time_zone))
        for name, reading in readings.items()
    }
    if not readings:
        return readings
    sums = []
    for reading in readings.values():
        sums.append(f"count(c{reading.claim.column}), count({reading.cell})")
        if reading.kind in (Kind.TEXT, Kind.KEY):
            sums.append("0, null")
        elif reading.kind is Kind.FLAG:
            sums.append(f"count({reading.expression}), count_if(not {reading.expression})")
        elif reading.claim.field == "probability":
            sums.append(f"count({reading.expression}), max({reading.expression})")
        else:
            sums.append(f"count({reading.expression}), null")
    counts = list(engine.rows(f"select {', '.join(sums)} from {raw.relation}")[0])
    return {
        name: _counted(reading, counts[4 * at : 4 * at + 4], time_zone)
        for at, (name, reading) in enumerate(readings.items())
    }


def _counted(reading: Reading, counts: Sequence[int], time_zone: str) -> Reading:
    """Settle a reading by the counts of cells given, filled, parsed, and its special one."""
    given, filled, parsed, special = counts
    unparsed = 0 if reading.kind in (Kind.TEXT, Kind.KEY) else filled - parsed
    blank_free = given == filled and reading.cell == text_cell(reading.claim.column)
    cell = f"c{reading.claim.column}" if blank_free else reading.cell
    reading = replace(reading, cell=cell, filled=filled, unparsed=unparsed)
    reading = replace(reading, expression=expression_of(reading, time_zone, proven=not unparsed))
    return replace(reading, expression=settled(reading, parsed, special))
