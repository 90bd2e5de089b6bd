"""How each column of a file is read: proposed by a sample, corrected by what did not parse.

A sample proposes how a column is written. What it proposes is what the whole column would have
decided if every value then parses: the values that speak for another order of day and month, or
another notation, are among those that do not. So only they are looked at again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from connectors.engines.duckdb import Engine, identifier, literal
from connectors.intake.inferred import Question
from connectors.intake.mapping import DayOrder, TableMapping
from connectors.intake.notation.dates import order_in, order_votes, patterns_in
from connectors.intake.notation.numbers import number_style
from connectors.intake.raw_table import RawTable
from connectors.intake.recognition.claims import Claim
from connectors.intake.sample import Row
from connectors.intake.tables.reading import (
    DATES,
    NUMBERS,
    Reading,
    kind_of,
    text_cell,
    value_of,
)
from connectors.model import TABLES, Kind

#: Different values that are looked at again.
_MOST = 3_000

Readings = dict[str, Reading]


def proposed(
    table: str, claims: Mapping[str, Claim], rows: Sequence[Row], told: TableMapping | None
) -> Readings:
    """Propose how each claimed column of a file is read, the order of day and month apart.

    Args:
        table: Canonical table that the file feeds.
        claims: Field to column.
        rows: Sample of rows.
        told: What the user told about the table.
    """
    readings = {}
    for name, claim in claims.items():
        kind = kind_of(table, name)
        cell = _translated(text_cell(claim.column), told.values.get(name, {}) if told else {})
        sample = [text for row in rows if (text := row[claim.column])]
        readings[name] = _proposed(Reading(claim, kind, cell), sample)
    return readings


def ordered(
    engine: Engine,
    raw: RawTable,
    table: str,
    readings: Readings,
    told: TableMapping | None,
    rows: Sequence[Row] = (),
) -> tuple[Readings, list[Question]]:
    """Decide the order of day and month of each column, or ask.

    Args:
        engine: Holds ``raw``.
        raw: The file's table.
        table: Canonical table that it feeds.
        readings: How its columns are read.
        told: What the user told about the table.
        rows: Sample of rows that may decide; where it does not, the whole column does.
    """
    answers = told.dates if told else {}
    readings = dict(readings)
    open_fields = []
    decided: dict[str, DayOrder] = {}
    for name, reading in readings.items():
        if not any(pattern.ordered for pattern in reading.patterns):
            continue
        sample = [text for row in rows if (text := row[reading.claim.column])]
        order = (
            answers.get(_asked_as(table, name))
            or order_in(sample)
            or _order_by_values(engine, raw, reading)
        )
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


def looked_at_again(engine: Engine, relation: str, reading: Reading) -> Reading:
    """Add to a reading what the values that did not parse have in common, blanks apart.

    Args:
        engine: Holds the file's typed table.
        relation: That table.
        reading: Reading with values that did not parse.
    """
    written = identifier(reading.as_written)
    rows = engine.rows(
        f"select distinct trim({written}) as value from {relation}"
        f" where {written} is not null order by value limit {_MOST}"
    )
    values = [row[0] for row in rows]
    reading = replace(reading, cell=f"trim({reading.cell})")
    if reading.kind in DATES:
        new = [p for p in patterns_in(values) if p not in reading.patterns]
        return replace(reading, patterns=(*reading.patterns, *new))
    if reading.kind in NUMBERS:
        style = number_style(values, money=reading.kind is not Kind.NUMBER)
        return replace(reading, style=reading.style.joined(style))
    return replace(reading, plain=False)


def reads_more(engine: Engine, relation: str, reading: Reading, time_zone: str) -> bool:
    """Tell whether a reading makes sense of values that did not parse before."""
    written = identifier(reading.as_written)
    value = value_of(f"trim({written})", reading, time_zone)
    return bool(
        engine.rows(
            f"select 1 from {relation} where {written} is not null and {value} is not null limit 1"
        )
    )


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
