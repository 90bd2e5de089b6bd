"""Which answer stands on how many records of whom, on which work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from checks.measures.comparing import FEWEST_RECORDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class AnswersByRep:
    """Which answer stands on how many records of whom.

    Attributes:
        reps: Owner ids.
        answers: For example stages.
        counts: Records, as strata x reps x answers.
    """

    reps: tuple[str, ...]
    answers: tuple[str, ...]
    counts: Ints

    def of_enough(self) -> AnswersByRep:
        """Return the answers of reps with enough records, in the order of their counts."""
        records = self.counts.sum(axis=(0, 2))
        # Who has the same counts is drawn for alike, whatever the names.
        by_rep = self.counts.transpose(1, 0, 2)
        kept = np.array(
            sorted(
                np.flatnonzero(records >= FEWEST_RECORDS).tolist(),
                key=lambda rep: (int(records[rep]), by_rep[rep].ravel().tolist()),
            ),
            dtype=np.int64,
        )
        return AnswersByRep(
            tuple(self.reps[rep] for rep in kept), self.answers, self.counts[:, kept, :]
        )


def tabulate(rows: Sequence[tuple[Any, str, str, int]]) -> AnswersByRep:
    """Return counts as a table.

    Args:
        rows: Stratum, owner id, answer and records.
    """
    strata, reps, answers = (sorted({row[i] for row in rows}) for i in range(3))
    places = [{key: place for place, key in enumerate(keys)} for keys in (strata, reps, answers)]
    counts = np.zeros((len(strata), len(reps), len(answers)), dtype=np.int64)
    for stratum, rep, answer, records in rows:
        counts[places[0][stratum], places[1][rep], places[2][answer]] += records
    return AnswersByRep(tuple(map(str, reps)), tuple(map(str, answers)), counts)
