"""Which moves of a rate chance does not explain.

Findings that persist say nothing about a move, and cancel. What remains are those that entered
and those that left. Where nothing changes, as many enter as leave, but for what a growing
population brings at the old rate. Findings of one owner come and go together, so they count for
fewer, as in every other rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from checks.change.life import ENTERED, LEFT, Turn
from checks.comparison import Direction
from checks.judgement.stats import clustered_posterior, owner_sums
from checks.measurement import OwnerCount

if TYPE_CHECKING:
    import pandas as pd

#: Share of false moves among the moves that are said (Benjamini and Hochberg).
FALSE_DISCOVERIES = 0.05
#: Fewer findings that entered or left decide nothing.
_FEWEST = 5
#: The owner of a finding that nobody is known to own.
NOBODY = 0


def probability_of_rise(moved: pd.DataFrame, examined_before: int, examined: int) -> float | None:
    """Return P(the rate rose); None where too little entered or left to say.

    Args:
        moved: The turns of one check's findings: ``turn, owner_key``.
        examined_before: Records examined in the audit before.
        examined: Records examined now.
    """
    moves = moved[moved["turn"].isin([t.value for t in (*ENTERED, *LEFT)])]
    if (moves["turn"] == Turn.UNKNOWN.value).any() or not examined_before:
        return None
    entered = moves["turn"].isin([turn.value for turn in ENTERED])
    owners = moves.assign(entered=entered).groupby("owner_key")["entered"].agg(["size", "sum"])
    counts = [
        OwnerCount(None if key == NOBODY else str(key), int(size), int(rose))
        for key, size, rose in owners.itertuples()
    ]
    before = int(moved["turn"].isin([Turn.PERSISTING.value, *(t.value for t in LEFT)]).sum())
    grown = round((examined - examined_before) * before / examined_before)
    if grown:
        counts.append(OwnerCount(None, abs(grown), max(0, -grown)))
    if sum(count.n_eligible for count in counts) < _FEWEST:
        return None
    return float(clustered_posterior(owner_sums(counts)).above(0.5))


def significant(probabilities: Mapping[str, float]) -> dict[str, Direction]:
    """Return the checks that moved, and which way, by the false discovery rate.

    Args:
        probabilities: P(the rate rose) by check.
    """
    doubt = {name: 2 * min(p, 1 - p) for name, p in probabilities.items()}
    ranked = sorted(doubt, key=lambda name: (doubt[name], name))
    kept = 0
    for rank, name in enumerate(ranked, start=1):
        if doubt[name] <= FALSE_DISCOVERIES * rank / len(ranked):
            kept = rank
    return {name: "worse" if probabilities[name] > 0.5 else "better" for name in ranked[:kept]}
