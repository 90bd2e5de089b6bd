"""Checks of kind ``expect``: Great Expectations' vocabulary, and never a pass for nothing."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from checks.expectations.expectation_checks import (
    refuse_unusable_expectations,
    row_expectations,
    run_expectation,
)
from checks.measurement import Measurement
from checks.spec import CheckSpec, Expectation
from connectors.errors import ConfigurationError
from tests.checks.relations import counts, hits, lay_out
from tests.checks.snapshots import context_of, spec


def expect(kind: str, nulls: str = "skip", **kwargs: Any) -> CheckSpec:
    return spec(expect=Expectation(type=kind, kwargs=kwargs), nulls=nulls)


def run(check: CheckSpec, rows: list[dict[str, Any]], **more: Any) -> tuple[Measurement, list[str]]:
    context = context_of({"deals": rows}, **more)
    lay_out(context, check)
    found = run_expectation(context, check)
    return found, hits(context, check, "record_id") if found.hits else []


def test_the_records_that_fail_are_counted_by_owner_and_listed() -> None:
    check = expect("expect_column_values_to_match_regex", column="name", regex=r"^D-\d+$")
    rows = [
        {"name": "D-1", "owner_id": "u1"},
        {"name": "Deal", "owner_id": "u1"},
        {"name": "D-x", "owner_id": "u2"},
    ]
    found, listed = run(check, rows)
    assert counts(found) == (2, 3)
    assert listed == ["d2", "d3"]
    assert [(owner.owner_id, owner.k_defect) for owner in found.owners] == [("u1", 1), ("u2", 1)]


@pytest.mark.parametrize(("nulls", "expected"), [("skip", (1, 2)), ("defect", (2, 3))])
def test_a_missing_value_is_left_out_or_fails_and_never_passes(
    nulls: str, expected: tuple[int, int]
) -> None:
    check = expect("expect_column_values_to_be_between", nulls, column="amount", max_value=100)
    found, _ = run(check, [{"amount": 50}, {"amount": 500}, {"amount": None}])
    assert counts(found) == expected


def test_a_pair_with_one_missing_value_is_left_out() -> None:
    check = expect(
        "expect_column_pair_values_a_to_be_greater_than_b",
        column_A="close_date",
        column_B="created_at",
    )
    rows = [
        {"close_date": "2026-02-01", "created_at": "2026-03-01"},
        {"close_date": "2026-04-01", "created_at": "2026-03-01"},
        {"close_date": None, "created_at": "2026-03-01"},
    ]
    found, listed = run(check, rows)
    assert counts(found) == (1, 2)
    assert listed == ["d1"]


def test_missing_values_may_be_what_an_expectation_is_about() -> None:
    check = expect("expect_column_values_to_not_be_null", column="name")
    found, listed = run(check, [{"name": "A"}, {"name": None}])
    assert counts(found) == (1, 2)
    assert listed == ["d2"]


def test_a_column_that_was_not_supplied_makes_it_not_observable() -> None:
    check = expect("expect_column_values_to_be_unique", column="amount")
    found, _ = run(check, [{"name": "A"}])
    assert found.reason == "column_absent"
    assert found.missing == (("deals", "amount"),)


def test_an_empty_population_is_nobody_to_examine() -> None:
    check = expect("expect_column_values_to_be_unique", column="name")
    found, _ = run(check, [{"name": "A", "is_deleted": True}])
    assert found.reason == "nobody_to_examine"


def test_only_missing_values_are_nobody_to_examine_either() -> None:
    check = expect("expect_column_values_to_be_unique", column="name")
    found, _ = run(check, [{"name": None}, {"name": None}])
    assert counts(found) == (0, 0)


def test_days_are_compared_as_days() -> None:
    check = expect(
        "expect_column_values_to_be_between", column="close_date", min_value="2026-01-01"
    )
    found, listed = run(check, [{"close_date": "2025-12-31"}, {"close_date": "2026-01-01"}])
    assert counts(found) == (1, 2)
    assert listed == ["d1"]


def test_a_source_column_is_as_good_as_a_canonical_one() -> None:
    check = expect("expect_column_values_to_be_in_set", column="Sector", value_set=["Retail"])
    found, listed = run(check, [{"Sector": "Retail"}, {"Sector": "Retial"}])
    assert listed == ["d2"]
    assert counts(found) == (1, 2)


def test_the_expectations_that_return_rows_are_those_of_great_expectations() -> None:
    usable = row_expectations()
    assert "expect_column_values_to_match_regex" in usable
    assert "expect_compound_columns_to_be_unique" in usable
    assert "expect_column_mean_to_be_between" not in usable


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (expect("expect_column_mean_to_be_between", column="amount"), "does not tell which"),
        (expect("expect_table_row_count_to_equal", value=3), "expect_column_values_to_be_unique"),
        (expect("expect_colum_values_to_be_unique", column="name"), "does not tell which"),
        (expect("expect_column_values_to_be_unique"), "names no column"),
        (expect("expect_column_values_to_be_unique", column="name", min=1), "min"),
        (expect("expect_column_values_to_be_unique", column="name", mostly=0.9), "tolerance"),
        (expect("expect_column_values_to_be_unique", "pass", column="name"), "missing value"),
    ],
)
def test_what_cannot_yield_a_list_is_refused_at_load(check: CheckSpec, said: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        refuse_unusable_expectations(check, "checks/mine.yaml:7")
    assert str(error.value).startswith("checks/mine.yaml:7: ")
    assert said in str(error.value)


def test_a_usable_expectation_is_accepted() -> None:
    check = expect("expect_column_values_to_match_regex", column="name", regex="^D")
    refuse_unusable_expectations(check, "checks/mine.yaml:7")


def test_other_checks_cost_no_import() -> None:
    script = (
        "import sys; from checks.expectations import expectation_checks;"
        "from tests.checks.snapshots import spec;"
        "expectation_checks.refuse_unusable_expectations(spec('amount > 1'), 'x');"
        "assert not {'great_expectations', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


#: One way to write each expectation, on deals with these columns.
_WRITTEN = {
    "value_set": ["A"],
    "regex": "^A",
    "regex_list": ["^A"],
    "strftime_format": "%Y",
    "json_schema": {"type": "string"},
    "min_value": 1,
    "value": 1,
    "sum_total": 3,
    "threshold": 1,
    "double_sided": True,
    "value_pairs_set": [["A", "B"]],
}


@pytest.mark.parametrize("kind", row_expectations())
def test_every_expectation_that_is_offered_can_be_run(kind: str) -> None:
    from checks.expectations.expectation_checks import _models

    fields = _models()[kind].__fields__
    values = {name: value for name, value in _WRITTEN.items() if name in fields}
    numbers = any(word in kind for word in ("z_scores", "between", "sum", "outliers", "creasing"))
    one, other = (
        ("amount", "probability") if numbers and "lengths" not in kind else ("name", "type")
    )
    if "column_list" in fields:
        values["column_list"] = [one, other]
    elif "column_A" in fields:
        values |= {"column_A": one, "column_B": other}
    else:
        values["column"] = one
    check = expect(kind, **values)
    refuse_unusable_expectations(check, "x")
    found, listed = run(
        check,
        [
            {"name": '"A"', "type": "B", "amount": 1, "probability": 2},
            {"name": "2026", "type": "2026", "amount": 5, "probability": 5},
            {"name": '"x"', "type": "B", "amount": 3, "probability": 0},
        ],
    )
    assert found.n_eligible == 3
    assert found.k_defect == len(listed)
