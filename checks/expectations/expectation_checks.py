"""Checks of kind ``expect``: Great Expectations' own vocabulary, run by Great Expectations.

An expectation says nothing of a record whose value is missing, and is met by an empty frame.
Here neither ever looks like a pass: a column that was not supplied makes the check not
observable, an empty population leaves nobody to examine, and ``nulls`` decides whether a
record without a value is left out or fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from checks.context import Context, hits_relation, population_relation
from checks.expectations.validator import error_of, failing_rows, validate
from checks.measurement import Measurement, not_observable
from checks.measures.examined import absent, eligible_relation, measured
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier, literal
from connectors.errors import ConfigurationError
from connectors.model import TABLES, Kind

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.execution_engine.pandas_execution_engine import (
        PandasExecutionEngine,
    )
    from great_expectations.expectations.expectation import Expectation

#: Where the columns of an expectation are named.
_SINGLE = ("column", "column_A", "column_B")
_SEVERAL = "column_list"

#: What a check says in its own words, in one place only.
_SAID_ELSEWHERE = {
    "mostly": "tolerance",
    "row_condition": "population",
    "condition_parser": "population",
    "ignore_row_if": "nulls",
}

#: A missing value is what these are about.
_ABOUT_NULLS = ("expect_column_values_to_be_null", "expect_column_values_to_not_be_null")

#: These judge the column as a whole: how a frame holds it, which is no matter of the records.
_ABOUT_COLUMNS = ("expect_column_values_to_be_of_type", "expect_column_values_to_be_in_type_list")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def refuse_unusable_expectations(spec: CheckSpec, where: str) -> None:
    """Accept a check of kind ``expect``, or say why it cannot yield a list of records.

    Does nothing, and imports nothing, for other checks.

    Args:
        spec: The check.
        where: Its file and line, for the message.

    Raises:
        ConfigurationError: If the expectation does not exist, returns no rows, names no
            column, or says what the check says elsewhere.
    """
    if spec.expect is None:
        return
    kind = spec.expect.type
    usable = row_expectations()
    if kind not in usable:
        raise ConfigurationError(
            'the expectation "{expectation}" does not tell which records fail',
            where=where,
            next_step="Use one of: {usable}.",
            expectation=kind,
            usable=", ".join(usable),
        )
    for word, place in _SAID_ELSEWHERE.items():
        if word in spec.expect.kwargs:
            raise ConfigurationError(
                '"{word}" is not for the expectation of a check',
                where=where,
                next_step='Say it under "{place}" of the check.',
                word=word,
                place=place,
            )
    if spec.nulls == "pass" and kind not in _ABOUT_NULLS:
        raise ConfigurationError(
            "a missing value cannot meet an expectation",
            where=where,
            next_step='Write "nulls: skip" or "nulls: defect".',
        )
    if not _columns(spec):
        raise ConfigurationError(
            'the expectation "{expectation}" names no column',
            where=where,
            next_step='Name it under "expect.kwargs", for example "column: email".',
            expectation=kind,
        )
    _expectation(spec, where)


def row_expectations() -> tuple[str, ...]:
    """Return the expectations that tell which rows fail, as Great Expectations spells them."""
    return tuple(sorted(_models()))


def run_expectation(context: Context, spec: CheckSpec) -> Measurement:
    """Run the expectation of a check on its population.

    Args:
        context: The audit; the population of the check exists in its engine.
        spec: A check of kind ``expect``.

    Raises:
        ConfigurationError: If the expectation cannot be run as it is written.
    """
    columns = _columns(spec)
    missing = absent(context, spec.table, columns)
    if missing:
        return missing
    frame = _frame(context, spec, columns)
    if frame.empty:
        return not_observable("nobody_to_examine")
    empty = frame[columns].isna().any(axis=1)
    if spec.expect is not None and spec.expect.type in _ABOUT_NULLS:
        empty &= False
    failing: list[Any] = list(frame.index[empty]) if spec.nulls == "defect" else []
    eligible = frame.index if spec.nulls == "defect" else frame.index[~empty]
    filled = frame[~empty]
    if not filled.empty:
        failing += _failing(filled, spec)
    _write(context, spec, columns, eligible, failing)
    return measured(context, spec)


def _failing(frame: pd.DataFrame, spec: CheckSpec) -> list[Any]:
    (result,) = validate(frame, [_expectation(spec, spec.id)])
    problem = error_of(result)
    if problem is not None:
        raise ConfigurationError(
            "the expectation cannot be run: {problem}",
            where=spec.id,
            next_step='Check the values under "expect.kwargs".',
            problem=problem.splitlines()[0],
        )
    return failing_rows(result)


def _columns(spec: CheckSpec) -> list[str]:
    kwargs = spec.expect.kwargs if spec.expect else {}
    named = [kwargs[key] for key in _SINGLE if key in kwargs]
    named += kwargs.get(_SEVERAL) or []
    return list(dict.fromkeys(str(name) for name in named))


@cache
def _models() -> dict[str, type[Expectation]]:
    """Return the expectations that judge row by row and can do so on a frame, by their name."""
    import pandas as pd  # noqa: F401  # loaded first, it makes the next import faster
    from great_expectations.execution_engine.pandas_execution_engine import (
        PandasExecutionEngine,
    )
    from great_expectations.expectations import core
    from great_expectations.expectations.expectation import (
        ColumnMapExpectation,
        ColumnPairMapExpectation,
        MulticolumnMapExpectation,
    )

    kinds = (ColumnMapExpectation, ColumnPairMapExpectation, MulticolumnMapExpectation)
    engine = PandasExecutionEngine()
    models = [
        model
        for model in vars(core).values()
        if isinstance(model, type) and issubclass(model, kinds)
    ]
    return {
        model.expectation_type: model
        for model in models
        if model.expectation_type not in _ABOUT_COLUMNS and _runs_on(engine, model.map_metric)
    }


def _runs_on(engine: PandasExecutionEngine, metric: str | None) -> bool:
    """Return whether rows can be judged on a frame; some expectations are for databases only."""
    from great_expectations.exceptions.exceptions import MetricProviderError
    from great_expectations.expectations.registry import get_metric_provider

    try:
        get_metric_provider(f"{metric}.condition", engine)
    except MetricProviderError:
        return False
    return True


def _expectation(spec: CheckSpec, where: str) -> Expectation:
    from pydantic import ValidationError
    from pydantic.v1 import ValidationError as OldValidationError

    if spec.expect is None:
        raise ValueError(f"{spec.id} is no check of kind expect")
    model = _models()[spec.expect.type]
    days = {c for c in _columns(spec) if c in TABLES[spec.table] and _is_day(spec.table, c)}
    kwargs = {
        key: _as_day(value) if days and key not in (*_SINGLE, _SEVERAL) else value
        for key, value in spec.expect.kwargs.items()
    }
    try:
        return model(**kwargs)
    except (ValidationError, OldValidationError, TypeError, ValueError) as error:
        raise ConfigurationError(
            "the expectation cannot be run: {problem}",
            where=where,
            next_step='Check the values under "expect.kwargs".',
            problem=" ".join(str(error).split()),
        ) from error


def _is_day(table: str, column: str) -> bool:
    return TABLES[table][column].kind in (Kind.DATE, Kind.STAMP)


def _as_day(value: Any) -> Any:
    """Read a day that YAML kept as text, so that it compares with the days of a column."""
    if isinstance(value, list):
        return [_as_day(item) for item in value]
    if isinstance(value, str) and _DAY.fullmatch(value):
        return datetime.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001  # as the columns
    return value


def _frame(context: Context, spec: CheckSpec, columns: Iterable[str]) -> pd.DataFrame:
    selected = ", ".join(f"record.{identifier(name)}" for name in columns)
    frame = context.snapshot.sql(
        f"select population.row_no as population_row, {selected} "
        f"from {population_relation(spec)} population "
        f"join {identifier(spec.table)} record on record.row_no = population.row_no "
        "order by population_row"
    )
    # Great Expectations returns the bare index of a row only when the index has no name.
    return frame.set_index("population_row").rename_axis(None)


def _write(
    context: Context,
    spec: CheckSpec,
    columns: list[str],
    eligible: Iterable[int],
    failing: Iterable[int],
) -> None:
    """Create the relations of records examined and of records that failed."""
    snapshot, population = context.snapshot, population_relation(spec)
    snapshot.run(
        f"create or replace table {eligible_relation(spec)} as select * from {population} "
        "where row_no in (select unnest($rows))",
        {"rows": [int(row) for row in eligible]},
    )
    shown = f"record.{identifier(columns[0])}"
    snapshot.run(
        f"create or replace table {hits_relation(spec)} as select eligible.row_no, "
        f"eligible.record_id, {literal(columns[0])} as field, cast({shown} as varchar) as value "
        f"from {eligible_relation(spec)} eligible "
        f"join {identifier(spec.table)} record on record.row_no = eligible.row_no "
        "where eligible.row_no in (select unnest($rows)) order by eligible.row_no",
        {"rows": [int(row) for row in failing]},
    )
