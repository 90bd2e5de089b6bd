"""The bundled example holds known defects: the audit must find those, and no others."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from auditor.cli import main
from examples.generate import FOLDER, stale

PLANTED: dict[str, list[str]] = json.loads((FOLDER / "planted.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of an audit of the example."""
    out = tmp_path_factory.mktemp("example") / "out"
    assert main(["audit", str(FOLDER), "--out", str(out), "--csv-style", "us"]) == 0
    return out


@pytest.fixture(scope="module")
def checks(audited: Path) -> dict[str, dict[str, object]]:
    """The checks of that audit by id."""
    result = json.loads((audited / "result.json").read_text("utf-8"))
    return {check["check_id"]: check for check in result["checks"]}


def test_the_example_is_current() -> None:
    assert stale() == []


def test_the_example_carries_its_own_date(audited: Path) -> None:
    run = json.loads((audited / "result.json").read_text("utf-8"))["run"]
    assert (run["as_of"], run["as_of_origin"]) != ("", "argument")
    assert run["as_of"] == "2026-10-30"


@pytest.mark.parametrize("check_id", sorted(PLANTED))
def test_what_was_planted_is_found_and_nothing_else(
    check_id: str, audited: Path, checks: dict[str, dict[str, object]]
) -> None:
    assert _counted(audited, check_id) == set(PLANTED[check_id])
    assert checks[check_id]["k_defect"] == len(PLANTED[check_id])


def test_a_check_without_planted_defects_finds_none(checks: dict[str, dict[str, object]]) -> None:
    found = {check_id for check_id, check in checks.items() if check["k_defect"]}
    assert found == set(PLANTED)


def _counted(audited: Path, check_id: str) -> set[str]:
    """Ids of the records that count: of a cluster of duplicates, all but the survivor."""
    query = "select record_id from read_parquet(?) where check_id = ?"
    found = duckdb.execute(query, [str(audited / "findings.parquet"), check_id]).fetchall()
    return {record_id for (record_id,) in found}
