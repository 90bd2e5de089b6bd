"""History from exports: what changed between two or more dated exports of one CRM.

A CRM that keeps no history of its fields, or exports none, still shows what changed when it was
exported twice. Each difference becomes a row of ``field_history`` with the source
``export_diff``: it happened somewhere between the two days, so its stamp is no moment of work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from connectors.engines.duckdb import identifier, literal
from connectors.errors import ConfigurationError, InputError
from connectors.snapshot import Availability, Note, Snapshot

#: What a history of deals is about.
FIELDS = (
    "stage",
    "amount",
    "close_date",
    "probability",
    "forecast_category",
    "owner_id",
    "next_step",
)
SOURCE = "export_diff"
_WRITTEN = ("table_name", "record_id", "field", "old_value", "new_value", "changed_at", "source")
_STAMPS = ("modified_at", "modified_by_id", "stage_changed_at")


@dataclass(frozen=True)
class DatedExport:
    """The deals of one export, set aside.

    Attributes:
        name: Name of the export, for messages.
        day: Day that it shows.
        file: Where its deals are kept.
        fields: Those of ``FIELDS`` that it brings.
    """

    name: str
    day: date
    file: Path
    fields: tuple[str, ...]

    @property
    def relation(self) -> str:
        """SQL that reads the deals."""
        return f"read_parquet({literal(str(self.file))})"


def set_aside(snapshot: Snapshot, name: str, day: date, file: Path) -> DatedExport:
    """Keep what can be compared of an export's deals, so that the export itself may go.

    Args:
        snapshot: The export, not locked.
        name: Its name, for messages.
        day: Day that it shows.
        file: Parquet file to write.

    Raises:
        InputError: If its deals cannot be recognised again, for want of the CRM's ids.
    """
    column = snapshot.capabilities.column
    if column("deals", "id") is not Availability.SUPPLIED:
        raise InputError(
            "the deals of this export have no id, so that exports cannot be compared",
            where=name,
            next_step="Export the deals with the identifier of the CRM, or leave out --earlier.",
        )
    kept = ", ".join(identifier(name) for name in ("row_no", "id", *FIELDS, *_STAMPS))
    snapshot.run(
        f"copy (select {kept} from deals where is_live and id is not null"
        f" qualify row_number() over (partition by id order by row_no) = 1)"
        f" to {literal(str(file))} (format parquet)"
    )
    fields = tuple(field for field in FIELDS if column("deals", field).observable)
    return DatedExport(name, day, file, fields)


def add_changes(
    snapshot: Snapshot, as_of: date, earlier: Sequence[DatedExport], workdir: Path
) -> None:
    """Add to the history of a snapshot what changed since earlier exports of the same CRM.

    A field whose real history reaches back before an export is left to that history.

    Args:
        snapshot: The export that is audited, not locked yet.
        as_of: Day that it shows.
        earlier: Earlier exports, in any order.
        workdir: Folder for temporary files.

    Raises:
        ConfigurationError: If an earlier export is not earlier, or two show one day.
        InputError: If they are exports of another CRM, or cannot be compared.
    """
    current = set_aside(snapshot, snapshot.provenance.source, as_of, workdir / "audited.parquet")
    exports = [*sorted(earlier, key=lambda export: (export.day, export.name)), current]
    for before, after in pairwise(exports):
        _require_order(before, after, current)
        _require_one_crm(snapshot, before, after)
    kept = kept_since(snapshot)
    for before, after in pairwise(exports):
        changes = sum(
            _add_changes_of(snapshot, field, before, after)
            for field in FIELDS
            if field in before.fields
            and field in after.fields
            and not (field in kept and kept[field] <= before.day)
        )
        snapshot.provenance.notes.append(
            Note(
                "earlier_export_compared",
                {"file": before.name, "day": before.day.isoformat(), "changes": changes},
            )
        )
    declare_history(snapshot)


def _require_order(before: DatedExport, after: DatedExport, current: DatedExport) -> None:
    if before.day < after.day:
        return
    if after is current:
        raise ConfigurationError(
            "the earlier export {name} shows {day}, and the audit is of {as_of}",
            next_step="Name an export that was made before, or say its day: --earlier {name}@DAY.",
            name=before.name,
            day=before.day,
            as_of=after.day,
        )
    raise ConfigurationError(
        "the earlier exports {name} and {other} both show {day}",
        next_step="Say their days, --earlier {name}@DAY, or leave one of them out.",
        name=before.name,
        other=after.name,
        day=before.day,
    )


def _require_one_crm(snapshot: Snapshot, before: DatedExport, after: DatedExport) -> None:
    """Refuse exports that share no deal although both have some."""
    ((had, has, shared),) = snapshot.rows(
        f"select (select count(*) from {before.relation}), (select count(*) from {after.relation}),"
        f" (select count(*) from {before.relation} where id in (select id from {after.relation}))"
    )
    if had and has and not shared:
        raise InputError(
            "no deal of {name} is in {other}: they are not of one CRM",
            next_step="Compare exports of the same CRM, made in the same way.",
            name=before.name,
            other=after.name,
        )


def kept_since(snapshot: Snapshot) -> dict[str, date]:
    """Return since which day the export's own history holds each field of the deals."""
    return dict(
        snapshot.rows(
            "select field, day_of(min(changed_at)) from field_history"
            " where table_name = 'deals' and changed_at is not null group by field"
        )
    )


def _add_changes_of(snapshot: Snapshot, field: str, before: DatedExport, after: DatedExport) -> int:
    """Add what changed in one field between two exports, and return how many deals it was."""
    stamps = ["modified_at"] if field != "stage" else ["stage_changed_at", "modified_at"]
    told = [
        f"case when day_of(now.{stamp}) > $before and day_of(now.{stamp}) <= $after"
        f" then now.{stamp} end"
        for stamp in stamps
    ]
    days = {"before": before.day, "after": after.day}
    snapshot.run(
        f"""
        insert into field_history (
            id, table_name, record_id, field, old_value, new_value, changed_at, user_id, source,
            row_no, is_live
        )
        select
            '{SOURCE}:{field}:{after.day}:' || now.id, 'deals', now.id, '{field}',
            cast(was.{field} as varchar), cast(now.{field} as varchar),
            coalesce({", ".join(told)}, cast($after as timestamp)),
            case when day_of(now.modified_at) > $before and day_of(now.modified_at) <= $after
                then now.modified_by_id end,
            '{SOURCE}',
            (select coalesce(max(row_no), 0) from field_history)
                + row_number() over (order by now.row_no),
            true
        from {before.relation} as was
        join {after.relation} as now using (id)
        where was.{field} is distinct from now.{field}
        """,
        days,
    )
    marks = {"written": f"{SOURCE}:{field}:{after.day}:"}
    count = "select count(*) from field_history where starts_with(id, $written)"
    return int(snapshot.engine.value(count, marks))


def declare_history(snapshot: Snapshot) -> None:
    """Let checks read the history, without the users and moments that differences do not tell."""
    capabilities = snapshot.capabilities
    if not capabilities.table("field_history").observable:
        capabilities.tables["field_history"] = Availability.DERIVED
    for name in _WRITTEN:
        if not capabilities.column("field_history", name).observable:
            capabilities.columns["field_history", name] = Availability.DERIVED
