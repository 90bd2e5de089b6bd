"""The intake contract: may this audit be trusted, apart from whether the CRM is healthy?

Great Expectations judges the figures of the intake: one row for the export as a whole, one a
table, one a column and one a foreign key, with one column a clause. A cell without a figure
means that the clause does not concern that row; a clause without any figure is settled before
validation, so that nothing is ever counted as kept because it was not there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from checks.expectations.validator import error_of, failing_rows, validate
from checks.profile import ContractLimits, Profile
from checks.run_info import Breach, ContractResult
from connectors.engines.duckdb import identifier
from connectors.model import RECORD_TABLES, TABLES
from connectors.snapshot import IntakeProfile, Snapshot

#: Without a row in any of these there is nothing to audit.
_AUDITED = ("deals", "contacts", "accounts", "leads")


@dataclass(frozen=True)
class _Figure:
    """One observation that a clause is judged on.

    Attributes:
        value: The number that is compared.
        observed: How the breach states it; the number itself when empty.
        target: Table that the column points to.
    """

    clause: str
    value: float
    table: str | None = None
    column: str | None = None
    observed: str = ""
    target: str | None = None


@dataclass(frozen=True)
class _Bound:
    """What a clause allows; ``stated`` is the limit as the breach states it."""

    lowest: float | None = None
    highest: float | None = None
    stated: str = ""


def judge_contract(snapshot: Snapshot, profile: Profile, as_of: date) -> ContractResult:
    """Judge the intake of a snapshot.

    Args:
        snapshot: Loaded tables with their intake profile.
        profile: ``contract`` holds the limits.
        as_of: Day of the audit, inclusive.

    Returns:
        The breaches, in the order of the clauses, then of tables and columns. Shares are
        decimals between 0 and 1, days are ISO dates.
    """
    figures = [*_intake_figures(snapshot.intake, profile.contract), *_date_figures(snapshot, as_of)]
    bounds = _bounds(profile.contract, as_of)
    broken = _broken(figures, bounds)
    order = list(bounds)
    breaches = [
        Breach(
            code=figure.clause,
            table=figure.table,
            column=figure.column,
            target=figure.target,
            observed=figure.observed or _stated(figure.value),
            limit=bounds[figure.clause].stated,
        )
        for figure in sorted(
            broken,
            key=lambda f: (order.index(f.clause), f.table or "", f.column or "", f.target or ""),
        )
    ]
    return ContractResult(success=not breaches, breaches=breaches)


def _bounds(limits: ContractLimits, as_of: date) -> dict[str, _Bound]:
    shares = ("rows_unread", "duplicate_ids", "unparsed_values", "unresolved_keys")
    return {
        "no_rows": _Bound(lowest=1, stated="1"),
        **{
            name: _Bound(highest=getattr(limits, name), stated=_stated(getattr(limits, name)))
            for name in shares
        },
        "as_of_before_data": _Bound(lowest=0, stated=as_of.isoformat()),
        "created_after_as_of": _Bound(
            highest=limits.created_after_as_of, stated=_stated(limits.created_after_as_of)
        ),
    }


def _intake_figures(intake: IntakeProfile, limits: ContractLimits) -> list[_Figure]:
    figures = [_Figure("no_rows", sum(t.rows_loaded for t in intake.tables if t.table in _AUDITED))]
    for table in intake.tables:
        lost = max(table.rows_unread, table.rows_in - table.rows_loaded)
        figures += _share("rows_unread", lost, table.rows_in, table.table)
        figures += _share("duplicate_ids", table.duplicate_ids, table.rows_loaded, table.table)
    for column in intake.columns:
        figures += _share(
            "unparsed_values", column.unparsed, column.filled, column.table, column.column
        )
    for key in intake.keys:
        if key.filled < limits.unresolved_keys_from:
            continue  # a share of so few proves nothing
        (figure,) = _share("unresolved_keys", key.unresolved, key.filled, key.table, key.column)
        figures.append(replace(figure, target=key.target))
    return figures


def _date_figures(snapshot: Snapshot, as_of: date) -> list[_Figure]:
    figures: list[_Figure] = []
    oldest: list[tuple[date, str]] = []
    for table in RECORD_TABLES:
        if "created_at" not in TABLES[table]:
            continue
        ((first, dated, later),) = snapshot.rows(
            "select day_of(min(created_at)), count(created_at), "
            "count(*) filter (day_of(created_at) > $as_of) "
            f"from {identifier(table)}",
            {"as_of": as_of},
        )
        if dated:
            oldest.append((first, table))
            figures += _share("created_after_as_of", later, dated, table, "created_at")
    if oldest:
        first, table = min(oldest)
        days = (as_of - first).days
        figures.append(
            _Figure("as_of_before_data", days, table, "created_at", observed=first.isoformat())
        )
    return figures


def _share(
    clause: str, part: int, whole: int, table: str, column: str | None = None
) -> list[_Figure]:
    return [_Figure(clause, part / whole, table, column)] if whole else []


def _stated(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


def _broken(figures: list[_Figure], bounds: dict[str, _Bound]) -> list[_Figure]:
    """Let Great Expectations find the figures outside their bounds, in one validation."""
    import pandas as pd
    from great_expectations.expectations.core import (
        expect_column_pair_values_a_to_be_greater_than_b as pairs,
    )

    cells = [(f.value, bounds[f.clause].lowest, bounds[f.clause].highest) for f in figures]
    frame = pd.DataFrame(cells, columns=["value", "lowest", "highest"], dtype="float64")
    expectations = [
        pairs.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A=more, column_B=less, or_equal=True, ignore_row_if="either_value_is_missing"
        )
        for more, less in (("value", "lowest"), ("highest", "value"))
    ]
    broken: list[_Figure] = []
    for result in validate(frame, expectations):
        problem = error_of(result)
        if problem is not None:
            raise RuntimeError(f"the intake contract could not be judged: {problem}")
        broken += [figures[row] for row in failing_rows(result)]
    return broken
