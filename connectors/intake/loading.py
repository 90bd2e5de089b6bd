"""What is known while an export is loaded, and what is said of it at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from connectors.engines.duckdb import Engine
from connectors.intake.inferred import Question, ValueCount
from connectors.intake.mapping import ExportMapping
from connectors.intake.recognition.recognise import Recognised
from connectors.intake.tables.canonical import Pairs
from connectors.intake.tables.derive import DERIVED_FROM_NAMES
from connectors.intake.tables.file_select import Source
from connectors.intake.tables.intake import key_intakes, pair_intakes
from connectors.intake.tables.provenance import capabilities_of, column_sources
from connectors.intake.tables.reading import kind_of
from connectors.intake.tables.states import States
from connectors.model import TABLES, Kind
from connectors.snapshot import Availability, Note, Snapshot


@dataclass
class Loading:
    """An export on its way into the snapshot.

    Attributes:
        engine: Holds its tables.
        mapping: What the user told.
        snapshot: What comes of it.
        sources: Canonical table to the files that feed it.
        pairs: Files that link records of two tables.
        typed: Columns of each table with types.
        questions: What only the user can decide.
        states: Whether each stage means open, won or lost.
    """

    engine: Engine
    mapping: ExportMapping
    snapshot: Snapshot
    sources: dict[str, list[Source]] = field(default_factory=dict)
    pairs: list[Pairs] = field(default_factory=list)
    typed: dict[str, set[str]] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    states: States | None = None

    def note(self, code: str, **facts: str | int) -> None:
        """Add a note to the provenance: a code, and what its sentence names."""
        self.snapshot.provenance.notes.append(Note(code, facts))


def describe(loading: Loading, found: Iterable[Recognised], derived: Iterable[str]) -> None:
    """Fill in capabilities, keys, notes and column provenance."""
    snapshot, engine = loading.snapshot, loading.engine
    snapshot.capabilities = capabilities_of(loading.sources, loading.typed, loading.pairs, engine)
    for table in derived:
        snapshot.capabilities.tables[table] = Availability.DERIVED
        rows = int(engine.value(f"select count(*) from {table}"))
        loading.note(DERIVED_FROM_NAMES.get(table, "stages_derived_from_deals"), rows=rows)
        for column in TABLES[table].columns:
            if engine.value(f"select count({column.name}) from {table}"):
                snapshot.capabilities.columns[table, column.name] = Availability.DERIVED
    observable = {key for key, state in snapshot.capabilities.columns.items() if state.observable}
    supplied = set(loading.sources)
    snapshot.intake.keys = key_intakes(engine, supplied, observable)
    snapshot.intake.keys += pair_intakes(engine, loading.pairs, supplied)
    snapshot.provenance.columns = column_sources(loading.sources)
    rows_by_system: Counter[str] = Counter()
    for each in found:
        if each.table:
            rows_by_system[each.dialect.system] += each.raw.rows_loaded
    systems = sorted(rows_by_system, key=lambda system: (-rows_by_system[system], system))
    snapshot.provenance.system = systems[0] if systems else ""


def value_counts(loading: Loading, most: int = 20) -> list[ValueCount]:
    """Count the values of text columns that hold only a few different ones."""
    counts = []
    for table, columns in loading.typed.items():
        for name in (
            "status",
            "stage",
            "pipeline",
            "type",
            "lead_source",
            "lost_reason",
            "industry",
        ):
            if name in columns and name in TABLES[table] and kind_of(table, name) is Kind.TEXT:
                rows = loading.engine.rows(
                    f"select {name}, count(*) from {table} where {name} is not null"
                    f" group by 1 order by 2 desc, 1 limit {most + 1}"
                )
                if len(rows) <= most:
                    counts += [ValueCount(table, name, value, count) for value, count in rows]
    return counts
