"""Fields that nobody fills: a matter of the CRM's set-up, not of the records.

A field filled on hardly any record, or on none of a stage's deals, is not collected there.
Counting these records as defects would blame people for a field that they are not asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks.context import Context
from checks.features.composing import Layers
from checks.results import ConfigurationFinding

#: Below this share of at least so many eligible records, a field is not collected at all.
_LEAST_SHARE_PERCENT, _LEAST_RECORDS = 2, 50
#: Empty on all of at least so many eligible deals of a stage, it is not collected there.
_LEAST_OF_A_STAGE = 20


@dataclass(frozen=True)
class Demand:
    """A field that eligible records are expected to hold; both conditions are SQL."""

    field: str
    eligible: str
    filled: str


@dataclass(frozen=True)
class Uncollected:
    """Where a field is not collected.

    Attributes:
        everywhere: On no record of the table to speak of.
        stages: On no deal of these stages.
        findings: The same, for the report.
    """

    everywhere: bool = False
    stages: tuple[str, ...] = ()
    findings: tuple[ConfigurationFinding, ...] = ()

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.stages)


def survey(context: Context, layers: Layers, demands: Sequence[Demand]) -> list[Uncollected]:
    """Return, for each demand, where its field is not collected; one scan for all.

    Args:
        context: The audit.
        layers: Query that yields what the demands read, and ``stage`` for deals.
        demands: Fields, with who must hold them and who does.
    """
    if not demands:
        return []
    stage = layers.name("stage") if layers.table == "deals" else "CAST(NULL AS VARCHAR)"
    counts = ", ".join(
        f"count_if({demand.eligible}), count_if(({demand.eligible}) AND ({demand.filled}))"
        for demand in demands
    )
    rows = context.snapshot.rows(
        f"select {stage} as stage, {counts} from ({layers.sql}) group by 1 order by 1"
    )
    return [
        _judge(layers.table, demand.field, [(row[0], *row[2 * i + 1 : 2 * i + 3]) for row in rows])
        for i, demand in enumerate(demands)
    ]


def _judge(table: str, field: str, counts: list[tuple[str | None, int, int]]) -> Uncollected:
    records = sum(eligible for _, eligible, _ in counts)
    filled = sum(count for _, _, count in counts)
    if records >= _LEAST_RECORDS and filled * 100 < _LEAST_SHARE_PERCENT * records:
        finding = _finding(table, field, None, records, filled)
        return Uncollected(everywhere=True, findings=(finding,))
    empty = [
        (stage, eligible)
        for stage, eligible, count in counts
        if stage is not None and eligible >= _LEAST_OF_A_STAGE and count == 0
    ]
    return Uncollected(
        stages=tuple(stage for stage, _ in empty),
        findings=tuple(_finding(table, field, stage, eligible, 0) for stage, eligible in empty),
    )


def _finding(
    table: str, field: str, stage: str | None, records: int, filled: int
) -> ConfigurationFinding:
    return ConfigurationFinding(
        code="field_not_collected",
        table=table,
        column=field,
        stage=stage,
        facts={"records": records, "filled": filled},
    )
