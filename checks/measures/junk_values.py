"""Records that hold values which are no answers: names, addresses, amounts and days."""

from __future__ import annotations

from dataclasses import dataclass

from checks.context import Context, hits_relation
from checks.features.texts import junk_relation
from checks.lexicon.junk import JUDGES
from checks.measurement import Measurement, not_observable
from checks.measures.examined import eligible_relation, measured, observable, rate_of
from checks.results import GroupStat
from checks.rows.flags import members_relation
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier, literal


@dataclass(frozen=True)
class _Examined:
    """How one field is examined; both are SQL over ``record`` and what ``junk`` it holds.

    Attributes:
        filled: Whether there is anything to examine; never NULL.
        grade: 2 if it is junk whatever the field, 1 if only the field's type could make it so.
        is_text: Whether ``junk`` knows the grade.
    """

    field: str
    filled: str
    grade: str
    is_text: bool = False


# Not examined, because their junk has another home: next steps, lost reasons, company numbers.
_TEXTS = {
    "deals": ("name", "type", "lead_source", "description"),
    "contacts": ("name", "first_name", "last_name", "title", "street", "city", "lead_source"),
    "accounts": ("name", "website", "type", "industry", "street", "city"),
    "leads": (
        "name",
        "first_name",
        "last_name",
        "company",
        "title",
        "street",
        "city",
        "lead_source",
    ),
}
_AMOUNTS = {"deals": ("amount",), "accounts": ("annual_revenue",)}
_COUNTS = {"accounts": ("employees",)}
_DAYS = {"deals": ("close_date",)}

#: A day that at least this share of records carries, five times as often as the next one.
_DEFAULT_SHARE, _DEFAULT_RATIO, _DEFAULT_RECORDS = 0.10, 5, 50


def junk_values(context: Context, spec: CheckSpec) -> Measurement:
    """Count records with at least one strong junk value among their filled, examined fields.

    Groups give the rate of every field; weak junk ("other", "Test & Co") and close dates that
    look like a default follow, shown and not counted.
    """
    fields = _examined(context, spec.table)
    if not fields:
        wanted = tuple((spec.table, name) for name in _TEXTS.get(spec.table, ()))
        reason = str(context.snapshot.capabilities.column(spec.table, "name"))
        return not_observable(
            reason, missing=wanted, columns=[f"{table}.{name}" for table, name in wanted]
        )
    _create_graded(context, spec, fields)
    snapshot, graded = context.snapshot, _graded(spec)
    anything = " or ".join(examined.filled for examined in fields)
    snapshot.run(
        f"create or replace view {eligible_relation(spec)} as select row_no, id as record_id, "
        f"owner_id from {members_relation(spec)} record where {anything}"
    )
    found = " union all ".join(
        f"select row_no, record_id, {literal(examined.field)} as field, value_{i} as value, "
        f"{i} as position from {graded} where grade_{i} = 2"
        for i, examined in enumerate(fields)
    )
    snapshot.run(
        f"create or replace table {hits_relation(spec)} as "
        f"select row_no, record_id, field, value from ({found}) order by row_no, position"
    )
    groups = [*_by_field(context, spec, fields), *_default_days(context, spec)]
    return measured(context, spec, groups=groups)


def _graded(spec: CheckSpec) -> str:
    return f"graded_{eligible_relation(spec)}"


def _examined(context: Context, table: str) -> list[_Examined]:
    def of(names: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(n, f"record.{identifier(n)}") for n in observable(context, table, names)]

    texts = of(_TEXTS.get(table, ()))
    if any(name in ("first_name", "last_name") for name, _ in texts):
        texts = [(name, column) for name, column in texts if name != "name"]
    texts += of(tuple(JUDGES))
    fields = [
        _Examined(name, f"coalesce({c} <> '', false)", f"junk.{identifier(name)}", is_text=True)
        for name, c in texts
    ]
    # No amount, or none above zero, is a defect of its own; a lost deal needs none.
    priced = "record.state is distinct from 'lost'" if table == "deals" else "true"
    fields += [
        _Examined(
            name, f"coalesce({c} > 0, false) and {priced}", _strong(f"strong_junk_number({c})")
        )
        for name, c in of(_AMOUNTS.get(table, ()))
    ]
    # Nobody and one are head counts that exist.
    fields += [
        _Examined(
            name, f"{c} is not null", _strong(f"strong_junk_number({c}) and {c} not in (0, 1, 99)")
        )
        for name, c in of(_COUNTS.get(table, ()))
    ]
    as_of = f"date '{context.as_of.isoformat()}'"
    fields += [
        _Examined(name, f"{c} is not null", _strong(f"strong_junk_day({c}, {as_of})"))
        for name, c in of(_DAYS.get(table, ()))
    ]
    return fields


def _strong(condition: str) -> str:
    return f"if({condition}, 2, 0)"


def _create_graded(context: Context, spec: CheckSpec, fields: list[_Examined]) -> None:
    """Create one row a record that may hold junk, with the grades and values of all fields."""
    grades = [f"if({one.filled}, coalesce({one.grade}, 0), 0)" for one in fields]
    suspect = ["junk.row_no is not null"]
    suspect += [
        f"{grade} > 0" for one, grade in zip(fields, grades, strict=True) if not one.is_text
    ]
    kept = ", ".join(
        f"{grade} as grade_{i}, cast(record.{identifier(one.field)} as varchar) as value_{i}"
        for i, (one, grade) in enumerate(zip(fields, grades, strict=True))
    )
    context.snapshot.run(
        f"create or replace table {_graded(spec)} as "
        f"select record.row_no, record.id as record_id, {kept} "
        f"from {members_relation(spec)} record "
        f"left join {junk_relation(context, spec.table)} junk on junk.row_no = record.row_no "
        f"where {' or '.join(suspect)}"
    )


def _by_field(context: Context, spec: CheckSpec, fields: list[_Examined]) -> list[GroupStat]:
    filled = ", ".join(f"count(case when {examined.filled} then 1 end)" for examined in fields)
    grades = ", ".join(
        f"count(*) filter (grade_{i} = {grade})" for grade in (2, 1) for i in range(len(fields))
    )
    (examined_counts,) = context.snapshot.rows(
        f"select {filled} from {members_relation(spec)} record"
    )
    (graded_counts,) = context.snapshot.rows(f"select {grades} from {_graded(spec)}")
    counted = [
        (f"{spec.table}.{examined.field}", n, strong_k, weak_k)
        for examined, n, strong_k, weak_k in zip(
            fields,
            examined_counts,
            graded_counts[: len(fields)],
            graded_counts[len(fields) :],
            strict=True,
        )
    ]
    strong = [rate_of("field", name, n, k) for name, n, k, _ in counted if n]
    weak = [rate_of("weak_field", name, n, k) for name, n, _, k in counted if k]
    return [*strong, *weak]


def _default_days(context: Context, spec: CheckSpec) -> list[GroupStat]:
    groups = []
    for name in observable(context, spec.table, _DAYS.get(spec.table, ())):
        column = f"record.{identifier(name)}"
        days = context.snapshot.rows(
            f"select {column} as day, count(*) as n, sum(n) over () "
            f"from {members_relation(spec)} record where {column} is not null "
            "group by day order by n desc, day limit 2"
        )
        if not days or days[0][2] < _DEFAULT_RECORDS:
            continue
        day, often, total = days[0]
        next_often = days[1][1] if len(days) > 1 else 0
        if often >= max(_DEFAULT_SHARE * total, _DEFAULT_RATIO * next_often):
            groups.append(rate_of("default_day", day.isoformat(), int(total), often))
    return groups
