"""Stages used in a way of one's own: open deals elsewhere, or another way through the stages."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from checks.context import Context
from checks.events.relations import relation, unseen
from checks.measurement import Measurement
from checks.measures.answers import AnswersByRep, tabulate
from checks.measures.people import count_people, rule_people
from checks.results import GroupStat, Metric
from checks.rows.flags import members_relation
from checks.spec import CheckSpec
from checks.statistics.divergence import Difference, from_the_others
from checks.statistics.significance import adjusted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_SURE = 0.01
#: Between the stages of one way through them; no name of a stage holds it.
_THEN = "\x1f"


@dataclass(frozen=True)
class Use:
    """How people use the stages, seen from one side: where deals stand, or which they visited.

    Attributes:
        answers: Stages, or whole ways through them, by rep.
        parts: The stages that each answer is made of, as answers x stages.
        found: How far each rep is from all others.
    """

    answers: AnswersByRep
    parts: Ints
    found: tuple[Difference, ...]

    @property
    def median(self) -> float:
        """Median divergence of a rep from the others, in bits; 0 where nobody is compared."""
        return float(np.median([one.bits for one in self.found])) if self.found else 0.0


def stage_dialect(context: Context, spec: CheckSpec) -> Measurement:
    """Measure how many reps use the stages in another way than colleagues on like work.

    Looked at are the stages of open deals and, where the history of stages is known, those that
    closed deals visited. ``n`` counts the reps compared and ``k`` those who differ in either.
    """
    missing = unseen(context, "reps", "deal_strata")
    if missing:
        return missing
    tables = (_open_deals(context, spec), _closed_deals(context))
    uses = [_compare(context, one.of_enough()) for one in tables]
    anybody = any(one.reps for one in tables)
    history = unseen(context, "deal_paths")
    reps = {rep for use in uses for rep in use.answers.reps}
    seed, tolerated = context.profile.seed, spec.tolerance.t_lo
    differing = {rep for use in uses for rep in _who_differs(use, tolerated, seed)}
    return Measurement(
        owners=count_people(reps, differing, anybody=anybody),
        missing=() if history is None else history.missing,
        groups=_by_stage(uses[0].answers),
        metric=_median_bits(max(uses, key=lambda use: (use.median, len(use.found))).found),
        counts_people=True,
        ruling=rule_people(len(reps), len(differing)),
    )


def _open_deals(context: Context, spec: CheckSpec) -> AnswersByRep:
    return tabulate(
        context.snapshot.rows(
            "select work, rep, stage, count(*) "
            f"from {members_relation(spec)} join {relation(context, 'deal_strata')} using (row_no)"
            " where stage is not null group by all order by all"
        )
    )


def _closed_deals(context: Context) -> AnswersByRep:
    """Return the ways of closed deals through the stages; of nobody where these are unknown."""
    if unseen(context, "deal_paths"):
        return tabulate([])
    return tabulate(
        context.snapshot.rows(
            "select stratum_by_stage, rep, "
            f"array_to_string(list_sort(list_distinct(stages)), '{_THEN}') as way, count(*) "
            f"from {relation(context, 'deal_paths')} "
            f"join {relation(context, 'deal_strata')} using (row_no) "
            "where is_whole and is_sold and len(stages) > 0 group by all order by all"
        )
    )


def _compare(context: Context, answers: AnswersByRep) -> Use:
    ways = [way.split(_THEN) for way in answers.answers]
    stages = sorted({stage for way in ways for stage in way})
    parts = np.array([[stage in way for stage in stages] for way in ways], dtype=np.int64)
    everybody = answers.counts.sum(axis=1)
    seed = context.profile.seed + zlib.crc32(b"stage")
    found = (
        from_the_others(answers.counts[:, rep, :], everybody, (seed + rep) % 2**32, parts)
        for rep in range(len(answers.reps))
    )
    return Use(answers, parts, tuple(found))


def _who_differs(use: Use, tolerated: float, seed: int) -> set[str]:
    """Return who differs from the others, and still does from those who are like each other.

    Among people of whom some go their own way everybody differs from the others; so whoever does
    is compared once more, with those who do not, or with the half that differs least.
    """
    suspects = _beyond(use.found, tolerated)
    if not suspects:
        return set()
    by_distance = sorted(range(len(use.found)), key=lambda rep: use.found[rep].bits)
    alike = [rep for rep in by_distance if rep not in suspects]
    alike = max(alike, by_distance[: len(by_distance) // 2], key=len)
    counts = use.answers.counts
    common = counts[:, alike, :].sum(axis=1)
    again = [
        from_the_others(
            counts[:, rep, :],
            common if rep in alike else common + counts[:, rep, :],
            (seed + rep) % 2**32,
            use.parts,
        )
        if rep in suspects
        else Difference(0.0, 1.0)
        for rep in range(len(use.found))
    ]
    return {use.answers.reps[rep] for rep in _beyond(again, tolerated)}


def _beyond(found: Sequence[Difference], tolerated: float) -> set[int]:
    p_values = adjusted([one.p for one in found])
    return {
        rep
        for rep, (one, p) in enumerate(zip(found, p_values, strict=True))
        if p <= _SURE and one.bits >= tolerated
    }


def _median_bits(found: Sequence[Difference]) -> Metric | None:
    if not found:
        return None
    bits = np.array([one.bits for one in found])
    median, (low, high) = float(np.median(bits)), np.quantile(bits, [0.25, 0.75])
    # Standard error of a median: 1.253 standard deviations of one value over the root of many.
    reach = 1.645 * 1.253 * float(high - low) / 1.349 / math.sqrt(len(bits))
    return Metric(
        name="divergence_between_reps",
        value=round(max(0.0, median), 6),
        unit="bits",
        lo=round(max(0.0, median - reach), 6),
        hi=round(max(0.0, median + reach), 6),
    )


def _by_stage(table: AnswersByRep) -> tuple[GroupStat, ...]:
    """Return the share of open deals in each stage, and between which shares most reps lie."""
    by_rep = table.counts.sum(axis=0)
    if not by_rep.size:
        return ()
    records = by_rep.sum(axis=1, keepdims=True)
    low, high = np.quantile(by_rep / records, [0.1, 0.9], axis=0)
    total = int(records.sum())
    return tuple(
        GroupStat(
            dimension="stage",
            key=stage,
            label=stage,
            n_eligible=total,
            k_defect=int(by_rep[:, i].sum()),
            rate=float(by_rep[:, i].sum() / total),
            lo=float(low[i]),
            hi=float(high[i]),
        )
        for i, stage in enumerate(table.answers)
        if by_rep[:, i].any()
    )
