"""Fields that nearly everybody fills from some stage on: a rule that nobody wrote down, perhaps.

A field is taken for required from a stage on if four in five of the deals that stand there or
further fill it, and won ones too, and clearly fewer did one stage before. It is shown for
confirmation, and weighs half of the lightest field until ``required_fields.by_stage`` names it.
What a pipeline was found to require is kept as long as its stages stay the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from checks.context import Context
from checks.events.relations import relation
from checks.events.settled import STANDS_ON, settle
from checks.features.composing import compose
from checks.features.definitions import FeatureSet, is_met
from checks.results import ConfigurationFinding
from connectors.engines.duckdb import literal
from connectors.model import DEALS

#: Share that fills the field from the stage on, records that say so, and by how much that
#: exceeds the stage before.
_LEAST_SHARE, _LEAST_RECORDS, _LEAST_LIFT = 0.80, 30, 0.10

#: Fields of deals that people fill in as a sale goes on; the others are set by the CRM, demanded
#: elsewhere, or of no use before the end.
_CANDIDATES = ("contact_id", "description", "lead_source", "next_step", "type")

_Counts = dict[int, tuple[int, int]]


@dataclass(frozen=True)
class LearnedField:
    """One field that a stage seems to require.

    Attributes:
        column: Column of deals.
        pipeline: Pipeline in which it was learned, or None.
        rank: Position of the stage from which it is filled, among the open ones.
        records: Open deals from there on.
        filled: How many of them fill it.
    """

    column: str
    pipeline: str | None
    rank: int
    records: int
    filled: int

    def condition(self) -> str:
        """Return the condition that a deal stands where the field is filled."""
        pipeline = literal(self.pipeline) if self.pipeline is not None else "NULL"
        return f"(deals.pipeline IS NOT DISTINCT FROM {pipeline} AND stage_rank >= {self.rank})"


def learn_fields(
    context: Context, features: FeatureSet, demanded: Iterable[str]
) -> list[LearnedField]:
    """Return the fields of deals that a stage seems to require, in the order of their names.

    Args:
        context: The audit.
        features: Definitions in force for deals.
        demanded: Columns that the profile demands already.
    """
    capabilities = context.snapshot.capabilities
    if not all(is_met(need, capabilities) for need in features.needs(["stage_rank", "is_won"])):
        return []
    own = [name for table, name in capabilities.columns if table == "deals" and name not in DEALS]
    columns = [
        name
        for name in sorted({*_CANDIDATES, *own} - set(demanded))
        if capabilities.column("deals", name).observable
    ]
    if not columns:
        return []
    layers = compose(context, features, ["stage_rank", "is_open", "is_won", "pipeline", *columns])
    filled = ", ".join(f"count({layers.name(name)})" for name in columns)
    rows = context.snapshot.rows(
        f"select {layers.name('pipeline')} as pipeline, "
        f"if({layers.name('is_won')}, 0, {layers.name('stage_rank')}) as place, "
        f"count(*), {filled} from ({layers.sql}) "
        f"where {layers.name('is_won')} or {layers.name('is_open')} "
        "and stage_rank is not null group by all order by all"
    )
    by_pipeline: dict[str | None, list[tuple[int, ...]]] = defaultdict(list)
    for pipeline, *counted_there in rows:
        by_pipeline[pipeline].append(tuple(counted_there))
    counts: dict[tuple[str | None, str], _Counts] = {
        (pipeline, column): {row[0]: (row[1], row[2 + number]) for row in counted}
        for pipeline, counted in by_pipeline.items()
        for number, column in enumerate(columns)
    }
    return [
        _field(column, pipeline, rank, counts[pipeline, column])
        for pipeline, column, rank in _settled(context, counts)
        if (pipeline, column) in counts
    ]


def _settled(
    context: Context, counts: Mapping[tuple[str | None, str], _Counts]
) -> Iterator[tuple[str | None, str, int]]:
    """Yield pipeline, column and rank of what is required; a pipeline is learned as a whole."""
    orders = relation(context, "stage_orders")
    stages = dict(context.snapshot.rows(f"select pipeline, stages from {orders}"))
    rows = [
        {
            "pipeline": pipeline,
            "column": column,
            "rank": _first_rank(counted),
            STANDS_ON: stages.get(pipeline or ""),
        }
        for (pipeline, column), counted in counts.items()
        if counted.get(0, (0, 0))[0] >= _LEAST_RECORDS
    ]
    for row in settle(context, "required_fields", ["pipeline"], rows):
        if row["rank"] is not None:
            yield row["pipeline"], row["column"], row["rank"]


def _field(column: str, pipeline: str | None, rank: int, counts: _Counts) -> LearnedField:
    records, filled = _from(rank, counts)
    return LearnedField(column, pipeline, rank, records, filled)


def _from(rank: int, counts: _Counts) -> tuple[int, int]:
    """Return how many open deals stand at a rank or further, and how many of them are filled."""
    there = [count for place, count in counts.items() if place >= max(rank, 1)]
    return sum(records for records, _ in there), sum(filled for _, filled in there)


def to_confirm(context: Context, learned: Iterable[LearnedField]) -> list[ConfigurationFinding]:
    """Return the findings that ask whether the fields are really required."""
    return [
        ConfigurationFinding(
            code="field_to_confirm",
            table="deals",
            column=field.column,
            stage=_stage_of(context, field),
            facts={"records": field.records, "filled": field.filled},
        )
        for field in learned
    ]


def _stage_of(context: Context, field: LearnedField) -> str:
    """Return the name of the stage; of the pipeline's own before that of any other."""
    places = relation(context, "stage_positions")
    ((stage,),) = context.snapshot.rows(
        "select coalesce(min(stage) filter (pipeline = coalesce($pipeline, '')), min(stage), '') "
        f"from {places} where position = $rank",
        {"rank": field.rank, "pipeline": field.pipeline},
    )
    return str(stage)


def _first_rank(counts: _Counts) -> int | None:
    """Return from which stage on a field is filled, given records and filled ones by place.

    Place 0 holds the won deals; there are enough of them.
    """
    won, won_filled = counts[0]
    if won_filled < _LEAST_SHARE * won:
        return None
    ranks = sorted(rank for rank in counts if rank)
    for before, rank in pairwise(ranks):
        records, filled = _from(rank, counts)
        earlier, earlier_filled = counts[before]
        if (
            min(records, earlier) >= _LEAST_RECORDS
            and filled >= _LEAST_SHARE * records
            and filled / records - earlier_filled / earlier >= _LEAST_LIFT
        ):
            return rank
    return None
