"""What an organisation's own past taught an audit, and since when it holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field

from checks.run_info import ResultPart

#: Says of a row since when it holds; ``FIRM`` whether it is kept until a new beginning.
SINCE, FIRM = "since", "is_firm"

Row = dict[str, Any]


class LearnedLimits(ResultPart):
    """Limits that were learned from the records, one row a pipeline, a stage...

    Attributes:
        name: What they limit; the relation of events that holds them, if one does.
        keys: Columns of the rows that say what each limit is for.
        rows: The limits; ``since`` is the day they were learned, and ``is_firm`` is false where
            too little is known yet to keep them.
    """

    name: str
    keys: list[str] = Field(default_factory=list)
    rows: list[Row] = Field(default_factory=list)

    @property
    def oldest(self) -> date | None:
        """The day on which the oldest of them was learned."""
        days = [date.fromisoformat(row[SINCE]) for row in self.rows]
        return min(days, default=None)

    @property
    def is_firm(self) -> bool:
        """Whether one of them, at least, is kept."""
        return any(row.get(FIRM) is not False for row in self.rows)

    def values(self) -> list[Row]:
        """Return what they say, whenever it was learned."""
        return [
            {name: value for name, value in row.items() if name not in (SINCE, FIRM)}
            for row in self.rows
        ]

    def with_stages_renamed(self, renamed: Mapping[str, str]) -> LearnedLimits:
        """Return the limits of a stage that has a new name under that name."""
        rows = [
            {**row, "stage": renamed[row["stage"]]} if row.get("stage") in renamed else row
            for row in self.rows
        ]
        return self.model_copy(update={"rows": rows})
