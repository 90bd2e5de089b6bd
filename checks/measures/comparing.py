"""Reps compared on like work: counts by stratum and rep, and what their differences say.

Any number of yes-or-no outcomes is counted in one grouped scan. New hires are left out, and so
is, outcome by outcome, whoever has fewer than 20 records.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from checks.context import Context
from checks.measurement import Ruling
from checks.results import GroupStat, Metric, State
from checks.statistics.dispersion import Counts, Spread
from checks.statistics.funnels import exact_limits, shrunken
from checks.statistics.shares import wilson
from checks.statistics.significance import adjusted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

#: Records that a rep needs to be compared, and reps that a comparison, and a firm state, need.
FEWEST_RECORDS, FEWEST_REPS, FIRM_REPS = 20, 3, 5
#: Where too few reps have that many, so many do: the test is exact for any number, and whether
#: it could have seen a difference is worked out from the numbers there are.
FEW_RECORDS = 8

#: States of an outcome in which reps differ.
DIFFERING = (State.PRESENT, State.EMERGING)

#: Adjusted p up to which reps differ for sure, or probably.
_SURE, _PROBABLE = 0.01, 0.05
#: P(reps differ by more than what is tolerated) up to which they do not.
_NOT_BEYOND = 0.10


@dataclass(frozen=True)
class Outcome:
    """One thing that is so or not so on a record, counted.

    Attributes:
        name: What it is, for example a field.
        reps: Their owner ids, in the order of the columns of ``counts``.
        counts: Records, and those on which it is so, as strata x reps.
    """

    name: str
    reps: tuple[str, ...]
    counts: Counts

    @property
    def n(self) -> Ints:
        """Records by rep."""
        return np.asarray(self.counts.n.sum(axis=0))

    @property
    def k(self) -> Ints:
        """Records by rep on which it is so."""
        return np.asarray(self.counts.k.sum(axis=0))

    @property
    def rate(self) -> float:
        """Share of all records on which it is so."""
        return float(self.k.sum() / max(1, self.n.sum()))

    def with_enough(self) -> Outcome:
        """Return the outcome on reps with enough records, in the order of their counts."""
        enough = FEWEST_RECORDS
        if (self.n >= FEWEST_RECORDS).sum() < FIRM_REPS <= (self.n >= FEW_RECORDS).sum():
            enough = FEW_RECORDS
        kept = np.flatnonzero(self.n >= enough)
        order = kept[self.counts.of(kept).order()]
        return Outcome(self.name, tuple(self.reps[i] for i in order), self.counts.of(order))

    def in_strata(self, kept: NDArray[np.bool_]) -> Outcome:
        """Return the outcome on some strata alone."""
        return replace(self, counts=Counts(self.counts.n[kept], self.counts.k[kept]))


@dataclass(frozen=True)
class Question:
    """What is counted of an outcome, in SQL.

    Attributes:
        asked: Aggregate of the records on which it is or is not so.
        so: Aggregate of those on which it is so.
    """

    asked: str
    so: str


def whether(condition: str) -> Question:
    """Return the question whether a condition holds; it is not asked where that is unknown."""
    return Question(f"count({condition})", f"count(*) filter ({condition})")


def count_outcomes(
    context: Context,
    source: str,
    questions: Mapping[str, Question],
    stratum: str = "stratum",
) -> list[Outcome]:
    """Count outcomes by stratum and rep in one scan.

    Args:
        context: The audit.
        source: What follows ``from``; it yields ``rep`` and what the questions read.
        questions: What is counted, by name of the outcome.
        stratum: Expression that tells like work.
    """
    if not questions:
        return []
    counted = ", ".join(f"{one.asked}, {one.so}" for one in questions.values())
    rows = context.snapshot.rows(
        f"select {stratum} as stratum, rep, {counted} from {source} group by all"
    )
    strata = {key: row for row, key in enumerate(sorted({row[0] for row in rows}))}
    reps = sorted({row[1] for row in rows})
    column = {rep: number for number, rep in enumerate(reps)}
    table = np.zeros((2 * len(questions), len(strata), len(reps)), dtype=np.int64)
    for key, rep, *counts in rows:
        table[:, strata[key], column[rep]] = counts
    return [
        Outcome(name, tuple(reps), Counts(table[2 * i], table[2 * i + 1]))
        for i, name in enumerate(questions)
    ]


@dataclass(frozen=True)
class Comparison:
    """How reps differ in one outcome.

    Attributes:
        outcome: The outcome, on reps with enough records.
        spread: The statistics of it.
        tolerated: Standard deviation between reps that is still normal.
        p: P(reps who do not differ show as much), adjusted for all that was looked at.
    """

    outcome: Outcome
    spread: Spread
    tolerated: float
    p: float

    @property
    def name(self) -> str:
        """What was compared."""
        return self.outcome.name

    @property
    def reps(self) -> int:
        """How many people could be compared: those who share work with others."""
        return _people(self.outcome, self.spread)

    @cached_property
    def beyond(self) -> float:
        """P(reps differ by more than is tolerated)."""
        return self.spread.beyond(self.tolerated)

    @cached_property
    def state(self) -> State:
        """Present and absent need five people; three may show that something emerges."""
        if self.reps < FEWEST_REPS:
            return State.INCONCLUSIVE
        firm = self.reps >= FIRM_REPS
        if self.p <= _SURE and self.spread.sd >= self.tolerated and firm:
            return State.PRESENT
        if self.p <= _PROBABLE and self.spread.sd >= self.tolerated / 2:
            return State.EMERGING
        return State.ABSENT if firm and self._is_within else State.INCONCLUSIVE

    @property
    def shown_spread(self) -> float:
        """The spread, 0 where chance may well explain it."""
        return self.spread.sd if self.p <= _PROBABLE else 0.0

    @property
    def severity(self) -> float:
        """0 up to half of what is tolerated, 0.5 at it, 1 at twice as much."""
        return ramp(self.shown_spread, self.tolerated / 2, self.tolerated, 2 * self.tolerated)

    @property
    def _is_within(self) -> bool:
        """Whether reps who differ by more would have shown it."""
        return self.beyond < _NOT_BEYOND

    def metric(self) -> Metric:
        """Return how far reps lie apart, in points, with the bounds that the data allow."""
        low, high = self.spread.bounds() if self.spread.comparable.any() else (0.0, 0.0)
        return in_points("spread_between_reps", self.spread.sd, low, high)

    def owner_groups(self) -> list[GroupStat]:
        """Return each rep's rate beside what like work makes expected, in the order of ids."""
        n, k = self.outcome.n, self.outcome.k
        limits = exact_limits(n, self.spread.expected)
        own = [wilson(*counts) for counts in zip(k, n, strict=True)]
        groups = [
            GroupStat(
                dimension="owner",
                key=rep,
                label=rep,
                n_eligible=int(n[i]),
                k_defect=int(k[i]),
                rate=float(k[i] / n[i]),
                expected=float(self.spread.expected[i] / n[i]),
                lo=float(limits.low[i]),
                hi=float(limits.high[i]),
                ci_lo=round(float(own[i][0]), 6),
                ci_hi=round(float(own[i][1]), 6),
                of=self.name,
            )
            for i, rep in enumerate(self.outcome.reps)
        ]
        return sorted(groups, key=lambda group: group.key)

    def group(self, dimension: str, key: str) -> GroupStat:
        """Return the rate of all, and between which rates eight of ten reps lie."""
        n, k = self.outcome.n, self.outcome.k
        low = high = None
        if self.reps >= FEWEST_REPS:
            rates = shrunken(k, n, self.spread.expected, self.spread.sd)
            low, high = (float(end) for end in np.quantile(rates, [0.1, 0.9]))
        return GroupStat(
            dimension=dimension,
            key=key,
            label=key,
            n_eligible=int(n.sum()),
            k_defect=int(k.sum()),
            rate=self.outcome.rate,
            lo=low,
            hi=high,
        )


def compare(context: Context, outcomes: Iterable[Outcome], tolerated: float) -> list[Comparison]:
    """Compare reps in each outcome, allowing for how many outcomes are looked at.

    Args:
        context: The audit; its profile holds the seed.
        outcomes: What was counted.
        tolerated: Standard deviation between reps that is still normal.
    """
    enough = [outcome.with_enough() for outcome in outcomes]
    spreads = [
        Spread(one.counts, (context.profile.seed + zlib.crc32(one.name.encode())) % 2**32)
        for one in enough
    ]
    tested = [_people(*pair) >= FEWEST_REPS for pair in zip(enough, spreads, strict=True)]
    p_values = iter(
        adjusted([s.p for s, is_tested in zip(spreads, tested, strict=True) if is_tested])
    )
    return [
        Comparison(outcome, spread, tolerated, next(p_values) if is_tested else 1.0)
        for outcome, spread, is_tested in zip(enough, spreads, tested, strict=True)
    ]


def _people(outcome: Outcome, spread: Spread) -> int:
    if spread.comparable.any():
        return int(spread.comparable.sum())
    # Alike on every record there is: nobody differs, whoever they are.
    return len(outcome.reps) if outcome.rate in (0.0, 1.0) else 0


def worst(comparisons: Sequence[Comparison]) -> Comparison:
    """Return the comparison that decides: the worst state, then the widest spread."""
    order = (State.PRESENT, State.EMERGING, State.INCONCLUSIVE, State.ABSENT)
    return min(comparisons, key=lambda one: (order.index(one.state), -one.shown_spread, one.name))


def rule_by_worst(comparisons: Sequence[Comparison]) -> Ruling:
    """Return the ruling where one outcome that is beyond what is tolerated is enough.

    Absent takes half of the outcomes, and none that is beyond.
    """
    decisive = worst(comparisons)
    if decisive.state in DIFFERING:
        return Ruling(decisive.state, decisive.severity, decisive.beyond)
    within = [one for one in comparisons if one.state is State.ABSENT]
    if 2 * len(within) < len(comparisons) or not within:
        return undecided(comparisons)
    return Ruling(State.ABSENT, 0.0, max(one.beyond for one in within))


def undecided(comparisons: Sequence[Comparison]) -> Ruling:
    """Return the ruling where too little was seen to say whether reps differ, and why."""
    open_ones = [one for one in comparisons if one.state is State.INCONCLUSIVE]
    best = max(open_ones or comparisons, key=lambda one: (one.reps, one.outcome.n.sum()))
    facts: dict[str, Any] = {"reps": best.reps}
    if best.reps < FEWEST_REPS:
        facts |= {"needed": FEWEST_REPS, "records": FEWEST_RECORDS}
        return Ruling(State.INCONCLUSIVE, None, reason="too_few_reps", reason_facts=facts)
    detectable = _detectable(best)
    if detectable is None:
        return Ruling(State.INCONCLUSIVE, None, reason="spread_invisible", reason_facts=facts)
    facts["points"] = round(100 * detectable)
    return Ruling(State.INCONCLUSIVE, None, reason="spread_undecided", reason_facts=facts)


def ramp(value: float, low: float, high: float, critical: float) -> float:
    """Return a severity: 0 up to ``low``, 0.5 at ``high``, 1 from ``critical`` on."""
    return float(np.interp(value, [low, high, critical], [0.0, 0.5, 1.0]))


def in_points(name: str, value: float, low: float, high: float) -> Metric:
    """Return a share as a metric in percentage points."""
    return Metric(
        name=name,
        value=round(100 * value, 4),
        unit="points",
        lo=round(100 * min(low, value), 4),
        hi=round(100 * max(high, value), 4),
    )


def _detectable(one: Comparison) -> float | None:
    return one.spread.detectable() if one.reps >= FEWEST_REPS else None
