"""Run the examples of check files: rows that must pass, must fail, or must be left out.

All rows of a file stand side by side in one small snapshot, so that an example may show what a
record looks like among others: a duplicate, a rare spelling, a cycle learned from won deals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from checks.authoring.catalogue import Catalogue
from checks.context import Context, population_relation
from checks.measurement import Measurement
from checks.profile import Profile
from checks.spec import CheckSpec, Examples
from connectors.engines.duckdb import literal
from connectors.errors import ConfigurationError
from connectors.snapshot import Snapshot

#: Day of the audit in every example.
AS_OF = date(2026, 6, 30)

Kind = Literal["pass", "fail", "skip"]


@dataclass(frozen=True)
class Rehearsal:
    """An example that does not hold.

    Attributes:
        check_id: The check.
        kind: List that the row stands in; ``all`` where nothing could be measured.
        index: Its position in that list, from 1; 0 for all examples of the check together.
        expected: What the file says: ``pass``, ``fail`` or ``skip``.
        got: What came out, or the columns or else the reason why nothing could be measured.
        unseen: Whether ``got`` names columns.
    """

    check_id: str
    kind: Kind | Literal["all"]
    index: int
    expected: str
    got: str
    unseen: bool = False

    @property
    def what(self) -> str:
        """The template of its sentence."""
        if self.index:
            return '{check_id}: row {index} under "{kind}" came out as "{got}"'
        if self.unseen:
            return "{check_id}: no example gives {got}, without which nothing can be measured"
        if self.kind == "all":
            return "{check_id}: its examples could not be measured ({got})"
        return "{check_id}: expected {expected} records to be examined, got {got}"

    @property
    def facts(self) -> dict[str, str | int]:
        """The facts of its sentence."""
        return {
            "check_id": self.check_id,
            "kind": self.kind,
            "index": self.index,
            "expected": self.expected,
            "got": self.got,
        }


@dataclass(frozen=True)
class _Row:
    """One record made from an example."""

    kind: Kind
    index: int
    values: Mapping[str, Any]


def rehearse(catalogue: Catalogue) -> list[Rehearsal]:
    """Return the examples that do not hold, in the order of the catalogue.

    Raises:
        ConfigurationError: If an example holds a value that its column cannot hold.
    """
    return [failure for spec in catalogue.checks for failure in rehearse_check(spec)]


def rehearse_check(spec: CheckSpec) -> list[Rehearsal]:
    """Return the examples of one check that do not hold."""
    from checks.measuring import measure_all

    if spec.examples is None:
        return []
    rows = list(_rows(spec.examples))
    snapshot = _snapshot(spec, spec.examples, rows)
    try:
        measured = measure_all(Context(snapshot, Profile(), AS_OF), [spec])
        return list(_failures(spec, rows, measured.measurements[spec.id], snapshot))
    finally:
        snapshot.close()


def _rows(examples: Examples) -> Iterator[_Row]:
    kinds: tuple[tuple[Kind, tuple[dict[str, Any], ...]], ...] = (
        ("pass", examples.pass_),
        ("fail", examples.fail),
        ("skip", examples.skip),
    )
    for kind, listed in kinds:
        for index, example in enumerate(listed, start=1):
            for values in _repeated(example):
                yield _Row(kind, index, values)


def _repeated(example: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    values = {name: value for name, value in example.items() if name not in ("with", "times")}
    for _ in range(example.get("times", 1)):
        yield values


def _snapshot(spec: CheckSpec, examples: Examples, rows: list[_Row]) -> Snapshot:
    """Load the rows of a check, then those that its examples bring ``with`` them."""
    import duckdb

    from checks.authoring.rehearsal import snapshot_from_rows

    tables: dict[str, list[dict[str, Any]]] = {spec.table: [dict(row.values) for row in rows]}
    for example in (*examples.pass_, *examples.fail, *examples.skip):
        for table, companions in example.get("with", {}).items():
            for companion in companions:
                tables.setdefault(table, []).extend(_repeated(companion))
    for table, records in tables.items():
        for number, record in enumerate(records, start=1):
            record.setdefault("id", f"{table}-{number}")
    try:
        return snapshot_from_rows(tables)
    except duckdb.Error as error:
        raise ConfigurationError(
            "an example of {check_id} holds a value that its column cannot hold",
            next_step="Write days as 2026-06-30, numbers plainly, flags as true or false.",
            check_id=spec.id,
        ) from error


def _failures(
    spec: CheckSpec, rows: list[_Row], measurement: Measurement, snapshot: Snapshot
) -> Iterator[Rehearsal]:
    if measurement.reason not in (None, "nobody_to_examine"):
        columns = measurement.reason_facts.get("columns", [])
        named = ", ".join(columns) if isinstance(columns, list) else ""
        yield Rehearsal(spec.id, "all", 0, "", named or str(measurement.reason), bool(named))
        return
    outcomes = _outcomes(spec, rows, measurement, snapshot)
    seen = set()
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome != row.kind and (row.kind, row.index) not in seen:
            seen.add((row.kind, row.index))
            yield Rehearsal(spec.id, row.kind, row.index, row.kind, outcome)
    expected = sum(row.kind != "skip" for row in rows)
    if spec.defect is None and measurement.n_eligible != expected:
        yield Rehearsal(spec.id, "skip", 0, str(expected), str(measurement.n_eligible))


def _outcomes(
    spec: CheckSpec, rows: list[_Row], measurement: Measurement, snapshot: Snapshot
) -> list[str]:
    """Return what became of each row."""
    if measurement.reason:
        return ["skip"] * len(rows)
    failed = _failed(snapshot, measurement.hits) if measurement.hits else set()
    examined = _numbers(snapshot, population_relation(spec))
    outcomes = []
    for number, row in enumerate(rows, start=1):
        if number in failed:
            outcomes.append("fail")
        elif number not in examined or (spec.defect is None and row.kind == "skip"):
            # A measure leaves records out by itself, which only its count can tell.
            outcomes.append("skip")
        else:
            outcomes.append("pass")
    return outcomes


def _failed(snapshot: Snapshot, hits: str) -> set[int]:
    """Return the rows that were hit; what is possibly a duplicate is listed and is none."""
    columns = snapshot.rows(f"select name from pragma_table_info({literal(hits)})")
    graded = f"(select * from {hits} where tier <> 'possible')"
    return _numbers(snapshot, graded if ("tier",) in columns else hits)


def _numbers(snapshot: Snapshot, relation: str) -> set[int]:
    return {number for (number,) in snapshot.rows(f"select distinct row_no from {relation}")}
