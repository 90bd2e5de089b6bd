"""What measuring a check yields, before it is judged: counts, groups and the records hit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checks.results import Evidence, GroupStat, Metric, State, Stock
from checks.run_info import ResultPart


@dataclass(frozen=True)
class OwnerCount:
    """Records examined and failed of one owner; ``owner_id`` is None where nobody is known."""

    owner_id: str | None
    n_eligible: int
    k_defect: int


@dataclass(frozen=True)
class Ruling:
    """A state that a measure reached by a rule of its own, where a rate would say too little.

    Differences between reps, a back-test or a rhythm are no share of records: their measure
    knows the rule, and the rest of the judgement takes its word.

    Attributes:
        state: Present, emerging, absent or inconclusive.
        severity: 0 within tolerance, 0.5 where it is present, 1 where it is critical; None
            where too little was seen to say.
        probability: P(beyond tolerance), for the confidence and the draws of the verdict.
        reason: Code that says why the state is not firm, or None.
        reason_facts: Facts for the sentence behind ``reason``.
    """

    state: State
    severity: float | None
    probability: float | None = None
    reason: str | None = None
    reason_facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Measurement:
    """The outcome of measuring one check on a snapshot.

    Attributes:
        owners: Counts by owner of the record; their sums are n and k.
        hits: Name of the engine relation with one row a defect and at least the columns
            ``row_no`` and ``record_id``; others (``field``, ``value``, ``cluster_id``...) are
            worklist columns of the check. None when nothing was measured.
        reason: Why it could not be measured, or None; then ``owners`` is empty.
        reason_facts: Facts for the sentence behind ``reason``, for example the columns.
        missing: ``(table, column)`` pairs that would make it observable.
        coverage: Share of the population whose outcome could be seen.
        stock: The same counts on records outside the window.
        is_capped: Whether it is emerging at most, whatever its rate: too short a time was seen, a
            few people made it, or it may also be a good habit.
        spread: How far reps differ in it, for checks that sum others up; not shown.
        ruling: The state, where the measure reaches it by a rule of its own; the counts are
            then shown and decide nothing.
        counts_people: Whether it examines people rather than records, each counting once; their
            number is then said, never a percentage.
        blocks: What the measure leaves for the result besides its check, by the name of the
            result's block: the forecast month by month, the rhythm of the week.
    """

    owners: tuple[OwnerCount, ...] = ()
    hits: str | None = None
    reason: str | None = None
    reason_facts: dict[str, str | int | list[str]] = field(default_factory=dict)
    missing: tuple[tuple[str, str], ...] = ()
    coverage: float = 1.0
    evidence: Evidence = "measured"
    groups: tuple[GroupStat, ...] = ()
    metric: Metric | None = None
    stock: Stock | None = None
    is_capped: bool = False
    spread: Metric | None = None
    ruling: Ruling | None = None
    counts_people: bool = False
    blocks: Mapping[str, ResultPart] = field(default_factory=dict)

    @property
    def n_eligible(self) -> int:
        """Records examined."""
        return sum(owner.n_eligible for owner in self.owners)

    @property
    def k_defect(self) -> int:
        """Records that failed."""
        return sum(owner.k_defect for owner in self.owners)


def not_observable(
    reason: str,
    *,
    missing: tuple[tuple[str, str], ...] = (),
    **facts: str | int | list[str],
) -> Measurement:
    """Return the measurement of a check whose input is missing."""
    return Measurement(reason=reason, reason_facts=facts, missing=missing, coverage=0.0)
