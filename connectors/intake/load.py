"""Tables of text in, typed tables with capabilities, provenance and profile out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from connectors.engines.duckdb import Engine
from connectors.errors import InputError
from connectors.intake.inferred import InferredMapping
from connectors.intake.loading import Loading, describe, value_counts
from connectors.intake.mapping import ExportMapping
from connectors.intake.pour import stored
from connectors.intake.raw_table import RawTable, UnusedFile
from connectors.intake.recognition.dialects import spelling
from connectors.intake.recognition.recognise import Recognised, recognise, require_configured
from connectors.intake.sample import sample_rows
from connectors.intake.tables.canonical import LOAD_ORDER, Pairs, complete, finish, unite
from connectors.intake.tables.changed_fields import name_changed_fields
from connectors.intake.tables.derive import (
    DERIVED_FROM_NAMES,
    derive_from_names,
    derive_stages,
    rank_stages,
)
from connectors.intake.tables.intake import (
    LISTED_UNREAD,
    column_intakes,
    removed_records,
    table_intake,
)
from connectors.intake.tables.provenance import file_sources
from connectors.intake.tables.states import decide_states, unmet_stages
from connectors.intake.tables.typed_file import lengthen_ids, type_file
from connectors.intake.versions import with_changes
from connectors.model import RECORD_TABLES
from connectors.snapshot import Snapshot, create_missing_tables


@dataclass
class Loaded:
    """A snapshot, and how it came about."""

    snapshot: Snapshot
    inferred: InferredMapping


def load_tables(
    source: str,
    engine: Engine,
    mapping: ExportMapping,
    time_zone: str,
    raws: Sequence[RawTable],
    unused: Sequence[UnusedFile] = (),
) -> Loaded:
    """Turn tables of text into the canonical tables of an engine.

    Open questions are returned, not raised; dates in doubt are then read day-first and
    undecided deals have no state.

    Args:
        source: Name of the source, for messages and for the report.
        engine: Holds the tables of text, and not locked yet.
        mapping: What the user told.
        time_zone: Time zone of the organisation (IANA name).
        raws: The tables of text; they are let go.
        unused: Files that hold no table.

    Raises:
        InputError: If none of them holds records.
        ConfigurationError: If the mapping names a file or header that does not exist.
    """
    engine.use_time_zone(time_zone)
    loading = Loading(engine, mapping, Snapshot(engine))
    loading.snapshot.provenance.source = source
    found = _recognised(loading, raws)
    _require_records(source, found)
    found = [_read(loading, each, time_zone) for each in found]
    _name_rows(loading)
    supplied = set(loading.sources)
    for table, sources in loading.sources.items():
        loading.typed[table] = unite(engine, table, sources)
    derived = [
        table
        for table in DERIVED_FROM_NAMES
        if table not in supplied and derive_from_names(engine, table, loading.typed)
    ]
    for table in LOAD_ORDER:
        if table in supplied:
            _load(loading, table, supplied)
    if "deals" in supplied and "stages" not in supplied and loading.states:
        ranks = rank_stages(engine, loading.states.stages, mapping.stages)
        stages = loading.states.stages
        loading.states = replace(
            loading.states,
            stages=tuple(replace(s, rank=ranks.get((s.pipeline, s.name))) for s in stages),
        )
        _note_unordered_stages(loading)
        if stages:
            derive_stages(engine, stages, ranks)
            derived.append("stages")
    create_missing_tables(engine)
    _note_unmet_stages(loading)
    describe(loading, found, derived)
    provenance = loading.snapshot.provenance
    provenance.files = file_sources(found, loading.sources, unused)
    inferred = InferredMapping(
        files=provenance.files,
        columns=provenance.columns,
        stages=list(loading.states.stages) if loading.states else [],
        values=value_counts(loading),
        questions=loading.questions,
        notes=provenance.notes,
    )
    for pair in loading.pairs:
        pair.raw.drop(engine)
    return Loaded(loading.snapshot, inferred)


def _recognised(loading: Loading, raws: Sequence[RawTable]) -> list[Recognised]:
    """Recognise every file by its headers and a sample of its rows."""
    engine = loading.engine
    found = [recognise(raw, sample_rows(engine, raw), loading.mapping) for raw in raws]
    require_configured(found, loading.mapping)
    return [_compared(loading, each, found) for each in found]


def _read(loading: Loading, file: Recognised, time_zone: str) -> Recognised:
    """Read a file into the columns of its table; keep pairs of keys as text."""
    engine, raw = loading.engine, file.raw
    if file.table:
        told = loading.mapping.tables.get(file.table)
        rows = sample_rows(engine, raw)
        source, questions = type_file(engine, file, file.table, rows, told, time_zone)
        loading.questions += questions
        loading.sources.setdefault(file.table, []).append(source)
        return source.found
    raw = stored(engine, raw)
    if link := file.entry.link:
        positions = {spelling(header): at for at, header in enumerate(raw.headers)}
        key, value = positions[spelling(link.key)], positions[spelling(link.value)]
        loading.pairs.append(Pairs(link, raw, key, value))
    else:
        raw.drop(engine)
    return replace(file, raw=raw)


def _compared(loading: Loading, file: Recognised, found: Sequence[Recognised]) -> Recognised:
    """Let a file of versions tell what changed from one to the next; return others as they are."""
    told = file.entry.versions
    if not told:
        return file
    others = [each for each in found if not each.entry.versions]
    text = replace(file, raw=stored(loading.engine, file.raw))
    changed, note = with_changes(loading.engine, text, told, others)
    loading.snapshot.provenance.notes.append(note)
    return changed


def _require_records(source: str, found: list[Recognised]) -> None:
    if any(each.table in RECORD_TABLES for each in found):
        return
    files = ", ".join(each.raw.name for each in found[:5])
    raise InputError(
        "no file of this export was recognised as deals, accounts, contacts, leads or activities",
        where=source,
        next_step="Files seen: {files}. Say in auditor.yaml which file holds which table, "
        'for example: tables: {{deals: {{file: "{first}"}}}}',
        files=files or "none",
        first=found[0].raw.name if found else "deals.csv",
    )


def _name_rows(loading: Loading) -> None:
    """Number the rows of each table over its files, and bring ids to one length."""
    every = [source for sources in loading.sources.values() for source in sources]
    if {15, 18} <= {length for source in every for length in source.id_lengths}:
        for source in every:
            lengthen_ids(loading.engine, source)
    for table, sources in loading.sources.items():
        offset = 0
        for source in sources:
            name = source.found.raw.name
            source.offset = offset
            offset += source.found.raw.rows_loaded
            if source.continued:
                loading.note("continuation_rows_set_aside", file=name, rows=source.continued)
            if "id" not in source.readings:
                loading.note("ids_made_from_rows", table=table, file=name)
        if len(sources) > 1:
            names = ", ".join(source.found.raw.name for source in sources)
            loading.note("files_united", table=table, files=names)


def _load(loading: Loading, table: str, supplied: set[str]) -> None:
    """Create one canonical table, with its figures."""
    engine, profile = loading.engine, loading.snapshot.intake
    sources, columns = loading.sources[table], loading.typed[table]
    if table == "field_history":
        name_changed_fields(engine, loading.sources)
    complete(engine, table, columns, supplied, loading.pairs)
    state = _decide(loading, columns) if table == "deals" else ""
    kept = {name for source in sources for name in source.kept.values()}
    helpers = sorted(name for name in columns - kept if name.startswith("helper_"))
    finish(engine, table, helpers, state)
    if table == "stages":
        engine.run(
            "update stages set rank = r.at from (select row_no, dense_rank() over"
            " (partition by pipeline order by rank) as at from stages where rank is not null) as r"
            " where r.row_no = stages.row_no"
        )
    profile.tables.append(table_intake(engine, table, sources))
    profile.columns += column_intakes(table, sources)
    unread = [value for source in sources for value in source.unread]
    profile.unread += unread[: LISTED_UNREAD - len(profile.unread)]
    if removed := removed_records(engine, table):
        loading.snapshot.provenance.removed[table] = removed


def _note_unmet_stages(loading: Loading) -> None:
    """Note the stages that the user names and no record is in: misspelt, or not in use now."""
    if loading.states is None:
        return
    of_table = loading.engine.rows("select distinct name from stages where name is not null")
    known = {stage.name for stage in loading.states.stages} | {name for (name,) in of_table}
    for section, name, nearest in unmet_stages(loading.mapping.stages, known):
        if nearest:
            loading.note("stage_unmet_near", stage=name, section=section, nearest=nearest)
        else:
            loading.note("stage_unmet", stage=name, section=section)


def _note_unordered_stages(loading: Loading) -> None:
    """Note the open stages that the user's order leaves out, so that nothing tells their place."""
    if loading.states is None or not loading.mapping.stages.order:
        return
    closed = ("won", "lost")
    left_out = {
        one.name for one in loading.states.stages if one.rank is None and one.state not in closed
    }
    for name in sorted(left_out):
        loading.note("stage_unordered", stage=name)


def _decide(loading: Loading, columns: set[str]) -> str:
    """Decide the state of each stage, and return the SQL of what a deal tells itself."""
    engine = loading.engine
    flags: dict[str, str] = {}
    if "stages" in loading.sources:
        rows = engine.rows(
            "select name, case when bool_or(is_won) then 'won' when bool_or(is_closed) then 'lost'"
            " when bool_or(not is_closed) then 'open' end as state from stages"
            " where name is not null group by name, is_closed, is_won order by 1, 2"
        )
        labels = Counter(name for name, _ in rows)
        flags = {name: state for name, state in rows if state and labels[name] == 1}
    states = decide_states(engine, "typed_deals", columns, loading.mapping.stages, flags)
    loading.states = states
    loading.questions += states.questions
    engine.run(
        "create temp table stage_states (pipeline varchar, stage varchar, configured varchar,"
        " state varchar)"
    )
    for stage in states.stages:
        configured = stage.state if stage.reason == "configured" else None
        engine.run(
            "insert into stage_states values (?, ?, ?, ?)",
            [stage.pipeline, stage.name, configured, stage.state],
        )
    return states.told
