"""What could not be read of a live source, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from connectors.http.pages import PageStore
from connectors.snapshot import Availability, Capabilities


@dataclass(frozen=True)
class Gap:
    """A table or column that the source did not give.

    Attributes:
        table: Canonical table.
        column: Canonical column, or the source's name of one; empty for the whole object.
        source: What it is called there, for example ``Opportunity.Amount``.
        state: Why it cannot be read.
        ask: The permission or setting that an administrator can give, as it is called there;
            empty where nothing helps.
        decisive: Whether the table or column cannot be judged without it, even if other objects
            feed the same one: half of the activities would look like silence.
    """

    table: str
    column: str
    source: str
    state: Availability
    ask: str = ""
    decisive: bool = False


def mark(capabilities: Capabilities, gaps: list[Gap]) -> None:
    """Give what is not there, or only in part, the reason that the source gave for it."""
    for gap in gaps:
        if not gap.column:
            if gap.decisive or not capabilities.table(gap.table).observable:
                capabilities.tables[gap.table] = gap.state
        elif gap.decisive or not capabilities.column(gap.table, gap.column).observable:
            capabilities.columns[gap.table, gap.column] = gap.state


def remember_gap(store: PageStore, gap: Gap) -> None:
    """Write a gap down beside the pages."""
    store.remember("gap", **asdict(gap))


def remember_required(store: PageStore, table: str, columns: Sequence[str]) -> None:
    """Write down which columns of a table the account makes people fill."""
    store.remember("required", table=table, columns=list(columns))


def required_of(store: PageStore) -> set[tuple[str, str]]:
    """Return the columns that the account makes people fill, as the pull noted them."""
    notes = store.remembered("required")
    return {(note["table"], column) for note in notes for column in note["columns"]}


def gaps_of(store: PageStore) -> list[Gap]:
    """Return what could not be read, as the pull noted it."""
    noted = (
        Gap(
            note["table"],
            note["column"],
            note["source"],
            Availability(note["state"]),
            note["ask"],
            note["decisive"],
        )
        for note in store.remembered("gap")
    )
    return list(dict.fromkeys(noted))  # a run that was killed may have noted some twice
