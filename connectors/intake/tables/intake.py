"""The intake profile: what was read, what did not parse, which keys lead nowhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from connectors.engines.duckdb import Engine, identifier
from connectors.intake.tables.canonical import Pairs
from connectors.intake.tables.file_select import Source
from connectors.intake.tables.reading import text_cell
from connectors.model import TABLES
from connectors.snapshot import ColumnIntake, KeyIntake, TableIntake, UnreadValue

#: Unread lines and values that are listed; the counts are always complete.
LISTED_UNREAD = 1_000


def table_intake(engine: Engine, table: str, sources: Sequence[Source]) -> TableIntake:
    """Count the records of a table's files and the ids that occur more than once."""
    raws = [source.found.raw for source in sources]
    continued = sum(source.continued for source in sources)
    return TableIntake(
        table=table,
        rows_in=sum(raw.rows_in for raw in raws) - continued,
        rows_loaded=int(engine.value(f"select count(*) from {table}")),
        rows_unread=sum(raw.rows_rejected for raw in raws),
        duplicate_ids=_duplicate_ids(engine, table),
    )


def column_intakes(table: str, sources: Sequence[Source]) -> list[ColumnIntake]:
    """Count what did not parse in each date, number and flag column of a table."""
    counts: dict[str, list[int]] = {}
    for source in sources:
        for name, reading in source.readings.items():
            if reading.is_typed:
                total = counts.setdefault(name, [0, 0])
                total[0] += reading.filled
                total[1] += reading.unparsed
    return [ColumnIntake(table, name, *total) for name, total in sorted(counts.items())]


def key_intakes(
    engine: Engine, supplied: Collection[str], filled: Collection[tuple[str, str]]
) -> list[KeyIntake]:
    """Count, for each key whose target came with the export, the values that are not in it.

    Args:
        engine: Holds the canonical tables.
        supplied: Tables that came with the export, not those derived from names.
        filled: Columns that hold anything, as (table, column).
    """
    found = []
    for table in TABLES.values():
        for column in table.columns:
            key = (table.name, column.name)
            if column.target and column.target in supplied and key in filled:
                found.append(_key_intake(engine, table.name, column.name, column.target))
    if ("field_history", "record_id") in filled:
        for target in sorted(set(supplied) & {"deals", "accounts", "contacts", "leads"}):
            found.append(
                _key_intake(engine, "field_history", "record_id", target, "t.table_name = $target")
            )
    return [key for key in found if key.filled]


def pair_intakes(
    engine: Engine, pairs: Iterable[Pairs], supplied: Collection[str]
) -> list[KeyIntake]:
    """Count the ids in files of pairs that are not in the table they point to."""
    found = []
    for each in pairs:
        link = each.link
        if link.sets == "merged_into_id":
            continue  # records that were merged away are expected to be gone
        ends = ((each.key, link.table), (each.value, link.target))
        for position, target in ends:
            if target in supplied:
                filled, unresolved = engine.rows(
                    f"select count(*), count_if(r.id is null) from"
                    f" (select {text_cell(position)} as id from {each.raw.relation}) as p"
                    f" left join (select distinct id from {target}) as r using (id)"
                    " where p.id is not null"
                )[0]
                header = each.raw.headers[position]
                found.append(KeyIntake(each.raw.stem, header, target, filled, unresolved))
    return found


def unread_values(engine: Engine, source: Source) -> list[UnreadValue]:
    """Return the first unread lines and values of a file, while its lines can be told."""
    raw = source.found.raw
    found = [
        UnreadValue(source.table, "", raw.name, line.line, line.text, line.reason)
        for line in raw.rejected
    ]
    values = []
    for reading in source.typed:
        if reading.unparsed:
            written, reason = identifier(reading.as_written), f"not_a_{reading.kind.value}"
            rows = engine.rows(
                f"select row_no, {written} from {source.relation} where {written} is not null"
                f" order by row_no limit {LISTED_UNREAD}"
            )
            values += [(row_no, reading.claim.field, text, reason) for row_no, text in rows]
    for row_no, name, text, reason in sorted(values)[: max(0, LISTED_UNREAD - len(found))]:
        line = raw.line_of(engine, row_no)
        found.append(UnreadValue(source.table, name, raw.name, line, text[:200], reason))
    return found


def removed_records(engine: Engine, table: str) -> dict[str, int]:
    """Count the records that stay outside every population, by the first reason that holds."""
    model = TABLES[table]
    tests = {"deleted": "is_deleted", "archived": "is_archived"}
    arms = [(reason, flag) for reason, flag in tests.items() if flag in model]
    if "merged_into_id" in model:
        arms.append(("merged", "merged_into_id is not null"))
    if not arms:
        return {}
    cases = " ".join(f"when {test} then '{reason}'" for reason, test in arms)
    rows = engine.rows(
        f"select case {cases} end as reason, count(*) from {table}"
        " where not is_live group by 1 order by 1"
    )
    return {reason: int(count) for reason, count in rows}


def _duplicate_ids(engine: Engine, table: str) -> int:
    """Count the ids beyond the first of each; as many hashes as ids prove that there are none."""
    counted = f"from {table} where id is not null"
    if not engine.value(f"select count(*) - count(distinct hash(id)) {counted}"):
        return 0
    return int(engine.value(f"select count(*) - count(distinct id) {counted}"))


def _key_intake(
    engine: Engine, table: str, column: str, target: str, where: str = "true"
) -> KeyIntake:
    parameters = {"target": target} if "$target" in where else None
    filled, unresolved = engine.rows(
        f"select count(*), count_if(r.id is null) from {table} as t"
        f" left join (select distinct id from {target}) as r on r.id = t.{column}"
        f" where t.{column} is not null and {where}",
        parameters,
    )[0]
    return KeyIntake(table, column, target, filled, unresolved)
