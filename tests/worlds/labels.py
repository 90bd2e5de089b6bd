"""What went wrong in a world: which record, which check should see it, whose, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tests.worlds.habits import Ints, Mask
from tests.worlds.plan import Plan


@dataclass
class Labels:
    """Labels as they are written while a world is made; ``frame`` joins them.

    A label's ``form`` tells how the defect looks where that matters: ``known`` or ``outside``
    for junk and pointers, the kind of typing for duplicates, ``slow`` for stalled deals that are
    alive, ``young`` for dead ones of which nobody can know it yet. ``twin`` is the record that a
    duplicate repeats. ``cause`` is the planted cause, or ``ordinary``.
    """

    plan: Plan
    _parts: list[pd.DataFrame] = field(default_factory=list)

    def add(
        self,
        check_id: str,
        table: str,
        numbers: Ints,
        *,
        rep: Ints | int = -1,
        habit: str = "",
        form: object = "",
        twin: Ints | int = -1,
    ) -> None:
        """Note that records have a defect.

        Args:
            check_id: The check that should see it.
            table: Canonical table of the records.
            numbers: Their numbers.
            rep: User behind each record.
            habit: The habit that did it; the one named like the check, if not given.
            form: How the defect looks.
            twin: The record that each one repeats.
        """
        planted = self.plan.plants(habit or check_id)
        self._parts.append(
            pd.DataFrame(
                {
                    "check_id": check_id,
                    "table": table,
                    "number": numbers,
                    "rep": rep,
                    "cause": planted.cause.value if planted else "ordinary",
                    "form": form,
                    "twin": twin,
                },
                index=range(len(numbers)),
            )
        )

    def forget(self, check_id: str, table: str, numbers: Ints) -> None:
        """Take labels back from records that something else happened to."""
        for at, part in enumerate(self._parts):
            gone = (part["check_id"] == check_id) & (part["table"] == table)
            self._parts[at] = part[~(gone & part["number"].isin(numbers))]

    def marked(self, table: str, count: int) -> Mask:
        """Return which of the first ``count`` records of a table have a defect so far."""
        marked = np.zeros(count, dtype=bool)
        for part in self._parts:
            mine = part.loc[part["table"] == table, "number"].to_numpy(dtype=np.int64)
            marked[mine[mine < count]] = True
        return marked

    def frame(self) -> pd.DataFrame:
        """Return one row a record and check, in order."""
        if not self._parts:
            columns = ["check_id", "table", "number", "rep", "cause", "form", "twin"]
            return pd.DataFrame(columns=columns)
        joined = pd.concat(self._parts, ignore_index=True)
        joined = joined.drop_duplicates(["check_id", "table", "number"])
        return joined.sort_values(["check_id", "table", "number"], ignore_index=True)


def numbers(mask: Mask) -> Ints:
    """Return the positions at which a mask holds."""
    return np.flatnonzero(mask)
