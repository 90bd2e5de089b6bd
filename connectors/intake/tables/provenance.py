"""What the snapshot says about where its tables and columns came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from connectors.engines.duckdb import Engine, identifier
from connectors.intake.raw_table import UnusedFile
from connectors.intake.recognition.dialects import name_field
from connectors.intake.recognition.recognise import Recognised
from connectors.intake.tables.canonical import Pairs
from connectors.intake.tables.file_select import FEEDS, Source
from connectors.model import TABLES
from connectors.snapshot import Availability, Capabilities, ColumnSource, SourceFile

#: Records that are looked at all at once for what a table holds.
_FIRST_RECORDS = 10_000


def file_sources(
    found: Sequence[Recognised],
    sources: Mapping[str, Sequence[Source]],
    unused: Iterable[UnusedFile],
) -> list[SourceFile]:
    """Say what became of each file."""
    continued = {s.found.raw.name: s.continued for group in sources.values() for s in group}
    files = []
    for each in found:
        raw = each.raw
        aside = continued.get(raw.name, 0)
        files.append(
            SourceFile(
                name=raw.name,
                table=each.table,
                system=each.dialect.system if each.table or each.entry.signature else "",
                language=each.language,
                links=_linked(each, sources),
                reason=each.reason,
                confidence=each.confidence,
                encoding=raw.encoding,
                separator=raw.separator,
                rows_in=raw.rows_in - aside,
                rows_loaded=raw.rows_loaded - aside if each.table else 0,
                lines_set_aside=raw.lines_set_aside + aside,
            )
        )
    files += [SourceFile(name=each.name, table=None, reason=each.reason) for each in unused]
    return sorted(files, key=lambda file: file.name)


def _linked(file: Recognised, sources: Mapping[str, Sequence[Source]]) -> tuple[str, ...]:
    """Return the tables that a file of pairs links, if the one whose key it fills is there."""
    link = None if file.table else file.entry.link
    return (link.table, link.target) if link and link.table in sources else ()


def column_sources(sources: Mapping[str, Sequence[Source]]) -> list[ColumnSource]:
    """Say which column of which file fed each column of a table, and which were kept."""
    return [
        column
        for table, group in sources.items()
        for source in group
        for column in _columns_of(table, source)
    ]


def capabilities_of(
    sources: Mapping[str, Sequence[Source]],
    typed: Mapping[str, set[str]],
    pairs: Sequence[Pairs],
    engine: Engine,
) -> Capabilities:
    """Say what can be observed in the tables that came with the export."""
    capabilities = Capabilities()
    for table, group in sources.items():
        capabilities.tables[table] = Availability.SUPPLIED
        states: dict[str, Availability] = {}
        for source in group:
            for name, state in _states_of(table, source):
                if name not in states or state.observable:
                    states[name] = state
        for each in pairs:
            if each.link.table == table:
                states.setdefault(each.link.sets, Availability.SUPPLIED)
        for name in sorted(typed[table] - states.keys()):
            if name in TABLES[table]:  # constants, composed names, ids made from rows
                states[name] = Availability.DERIVED
        known = [n for n, state in states.items() if state.observable and n in TABLES[table]]
        states |= dict.fromkeys(_empty(engine, table, known), Availability.COLUMN_EMPTY)
        capabilities.columns |= {(table, name): state for name, state in states.items()}
    return capabilities


def feeds(table: str, field: str) -> str:
    """Return the canonical column that a field fills or helps to fill."""
    if field in TABLES[table]:
        return field
    if field in ("first_name", "last_name"):
        return "name"
    return FEEDS.get(field, field.removesuffix("_name") + "_id")


def _columns_of(table: str, source: Source) -> list[ColumnSource]:
    name = source.found.raw.name
    columns = []
    direct = {claim.field for claim in source.claims}
    for claim in source.claims:
        column = feeds(table, claim.field)
        supports = column != claim.field and column in direct
        columns.append(
            ColumnSource(
                table=table,
                column=column,
                file=name,
                header=claim.header,
                reason="supports" if supports else claim.reason,
                confidence=claim.confidence,
                format=source.readings[claim.field].format,
            )
        )
        direct.add(column)
    columns += [
        ColumnSource(table, kept, name, source.found.raw.headers[at], "kept", 1.0)
        for at, kept in source.kept.items()
    ]
    return columns


def _states_of(table: str, source: Source) -> list[tuple[str, Availability]]:
    """Return the availability of each column that one file brings."""
    states = []
    for field, reading in source.readings.items():
        if not reading.filled:
            state = Availability.COLUMN_EMPTY
        elif (
            field.endswith("_name")
            and field not in TABLES[table]
            and field == name_field(feeds(table, field))
        ):
            state = Availability.DERIVED
        else:
            state = Availability.SUPPLIED
        states.append((feeds(table, field), state))
    states.sort(key=lambda item: item[1] is not Availability.SUPPLIED)
    for at, kept in source.kept.items():
        filled = source.kept_filled.get(at, 0)
        states.append((kept, Availability.SUPPLIED if filled else Availability.COLUMN_EMPTY))
    return states


def _empty(engine: Engine, table: str, names: Sequence[str]) -> list[str]:
    """Return the columns that hold nothing; most hold something within the first records."""
    if not names:
        return []
    counts = ", ".join(f"count({identifier(name)})" for name in names)
    filled = engine.rows(f"select {counts} from (from {table} limit {_FIRST_RECORDS})")[0]
    rare = [name for name, count in zip(names, filled, strict=True) if not count]
    return [name for name in rare if not _holds_any(engine, table, name)]


def _holds_any(engine: Engine, table: str, name: str) -> bool:
    rows = engine.rows(f"select 1 from {table} where {identifier(name)} is not null limit 1")
    return bool(rows)
