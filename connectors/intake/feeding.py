"""Which fields of a source feed canonical columns, so that no others need to be asked for."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.intake.recognition.dialects import Entry, spelling
from connectors.intake.tables.provenance import feeds


def feeding(entry: Entry, names: Sequence[str]) -> list[str]:
    """Return, of the fields that may feed a canonical column, the best for each."""
    best: dict[str, tuple[int, int, str]] = {}
    for at, name in enumerate(names):
        for field, rank in entry.labels.get(spelling(name), []):
            best[field] = min(best.get(field, (rank, at, name)), (rank, at, name))
    chosen = {name for _, _, name in best.values()}
    return [name for name in names if name in chosen]


def columns_fed(entry: Entry, name: str) -> list[str]:
    """Return the canonical columns that a field feeds."""
    if entry.table is None:
        return [entry.link.sets] if entry.link else []
    known: Sequence[tuple[str, int]] = entry.labels.get(spelling(name), [])
    return [feeds(entry.table, field) for field, _ in known]
