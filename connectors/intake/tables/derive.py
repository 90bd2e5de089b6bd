"""Tables that an export only implies: owners and accounts by name, stages by their deals."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from connectors.engines.duckdb import Engine
from connectors.intake.inferred import InferredStage
from connectors.intake.mapping import StageMap
from connectors.intake.tables.canonical import named_keys
from connectors.model import TABLES
from connectors.snapshot import table_definition

_CLOSED = ("open", "won", "lost")
#: Tables that may be derived from names, and the note that says so.
DERIVED_FROM_NAMES = {
    "users": "users_derived_from_names",
    "accounts": "accounts_derived_from_names",
}


def derive_from_names(engine: Engine, target: str, typed: Mapping[str, Collection[str]]) -> int:
    """Create a table from the names that other tables hold, and return its number of rows.

    Args:
        engine: Holds ``typed_<table>`` for each key of ``typed``.
        target: ``users`` or ``accounts``.
        typed: Table to the columns of its view.

    Returns:
        0 when no table holds such names; then nothing is created.
    """
    selects = [
        f"select {key} as id, {name} as name from typed_{table}"
        for table, columns in sorted(typed.items())
        for key, name in named_keys(table, columns, target)
    ]
    if not selects:
        return 0
    engine.run(f"create table {target} ({table_definition(TABLES[target])})")
    engine.run(
        f"insert into {target} (id, name, row_no, is_live)"
        " select id, min(name), row_number() over (order by id), true"
        f" from ({' union all '.join(selects)}) where id is not null group by id order by id"
    )
    return int(engine.value(f"select count(*) from {target}"))


def rank_stages(
    engine: Engine, stages: Sequence[InferredStage], told: StageMap
) -> dict[tuple[str, str], int]:
    """Return the position of each stage in its pipeline, where something tells it.

    The user's order comes first, then numbers in front of the names, then probabilities that
    go with the stages; stages with equal marks share a position. Won and lost stages come after
    the open ones.
    """
    positions: dict[tuple[str, str], int] = {}
    for pipeline in sorted({stage.pipeline for stage in stages}):
        members = [stage for stage in stages if stage.pipeline == pipeline]
        marks = _told_marks(members, told) or _number_marks(members) or _chances(engine, members)
        placed = {
            stage.name: (_CLOSED.index(stage.state or "open"), marks[stage.name])
            for stage in members
            if stage.name in marks
        }
        places = sorted(set(placed.values()))
        positions |= {(pipeline, name): places.index(at) + 1 for name, at in placed.items()}
    return positions


def derive_stages(
    engine: Engine, stages: Sequence[InferredStage], ranks: Mapping[tuple[str, str], int]
) -> None:
    """Create the table of stages from those that the deals are in."""
    engine.run(f"create table stages ({table_definition(TABLES['stages'])})")
    for number, stage in enumerate(stages, start=1):
        parts = (stage.pipeline, stage.name) if stage.pipeline else (stage.name,)
        engine.run(
            "insert into stages (id, name, pipeline, rank, is_closed, is_won, row_no, is_live)"
            " values (?, ?, ?, ?, ?, ?, ?, true)",
            [
                " / ".join(parts),
                stage.name,
                stage.pipeline or None,
                ranks.get((stage.pipeline, stage.name)),
                None if stage.state is None else stage.state != "open",
                None if stage.state is None else stage.state == "won",
                number,
            ],
        )


def _told_marks(stages: Sequence[InferredStage], told: StageMap) -> dict[str, float]:
    order = {name.casefold(): float(at) for at, name in enumerate(told.order)}
    closed = (
        {name.casefold(): float(len(order)) for name in (*told.won, *told.lost)} if order else {}
    )
    known = closed | order
    return {s.name: known[s.name.casefold()] for s in stages if s.name.casefold() in known}


def _number_marks(stages: Sequence[InferredStage]) -> dict[str, float]:
    """Read ``1 - Qualification``; only if every open stage but closed ones has its own number."""
    marks = {}
    for stage in stages:
        number = re.match(r"\s*[\[(]?(\d{1,2})\s*[-.):\]/–]", stage.name)
        if number:
            marks[stage.name] = float(number[1])
        elif stage.state not in ("won", "lost"):
            return {}
        else:
            marks[stage.name] = 100.0
    numbers = [mark for mark in marks.values() if mark < 100]
    return marks if len(numbers) == len(set(numbers)) > 1 else {}


def _chances(engine: Engine, stages: Sequence[InferredStage]) -> dict[str, float]:
    """Order by probability, where every stage has one and their ranges do not overlap."""
    rows = engine.rows(
        "select stage, min(cast(probability as double)), max(cast(probability as double))"
        " from deals where stage is not null and coalesce(pipeline, '') = ?"
        " group by 1 order by 2, 3, 1",
        [stages[0].pipeline],
    )
    ranges = [(low, high) for _, low, high in rows if low is not None]
    apart = all(high <= low for (_, high), (low, _) in pairwise(ranges))
    if len(ranges) < len(rows) or not apart or len(set(ranges)) < 2:
        return {}
    return {name: low for name, low, _ in rows}
