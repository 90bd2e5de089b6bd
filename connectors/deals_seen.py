"""History from a job: versions of each deal, kept run by run, whose differences make a history.

Like ``earlier``, for a job that keeps what it saw instead of being given old exports. A run keeps
a deal only where one of its fields changed since the last version, so a run costs what changed.
Texts that people write are not kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from connectors.earlier import SOURCE, declare_history, kept_since
from connectors.engines.duckdb import Engine, identifier, literal
from connectors.snapshot import Availability, Note, Snapshot

#: What is kept of a deal: what a history is about, but for texts.
FIELDS = ("stage", "amount", "close_date", "probability", "forecast_category", "owner_id")
_STAMPS = ("modified_at", "modified_by_id", "stage_changed_at")
#: What a version tells of the one before it.
_BEFORE = ("day", *FIELDS)
_VERSIONS, _FOLLOWED = "versions_of_deals", "versions_that_follow_one"
_NAMED = "versions_by_todays_stages"
#: Deals that must have changed from one name to another for it to be a renamed stage.
_FEWEST_RENAMED = 5


@dataclass(frozen=True)
class Versions:
    """The deals that one run saw changed.

    Attributes:
        day: Day that the run showed.
        file: Where they are: ``id``, the fields, stamps, and what the version before held; files of
            older programs lack the last.
        fields: Those of ``FIELDS`` that the run could read.
    """

    day: date
    file: Path
    fields: tuple[str, ...]


def keep_versions(
    snapshot: Snapshot, as_of: date, before: Sequence[Versions], file: Path
) -> Versions | None:
    """Write the deals that changed since the runs before; None where deals have no id.

    A field that this run cannot read keeps its last known value.

    Args:
        snapshot: The source, not locked.
        as_of: Day that it shows.
        before: What earlier runs kept, in any order.
        file: Parquet file to write.
    """
    column = snapshot.capabilities.column
    if column("deals", "id") is not Availability.SUPPLIED:
        return None
    fields = tuple(field for field in FIELDS if column("deals", field).observable)
    _lay_out(snapshot, before)
    shown = ", ".join(f"deals.{field}" if field in fields else f"was.{field}" for field in FIELDS)
    differs = " or ".join(f"deals.{field} is distinct from was.{field}" for field in fields)
    stamps = ", ".join(f"deals.{stamp}" for stamp in _STAMPS)
    told = ", ".join(f"was.{name} as was_{name}" for name in _BEFORE)
    snapshot.run(
        f"copy (select deals.id, {shown}, {stamps}, {told} from deals "
        f"left join ({_latest(before)}) as was using (id) "
        f"where is_live and deals.id is not null{_once(snapshot)} "
        f"and (was.id is null or {differs or 'false'})) "
        f"to {literal(str(file))} (format parquet, compression zstd)"
    )
    return Versions(as_of, file, fields)


def add_version_changes(snapshot: Snapshot, before: Sequence[Versions], current: Versions) -> int:
    """Add to the history of a snapshot what changed between runs; return how many changes.

    A field whose real history reaches back before the first run is left to that history.

    Args:
        snapshot: The source, not locked.
        before: What earlier runs kept.
        current: What this run keeps.
    """
    runs = sorted([*before, current], key=lambda run: run.day)
    if len(runs) < 2:
        return 0
    _lay_out(snapshot, runs)
    _follow_changed_deals(snapshot, runs)
    _take_renamed_stages_for_one(snapshot)
    kept, changes = kept_since(snapshot), 0
    for field in FIELDS:
        known = [run.day for run in runs if field in run.fields]
        if len(known) > 1 and not (field in kept and kept[field] <= known[0]):
            changes += _add_changes_of(snapshot, field, known[0])
    declare_history(snapshot)
    snapshot.provenance.notes.append(
        Note(
            "runs_compared",
            {"runs": len(runs), "since": runs[0].day.isoformat(), "changes": changes},
        )
    )
    return changes


def _once(snapshot: Snapshot) -> str:
    """Return the condition that a deal is the first with its id; nothing where no id repeats."""
    repeated = [one.duplicate_ids for one in snapshot.intake.tables if one.table == "deals"]
    if repeated == [0]:
        return ""
    return (
        " and row_no not in (select row_no from (select row_no, "
        "row_number() over (partition by id order by row_no) as place from deals where is_live) "
        "where place > 1)"
    )


def _latest(runs: Sequence[Versions]) -> str:
    """Return the query of each deal as it was last seen; most are in the first file alone."""
    if len(runs) < 2:
        return f"select * from {_VERSIONS}"
    first = min(run.day for run in runs)
    later = f"(select * from {_VERSIONS} where day > date '{first}')"
    return (
        f"select * from {later} join (select id, max(day) as day from {later} group by id) "
        f"using (id, day) union all by name select * from {_VERSIONS} "
        f"where day = date '{first}' and id not in (select id from {later})"
    )


def merge_versions(
    engine: Engine, runs: Sequence[Versions], file: Path, *, of_live_deals: bool
) -> Versions:
    """Write one file that stands for several: each deal as the last of them saw it.

    Args:
        engine: Of the audit, or any.
        runs: What is to be forgotten but for its end; at least one.
        file: Parquet file to write.
        of_live_deals: Whether deals go that the audit's source no longer holds.
    """
    last = max(runs, key=lambda run: run.day)
    live = " where id in (select id from deals where is_live)" if of_live_deals else ""
    columns = ", ".join(("id", *FIELDS, *_STAMPS))
    parts = "\nunion all\n".join(
        f"select {columns}, date '{run.day}' as day from read_parquet({literal(str(run.file))})"
        for run in runs
    )
    engine.run(
        f"copy (with seen as ({parts}) select * exclude (day) from seen join "
        f"(select id, max(day) as day from seen{live} group by id) using (id, day)) "
        f"to {literal(str(file))} (format parquet, compression zstd)"
    )
    known = {field for run in runs for field in run.fields}
    return Versions(last.day, file, tuple(field for field in FIELDS if field in known))


def _lay_out(snapshot: Snapshot, runs: Sequence[Versions]) -> None:
    """Lay out all versions with their day, and the day of the run before."""
    columns = ", ".join(identifier(name) for name in ("id", *FIELDS, *_STAMPS))
    days = sorted(run.day for run in runs)
    last = {day: earlier for earlier, day in pairwise(days)}
    parts = [
        f"select {columns}, date '{run.day}' as day, "
        + (f"date '{last[run.day]}'" if run.day in last else "cast(null as date)")
        + f" as last_day from read_parquet({literal(str(run.file))})"
        for run in runs
    ]
    nothing = (
        f"select {columns}, cast(null as date) as day, cast(null as date) as last_day "
        "from deals where false"
    )
    snapshot.run(
        f"create or replace temp view {_VERSIONS} as " + ("\nunion all\n".join(parts) or nothing)
    )


def _follow_changed_deals(snapshot: Snapshot, runs: Sequence[Versions]) -> None:
    """Lay out the versions of live deals that came after the first run, each with the one before.

    Most deals were seen once, and tell of no change.

    Args:
        snapshot: The source.
        runs: In the order of their days, all laid out.
    """
    first, *later = runs
    if all(_tells_before(snapshot, run) for run in later):
        _read_changed_deals(snapshot, first.day, later)
    else:
        _compare_changed_deals(snapshot, first.day)


def _tells_before(snapshot: Snapshot, run: Versions) -> bool:
    names = snapshot.rows(f"select name from parquet_schema({literal(str(run.file))})")
    return ("was_day",) in names


def _read_changed_deals(snapshot: Snapshot, first: date, later: Sequence[Versions]) -> None:
    """Lay out what each version tells of the one before it.

    Where the runs up to the first one were merged, that one stands for whatever came before.
    """
    was_day = f"at_least(was_day, date '{first}')"
    days = [first, *(run.day for run in later)]
    parts = "\nunion all\n".join(
        f"select * replace ({was_day} as was_day), date '{run.day}' as day, "
        f"date '{last}' as last_day from read_parquet({literal(str(run.file))})"
        for last, run in zip(days, later, strict=False)
    )
    snapshot.run(
        f"create or replace temp table {_FOLLOWED} as select * from ({parts}) "
        "where id in (select id from deals where is_live)"
    )


def _compare_changed_deals(snapshot: Snapshot, first: date) -> None:
    """Lay the versions of older programs one after the other, deal by deal."""
    before = ", ".join(f"lag({name}) over versions as was_{name}" for name in _BEFORE)
    snapshot.run(
        f"create or replace temp table {_FOLLOWED} as select *, {before} from {_VERSIONS} "
        "where id in (select id from deals where is_live and id in "
        f"(select id from {_VERSIONS} where day > date '{first}')) "
        "window versions as (partition by id order by day)"
    )


def _take_renamed_stages_for_one(snapshot: Snapshot) -> None:
    """Give earlier versions the present name of stages that were renamed: no deal moved for that.

    A stage was renamed where its deals turned up, between two runs, under a name that no deal had
    before, and no deal has the old name any more.
    """
    turned = snapshot.rows(
        f"select was_stage as was, stage, day from {_FOLLOWED} where was_stage <> stage "
        "and was_stage not in (select stage from deals where is_live and stage is not null) "
        f"group by all having count(*) >= {_FEWEST_RENAMED} order by day, was, stage"
    )
    names, was_names = "stage", "was_stage"
    for was, stage, day in turned:
        ((used,),) = snapshot.rows(
            f"select count(*) from {_VERSIONS} where stage = $was and day >= $day "
            "or stage = $stage and day < $day",
            {"was": was, "stage": stage, "day": day},
        )
        if not used:
            names, was_names = (
                f"case when {one} = {literal(was)} then {literal(stage)} else {one} end"
                for one in (names, was_names)
            )
            snapshot.provenance.notes.append(Note("stage_renamed", {"was": was, "stage": stage}))
    snapshot.run(
        f"create or replace temp view {_NAMED} as "
        f"select * replace ({names} as stage, {was_names} as was_stage) from {_FOLLOWED}"
    )


def _add_changes_of(snapshot: Snapshot, field: str, since: date) -> int:
    """Add the changes of one field, and return their number."""
    stamps = ["modified_at"] if field != "stage" else ["stage_changed_at", "modified_at"]
    inside = "day_of({0}) > last_day and day_of({0}) <= day"
    told = [f"case when {inside.format(stamp)} then {stamp} end" for stamp in stamps]
    mark = f"run:{field}:"
    snapshot.run(
        f"""
        insert into field_history (
            id, table_name, record_id, field, old_value, new_value, changed_at, user_id, source,
            row_no, is_live
        )
        select
            '{mark}' || day || ':' || id, 'deals', id, '{field}',
            cast(was_{field} as varchar), cast({field} as varchar),
            coalesce({", ".join(told)}, cast(day as timestamp)),
            case when {inside.format("modified_at")} then modified_by_id end,
            '{SOURCE}',
            (select coalesce(max(row_no), 0) from field_history)
                + row_number() over (order by day, id),
            true
        from {_NAMED}
        where was_day >= $since and was_{field} is distinct from {field}
        """,
        {"since": since},
    )
    count = "select count(*) from field_history where starts_with(id, $mark)"
    return int(snapshot.engine.value(count, {"mark": mark}))
